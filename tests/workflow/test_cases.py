"""A case: what is typed about an issue in escalation, from the master to the ledger and back."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Q1, Q2, Team, at, copy_of, fill, new_team
from xlperf.report import layout
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.collate import Collated

JULY, LATER, AUGUST, OCTOBER = at("2026-07-10"), at("2026-07-24"), at("2026-08-07"), at("2026-10-12")
ENHANCED: Mapping[str, CellValue] = {
    "Decided stage": "Enhanced", "Decided by": "Chief Executive", "Decided on": date(2026, 7, 20),
    "Rationale": "Two posts are empty",
}  # fmt: skip
BEGUN: Mapping[str, CellValue] = {
    "Ref": "V1", "Org": "TRUST", "Kind": "Support begun", "What": "Weekly meetings",
    "By or to whom": "Director of Quality", "On": date(2026, 7, 22), "Note": "Room 4",
}  # fmt: skip


def entry(kind: str, what: str = "", who: str = "", on: date | None = None, ref: str = "V1") -> dict[str, Any]:
    cells = {"Ref": ref, "Org": "TRUST", "Kind": kind, "What": what, "By or to whom": who, "On": on}
    return {header: value for header, value in cells.items() if value}


def _one_red_leads(data: dict[str, Any]) -> None:
    data["escalation"] |= {"told": ["Chair", "Board at its next meeting"], "review_months": 3}
    data["escalation"]["stages"][0]["enter"] = {"consecutive_red": 1}


@pytest.fixture(scope="module")
def escalated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which V1 was Red in Quarter 1, and was put into the first stage of its ladder."""
    team = new_team(tmp_path_factory.mktemp("escalated") / "workspace")
    team.change_catalogue(_one_red_leads)
    fill(team.issue(now=at("2026-07-01"))["alpha"], {("V1", "TRUST", Q1): {"Actual": 50}}, saved=JULY)
    team.collate(JULY)
    team.type_in_master(layout.ESCALATION, "V1", ENHANCED)
    team.collate(at("2026-07-20"))
    return team.root


@pytest.fixture
def team(escalated: Path, tmp_path: Path) -> Team:
    return copy_of(escalated, tmp_path / "workspace")


def log(team: Team) -> list[dict[str, str]]:
    """The rows of the master's log of cases that say anything."""
    return [row for row in team.sheet(layout.CASES) if any(row.values())]


def issue(team: Team, ref: str = "V1") -> dict[str, str]:
    """The row of a case on the sheet Escalation."""
    (row,) = [each for each in team.sheet(layout.ESCALATION) if each["Ref"] == ref]
    return row


def codes(done: Collated) -> list[str]:
    return [item.code for item in done.findings]


def test_an_entry_is_kept_and_the_issue_says_what_was_begun_how_it_goes_and_who_was_told(team: Team) -> None:
    team.add_row(layout.CASES, BEGUN)
    team.add_row(layout.CASES, entry("Progress", "One of two posts is filled", "Matron", date(2026, 7, 23)))
    team.add_row(layout.CASES, entry("told", who="Chair", on=date(2026, 7, 21)))
    assert codes(team.collate(LATER)) == []
    row = issue(team)
    assert row["Support begun"] == "Weekly meetings (Director of Quality, 22 July 2026)"
    assert row["Last progress"] == "One of two posts is filled (Matron, 23 July 2026)"
    assert row["Told"] == "Chair on 21 July 2026; not recorded: Board at its next meeting"
    assert row["Exit test"] == "0 of 2 periods met: Green or Amber in 2 periods running"
    assert [each["Case now"] for each in log(team)] == ["Enhanced since 20 July 2026"] * 3
    assert [each["Needs a look"] for each in log(team)] == ["", "", ""]


def test_it_is_told_once_however_often_the_master_is_collated(team: Team) -> None:
    team.add_row(layout.CASES, BEGUN)
    team.collate(LATER)
    runs, shown = len(team.state.runs), log(team)
    team.collate(AUGUST)
    assert (len(team.state.runs), len(log(team))) == (runs, 1)
    assert shown[0]["Entry"] == log(team)[0]["Entry"] != ""


def test_a_correction_is_kept_and_an_emptied_cell_takes_nothing_back_but_the_note(team: Team) -> None:
    team.add_row(layout.CASES, BEGUN)
    team.collate(LATER)
    team.type_in_master(layout.CASES, "V1", {"What": "Meetings every Friday", "Note": None, "By or to whom": None})
    assert codes(team.collate(AUGUST)) == ["D017"]
    (row,) = log(team)
    assert (row["What"], row["By or to whom"], row["Note"]) == ("Meetings every Friday", "Director of Quality", "")
    assert len(team.state.case_entries) == 1


def test_what_was_typed_by_mistake_is_withdrawn_and_stands_only_in_the_log(team: Team) -> None:
    team.add_row(layout.CASES, BEGUN)
    team.collate(LATER)
    team.type_in_master(layout.CASES, "V1", {"Kind": "Withdrawn"})
    team.collate(AUGUST)
    assert issue(team)["Support begun"] == ""
    assert [row["Kind"] for row in log(team)] == ["Withdrawn"]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"Kind": "Progress", "What": "Begun"}, "does not say which case"),
        ({"Ref": "V1", "Org": "TRUST", "Kind": "Hope", "What": "Begun"}, "'Hope' is no kind"),
        ({"Ref": "V9", "Org": "TRUST", "Kind": "Progress", "What": "Begun"}, "V9 TRUST is no KPI or section of an org"),
        ({"Ref": "V1", "Org": "TRUST", "Kind": "Told", "On": date(2026, 7, 21)}, "does not say who was told"),
        ({"Ref": "V1", "Org": "TRUST", "Kind": "Told", "What": "x", "On": "soon"}, "'soon' is no date"),
        ({"Ref": "V1", "Org": "TRUST", "Kind": "Progress", "What": "x", "On": date(2027, 1, 1)}, "has not come"),
        ({"Ref": "V1", "Org": "TRUST", "Kind": "Closed", "What": "Well again"}, "only a decision on Escalation ends"),
        ({"Entry": "MINE", "Ref": "V1", "Kind": "Told", "What": "x"}, "MINE is no entry of the log"),
    ],
)
def test_what_cannot_be_meant_is_said(team: Team, row: Mapping[str, object], says: str) -> None:
    team.add_row(layout.CASES, row)
    done = team.collate(LATER)
    said = [item.message for item in done.findings if item.code == "D017"]
    said += [each["What"] for each in team.sheet(layout.FINDINGS) if each["Code"] == "D017"]
    assert any(says in each for each in said), said


def test_two_analysts_who_type_different_entries_lose_none_and_one_cell_is_in_dispute(team: Team) -> None:
    team.add_row(layout.CASES, BEGUN)
    team.collate(LATER)
    other = team.root / "master (conflicted copy).xlsx"
    shutil.copy(team.workspace.master, other)
    team.type_in_master(layout.CASES, "V1", {"What": "Meetings every Friday"})
    team.collate(at("2026-07-25"))
    mine = Team(team.workspace)
    own = team.workspace.master.read_bytes()
    shutil.copy(other, team.workspace.master)
    mine.type_in_master(layout.CASES, "V1", {"What": "Meetings every Monday"})
    mine.add_row(layout.CASES, entry("Told", who="Chair", on=date(2026, 7, 21)))
    shutil.copy(team.workspace.master, other)
    team.workspace.master.write_bytes(own)
    done = team.collate(AUGUST)
    assert "D018" in codes(done)
    began, told = log(team)
    assert began["What"] == "Meetings every Friday"
    assert "'Meetings every Monday' was typed in master (conflicted copy).xlsx" in began["Needs a look"]
    assert told["By or to whom"] == "Chair"
    other.unlink()
    team.type_in_master(layout.CASES, "V1", {"What": "Meetings every Monday"})
    assert "D018" not in codes(team.collate(at("2026-08-08")))
    assert log(team)[0]["What"] == "Meetings every Monday"


def test_the_same_row_in_two_copies_is_one_entry(team: Team) -> None:
    team.add_row(layout.CASES, BEGUN)
    shutil.copy(team.workspace.master, team.root / "master (conflicted copy).xlsx")
    team.collate(LATER)
    team.collate(AUGUST)
    assert len(log(team)) == 1


def test_a_case_about_no_kpi_is_opened_decided_on_reviewed_and_closed(team: Team) -> None:
    team.add_row(layout.CASES, entry("Opened", "Fire safety, north wing", "Estates", date(2026, 7, 21), "ESTATES"))
    team.add_row(layout.CASES, entry("Review", "Agenda", "Board", date(2026, 9, 1), "ESTATES"))
    assert codes(team.collate(LATER)) == []
    row = issue(team, "ESTATES")
    assert (row["KPI"], row["Status"]) == ("Fire safety, north wing", "A case of its own")
    assert row["Next review"] == "46266"  # 1 September 2026, as Excel counts days
    assert log(team)[0]["Case now"] == "opened by the team on 21 July 2026, in no stage"
    team.type_in_master(layout.ESCALATION, "ESTATES", {**ENHANCED, "Rationale": "Told by the committee"})
    assert codes(team.collate(AUGUST)) == []
    row = issue(team, "ESTATES")
    assert row["Exit test"] == "a decision of a person, as no figure says it"
    assert row["Told"] == "not recorded: Chair and Board at its next meeting"
    done: Mapping[str, CellValue] = {"Decided stage": "None", "Decided on": date(2026, 9, 2), "Rationale": "Made safe"}
    team.type_in_master(layout.ESCALATION, "ESTATES", done)
    team.collate(at("2026-09-03"))
    assert log(team)[0]["Case now"] == "left escalation on 2 September 2026"


def test_a_case_closed_by_de_escalation_keeps_its_history(team: Team) -> None:
    team.add_row(layout.CASES, BEGUN)
    team.collate(LATER)
    out: Mapping[str, CellValue] = {
        "Decided stage": "None",
        "Decided on": date(2026, 8, 3),
        "Rationale": "Both in post",
    }
    team.type_in_master(layout.ESCALATION, "V1", out)
    team.collate(AUGUST)
    (row,) = log(team)
    assert (row["What"], row["Case now"]) == ("Weekly meetings", "left escalation on 3 August 2026")
    assert issue(team)["Support begun"] == "Weekly meetings (Director of Quality, 22 July 2026)"
    team.issue(Q2, at("2026-10-01"))
    team.collate(OCTOBER, Q2)
    assert len(log(team)) == 1
