"""Cells: as they stand in the file, and as what they are to the rest of xlperf."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite
from typing import NamedTuple

from xlperf.tables import Cell, CellKind, NumberStyle
from xlperf.workbook.numberstyle import NumberFormat, format_of_built_in
from xlperf.workbook.reader.refused import Refused
from xlperf.workbook.reader.texts import unescaped

KEPT_DIGITS = 17
"""Significant digits of the longest number that Excel writes: as many as make out every one that it can hold."""

GENERAL = format_of_built_in(0)
"""The format of a cell that names none."""

_LONGEST_REMEMBERED = 500  # characters
_LONGEST_NUMBER = 400  # characters; the longest that any program writes out is 1.8E308 without exponent, 309
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_ERROR = re.compile(r"[#A-Za-z0-9/!?:_ ]{1,40}")
_BOOLEANS = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}


class Stored(NamedTuple):
    """A cell as it stands in the file; a shared string is still its index."""

    ref: str
    type: str
    value: str | None
    is_formula: bool
    format: NumberFormat


class SharedText:
    """A cell whose text is in the list that the sheets share, and what it was in the last workbook that had it."""

    __slots__ = ("_last", "index", "stored")

    def __init__(self, stored: Stored, index: int) -> None:
        self.stored, self.index = stored, index
        self._last: Cell | None = None

    def cell(self, strings: Mapping[int, str], sheet: str) -> Cell:
        """Say what the cell is. Raises Refused as `to_cell`."""
        if self._last is not None and self._last.raw == strings.get(self.index):
            return self._last
        cell = to_cell(self.stored, strings, sheet)
        self._last = cell if len(cell.raw) <= _LONGEST_REMEMBERED else None
        return cell


HeldCell = Stored | Cell | SharedText
"""A cell as it stands in the file; or what it is, as far as that is known already."""


def as_cell(held: HeldCell, strings: Mapping[int, str], sheet: str) -> Cell:
    """Say what the cell is. Raises Refused as `to_cell`."""
    if isinstance(held, Cell):
        return held
    return held.cell(strings, sheet) if isinstance(held, SharedText) else to_cell(held, strings, sheet)


def to_cell(stored: Stored, strings: Mapping[int, str], sheet: str) -> Cell:
    """Say what the cell is. Raises Refused, naming the sheet, for what Excel does not write."""
    ref, kind, value, is_formula, number_format = stored
    if is_formula and (value is None or (value == "" and kind not in ("str", "inlineStr"))):
        return Cell(CellKind.UNCALCULATED, "", ref, is_formula=True)
    value = value or ""
    if kind == "n":
        if len(value) > _LONGEST_NUMBER or not _NUMBER.fullmatch(value) or not isfinite(number := float(value)):
            raise _bad_cell("A number is not written as Excel writes it.", stored, sheet)
        return Cell(CellKind.NUMBER, value, ref, number_format.style_of(number), is_formula)
    style = NumberStyle.GENERAL if number_format.shows_text else NumberStyle.OTHER
    if kind == "s":
        text = strings.get(shared_index(stored, sheet))
        if text is None:
            raise _no_text(stored, sheet)
        return Cell(CellKind.TEXT, text, ref, style, is_formula)
    if kind in ("str", "inlineStr"):
        return Cell(CellKind.TEXT, unescaped(value), ref, style, is_formula)
    if kind == "d":
        return Cell(CellKind.TEXT, value, ref, NumberStyle.DATE, is_formula)
    if kind == "e" and _ERROR.fullmatch(value):
        return Cell(CellKind.ERROR, value, ref, NumberStyle.GENERAL, is_formula)
    if kind == "b" and value in _BOOLEANS:
        return Cell(CellKind.BOOLEAN, _BOOLEANS[value], ref, NumberStyle.GENERAL, is_formula)
    raise _bad_cell("A cell is of a kind that Excel does not write.", stored, sheet)


def is_long_number(cell: Cell) -> bool:
    """Whether it is a number with more digits, between leading and trailing zeros, than Excel keeps."""
    if cell.kind is not CellKind.NUMBER or len(cell.raw) <= KEPT_DIGITS:
        return False
    mantissa = cell.raw.lower().partition("e")[0].lstrip("+-").replace(".", "")
    return len(mantissa.strip("0")) > KEPT_DIGITS


def shared_index(stored: Stored, sheet: str) -> int:
    """Give the index of the cell's shared string. Raises Refused where none stands there."""
    value = stored.value or ""
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise _no_text(stored, sheet)
    return int(value)


def _no_text(stored: Stored, sheet: str) -> Refused:
    return _bad_cell("A text is missing from the workbook's list of texts.", stored, sheet)


def _bad_cell(message: str, stored: Stored, sheet: str) -> Refused:
    return Refused("F010", message, sheet=sheet, cell=stored.ref, found=stored.value or "")
