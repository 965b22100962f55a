"""A column whose texts have to be printed whole: it gets the room they need, and they get smaller where there is none.

The room is taken from the page's side margins, so that neither the scale of the page nor another column changes. How
wide a text comes out depends on the fonts of the machine that prints, so each text may shrink to what its cell has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.xmltree import Node, is_set

_POINTS_PER_INCH = 72
_POINTS_PER_WIDTH = 5.25
"""A unit of column width is a digit of the default font, which is 7 pixels wide in all that Excel proposes."""
_EDGES = 4.5
"""Points between a text and the edges of its cell, both sides together."""
_ROUNDING = 1.06
"""How much wider than its size says a text can come out, because fonts are scaled with the page in steps."""
_NARROWEST_MARGIN = 0.2
"""Inches; few printers reach further."""
_KEPT_PLACES = frozenset({"left", "center", "right"})


@dataclass(frozen=True, slots=True)
class Fitted:
    """A column, and the longest of its texts: how wide a character is, in ems of its font, and the font's size."""

    column: int
    characters: int
    ems: float
    points: float

    @property
    def width(self) -> float:
        """The column width that the text needs."""
        return (self.characters * self.ems * self.points * _ROUNDING + _EDGES) / _POINTS_PER_WIDTH


def shrinking(alignment: Mapping[str, str]) -> dict[str, str]:
    """Return an alignment that makes a text small enough for its cell; wrapping, turning and filling forbid that."""
    kept = {name: alignment[name] for name in ("vertical",) if name in alignment}
    if alignment.get("horizontal") in _KEPT_PLACES:
        kept["horizontal"] = alignment["horizontal"]
    return {**kept, "shrinkToFit": "1"}


def make_room(sheet: SheetXml, columns: Sequence[Fitted]) -> None:
    """Widen columns to what their texts need, by as much as the page's side margins can give."""
    for fitted in columns:
        _widen(sheet, fitted)


def _widen(sheet: SheetXml, fitted: Fitted) -> None:
    covering = (
        each for each in sheet.columns() if each[0] <= fitted.column <= each[1] and not is_set(each[2], "hidden")
    )
    first, last, col = next(covering, (0, 0, None))
    margins = sheet.frame.find("{*}pageMargins")
    if col is None or margins is None:
        return
    width, left, right = (_number(*each) for each in ((col, "width"), (margins, "left"), (margins, "right")))
    wanted = (fitted.width - width) * _POINTS_PER_WIDTH / _POINTS_PER_INCH
    given = min(wanted / 2, left - _NARROWEST_MARGIN, right - _NARROWEST_MARGIN)
    if given <= 0:
        return
    with sheet.changing_frame():
        for side, inches in (("left", left - given), ("right", right - given)):
            margins.set(side, f"{inches:.4f}")
        if first < fitted.column:
            col.addprevious(_of_columns(deepcopy(col), first, fitted.column - 1))
        if fitted.column < last:
            col.addnext(_of_columns(deepcopy(col), fitted.column + 1, last))
        _of_columns(col, fitted.column, fitted.column)
        col.set("width", f"{width + 2 * given * _POINTS_PER_INCH / _POINTS_PER_WIDTH:.4f}")
        col.set("customWidth", "1")


def _of_columns(col: Node, first: int, last: int) -> Node:
    """The element, made to speak of other columns."""
    col.set("min", str(first))
    col.set("max", str(last))
    return col


def _number(element: Node, name: str) -> float:
    try:
        return float(element.get(name, ""))
    except ValueError:
        return 0.0
