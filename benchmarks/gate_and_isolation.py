"""Times what it costs to check returns and to read them in processes apart; see README.md in this folder.

    python benchmarks/gate_and_isolation.py [--returns 1000] [--repeats 3]

python-calamine is measured where it is installed; xlperf itself does not use it.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import openpyxl

from tests.conftest import COLLATE_DAY, ISSUE_DAY, Q1, catalogue_data, filled, make_kpi, write_catalogue
from xlperf.returns import layout
from xlperf.workbook.isolated.readers import Readers
from xlperf.workbook.reader import ReadingLimits, read_tables
from xlperf.workflow.cycle.collate import collate
from xlperf.workflow.cycle.generate import generate
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Run

ORGS = 10
"""Rows of a return: one KPI of so many organisations."""


@dataclass(frozen=True, slots=True)
class Return:
    """A return as it came in."""

    name: str
    data: bytes


def make_workspace(root: Path, owners: int) -> Workspace:
    """A workspace in which so many owners have been sent a return each, of one KPI of every organisation."""
    data = catalogue_data()
    orgs = [f"SITE{number}" for number in range(ORGS)]
    data["orgs"] = [{"code": "TRUST", "name": "Trust"}, *({"code": o, "name": o, "parent": "TRUST"} for o in orgs)]
    owner = data["responsible_owners"][0]
    data["responsible_owners"] = [
        {**owner, "id": f"o{number}", "name": f"Team {number}", "email": f"o{number}@example.org"}
        for number in range(owners)
    ]
    how = {"orgs": orgs, "numerator": "Done", "denominator": "Due", "roll_up": {"orgs": "parts"}}
    data["kpis"] = [
        make_kpi(id=f"K{number}", name=f"Indicator {number}", responsible_owner=f"o{number}", **how)
        for number in range(owners)
    ]
    (root / "returns").mkdir(parents=True)
    write_catalogue(root, data)
    workspace = Workspace(root)
    generate(workspace, Q1, Run(ISSUE_DAY, "benchmark"))
    return workspace


def returned(workspace: Workspace) -> list[Return]:
    """Fill every return that was sent out, and drop it into the received folder."""
    sent = sorted((workspace.returns / Q1 / "issued").glob("*.xlsx"))
    returns = []
    for number, issued in enumerate(workspace.ledger().state().issued.values()):
        (path,) = (path for path in sent if path.name == issued.file)
        figures = {key: {"Numerator": 80 + number % 20, "Denominator": 100} for key in issued.asked}
        returns.append(Return(issued.file, filled(path, figures)))
        (workspace.returns / Q1 / "received" / issued.file).write_bytes(returns[-1].data)
    return returns


def in_this_process(returns: Sequence[Return]) -> None:
    """The gate and reader, without isolation."""
    for each in returns:
        book, _ = read_tables(each.data, layout.TABLES, file=each.name)
        assert book is not None


def in_processes_apart(returns: Sequence[Return], expected: int | None) -> None:
    """The gate and reader, as a collation has them; one worker where few files are expected."""
    with Readers(ReadingLimits(), expected=expected) as readers:
        for _, book, _ in readers.read(returns, layout.TABLES):
            assert book is not None


def by_openpyxl(returns: Sequence[Return]) -> None:
    """Every cell of every sheet, in its mode for reading only."""
    for each in returns:
        book = openpyxl.load_workbook(io.BytesIO(each.data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            for _ in sheet.iter_rows(values_only=True):
                pass
        book.close()


def by_calamine(returns: Sequence[Return]) -> None:
    """Every cell of every sheet."""
    from python_calamine import CalamineWorkbook

    for each in returns:
        book: Any = CalamineWorkbook.from_filelike(io.BytesIO(each.data))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()


def is_installed(module: str) -> bool:
    """Whether a module can be imported."""
    try:
        __import__(module)
    except ImportError:
        return False
    return True


def seconds(what: Callable[[], object]) -> tuple[float, float]:
    """How long it takes, and how much of the processors, that of the processes apart included."""
    start, before = perf_counter(), sum(os.times()[:4])
    what()
    return perf_counter() - start, sum(os.times()[:4]) - before


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--returns", type=int, default=1_000)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        workspace = make_workspace(Path(folder) / "workspace", asked.returns)
        returns = returned(workspace)
        size = statistics.median(len(each.data) for each in returns)
        print(f"{len(returns)} returns of {ORGS} rows, {size / 1024:.0f} KB each; load {os.getloadavg()[0]:.1f}")
        ways: dict[str, Callable[[], object]] = {
            "checked and read in this process": lambda: in_this_process(returns),
            "the same in one process apart": lambda: in_processes_apart(returns, 1),
            "the same in as many as there are by default": lambda: in_processes_apart(returns, None),
            "openpyxl, read only": lambda: by_openpyxl(returns),
        }
        if is_installed("python_calamine"):
            ways["python-calamine"] = lambda: by_calamine(returns)
        # In turns, so that what else the machine does falls on all alike.
        took: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _ in range(asked.repeats):
            for name, way in ways.items():
                took[name].append(seconds(way))
        whole, of_processors = seconds(lambda: collate(workspace, Run(COLLATE_DAY, "benchmark")))
    medians = {
        name: (statistics.median(each[0] for each in runs), statistics.median(each[1] for each in runs))
        for name, runs in took.items()
    }
    first, first_of_processors = medians["checked and read in this process"]
    for name, (median, processors) in medians.items():
        print(
            f"{name:45} {median:6.1f} s, x {median / first:.2f}; of the processors {processors:6.1f} s, "
            f"x {processors / first_of_processors:.2f}, {1000 * processors / len(returns):.1f} ms a return"
        )
    share = medians["the same in as many as there are by default"][1] / of_processors
    print(
        f"a whole first collation of them {whole:.1f} s; of the processors {of_processors:.1f} s, reading {share:.0%}"
    )


if __name__ == "__main__":
    main()
