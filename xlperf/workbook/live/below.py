"""What is below a table: room to grow into, and filled cells that belong to no row."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from xlperf.errors import WorkbookError
from xlperf.tables import Cell
from xlperf.workbook.a1 import LAST_COLUMN, LAST_ROW, Area, column_letters
from xlperf.workbook.live.cells_from_excel import read_cells, read_formulas
from xlperf.workbook.live.notes_and_links import hangs_in
from xlperf.workbook.live.places import Place, area_of, end_copying, others_on_sheet, range_of
from xlperf.workbook.tablewriter import no_room

MOST_STRAY = 50
"""How many cells below one table are reported; the same number as for a file."""


def rows_to_put_in(place: Place, rows: int) -> int:
    """How many sheet rows to insert below a table that is to have so many rows: none, or all that it grows by.

    Raises WorkbookError where that would tear another table.
    """
    count = place.first_row + max(rows, 1) - 1 - place.body.bottom
    if count <= 0:
        return 0
    at = place.area.bottom + 1
    grown = place.rows(at, at + count - 1)
    covered = _in_the_way(place, grown)
    torn = next((other.name for other in others_on_sheet(place) if other.area.top < at <= other.area.bottom), "")
    if not covered and (torn or not hangs_in(place.sheet, grown)):
        return 0
    pushed_off = _pushed_off(place, count)
    if torn or pushed_off:
        raise no_room(place.name, at + count - 1, covered, torn, pushed_off)
    return count


def _pushed_off(place: Place, count: int) -> str:
    """The first filled cell that so many new rows would push off the end of the sheet; "" for none."""
    used = area_of(place.sheet.used_range)
    if used.bottom + count <= LAST_ROW:
        return ""
    ends = Area(used.left, LAST_ROW - count + 1, used.right, LAST_ROW)
    formulas = enumerate(read_formulas(place.sheet, ends), ends.top)
    places = ((row, column) for row, line in formulas for column, text in enumerate(line, ends.left) if text)
    return next((f"{column_letters(column)}{row}" for row, column in places), "")


def put_in_rows(place: Place, count: int) -> None:
    """Put in so many sheet rows right below a table."""
    end_copying(place.sheet)
    at = place.area.bottom + 1
    rows = range_of(place.sheet, Area(1, at, LAST_COLUMN, at + count - 1))
    rows.insert(shift="down", copy_origin="format_from_right_or_below")


def check_room(place: Place, new_last: int) -> None:
    """Raise WorkbookError where a table would grow over something."""
    if new_last <= place.body.bottom:
        return
    if new_last + place.has_totals > LAST_ROW:
        raise WorkbookError(f"table '{place.name}' would need {new_last:,} rows and a sheet has {LAST_ROW:,}")
    covered = _in_the_way(place, place.rows(place.area.bottom + 1, new_last + place.has_totals))
    if covered:
        raise no_room(place.name, new_last, covered)


def _in_the_way(place: Place, grown: Area) -> str:
    """What stands where a table is to grow, in words; "" for nothing."""
    in_the_way = [f"table '{other.name}'" for other in others_on_sheet(place) if other.area.meets(grown)]
    with contextlib.suppress(NotImplementedError):
        if range_of(place.sheet, grown).merge_cells is not False:
            in_the_way.append(f"merged cells in {grown}")
    in_the_way += [
        f"{column_letters(grown.left + j)}{grown.top + i}"
        for i, line in enumerate(read_formulas(place.sheet, grown))
        for j, formula in enumerate(line)
        if formula
    ]
    more = f" and {len(in_the_way) - 5} more" if len(in_the_way) > 5 else ""
    return f"{', '.join(in_the_way[:5])}{more}"


def stray_cells(place: Place, date_1904: bool) -> tuple[tuple[Cell, ...], int]:
    """Filled cells below a table in its columns, down to the next table: the first of them, and how many there are."""
    below = _below(place)
    if below is None:
        return (), 0
    free = _free(place, below)
    cells = [
        cell
        for row, line in enumerate(read_cells(place.sheet, below, date_1904), below.top)
        for column, cell in enumerate(line, below.left)
        if not cell.is_blank and free(row, column)
    ]
    return tuple(cells[:MOST_STRAY]), len(cells)


def filled_below(place: Place) -> int:
    """How many cells are filled below a table in its columns, down to the next table."""
    below = _below(place)
    if below is None:
        return 0
    free = _free(place, below)
    return sum(
        bool(text) and free(row, column)
        for row, line in enumerate(read_formulas(place.sheet, below), below.top)
        for column, text in enumerate(line, below.left)
    )


def _below(place: Place) -> Area | None:
    """That part of the sheet; None where nothing is used there."""
    used = area_of(place.sheet.used_range)
    return place.rows(place.area.bottom + 1, used.bottom) if used.bottom > place.area.bottom else None


def _free(place: Place, below: Area) -> Callable[[int, int], bool]:
    """Whether a cell, by row and column, stands above any other table there is below."""
    others = [other.area for other in others_on_sheet(place) if other.area.meets(below)]
    return lambda row, column: not any(each.left <= column <= each.right and row >= each.top for each in others)
