"""People's own cells in a table that is written anew: read as they stand, for the row they go to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from xlperf.workbook.a1 import Area
from xlperf.workbook.live.cells_from_excel import (
    GENERAL,
    CellBlock,
    dynamic_formulas,
    error_of,
    fills,
    formats,
    has_array,
    is_a_formula,
    number_of,
    read_block,
)
from xlperf.workbook.live.places import Place
from xlperf.workbook.live.planning import Carried, Given, LiveRow
from xlperf.workbook.port import Kept, TableRow, TypedFormula


def typed_formulas(place: Place, body: CellBlock, headers: Collection[str]) -> dict[tuple[int, str], TypedFormula]:
    """The formulas in some columns of a table whose rows have been read, by sheet row and header."""
    formulas = {}
    for header in headers:
        area, column = _column(place, header), place.columns.index(header)
        here = CellBlock(area, [[row[column]] for row in body.values], [[row[column]] for row in body.formulas])
        if not _has_formula(here):
            continue
        spelt, arrays = dynamic_formulas(place.sheet, area, here.formulas), _arrays(place, area)
        is_columns = fills(body, column)
        for at, (value, formula) in enumerate(zip(here.values, here.formulas, strict=True)):
            if is_a_formula(value[0], formula[0]):
                row = area.top + at
                formulas[row, header] = TypedFormula(spelt[at][0].removeprefix("="), row not in arrays, is_columns)
    return formulas


def with_kept(
    place: Place, rows: Sequence[TableRow], date_1904: bool, new_row_of: Mapping[int, int] | None = None
) -> list[LiveRow]:
    """The rows with the cells that are kept in the place of what names them.

    `there` says where rows stand that have been brought to their places; None where that is still to be done.
    """
    kept: dict[str, list[tuple[int, Kept]]] = {}
    for at, row in enumerate(rows):
        for header, value in row.items():
            if isinstance(value, Kept):
                kept.setdefault(header, []).append((at, value))
    new: list[dict[str, Any]] = [dict(row) for row in rows]
    for header, cells in kept.items():
        area = _column(place, header)
        block = read_block(place.sheet, area)
        has_formula = _has_formula(block)
        spelt = dynamic_formulas(place.sheet, area, block.formulas) if has_formula else block.formulas
        arrays = _arrays(place, area) if has_formula else frozenset()
        codes = {row: code for part, code in formats(place.sheet, area) for row in range(part.top, part.bottom + 1)}
        for at, cell in cells:
            number = cell.row if new_row_of is None else new_row_of[cell.row]
            old = number - area.top
            value, formula = block.values[old][0], block.formulas[old][0]
            if cell.formula is None:
                given, is_bare = _value(value, formula, date_1904)
                new[at][header] = Carried(given, codes.get(number, GENERAL), is_bare)
                continue
            text = f"={cell.formula}"
            dynamic = text if spelt[old][0] != formula else ""
            array = text if number in arrays else ""
            new[at][header] = Carried(text, codes.get(number, GENERAL), True, dynamic, array)
    return [*new]


def _value(value: Any, formula: str, date_1904: bool) -> tuple[Given, bool]:
    """A constant as it is to be handed back, and whether Excel is to treat it as typed, as it must an error."""
    if value is None or isinstance(value, str | bool):
        return "" if value is None else value, False
    error = error_of(value)
    return (error, True) if error else (number_of(value, formula, date_1904), False)


def _column(place: Place, header: str) -> Area:
    at = place.area.left + place.columns.index(header)
    return Area(at, place.body.top, at, place.body.bottom)


def _has_formula(block: CellBlock) -> bool:
    return any(is_a_formula(value[0], formula[0]) for value, formula in zip(block.values, block.formulas, strict=True))


def _arrays(place: Place, area: Area) -> frozenset[int]:
    """The rows of a column in which a formula was entered as an array."""
    if not has_array(place.sheet, area):
        return frozenset()
    rows = range(area.top, area.bottom + 1)
    return frozenset(row for row in rows if has_array(place.sheet, Area(area.left, row, area.left, row)))
