"""Defined names of the open workbook, and the print area of a sheet, which is one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlperf.errors import WorkbookError
from xlperf.workbook.a1 import Area, parse_sheet_area
from xlperf.workbook.file import moved_print_area
from xlperf.workbook.live.places import Place

if TYPE_CHECKING:
    import xlwings as xw

_PRINT_AREA = "Print_Area"


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


def move_print_area(place: Place, new_last: int) -> None:
    """Move the bottom edge of the sheet's print area as far as a table's last row moves."""
    old_last = place.body.bottom
    for name in place.sheet.names:  # not by way of the page setup, which Excel cannot give without a printer
        if name.name.rpartition("!")[2] == _PRINT_AREA:
            text = (name.refers_to or "").removeprefix("=")
            if moved_print_area(text, old_last, new_last) != text:
                name.refers_to = f"={moved_print_area(text, old_last, new_last)}"
            return
    areas = place.sheet.page_setup.print_area
    if areas:
        with_sheet = ",".join(f"x!{area}" for area in areas.split(","))
        moved = moved_print_area(with_sheet, old_last, new_last).replace("x!", "")
        if moved != areas:
            place.sheet.page_setup.print_area = moved
