"""A table of a workbook of ours, read whole, or only the keys of its rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from xlperf.errors import WorkbookError
from xlperf.tables import Table
from xlperf.workbook.cellxml import text_of
from xlperf.workbook.package import Package
from xlperf.workbook.parts import TablePart
from xlperf.workbook.reader import WorkbookTables
from xlperf.workbook.rowxml import RowXml
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.xmltree import REPAIR


def row_keys(
    sheet: SheetXml,
    table: TablePart,
    headers: Sequence[str],
    package: Package,
    numbers: Collection[int] | None = None,
) -> Mapping[int, tuple[str, ...]]:
    """What stands in the columns of `headers`, by sheet row; rows in which nothing stands there are left out.

    `numbers` are the sheet rows that are asked for; None for all of the table.
    """
    body = table.body
    columns = [table.area.left + table.columns.index(header) for header in headers]
    key_of_row = {}
    for number in range(body.top, body.bottom + 1) if numbers is None else sorted(numbers):
        row = sheet.rows.get(number)
        key = tuple(_texts(sheet, row, columns, package)) if row and body.top <= number <= body.bottom else ()
        if any(key):
            key_of_row[number] = key
    return key_of_row


def _texts(sheet: SheetXml, row: RowXml, columns: Sequence[int], package: Package) -> Iterator[str]:
    for column, plain in zip(columns, sheet.plain_texts(row, columns), strict=True):
        yield plain[1].strip() if plain is not None and plain[0] != "s" else _text(sheet, row, column, plain, package)


def _text(sheet: SheetXml, row: RowXml, column: int, plain: tuple[str, str] | None, package: Package) -> str:
    strings = package.shared_strings
    if plain is not None and plain[1].isdigit() and int(plain[1]) < len(strings):
        return strings[int(plain[1])].strip()
    cell = next(iter(sheet.cells_in(row, (column,))), None)
    text = text_of(cell, strings) if cell else ""
    return (cell.value or "" if cell and text is None else text or "").strip()


def whole_table(tables: WorkbookTables, declared: TablePart, file: str) -> Table:
    """A table with all its rows. Raises WorkbookError where it cannot be read, or its headers are not its columns'."""
    name = declared.name
    book, findings = tables.read((name,))
    if book is None:
        messages = "; ".join(finding.message for finding in findings)
        raise WorkbookError(f"{file}: table {name} cannot be read: {messages}")
    table = book.tables[name]
    for shown, column in zip(table.columns, declared.columns, strict=True):
        if shown != column:  # Excel takes such a workbook for damaged, and goes by the sheet
            raise WorkbookError(
                f"{file}: table {name} calls a column '{column}', and its header on the sheet is '{shown}'; {REPAIR}"
            )
    return table
