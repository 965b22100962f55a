"""Lines of enquiry, from the returns to the sheet, into the team's hands, into the pack, and back in the next one."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import Q1, Q2, Q4, Team, at, catalogue_data, copy_of, fill, tree, write_catalogue
from tests.workflow.test_pack import words_of
from xlperf.assessment import Assessment
from xlperf.documents.document import Audience, DocumentPart
from xlperf.errors import WorkbookError
from xlperf.ledger import Edition
from xlperf.ledger.records import from_json, to_json
from xlperf.period import Period
from xlperf.report import layout
from xlperf.report.pages.board_pack import pack
from xlperf.report.pages.enquiries_page import TITLE
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.collate import Collated, collate
from xlperf.workflow.cycle.publish import publish
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Run

CAUSE, LEFT_OUT, ANSWER, BY, ON = "cause", "Left out", "Answer", "Answered by", "Answered on"
SAID: Mapping[str, CellValue] = {"Actual": 50, "Commentary": "Fewer reviews", "Action": "Hire two nurses",
                                 "Action owner": "Matron", "Action due": date(2026, 9, 30)}  # fmt: skip
LATE, AFTER, LATER, LAST = at("2026-07-20"), at("2026-07-21"), at("2026-07-22"), at("2026-07-23")


def data() -> dict[str, Any]:
    made = catalogue_data()
    made["pack"] = {"parts": ["summary", "enquiries"]}
    made["enquiries"] = {"same_cause": 2}
    return made


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which Alpha gave the same cause and the same provisional figure twice, and Beta sent nothing."""
    root = tmp_path_factory.mktemp("twice") / "workspace"
    (root / "returns").mkdir(parents=True)
    write_catalogue(root, data())
    team = Team(Workspace(root))
    for period, day, cause in ((Q4, "2026-04-10", "Two posts are empty"), (Q1, "2026-07-10", "two posts  are EMPTY.")):
        typed: Mapping[Any, Mapping[str, CellValue]] = {
            ("V1", "TRUST", period): {**SAID, "Cause": cause},
            ("L1", "TRUST", period): {"Actual": 8, "Provisional": "Yes"},
            ("C1", "TRUST", period): {"Actual": 7, "Commentary": "As before", "Cause": ""},
        }
        fill(team.issue(period, now=at(day))["alpha"], typed, saved=at(day))
    team.collate(LATE, Q1)
    return root


@pytest.fixture
def team(twice: Path, tmp_path: Path) -> Team:
    return copy_of(twice, tmp_path / "workspace")


def rows(team: Team) -> dict[str, dict[str, str]]:
    """The rows of the sheet of Quarter 1, by kind."""
    return {row["Kind"]: row for row in team.sheet(layout.ENQUIRIES) if row["Period"] == Q1}


def type_in(team: Team, kind: str, values: Mapping[str, CellValue]) -> None:
    book = team.master
    (row,) = [each for each in book.read_table(layout.ENQUIRIES).rows if each["Kind"].raw == kind]
    book.write_cells(layout.ENQUIRIES, {row.number: values})
    book.save(team.workspace.master)


def codes(done: Collated) -> list[str]:
    return [item.code for item in done.findings if item.code.startswith("D")]


def page(team: Team, period: str = Q1) -> DocumentPart | None:
    """The part of a pack made now."""
    state = team.state
    assessment = Assessment(team.workspace.catalogue(), state, Period.parse(period), at("2026-11-01"))
    return next((part for part in pack(assessment, "an edition").parts if part.title == TITLE), None)


def text(part: DocumentPart | None) -> str:
    return "\n".join(words_of(part.blocks)) if part else ""


def test_what_is_asked_says_on_what_it_rests_and_who_is_to_answer(team: Team) -> None:
    found = rows(team)
    assert set(found) == {"cause", "provisional", "silence"}
    assert (found["cause"]["Ref"], found["cause"]["Org"]) == ("V1", "TRUST")
    given = "“two posts are EMPTY” was given as the cause in the last 2 returns, Q4 25-26 and Q1 26-27."
    assert found["cause"]["Evidence"].endswith(given)
    assert "Red, 50.0 % against 90.0 %" in found["cause"]["Evidence"]
    assert found["cause"]["To be answered by"] == "Alpha team"
    assert found["provisional"]["Ref"] == "L1"
    assert "For Q4 25-26 and Q1 26-27 no figure has been accepted: " in found["silence"]["Evidence"]
    assert found["silence"]["To be answered by"] == "Director of Finance"
    assert "4 figures from Beta team" in found["silence"]["Question"]
    assert [row["No."] for row in team.sheet(layout.ENQUIRIES)] == ["1", "2", "3"]
    assert all(row["Question"].endswith("?") and row["How it stands"] == "To be asked" for row in found.values())


def test_commentary_that_is_repeated_is_asked_about_by_nobody(team: Team) -> None:
    assert "C1" not in {row["Ref"] for row in team.sheet(layout.ENQUIRIES)}


def test_what_is_typed_is_kept_through_two_collations_and_printed(team: Team) -> None:
    type_in(team, "cause", {"Question": "What has been tried to fill the two posts?"})
    type_in(team, "provisional", {LEFT_OUT: "Yes"})
    assert not codes(team.collate(AFTER, Q1))
    runs = len(team.state.runs)
    assert not codes(team.collate(LATER, Q1))
    assert len(team.state.runs) == runs, "nothing is recorded twice"
    found = rows(team)
    assert found["cause"]["Question"] == "What has been tried to fill the two posts?"
    assert (found["provisional"][LEFT_OUT], found["provisional"]["How it stands"]) == ("Yes", "Left out")
    assert found["provisional"]["No."] == ""
    part = page(team)
    assert part is not None
    assert part.audience is Audience.INTERNAL
    assert part.beside == "2 questions"
    assert "What has been tried to fill the two posts?" in text(part)
    assert "L1" not in text(part)


def test_a_cleared_question_is_that_of_the_rule_again_and_a_cleared_mark_asks_it(team: Team) -> None:
    before = rows(team)["cause"]["Question"]
    type_in(team, "cause", {"Question": "In other words?", LEFT_OUT: "Yes"})
    team.collate(AFTER, Q1)
    type_in(team, "cause", {"Question": None, LEFT_OUT: None})
    team.collate(LATER, Q1)
    row = rows(team)["cause"]
    assert (row["Question"], row[LEFT_OUT], row["How it stands"]) == (before, "", "To be asked")


def test_an_answer_is_printed_in_the_next_pack_once_and_beside_how_things_stand_then(team: Team) -> None:
    publish(team.workspace, Q1, Run(AFTER, "a"))
    asked = team.state.editions[-1].asked
    assert {each.kind for each in asked} == {"cause", "provisional", "silence"}
    fill(team.issue(Q2, at("2026-10-01"))["alpha"], {("V1", "TRUST", Q2): {"Actual": 92}}, saved=at("2026-10-12"))
    team.collate(at("2026-10-12"), Q2)
    waiting = rows(team)["cause"]
    assert waiting["How it stands"] == "Asked, not answered yet"
    assert waiting["Evidence"] == next(each.evidence for each in asked if each.kind == "cause")
    assert "Not answered yet." in text(page(team, Q2))

    type_in_row_of_q1: Mapping[str, CellValue] = {
        ANSWER: "A review of the posts",
        BY: "Director of Quality",
        ON: date(2026, 10, 14),
    }
    book = team.master
    (row,) = [
        each
        for each in book.read_table(layout.ENQUIRIES).rows
        if (each["Kind"].raw, each["Period"].raw) == ("cause", Q1)
    ]
    book.write_cells(layout.ENQUIRIES, {row.number: type_in_row_of_q1})
    book.save(team.workspace.master)
    assert not codes(team.collate(at("2026-10-15"), Q2))
    said = text(page(team, Q2))
    assert "A review of the posts. Answered by Director of Quality on 14 October 2026." in said
    assert "Green, 92.0 % against 90.0 %" in said
    assert "Not answered yet." in said, "the others are still to be answered"
    assert rows(team)["cause"]["How it stands"] == "Answered"

    assert said.count("Beta team returned in time?") == 1, "it is asked again, and not listed twice"
    assert "returned in time? Asked for Q1 26-27 too, and not answered yet." in said

    publish(team.workspace, Q2, Run(at("2026-10-16"), "a"))
    later = Assessment(team.workspace.catalogue(), team.state, Period.parse("2026-27-Q3"), at("2027-02-01"))
    (part,) = [part for part in pack(later, "an edition").parts if part.title == TITLE]
    assert "A review of the posts" not in text(part), "it was printed"
    assert "Not answered yet." in text(part)


def test_what_cannot_be_taken_is_said_and_what_stood_stays(team: Team) -> None:
    type_in(team, "cause", {ANSWER: "We are looking into it", ON: "soon", LEFT_OUT: "perhaps"})
    done = team.collate(AFTER, Q1)
    assert codes(done) == ["D016", "D016"]
    row = rows(team)["cause"]
    assert (row[ANSWER], row[ON], row[LEFT_OUT]) == ("We are looking into it", "", "")
    assert row["How it stands"] == "Answered"


def test_a_row_that_was_added_is_no_enquiry(team: Team) -> None:
    book = openpyxl.load_workbook(team.workspace.master)
    sheet = book["Enquiries"]
    table = sheet.tables[layout.ENQUIRIES]
    first, last = table.ref.split(":")
    bottom = int(last.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) + 1
    headers = [cell.value for cell in sheet[int(first.lstrip("A"))]]
    sheet.cell(bottom, headers.index("Question") + 1, "Why is it so?")
    table.ref = table.autoFilter.ref = f"{first}:{last.rstrip('0123456789')}{bottom}"
    book.save(team.workspace.master)
    assert codes(team.collate(AFTER, Q1)) == ["D016"]
    assert len(team.sheet(layout.ENQUIRIES)) == 3


def test_an_edition_waits_for_what_no_collation_has_read(team: Team) -> None:
    type_in(team, "cause", {ANSWER: "Not read yet"})
    with pytest.raises(WorkbookError, match="collate first"):
        publish(team.workspace, Q1, Run(AFTER, "a"))


def test_of_two_who_have_not_seen_each_others_the_first_stands_until_a_person_chooses(
    twice: Path, tmp_path: Path
) -> None:
    ours, theirs = (copy_of(twice, tmp_path / name) for name in ("ours", "theirs"))
    type_in(ours, "cause", {ANSWER: "The posts are filled", BY: "Alpha team"})
    collate(ours.workspace, Run(AFTER, "ann@one"))
    type_in(theirs, "cause", {ANSWER: "The posts are cut", LEFT_OUT: "Yes"})
    collate(theirs.workspace, Run(LATER, "ben@two"))
    for name, content in tree(theirs.root / "ledger").items():
        (ours.root / "ledger" / name).parent.mkdir(parents=True, exist_ok=True)
        (ours.root / "ledger" / name).write_bytes(content)

    done = collate(ours.workspace, Run(LAST, "ann@one"))

    assert codes(done) == ["D016"]
    (message,) = [item.message for item in done.findings if item.code == "D016"]
    assert "'The posts are cut' was typed in master.xlsx (ben@two)" in message
    row = rows(ours)["cause"]
    assert (row[ANSWER], row[BY], row[LEFT_OUT]) == ("The posts are filled", "Alpha team", "Yes")
    assert "The posts are cut" in row["Note"]

    type_in(ours, "cause", {ANSWER: "The posts are filled, one for a year"})
    assert codes(collate(ours.workspace, Run(at("2026-07-24"), "ann@one"))) == []
    assert rows(ours)["cause"]["Note"] == ""


def test_what_was_typed_in_a_copy_beside_the_master_is_taken_and_said(team: Team) -> None:
    copied = team.root / "master (Ben's conflicted copy).xlsx"
    shutil.copy(team.workspace.master, copied)
    book = FileWorkbook.open(copied)
    (row,) = [each for each in book.read_table(layout.ENQUIRIES).rows if each["Kind"].raw == "cause"]
    book.write_cells(layout.ENQUIRIES, {row.number: {ANSWER: "Typed in a copy"}})
    book.save(copied)
    assert "D006" in codes(team.collate(AFTER, Q1))
    assert rows(team)["cause"][ANSWER] == "Typed in a copy"


def test_what_somebody_answered_stays_though_the_rules_no_longer_raise_it(team: Team) -> None:
    type_in(team, "provisional", {ANSWER: "Final in August"})
    team.collate(AFTER, Q1)
    issued = team.issued(Q1)["alpha"]
    fill(issued, {("V1", "TRUST", Q1): {**SAID, "Cause": "two posts are empty"}}, name="again.xlsx", saved=AFTER)
    team.collate(LATER, Q1)
    row = rows(team)["provisional"]
    assert (row[ANSWER], row["No."], row["How it stands"]) == ("Final in August", "", "Answered")
    assert "L1" not in text(page(team))


def test_the_records_come_back_from_their_form_on_disk(team: Team) -> None:
    type_in(team, "cause", {ANSWER: "An answer"})
    team.collate(AFTER, Q1)
    publish(team.workspace, Q1, Run(LATER, "a"))
    typed = team.state.typed_enquiries[-1][1]
    edition = team.state.editions[-1]
    assert from_json(to_json(typed), typed.at) == typed
    again = from_json(to_json(edition), edition.at)
    assert isinstance(again, Edition)
    assert again.asked == edition.asked
    plain = to_json(typed)
    plain["asked"] = {**plain["asked"], "of_a_later_version": "x"}
    assert from_json(plain, typed.at) == typed
