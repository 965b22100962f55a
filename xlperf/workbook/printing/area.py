"""What of a sheet is printed: its print area, followed as far as the table reaches, and its titles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from xlperf.workbook.a1 import Area, parse_sheet_area, parse_sheet_span, split_union
from xlperf.workbook.package import Package
from xlperf.workbook.parts import Sheet, TablePart
from xlperf.workbook.printing.page import Page
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.xmltree import is_set

_HIDDEN = re.compile(rb'<[^>]*\shidden="(?:1|true)"')
PRINT_AREA, PRINT_TITLES = "_xlnm.print_area", "_xlnm.print_titles"


def print_area(package: Package, table: TablePart, sheet: SheetXml, page: Page) -> tuple[list[Area], list[Area]]:
    """The areas that the sheet asks for, none where they cannot be followed; and those to be printed."""
    hidden = set(_hidden_columns(sheet))
    places = (table.area.left + table.columns.index(header) for header in page.columns if header in table.columns)
    columns = [column for column in places if column not in hidden]
    belonging = _bounds_of([table.area, *_named_cells(package, table.sheet, page.names)])
    belonging = replace(belonging, bottom=table.area.bottom)
    asked = built_in_name(package, table.sheet, PRINT_AREA)
    spans = [parse_sheet_span(part) for part in split_union(asked)]
    areas = [span[1] for span in spans if span is not None and span[0].casefold() == table.sheet.name.casefold()]
    if len(areas) == len(spans) and all(
        is_in(areas, column, row) for column in columns for row in range(table.area.top, table.area.bottom + 1)
    ):
        return areas, [part for area in areas if (part := area.within(belonging)) is not None]
    named = [area.right for area in _named_cells(package, table.sheet, page.names)]
    right = max([*columns, *named], default=table.area.right)
    return [], [replace(belonging, right=right)]


def is_filled_between(sheet: SheetXml, inner: Sequence[Area], outer: Sequence[Area]) -> bool:
    """Whether something stands in the outer areas that is not in the inner ones."""
    return any(
        cell.is_filled and is_in(outer, cell.column, number) and not is_in(inner, cell.column, number)
        for number, row in sheet.rows.items()
        for cell in sheet.cells(row)
    )


def is_in(areas: Sequence[Area], column: int, row: int) -> bool:
    """Whether a cell is in one of the areas."""
    return any(area.holds(column, row) for area in areas)


def _bounds_of(areas: Sequence[Area]) -> Area:
    """The rectangle around some."""
    return Area(
        min(area.left for area in areas),
        min(area.top for area in areas),
        max(area.right for area in areas),
        max(area.bottom for area in areas),
    )


def hidden_rows(sheet: SheetXml, table: TablePart) -> tuple[int, ...]:
    """The rows of a table that a person has hidden, by their numbers on the sheet."""
    rows = (row for row in range(table.first_row, table.last_row + 1) if row in sheet.rows)
    return tuple(row for row in rows if is_hidden(sheet.rows[row].raw))


def is_hidden(row: bytes) -> bool:
    """Whether a row of a sheet is hidden, as it is written."""
    return _HIDDEN.match(row) is not None


def _hidden_columns(sheet: SheetXml) -> Iterator[int]:
    for first, last, col in sheet.columns():
        if is_set(col, "hidden"):
            yield from range(first, last + 1)


def _named_cells(package: Package, sheet: Sheet, names: Sequence[str]) -> Iterator[Area]:
    wanted = {name.casefold() for name in names}
    for name in package.defined_names:
        place = parse_sheet_area(name.text) if name.name.casefold() in wanted and name.sheet_index is None else None
        if place is not None and place[0].casefold() == sheet.name.casefold():
            yield place[1]


def print_titles(package: Package, table: TablePart, areas: Sequence[Area]) -> str:
    """The rows and columns repeated on every page: those asked for if they are printed anyhow, else the heading."""
    asked = built_in_name(package, table.sheet, PRINT_TITLES)
    if not asked:
        return ""
    spans = [parse_sheet_span(part) for part in split_union(asked)]
    if all(
        span is not None and span[0].casefold() == table.sheet.name.casefold() and _is_printed(span[1], areas)
        for span in spans
    ):
        return asked
    return f"{quoted(table.sheet.name)}!${table.area.top}:${table.area.top}"


def _is_printed(span: Area, areas: Sequence[Area]) -> bool:
    """True for whole rows, or whole columns, that lie within what is printed."""
    rows = any(area.top <= span.top and span.bottom <= area.bottom for area in areas)
    columns = any(area.left <= span.left and span.right <= area.right for area in areas)
    return rows or columns


def built_in_name(package: Package, sheet: Sheet, name: str) -> str:
    """The text of one of Excel's own names of a sheet, "" where it has none."""
    return ",".join(n.text for n in package.defined_names if n.name.casefold() == name and n.sheet_index == sheet.index)


def quoted(sheet: str) -> str:
    """A sheet's name as formulas have it."""
    return "'" + sheet.replace("'", "''") + "'"
