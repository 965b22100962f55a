"""One contract, two doors: the master collated in the open spreadsheet says what the collated file says.

The buttons are clicked as the ribbon does it: `python -m xlperf.addin …` in a process of its own, on the workbook that
is open. The spreadsheet program is LibreOffice Calc; nothing here is evidence about Excel (see tests/calc_engine).
"""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import xlwings as xw

from tests.addin.two_doors import HOSTILE, click, differences, said, saved, tables, waiting, waiting_once
from tests.calc_engine.fixture import Calc, Ran
from tests.conftest import Q1, Team, copy_of
from xlperf.addin import Click, press
from xlperf.report import layout as master
from xlperf.tables import Table
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.live import LiveWorkbook
from xlperf.workbook.port import CellValue, TableRow
from xlperf.workflow.cycle.demo import demo
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import now

__all__ = ["waiting", "waiting_once"]
pytestmark = pytest.mark.libreoffice

DECISION: Mapping[str, CellValue] = {
    "Decided stage": "Enhanced",
    "Decided by": "Chief Executive",
    "Decided on": date(2026, 7, 20),
    "Rationale": "=Agreed, and typed live",
}


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
    calc: Calc, waiting_once: Path, tmp_path_factory: pytest.TempPathFactory, _clicked: list[Collated]
) -> Collated:
    """Collate clicked once on the master of the waiting team; nothing of it is to be changed."""
    if not _clicked:
        team = copy_of(waiting_once, tmp_path_factory.mktemp("collated") / "workspace")
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


def type_live(book: xw.Book, name: str, values: Mapping[str, CellValue]) -> None:
    """Play a person who types into the first row about V1 of a table of the open master."""
    table = LiveWorkbook(book).read_table(name)
    row = next(row for row in table.rows if (row["Ref"].raw, row["Org"].raw) == ("V1", "TRUST"))
    for header, value in values.items():
        book.sheets[table.sheet].range(table.address(row, header)).value = value


def test_what_is_typed_live_of_actions_and_of_a_recovery_path_is_recorded_and_stays(calc: Calc, clicked: Team) -> None:
    book = calc.open(clicked.workspace.master)
    type_live(book, master.ACTIONS, {"Action owner": "Head of nursing", "Due": date(2026, 12, 31), "Reason": "Agreed"})
    type_live(book, master.ESCALATION, DECISION)
    said(click(calc, clicked, "collate"))
    (action,) = [each for each in clicked.state.actions if each.about == ("V1", "TRUST")]
    assert (action.id[:2], action.owner, action.due) == ("A-", "Head of nursing", date(2026, 12, 31))
    type_live(book, master.RECOVERY, {"Promised": 91.5, "Why, or where agreed": "Board, in October"})
    said(click(calc, clicked, "collate"))
    runs = clicked.state.runs
    said(click(calc, clicked, "collate"))
    assert clicked.state.runs == runs
    kept = tables(LiveWorkbook(book))
    (v1,) = [row for row in kept[master.ACTIONS] if row["Ref"] == "text V1"]
    assert (v1["Action owner"], v1["Reason"]) == ("text Head of nursing", "text Agreed")
    first = next(row for row in kept[master.RECOVERY] if row["Ref"] == "text V1")
    assert (first["Promised"], first["First promised"]) == ("number 91.5", "number 91.5")
    assert clicked.state.recovery_paths["V1", "TRUST"].times_changed == 0


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
        # One has not returned, one row was refused; how many have an action overdue depends on the day.
        "chase": "reminder drafts for 2026-27-Q2",
        "publish": "Note: 1 of 9 returns is missing: ",
        "generate": "The returns for Quarter 2 2026-27 (July to September 2026) were issued",
        "help": "xlperf",
    }
    for button, beginning in beginnings.items():
        *asked, answered = click(calc, team, button).alerts
        assert re.sub(r"^\d+ ", "", answered.prompt).startswith(beginning), button
        assert [each.buttons for each in asked] == (["yes_no"] if button == "publish" else [])
    assert "\nEdition of 2026-27-Q2: " in click(calc, team, "publish").alerts[-1].prompt
