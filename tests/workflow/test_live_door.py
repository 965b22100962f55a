"""The live door's own promises, without a spreadsheet program: a stand-in has Excel's settings, a file its cells."""

from __future__ import annotations

import hashlib
import logging
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import xlperf
from tests.conftest import Team, kpi_in, tree
from xlperf import addin
from xlperf.errors import WorkbookError, WorkspaceError
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.live import LiveWorkbook
from xlperf.workflow.cycle.collate_live import collate_live
from xlperf.workflow.workspace.lock import locked
from xlperf.workflow.workspace.run import Run, now


class Stand(LiveWorkbook):
    """An open workbook whose cells are a file's."""

    def __init__(self, path: Path) -> None:
        self.app = SimpleNamespace(screen_updating=True, enable_events=True, calculation="automatic", status_bar=False)
        book: Any = SimpleNamespace(name=path.name, app=self.app)
        super().__init__(book)
        self.cells = FileWorkbook.open(path)
        self.saved_under: list[str] = []
        self.settings_in_between: list[str] = []
        reading = ("table_names", "columns", "body", "read_table", "read_keys", "read_name", "read_formulas")
        of_rows = ("read_attached", "totals", "make_room", "bring_rows", "follow", "keep_together")
        for method in (*reading, *of_rows, "write_name"):
            setattr(self, method, getattr(self.cells, method))

    def write_table(self, name: str, rows: Any, moved: Any = None) -> None:
        self.settings_in_between.append(self.app.calculation)
        self.cells.write_table(name, rows, moved)

    def save(self, path: Path) -> None:
        self.saved_under.append(self.app.calculation)

    def contents(self, *, as_written: bool = False) -> str:
        return hashlib.sha256(self.cells.to_bytes()).hexdigest()

    @property
    def is_saved(self) -> bool:
        return False


@pytest.fixture
def team(issued_team: Team) -> Team:
    issued_team.collate()
    return issued_team


def test_the_master_is_saved_with_its_users_calculation_mode_not_with_ours(team: Team) -> None:
    (team.root / "workspace.yaml").write_text("save_after_collate: true\n", encoding="utf-8")
    book = Stand(team.workspace.master)
    collate_live(team.workspace, book, Run(now(), "tester"))
    assert set(book.settings_in_between) == {"manual"}
    assert book.saved_under == ["automatic"]


def test_an_excel_that_a_killed_collation_left_standing_still_moves_again(team: Team) -> None:
    book = Stand(team.workspace.master)
    book.app.screen_updating = False
    collate_live(team.workspace, book, Run(now(), "tester"))
    assert book.app.screen_updating


@pytest.mark.parametrize("name", ["2026-27-Q1 edition 2026-07-20 101500.xlsx", "master (pending 2026-07-20).xlsx"])
def test_a_copy_of_the_master_is_not_collated_into(team: Team, name: str) -> None:
    copy = team.root / name
    copy.write_bytes(team.workspace.master.read_bytes())
    book, runs = Stand(copy), team.state.runs
    with pytest.raises(WorkbookError, match="is not the master but a copy of it"):
        collate_live(team.workspace, book, Run(now(), "tester"))
    assert book.settings_in_between == []
    assert team.state.runs == runs


OTHER_PROCESS = """
import sys
from pathlib import Path
from xlperf.workflow.workspace.lock import locked
from xlperf.workflow.workspace.run import Run, now
from xlperf.workflow.workspace import Workspace
with locked(Workspace(Path(sys.argv[1])), "collating", Run(now(), "Ann Analyst")):
    print("at work", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("button", ["collate", "generate", "chase", "publish"])
def test_a_second_click_while_the_first_is_at_work_does_nothing_and_says_who_is(team: Team, button: str) -> None:
    command = [sys.executable, "-c", OTHER_PROCESS, str(team.root)]
    book, runs = Stand(team.workspace.master), team.state.runs
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout
        assert first.stdout.readline() == "at work\n"
        click = addin.Click(team.workspace, book, now(), "tester")
        assert "Ann Analyst has been collating" in addin.press(button, click, logging.getLogger("test"))
        assert book.app.calculation == "automatic"
        assert team.state.runs == runs
        first.kill()  # however it ends
        first.wait()
    click = addin.Click(team.workspace, book, now(), "tester")
    assert "taken over" in addin.press("collate", click, logging.getLogger("test"))


@pytest.mark.parametrize("button", ["collate", "generate", "chase", "publish", "status"])
def test_a_catalogue_that_cannot_be_meant_stops_the_buttons_too(team: Team, button: str) -> None:
    wrong = {"targets": [{"from": "2024-25", "target": 0.80}], "usual": [60, 95]}
    team.change_catalogue(lambda data: kpi_in(data, "V1").update(wrong))
    before = tree(team.root)
    click = addin.Click(team.workspace, Stand(team.workspace.master), now(), "tester")
    said = addin.press(button, click, logging.getLogger("test"))
    assert "KPI V1: the target from 2024-25 is 0.8" in said
    assert "Write 80 if 80 % is meant" in said
    assert not said.endswith("..")
    assert tree(team.root) == before


def test_the_next_may_work_when_one_has_failed(team: Team) -> None:
    with pytest.raises(WorkspaceError, match="gone"), locked(team.workspace, "collating", Run(now(), "Ann")):
        raise WorkspaceError("gone")
    with locked(team.workspace, "collating", Run(now(), "Ann", wait=0)):
        pass


def test_a_click_never_ends_in_silence(
    team: Team, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    book = Stand(team.workspace.master)
    monkeypatch.setattr("xlperf.workbook.live.attach", lambda: book)

    def denied(path: Path) -> bool:
        raise PermissionError(13, "Access is denied", str(path))

    monkeypatch.setattr(Path, "is_file", denied)  # as of a share that does not let us in
    assert addin.main(["collate", f"--workspace={team.root}", f"--version={xlperf.__version__}"]) == 3
    assert "Something went wrong that should not have" in capsys.readouterr().err
    assert book.app.status_bar is False
    assert "Access is denied" in (team.root / addin.LOG).read_text(encoding="utf-8")
