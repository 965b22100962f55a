"""`xlwings.Name` over Calc: a named range or formula of a workbook or of one sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from tests.calc_engine.comerror import ComError, refusal
from tests.calc_engine.structs import struct

if TYPE_CHECKING:
    from tests.calc_engine.books import Book
    from tests.calc_engine.ranges import Range
    from tests.calc_engine.sheets import Sheet


class Name(base_classes.Name):
    """One name; `sheet` is None for a name of the whole workbook."""

    def __init__(self, book: Book, sheet: Sheet | None, uno: Any) -> None:
        self.book = book
        self.sheet = sheet
        self.uno = uno

    @property
    def api(self) -> Any:
        return self.uno

    @property
    def name(self) -> str:
        return f"{_quoted(self.sheet.name)}!{self.uno.Name}" if self.sheet else str(self.uno.Name)

    @name.setter
    def name(self, value: str) -> None:
        self.uno.Name = value

    @property
    def refers_to(self) -> str:
        return "=" + self.book.reader.excel_formula(self.uno.Content)

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.uno.Content = _calc_reference(value)

    @property
    def refers_to_range(self) -> Range:
        cells = self.uno.getReferredCells()
        if cells is None:
            raise refusal(f"the name {self.name} means {self.refers_to}, which is no range")
        return self.book.range_of(cells.RangeAddress)

    def delete(self) -> None:
        names = self.sheet.uno.NamedRanges if self.sheet else self.book.document.NamedRanges
        names.removeByName(self.uno.Name)


class PrintArea(base_classes.Name):
    """A sheet's print area, which Excel keeps as one of the sheet's own names."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    @property
    def name(self) -> str:
        return f"{_quoted(self.sheet.name)}!Print_Area"

    @name.setter
    def name(self, value: str) -> None:
        raise NotImplementedError("a print area has no other name")

    @property
    def refers_to(self) -> str:
        areas = (self.sheet.page_setup.print_area or "").split(",")
        return "=" + ",".join(f"{_quoted(self.sheet.name)}!{area}" for area in areas)

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.sheet.page_setup.print_area = ",".join(part.rpartition("!")[2] for part in value.split(","))


class Names(base_classes.Names):
    """The names of a workbook, its sheets' own among them, or those of one sheet."""

    def __init__(self, book: Book, sheet: Sheet | None = None) -> None:
        self.book = book
        self.sheet = sheet

    @property
    def api(self) -> Any:
        return self.book.document.NamedRanges

    def __iter__(self) -> Iterator[Name | PrintArea]:
        if self.sheet is None:
            yield from (Name(self.book, None, uno) for uno in self.book.named("name", self.book.uno_names))
        for sheet in [self.sheet] if self.sheet else list(self.book.sheets):
            own = self.book.own_names(sheet.uno)
            mine = [
                name for name in own.ElementNames if not name.startswith("_xlnm.")
            ]  # print areas, as Calc read them
            yield from (Name(self.book, sheet, own.getByName(name)) for name in mine)
            if sheet.page_setup.print_area:
                yield PrintArea(sheet)

    def __len__(self) -> int:
        return sum(1 for _ in self)  # not len(list(self)): list() asks for the length

    def __call__(self, name_or_index: int | str) -> Name | PrintArea:
        names = list(self)
        if isinstance(name_or_index, int):
            if 1 <= name_or_index <= len(names):
                return names[name_or_index - 1]
        else:
            wanted = name_or_index.casefold()
            for name in names:
                own = name.name.casefold().rpartition("!")[2]
                if wanted == name.name.casefold() or (self.sheet is not None and wanted == own):
                    return name
        raise refusal(f"there is no name {name_or_index}")

    def contains(self, name_or_index: int | str) -> bool:
        try:
            self(name_or_index)
        except ComError:
            return False
        return True

    def add(self, name: str, refers_to: str) -> Name:
        names = self.sheet.uno.NamedRanges if self.sheet else self.book.document.NamedRanges
        origin = struct("com.sun.star.table.CellAddress")
        if names.hasByName(name):
            names.removeByName(name)
        names.addNewByName(name, _calc_reference(refers_to), origin, 0)
        return Name(self.book, self.sheet, names.getByName(name))


def _quoted(name: str) -> str:
    return name if name.isidentifier() else "'" + name.replace("'", "''") + "'"


def _calc_reference(refers_to: str) -> str:
    """Excel's `='My Sheet'!$A$1` in Calc's spelling, `$'My Sheet'.$A$1`."""
    sheet, mark, cells = refers_to.removeprefix("=").rpartition("!")
    return f"${sheet}.{cells}" if mark else cells
