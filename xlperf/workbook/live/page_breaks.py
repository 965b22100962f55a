"""The page breaks of a table in an open workbook: ours are made anew, a person's are left to Excel.

How much room there is on a page is taken from what was noted when the workbook's file was last written: Excel cannot
say it without a printer. Without such a note nothing is done, and nothing where Excel refuses: a collation is not to be
lost for a page break.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from xlperf.workbook.a1 import LAST_COLUMN, Area
from xlperf.workbook.live.faults import for_looks, native_value, patiently, set_native_value
from xlperf.workbook.live.named import meaning
from xlperf.workbook.live.places import Place, range_of
from xlperf.workbook.names import constant
from xlperf.workbook.printing.paging import Paging, note_of_pages, paging, read_record, recorded

if TYPE_CHECKING:
    import xlwings as xw

_MANUAL, _NONE = -4135, -4142
"""Excel's numbers of a break that was set, and of none."""


def keep_together(book: xw.Book, place: Place, with_next: Collection[int]) -> None:
    """Break the pages of a table's sheet so that none ends with a row that belongs with the next.

    `with_next` are such rows, counted from 0.
    """
    name = note_of_pages(place.name)
    was = read_record(constant(name, patiently(meaning, book, name)))
    if was is None:
        return
    with for_looks():
        room, ours = was
        rows = range(place.first_row, place.body.bottom + 1)
        if patiently(_breaks, place, rows) != set(ours.breaks):
            return
        made = paging([patiently(_height, place, row) for row in rows], with_next, room)
        if made == ours or not _fit(place, ours, made):
            return
        for number in sorted({*ours.breaks} ^ {*made.breaks}):
            value = _MANUAL if number in made.breaks else _NONE
            patiently(set_native_value, _row(place, place.first_row + number), "PageBreak", value)
        patiently(_note, book, name, recorded(room, made))


def _fit(place: Place, ours: Paging, made: Paging) -> bool:
    """Fit the sheet on one page, or no longer; whether Excel would."""
    if ours.is_one_page == made.is_one_page:
        return True
    setup = place.sheet.page_setup
    return set_native_value(setup, "FitToPagesTall", 1 if made.is_one_page else False)


def _breaks(place: Place, rows: range) -> set[int]:
    """How many rows of the table stand above each break that was set."""
    after_first = list(enumerate(rows))[1:]
    return {number for number, row in after_first if native_value(_row(place, row), "PageBreak") == _MANUAL}


def _height(place: Place, row: int) -> float:
    return float(_row(place, row).row_height or 0)


def _row(place: Place, row: int) -> Any:
    return range_of(place.sheet, Area(1, row, LAST_COLUMN, row))


def _note(book: xw.Book, name: str, text: str) -> None:
    each = book.names[name]
    if each.name.casefold() == name.casefold():  # not a sheet's own name
        each.refers_to = f'="{text}"'
