"""Print areas: each goes on covering what it covered, whatever grows on its sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from xlperf.workbook.a1 import LAST_COLUMN, Area, absolute, parse_sheet_area, split_union
from xlperf.workbook.parts import DEFINED_NAME, Sheet, TablePart
from xlperf.workbook.xmltree import Node


def print_areas(root: Node, sheet: Sheet) -> Iterator[Node]:
    """The names that say what is printed of a sheet; `root` is the part about the whole workbook."""
    for name in root.iterfind(DEFINED_NAME):
        if (name.get("name"), name.get("localSheetId")) == ("_xlnm.Print_Area", str(sheet.index)):
            yield name


def move_print_areas(root: Node, table: TablePart, last_row: int) -> None:
    """Have the print area of a table's sheet go on covering it where its last row is now `last_row`."""
    for name in print_areas(root, table.sheet):
        area, last = table.area, last_row + table.totals_rows
        name.text = moved_print_area(name.text or "", area.bottom, last, area.left, area.right)


def moved_print_area(text: str, old_last: int, new_last: int, left: int = 1, right: int = LAST_COLUMN) -> str:
    """Return a print area with its bottom edge moved to a table's last row. One that leaves the table out stays.

    `left` and `right` are the columns of the table, if they are known.
    """

    def moved(area: Area) -> Area:
        if not area.meets(Area(left, old_last, right, old_last)):
            return area
        return replace(area, bottom=max(area.bottom + new_last - old_last, area.top))

    return _each(text, moved)


def print_area_below(text: str, table: Area, followed: Callable[[Area], Area | None]) -> str:
    """Return a print area after sheet rows were put in below a table: one that leaves out its end.

    Those that have it move as the table is written.
    """
    end = replace(table, top=table.bottom)
    return _each(text, lambda area: area if area.meets(end) else followed(area) or area)


def _each(text: str, moved: Callable[[Area], Area]) -> str:
    areas = []
    for part in split_union(text):
        place = parse_sheet_area(part)
        if place is not None and (new := moved(place[1])) != place[1]:
            part = f"{part.rpartition('!')[0]}!{absolute(new)}"
        areas.append(part)
    return ",".join(areas)
