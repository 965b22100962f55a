"""Putting a block of values into cells as Excel takes it over COM."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.calc_engine import notes, typed
from tests.calc_engine.comerror import refusal
from tests.calc_engine.formats import Formats, areas_by_format
from tests.calc_engine.structs import cells_of

LONGEST_TEXT = 32767
_SYNTAX_ERRORS = {*range(505, 515), 520, 533}
_BRACKETED_HERE = re.compile(r"(\w*)\[@\[([^\]]*)\]\]")
_HERE = re.compile(r"(\w*)\[@([^\[\]]+)\]")

Place = tuple[int, int]


class Writer:
    """Writes blocks into one document: rows of values, as many and as wide as the UNO range `cells`.

    Two `None` in a row of Calc's `setDataArray` abort LibreOffice and a bool raises, so it only gets texts and floats.
    """

    def __init__(self, document: Any, formats: Formats, epoch: datetime) -> None:
        self._document = document
        self._formats = formats
        self._epoch = epoch

    def write(self, cells: Any, block: Sequence[Sequence[Any]]) -> None:
        """Write a block; texts are taken as typed (`typed.read`), but by cells formatted as text. Raises ComError."""
        keys = self._keys(cells)
        new_keys: dict[Place, int] = {}
        formulas: dict[Place, str] = {}
        data = []
        for i, row in enumerate(block):
            out: list[str | float] = []
            for j, value in enumerate(row):
                key = keys[i][j]
                if self._formats.is_text(key):
                    out.append(self._as_text(value))
                    continue
                taken, code, formula = self._taken(value)
                out.append(taken)
                if formula:
                    formulas[i, j] = formula
                if code is bool:
                    new_keys[i, j] = self._formats.boolean
                elif code and self._formats.code(key) == typed.GENERAL:
                    new_keys[i, j] = self._formats.key(str(code))
            data.append(tuple(out))
        with notes.kept(cells):
            cells.setDataArray(tuple(data))
        self._undo_text_formats(cells, keys, block)
        for (i, j), formula in formulas.items():
            self.set_formula(cells.getCellByPosition(j, i), formula)
        for key, column, first, last in _runs(new_keys):
            cells.getCellRangeByPosition(column, first, column, last).NumberFormat = key

    def set_formula(self, cell: Any, formula: str) -> None:
        """Put a formula in Excel's spelling into one cell. Raises ComError where it cannot be understood."""
        cell.FormulaLocal = self._with_table_name(cell, formula)
        if cell.getError() in _SYNTAX_ERRORS:
            cell.setFormula("")
            raise refusal(f"There's a problem with this formula: {formula}")

    def _with_table_name(self, cell: Any, formula: str) -> str:
        """Calc wants `[@Actual]`, of the table around the cell, as `tbl[[#This Row],[Actual]]`."""
        if "[@" not in formula:
            return formula
        at, ranges = cell.CellAddress, self._document.DatabaseRanges
        around = ""
        for name in ranges.ElementNames:
            area = ranges.getByName(name).DataArea
            across = area.StartColumn <= at.Column <= area.EndColumn
            if area.Sheet == at.Sheet and across and area.StartRow <= at.Row <= area.EndRow:
                around = name
        for pattern in (_BRACKETED_HERE, _HERE):
            formula = pattern.sub(lambda found: f"{found[1] or around}[[#This Row],[{found[2]}]]", formula)
        return formula

    def _keys(self, cells: Any) -> list[list[int]]:
        """The number format of every cell; Calc's own for TRUE and FALSE is taken off, as it would stay."""
        address = cells.RangeAddress
        width, height = address.EndColumn - address.StartColumn + 1, address.EndRow - address.StartRow + 1
        keys = [[0] * width for _ in range(height)]
        for key, areas in areas_by_format(cells):
            for area in areas:
                left, right = area.StartColumn - address.StartColumn, area.EndColumn - address.StartColumn
                top, bottom = area.StartRow - address.StartRow, area.EndRow - address.StartRow
                if self._formats.is_boolean(key):
                    cells.getCellRangeByPosition(left, top, right, bottom).NumberFormat = 0
                    continue
                for row in keys[top : bottom + 1]:
                    row[left : right + 1] = [key] * (right - left + 1)
        return keys

    def _undo_text_formats(self, cells: Any, keys: list[list[int]], block: Sequence[Sequence[Any]]) -> None:
        """Calc formats a text as text if it might be a number; Excel takes it for one, unless after an apostrophe."""
        top, left = cells.RangeAddress.StartRow, cells.RangeAddress.StartColumn
        for key, areas in areas_by_format(cells):
            if not self._formats.is_text(key):
                continue
            for row, column in cells_of(areas):
                i, j = row - top, column - left
                if self._formats.is_text(keys[i][j]):
                    continue
                cell = cells.getCellByPosition(j, i)
                if not str(block[i][j]).startswith("'"):
                    cell.setFormula(cell.getString())
                cell.NumberFormat = keys[i][j]

    def _as_text(self, value: Any) -> str:
        """A value as a cell formatted as text keeps it: a text whatever it begins with, a number as its digits."""
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, date):
            has_time = isinstance(value, datetime) and any((value.hour, value.minute, value.second))
            return value.strftime("%d/%m/%Y %H:%M" if has_time else "%d/%m/%Y")
        if isinstance(value, (int, float, Decimal)):
            return typed.number_text(float(value))
        return "" if value is None else _text(value)

    def _taken(self, value: Any) -> tuple[str | float, str | type[bool], str]:
        """What any other cell makes of a value: the text or number, a new number format, a formula ("" for none)."""
        if value is None or value == "":
            return "", "", ""
        if isinstance(value, bool):
            return float(value), bool, ""
        if isinstance(value, date):
            days = typed.serial(value, self._epoch)
            return days, typed.DATE_TIME if days % 1 else typed.DATE, ""
        if isinstance(value, (int, float, Decimal)):
            return float(value), "", ""
        text = _text(value)
        if text.startswith("'"):
            return text[1:], "", ""
        read = typed.read(text)
        if read is None or read.formula:
            return ("", "", read.formula) if read else (text, "", "")
        if isinstance(read.value, bool):
            return float(read.value), bool, ""
        return read.value, "" if read.format == typed.GENERAL else read.format, ""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"Objects of type '{type(value).__name__}' can not be converted to a COM VARIANT")
    if len(value) > LONGEST_TEXT:
        raise refusal(f"a cell holds {LONGEST_TEXT} characters, not {len(value)}")
    return value


def _runs(keys: dict[Place, int]) -> Iterator[tuple[int, int, int, int]]:
    """Cells of one key below one another: key, column, first row, last row."""
    run: list[int] = []
    for row, column in sorted(keys, key=lambda place: (place[1], place[0])):
        if run and run[:2] == [keys[row, column], column] and run[3] == row - 1:
            run[3] = row
            continue
        if run:
            yield run[0], run[1], run[2], run[3]
        run = [keys[row, column], column, row, row]
    if run:
        yield run[0], run[1], run[2], run[3]
