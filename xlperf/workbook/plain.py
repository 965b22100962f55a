"""A plain list, as history is kept: a CSV, or one sheet of a workbook. For analysts' own files, not returns.

Cells come out as the reader of returns would give them. What of the file is hidden or left unread is said, not decided.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from xlperf.errors import UsageError, WorkbookError
from xlperf.tables import Cell, CellKind, NumberStyle, Row, Table
from xlperf.workbook.numberstyle import format_of_built_in, format_of_code, styled
from xlperf.workbook.reader.texts import unescaped

# What openpyxl is known to raise on damaged files: bad XML is a SyntaxError, from either of its parsers.
_UNREADABLE = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, IndexError, EOFError,
    AttributeError, TypeError,
)  # fmt: skip
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_BEFORE_COMMA = re.compile(r"[-+(£ ]*[0-9]{1,3}")
_AFTER_COMMA = re.compile(r"[0-9]{3}(\.[0-9]+)?[%) ]*")
_BEFORE_DECIMALS = re.compile(r"[-+(£ ]*[0-9]+")
_DECIMALS = re.compile(r"[0-9]+[%) ]*")
_FORMULA = re.compile(rb"<(\w+:)?f[\s/>]")
_MOST_NAMED = 10


class Torn(NamedTuple):
    """Two neighbouring columns of a row whose cells could be one number: 1 and 234, or 91 and 5 of a decimal comma."""

    before: str
    after: str
    is_thousands: bool


@dataclass(frozen=True, slots=True)
class Plain:
    """A list out of a file, with what a person would not see of it, or would miss."""

    table: Table
    date_1904: bool = False
    unread: tuple[str, ...] = ()
    """The other sheets that hold something, by name; with the word for it where they are hidden."""
    hidden: tuple[str, ...] = ()
    """The rows and columns of the list that are hidden, in words: `row 3 is`."""
    torn: Mapping[int, Sequence[Torn]] = field(default_factory=dict)
    """Of a CSV: by row, the neighbours that could be one number, torn apart at its comma."""


def read_plain(data: bytes, path: Path, *, needed: Collection[str], sheet: str = "") -> Plain:
    """The list in the bytes of a .csv or .xlsx file called `path`, headed by its first row.

    Args:
        data: the file.
        path: what it is called.
        needed: headings that the list must have, in lower case: by them the sheet is known, where there are several.
        sheet: the one to read; else the first that can be seen and has those headings.

    Raises:
        UsageError: there is no such sheet.
        WorkbookError: the file is neither, cannot be read, or could be read in two ways.
    """
    suffix = path.suffix.lower()
    try:
        if suffix == ".csv":
            if sheet:
                raise UsageError(f"{path}: a CSV has no sheets; leave --sheet out")
            return _of_csv(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig").read(), path)
        if suffix in (".xlsx", ".xlsm"):
            return _of_workbook(data, path, needed, sheet)
    except UsageError:  # a ValueError, too
        raise
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise WorkbookError(f"{path}: cannot be read ({error}); save a CSV as 'CSV UTF-8'") from error
    except _UNREADABLE as error:
        raise WorkbookError(f"{path}: is not a workbook that can be read ({error}); save it again in Excel") from error
    raise WorkbookError(f"{path}: is neither .csv nor .xlsx")


# ---- CSV ----


def _of_csv(text: str, path: Path) -> Plain:
    first = text.partition("\n")[0]
    if first.casefold().startswith("sep="):
        raise WorkbookError(f"{path}: begins with the line '{first.strip()}', which is for Excel; delete that line")
    for mark, called in ((";", "semicolons"), ("\t", "tabs")):
        if mark in first and "," not in first:
            raise WorkbookError(
                f"{path}: its columns stand between {called}; save it with commas, and with points in its numbers, "
                "or save it as .xlsx"
            )
    # Strict: an opening quote that is never closed would take all that follows into one cell.
    lines = list(csv.reader(io.StringIO(text), strict=True))
    rows = [
        [_csv_cell(value, f"{get_column_letter(index)}{number}") for index, value in enumerate(line, start=1)]
        for number, line in enumerate(lines, start=1)
    ]
    for number, line in enumerate(lines[1:], start=2):
        if len(line) > len(lines[0]) and any(is_thousands for _, is_thousands in _pairs(line)):
            raise _too_long(path.stem, number)
    torn = {
        number: tuple(
            Torn(lines[0][at].strip(), lines[0][at + 1].strip(), is_thousands)
            for at, is_thousands in _pairs(line[: len(lines[0])])
        )
        for number, line in enumerate(lines[1:], start=2)
    }
    return Plain(_table(path.stem, rows), torn={number: pairs for number, pairs in torn.items() if pairs})


def _pairs(line: Sequence[str]) -> Iterator[tuple[int, bool]]:
    """Where two neighbours look like one number, and whether like 1 and 234, which thousands are."""
    for at, (one, other) in enumerate(pairwise(line)):
        if _BEFORE_COMMA.fullmatch(one) and _AFTER_COMMA.fullmatch(other):
            yield at, True
        elif _BEFORE_DECIMALS.fullmatch(one) and _DECIMALS.fullmatch(other):
            yield at, False


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


# ---- workbook ----


class _Reader(ExcelReader):  # type: ignore[misc]
    """openpyxl's reader without its own reading of number formats: every number stays the number in the file."""

    def read_worksheets(self) -> None:
        self.wb._date_formats = set()
        self.wb._timedelta_formats = set()
        super().read_worksheets()


def _of_workbook(data: bytes, path: Path, needed: Collection[str], wanted: str) -> Plain:
    book = _load(data, is_data_only=True)
    formulas = _formulas(data)
    filled = {
        sheet.title: [cell for cell in sheet._cells.values() if not _is_empty(cell, formulas.get(sheet.title, ()))]
        for sheet in book.worksheets
    }
    sheet = _chosen(book, path, filled, needed, wanted)
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
    return Plain(_table(sheet.title, rows), is_1904, tuple(map(_named, others)), tuple(_hidden(sheet, cells)))


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


def _chosen(
    book: Workbook, path: Path, filled: Mapping[str, Sequence[Any]], needed: Collection[str], wanted: str
) -> Any:
    """The sheet to read."""
    sheets = book.worksheets
    if wanted:
        for sheet in sheets:
            if sheet.title.casefold() == wanted.strip().casefold():
                return sheet
        raise UsageError(f"{path}: has no sheet '{wanted}'; it has {_listed(map(_named, sheets))}")
    with_cells = [sheet for sheet in sheets if filled[sheet.title]]
    seen = [sheet for sheet in with_cells if sheet.sheet_state == "visible"]
    if not with_cells:
        raise WorkbookError(f"{path}: no sheet of it holds anything")
    if not seen:
        raise WorkbookError(
            f"{path}: what it holds stands on hidden sheets: {_listed(map(_named, with_cells))}; unhide the one that "
            "is meant, or name it with --sheet"
        )
    fitting = [sheet for sheet in seen if {*needed} <= {str(cell.value).strip().casefold() for cell in sheet[1]}]
    if seen[0] not in fitting and len(fitting) > 1:
        raise WorkbookError(
            f"{path}: could be read from more than one sheet: {_listed(map(_named, fitting))}; name one with --sheet"
        )
    return fitting[0] if fitting else seen[0]


def _named(sheet: Any) -> str:
    return f"'{sheet.title}'" + ("" if sheet.sheet_state == "visible" else " (hidden)")


def _listed(names: Iterable[str]) -> str:
    named = list(names)
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    return ", ".join(named[:_MOST_NAMED]) + more


def _hidden(sheet: Any, cells: Sequence[Any]) -> Iterator[str]:
    """Which rows and columns of the list nobody sees, hidden by hand, by a filter, or by their size."""
    rows = {number for number, row in sheet.row_dimensions.items() if row.hidden or row.height == 0}
    if at := sorted(rows & {cell.row for cell in cells}):
        yield f"row {_spans(at, str)} is" if len(at) == 1 else f"rows {_spans(at, str)} are"
    columns = {
        number
        for letters, column in sheet.column_dimensions.items()
        if column.hidden or column.width == 0
        for number in range(column.min or 0, (column.max or 0) + 1)
    }
    if at := sorted(columns & {cell.column for cell in cells}):
        spans = _spans(at, get_column_letter)
        yield f"column {spans} is" if len(at) == 1 else f"columns {spans} are"


def _spans(numbers: Sequence[int], shown: Any) -> str:
    """Numbers in words: `3, 5 to 9`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return _listed(shown(a) if a == b else f"{shown(a)} to {shown(b)}" for a, b in spans)


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


# ---- both ----


def _too_long(name: str, number: int) -> WorkbookError:
    return WorkbookError(
        f"'{name}', line {number} has more cells than the first line has columns; in a CSV, a number with a "
        "thousands comma must stand in quotes"
    )


def _table(name: str, rows: Sequence[Sequence[Cell]]) -> Table:
    """The list in `rows`; what stands under no heading is stray."""
    if not rows:
        raise WorkbookError(f"'{name}' is empty")
    headers = [cell.raw.strip() for cell in rows[0]]
    named = [header.casefold() for header in headers if header]
    if twice := [header for header in named if named.count(header) > 1]:
        raise WorkbookError(f"'{name}' has the column '{twice[0]}' twice; keep one")
    for number, row in enumerate(rows[1:], start=2):
        if any(not cell.is_blank for cell in row[len(headers) :]):
            raise _too_long(name, number)
    listed = tuple(
        Row(number, {header: cell for header, cell in zip(headers, row, strict=False) if header})
        for number, row in enumerate(rows[1:], start=2)
        if any(not cell.is_blank for cell in row)
    )
    stray = tuple(
        cell for row in rows[1:] for header, cell in zip(headers, row, strict=False) if not header and not cell.is_blank
    )
    return Table(name, name, tuple(header for header in headers if header), listed, (), stray[:_MOST_NAMED], len(stray))
