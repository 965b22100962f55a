"""Writes a planned table into its sheet, in the order in which a failure half-way does the least harm.

Everything has been checked before. Then:

    1. A table that grows is made longer first. Otherwise rows written below it would belong to nothing, and would be in
       the way next time.
    2. Number formats are set, so that what comes next is read as it is meant.
    3. Cells that say something else are written: where every row stands in its place already, only those, as a few
       rectangles; otherwise all of them in one call, empty ones too. Excel does all of a call or nothing, so a person's
       note never stands beside the wrong row. (More than a million cells go in several calls, to save memory, and
       formulas with dynamic arrays go in a call of their own.)
    4. A table that shrinks is made shorter last, when the rows it leaves are empty.

After a failure at any step, writing the table again puts it right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from xlperf.workbook.a1 import LAST_ROW, Area
from xlperf.workbook.live.cells_from_excel import GENERAL, formats
from xlperf.workbook.live.faults import LONG_PATIENCE, for_looks, patiently
from xlperf.workbook.live.places import Place, range_of
from xlperf.workbook.live.planning import Plan, plan_cell
from xlperf.workbook.live.rowlooks import copy_look, grow_to_height, look_like_most
from xlperf.workbook.port import CellValue

if TYPE_CHECKING:
    import xlwings as xw


MOST_AT_ONCE = 1_000_000
"""Cells written in one call; no table that people add notes to has as many."""
Span = tuple[int, int, int]
"""A row of a table, and from which column to which, all counted from 0."""
_MOST_PIECES, _GAPS = 16, (1, 4, 16, 64, LAST_ROW)
"""How many calls are made at most for cells here and there, and over how many rows one reaches to that end."""
_OWN_SIDES = ("edge_left", "edge_right", "edge_bottom", "inside_vertical", "inside_horizontal")
"""Without the upper edge, which is the lower edge of the row above."""


def put(place: Place, plan: Plan, other: Sequence[Span] | None = None, *, is_kept: bool = False) -> None:
    """Write the plan into the table, which becomes as long as it.

    `other` are the cells that differ from the plan, where the rows stand in their places; None for all of them.
    `is_kept` says that rows go on being about the same, so that what somebody made of one row's looks is no other's.
    """
    sheet, first, old_last = place.sheet, place.first_row, place.body.bottom
    new_last = first + len(plan.cells) - 1
    show_all(place.table)
    if new_last > old_last:
        patiently(resize, place, new_last)
        _look_like_old(replace(place, area=place.rows(place.area.top, new_last)), old_last, None if is_kept else first)
    for area, code in patiently(_new_formats, place, plan):
        patiently(_set_format, sheet, area, code)
    _put_cells(place, plan, other, max(new_last, old_last) - first + 1)
    if new_last < old_last:
        patiently(resize, place, new_last)
        look_empty(range_of(sheet, place.rows(new_last + 1, old_last)))
    with for_looks():
        patiently(_unhide, range_of(sheet, place.rows(first, new_last)))


def _put_cells(place: Place, plan: Plan, other: Sequence[Span] | None, height: int) -> None:
    """Write all cells of a table so many rows high, or rectangles around those that differ from the plan."""
    width = len(plan.formats)
    block: list[list[Any]] = [*plan.cells, *([""] * width for _ in range(height - len(plan.cells)))]
    pieces = _pieces(height, width) if other is None else _around(other)
    for piece in pieces:
        cells = [row[piece.left : piece.right + 1] for row in block[piece.top : piece.bottom + 1]]
        patiently(_put, range_of(place.sheet, _on_sheet(place, piece)), cells)
    for area, formulas in _dynamic(place, plan, pieces):
        patiently(_put_dynamic, place.sheet, area, formulas, seconds=LONG_PATIENCE)
    for (row, column), formula in plan.arrays.items():
        if any(piece.holds(column, row) for piece in pieces):
            cell = _on_sheet(place, Area(column, row, column, row))
            patiently(_put_array, place.sheet, cell, formula, seconds=LONG_PATIENCE)


def _pieces(height: int, width: int) -> list[Area]:
    step = max(1, MOST_AT_ONCE // width)
    return [Area(0, top, width - 1, min(top + step, height) - 1) for top in range(0, height, step)]


def _around(other: Sequence[Span]) -> list[Area]:
    """At most a few rectangles that hold all the cells: those of rows that follow each other, or nearly so."""
    pieces: list[Area] = []
    for gap in _GAPS:
        pieces = []
        for row, left, right in other:
            last = pieces[-1] if pieces else None
            if last is not None and row - last.bottom <= gap:
                pieces[-1] = Area(min(last.left, left), last.top, max(last.right, right), row)
            else:
                pieces.append(Area(left, row, right, row))
        if len(pieces) <= _MOST_PIECES:
            break
    return pieces


def _on_sheet(place: Place, piece: Area) -> Area:
    """A rectangle of a table's rows, counted from 0, as it lies on the sheet."""
    x, y = place.area.left, place.first_row
    return Area(x + piece.left, y + piece.top, x + piece.right, y + piece.bottom)


def _put(cells: xw.Range, block: list[list[Any]]) -> None:
    cells.raw_value = block[0][0] if len(block) == len(block[0]) == 1 else block


def _dynamic(place: Place, plan: Plan, pieces: Sequence[Area]) -> Iterator[tuple[Area, list[list[str]]]]:
    """The formulas just written that have to be given once more, as dynamic ones: runs of rows of one column."""
    written = {at for at in plan.dynamic if any(piece.holds(at[1], at[0]) for piece in pieces)}
    for column in sorted({column for _, column in written}):
        rows = sorted(row for row, at in written if at == column)
        for _, run in groupby(enumerate(rows), key=lambda numbered: numbered[1] - numbered[0]):
            together = [row for _, row in run]
            area = _on_sheet(place, Area(column, together[0], column, together[-1]))
            yield area, [[plan.dynamic[row, column]] for row in together]


def _put_dynamic(sheet: xw.Sheet, area: Area, formulas: list[list[str]]) -> None:
    range_of(sheet, area).formula2 = formulas


def _put_array(sheet: xw.Sheet, area: Area, formula: str) -> None:
    range_of(sheet, area).formula_array = formula


def _set_format(sheet: xw.Sheet, area: Area, code: str) -> None:
    range_of(sheet, area).number_format = code


def resize(place: Place, last_row: int) -> None:
    """Have a table end in another row, above its totals."""
    area = Area(place.area.left, place.area.top, place.area.right, last_row + int(place.has_totals))
    place.table.resize(range_of(place.sheet, area))


def show_all(table: Any) -> None:
    """End filtering: Excel does not write a whole block over rows that a filter hides."""
    if patiently(getattr, table, "show_autofilter"):
        patiently(setattr, table, "show_autofilter", False)
        patiently(setattr, table, "show_autofilter", True)


def _unhide(cells: xw.Range) -> None:
    cells.rows.hidden = False


def _new_formats(place: Place, plan: Plan) -> list[tuple[Area, str]]:
    """The number formats to set: pieces of columns that have another one now, then the odd cells."""
    first = place.first_row
    new = []
    for area, now in formats(place.sheet, place.rows(first, first + len(plan.cells) - 1)):
        columns = range(area.left, area.right + 1)
        for code, group in groupby(columns, key=lambda column: plan.formats[column - place.area.left]):
            if code != now:
                alike = list(group)
                new.append((Area(alike[0], area.top, alike[-1], area.bottom), code))
    for (row, column), code in plan.odd.items():
        x, y = place.area.left + column, first + row
        new.append((Area(x, y, x, y), code))
    return new


def _look_like_old(place: Place, old_last: int, first: int | None) -> None:
    """Give new rows at the end of a table the look of its first row, or of most where that is None."""
    new_last = place.body.bottom
    if first is None:
        look_like_most(place, range(place.first_row, old_last + 1), [(old_last + 1, new_last)])
    else:
        with for_looks():
            source = range_of(place.sheet, place.rows(first, first))
            patiently(copy_look, source, range_of(place.sheet, place.rows(old_last + 1, new_last)))
    with for_looks():
        height = range_of(place.sheet, place.rows(place.first_row, old_last)).row_height
        grow_to_height(place, old_last, height)


def look_empty(cells: xw.Range) -> None:
    """Remove fill and borders from rows that the table has left. Conditional formats stay, for when it grows again."""
    with for_looks():
        cells.color = None
    for side in _OWN_SIDES:
        with for_looks():
            cells.borders[side].line_style = None


def put_cell(sheet: xw.Sheet, area: Area, value: CellValue, date_1904: bool) -> None:
    """Put a value into one cell, whose number format stays where it can show the value. Raises WorkbookError."""
    cell = range_of(sheet, area)
    code: str = patiently(getattr, cell, "number_format") or GENERAL
    given, needed = plan_cell(value, code, str(area), date_1904)

    def put_value() -> None:
        if needed is not None and needed != code:
            cell.number_format = needed
        cell.raw_value = given

    patiently(put_value)
