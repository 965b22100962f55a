"""What stands in a block of cells, as Excel hands it out over COM."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.calc_engine import typed
from tests.calc_engine.formats import Formats, areas_by_format
from tests.calc_engine.structs import cells_of

ERROR_CODES = {
    "#DIV/0!": -2146826281,
    "#N/A": -2146826246,
    "#NAME?": -2146826259,
    "#NULL!": -2146826288,
    "#NUM!": -2146826252,
    "#REF!": -2146826265,
    "#VALUE!": -2146826273,
}
"""What COM hands out for an error in a cell: an int, where every number is a float."""

_ANY_RESULT, _AN_ERROR = 7, 4  # com.sun.star.sheet.FormulaResult: number, text, error together; error
_CALC_ERRORS = {532: "#DIV/0!", 32767: "#N/A", 525: "#NAME?", 521: "#NULL!", 503: "#NUM!", 524: "#REF!"}
_END_OF_DATES = 2958466  # the first of January 10000
_QUOTED = re.compile(r'("(?:[^"]|"")*")')
_TWICE = re.compile(r"('(?:[^']|'')*'!|(?<![\w.'])[\w.]+!)(\$?[A-Z]*\$?\d*):\1")
"""`Data!A1:Data!A9`, as Calc spells a range whose cells were moved."""
_REFERENCE = r"(?=\$?[A-Z]{1,3}\$?\d|\$?[A-Z]{1,3}:|\$?\d+:|#REF)"

Value = str | float | bool | datetime | Decimal | int | None


class Reader:
    """Reads blocks of one document: rows of values, as many and as wide as a UNO range `cells`."""

    def __init__(self, document: Any, formats: Formats) -> None:
        self._document = document
        self._formats = formats
        self._local: dict[str, str] = {}
        """Formulas in Calc's own spelling, by how they stand in the document."""
        null = document.NullDate
        self.epoch = datetime(null.Year, null.Month, null.Day)

    def values(self, cells: Any) -> list[list[Value]]:
        """None, str, float, bool, a datetime where the format shows one, a Decimal where money, an int for an error."""
        block: list[list[Any]] = [[None if value == "" else value for value in row] for row in cells.getDataArray()]
        top, left = cells.RangeAddress.StartRow, cells.RangeAddress.StartColumn
        for key, areas in areas_by_format(cells):
            if not self._formats.is_plain(key):
                for row, column in cells_of(areas):
                    block[row - top][column - left] = self._shown(block[row - top][column - left], key)
        for row, column in self._formula_cells(cells):
            if block[row - top][column - left] is None:
                block[row - top][column - left] = ""
        # Each question to the office takes a millisecond, so only the cells that need it are asked one by one.
        for row, column in self._formula_cells(cells, _AN_ERROR):
            number = cells.getCellByPosition(column - left, row - top).getError()
            block[row - top][column - left] = ERROR_CODES[_CALC_ERRORS.get(number, "#VALUE!")]
        return block

    def formulas(self, cells: Any) -> list[list[str]]:
        """Every cell as it would be typed: a formula in Excel's spelling, else the bare value, "" if empty."""
        rows = zip(self.values(cells), cells.getDataArray(), strict=True)
        block = [[_bare(value, raw) for value, raw in zip(*row, strict=True)] for row in rows]
        top, left = cells.RangeAddress.StartRow, cells.RangeAddress.StartColumn
        spell, as_calc_has_it = self._excels_spelling(), cells.getFormulaArray()
        for row, column in self._formula_cells(cells):
            formula = as_calc_has_it[row - top][column - left]
            if formula not in self._local:  # to ask for one takes two milliseconds, and the same is asked often
                self._local[formula] = cells.getCellByPosition(column - left, row - top).FormulaLocal
            spelt = spell(self._local[formula])
            constant = spelt.removeprefix("=").removesuffix("()")  # which Calc takes in from a file as formulas
            block[row - top][column - left] = constant if constant in ("TRUE", "FALSE", *ERROR_CODES) else spelt
        return block

    def excel_formula(self, spelt: str) -> str:
        """Calc's `$'My Sheet'.A1` is Excel's `'My Sheet'!A1`; texts within quotes are left alone."""
        return self._excels_spelling()(spelt)

    def _excels_spelling(self) -> Callable[[str], str]:
        names = "|".join(re.escape(name) for name in sorted(self._document.Sheets.ElementNames, key=len, reverse=True))
        sheet = re.compile(rf"\$?('(?:[^']|'')*'|(?<![\w.])(?:{names}))\.{_REFERENCE}")

        def spell(spelt: str) -> str:
            parts = enumerate(_QUOTED.split(spelt))
            return "".join(part if i % 2 else _TWICE.sub(r"\1\2:", sheet.sub(r"\1!", part)) for i, part in parts)

        return spell

    def _formula_cells(self, cells: Any, result: int = _ANY_RESULT) -> list[tuple[int, int]]:
        return list(cells_of(cells.queryFormulaCells(result).getRangeAddresses()))

    def _shown(self, value: Any, key: int) -> Any:
        if not isinstance(value, float):
            return value
        if self._formats.is_boolean(key):
            return bool(value)
        if self._formats.is_date(key) and 0 <= value < _END_OF_DATES:
            return self.epoch + timedelta(milliseconds=round(value * 86_400_000))
        if self._formats.is_currency(key):
            return round(Decimal(value), 4)
        return value


def _bare(value: Value, raw: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    return typed.number_text(raw) if isinstance(raw, float) else str(raw or "")
