"""A master of an earlier version that is open in Excel: the button asks, and lets it grow in its file."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest

from tests.calc_engine.fixture import Calc
from tests.conftest import Team, at
from xlperf.addin import Click, press
from xlperf.workbook.live import LiveWorkbook
from xlperf.workflow.workspace import Workspace

pytestmark = pytest.mark.libreoffice

LOG = logging.getLogger("test")
RELEASED = Path(__file__).parent.parent / "released" / "0.1.0"


@pytest.fixture
def team(tmp_path: Path) -> Team:
    """The team of a workspace that 0.1.0 made."""
    shutil.copytree(RELEASED, tmp_path / "workspace")
    return Team(Workspace(tmp_path / "workspace"))


def clicked(team: Team, book: LiveWorkbook) -> str:
    return press("collate", Click(team.workspace, book, at("2026-10-26"), "analyst"), LOG)


def test_yes_saves_closes_collates_the_file_and_opens_it_again(calc: Calc, team: Team) -> None:
    book = LiveWorkbook(calc.open(team.workspace.master))
    calc.answers.append("yes")
    said = clicked(team, book)
    (question,) = calc.alerts
    assert question.buttons == "yes_no"
    assert question.prompt.startswith("master.xlsx was made by an earlier version of xlperf")
    assert "has not been saved" not in said
    assert [each.name for each in calc.app.books] == ["master.xlsx"]
    assert "Directorate" in book.columns("tbl_kpis")  # what is open is what was written
    assert "Directorate" in team.table("tbl_kpis").columns
    calc.alerts.clear()
    assert "Save the workbook when you are ready." in clicked(team, book)  # from now on as ever, and nobody is asked
    assert calc.alerts == []


def test_what_was_typed_and_not_yet_saved_is_in_it(calc: Calc, team: Team) -> None:
    book = LiveWorkbook(calc.open(team.workspace.master))
    sheet = book.book.sheets["Notes for the chair"]
    sheet["H40"].value = "typed just now"
    calc.answers.append("yes")
    clicked(team, book)
    assert book.book.sheets["Notes for the chair"]["H40"].value == "typed just now"


def test_no_leaves_it_open_and_as_it_was_and_says_what_to_do(calc: Calc, team: Team) -> None:
    book, before = LiveWorkbook(calc.open(team.workspace.master)), team.workspace.master.read_bytes()
    calc.answers.append("no")
    said = clicked(team, book)
    assert "lacks the sheet" in said
    assert "run xlperf collate in its folder" in said
    assert team.workspace.master.read_bytes() == before
    assert "Directorate" not in book.columns("tbl_kpis")


def test_one_that_is_open_read_only_is_left_and_opened_by_nobody_else(calc: Calc, team: Team) -> None:
    before = team.workspace.master.read_bytes()
    book = LiveWorkbook(calc.app.books.open(str(team.workspace.master), read_only=True))
    calc.answers.append("yes")
    said = clicked(team, book)
    assert "open read-only" in said
    assert team.workspace.master.read_bytes() == before
    assert [each.name for each in calc.app.books] == ["master.xlsx"]


def test_a_collation_that_fails_meanwhile_still_opens_it_again(
    calc: Calc, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = LiveWorkbook(calc.open(team.workspace.master))
    calc.answers.append("yes")
    backups = team.workspace.backups
    shutil.rmtree(backups)
    backups.write_text("in the way of the folder")
    said = clicked(team, book)
    assert "backups" in said
    assert [each.name for each in calc.app.books] == ["master.xlsx"]
    assert book.table_names()
