"""Putting values into single cells of a sheet, as a person typing would; styles and all else stay."""

from __future__ import annotations

from collections.abc import Mapping

from xlperf.workbook.a1 import Area, column_letters
from xlperf.workbook.cellxml import style_attribute, value_xml
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
