"""`xlwings.Sheet` over Calc: the sheets of a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from tests.calc_engine import a1
from tests.calc_engine.comerror import protected, refusal
from tests.calc_engine.names import Names
from tests.calc_engine.native import NativePageSetup, NativeSheet
from tests.calc_engine.notes import Note, notes_of
from tests.calc_engine.ranges import Range
from tests.calc_engine.tables import Tables

if TYPE_CHECKING:
    from tests.calc_engine.books import Book

VISIBLE, HIDDEN = -1, 0  # Excel's xlSheetVisible and xlSheetHidden
_AS_READ = "_xlnm.Print_Area"  # Calc keeps what the file said as a name, too, and would save that


class Sheets(base_classes.Sheets):
    """The sheets of a workbook."""

    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def api(self) -> Any:
        return self.book.uno_sheets

    @property
    def active(self) -> Sheet:
        return Sheet(self.book, self.book.document.getCurrentController().getActiveSheet())

    def __call__(self, name_or_index: int | str) -> Sheet:
        if isinstance(name_or_index, int) and 1 <= name_or_index <= len(self):
            return Sheet(self.book, self.api.getByIndex(name_or_index - 1))
        for sheet in self:
            if sheet.name.casefold() == str(name_or_index).casefold():
                return sheet
        raise refusal(f"Subscript out of range: there is no sheet {name_or_index}")

    def __len__(self) -> int:
        return int(self.api.Count)

    def __iter__(self) -> Iterator[Sheet]:
        for uno in self.book.each_sheet():
            yield Sheet(self.book, uno)

    def __contains__(self, key: object) -> bool:
        return any(sheet.name.casefold() == str(key).casefold() for sheet in self)

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        neighbour = before or after or self.active
        at = neighbour.index if after else neighbour.index - 1
        made = name or next(f"Sheet{i}" for i in range(1, 1000) if f"Sheet{i}" not in self)
        self.api.insertNewByName(made, at)
        sheet = self(made)
        sheet.activate()
        return sheet


class Sheet(base_classes.Sheet):
    """One sheet."""

    def __init__(self, book: Book, uno: Any) -> None:
        self._book = book
        self._uno = uno
        self._shifts = book.app.shifts

    @property
    def uno(self) -> Any:
        """The UNO sheet; a new one once cells were put in or taken out, which LibreOffice takes off the old one."""
        if self._shifts != self._book.app.shifts:
            self._uno = self._book.uno_sheets.getByName(self._uno.Name)
            self._shifts = self._book.app.shifts
        return self._uno

    @property
    def api(self) -> NativeSheet:
        return NativeSheet(self.uno)

    @property
    def book(self) -> Book:
        return self._book

    @property
    def name(self) -> str:
        return str(self.uno.Name)

    @name.setter
    def name(self, value: str) -> None:
        self.uno.Name = value
        self._book.app.shifts += 1

    @property
    def index(self) -> int:
        return int(self.uno.RangeAddress.Sheet) + 1

    @property
    def names(self) -> Names:
        return Names(self._book, self)

    @property
    def tables(self) -> Tables:
        return Tables(self)

    @property
    def notes(self) -> list[Note]:
        return notes_of(self)

    @property
    def comments(self) -> list[Any]:
        return []  # Calc knows no threads

    @property
    def visible(self) -> int:
        return VISIBLE if self.uno.IsVisible else HIDDEN

    @visible.setter
    def visible(self, value: int) -> None:
        shown = [sheet for sheet in self._book.sheets if sheet.visible == VISIBLE]
        if not value and len(shown) == 1 and shown[0].name == self.name:
            raise refusal("Unable to set the Visible property of the Worksheet class")
        self.uno.IsVisible = bool(value)

    def activate(self) -> None:
        if not self.uno.IsVisible:
            raise refusal("Activate method of Worksheet class failed")
        self._book.document.getCurrentController().setActiveSheet(self.uno)

    select = activate

    def delete(self) -> None:
        self._book.document.Sheets.removeByName(self.name)
        self._book.app.shifts += 1

    @property
    def cells(self) -> Range:
        return Range(self, (1, 1, a1.LAST_ROW, a1.LAST_COLUMN))

    @property
    def used_range(self) -> Range:
        cursor = self.uno.createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        return self._book.range_of(cursor.RangeAddress)

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        if isinstance(arg1, tuple) and len(arg1) == 4:
            return Range(self, arg1)
        if isinstance(arg1, int):
            arg1, arg2 = (arg1, arg2), None
        one = self._one_range(arg1)
        if arg2 is None:
            return one
        two = self._one_range(arg2)
        (r1, c1, h1, w1), (r2, c2, h2, w2) = one.box, two.box
        top, left = min(r1, r2), min(c1, c2)
        return Range(self, (top, left, max(r1 + h1, r2 + h2) - top, max(c1 + w1, c2 + w2) - left))

    def _one_range(self, what: Any) -> Range:
        if isinstance(what, Range):
            return what
        if isinstance(what, tuple):
            if 0 in what:
                raise IndexError("Attempted to access 0-based Range. xlwings/Excel Ranges are 1-based.")
            return Range(self, (what[0], what[1], 1, 1))
        box = a1.parse(str(what))
        if box is not None:
            return Range(self, box)
        if what in self.tables:
            body = self.tables(what).data_body_range
            if body is not None:
                return body
        for names in (self.names, self._book.names):
            if names.contains(what):
                return names(what).refers_to_range
        raise refusal(f"Method 'Range' of object '_Worksheet' failed: {what}")

    @property
    def page_setup(self) -> PageSetup:
        return PageSetup(self)

    def clear_contents(self) -> None:
        self.used_range.clear_contents()


class PageSetup(base_classes.PageSetup):
    """A sheet's print area."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @property
    def api(self) -> NativePageSetup:
        styles = self._sheet.book.document.StyleFamilies.getByName("PageStyles")
        return NativePageSetup(styles.getByName(self._sheet.uno.PageStyle))

    @property
    def print_area(self) -> str | None:
        areas = [self._sheet.book.range_of(area).address for area in self._sheet.uno.getPrintAreas()]
        return ",".join(areas) or None

    @print_area.setter
    def print_area(self, value: str | None) -> None:
        if self._sheet.uno.isProtected():
            raise protected()
        ranges = [self._sheet.range(part) for part in value.split(",")] if value else []
        names = self._sheet.uno.NamedRanges
        if names.hasByName(_AS_READ):
            names.removeByName(_AS_READ)
        self._sheet.uno.setPrintAreas(tuple(each.cells.RangeAddress for each in ranges))
