"""Finding the workbook that is open in Excel."""

from __future__ import annotations

import sys
from pathlib import PurePath
from typing import TYPE_CHECKING

from xlperf.errors import WorkbookError
from xlperf.workbook.live.faults import is_busy, patiently, plain, plainly, tame_xlwings, without
from xlperf.workbook.live.live_workbook import LiveWorkbook

if TYPE_CHECKING:
    import xlwings as xw

_OPEN_FIRST = "open the master in Excel and try again"


def attach(name: str | None = None) -> LiveWorkbook:
    """The open workbook of that name, with or without `.xlsx`; the active workbook where None.

    Raises WorkbookError: xlwings or Excel is not there or does not answer, no workbook or none of that name is open
    (those open are named), or it is open in more than one Excel.
    """
    if name is not None:
        _check_name(name)
    books = _open_books()
    if name is None:
        return LiveWorkbook(_active())
    matching = [book for book_name, book in books if _is_named(book_name, name)]
    if not matching:
        open_names = ", ".join(book_name for book_name, _ in books)
        raise WorkbookError(f"no workbook named '{name}' is open in Excel; open are {open_names}")
    if len(matching) > 1:
        raise WorkbookError(f"'{name}' is open in more than one Excel; close all but one of them")
    return LiveWorkbook(matching[0])


def from_caller() -> LiveWorkbook:
    """The workbook whose button was clicked, as the add-in's arguments say (`--wb=`, `--from_xl=1`, `--hwnd=`).

    Raises WorkbookError where they say nothing usable, or the workbook is no longer open.
    """
    _load_xlwings()
    argument = next((text.removeprefix("--wb=") for text in sys.argv if text.startswith("--wb=")), "")
    _check_name(argument)
    try:
        book = patiently(_caller)
    except Exception as error:
        if is_busy(error):
            raise plain(error, argument or "Excel") from error
        who = f"'{argument}'" if argument else "the workbook that the button belongs to"
        raise WorkbookError(f"{who} cannot be found in Excel; {_OPEN_FIRST}") from error
    return LiveWorkbook(book)


def _caller() -> xw.Book:
    import xlwings as xw

    try:
        return xw.Book.caller()
    except KeyError as error:  # xlwings' answer to any refusal: "no such workbook", where Excel may only have been busy
        if error.__context__ is not None and is_busy(error.__context__):
            raise error.__context__ from None
        raise


def _load_xlwings() -> None:
    try:
        with without("numpy", "pandas", "matplotlib", "PIL", "polars", "plotly"):
            import xlwings  # noqa: F401
    except ImportError as error:
        raise WorkbookError(
            "the Excel side needs xlwings, which is installed with xlperf on Windows and macOS only; elsewhere collate "
            "the file, without --live"
        ) from error
    tame_xlwings()


def _open_books() -> list[tuple[str, xw.Book]]:
    """Name and workbook of all that are open, in every Excel that runs; at least one. Raises WorkbookError."""
    _load_xlwings()
    import xlwings as xw

    try:
        apps = patiently(_apps)
    except xw.XlwingsError as error:
        raise WorkbookError(f"Excel cannot be reached here ({error}); collate the file, without --live") from error
    except Exception as error:
        raise plain(error, "Excel") from error
    with plainly("Excel"):
        books = [pair for app in apps for pair in patiently(_books_of, app)]
    if not books:
        raise WorkbookError(f"Excel is not running, or no workbook is open in it; {_OPEN_FIRST}")
    return books


def _apps() -> list[xw.App]:
    import xlwings as xw

    return [app for app in xw.apps]  # noqa: C416  list() asks for the length first, which starts the search anew


def _books_of(app: xw.App) -> list[tuple[str, xw.Book]]:
    return [(book.name, book) for book in app.books]


def _active() -> xw.Book:
    """The active workbook of the Excel that was used last, of those that have one."""
    import xlwings as xw

    with plainly("Excel"):
        for app in xw.apps:
            active = patiently(getattr, app.books.impl, "active")
            if active is not None and getattr(active, "xl", active) is not None:
                return xw.Book(impl=active)
    raise WorkbookError(f"no workbook is active in Excel; {_OPEN_FIRST}")


def _check_name(name: str) -> None:
    if "=" in name:
        raise WorkbookError(f"'{name}': a workbook's name must have no = in it; save it under another name")


def _is_named(book_name: str, name: str) -> bool:
    wanted = PurePath(name).name.casefold()
    return book_name.casefold() in (wanted, f"{wanted}.xlsx")
