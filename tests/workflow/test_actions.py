"""What was promised, from a return to the register, back to its owner, and into the team's hands."""

from __future__ import annotations

import email
from collections.abc import Mapping
from datetime import date
from email import policy
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Q1, Q2, Team, at, copy_of, fill, new_team
from xlperf.report import layout
from xlperf.returns import action_fields
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.chase import chase, status
from xlperf.workflow.cycle.collate import Collated
from xlperf.workflow.workspace.run import Run

PROMISE: Mapping[str, CellValue] = {
    "Actual": 50, "Commentary": "Two posts are empty", "Action": "Hire two nurses", "Action owner": "Matron",
    "Action due": date(2026, 9, 30),
}  # fmt: skip
JULY, OCTOBER, LATER = at("2026-07-10"), at("2026-10-12"), at("2026-10-20")


@pytest.fixture(scope="module")
def promised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which Alpha team promised one thing in Quarter 1; its return of Quarter 2 has been issued."""
    team = new_team(tmp_path_factory.mktemp("promised") / "workspace")
    fill(team.issue(now=at("2026-07-01"))["alpha"], {("V1", "TRUST", Q1): PROMISE}, saved=JULY)
    team.collate(JULY)
    team.issue(Q2, at("2026-10-01"))
    return team.root


@pytest.fixture
def team(promised: Path, tmp_path: Path) -> Team:
    return copy_of(promised, tmp_path / "workspace")


def register(team: Team) -> dict[str, dict[str, str]]:
    """The rows of the master's register, by the number of the action."""
    return {row[layout.ACTION_ID]: row for row in team.sheet(layout.ACTIONS)}


def say(team: Team, values: Mapping[str, CellValue], row: int = 0) -> Path:
    """Play Alpha's owner: fill the sheet Actions of the return of Quarter 2, and the figures."""
    back = fill(team.issued(Q2)["alpha"], {("V1", "TRUST", Q2): {"Actual": 92}}, saved=OCTOBER)
    book = FileWorkbook.open(back)
    rows = book.read_table(action_fields.TABLE).rows
    book.write_cells(action_fields.TABLE, {rows[row].number: values})
    book.save(back)
    return back


def type_in_register(team: Team, number: str, values: Mapping[str, CellValue]) -> None:
    book = team.master
    (row,) = [each for each in book.read_table(layout.ACTIONS).rows if each[layout.ACTION_ID].raw == number]
    book.write_cells(layout.ACTIONS, {row.number: values})
    book.save(team.workspace.master)


def add_to_register(team: Team, values: Mapping[str, object]) -> None:
    team.add_row(layout.ACTIONS, values)


def codes(done: Collated) -> list[str]:
    return [item.code for item in done.findings]


def about_actions(done: Collated) -> list[str]:
    """The codes of the findings about the sheet Actions of the return of Quarter 2; no cell is lost."""
    (received,) = [each for _, each in done.judged if each.period == Q2]
    cells = received.cells
    assert cells.found == cells.accepted + cells.flagged + cells.refused
    return [item.code for item in received.findings if item.location.sheet == action_fields.SHEET]


def test_it_has_a_number_and_its_dates_in_the_register(team: Team) -> None:
    (row,) = register(team).values()
    assert [row[name] for name in (layout.ACTION_ID, "Ref", "Org", "Action", "Action owner", "Status")] == [
        "A-0001", "V1", "TRUST", "Hire two nurses", "Matron", "Open",
    ]  # fmt: skip
    assert team.state.actions[0].first_due == date(2026, 9, 30)


def test_it_becomes_late_though_nothing_else_has_come(team: Team) -> None:
    team.collate(at("2026-10-05"), Q1)
    assert (register(team)["A-0001"]["Days overdue"], register(team)["A-0001"]["Note"]) == ("5", "5 days overdue")


def test_its_owner_sees_it_in_the_next_return_and_says_how_it_goes(team: Team) -> None:
    shown = FileWorkbook.open(team.issued(Q2)["alpha"]).read_table(action_fields.TABLE).rows[0]
    assert [shown[name].raw for name in ("Action no.", "Action", "Due now", "How it stands")] == [
        "A-0001", "Hire two nurses", "30 September 2026", "1 day overdue",
    ]  # fmt: skip
    say(team, {"Progress": "One is in post", "New date": date(2026, 11, 30), "Why the date has moved": "No applicants"})
    team.collate(OCTOBER, Q2)
    row = register(team)["A-0001"]
    assert (row["Progress"], row["Reason"], row["Times put off"]) == ("One is in post", "No applicants", "1")
    action = team.state.actions[0]
    assert (action.first_due, action.due) == (date(2026, 9, 30), date(2026, 11, 30))


def test_it_is_done_with_evidence_and_another_owner_does_not_see_it(team: Team) -> None:
    others = FileWorkbook.open(team.issued(Q2)["beta"]).read_table(action_fields.TABLE).rows
    assert not any(cell.raw for row in others for cell in row.cells.values())
    say(team, {"Done": "Yes", "Evidence": "Both in post"})
    done = team.collate(OCTOBER, Q2)
    row = register(team)["A-0001"]
    assert (row["Status"], row["Evidence"], row["Days overdue"]) == ("Done", "Both in post", "")
    assert about_actions(done) == []


def test_a_move_without_a_reason_is_asked_about(team: Team) -> None:
    say(team, {"New date": date(2026, 11, 30)})
    done = team.collate(OCTOBER, Q2)
    assert about_actions(done) == ["A014"]


def test_the_action_of_another_return_cannot_be_closed(team: Team) -> None:
    say(team, {"Action no.": "A-0777", "Done": "Yes"})
    done = team.collate(OCTOBER, Q2)
    assert about_actions(done) == ["R059"]
    assert register(team)["A-0001"]["Status"] == "Open"


def test_the_team_adds_what_a_meeting_agreed_and_it_is_told_once(team: Team) -> None:
    agreed = {
        "Ref": "V2", "Org": "TRUST", "Action": "Report on agency costs", "Action owner": "Finance",
        "Due": date(2026, 11, 1), "Agreed at": "Board, 14 July 2026, item 5",
    }  # fmt: skip
    add_to_register(team, agreed)
    assert not codes(team.collate(OCTOBER, Q1))
    row = register(team)["A-0002"]
    assert (row["Action"], row["Agreed at"], row["Status"]) == (agreed["Action"], agreed["Agreed at"], "Open")
    runs = len(team.state.runs)
    team.collate(LATER, Q1)
    assert (len(team.state.runs), len(register(team))) == (runs, 2)


def test_the_team_corrects_closes_and_opens_again(team: Team) -> None:
    type_in_register(team, "A-0001", {"Action owner": "Head of nursing", "Status": "Dropped", "Reason": "Ward closed"})
    team.collate(OCTOBER, Q1)
    row = register(team)["A-0001"]
    assert (row["Action owner"], row["Status"], row["Reason"]) == ("Head of nursing", "Dropped", "Ward closed")
    type_in_register(team, "A-0001", {"Status": "Open", "Due": date(2026, 12, 31), "Reason": "It opens again"})
    team.collate(LATER, Q1)
    row = register(team)["A-0001"]
    assert (row["Status"], row["Times put off"]) == ("Open", "1")
    assert "opened again once" in row["Note"]


def test_what_cannot_be_taken_is_said_and_the_register_stays(team: Team) -> None:
    type_in_register(team, "A-0001", {"Due": "soon", "Status": "nearly", "Action": None})
    done = team.collate(OCTOBER, Q1)
    assert codes(done) == ["D010", "D010", "D010"]
    row = register(team)["A-0001"]
    assert (row["Action"], row["Status"]) == ("Hire two nurses", "Open")
    assert team.state.actions[0].due == date(2026, 9, 30)


def test_a_new_row_without_words_or_with_a_number_of_its_own_is_said(team: Team) -> None:
    add_to_register(team, {"Ref": "V2", "Org": "TRUST", "Action owner": "Finance"})
    assert codes(team.collate(OCTOBER, Q1)) == ["D010"]
    add_to_register(team, {layout.ACTION_ID: "A-0099", "Action": "Do it"})
    assert "D010" in codes(team.collate(LATER, Q1))
    assert list(register(team)) == ["A-0001"]


def test_status_says_what_is_late_without_a_collation(team: Team) -> None:
    counts = status(team.workspace, Q2, now=LATER).actions.counts
    assert (counts.open, counts.overdue) == (1, 1)


def test_a_return_without_its_sheet_actions_is_read_as_before(team: Team) -> None:
    back = fill(team.issued(Q2)["alpha"], {("V1", "TRUST", Q2): {"Actual": 92}}, saved=OCTOBER)
    book = openpyxl.load_workbook(back)
    del book["Actions"]
    book.save(back)
    done = team.collate(OCTOBER, Q2)
    (received,) = [each for _, each in done.judged if each.period == Q2]
    assert received.is_accepted
    assert register(team)["A-0001"]["Status"] == "Open"


def test_a_row_in_which_nothing_changes_takes_three_cells_though_its_figure_has_parts(tmp_path: Path) -> None:
    team = new_team(tmp_path / "workspace")
    team.change_catalogue(lambda data: data.setdefault("rules", {}).update(commentary_when="new"))
    parts: Mapping[str, CellValue] = {"Numerator": 70, "Denominator": 100}
    said = {**PROMISE, "Action due": date(2026, 12, 31)}
    del said["Actual"]
    fill(team.issue(now=at("2026-07-01"))["alpha"], {("P1", "TRUST", Q1): {**parts, **said}}, saved=JULY)
    team.collate(JULY)
    issued = team.issue(Q2, at("2026-10-01"))["alpha"]
    back = fill(issued, {("P1", "TRUST", Q2): {**parts, "Data validated": "Yes"}}, only=True, saved=OCTOBER)
    done = team.collate(OCTOBER, Q2)
    (received,) = [each for _, each in done.judged if each.file == back.name]
    assert [item.code for item in received.findings if item.location.kpi_id == "P1"] == []
    assert team.state.now["P1", "TRUST", Q2].numerator == 70


# ---- actions that are about no KPI, or one that nobody returns -----------------------------------------------------

SECTION = {"Ref": "quality", "Org": "TRUST", "Action": "A paper on the whole section", "Action owner": "Beta team"}
BUILDING = {"Ref": "the new building", "Action": "Appoint a lead", "Action owner": "Kim (beta@small.example.org)"}
OF_EXECUTIVE = {"Ref": "the new building", "Action": "Ask the bank", "Action owner": "Chief Executive"}


def agreed(team: Team) -> None:
    """A meeting agrees three things that are about no KPI."""
    for each in (SECTION, BUILDING, OF_EXECUTIVE):
        add_to_register(team, {**each, "Due": date(2026, 9, 30), "Agreed at": "Board, 14 July 2026"})
        team.collate(at("2026-07-15"), Q1)


def test_an_action_about_a_section_or_another_subject_reaches_whom_it_names(team: Team) -> None:
    agreed(team)
    issued = team.issue(Q2, at("2026-10-03"), again=True)
    rows = FileWorkbook.open(issued["beta"]).read_table(action_fields.TABLE).rows
    shown = [[row[name].raw for name in ("Action no.", "Ref", "KPI", "Action")] for row in rows]
    assert shown == [
        ["A-0002", "quality", "Section: Quality", "A paper on the whole section"],
        ["A-0003", "the new building", "", "Appoint a lead"],
    ]
    back = fill(issued["beta"], saved=OCTOBER)
    book = FileWorkbook.open(back)
    book.write_cells(action_fields.TABLE, {rows[1].number: {"Done": "Yes", "Evidence": "Appointed on 1 October"}})
    book.save(back)
    done = team.collate(OCTOBER, Q2)
    assert not [item.code for _, each in done.judged for item in each.findings if item.location.sheet == "Actions"]
    assert [(register(team)[each]["Status"]) for each in ("A-0002", "A-0003", "A-0004")] == ["Open", "Done", "Open"]


def test_its_owner_is_reminded_also_without_a_return_and_what_nobody_is_reminded_of_is_said(team: Team) -> None:
    team.change_catalogue(lambda data: data["responsible_owners"].append(
        {"id": "gamma", "name": "Estates", "email": "estates@small.example.org", "executive_owner": "x2"}
    ))  # fmt: skip
    agreed(team)
    add_to_register(team, {**BUILDING, "Action": "Let the old one", "Action owner": "estates", "Due": date(2026, 9, 1)})
    team.collate(at("2026-07-16"), Q1)
    said: list[str] = []
    files = chase(team.workspace, Q2, Run(at("2026-10-05"), "tests", said.append))
    mails = {file.name.split(" ")[0]: message_of(file) for file in files}
    assert set(mails) == {"Alpha", "Beta", "Estates"}
    subject, body = mails["Estates"]
    assert subject == "Performance dashboard: Estates: actions overdue"
    assert "A-0005: Let the old one; estates; due 1 September 2026; 34 days overdue." in body
    assert "We have not had" not in body
    assert [number for number in ("A-0002", "A-0003") if number in mails["Beta"][1]] == ["A-0002", "A-0003"]
    (told,) = said
    assert told.endswith("as nobody who returns figures answers for them: A-0004 (Chief Executive)")


def message_of(path: Path) -> tuple[str, str]:
    """The subject and the text of a draft."""
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body()
    assert body is not None
    return str(message["Subject"]), " ".join(str(body.get_content()).split())


def test_an_action_without_ref_and_org_is_kept_and_numbered(team: Team) -> None:
    add_to_register(team, {"Action": "Write to the minister"})
    assert not codes(team.collate(OCTOBER, Q1))
    team.collate(LATER, Q1)
    row = register(team)["A-0002"]
    assert (row["Ref"], row["Org"], row["Action"], row["Status"]) == ("", "", "Write to the minister", "Open")
