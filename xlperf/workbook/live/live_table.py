"""A table of the open workbook as it stands."""

from __future__ import annotations

from xlperf.tables import BLANK, Row, Table
from xlperf.workbook.a1 import column_letters
from xlperf.workbook.live.below import stray_cells
from xlperf.workbook.live.cells_from_excel import read_cells
from xlperf.workbook.live.places import Place


def read_table_at(place: Place, date_1904: bool) -> Table:
    """The table at a place, with what stands below it."""
    cells = read_cells(place.sheet, place.body, date_1904) if place.first_row <= place.last_row else []
    rows = [
        Row(number, {h: cell for h, cell in zip(place.columns, line, strict=True) if cell is not BLANK})
        for number, line in enumerate(cells, place.first_row)
    ]
    while rows and not rows[-1].cells:  # a file has no row where nothing is
        rows.pop()
    letters = tuple(column_letters(column) for column in range(place.area.left, place.area.right + 1))
    stray, count = stray_cells(place, date_1904)
    return Table(place.name, place.sheet_name, place.columns, tuple(rows), letters, stray, count)
