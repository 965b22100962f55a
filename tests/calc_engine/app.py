"""`xlwings.App` over LibreOffice: one program playing Excel, and the workbooks open in it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from tests.calc_engine.books import Book
from tests.calc_engine.comerror import refusal
from tests.calc_engine.links import off_the_texts
from tests.calc_engine.office import Office, uno_module
from tests.calc_engine.ranges import Range
from tests.calc_engine.structs import property_values

if TYPE_CHECKING:
    from tests.calc_engine.engine import Apps, Engine

VERSION = "16.0"
_FIRST_BUTTON = {None: "ok", "ok": "ok", "ok_cancel": "ok", "yes_no": "yes", "yes_no_cancel": "yes"}


@dataclass(frozen=True, slots=True)
class Alert:
    """A message box that Excel would have shown."""

    prompt: str
    title: str | None = None
    buttons: str | None = None
    mode: str | None = None


class App(base_classes.App):
    """One LibreOffice playing Excel. What it would have shown is kept: `alerts`, `status_messages`."""

    visible = False
    screen_updating = True
    display_alerts = True
    enable_events = True
    interactive = True
    version = VERSION

    def __init__(self, apps: Apps, office: Office) -> None:
        self._apps = apps
        self.office = office
        self.active_document = ""
        self.shifts = 0  # how often cells or sheets were put elsewhere, which what is kept of them does not outlive
        self.forget()

    def forget(self) -> None:
        """Be as when started: nothing shown, nothing answered, everything switched on."""
        self.copied: Range | None = None
        self.alerts: list[Alert] = []
        self.answers: list[str] = []
        self.status_messages: list[str | bool] = []
        self._new_names: dict[str, str] = {}
        self.rejections = 0
        self._calculation = "automatic"
        self._status: str | bool = False
        self.screen_updating = self.display_alerts = self.enable_events = self.interactive = True

    @property
    def engine(self) -> Engine:
        return self._apps.engine

    @property
    def api(self) -> Any:
        return self.office.desktop

    @property
    def pid(self) -> int:
        return self.office.pid

    @property
    def hwnd(self) -> int:
        return self.office.pid

    @property
    def path(self) -> str:
        return os.path.dirname(__file__)

    @property
    def selection(self) -> Range | None:
        return None

    def activate(self, steal_focus: bool = False) -> None:
        self._apps.started.remove(self)
        self._apps.started.insert(0, self)

    def quit(self) -> None:
        for book in list(self.books):
            book.close()  # takes away LibreOffice's lock file beside the workbook
        self.kill()

    def kill(self) -> None:
        self.office.kill()
        if self in self._apps.started:
            self._apps.started.remove(self)

    @property
    def calculation(self) -> str:
        return self._calculation

    @calculation.setter
    def calculation(self, value: str) -> None:
        if value not in ("automatic", "manual", "semiautomatic"):
            raise KeyError(value)
        self._calculation = value
        for book in self.books:
            book.document.enableAutomaticCalculation(value != "manual")

    def calculate(self) -> None:
        for book in self.books:
            book.document.calculateAll()

    @property
    def status_bar(self) -> str | bool:
        return self._status

    @status_bar.setter
    def status_bar(self, value: str | bool) -> None:
        self._status = value
        self.status_messages.append(value)

    @property
    def cut_copy_mode(self) -> str | None:
        return "copy" if self.copied is not None else None

    @cut_copy_mode.setter
    def cut_copy_mode(self, value: bool) -> None:
        self.copied = None

    def alert(self, prompt: str, title: str | None, buttons: str | None, mode: str | None, callback: Any) -> str:
        """Keep the message and press the next of `answers`, or the first button."""
        self.alerts.append(Alert(prompt, title, buttons, mode))
        return self.answers.pop(0) if self.answers else _FIRST_BUTTON[buttons]

    @property
    def books(self) -> Books:
        return Books(self)

    def new_name(self, document: Any) -> str:
        """What Excel calls a workbook that was never saved: Book1, Book2."""
        return self._new_names.setdefault(document.RuntimeUID, f"Book{len(self._new_names) + 1}")

    def open_documents(self) -> set[str]:
        """The identity of every document that LibreOffice still lists; one that it is closing may be among them."""
        found = set()
        components = self.office.desktop.getComponents().createEnumeration()
        while components.hasMoreElements():
            with contextlib.suppress(Exception):  # it was closed while we looked at it
                found.add(components.nextElement().RuntimeUID)
        return found


class Books(base_classes.Books):
    """The open workbooks of one program."""

    def __init__(self, app: App) -> None:
        self.app = app

    @property
    def api(self) -> Any:
        return self.app.office.desktop

    def __iter__(self) -> Iterator[Book]:
        components = self.app.office.desktop.getComponents().createEnumeration()
        while components.hasMoreElements():
            document = components.nextElement()
            if document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
                yield Book(self.app, document)

    def __len__(self) -> int:
        return sum(1 for _ in self)  # not len(list(self)): list() asks for the length

    def __call__(self, name_or_index: int | str) -> Book:
        books = list(self)
        if isinstance(name_or_index, int):
            if 1 <= name_or_index <= len(books):
                return books[name_or_index - 1]
        else:
            for book in books:
                if book.name.casefold() == name_or_index.casefold():
                    return book
        raise KeyError(name_or_index)

    @property
    def active(self) -> Book | None:
        books = list(self)
        chosen = [book for book in books if book.document.RuntimeUID == self.app.active_document]
        return next(iter(chosen or books[-1:]), None)

    def add(self) -> Book:
        return self._opened(self.api.loadComponentFromURL("private:factory/scalc", "_blank", 0, ()))

    def open(self, fullname: str, update_links: Any = None, read_only: bool | None = None, *rest: Any) -> Book:
        """Open a workbook; macros stay off, links are not followed. Raises ComError."""
        url = uno_module().systemPathToFileUrl(fullname)
        wanted = property_values(MacroExecutionMode=0, UpdateDocMode=0, ReadOnly=bool(read_only))
        try:
            document = self.api.loadComponentFromURL(url, "_blank", 0, wanted)
        except Exception as error:
            raise refusal(f"Excel cannot open the file '{fullname}' ({error})") from error
        if document is None:
            raise refusal(f"Excel cannot open the file '{fullname}': it is damaged, or somebody has it open")
        off_the_texts(document, fullname)
        return self._opened(document)

    def _opened(self, document: Any) -> Book:
        document.enableAutomaticCalculation(self.app.calculation != "manual")
        book = Book(self.app, document)
        book.activate()
        return book
