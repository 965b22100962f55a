"""Formulas and names of an open workbook that point at rows of tables by their address.

Excel adjusts them when rows are inserted, moved or deleted. But if the first or last row of a range moves, the result
is unpredictable, and a range over a whole column does not grow when rows are added at its end. So they are read before
and after, and those that do not say what they should are corrected, as in a file (see `formulafill`). Charts, rules and
lists are left to Excel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from xlperf.workbook.a1 import Area
from xlperf.workbook.addresses import may_point_at
from xlperf.workbook.formulafill import Moves, OnSheet, followed
from xlperf.workbook.live.cells_from_excel import dynamic_formulas, has_array, is_a_formula, read_formulas
from xlperf.workbook.live.faults import is_busy, is_gone, patiently
from xlperf.workbook.live.places import area_of, grid, range_of
from xlperf.workbook.port import Pointer

if TYPE_CHECKING:
    import xlwings as xw

_EXCELS_OWN = ("Print_Area", "Print_Titles", "_FilterDatabase")


class Pointing:
    """What names, and formulas outside the tables' rows, say before rows are moved."""

    def __init__(self, book: xw.Book, bodies: Mapping[str, Sequence[Area]]) -> None:
        """Read them; `bodies` are the rows of tables, which are not looked at, by sheet in small letters."""
        self._names = [(name, name.refers_to or "") for name in book.names if _is_a_persons(name.name)]
        self._cells = [
            (sheet, dict(_formulas(sheet, bodies.get(sheet.name.casefold(), ()), bodies))) for sheet in book.sheets
        ]

    def follow(self, moves: OnSheet) -> list[Pointer]:
        """Once Excel has moved the rows, make each formula and name point at where they are now.

        Returns those that cannot, and that stay as they were.
        """
        return [*self._follow_in_names(moves), *self._follow_in_cells(moves)]

    def _follow_in_names(self, moves: OnSheet) -> Iterator[Pointer]:
        for name, was in self._names:
            where = f"the name '{name.name.rpartition('!')[2]}'"
            text = followed(was.removeprefix("="), "", moves, only_fixed=True)
            wanted = was if text is None else f"={text}"
            is_right = name.refers_to == wanted or _is_done(setattr, name, "refers_to", wanted)
            if text is None or not is_right:
                yield Pointer(where, was.removeprefix("="))

    def _follow_in_cells(self, moves: OnSheet) -> Iterator[Pointer]:
        for sheet, cells in self._cells:
            name, tables = sheet.name, moves(sheet.name)
            bodies = [replace(table.body, bottom=table.last) for table in tables]
            now = dict(_formulas(sheet, bodies)) if cells else {}
            for (row, column), was in cells.items():
                text = followed(was.removeprefix("="), name, moves)
                wanted = was if text is None else f"={text}"
                new_row = _row_there(tables, row, column)
                stands = now.get((new_row, column), "")
                is_right = stands == wanted or (
                    stands != "" and _is_done(_put, sheet, Area(column, new_row, column, new_row), wanted)
                )
                if text is None or not is_right:
                    yield Pointer(f"the formula in {name}!{Area(column, row, column, row)}", was)


def _is_a_persons(name: str) -> bool:
    bare = name.rpartition("!")[2]
    return bare not in _EXCELS_OWN and not bare.startswith("_xl")


def _formulas(
    sheet: xw.Sheet, bodies: Sequence[Area], pointed_at: Mapping[str, Sequence[Area]] | None = None
) -> Iterator[tuple[tuple[int, int], str]]:
    """The formulas of a sheet outside some rows, by row and column.

    With `pointed_at`, the rows of tables by sheet, only those of parts of the sheet where one may point at them: to
    read a part takes Excel the longer the more formulas there are, and three questions.
    """
    for area in _without(area_of(sheet.used_range), bodies):
        plain = read_formulas(sheet, area)
        if not any(
            formula.startswith("=") and (pointed_at is None or may_point_at(formula, sheet.name, pointed_at))
            for row in plain
            for formula in row
        ):
            continue
        values = grid(range_of(sheet, area).raw_value, area.bottom - area.top + 1, area.right - area.left + 1)
        texts = dynamic_formulas(sheet, area, plain)
        for i, row in enumerate(plain):
            for j, formula in enumerate(row):
                if is_a_formula(values[i][j], formula):
                    yield (area.top + i, area.left + j), texts[i][j]


def _without(area: Area, holes: Sequence[Area]) -> list[Area]:
    """What remains of an area without some other areas."""
    left = [area]
    for hole in holes:
        left = [piece for each in left for piece in _pieces(each, hole)]
    return left


def _pieces(area: Area, hole: Area) -> Iterator[Area]:
    inside = area.within(hole)
    if inside is None:
        yield area
        return
    if area.top < inside.top:
        yield replace(area, bottom=inside.top - 1)
    if inside.bottom < area.bottom:
        yield replace(area, top=inside.bottom + 1)
    if area.left < inside.left:
        yield replace(inside, left=area.left, right=inside.left - 1)
    if inside.right < area.right:
        yield replace(inside, left=inside.right + 1, right=area.right)


def _row_there(tables: Sequence[Moves], row: int, column: int) -> int:
    """Where a cell outside the tables' rows is now. Only totals rows move."""
    for table in tables:
        if table.body.left <= column <= table.body.right and table.has_row(row):
            return table.row_there(row) or row
    return row


def _put(sheet: xw.Sheet, area: Area, formula: str) -> None:
    if has_array(sheet, area):
        return  # an array of several cells is Excel's to change, as a whole
    cell, plain = range_of(sheet, area), read_formulas(sheet, area)
    if plain == dynamic_formulas(sheet, area, plain):
        cell.formula = formula
    else:
        cell.formula2 = formula


def _is_done(act: Callable[..., None], *arguments: object) -> bool:
    """Whether Excel does it; where somebody protected a sheet, it does not."""
    try:
        patiently(act, *arguments)
    except Exception as error:
        if is_gone(error) or is_busy(error):
            raise
        return False
    return True
