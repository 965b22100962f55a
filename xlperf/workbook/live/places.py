"""Where a table of the open workbook is: its sheet, its edges, its headers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlperf.workbook.a1 import Area

if TYPE_CHECKING:
    import xlwings as xw


@dataclass(frozen=True, slots=True)
class Place:
    """A table as it lies on its sheet; `area` takes in the header and totals rows."""

    name: str
    sheet: xw.Sheet
    sheet_name: str
    table: Any
    area: Area
    columns: tuple[str, ...]
    has_header: bool
    has_totals: bool

    @property
    def first_row(self) -> int:
        """First row below the header."""
        return self.area.top + self.has_header

    @property
    def last_row(self) -> int:
        """Last row above the totals."""
        return self.area.bottom - self.has_totals

    def rows(self, first: int, last: int) -> Area:
        """The table's columns from one row of the sheet to another."""
        return Area(self.area.left, first, self.area.right, last)

    @property
    def body(self) -> Area:
        """Its rows without header and totals; a table always has one, if an empty one."""
        return self.rows(self.first_row, max(self.first_row, self.last_row))


def find_tables(book: xw.Book) -> dict[str, tuple[xw.Sheet, Any]]:
    """Sheet and table, by the table's name, in sheet order."""
    return {table.name: (sheet, table) for sheet in book.sheets for table in sheet.tables}


def place_of(name: str, sheet: xw.Sheet, table: Any) -> Place:
    """Where a table is now."""
    area = area_of(table.range)
    has_header = bool(table.show_headers)
    if has_header:
        top = range_of(sheet, Area(area.left, area.top, area.right, area.top)).raw_value
        columns = tuple(str(header) for header in grid(top, 1, area.right - area.left + 1)[0])
    else:
        columns = tuple(column.name for column in table.columns)
    return Place(name, sheet, sheet.name, table, area, columns, has_header, bool(table.show_totals))


def area_of(cells: xw.Range) -> Area:
    """The rectangle that a range is."""
    (rows, columns), top, left = cells.shape, cells.row, cells.column
    return Area(left, top, left + columns - 1, top + rows - 1)


def range_of(sheet: xw.Sheet, area: Area) -> xw.Range:
    """The range at a rectangle."""
    return sheet.range((area.top, area.left), (area.bottom, area.right))


def grid(handed_out: Any, rows: int, columns: int) -> list[list[Any]]:
    """What Excel hands out for a block, as rows of cells; a single cell or row may come without its list."""
    if rows == columns == 1 and not isinstance(handed_out, (list, tuple)):
        return [[handed_out]]
    if rows == 1 and not isinstance(handed_out[0], (list, tuple)):
        return [list(handed_out)]
    return [list(row) for row in handed_out]


def end_copying(sheet: xw.Sheet) -> None:
    """End copying. Otherwise, where cells are inserted, Excel would insert what somebody has marked for copying."""
    sheet.book.app.cut_copy_mode = False


def others_on_sheet(place: Place) -> list[Place]:
    """The other tables of the same sheet."""
    return [place_of(table.name, place.sheet, table) for table in place.sheet.tables if table.name != place.name]
