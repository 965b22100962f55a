"""What lies below a table: room to grow into, and filled cells that no row holds."""

from __future__ import annotations

import contextlib

from xlperf.errors import WorkbookError
from xlperf.tables import Cell
from xlperf.workbook.a1 import LAST_ROW, Area, column_letters
from xlperf.workbook.live.faults import patiently
from xlperf.workbook.live.places import Place, area_of, others_on_sheet, range_of
from xlperf.workbook.live.reading import read_cells, read_formulas

MOST_STRAY = 50
"""Cells below one table that are reported, as from a file."""


def check_room(place: Place, new_last: int) -> None:
    """Raise WorkbookError where a table would grow over something."""
    if new_last <= place.body.bottom:
        return
    if new_last > LAST_ROW:
        raise WorkbookError(f"table '{place.name}' would need {new_last:,} rows and a sheet has {LAST_ROW:,}")
    in_the_way = patiently(_in_the_way, place, place.rows(place.body.bottom + 1, new_last))
    if in_the_way:
        more = f" and {len(in_the_way) - 5} more" if len(in_the_way) > 5 else ""
        raise WorkbookError(
            f"table '{place.name}' has to grow to row {new_last} and would cover {', '.join(in_the_way[:5])}{more}; "
            "move them away from below the table"
        )


def _in_the_way(place: Place, grown: Area) -> list[str]:
    """What stands where a table is to grow."""
    found = [f"table '{other.name}'" for other in others_on_sheet(place) if other.area.meets(grown)]
    with contextlib.suppress(NotImplementedError):
        if range_of(place.sheet, grown).merge_cells is not False:
            found.append(f"merged cells in {grown}")
    return found + [
        f"{column_letters(grown.left + j)}{grown.top + i}"
        for i, line in enumerate(read_formulas(place.sheet, grown))
        for j, formula in enumerate(line)
        if formula
    ]


def stray_cells(place: Place, date_1904: bool) -> tuple[tuple[Cell, ...], int]:
    """Filled cells below a table in its columns, down to the next table: the first of them, and how many there are."""
    used = area_of(place.sheet.used_range)
    if used.bottom <= place.area.bottom:
        return (), 0
    below = place.rows(place.area.bottom + 1, used.bottom)
    taken = {
        (row, column)
        for other in others_on_sheet(place)
        if other.area.meets(below)
        for column in range(other.area.left, other.area.right + 1)
        for row in range(other.area.top, used.bottom + 1)
    }
    cells = [
        cell
        for row, line in enumerate(read_cells(place.sheet, below, date_1904), below.top)
        for column, cell in enumerate(line, below.left)
        if not cell.is_blank and (row, column) not in taken
    ]
    return tuple(cells[:MOST_STRAY]), len(cells)
