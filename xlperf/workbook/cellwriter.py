"""Putting values into single cells of a sheet, as a person typing would; styles and all else stay."""

from __future__ import annotations

from collections.abc import Mapping

from xlperf.errors import WorkbookError
from xlperf.workbook.a1 import Area, column_letters
from xlperf.workbook.cellxml import style_attribute, value_xml
from xlperf.workbook.parts import TablePart
from xlperf.workbook.port import CellValue
from xlperf.workbook.sheetxml import SheetXml


def put_values(xml: SheetXml, row: int, values: Mapping[int, CellValue], date_1904: bool) -> bool:
    """Put values, by column, into a row; the cells between them stay. Returns whether a formula was written over."""
    area = Area(min(values), row, max(values), row)
    before = {cell.column: cell for cell in xml.cells(xml.rows[row])} if row in xml.rows else {}
    cells = {column: cell.raw for column, cell in before.items() if area.left <= column <= area.right}
    for column, value in values.items():
        old = before.get(column)
        style = style_attribute(old.attributes.get("s") if old else xml.style_of(column, row))
        reference = f"{column_letters(column)}{row}"
        cells[column] = value_xml(xml.prefix, reference, style, value, date_1904).encode()
    xml.put(area, b"".join(cells[column] for column in sorted(cells)))
    return any(before[column].formula is not None for column in values if column in before)


def columns_of(
    table: TablePart, changes: Mapping[int, Mapping[str, CellValue]], file: str
) -> list[tuple[int, dict[int, CellValue]]]:
    """The values for each row of a table by the column of the sheet; `changes` has them by sheet row and header.

    Raises WorkbookError for an unknown header or a row outside the table.
    """
    for row, values in changes.items():
        for header in values:
            if header not in table.columns or not table.first_row <= row <= table.area.bottom:
                raise WorkbookError(f"{file}: table {table.name} has no row {row}, column '{header}'")
    column_of = {header: table.area.left + at for at, header in enumerate(table.columns)}
    return [(row, {column_of[header]: value for header, value in values.items()}) for row, values in changes.items()]
