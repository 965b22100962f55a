"""`xlwings.Book` over Calc: an open document."""

from __future__ import annotations

import os
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

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
        sheet = Sheet(self, self.document.Sheets.getByIndex(area.Sheet))
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
