"""Defined names of the open workbook, and the print area of a sheet, which is one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlperf.workbook.a1 import Area
from xlperf.workbook.live.faults import not_found
from xlperf.workbook.names import one_cell
from xlperf.workbook.printareas import moved_print_area

if TYPE_CHECKING:
    import xlwings as xw

_PRINT_AREA = "Print_Area"
_NO_SHEET = "x"
"""For the sheet's name, where a print area is known without it."""


def named_cell(book: xw.Book, name: str) -> tuple[xw.Sheet, Area]:
    """Sheet and place of the one cell that a name of the workbook means. Raises WorkbookError."""
    # Where it is not there, the message names those that are.
    names = meaning(book, name) or meanings(book)
    return one_cell(book.name, name, names, {sheet.name: sheet for sheet in book.sheets})


def meaning(book: xw.Book, name: str) -> dict[str, str]:
    """What a name of the whole workbook refers to, by how it is spelt there, without an equals sign; {} without it.

    Excel is asked for it by name, as a master has a hundred. It may answer with a sheet's own, or refuse.
    """
    with not_found():
        found = book.names[name]
        spelt = found.name
        if spelt.casefold() == name.casefold():
            return {spelt: (found.refers_to or "").removeprefix("=")}
    return {spelt: text for spelt, text in meanings(book).items() if spelt.casefold() == name.casefold()}


def meanings(book: xw.Book) -> dict[str, str]:
    """What each name of the whole workbook refers to, without an equals sign."""
    return {each.name: (each.refers_to or "").removeprefix("=") for each in book.names if "!" not in each.name}


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
