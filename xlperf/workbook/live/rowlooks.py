"""How the rows of a table look in an open workbook: the usual look, and heights that a person set for some rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from xlperf.workbook.a1 import Area
from xlperf.workbook.live.cells_from_excel import read_formulas
from xlperf.workbook.live.faults import for_looks, patiently
from xlperf.workbook.live.places import Place, range_of

if TYPE_CHECKING:
    import xlwings as xw

_SAMPLES = 5
"""How many rows are looked at, cell by cell, to find the usual look. Every question to Excel takes time."""
_FEW = 3
"""Rows of which the look of most does not say that it is the column's, as in a file: see `workbook.looks`."""
_ASKED = 200
"""Questions after which heights are taken to follow the rows' texts, which Excel sees to itself."""


def look_like_most(place: Place, rows: Sequence[int], new: Sequence[tuple[int, int]]) -> None:
    """Give new rows the look that each column has in most of `rows`, so that nobody's highlight spreads.

    With only one or two rows, nobody can tell whether a colour was meant for the whole column.
    """
    if not rows or not new:
        return
    columns = list(range(place.area.left, place.area.right + 1))
    sources: dict[int, int] = {}
    with for_looks():
        sources = patiently(_usual_rows, place, rows, columns)
    if not sources:
        return
    for row, run in groupby(columns, key=sources.__getitem__):
        alike = list(run)
        for first, last in new:
            with for_looks():
                source = range_of(place.sheet, Area(alike[0], row, alike[-1], row))
                patiently(copy_look, source, range_of(place.sheet, Area(alike[0], first, alike[-1], last)))
    if len(rows) < _FEW and any(patiently(_says_something, place, row) for row in rows):
        for first, last in new:
            with for_looks():
                patiently(_without_fill, range_of(place.sheet, place.rows(first, last)))


def _says_something(place: Place, row: int) -> bool:
    return any(formula for line in read_formulas(place.sheet, place.rows(row, row)) for formula in line)


def _without_fill(cells: xw.Range) -> None:
    cells.color = None


def copy_look(source: xw.Range, new: xw.Range) -> None:
    """Have some cells look like others."""
    source.copy()
    new.paste(paste="formats")
    source.sheet.book.app.cut_copy_mode = False


def _usual_rows(place: Place, rows: Sequence[int], columns: Sequence[int]) -> dict[int, int]:
    """For each column the row that shows its usual look; the same for all, as far as there is one."""
    step = max(1, (len(rows) - 1) // (_SAMPLES - 1)) if len(rows) > _SAMPLES else 1
    sampled = list(dict.fromkeys([*rows[::step][: _SAMPLES - 1], rows[-1]]))
    if len(sampled) == 1:
        return dict.fromkeys(columns, sampled[0])
    looks = {(row, column): _look(place.sheet, row, column) for row in sampled for column in columns}
    usual = {column: Counter(looks[row, column] for row in sampled).most_common(1)[0][0] for column in columns}
    by_use = sorted(sampled, key=lambda row: -sum(looks[row, column] == usual[column] for column in columns))
    return {column: next(row for row in by_use if looks[row, column] == usual[column]) for column in columns}


def _look(sheet: xw.Sheet, row: int, column: int) -> tuple[Any, ...]:
    cell = range_of(sheet, Area(column, row, column, row))
    font = cell.font
    return cell.color, font.color, font.bold, font.italic


def heights(place: Place) -> tuple[float | None, dict[int, float]]:
    """The height of most rows of a table, and the rows that a person gave another height.

    (None, {}) where no height is the usual one: then the heights follow what the rows contain.
    """
    height_by_row = dict(_heights(place.sheet, place.body.top, place.body.bottom, [_ASKED]))
    if len(height_by_row) < place.body.bottom - place.body.top + 1:
        return None, {}
    usual, count = Counter(height_by_row.values()).most_common(1)[0]
    if count * 2 <= len(height_by_row):
        return None, {}
    return usual, {row: height for row, height in height_by_row.items() if height != usual}


def _heights(sheet: xw.Sheet, first: int, last: int, left: list[int]) -> Iterator[tuple[int, float]]:
    """The height of each row; `left` holds how many questions may still be asked."""
    left[0] -= 1
    if left[0] < 0:
        return
    height = range_of(sheet, Area(1, first, 1, last)).row_height
    if height is not None:
        yield from ((row, height) for row in range(first, last + 1))
    elif first < last:
        middle = (first + last) // 2
        yield from _heights(sheet, first, middle, left)
        yield from _heights(sheet, middle + 1, last, left)


def take_heights_along(
    place: Place, old: tuple[float | None, Mapping[int, float]], moved: Mapping[int, int], old_last: int
) -> None:
    """Give rows that have been moved the heights they had. Excel leaves heights where they were."""
    usual, own = old
    if usual is None:
        return
    last = place.body.bottom
    if last > old_last:
        grow_to_height(place, old_last, usual)
    new_heights = {moved[row]: height for row, height in own.items() if row in moved}
    for row in sorted(own.keys() | new_heights.keys()):
        height = new_heights.get(row, usual)
        if row <= last and own.get(row, usual) != height:
            _set_height(range_of(place.sheet, place.rows(row, row)), height)


def grow_to_height(place: Place, old_last: int, height: float | None) -> None:
    """Give new rows at the end the usual height, unless some row has another height anyway.

    Once it is set, a row's height no longer follows its text.
    """
    with for_looks():
        below = place.area.bottom + 1
        if height is not None and height != range_of(place.sheet, place.rows(below, below)).row_height:
            _set_height(range_of(place.sheet, place.rows(old_last + 1, place.body.bottom)), height)


def _set_height(rows: xw.Range, height: float) -> None:
    with for_looks():
        rows.row_height = height
