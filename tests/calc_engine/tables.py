"""`xlwings.Table` over Calc: an Excel table is a database range there, and is saved as a table again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from tests.calc_engine.comerror import protected, refusal

if TYPE_CHECKING:
    from tests.calc_engine.ranges import Range
    from tests.calc_engine.sheets import Sheet


class Table(base_classes.Table):
    """One table, known by its name."""

    def __init__(self, sheet: Sheet, uno: Any) -> None:
        self._sheet = sheet
        self.uno = uno

    @property
    def api(self) -> Any:
        return self.uno

    @property
    def parent(self) -> Sheet:
        return self._sheet

    @property
    def name(self) -> str:
        return str(self.uno.Name)

    @name.setter
    def name(self, value: str) -> None:
        self.uno.Name = value

    display_name = name

    @property
    def range(self) -> Range:
        return self._sheet.book.range_of(self.uno.DataArea)

    @property
    def header_row_range(self) -> Range | None:
        return self._rows(0, 1) if self.show_headers else None

    @property
    def data_body_range(self) -> Range | None:
        first = int(self.show_headers)
        count = self.range.shape[0] - first - int(self.show_totals)
        return self._rows(first, count) if count > 0 else None

    @property
    def totals_row_range(self) -> Range | None:
        return self._rows(self.range.shape[0] - 1, 1) if self.show_totals else None

    @property
    def insert_row_range(self) -> None:
        return None

    @property
    def show_headers(self) -> bool:
        return bool(self.uno.ContainsHeader)

    @show_headers.setter
    def show_headers(self, value: bool) -> None:
        raise NotImplementedError("taking a header row off is not built")

    @property
    def show_totals(self) -> bool:
        return bool(self.uno.TotalsRow)

    @show_totals.setter
    def show_totals(self, value: bool) -> None:
        raise NotImplementedError("making a totals row is not built")

    @property
    def show_autofilter(self) -> bool:
        return bool(self.uno.AutoFilter)

    @show_autofilter.setter
    def show_autofilter(self, value: bool) -> None:
        if self._sheet.uno.isProtected():
            raise protected()
        if not value:  # Excel shows again what a filter had hidden
            self.uno.getFilterDescriptor().setFilterFields(())
            self.uno.refresh()
            self.range.row_hidden = False
        self.uno.AutoFilter = value

    def resize(self, range: Any) -> None:
        """Move the table's edges; cells stay where they are. `range` is an `xlwings.Range`. Raises ComError."""
        row, column, rows, columns = box = range.impl.box
        old = self.range.box
        if self._sheet.uno.isProtected():
            raise protected()
        if range.impl.sheet.name != self._sheet.name or row != old[0]:
            raise refusal("The headers must remain in the same row, and the tables must overlap.")
        if column > old[1] + old[3] - 1 or column + columns - 1 < old[1] or rows < 1 + int(self.show_headers):
            raise refusal("The tables must overlap, and there must be a row below the headers.")
        for other in Tables(self._sheet):
            if other.name != self.name and _overlap(other.range.box, box):
                raise refusal(f"A table cannot overlap another table ({other.name}).")
        self.uno.DataArea = range.impl.cells.RangeAddress

    def _rows(self, first: int, count: int) -> Range:
        row, column, _, columns = self.range.box
        return self._sheet.range((row + first, column, count, columns))


class Tables(base_classes.Tables):
    """The tables of one sheet, from the top left to the bottom right (Excel: in the order they were made)."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @property
    def api(self) -> Any:
        return self._sheet.book.uno_tables

    @property
    def parent(self) -> Sheet:
        return self._sheet

    def __iter__(self) -> Iterator[Table]:
        number = self._sheet.uno.RangeAddress.Sheet
        areas = [(uno.DataArea, uno) for uno in self._sheet.book.named("table", self.api)]
        mine = [(area.StartRow, area.StartColumn, uno) for area, uno in areas if area.Sheet == number]
        for _, _, uno in sorted(mine, key=lambda each: each[:2]):
            yield Table(self._sheet, uno)

    def __len__(self) -> int:
        return sum(1 for _ in self)  # not len(list(self)): list() asks for the length

    def __call__(self, key: int | str) -> Table:
        tables = list(self)
        if isinstance(key, int):
            if 1 <= key <= len(tables):
                return tables[key - 1]
        else:
            for table in tables:
                if table.name.casefold() == key.casefold():
                    return table
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return any(isinstance(key, str) and table.name.casefold() == key.casefold() for table in self)

    def add(
        self,
        source_type: Any = None,
        source: Any = None,
        link_source: Any = None,
        has_headers: Any = None,
        destination: Any = None,
        table_style_name: Any = None,
        name: str | None = None,
    ) -> Table:
        """Make a table, with headers, of a range (an `xlwings.Range`)."""
        made = name or f"Table{len(self.api.ElementNames) + 1}"
        self.api.addNewByName(made, source.impl.cells.RangeAddress)
        table = self.api.getByName(made)
        table.ContainsHeader, table.AutoFilter = True, True
        return Table(self._sheet, table)


def _overlap(one: tuple[int, int, int, int], two: tuple[int, int, int, int]) -> bool:
    rows = one[0] < two[0] + two[2] and two[0] < one[0] + one[2]
    return rows and one[1] < two[1] + two[3] and two[1] < one[1] + one[3]
