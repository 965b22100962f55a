"""A table of the open workbook as it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlperf.tables import BLANK, NumberStyle, Row, Table
from xlperf.workbook.a1 import column_letters
from xlperf.workbook.live.below import stray_cells
from xlperf.workbook.live.cells_from_excel import CellBlock, cells_of, to_cell
from xlperf.workbook.live.places import Place


def table_at(place: Place, body: CellBlock, date_1904: bool) -> Table:
    """The table at a place, whose rows have been read, with what stands below it."""
    cells = cells_of(place.sheet, body, date_1904) if place.first_row <= place.last_row else []
    rows = [
        Row(number, {h: cell for h, cell in zip(place.columns, line, strict=True) if cell is not BLANK})
        for number, line in enumerate(cells, place.first_row)
    ]
    while rows and not rows[-1].cells:  # a file has no row where nothing is
        rows.pop()
    letters = tuple(column_letters(column) for column in range(place.area.left, place.area.right + 1))
    stray, count = stray_cells(place, date_1904)
    return Table(place.name, place.sheet_name, place.columns, tuple(rows), letters, stray, count)


def keys_in(place: Place, body: CellBlock, headers: Sequence[str], date_1904: bool) -> Mapping[int, tuple[str, ...]]:
    """What stands under some headers in each row that is not blank there, by sheet row."""
    columns = [place.columns.index(header) if header in place.columns else None for header in headers]
    keys: dict[int, tuple[str, ...]] = {}
    for row, (values, formulas) in enumerate(zip(body.values, body.formulas, strict=True), place.first_row):
        key = tuple("" if at is None else _text(values[at], formulas[at], date_1904) for at in columns)
        if any(key):
            keys[row] = key
    return keys


def _text(value: Any, formula: str, date_1904: bool) -> str:
    text = value if isinstance(value, str) else to_cell(value, formula, "", NumberStyle.GENERAL, date_1904).raw
    return text.strip()
