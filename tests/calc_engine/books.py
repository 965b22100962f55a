"""`xlwings.Book` over Calc: an open document."""

from __future__ import annotations

import os
from functools import cached_property
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from tests.calc_engine.a1 import Box
from tests.calc_engine.comerror import busy, closed, ended, refusal
from tests.calc_engine.formats import Formats
from tests.calc_engine.links import off_again, onto_the_texts
from tests.calc_engine.names import Names
from tests.calc_engine.native import NativeBook
from tests.calc_engine.office import uno_module
from tests.calc_engine.ranges import Range
from tests.calc_engine.reading import Reader
from tests.calc_engine.sheets import Sheet, Sheets
from tests.calc_engine.structs import property_values
from tests.calc_engine.writing import Writer

if TYPE_CHECKING:
    from tests.calc_engine.app import App

LONGEST_CLOSE = 20.0
"""Seconds."""

_FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xlsm": "Calc MS Excel 2007 VBA XML", ".pdf": "calc_pdf_Export"}


class Book(base_classes.Book):
    """An open workbook."""

    def __init__(self, app: App, document: Any) -> None:
        self._app = app
        self.document = document
        self.formats = Formats(document)
        self.reader = Reader(document, self.formats)
        self.writer = Writer(document, self.formats, self.reader.epoch)
        self._sheets_as: tuple[tuple[str, ...], int] | None = None
        self._sheets: list[Any] = []
        self._own_names: dict[int, Any] = {}
        self._cells: dict[tuple[str, Box], Any] = {}
        self._cells_as = -1
        self._objects: dict[tuple[str, str], Any] = {}

    # LibreOffice's objects are kept: the bridge takes a millisecond to get to know a new one.

    @cached_property
    def uno_sheets(self) -> Any:
        """The UNO collection of sheets."""
        return self.document.Sheets

    @cached_property
    def uno_tables(self) -> Any:
        """The UNO collection of tables."""
        return self.document.DatabaseRanges

    @cached_property
    def uno_names(self) -> Any:
        """The UNO collection of the workbook's own names."""
        return self.document.NamedRanges

    def each_sheet(self) -> list[Any]:
        """The UNO sheets in order; new ones once sheets, or places of cells, are others than before."""
        now = tuple(self.uno_sheets.ElementNames), self._app.shifts
        if now != self._sheets_as:
            self._sheets = [self.uno_sheets.getByName(name) for name in now[0]]
            self._sheets_as, self._own_names = now, {}
        return self._sheets

    def cells_at(self, sheet: Any, box: Box) -> Any:
        """The UNO range at rows and columns counted from 1. Raises ComError where they reach beyond the sheet."""
        if self._cells_as != self._app.shifts:  # a range goes where its cells go
            self._cells, self._cells_as = {}, self._app.shifts
        key = sheet.Name, box
        if key not in self._cells:
            row, column, rows, columns = box
            try:
                self._cells[key] = sheet.getCellRangeByPosition(
                    column - 1, row - 1, column + columns - 2, row + rows - 2
                )
            except Exception as error:
                raise refusal(f"there are no such cells: row {row}, column {column}") from error
        return self._cells[key]

    def own_names(self, sheet: Any) -> Any:
        """The UNO collection of a sheet's own names."""
        if id(sheet) not in self._own_names or all(sheet is not each for each in self._sheets):
            self._own_names[id(sheet)] = sheet.NamedRanges
        return self._own_names[id(sheet)]

    def named(self, what: str, collection: Any) -> list[Any]:
        """The UNO objects in a collection that finds them by their names each time it is asked."""
        names = collection.ElementNames
        for name in names:
            if (what, name) not in self._objects:
                self._objects[what, name] = collection.getByName(name)
        return [self._objects[what, name] for name in names]

    @property
    def api(self) -> NativeBook:
        return NativeBook(self.document)

    @property
    def app(self) -> App:
        return self._app

    @property
    def name(self) -> str:
        return os.path.basename(self.fullname)

    @property
    def fullname(self) -> str:
        """The path, or just `Book1` for one never saved."""
        self.must_answer()
        url = self.document.getURL()
        return str(uno_module().fileUrlToSystemPath(url)) if url else self._app.new_name(self.document)

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self)

    def range_of(self, area: Any) -> Range:
        """The range at a CellRangeAddress."""
        size = area.EndRow - area.StartRow + 1, area.EndColumn - area.StartColumn + 1
        sheet = Sheet(self, self.each_sheet()[area.Sheet])
        return Range(sheet, (area.StartRow + 1, area.StartColumn + 1, *size))

    def must_answer(self) -> None:
        """Raise ComError where Excel would: somebody edits a cell, the workbook was closed, or Excel has ended."""
        if self._app.rejections > 0:
            self._app.rejections -= 1
            raise busy()
        try:
            self.document.getURL()
        except Exception as error:
            raise (closed() if self._app.office.is_alive else ended()) from error

    def activate(self) -> None:
        self._app.active_document = self.document.RuntimeUID

    def close(self) -> None:
        identity = self.document.RuntimeUID
        self.document.close(True)
        # It takes a moment: until then LibreOffice lists it, and the next workbook of that name may be taken for it.
        until = monotonic() + LONGEST_CLOSE
        while identity in self._app.open_documents() and monotonic() < until:
            sleep(0.01)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        self.must_answer()
        target = os.path.realpath(path) if path else self.fullname
        if not path and not self.document.getURL():
            target = os.path.realpath(f"{self.name}.xlsx")
        others = [book for book in self._app.books if book.document.RuntimeUID != self.document.RuntimeUID]
        if any(other.name.casefold() == os.path.basename(target).casefold() for other in others):
            raise refusal("You cannot save this workbook with the same name as another open workbook.")
        if self.document.isReadonly() and target == self.fullname:
            raise refusal(f"'{self.name}' is read-only. To save a copy, give it another name.")
        self._store("storeAsURL", target)

    def to_pdf(self, path: str, quality: str | None = None) -> None:
        self._store("storeToURL", path)

    def _store(self, how: str, path: str) -> None:
        extension = os.path.splitext(path)[1].lower()
        try:
            filter_name = _FILTERS[extension]
            url = uno_module().systemPathToFileUrl(path)
            onto_the_texts(self.document)
            getattr(self.document, how)(url, property_values(FilterName=filter_name, Overwrite=True))
        except Exception as error:
            raise refusal(f"Microsoft Excel cannot access the file '{path}' ({error})") from error
        finally:
            off_again(self.document)
