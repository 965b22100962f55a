"""Defined names of the open workbook, and the print area of a sheet, which is one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlperf.errors import WorkbookError
from xlperf.workbook.a1 import Area, parse_sheet_area
from xlperf.workbook.file import moved_print_area

if TYPE_CHECKING:
    import xlwings as xw

_PRINT_AREA = "Print_Area"
_NO_SHEET = "x"
"""For the sheet's name, where a print area is known without it."""


def named_cell(book: xw.Book, name: str) -> tuple[xw.Sheet, Area]:
    """Sheet and place of the one cell that a name of the workbook means. Raises WorkbookError."""
    names = {known.name.casefold(): known for known in book.names if "!" not in known.name}
    if name.casefold() not in names:
        there = ", ".join(sorted(known.name for known in names.values())) or "no names"
        raise WorkbookError(f"{book.name}: no name '{name}'; this workbook has {there}")
    text = (names[name.casefold()].refers_to or "").removeprefix("=")
    sheets = {sheet.name.casefold(): sheet for sheet in book.sheets}
    place = parse_sheet_area(text)
    if place is None or not place[1].is_one_cell or place[0].casefold() not in sheets:
        raise WorkbookError(f"{book.name}: the name '{name}' means {text}, which is not one cell")
    return sheets[place[0].casefold()], place[1]


def print_area(sheet: xw.Sheet) -> str:
    """The print area of a sheet, as `Sheet!$A$1:$C$3`; "" where it has none."""
    for name in sheet.names:  # not by way of the page setup, which Excel cannot give without a printer
        if name.name.rpartition("!")[2] == _PRINT_AREA:
            return (name.refers_to or "").removeprefix("=")
    areas = sheet.page_setup.print_area
    return ",".join(f"{_NO_SHEET}!{area}" for area in areas.split(",")) if areas else ""


def move_print_area(sheet: xw.Sheet, was: str, old_last: int, new_last: int) -> None:
    """Have the bottom edge of a sheet's print area, as it was, moved as far as a table's last row."""
    moved = moved_print_area(was, old_last, new_last)
    if moved == print_area(sheet):
        return
    for name in sheet.names:
        if name.name.rpartition("!")[2] == _PRINT_AREA:
            name.refers_to = f"={moved}"
            return
    sheet.page_setup.print_area = moved.replace(f"{_NO_SHEET}!", "")
