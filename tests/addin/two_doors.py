"""What the tests of the buttons on an open master share: a team whose returns lie there unread, and a click."""

from __future__ import annotations

from pathlib import Path

import pytest

import xlperf
from tests.calc_engine.fixture import Calc, Ran
from tests.conftest import Q1, Q4, Team, at, copy_of, fill, new_team
from xlperf.returns.figure import FigureKey
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.live import LiveWorkbook
from xlperf.workbook.port import CellValue

V1 = ("V1", "TRUST", Q1)
HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "001", "1/2", "1E5", "=HYPERLINK(1)")


@pytest.fixture(scope="module")
def waiting_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    team = new_team(tmp_path_factory.mktemp("waiting") / "workspace")
    team.issue(Q4, now=at("2026-04-01"))
    for owner, issued in team.issued(Q4).items():
        fill(issued, {("V1", "TRUST", Q4): {"Actual": 60}} if owner == "alpha" else None, saved=at("2026-04-10"))
    team.collate(at("2026-04-12"))
    team.issue()
    texts = ("Commentary", "Cause", "Action", "Action owner", "What changed")
    alpha: dict[FigureKey, dict[str, CellValue]] = {
        V1: {"Actual": 61, **dict(zip(texts, HOSTILE, strict=False))},
        ("L1", "TRUST", Q1): {"Actual": 20, **dict(zip(texts, HOSTILE[3:], strict=False))},
        ("C1", "TRUST", Q1): {"Actual": "lots"},
    }
    fill(team.issued()["alpha"], alpha)
    fill(team.issued()["beta"])
    return team.root


@pytest.fixture
def waiting(tmp_path: Path, waiting_once: Path) -> Team:
    """A team whose master shows Quarter 4; the returns of Quarter 1, hostile text and all, lie there unread."""
    return copy_of(waiting_once, tmp_path / "workspace")


def click(calc: Calc, team: Team, button: str, book: str = "master.xlsx", version: str = xlperf.__version__) -> Ran:
    return calc.run(
        "xlperf.addin", button, f"--workspace={team.root}", f"--wb={book}", *calc.arguments, f"--version={version}"
    )


def said(ran: Ran) -> str:
    assert ran.code == 0, ran.output
    (alert,) = ran.alerts
    return alert.prompt


def tables(master_: Path | LiveWorkbook) -> dict[str, list[dict[str, str]]]:
    """Every cell of every table of a master, but for when it was produced, and by whom."""
    book = FileWorkbook.open(master_) if isinstance(master_, Path) else master_
    found = {}
    for name in book.table_names():
        table = book.read_table(name)
        rows = [{header: f"{row[header].kind} {row[header].raw}" for header in table.columns} for row in table.rows]
        found[name] = [row for row in rows if not {row.get("Item"), row.get("What")} & {"text Produced", "text Ledger"}]
    return found


def differences(live: dict[str, list[dict[str, str]]], file: dict[str, list[dict[str, str]]]) -> list[str]:
    """Each cell of which the two masters say different things."""
    found = [f"{name}: not as many rows" for name, rows in file.items() if len(live[name]) != len(rows)]
    for name, rows in file.items():
        for number, (one, other) in enumerate(zip(live[name], rows, strict=False), start=1):
            # A formula has its result only where a program has worked it out, as in the open master.
            told = [at for at in other if other[at] != "uncalculated "]
            found += [f"{name} {number} {at}: {one[at]!r}, {other[at]!r}" for at in told if one[at] != other[at]]
    return found


def saved(calc: Calc, team: Team, name: str = "saved.xlsx") -> Path:
    """The open master as its user saves it, beside the file."""
    path = team.root / name
    calc.app.books["master.xlsx"].save(str(path))
    return path
