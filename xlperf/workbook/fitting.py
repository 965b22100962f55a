"""A column whose texts have to be printed whole: it gets the room they need, and they get smaller where there is none.

The room is taken from the page's side margins, so that neither the scale of the page nor another column changes. How
wide a text comes out depends on the fonts of the machine that prints, so each text may shrink to what its cell has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.xmlsplice import Edit, Element, attribute_edit, attributes_except, splice, whole_number

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
    frame, elements = sheet.frame_bytes(), sheet.frame()
    col = next((e for e in elements if _covers(e, fitted.column, sheet.where)), None)
    margins = next((e for e in elements if e.local == "pageMargins" and e.depth == 2), None)
    if col is None or margins is None:
        return
    width, left, right = (
        _number(element, name) for element, name in ((col, "width"), (margins, "left"), (margins, "right"))
    )
    wanted = (fitted.width - width) * _POINTS_PER_WIDTH / _POINTS_PER_INCH
    given = min(wanted / 2, left - _NARROWEST_MARGIN, right - _NARROWEST_MARGIN)
    if given <= 0:
        return
    width += 2 * given * _POINTS_PER_INCH / _POINTS_PER_WIDTH
    sheet.edit_frame(
        splice(
            frame,
            [
                (col.start, col.end, _with_width(frame, col, fitted.column, width, sheet.where)),
                *_margin_edits(frame, margins, left - given, right - given),
            ],
        )
    )


def _margin_edits(frame: bytes, margins: Element, left: float, right: float) -> list[Edit]:
    sides = (("left", left), ("right", right))
    return [attribute_edit(frame, margins, name, f"{inches:.4f}") for name, inches in sides]


def _covers(element: Element, column: int, where: str) -> bool:
    if element.local != "col" or not element.has_parent("cols") or element.attributes.get("hidden") in {"1", "true"}:
        return False
    first, last = bounds(element, where)
    return first <= column <= last


def bounds(col: Element, where: str) -> tuple[int, int]:
    """Return the first and the last column that a `col` element speaks of."""
    return whole_number(col.attributes.get("min", "0"), where), whole_number(col.attributes.get("max", "0"), where)


def _with_width(frame: bytes, col: Element, column: int, width: float, where: str) -> bytes:
    """The same element, taken apart where it speaks of more columns than the one that gets another width."""
    first, last = bounds(col, where)
    rest = attributes_except(frame, col.start, lambda name: name in {"min", "max"})
    own = attributes_except(frame, col.start, lambda name: name in {"min", "max", "width", "customWidth"})
    pieces = [
        (first, column - 1, rest),
        (column, column, own + f' width="{width:.4f}" customWidth="1"'.encode()),
        (column + 1, last, rest),
    ]
    return b"".join(
        f'<{col.tag} min="{start}" max="{end}"'.encode() + attributes + b"/>"
        for start, end, attributes in pieces
        if start <= end
    )


def _number(element: Element, name: str) -> float:
    try:
        return float(element.attributes.get(name, ""))
    except ValueError:
        return 0.0
