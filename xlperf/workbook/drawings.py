"""Pictures, shapes and charts that are anchored to cells of a table: one that fits into a row goes with it.

Excel does the same when rows are sorted. A drawing that reaches over several rows belongs to none of them and stays. So
does one anchored to a row that goes, since it may be wanted elsewhere; that is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlperf.workbook.a1 import Area
from xlperf.workbook.attached import Places
from xlperf.workbook.package import Package
from xlperf.workbook.parts import TablePart
from xlperf.workbook.port import Attached
from xlperf.workbook.xmltree import Node, is_set, local

_ANCHORS = ("{*}twoCellAnchor", "{*}oneCellAnchor")
_KINDS = {"pic": "picture", "sp": "shape", "cxnSp": "shape", "grpSp": "group of shapes", "graphicFrame": "chart"}


@dataclass(frozen=True, slots=True)
class _Hung:
    """One drawing anchored to a cell, its column and row counted from 1; `end` is None if its last is not known."""

    anchor: Node
    what: Node
    column: int
    row: int
    end: int | None


def hanging(package: Package, table: TablePart) -> list[Attached]:
    """Everything that is anchored to cells of a table's body."""
    headers = dict(enumerate(table.columns, table.area.left))
    return [
        Attached(each.row, headers[each.column], _kind(each.what), _said(each.what))
        for drawing in _drawings(package, table.sheet.part)
        for each in _hung(package.root(drawing))
        if table.body.holds(each.column, each.row)
    ]


def hung_over(package: Package, part: str, area: Area) -> list[str]:
    """What is anchored to cells of an area of a sheet, in words."""
    return [
        f"the {_kind(each.what)} on {Area(each.column, each.row, each.column, each.row)}"
        for drawing in _drawings(package, part)
        for each in _hung(package.root(drawing))
        if area.holds(each.column, each.row)
    ]


def move_hanging(package: Package, part: str, places: Places) -> None:
    """Move what fits into one row of a table to where that row will be."""
    for drawing in _drawings(package, part):
        with package.changing(drawing) as root:
            for each in _hung(root):
                new_row = places.row_of(each.column, each.row)
                if new_row is None or each.end != each.row or each.anchor.get("editAs") == "absolute":
                    continue
                for row in each.anchor.iterfind("{*}*/{*}row"):
                    row.text = str(int(row.text) + new_row - each.row)


def _drawings(package: Package, part: str) -> Iterator[str]:
    for relationship in package.relationships(part):
        if relationship.kind == "drawing" and relationship.target in package:
            yield relationship.target


def _hung(root: Node) -> Iterator[_Hung]:
    for anchor in root.iter(*_ANCHORS):
        # A slicer stands in a choice for programs that know it.
        what = next((each for each in anchor.iterdescendants() if local(each) in _KINDS), None)
        column, row = (_number(anchor, f"{{*}}from/{{*}}{name}") for name in ("col", "row"))
        if what is None or column is None or row is None:
            continue
        end = _number(anchor, "{*}to/{*}row")
        if end is not None and end > row and _number(anchor, "{*}to/{*}rowOff") == 0:
            end -= 1  # it ends at the upper edge of that row
        yield _Hung(anchor, what, column + 1, row + 1, None if end is None else end + 1)


def _number(anchor: Node, path: str) -> int | None:
    text = (anchor.findtext(path) or "").strip()
    return int(text) if text.isdigit() else None


def _kind(what: Node) -> str:
    is_box = any(is_set(each, "txBox") for each in what.iterfind("{*}nvSpPr/{*}cNvSpPr"))
    return "text box" if is_box else _KINDS[local(what)]


def _said(what: Node) -> str:
    """The text of a text box. For anything else, or without text, its description or name."""
    text = " ".join(each.text for each in what.iter("{*}t") if each.text)
    named = next(what.iter("{*}cNvPr"), None)
    return text or ("" if named is None else named.get("descr") or named.get("name", ""))
