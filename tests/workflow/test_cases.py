"""A case: what is typed about an issue in escalation, from the master to the ledger and back."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Q1, Q2, Team, at, fill, new_team
from tests.workflow.escalated import ENHANCED
from xlperf.report import layout
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.collate import Collated

LATER, AUGUST, OCTOBER = at("2026-07-24"), at("2026-08-07"), at("2026-10-12")
BEGUN: Mapping[str, CellValue] = {
    "Ref": "V1", "Org": "TRUST", "Kind": "Support begun", "What": "Weekly meetings",
    "By or to whom": "Director of Quality", "On": date(2026, 7, 22), "Note": "Room 4",
}  # fmt: skip


def entry(kind: str, what: str = "", who: str = "", on: date | None = None, ref: str = "V1") -> dict[str, Any]:
    cells = {"Ref": ref, "Org": "TRUST", "Kind": kind, "What": what, "By or to whom": who, "On": on}
    return {header: value for header, value in cells.items() if value}


def log(team: Team) -> list[dict[str, str]]:
    """The rows of the master's log of cases that say anything."""
    return [row for row in team.sheet(layout.CASES) if any(row.values())]


def issue(team: Team, ref: str = "V1") -> dict[str, str]:
    """The row of a case on the sheet Escalation."""
    (row,) = [each for each in team.sheet(layout.ESCALATION) if each["Ref"] == ref]
    return row


def codes(done: Collated) -> list[str]:
    return [item.code for item in done.findings]


def test_an_entry_is_kept_and_the_issue_says_what_was_begun_how_it_goes_and_who_was_told(escalated: Team) -> None:
    escalated.add_row(layout.CASES, BEGUN)
    escalated.add_row(layout.CASES, entry("Progress", "One of two posts is filled", "Matron", date(2026, 7, 23)))
    escalated.add_row(layout.CASES, entry("told", who="Chair", on=date(2026, 7, 21)))
    assert codes(escalated.collate(LATER)) == []
    row = issue(escalated)
    assert row["Support begun"] == "Weekly meetings (Director of Quality, 22 July 2026)"
    assert row["Last progress"] == "One of two posts is filled (Matron, 23 July 2026)"
    assert row["Told"] == "Chair on 21 July 2026; not recorded: Board at its next meeting"
    assert row["Exit test"] == "0 of 2 periods met: Green or Amber in 2 periods running"
    assert [each["Case now"] for each in log(escalated)] == ["Enhanced since 20 July 2026"] * 3
    assert [each["Needs a look"] for each in log(escalated)] == ["", "", ""]


def test_it_is_told_once_however_often_the_master_is_collated(escalated: Team) -> None:
    escalated.add_row(layout.CASES, BEGUN)
    escalated.collate(LATER)
    runs, shown = len(escalated.state.runs), log(escalated)
    escalated.collate(AUGUST)
    assert (len(escalated.state.runs), len(log(escalated))) == (runs, 1)
    assert shown[0]["Entry"] == log(escalated)[0]["Entry"] != ""


def test_a_correction_is_kept_and_an_emptied_cell_takes_nothing_back_but_the_note(escalated: Team) -> None:
    escalated.add_row(layout.CASES, BEGUN)
    escalated.collate(LATER)
    escalated.type_in_master(layout.CASES, "V1", {"What": "Meetings every Friday", "Note": None, "By or to whom": None})
    assert codes(escalated.collate(AUGUST)) == ["D017"]
    (row,) = log(escalated)
    assert (row["What"], row["By or to whom"], row["Note"]) == ("Meetings every Friday", "Director of Quality", "")
    assert len(escalated.state.case_entries) == 1


def test_what_was_typed_by_mistake_is_withdrawn_and_stands_only_in_the_log(escalated: Team) -> None:
    escalated.add_row(layout.CASES, BEGUN)
    escalated.collate(LATER)
    escalated.type_in_master(layout.CASES, "V1", {"Kind": "Withdrawn"})
    escalated.collate(AUGUST)
    assert issue(escalated)["Support begun"] == ""
    assert [row["Kind"] for row in log(escalated)] == ["Withdrawn"]


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
def test_what_cannot_be_meant_is_said(escalated: Team, row: Mapping[str, object], says: str) -> None:
    escalated.add_row(layout.CASES, row)
    done = escalated.collate(LATER)
    said = [item.message for item in done.findings if item.code == "D017"]
    said += [each["What"] for each in escalated.sheet(layout.FINDINGS) if each["Code"] == "D017"]
    assert any(says in each for each in said), said


def test_two_analysts_who_type_different_entries_lose_none_and_one_cell_is_in_dispute(escalated: Team) -> None:
    escalated.add_row(layout.CASES, BEGUN)
    escalated.collate(LATER)
    other = escalated.root / "master (conflicted copy).xlsx"
    shutil.copy(escalated.workspace.master, other)
    escalated.type_in_master(layout.CASES, "V1", {"What": "Meetings every Friday"})
    escalated.collate(at("2026-07-25"))
    mine = Team(escalated.workspace)
    own = escalated.workspace.master.read_bytes()
    shutil.copy(other, escalated.workspace.master)
    mine.type_in_master(layout.CASES, "V1", {"What": "Meetings every Monday"})
    mine.add_row(layout.CASES, entry("Told", who="Chair", on=date(2026, 7, 21)))
    shutil.copy(escalated.workspace.master, other)
    escalated.workspace.master.write_bytes(own)
    done = escalated.collate(AUGUST)
    assert "D018" in codes(done)
    began, told = log(escalated)
    assert began["What"] == "Meetings every Friday"
    assert "'Meetings every Monday' was typed in master (conflicted copy).xlsx" in began["Needs a look"]
    assert told["By or to whom"] == "Chair"
    other.unlink()
    escalated.type_in_master(layout.CASES, "V1", {"What": "Meetings every Monday"})
    assert "D018" not in codes(escalated.collate(at("2026-08-08")))
    assert log(escalated)[0]["What"] == "Meetings every Monday"


def test_the_same_row_in_two_copies_is_one_entry(escalated: Team) -> None:
    escalated.add_row(layout.CASES, BEGUN)
    shutil.copy(escalated.workspace.master, escalated.root / "master (conflicted copy).xlsx")
    escalated.collate(LATER)
    escalated.collate(AUGUST)
    assert len(log(escalated)) == 1


def test_a_case_about_no_kpi_is_opened_decided_on_reviewed_and_closed(escalated: Team) -> None:
    escalated.add_row(layout.CASES, entry("Opened", "Fire safety, north wing", "Estates", date(2026, 7, 21), "ESTATES"))
    escalated.add_row(layout.CASES, entry("Review", "Agenda", "Board", date(2026, 9, 1), "ESTATES"))
    assert codes(escalated.collate(LATER)) == []
    row = issue(escalated, "ESTATES")
    assert (row["KPI"], row["Status"]) == ("Fire safety, north wing", "A case of its own")
    assert row["Next review"] == "46266"  # 1 September 2026, as Excel counts days
    assert log(escalated)[0]["Case now"] == "opened by the team on 21 July 2026, in no stage"
    escalated.type_in_master(layout.ESCALATION, "ESTATES", {**ENHANCED, "Rationale": "Told by the committee"})
    assert codes(escalated.collate(AUGUST)) == []
    row = issue(escalated, "ESTATES")
    assert row["Exit test"] == "a decision of a person, as no figure says it"
    assert row["Told"] == "not recorded: Chair and Board at its next meeting"
    done: Mapping[str, CellValue] = {"Decided stage": "None", "Decided on": date(2026, 9, 2), "Rationale": "Made safe"}
    escalated.type_in_master(layout.ESCALATION, "ESTATES", done)
    escalated.collate(at("2026-09-03"))
    assert log(escalated)[0]["Case now"] == "left escalation on 2 September 2026"


def test_a_case_closed_by_de_escalation_keeps_its_history(escalated: Team) -> None:
    escalated.add_row(layout.CASES, BEGUN)
    escalated.collate(LATER)
    out: Mapping[str, CellValue] = {
        "Decided stage": "None",
        "Decided on": date(2026, 8, 3),
        "Rationale": "Both in post",
    }
    escalated.type_in_master(layout.ESCALATION, "V1", out)
    escalated.collate(AUGUST)
    (row,) = log(escalated)
    assert (row["What"], row["Case now"]) == ("Weekly meetings", "left escalation on 3 August 2026")
    assert issue(escalated)["Support begun"] == "Weekly meetings (Director of Quality, 22 July 2026)"
    escalated.issue(Q2, at("2026-10-01"))
    escalated.collate(OCTOBER, Q2)
    assert len(log(escalated)) == 1


def test_a_case_of_a_section_is_named_by_it_and_has_its_own_exit_test(tmp_path: Path) -> None:
    team = new_team(tmp_path / "workspace")
    stage = {"id": "d1", "name": "Domain review", "enter": {"red_kpis": 1}, "leave": {"periods_without": 2}}
    team.change_catalogue(lambda data: data["escalation"].update(section_stages=[stage]))
    fill(team.issue(now=at("2026-07-01"))["alpha"], {("V1", "TRUST", Q1): {"Actual": 50}}, saved=at("2026-07-10"))
    team.collate(at("2026-07-10"))
    section = team.workspace.catalogue().kpi_by_id["V1"].section
    team.type_in_master(layout.ESCALATION, section, {**ENHANCED, "Decided stage": "Domain review"})
    team.add_row(layout.CASES, entry("Support begun", "One plan for all", "Finance", date(2026, 7, 22), section))
    assert codes(team.collate(LATER)) == []
    row = issue(team, section)
    assert row["Exit test"] == "0 of 2 periods met: 2 reporting periods running without 1 KPI Red"
    assert row["Support begun"] == "One plan for all (Finance, 22 July 2026)"
    assert log(team)[0]["Case"] == row["KPI"]
