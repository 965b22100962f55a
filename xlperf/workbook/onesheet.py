"""A workbook with one of its sheets, for reading a table of it: of a large workbook, little else need be written."""

from __future__ import annotations

from xlperf.workbook.archive import zipped
from xlperf.workbook.package import Package

_BLANK = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'


def with_one_sheet(package: Package, part: str) -> bytes:
    """The package as it stands, as the bytes of a file in which no sheet but that of `part` holds anything."""
    others = {sheet.part for sheet in package.sheets if sheet.is_worksheet and sheet.part != part}
    parts = {name: _BLANK if name in others else package.part(name) for name in package.part_names}
    return zipped(parts, is_compressed=False)
