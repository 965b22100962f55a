"""Reading wanted tables: from the bytes of a workbook to a book, or to the findings that say why there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from xlperf.findings import Finding
from xlperf.tables import Book, Cell, CellKind, Row, Table
from xlperf.workbook.a1 import column_letters
from xlperf.workbook.reader.book import Workbook, read_saved_at, read_workbook
from xlperf.workbook.reader.cells import to_cell
from xlperf.workbook.reader.gate import Package
from xlperf.workbook.reader.limits import DEFAULT_LIMITS, Limits, check_count
from xlperf.workbook.reader.ranges import TableRange, choose, read_ranges
from xlperf.workbook.reader.refused import Refused, shown
from xlperf.workbook.reader.sheet import read_sheet
from xlperf.workbook.reader.styles import read_styles
from xlperf.workbook.reader.texts import read_strings


def read_tables(
    data: bytes, wanted: Collection[str] | None, *, file: str = "", limits: Limits = DEFAULT_LIMITS
) -> tuple[Book | None, list[Finding]]:
    """Read the `wanted` tables (None: all) of the workbook that `data` is.

    Returns the book with every wanted table, or None with the findings that say why not; it does not raise, whatever
    is in `data`. Table names match in any case, as in Excel, and come back as asked for.
    """
    try:
        package = Package(data, limits)
        workbook = read_workbook(package)
        tables = read_ranges(package, workbook.sheets)
        missing = choose(tables, wanted)
        if missing:
            return None, [refused.finding(file) for refused in missing]
        return _read_book(package, workbook, tables), []
    except Refused as refused:
        return None, [refused.finding(file)]


def _read_book(package: Package, workbook: Workbook, tables: Sequence[TableRange]) -> Book:
    styles = read_styles(package, workbook.styles)
    needed: set[int] = set()
    for sheet in workbook.sheets:
        here = [table for table in tables if table.sheet == sheet]
        if any(table.is_wanted for table in here):
            needed |= read_sheet(package, sheet, here, styles)
    strings = read_strings(package, workbook.shared_strings, needed)
    wanted = [table for table in tables if table.is_wanted]
    # Rows without a cell cost no bytes in the file, but one object each here.
    rows = sum(max(table.rows) - table.top for table in wanted if table.rows)
    check_count("rows in tables", rows, package.limits.rows)
    return Book(
        {table.name: _table(table, strings) for table in wanted},
        saved_at=read_saved_at(package, workbook.core),
        date_1904=workbook.date_1904,
    )


def _table(table: TableRange, strings: Mapping[int, str]) -> Table:
    headers = _headers(table, strings)
    rows = tuple(
        Row(
            number,
            {
                headers[column - table.left]: to_cell(stored, strings, table.sheet.name)
                for column, stored in table.rows.get(number, {}).items()
            },
        )
        for number in range(table.first_row, max(table.rows, default=0) + 1)
    )
    table.rows.clear()
    letters = tuple(column_letters(table.left + index) for index in range(len(headers)))
    return Table(table.name, table.sheet.name, headers, rows, letters, _stray(table, strings))


def _headers(table: TableRange, strings: Mapping[int, str]) -> tuple[str, ...]:
    """Take the headers that the sheet shows; where it shows none, the column names of the table."""
    headers = list(table.columns)
    if table.first_row > table.top:
        for column, stored in table.rows.get(table.top, {}).items():
            cell = to_cell(stored, strings, table.sheet.name)
            if not cell.is_blank and cell.kind is not CellKind.UNCALCULATED:
                headers[column - table.left] = cell.raw
    header, times = Counter(headers).most_common(1)[0]
    if times > 1:
        message = f"Two columns of the table {shown(table.name)} have the same header."
        raise Refused("F010", message, sheet=table.sheet.name, found=header)
    return tuple(headers)


def _stray(table: TableRange, strings: Mapping[int, str]) -> tuple[Cell, ...]:
    cells = (to_cell(stored, strings, table.sheet.name) for stored in table.stray)
    return tuple(cell for cell in cells if not cell.is_blank)
