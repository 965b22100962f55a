"""The `calc` fixture: a live spreadsheet program that xlwings takes for Excel.

    from tests.calc_engine.fixture import calc  # in a conftest.py, with __all__ = ["calc"]

    @pytest.mark.libreoffice
    def test_it(calc: Calc, tmp_path: Path) -> None:
        book = calc.open(tmp_path / "master.xlsx")     # an xlwings.Book
        ...                                            # the code under test, through xlwings' public API
        assert calc.alerts[-1].prompt == "..."

One LibreOffice for each process (so for each worker of pytest-xdist), started by the first test that asks for it. After
each test all workbooks are closed unsaved. A test that takes longer than `SECONDS` loses its LibreOffice, so that it
fails instead of hanging; the next test gets a new one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import xlwings as xw

from tests.calc_engine.app import Alert, App
from tests.calc_engine.engine import engine
from tests.calc_engine.office import NoLibreOffice, Office

SECONDS = 600

_running: list[App] = []


@dataclass(frozen=True, slots=True)
class Ran:
    """How a module ended that was run in a process of its own, and what it showed."""

    code: int
    output: str
    alerts: list[Alert]
    status_messages: list[str | bool]


class Calc:
    """The program as a test sees it: `app` is an `xlwings.App`, the rest is what a person would have seen or done."""

    def __init__(self, impl: App) -> None:
        self.impl = impl
        self.app = xw.App(visible=False, impl=impl)

    def open(self, path: Path) -> xw.Book:
        """Open a workbook, as a person would; it becomes the active one."""
        return self.app.books.open(str(path))

    @property
    def alerts(self) -> list[Alert]:
        """The message boxes shown, in order."""
        return self.impl.alerts

    @property
    def answers(self) -> list[str]:
        """The buttons to press on the next boxes ("ok", "cancel", "yes", "no"); the first button where it is empty."""
        return self.impl.answers

    @property
    def status_messages(self) -> list[str | bool]:
        """What was put into the status bar, in order; False gives it back to Excel."""
        return self.impl.status_messages

    def reject(self, calls: int) -> None:
        """Be busy for that many of the next calls about cells or names, as Excel is while somebody edits a cell."""
        self.impl.rejections = calls

    @property
    def arguments(self) -> list[str]:
        """What the ribbon's VBA hands over beside the workbook's name: put it into sys.argv for `Book.caller()`."""
        return ["--from_xl=1", f"--hwnd={self.impl.hwnd}"]

    def run(self, module: str, *arguments: str) -> Ran:
        """Run `python -m module` in a process of its own on what is open here, as the ribbon's button does."""
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            office = self.impl.office
            command = [sys.executable, "-m", "tests.calc_engine.attached", office.pipe, str(office.pid), str(report)]
            done = subprocess.run(
                [*command, module, *arguments],
                cwd=Path(__file__).parents[2],
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
            self.impl.shifts += 1  # it may have put cells in
            if not report.exists():
                raise AssertionError(f"{module} could not be run: {done.stdout}{done.stderr}")
            shown = json.loads(report.read_text(encoding="utf-8"))
        alerts = [Alert(**alert) for alert in shown["alerts"]]
        return Ran(done.returncode, done.stdout + done.stderr, alerts, shown["status_messages"])


def _app(config: pytest.Config) -> App:
    """The LibreOffice of this process, a new one where there is none or it has died; ended with the test run."""
    if _running and not _running[0].office.is_alive:
        _running.pop().kill()
    if not _running:
        try:
            _running.append(engine.apps.adopt(Office.start()))
        except NoLibreOffice as error:
            pytest.skip(str(error))  # in CI this is a failure: see tests/conftest.py
        config.add_cleanup(_running[0].kill)  # a worker of pytest-xdist leaves without calling what atexit was told
    return _running[0]


def use_engine() -> None:
    """Make xlwings use Calc in this process."""
    if engine.name not in xw.engines.engines_by_name:
        xw.engines.add(xw.Engine(impl=engine))
    xw.engines[engine.name].activate()


@pytest.fixture
def calc(pytestconfig: pytest.Config) -> Iterator[Calc]:
    """A live LibreOffice Calc that xlwings takes for Excel, with no workbook open."""
    app = _app(pytestconfig)
    before = xw.engines.active
    use_engine()
    app.forget()
    watchdog = threading.Timer(SECONDS, app.office.kill)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield Calc(app)
    finally:
        for other in [other for other in engine.apps.started if other is not app]:
            other.kill()
        if app.office.is_alive:
            for book in list(app.books):
                book.close()
        watchdog.cancel()
        xw.engines.active = before
