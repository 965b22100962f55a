"""One contract, two doors: the master collated in the open spreadsheet says what the collated file says.

The buttons are clicked as the ribbon does it: `python -m xlperf.addin …` in a process of its own, on the workbook that
is open. The spreadsheet program is LibreOffice Calc; nothing here is evidence about Excel (see tests/calc_engine).
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from openpyxl.chart import BarChart, Reference

import xlperf
from tests.calc_engine.fixture import Calc, Ran
from tests.conftest import Q1, Q4, Team, at, copy_of, fill, new_team
from xlperf.addin import Click, press
from xlperf.report import layout as master
from xlperf.returns.figure import FigureKey
from xlperf.tables import Table
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.live import LiveWorkbook
from xlperf.workbook.port import CellValue, TableRow
from xlperf.workflow.cycle.demo import demo
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import now

pytestmark = pytest.mark.libreoffice

V1 = ("V1", "TRUST", Q1)
HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "001", "1/2", "1E5", "=HYPERLINK(1)")
DECISION: Mapping[str, CellValue] = {
    "Decided stage": "Enhanced",
    "Decided by": "Chief Executive",
    "Decided on": date(2026, 7, 20),
    "Rationale": "=Agreed, and typed live",
}


@pytest.fixture(scope="module")
def _waiting_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
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
def waiting(tmp_path: Path, _waiting_once: Path) -> Team:
    """A team whose master shows Quarter 4; the returns of Quarter 1, hostile text and all, lie there unread."""
    return copy_of(_waiting_once, tmp_path / "workspace")


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


def made_by_the_file_door(team: Team) -> Path:
    """The master that the file door writes for the same ledger and the same returns, over a copy of the same master."""
    copy = team.root.parent / "file door"
    shutil.copytree(team.root, copy, ignore=shutil.ignore_patterns(".~lock*"))  # there nobody has it open
    Team(Workspace(copy)).collate(now())  # the buttons have the real clock, and it says who is late
    return copy / "master.xlsx"


@dataclass(frozen=True)
class Collated:
    """What one click on Collate came to, as several tests look at it."""

    ran: Ran
    root: Path
    """The workspace."""
    live: Path
    """The open master as it was saved afterwards."""
    file: Path
    """The master that the file door writes of the same."""
    on_disk: tuple[bytes, bytes]
    """The master's own file before the click and after it."""


@pytest.fixture(scope="module")
def _clicked() -> list[Collated]:
    """Filled by the first test that asks for `collated`: the program itself is there for one test at a time."""
    return []


@pytest.fixture
def collated(
    calc: Calc, _waiting_once: Path, tmp_path_factory: pytest.TempPathFactory, _clicked: list[Collated]
) -> Collated:
    """Collate clicked once on the master of the waiting team; nothing of it is to be changed."""
    if not _clicked:
        team = copy_of(_waiting_once, tmp_path_factory.mktemp("collated") / "workspace")
        before = team.workspace.master.read_bytes()
        calc.open(team.workspace.master)
        ran = click(calc, team, "collate")
        on_disk = before, team.workspace.master.read_bytes()
        _clicked.append(Collated(ran, team.root, saved(calc, team), made_by_the_file_door(team), on_disk))
    return _clicked[0]


@pytest.fixture
def clicked(collated: Collated, tmp_path: Path) -> Team:
    """A team that has clicked on Collate, and has saved the master and closed it."""
    shutil.copytree(collated.root, tmp_path / "clicked", ignore=shutil.ignore_patterns(".~lock*"))
    team = Team(Workspace(tmp_path / "clicked"))
    (team.root / collated.live.name).replace(team.workspace.master)
    return team


def test_collate_says_in_the_open_master_what_the_file_door_writes(collated: Collated) -> None:
    message = said(collated.ran)
    assert message.startswith("2026-27-Q1: 4 files = 4 accepted + 0 rejected + 0 ignored; 1 row refused.")
    assert "lots" in message
    assert "Save the workbook when you are ready" in message
    live, file = tables(collated.live), tables(collated.file)
    assert live.keys() == file.keys()
    assert differences(live, file) == []


def test_text_from_returns_arrives_as_the_text_it_is(collated: Collated) -> None:
    data = FileWorkbook.open(collated.live).read_table(master.DATA)
    v1 = next(row for row in data.rows if (row["Ref"].raw, row["Period"].raw) == ("V1", Q1))
    typed = [v1[header] for header in ("Commentary", "Cause", "Action", "Action owner")]
    assert [(str(cell.kind), cell.raw, cell.is_formula) for cell in typed] == [
        ("text", text, False) for text in HOSTILE[:4]
    ]


def test_the_status_bar_tells_how_far_it_is_and_is_given_back(collated: Collated) -> None:
    shown = collated.ran.status_messages
    assert [text for text in shown if "4 of 4 files" in str(text)]
    assert shown[-1] is False


def test_the_file_on_disk_is_left_alone(collated: Collated) -> None:
    before, after = collated.on_disk
    assert after == before


def test_a_decision_typed_live_is_recorded_and_stays(calc: Calc, clicked: Team) -> None:
    book = calc.open(clicked.workspace.master)
    table = LiveWorkbook(book).read_table(master.ESCALATION)
    row = next(row for row in table.rows if (row["Ref"].raw, row["Org"].raw) == ("V1", "TRUST"))
    sheet = book.sheets["Escalation"]
    for header, value in DECISION.items():
        cell = sheet.range(table.address(row, header))
        if isinstance(value, str):
            cell.number_format = "@"
        cell.value = value
    said(click(calc, clicked, "collate"))
    decision = clicked.state.decision_in_force["V1", "TRUST"]
    assert decision.cells == ("Enhanced", "Chief Executive", "2026-07-20", "=Agreed, and typed live")
    kept = tables(saved(calc, clicked))[master.ESCALATION]
    (v1,) = [row for row in kept if row["Ref"] == "text V1"]
    assert (v1["Decided stage"], v1["Rationale"]) == ("text Enhanced", "text =Agreed, and typed live")
    assert v1["Status"].startswith("text As proposed")


def test_a_persons_sheet_chart_and_note_are_untouched_also_where_the_team_wants_it_saved(
    calc: Calc, waiting: Team
) -> None:
    path = waiting.workspace.master
    theirs = openpyxl.load_workbook(path)
    own = theirs.create_sheet("My notes")
    own["A1"], own["B1"], own["A2"] = "Meeting", 3, "=B1*2"
    chart = BarChart()
    chart.add_data(Reference(own, min_col=2, min_row=1, max_row=1))
    own.add_chart(chart, "D2")
    theirs.save(path)
    (waiting.root / "workspace.yaml").write_text("save_after_collate: true\n", encoding="utf-8")
    book = calc.open(path)
    assert "has not been saved" not in said(click(calc, waiting, "collate"))
    notes = book.sheets["My notes"]
    assert [notes.range(at).formula for at in ("A1", "B1", "A2")] == ["Meeting", "3", "=B1*2"]
    for file in (path, saved(calc, waiting)):
        with zipfile.ZipFile(file) as package:
            charts = [package.read(name) for name in package.namelist() if name.startswith("xl/charts/chart")]
        assert sum(b"barChart>" in chart for chart in charts) == 1, "theirs, beside that of the sheet Chart"
    book.close()
    assert waiting.sheet("tbl_about")[0]["Value"].startswith("Quarter 1")


def test_what_is_held_for_the_team_is_told_by_the_buttons(calc: Calc, waiting: Team) -> None:
    waiting.change_catalogue(lambda data: data.update(returns={"policies": {"older_catalogue": "hold"}}))
    calc.open(waiting.workspace.master)
    collated = said(click(calc, waiting, "collate"))
    assert collated.startswith(
        "2026-27-Q1: 4 files = 2 accepted + 2 rejected (of them 2 held for the team) + 0 ignored; "
    )
    assert "held for the team: it was issued from catalogue" in collated
    told = said(click(calc, waiting, "status"))
    assert "0 returned + 2 missing (of them 2 held for the team).\nHeld for the team to look at: " in told
    assert "(Alpha team)" in told
    assert "Nothing received" not in told


def test_every_other_button_does_its_work_and_closes_with_one_message(calc: Calc, waiting: Team) -> None:
    calc.open(waiting.workspace.master)
    assert "0 returned + 2 missing.\nNothing received from: Alpha team, Beta team." in said(
        click(calc, waiting, "status")
    )
    said(click(calc, waiting, "collate"))
    assert "2 issued = 2 returned + 0 missing" in said(click(calc, waiting, "status"))
    assert "reminder draft" in said(click(calc, waiting, "chase"))
    assert "Collate: read what has come back" in said(click(calc, waiting, "help"))
    assert "2 returns for 2026-27-Q2" in said(click(calc, waiting, "generate"))
    # What has been sent out is never superseded by a second click.
    assert "nothing was done" in said(click(calc, waiting, "generate"))
    edition = said(click(calc, waiting, "publish"))
    assert "Edition of 2026-27-Q1" in edition
    assert list((waiting.root / "editions" / Q1).glob("*.pdf"))


@pytest.mark.parametrize("button", ["collate", "publish"])
def test_a_workbook_that_is_no_master_gets_one_plain_message(calc: Calc, waiting: Team, button: str) -> None:
    other = waiting.root / "other.xlsx"
    openpyxl.Workbook().save(other)
    calc.open(other)
    runs = waiting.state.runs
    message = said(click(calc, waiting, button, book="other.xlsx"))
    assert "is not an xlperf master" in message
    assert waiting.state.runs == runs


def test_an_addin_of_another_version_does_nothing_and_says_how_to_update(calc: Calc, waiting: Team) -> None:
    calc.open(waiting.workspace.master)
    runs = waiting.state.runs
    message = said(click(calc, waiting, "collate", version="0.0.1"))
    assert "xlperf addin install" in message
    assert waiting.state.runs == runs


def test_a_fault_in_the_catalogue_is_said_in_one_sentence_and_logged(calc: Calc, waiting: Team) -> None:
    calc.open(waiting.workspace.master)
    (waiting.root / "kpi_catalogue.yaml").write_text("framework: [", encoding="utf-8")
    message = said(click(calc, waiting, "collate"))
    assert "YAML cannot be read" in message
    assert "Traceback" not in message
    assert "YAML cannot be read" in (waiting.root / "xlperf.log").read_text(encoding="utf-8")


def test_a_protected_sheet_is_one_plain_message_and_nothing_is_lost(calc: Calc, waiting: Team) -> None:
    path = waiting.workspace.master
    theirs = openpyxl.load_workbook(path)
    theirs["Exceptions"].protection.sheet = True
    theirs.save(path)
    book = calc.open(path)
    message = said(click(calc, waiting, "collate"))
    assert "protected" in message
    assert book.app.screen_updating
    assert book.app.calculation == "automatic"
    assert ("V1", "TRUST", Q1) in waiting.state.figures


class Failing(LiveWorkbook):
    """The open master, of which the n-th call of the port fails, as when Excel goes away or its user does something."""

    def __init__(self, book: xw.Book, at: int) -> None:
        super().__init__(book)
        self.left = at

    def _count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise OSError("the line to Excel broke")

    def table_names(self) -> tuple[str, ...]:
        self._count()
        return super().table_names()

    def columns(self, name: str) -> tuple[str, ...]:
        self._count()
        return super().columns(name)

    def read_table(self, name: str) -> Table:
        self._count()
        return super().read_table(name)

    def write_table(self, name: str, rows: Sequence[TableRow], moved: Mapping[int, int] | None = None) -> None:
        self._count()
        super().write_table(name, rows, moved)

    def write_name(self, name: str, value: CellValue) -> None:
        self._count()
        super().write_name(name, value)


@pytest.mark.long
@pytest.mark.parametrize("every", [int(os.environ.get("XLPERF_EVERY", "5"))])  # 1 by hand
def test_whichever_call_fails_the_master_stays_usable_and_the_next_collation_puts_it_right(
    calc: Calc, waiting: Team, every: int
) -> None:
    book = calc.open(waiting.workspace.master)
    log = logging.getLogger("test")
    runs: set[tuple[str, ...]] = set()
    at_call, said_of_it = 0, ""
    while not said_of_it.startswith("2026-27-Q1:"):
        at_call += every if at_call else 2  # one of the first calls fails in any case: nothing is judged then
        failing = Failing(book, at_call)
        said_of_it = press("collate", Click(waiting.workspace, failing, now(), "tester"), log)
        assert (book.app.screen_updating, book.app.calculation) == (True, "automatic"), at_call
        assert "Traceback" not in said_of_it
        if failing.left <= 0:
            assert "Nothing that was returned or decided is lost" in said_of_it, at_call
        runs.add(waiting.state.runs)
    assert at_call > 30, "every table is looked at and written"
    assert len(runs) == 2  # before anything was judged, and since: no failure adds or takes away
    assert differences(tables(saved(calc, waiting)), tables(made_by_the_file_door(waiting))) == []


@pytest.mark.long
def test_on_the_demo_both_doors_write_the_same_master_and_each_button_answers(calc: Calc, tmp_path: Path) -> None:
    demo(tmp_path / "demo")
    team = Team(Workspace(tmp_path / "demo"))
    book = calc.open(team.workspace.master)
    assert "2026-27-Q2: 20 files = 20 accepted + 0 rejected + 0 ignored" in said(click(calc, team, "collate"))
    # As it stands open: LibreOffice saves a number with 15 digits, where Excel and we keep 17.
    assert differences(tables(LiveWorkbook(book)), tables(made_by_the_file_door(team))) == []
    beginnings = {
        "status": "2026-27-Q2, due 2026-10-16: 9 issued = 8 returned + 1 missing.",
        "chase": "2 reminder drafts for 2026-27-Q2",  # one has not returned, one row was refused
        "publish": "Note: 1 of 9 returns is missing: ",
        "generate": "The returns for Quarter 2 2026-27 (July to September 2026) were issued",
        "help": "xlperf",
    }
    for button, beginning in beginnings.items():
        *asked, answered = click(calc, team, button).alerts
        assert answered.prompt.startswith(beginning), button
        assert [each.buttons for each in asked] == (["yes_no"] if button == "publish" else [])
    assert "\nEdition of 2026-27-Q2: " in click(calc, team, "publish").alerts[-1].prompt


@pytest.mark.skipif(sys.platform != "linux", reason="the desktop's opener is put on the path here as Linux calls it")
def test_the_returns_folder_is_shown_by_the_desktops_own_opener(
    calc: Calc, waiting: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener = tmp_path / "desktop" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\necho "$1" > "{tmp_path}/shown"\n', encoding="utf-8")
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", str(opener.parent), prepend=os.pathsep)
    calc.open(waiting.workspace.master)
    ran = click(calc, waiting, "open-folder")
    assert (ran.code, ran.alerts) == (0, [])
    assert (tmp_path / "shown").read_text(encoding="utf-8").strip() == str(waiting.received(Q1))
    shutil.rmtree(waiting.received(Q1))
    assert "generate the returns first" in said(click(calc, waiting, "open-folder"))
