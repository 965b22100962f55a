"""Excel kept quiet while we work, and what it shows of us: the status bar, and one message at the end."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from xlperf.errors import WorkbookError
from xlperf.workbook.live.faults import LONG_PATIENCE, is_gone, patiently, plainly
from xlperf.workbook.live.live_workbook import LiveWorkbook

_QUIET: tuple[tuple[str, Any, str], ...] = (
    ("screen_updating", False, "screen updating"),
    ("enable_events", False, "events"),
    ("calculation", "manual", "calculation (Formulas tab, Calculation Options)"),
)
"""Setting as xlwings calls it, its value while we work, what people call it."""

_SPREADING = "AutoFillFormulasInLists"
"""Excel's habit of filling a formula down a table's column when one is put into a single cell."""


@contextmanager
def quiet(live: LiveWorkbook) -> Iterator[None]:
    """Keep Excel still: no redrawing, no calculating, no macros of others; on leaving, everything as it was.

    Every setting is put back whatever happens within and whatever becomes of the other settings; what was raised within
    passes through. Redrawing is on afterwards even where it was off.

    Raises WorkbookError where Excel is busy or gone, or where a setting could not be put back.
    """
    app = live.book.app
    was: dict[str, Any] = {}
    left: list[str] = []
    refused = ""
    corrections = None
    with plainly(live.name):
        bar = patiently(getattr, app, "status_bar")
    try:
        with plainly(live.name):
            for setting, value, _ in _QUIET:
                was[setting] = patiently(getattr, app, setting)
                patiently(setattr, app, setting, value)
        corrections = _stop_spreading(app)
        was["screen_updating"] = True  # nobody works with it off: it is what a program that was killed has left
        yield
    except WorkbookError as error:
        refused = str(error)
        raise
    finally:
        for setting, _, name in reversed(_QUIET):
            if setting in was and not _put_back(app, setting, was[setting]):
                left.append(name)
        if corrections is not None and not _put_back(corrections, _SPREADING, True):
            left.append("filling formulas in tables (AutoCorrect options)")
        _put_back(app, "status_bar", bar, seconds=1)
        if left and refused:
            raise WorkbookError(f"{refused}; and {_not_put_back(left)}")
    if left:
        raise WorkbookError(f"{live.name}: done, but {_not_put_back(left)}")


def _stop_spreading(app: Any) -> Any:
    """Keep Excel from filling formulas down by itself; returns that on which to set it again, None where it was off."""
    with contextlib.suppress(AttributeError, NotImplementedError):  # only Excel on Windows has it
        corrections = app.api.AutoCorrect
        if patiently(getattr, corrections, _SPREADING) is True:
            patiently(setattr, corrections, _SPREADING, False)
            return corrections
    return None


def _not_put_back(names: Sequence[str]) -> str:
    return f"Excel would not put back {', '.join(names)}; restart Excel"


def _put_back(app: Any, setting: str, value: Any, seconds: float = LONG_PATIENCE) -> bool:
    """Whether it could be put back; there is nothing to put back in an Excel that is gone."""
    try:
        patiently(setattr, app, setting, value, seconds=seconds)
    except Exception as error:  # noqa: BLE001  the others are still to be put back, and what was raised is to pass
        return is_gone(error)
    return True


def status(live: LiveWorkbook, text: str | None) -> None:
    """Say in Excel's status bar what is being done; None gives the bar back to Excel. Never fails."""
    with contextlib.suppress(Exception):
        live.book.app.status_bar = text if text is not None else False


def message(live: LiveWorkbook, text: str) -> None:
    """Show one message in Excel, and wait for OK. Raises WorkbookError where Excel cannot show it."""
    with plainly(live.name):
        live.book.app.alert(text, title="xlperf")


def asked(live: LiveWorkbook, text: str) -> bool:
    """Ask in Excel, and wait for Yes or No. Raises WorkbookError where Excel cannot ask."""
    with plainly(live.name):
        return live.book.app.alert(text, title="xlperf", buttons="yes_no") == "yes"
