"""What people attached to the cells of a table: notes, threads of comments, links. It goes where its row goes.

A thread is moved, never made again, and so is the note in which older versions of Excel show it. The drawing of a note
is VML, which need not be well-formed XML: it is patched as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass

from xlperf.workbook.a1 import Area, joined, parse_area
from xlperf.workbook.package import Package
from xlperf.workbook.parts import TablePart, plain_text, relationship_id
from xlperf.workbook.port import Attached
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.xmltree import Node, children, local, remove

_SHAPE = re.compile(r"<(?:[\w.-]+:)?shape\s.*?</(?:[\w.-]+:)?shape\s*>", re.DOTALL)
_ROW = re.compile(r"(<(?:[\w.-]+:)?Row\s*>\s*)(\d+)(\s*</)")
_COLUMN = re.compile(r"<(?:[\w.-]+:)?Column\s*>\s*(\d+)\s*</")
_ANCHOR = re.compile(r"(<(?:[\w.-]+:)?Anchor\s*>)([^<]*)(</)")
_IS_NOTE = re.compile(r"ObjectType\s*=\s*[\"']Note[\"']")
_TOP, _BOTTOM = 2, 6
"""Where an anchor, left, dx, top, dy, right, dx, bottom, dy, has the rows between which a note is drawn."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the rows of a table go, its totals row among them; what stands elsewhere stays where it is."""

    body: Area
    moved: Mapping[int, int]

    def row_of(self, column: int, row: int) -> int | None:
        """The row in which a cell will be; None where its row will be gone."""
        return self.moved.get(row) if self.body.holds(column, row) else row

    def areas_of(self, area: Area) -> list[Area]:
        """Where the cells of an area will be, in as many areas as that takes."""
        if not area.meets(self.body):
            return [area]
        column = max(area.left, self.body.left)
        rows_now = (self.row_of(column, row) for row in range(area.top, area.bottom + 1))
        rows = joined((row, row) for row in rows_now if row is not None)
        return [Area(area.left, first, area.right, last) for first, last in rows]


def attached(package: Package, sheet: SheetXml, table: TablePart) -> tuple[Attached, ...]:
    """The notes, threads and links on cells of a table's body, row by row."""
    body, headers = table.body, dict(enumerate(table.columns, table.area.left))
    items = [
        Attached(row, headers[inside.left], what, text)
        for area, what, text in (*_remarks(package, table.sheet.part), *_links(package, sheet, table.sheet.part))
        if (inside := area.within(body)) is not None
        for row in range(inside.top, inside.bottom + 1)
    ]
    return tuple(sorted(items, key=lambda each: each.row))


def hangs_in(package: Package, sheet: SheetXml, part: str, area: Area) -> list[str]:
    """The notes, threads, links and little charts on cells of an area, which may be blank themselves, in words."""
    drawn = (parse_area(place.text or "") for place in sheet.frame.iterfind(".//{*}sparkline/{*}sqref"))
    hanging_cells = [(each, what) for each, what, _ in (*_remarks(package, part), *_links(package, sheet, part))]
    hanging_cells += [(each, "little chart") for each in drawn if each is not None]
    return [f"the {what} on {each}" for each, what in hanging_cells if each.meets(area)]


def move_attached(package: Package, sheet: SheetXml, part: str, places: Places) -> None:
    """Take all that is attached to rows of a sheet to where they will be; with a row that goes, it goes."""
    for relationship in package.relationships(part):
        if relationship.kind in _REMARKS:
            with package.changing(relationship.target) as root:
                _move(root.iter(f"{{*}}{_REMARKS[relationship.kind]}"), places)
        elif relationship.kind == "vmlDrawing":
            drawing = package.part(relationship.target).decode("utf-8", "surrogateescape")
            patched = _SHAPE.sub(lambda match: _moved_shape(match[0], places), drawing)
            package.set_part(relationship.target, patched.encode("utf-8", "surrogateescape"))
    with sheet.changing_frame() as frame:
        _move(frame.iter("{*}hyperlink"), places)
        remove([links for links in children(frame, {"hyperlinks"}) if not children(links)])  # which no sheet may have


_REMARKS = {"comments": "comment", "threadedComment": "threadedComment"}
"""The element that is one remark, by kind of relationship."""


def _remarks(package: Package, part: str) -> Iterator[tuple[Area, str, str]]:
    """Each note and thread of a sheet; a note that only stands for a thread is not told beside it."""
    threads: dict[Area, list[str]] = {}
    notes: dict[Area, str] = {}
    for relationship in package.relationships(part):
        if relationship.kind not in _REMARKS:
            continue
        for element in package.root(relationship.target).iter(*(f"{{*}}{name}" for name in _REMARKS.values())):
            area = parse_area(element.get("ref", ""))
            if area is not None and local(element) == "comment":
                notes[area] = plain_text(element)
            elif area is not None:
                threads.setdefault(area, []).extend(text.text or "" for text in element.iter("{*}text"))
    for area, text in notes.items():
        if area not in threads:
            yield area, "note", text
    for area, texts in threads.items():
        yield area, "comment", " / ".join(texts)


def _links(package: Package, sheet: SheetXml, part: str) -> Iterator[tuple[Area, str, str]]:
    targets = package.outside_targets(part)
    for element in sheet.frame.iter("{*}hyperlink"):
        area = parse_area(element.get("ref", ""))
        if area is not None:
            target = targets.get(relationship_id(element), "")
            yield area, "link", "#".join(filter(None, (target, element.get("location", ""))))


def _move(elements: Iterable[Node], places: Places) -> None:
    for element in list(elements):
        area = parse_area(element.get("ref", ""))
        if area is None:
            continue
        new = places.areas_of(area)
        if not new:
            remove([element])
        elif new != [area]:
            element.set("ref", str(new[0]))
        for each in reversed(new[1:]):  # a link that was on several cells
            another = copy(element)
            another.set("ref", str(each))
            element.addnext(another)


def _moved_shape(shape: str, places: Places) -> str:
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    if row is None or column is None or not _IS_NOTE.search(shape):
        return shape
    old = int(row[2]) + 1
    new = places.row_of(int(column[1]) + 1, old)
    if new is None:
        return ""
    if new == old:
        return shape
    shape = _ROW.sub(lambda match: f"{match[1]}{new - 1}{match[3]}", shape, count=1)
    return _ANCHOR.sub(lambda match: match[1] + _moved_anchor(match[2], new - old) + match[3], shape, count=1)


def _moved_anchor(text: str, by: int) -> str:
    edges = text.split(",")
    if len(edges) <= _BOTTOM or not all(edges[at].strip().isdigit() for at in (_TOP, _BOTTOM)):
        return text
    top = max(int(edges[_TOP]) + by, 0)
    height = int(edges[_BOTTOM]) - int(edges[_TOP])
    edges[_TOP], edges[_BOTTOM] = f" {top}", f" {top + height}"
    return ",".join(edges)
