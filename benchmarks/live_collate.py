"""Times a collation into an open workbook, on the A&E example; see README.md in this folder.

    python benchmarks/live_collate.py [--months 24]

The spreadsheet program is LibreOffice Calc, driven through xlwings by the engine of the tests: how long Excel takes is
not known. The same last month is collated through the file too, as the yardstick.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

HERE = Path(__file__).parents[1]
sys.path[:0] = [str(HERE), str(HERE / "examples" / "ae-attendance")]

import xlwings as xw  # noqa: E402
from attendances import months_of, type_1  # noqa: E402
from fill import fill  # noqa: E402
from run import make_workspace, run_months  # noqa: E402

from tests.calc_engine.engine import engine  # noqa: E402
from tests.calc_engine.fixture import use_engine  # noqa: E402
from tests.calc_engine.office import Office  # noqa: E402
from xlperf.period import Frequency, Period  # noqa: E402
from xlperf.tables import Table  # noqa: E402
from xlperf.workbook.live import LiveWorkbook  # noqa: E402
from xlperf.workbook.port import TableRow  # noqa: E402
from xlperf.workflow.cycle.collate import Options, collate  # noqa: E402
from xlperf.workflow.cycle.collate_live import collate_live  # noqa: E402
from xlperf.workflow.cycle.generate import generate  # noqa: E402
from xlperf.workflow.workspace import open_workspace  # noqa: E402
from xlperf.workflow.workspace.run import Run, now  # noqa: E402


class Timed(LiveWorkbook):
    """The open master, with the seconds spent in it: xlwings, the engine and the spreadsheet program together."""

    seconds = 0.0

    def _timed(self, call: Callable[..., Any], *arguments: object) -> Any:
        start = perf_counter()
        try:
            return call(*arguments)
        finally:
            self.seconds += perf_counter() - start

    def table_names(self) -> tuple[str, ...]:
        """See `LiveWorkbook`."""
        found: tuple[str, ...] = self._timed(super().table_names)
        return found

    def read_table(self, name: str) -> Table:
        """See `LiveWorkbook`."""
        table: Table = self._timed(super().read_table, name)
        return table

    def write_table(self, name: str, rows: Sequence[TableRow], moved: Mapping[int, int] | None = None) -> None:
        """See `LiveWorkbook`."""
        self._timed(super().write_table, name, rows, moved)


def main() -> None:
    """Run all months but the last through the file, the last one through either door."""
    parser = argparse.ArgumentParser(description="Time a collation into an open workbook.")
    parser.add_argument("--months", type=int, default=24)
    asked = parser.parse_args()
    figures = type_1()
    months = months_of(figures)[: asked.months]
    with tempfile.TemporaryDirectory() as folder:
        workspace = make_workspace(Path(folder) / "file")
        for done in run_months(workspace, months[:-1], figures):
            print(f"{done.month}: collated in {done.seconds['collate']:.1f} s", flush=True)
        last = Period.parse(months[-1], Frequency.MONTHLY)
        generate(workspace, months[-1], Run(now() - timedelta(days=1), "benchmark"))
        fill(workspace, months[-1], figures)
        twin = Path(folder) / "live"
        shutil.copytree(workspace.root, twin)

        start = perf_counter()
        collate(workspace, Run(now(), "benchmark"), Options(str(last)))
        file_seconds = perf_counter() - start

        use_engine()
        app = engine.apps.adopt(Office.start())
        try:
            start = perf_counter()
            book = xw.App(visible=False, impl=app).books.open(str(twin / "master.xlsx"))
            opened = perf_counter() - start
            live = Timed(book)
            start = perf_counter()
            collate_live(open_workspace(twin), live, Run(now(), "benchmark"), Options(str(last)))
            live_seconds = perf_counter() - start
        finally:
            app.kill()
    rows = len(months) * 3
    print(f"{len(months)} months of up to 140 organisations x 3 KPIs: about {140 * rows:,} rows of data")
    print(f"through the file: {file_seconds:.1f} s")
    print(f"in the open workbook: {live_seconds:.1f} s, {live_seconds / file_seconds:.1f} times as long")
    print(f"  of that in the spreadsheet program: {live.seconds:.1f} s ({live.seconds / live_seconds:.0%})")
    print(f"  (opening it before took {opened:.1f} s)")


if __name__ == "__main__":
    main()
