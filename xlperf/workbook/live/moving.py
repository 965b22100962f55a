"""Brings the rows of a table to their new places as a person would in Excel: cells are inserted, cut and deleted.

What is attached to a row goes with it, threads too, and what points at it follows by Excel's own rules. Whichever step
fails, each row stays whole: its contents and what is attached to it are never separated.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from xlperf.errors import WorkbookError
from xlperf.workbook.a1 import LAST_ROW, Area
from xlperf.workbook.live.faults import for_looks, is_busy, is_gone, patiently, words
from xlperf.workbook.live.named import move_print_area, print_area
from xlperf.workbook.live.notes_and_links import hangs_in
from xlperf.workbook.live.places import Place, end_copying, others_on_sheet, place_of, range_of
from xlperf.workbook.live.row_steps import Steps, steps
from xlperf.workbook.live.rowlooks import heights, look_like_most, take_heights_along
from xlperf.workbook.live.writing import look_empty, resize, show_all

if TYPE_CHECKING:
    import xlwings as xw

BELOW, ABOVE = "format_from_right_or_below", "format_from_left_or_above"


class RowsStay(WorkbookError):
    """The rows of a table could not be brought to their places; the table is as it was."""


def is_settled(place: Place, moved: Mapping[int, int], new_last: int) -> bool:
    """Whether no row changes place or goes, so that at most the end of the table moves down."""
    body = place.body
    stay = all(moved.get(row) == row for row in range(body.top, body.bottom + 1))
    return stay and (new_last == body.bottom or not place.has_totals)


def bring(place: Place, moved: Mapping[int, int], new_last: int) -> Place:
    """Bring the rows of a table to where they will be, and say where the table then is.

    `moved` says of each row that stays where it will be; rows of which it says nothing go, with what hangs on them. New
    rows are blank. What stands below the table stays where it is, so there must be room; see `below.make_room`.

    Raises RowsStay where Excel refuses; the table is then as it was. What Excel raises where that cannot be: then rows
    may be elsewhere, each of them whole, and writing the table again puts it right.
    """
    _check_below(place)
    old_last, was, old_heights = place.body.bottom, patiently(print_area, place.sheet), patiently(heights, place)
    show_all(place.table)
    plan = steps(place.first_row, old_last, moved, new_last)
    patiently(end_copying, place.sheet)
    done: list[Callable[[], None]] = []
    try:
        _put_in_and_move(place, plan, done)
        _look_as_usual(place, plan, moved)
        for first, last in plan.taken_out:
            patiently(_take_out, place.sheet, place.rows(first, last))
            done.append(_stays_done)
    except Exception as error:
        if is_gone(error) or not _is_undone(done) or is_busy(error):
            raise
        raise RowsStay(_refused(place, words(error))) from error
    with for_looks():
        _put_right_below(place, old_last, new_last)
    place = patiently(place_of, place.name, place.sheet, place.table)
    if place.last_row != new_last:
        patiently(resize, place, new_last)
        place = patiently(place_of, place.name, place.sheet, place.table)
    patiently(take_heights_along, place, old_heights, moved, old_last)
    patiently(move_print_area, place.sheet, was, old_last, new_last)
    return place


def _check_below(place: Place) -> None:
    """Raise RowsStay if Excel would have to tear another table, which it refuses to do."""
    for other in others_on_sheet(place):
        if other.area.meets(place.rows(place.area.bottom + 1, LAST_ROW)) and not (
            place.area.left <= other.area.left and other.area.right <= place.area.right
        ):
            raise RowsStay(_refused(place, f"the table '{other.name}' below it reaches beyond its columns"))


def _refused(place: Place, why: str) -> str:
    return (
        f"sheet '{place.sheet_name}', table '{place.name}': its rows could not be brought to their places ({why}), so "
        "it was left as it was"
    )


def _put_in_and_move(place: Place, plan: Steps, done: list[Callable[[], None]]) -> None:
    """Insert blank rows and move rows into them; `done` collects what undoes each step."""
    sheet = place.sheet
    for row, count in plan.put_in:
        area = place.rows(row, row + count - 1)
        patiently(_put_in, sheet, area, BELOW if row == place.first_row else ABOVE)
        done.append(lambda area=area: patiently(_take_out, sheet, area))  # type: ignore[misc]
    for first, last, to in plan.moves:
        here, target = place.rows(first, last), place.rows(to, to + last - first)
        patiently(_move, sheet, here, target)
        done.append(lambda here=here, target=target: patiently(_move, sheet, target, here))  # type: ignore[misc]


def _look_as_usual(place: Place, plan: Steps, moved: Mapping[int, int]) -> None:
    """Give new rows the usual look, before the rows that show it go."""
    is_new = {row for first, last in plan.new_meanwhile for row in range(first, last + 1)}
    is_left = {row for first, last, _ in plan.moves for row in range(first, last + 1)}
    count = sum(number for _, number in plan.put_in)
    rows = range(place.first_row, place.body.bottom + count + 1)
    looked_at = [row for row in rows if row not in is_new and row not in is_left]
    look_like_most(place, looked_at, plan.new_meanwhile)


def _put_right_below(place: Place, old_last: int, new_last: int) -> None:
    """Bring what is below the table back to where it was, since it moved up or down with the rows."""
    end = new_last + int(place.has_totals) + 1
    if new_last > old_last and not hangs_in(place.sheet, place.rows(end, end + new_last - old_last - 1)):
        patiently(_take_out, place.sheet, place.rows(end, end + new_last - old_last - 1))
    elif new_last < old_last:
        area = place.rows(end, end + old_last - new_last - 1)
        patiently(_put_in, place.sheet, area, BELOW)
        look_empty(range_of(place.sheet, area))


def _is_undone(done: list[Callable[[], None]]) -> bool:
    """Undo steps, the last first. Returns whether that was possible."""
    with contextlib.suppress(Exception):
        while done:
            done[-1]()
            done.pop()
    return not done


def _stays_done() -> None:
    """Stands in place of an undo: rows that have been deleted do not come back."""
    raise NotImplementedError


def _put_in(sheet: xw.Sheet, area: Area, look: str) -> None:
    range_of(sheet, area).insert(shift="down", copy_origin=look)


def _take_out(sheet: xw.Sheet, area: Area) -> None:
    range_of(sheet, area).delete(shift="up")


def _move(sheet: xw.Sheet, area: Area, target: Area) -> None:
    range_of(sheet, area).move(range_of(sheet, target))
