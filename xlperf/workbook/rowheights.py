"""How high the rows of a table have to be for texts that wrap to be read whole.

Excel works that out as it shows a row that has no height of its own; LibreOffice does not when it opens a file. So it
is written, without the mark that a person set it: whoever sets a height keeps it, and Excel goes on working it out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from xlperf.rows import RowsByColumn
from xlperf.workbook.package import Package
from xlperf.workbook.parts import TablePart
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.stylesheet import StyleSheet

_HIGHEST = 409.0
"""Points; Excel has no higher row."""
_POINTS_PER_WIDTH = 5.25
"""A unit of column width is a digit of the default font, which is 7 pixels wide in all that Excel proposes."""
_EDGES = 4.5
"""Points between a text and the edges of its cell, both sides together."""
_LINE, _ABOVE = 1.17, 1.5
"""The height of a line in ems, and the points that a row has beyond its lines."""
_ROUNDING = 1.01
"""How much wider a text can come out than its characters say, as printers round."""
_TWO_LINES = 18.0
"""Points; what is lower is one line."""
_DEFAULT_WIDTH = 9.14
_EMS = {
    **dict.fromkeys("ijl.,:;'|!", 0.26), **dict.fromkeys("ft()[]/\\-I r", 0.33), **dict.fromkeys("cksvxyzJ", 0.5),
    **dict.fromkeys("mM%", 0.87), **dict.fromkeys("wCDHNRUABEKPSVXY&", 0.72), **dict.fromkeys("GOQW", 0.85),
}  # fmt: skip
"""The widths of characters in Arial, in ems; bold ones are as wide as the rounding allows."""
_USUAL_EMS = 0.556
_HEIGHT = re.compile(rb'\sht="([^"]*)"')
_SET_BY_PERSON = re.compile(rb'\scustomHeight="(?:1|true)"')


@dataclass(frozen=True, slots=True)
class _Wrapping:
    """A column whose texts wrap: the room for a line, in points, and the size of its font."""

    header: str
    room: float
    size: float


Heights = Callable[[RowsByColumn], Iterator[float]]
"""The heights that rows need, in points."""


def heights(sheet: SheetXml, table: TablePart, looks: Mapping[int, str], package: Package) -> Heights | None:
    """What says how high the rows of a table have to be; None for a table in which nothing wraps.

    `looks` are the style attributes of its columns, by column of the sheet.
    """
    styles = StyleSheet.of(package)
    widths = {number: _width(col.get("width")) for first, last, col in sheet.columns() for number in range(
        max(first, table.area.left), min(last, table.area.right) + 1)}  # fmt: skip
    wrapping = []
    for column, header in enumerate(table.columns, table.area.left):
        style = int("".join(filter(str.isdigit, looks.get(column, ""))) or 0)
        if styles.alignment(style).get("wrapText") in ("1", "true"):
            room = widths.get(column, _DEFAULT_WIDTH) * _POINTS_PER_WIDTH - _EDGES
            wrapping.append(_Wrapping(header, max(room, 1.0), styles.font_size(style) or 11.0))
    return partial(_of_each, wrapping, max(map(_one_line, wrapping))) if wrapping else None


def _of_each(wrapping: Sequence[_Wrapping], one_line: float, rows: RowsByColumn) -> Iterator[float]:
    for values in zip(*(rows.column(each.header) for each in wrapping), strict=True):
        yield _highest(wrapping, one_line, values)


def _highest(wrapping: Sequence[_Wrapping], one_line: float, values: Sequence[Any]) -> float:
    """What a row with these texts needs, which is never less than one line."""
    needed = one_line
    for each, value in zip(wrapping, values, strict=True):
        if isinstance(value, str) and (len(value) * 0.9 * each.size >= each.room or "\n" in value):
            needed = max(needed, _lines_of(value, each.room, each.size) * each.size * _LINE + _ABOVE)
    return min(needed, _HIGHEST)


def _one_line(column: _Wrapping) -> float:
    return column.size * _LINE + _ABOVE


def with_height(attributes: bytes, needed: float) -> bytes:
    """The attributes of a row that is to be as high as its texts need; as they are where a person set a height."""
    if _SET_BY_PERSON.search(attributes):
        return attributes
    if needed < _TWO_LINES and not _HEIGHT.search(attributes):
        return attributes  # as high as the sheet's rows are
    return _HEIGHT.sub(b"", attributes) + f' ht="{needed:.4g}"'.encode()


def _width(text: str | None) -> float:
    try:
        return float(text or _DEFAULT_WIDTH)
    except ValueError:
        return _DEFAULT_WIDTH


@lru_cache(maxsize=4096)  # a definition stands in the return of every owner
def _lines_of(text: str, room: float, size: float) -> int:
    """How many lines a text takes in so many points, where the font has that size."""
    return sum(_lines(paragraph.split(" "), room, size) for paragraph in text.split("\n"))


def _lines(words: Sequence[str], room: float, size: float) -> int:
    """How many lines words take; one that is too long for a line is broken."""
    space = _ems(" ") * size
    lines, used = 1, 0.0
    for word in words:
        width = _ems(word) * size
        if used and used + space + width > room:
            lines, used = lines + 1, 0.0
        broken, width = divmod(width, room)
        lines += int(broken)
        used = width if not used or broken else used + space + width
    return lines


@lru_cache(maxsize=4096)  # most words are common ones
def _ems(text: str) -> float:
    return sum(_EMS.get(character, _USUAL_EMS) for character in text) * _ROUNDING
