"""Turns each refusal of Excel into one plain sentence, and waits while somebody is typing in a cell.

Excel refuses through COM: an exception with numbers. It is recognised here by its shape (`hresult`, `excepinfo`), so
that this module can be imported and tested without Windows.
"""

from __future__ import annotations

import atexit
import contextlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

from xlperf.errors import MustGrow, WorkbookError, XlperfError

Result = TypeVar("Result")

PATIENCE = 10.0
"""Seconds for which a call is repeated while Excel is busy."""
LONG_PATIENCE = 60.0
"""The same for what must not be left undone, since somebody would be left with manual calculation."""
_PAUSE = 0.1

_BUSY = frozenset(
    {
        -2147418111,  # RPC_E_CALL_REJECTED: a cell is being edited, or a box is open
        -2147417846,  # RPC_E_SERVERCALL_RETRYLATER
        -2146777998,  # VBA_E_IGNORE: the same, said by Excel itself
    }
)
_GONE = frozenset(
    {
        -2147417848,  # RPC_E_DISCONNECTED: the object is no longer there
        -2147417851,  # RPC_E_SERVERFAULT
        -2147417836,  # RPC_E_INVALID_OBJECT
        -2147220995,  # CO_E_OBJNOTCONNECTED
        -2147023174,  # RPC_S_SERVER_UNAVAILABLE: Excel has ended
        -2147023170,  # RPC_S_CALL_FAILED
    }
)


def tame_xlwings() -> None:
    """Keep xlwings from two habits it has on Windows.

    While somebody edits a cell, xlwings repeats a refused call for ever: now it passes the refusal on to us. And when
    Python ends, it kills every EXCEL.EXE that shows no workbook window of its own, such as a mail's preview or a return
    in Protected View. We start no Excel, so we end none.
    """
    windows: Any = sys.modules.get("xlwings._xlwindows")
    if windows is not None:
        windows.N_COM_ATTEMPTS = 1
        atexit.unregister(windows.cleanup)


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Have these modules be found missing while others are imported, unless they are loaded already.

    xlwings takes in what it finds of them, to hand out cells as arrays and pictures. We ask it for plain values only,
    and pandas alone takes longer to load than a click on Collate that finds nothing new.
    """
    left_out = [name for name in names if name not in sys.modules]
    modules: dict[str, Any] = sys.modules
    modules.update(dict.fromkeys(left_out))  # None says that there is no such module
    try:
        yield
    finally:
        for name in left_out:
            sys.modules.pop(name, None)


def patiently(act: Callable[..., Result], *arguments: Any, seconds: float = PATIENCE) -> Result:
    """Call it repeatedly while Excel is busy, for so many seconds; after that, let the refusal through."""
    give_up = time.monotonic() + seconds
    while True:
        try:
            return act(*arguments)
        except Exception as error:
            if not is_busy(error) or time.monotonic() >= give_up:
                raise
        time.sleep(_PAUSE)


def is_busy(error: BaseException) -> bool:
    """Whether Excel accepts no calls at the moment."""
    return bool(_numbers(error) & _BUSY) or type(error).__name__ == "ExcelBusyError"


def is_gone(error: BaseException) -> bool:
    """Whether the workbook has been closed, or Excel has ended."""
    return bool(_numbers(error) & _GONE)


def is_protected(error: BaseException) -> bool:
    """Whether it is about a protected sheet; Excel has no number of its own for that."""
    return "protected" in _words(error).casefold()


def words(error: BaseException) -> str:
    """What Excel said, without a full stop."""
    return _words(error).rstrip(". ") or type(error).__name__


def _numbers(error: BaseException) -> set[int]:
    return {number for number in (getattr(error, "hresult", None), _said(error)[5]) if isinstance(number, int)}


def _words(error: BaseException) -> str:
    return " ".join(str(_said(error)[2] or getattr(error, "strerror", None) or error).split())


def _said(error: BaseException) -> Sequence[Any]:
    """What Excel itself said: (…, …, words, …, …, number), of Nones where it said nothing."""
    details: Any = getattr(error, "excepinfo", None)
    return details if isinstance(details, tuple) and len(details) == 6 else (None,) * 6


def plain(error: Exception, where: str) -> WorkbookError:
    """A refusal of Excel as one plain sentence; `where` is the workbook, and the sheet where one is meant."""
    if is_busy(error):
        return WorkbookError(
            f"{where}: Excel is busy: somebody is typing in a cell, or a box is open. Press Enter or Esc, close the "
            "box, and try again"
        )
    if is_gone(error):
        return WorkbookError(
            f"{where} was closed, or Excel has stopped, before it was finished. Open the workbook and try again; "
            "what has been read from returns is kept"
        )
    if is_protected(error):
        return protected(where)
    return WorkbookError(
        f"{where}: Excel refused ({words(error)}). Do it again; if it stays so, save, close and reopen Excel"
    )


def protected(where: str) -> WorkbookError:
    """The refusal of a protected sheet."""
    return WorkbookError(
        f"{where} is protected, so it cannot be brought up to date; on the Review tab choose Unprotect Sheet, and do "
        "it again"
    )


@contextmanager
def plainly(where: str) -> Iterator[None]:
    """Turn whatever Excel or xlwings raises within into a WorkbookError; our own errors pass as they are."""
    try:
        yield
    except XlperfError:
        raise
    except Exception as error:
        raise plain(error, where) from error


@contextmanager
def naming(where: str) -> Iterator[None]:
    """Put workbook and sheet before what is wrong with a cell or table."""
    try:
        yield
    except WorkbookError as error:
        raise WorkbookError(f"{where}: {error}") from error


def for_looks() -> AbstractContextManager[None]:
    """Ignore a refusal: looks alone are not worth a lost collation. If the workbook has gone, that is raised."""
    return _ignored_unless(is_gone)


def not_found() -> AbstractContextManager[None]:
    """Ignore the refusal of what is not there, for which each system has an error of its own."""
    return _ignored_unless(is_busy, is_gone)


@contextmanager
def _ignored_unless(*is_raised: Callable[[Exception], bool]) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if any(holds(error) for holds in is_raised):
            raise


def native_flag(thing: Any, name: str) -> bool:
    """One of Excel's own yes or no properties that xlwings does not offer; False where there is none.

    This and the functions below are the only places that go past xlwings to the program behind it.
    """
    return native_value(thing, name) is True


def native_value(thing: Any, name: str) -> Any:
    """One of Excel's own properties that xlwings does not offer; None where there is none."""
    with contextlib.suppress(AttributeError, NotImplementedError):
        return getattr(thing.api, name)
    return None


def set_native_value(thing: Any, name: str, value: Any) -> bool:
    """Set one of Excel's own properties that xlwings does not offer; whether there is such a one."""
    with contextlib.suppress(AttributeError, NotImplementedError):
        setattr(thing.api, name, value)
        return True
    return False


def native_list(thing: Any, name: str) -> list[Any]:
    """One of Excel's own collections that xlwings does not offer; empty where there is none."""
    with contextlib.suppress(AttributeError, NotImplementedError):
        return list(getattr(thing.api, name))
    return []


def must_grow(name: str, what: str) -> MustGrow:
    """The refusal of anything that only a file can be given, because there is no backup of an open workbook."""
    return MustGrow(
        f"{name} was made by an earlier version of xlperf and lacks the {what}. Save and close it, run xlperf "
        "collate in its folder, which adds what is new and leaves the rest as it is, and open it again"
    )
