"""A plain list, as history is kept: a CSV, or the first sheet of a workbook. For analysts' own files, not returns."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from xlperf.errors import WorkbookError
from xlperf.tables import Cell, CellKind, NumberStyle, Row, Table

# What openpyxl is known to raise on damaged files: bad XML is a SyntaxError, from either of its parsers.
_UNREADABLE = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, IndexError, EOFError,
    AttributeError, TypeError,
)  # fmt: skip
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


def plain_table(data: bytes, path: Path) -> Table:
    """The list in the bytes of a .csv or .xlsx file called `path`, headed by its first row.

    Raises:
        WorkbookError: the file is neither, or cannot be read.
    """
    suffix = path.suffix.lower()
    try:
        if suffix == ".csv":
            rows = _csv_rows(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig").read())
            return _table(path.stem, list(rows))
        if suffix in (".xlsx", ".xlsm"):
            return _first_sheet(data)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise WorkbookError(f"{path}: cannot be read ({error}); save a CSV as 'CSV UTF-8'") from error
    except _UNREADABLE as error:
        raise WorkbookError(f"{path}: is not a workbook that can be read ({error}); save it again in Excel") from error
    raise WorkbookError(f"{path}: is neither .csv nor .xlsx")


def _csv_rows(text: str) -> Iterator[list[Cell]]:
    for number, line in enumerate(csv.reader(io.StringIO(text)), start=1):
        yield [_csv_cell(value, f"{get_column_letter(index)}{number}") for index, value in enumerate(line, start=1)]


def _csv_cell(text: str, ref: str) -> Cell:
    if not text.strip():
        return Cell(CellKind.BLANK, "", ref)
    if _NUMBER.fullmatch(text.strip()):
        return Cell(CellKind.NUMBER, text.strip(), ref)
    return Cell(
        CellKind.ERROR if text.startswith("#") and text.endswith(("!", "?", "/A")) else CellKind.TEXT,
        text,
        ref,
    )


def _first_sheet(data: bytes) -> Table:
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    sheet = book.worksheets[0]
    rows = [[_sheet_cell(cell) for cell in row] for row in sheet.iter_rows()]
    return _table(sheet.title, rows)


def _sheet_cell(cell: SheetCell | MergedCell) -> Cell:
    value, ref = cell.value, cell.coordinate
    if value is None:
        return Cell(CellKind.BLANK, "", ref)
    if cell.data_type == "e":
        return Cell(CellKind.ERROR, str(value), ref)
    if isinstance(value, bool):
        return Cell(CellKind.BOOLEAN, str(value).upper(), ref)
    if isinstance(value, int | float):
        style = NumberStyle.PERCENT if "%" in str(cell.number_format) else NumberStyle.GENERAL
        return Cell(CellKind.NUMBER, repr(value), ref, style)
    if isinstance(value, datetime | date):
        # Excel turns a typed 2026-05 into the first of May; the month is what was meant.
        return Cell(CellKind.TEXT, f"{value:%Y-%m}", ref)
    return Cell(CellKind.TEXT, str(value), ref)


def _table(name: str, rows: Sequence[Sequence[Cell]]) -> Table:
    if not rows:
        raise WorkbookError(f"'{name}' is empty")
    headers = [cell.raw.strip() for cell in rows[0]]
    named = [header.casefold() for header in headers if header]
    if twice := [header for header in named if named.count(header) > 1]:
        raise WorkbookError(f"'{name}' has the column '{twice[0]}' twice; keep one")
    for number, row in enumerate(rows[1:], start=2):
        if any(not cell.is_blank for cell in row[len(headers) :]):
            raise WorkbookError(
                f"'{name}', line {number} has more cells than the first line has columns; in a CSV, a number with a "
                "thousands comma must stand in quotes"
            )
    listed = tuple(
        Row(number, {header: cell for header, cell in zip(headers, row, strict=False) if header})
        for number, row in enumerate(rows[1:], start=2)
        if any(not cell.is_blank for cell in row)
    )
    return Table(name, name, tuple(header for header in headers if header), listed)
