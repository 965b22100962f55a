"""A list in one sheet of a workbook."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from math import isfinite
from pathlib import Path
from typing import Any

from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel
from openpyxl.workbook import Workbook

from xlperf.errors import UsageError, WorkbookError
from xlperf.tables import Cell, CellKind, NumberStyle
from xlperf.workbook.lists.listfile import ListFile, names_in_words, table_of
from xlperf.workbook.numberstyle import format_of_built_in, format_of_code, styled
from xlperf.workbook.reader.texts import unescaped

_FORMULA = re.compile(rb"<(\w+:)?f[\s/>]")


class _Reader(ExcelReader):  # type: ignore[misc]
    """openpyxl's reader without its own reading of number formats: every number stays the number in the file."""

    def read_worksheets(self) -> None:
        self.wb._date_formats = set()
        self.wb._timedelta_formats = set()
        super().read_worksheets()


def read_sheet(data: bytes, path: Path, needed: Collection[str], wanted: str) -> ListFile:
    """The list in a sheet of a workbook called `path`; see `reading.read_list`."""
    book = _load(data, is_data_only=True)
    formulas = _formulas(data)
    filled = {
        sheet.title: [cell for cell in sheet._cells.values() if not _is_empty(cell, formulas.get(sheet.title, ()))]
        for sheet in book.worksheets
    }
    sheet = _chosen_sheet(book, path, filled, needed, wanted)
    cells = filled[sheet.title]
    if not cells:
        raise WorkbookError(f"{path}: the sheet '{sheet.title}' is empty")
    last_row, last_column = (max(getattr(cell, part) for cell in cells) for part in ("row", "column"))
    is_1904 = book.epoch == CALENDAR_MAC_1904
    rows = [
        [_sheet_cell(cell, book.epoch, formulas.get(sheet.title, ())) for cell in row]
        for row in sheet.iter_rows(max_row=last_row, max_col=last_column)
    ]
    others = [each for each in book.worksheets if each is not sheet and filled[each.title]]
    return ListFile(
        table_of(sheet.title, rows), is_1904, tuple(map(_name_in_words, others)), tuple(_hidden_in_words(sheet, cells))
    )


def _load(data: bytes, *, is_data_only: bool) -> Workbook:
    reader = _Reader(io.BytesIO(data), data_only=is_data_only)
    reader.read()
    return reader.wb


def _formulas(data: bytes) -> Mapping[str, Collection[str]]:
    """The cells that hold a formula, by sheet: openpyxl gives either formulas or values."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if not any(_FORMULA.search(package.read(name)) for name in package.namelist() if name.endswith(".xml")):
            return {}
    book = _load(data, is_data_only=False)
    return {
        sheet.title: {cell.coordinate for cell in sheet._cells.values() if cell.data_type == "f"}
        for sheet in book.worksheets
    }


def _is_empty(cell: SheetCell | MergedCell, formulas: Collection[str]) -> bool:
    return (cell.value is None or not str(cell.value).strip()) and cell.coordinate not in formulas


def _chosen_sheet(
    book: Workbook, path: Path, filled: Mapping[str, Sequence[Any]], needed: Collection[str], wanted: str
) -> Any:
    """The sheet to read."""
    sheets = book.worksheets
    if wanted:
        for sheet in sheets:
            if sheet.title.casefold() == wanted.strip().casefold():
                return sheet
        raise UsageError(f"{path}: has no sheet '{wanted}'; it has {names_in_words(map(_name_in_words, sheets))}")
    with_cells = [sheet for sheet in sheets if filled[sheet.title]]
    seen = [sheet for sheet in with_cells if sheet.sheet_state == "visible"]
    if not with_cells:
        raise WorkbookError(f"{path}: no sheet of it holds anything")
    if not seen:
        raise WorkbookError(
            f"{path}: what it holds stands on hidden sheets: {names_in_words(map(_name_in_words, with_cells))}; "
            "unhide the one that is meant, or name it with --sheet"
        )
    fitting = [sheet for sheet in seen if {*needed} <= {str(cell.value).strip().casefold() for cell in sheet[1]}]
    if seen[0] not in fitting and len(fitting) > 1:
        raise WorkbookError(
            f"{path}: could be read from more than one sheet: {names_in_words(map(_name_in_words, fitting))}; "
            "name one with --sheet"
        )
    return fitting[0] if fitting else seen[0]


def _name_in_words(sheet: Any) -> str:
    return f"'{sheet.title}'" + ("" if sheet.sheet_state == "visible" else " (hidden)")


def _hidden_in_words(sheet: Any, cells: Sequence[Any]) -> Iterator[str]:
    """Which rows and columns of the list nobody sees, hidden by hand, by a filter, or by their size."""
    rows = {number for number, row in sheet.row_dimensions.items() if row.hidden or row.height == 0}
    if at := sorted(rows & {cell.row for cell in cells}):
        yield f"row {_spans_in_words(at, str)} is" if len(at) == 1 else f"rows {_spans_in_words(at, str)} are"
    columns = {
        number
        for letters, column in sheet.column_dimensions.items()
        if column.hidden or column.width == 0
        for number in range(column.min or 0, (column.max or 0) + 1)
    }
    if at := sorted(columns & {cell.column for cell in cells}):
        spans = _spans_in_words(at, get_column_letter)
        yield f"column {spans} is" if len(at) == 1 else f"columns {spans} are"


def _spans_in_words(numbers: Sequence[int], shown: Any) -> str:
    """Numbers in words: `3, 5 to 9`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return names_in_words(shown(a) if a == b else f"{shown(a)} to {shown(b)}" for a, b in spans)


def _sheet_cell(cell: SheetCell | MergedCell, epoch: datetime, formulas: Collection[str]) -> Cell:
    value, ref = cell.value, cell.coordinate
    is_formula = ref in formulas
    if value is None:
        # A formula whose result is no text has its type from the result, and where there is none, none.
        is_uncalculated = is_formula and cell.data_type == "n"
        return Cell(CellKind.UNCALCULATED if is_uncalculated else CellKind.BLANK, "", ref, is_formula=is_formula)
    if cell.data_type == "e":
        return Cell(CellKind.ERROR, str(value), ref, is_formula=is_formula)
    if isinstance(value, bool):
        return Cell(CellKind.BOOLEAN, str(value).upper(), ref, is_formula=is_formula)
    if isinstance(value, datetime | date | time | timedelta):  # kept as a text such as 2026-05-01, not as a number
        value = to_excel(value, epoch)
        return Cell(CellKind.NUMBER, repr(value), ref, NumberStyle.DATE, is_formula)
    if isinstance(value, int | float):
        if not isfinite(value):
            return Cell(CellKind.ERROR, str(value), ref, is_formula=is_formula)
        return styled(Cell(CellKind.NUMBER, repr(value), ref, is_formula=is_formula), _format_of(cell))
    return styled(Cell(CellKind.TEXT, unescaped(str(value)), ref, is_formula=is_formula), _format_of(cell))


def _format_of(cell: Any) -> Any:
    # Of built-in formats that openpyxl does not know, such as dates of other countries, it says 'General'.
    number = cell._style.numFmtId
    return format_of_built_in(number) if number < BUILTIN_FORMATS_MAX_SIZE else format_of_code(cell.number_format)
