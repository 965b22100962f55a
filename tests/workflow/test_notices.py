"""Notices are drafted once for each decision, send nothing, and say what the sheets and the pack say."""

from __future__ import annotations

import email
from collections.abc import Mapping, Sequence
from datetime import date
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.conftest import Q1, Q2, Team, at
from tests.workflow.escalated import ENHANCED, SUPPORT
from xlperf.assessment import Assessment
from xlperf.documents.document import (
    Audience,
    Document,
    DocumentPart,
    PageTable,
    Paragraph,
    SideBySide,
    Together,
    plain,
)
from xlperf.errors import TemplateError
from xlperf.report import layout
from xlperf.report.pages.board_pack import pack
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.notices import DraftedNotices, draft_notices
from xlperf.workflow.integrity.verify import verify
from xlperf.workflow.workspace.run import Run

JULY, AUGUST = at("2026-07-24"), at("2026-08-07")
OUT: Mapping[str, CellValue] = {"Decided stage": "None", "Decided on": date(2026, 8, 3), "Rationale": "Both in post"}


def drafted(team: Team, now: str = "2026-07-24", **how: bool) -> DraftedNotices:
    return draft_notices(team.workspace, Q1, Run(at(now), "Ann"), **how)


def names(done: DraftedNotices) -> list[str]:
    return [path.name for path, _ in done.files]


def message(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=policy.default)


def text(done: DraftedNotices, name: str) -> str:
    (path,) = [path for path, _ in done.files if path.name == name]
    return " ".join(message(path).get_content().split())


def issue(team: Team) -> dict[str, str]:
    (row,) = [each for each in team.sheet(layout.ESCALATION) if each["Ref"] == "V1"]
    return row


def test_a_decision_goes_to_owner_and_executive_and_a_note_to_those_who_are_told(escalated: Team) -> None:
    done = drafted(escalated)
    assert names(done) == ["Decision V1 TRUST.eml", "For information V1 TRUST.eml"]
    decision = message(done.files[0][0])
    assert decision["To"] == "alpha@small.example.org"
    assert decision["Cc"] == "quality.director@small.example.org"
    assert [message(path)["X-Unsent"] for path, _ in done.files] == ["1", "1"]
    assert "To: Chair and Board at its next meeting" in text(done, "For information V1 TRUST.eml")


def test_its_sentences_are_those_of_the_sheet_and_of_the_page(escalated: Team) -> None:
    said = text(drafted(escalated), "Decision V1 TRUST.eml")
    row = issue(escalated)
    assert f"To leave this stage: {row['Exit test']}." in said
    assert all(offer in said for offer in SUPPORT)
    page = page_of(escalated, "V1")
    where = next(each for each in page if each.startswith("Where it stands. ")).removeprefix("Where it stands. ")
    assert f"Where it stands: {where}" in said
    assert f"To leave this stage. {row['Exit test']}." in page
    assert "Into Enhanced, decided by the Chief Executive on 20 July 2026: Two posts are empty." in said


def test_what_was_drafted_is_not_drafted_again_unless_asked(escalated: Team) -> None:
    first = drafted(escalated)
    again = drafted(escalated, "2026-07-25")
    assert (names(again), again.before) == ([], 2)
    asked = drafted(escalated, "2026-07-26", again=True)
    assert names(asked) == names(first)
    assert asked.files[0][0] != first.files[0][0]
    assert verify(escalated.workspace).is_clean


def test_a_date_corrected_later_is_the_same_decision(escalated: Team) -> None:
    escalated.type_in_master(layout.ESCALATION, "V1", {"Decided on": date(2027, 7, 20)})
    escalated.collate(at("2026-07-21"))
    drafted(escalated)
    escalated.type_in_master(layout.ESCALATION, "V1", {"Decided on": date(2026, 7, 20)})
    escalated.collate(JULY)
    assert names(drafted(escalated, "2026-07-25")) == []


def test_leaving_is_told_as_good_news_and_a_proposal_or_a_confirmation_not_to_the_chair(escalated: Team) -> None:
    escalated.type_in_master(layout.ESCALATION, "V1", {"Decided on": date(2026, 7, 28), "Rationale": "Reviewed"})
    escalated.collate(at("2026-07-28"))
    assert names(drafted(escalated, "2026-07-28")) == ["Decision V1 TRUST.eml"]
    escalated.type_in_master(layout.ESCALATION, "V1", OUT)
    escalated.collate(AUGUST)
    done = drafted(escalated, "2026-08-07")
    assert names(done) == ["Good news V1 TRUST.eml", "For information V1 TRUST.eml"]
    said = text(done, "Good news V1 TRUST.eml")
    assert said.startswith("Dear colleagues, Good news about V1")
    assert "Out of escalation, from Enhanced, decided by the Chief Executive on 3 August 2026: Both in post." in said
    assert "milder stage" not in said


def test_a_decision_of_another_period_is_no_news_of_this_one(escalated: Team) -> None:
    done = draft_notices(escalated.workspace, Q2, Run(at("2026-10-12"), "Ann"))
    assert names(done) == []


def test_two_people_who_decided_differently_are_named_and_nothing_is_drafted(escalated: Team) -> None:
    other = escalated.root / "master (conflicted copy).xlsx"
    other.write_bytes(escalated.workspace.master.read_bytes())
    escalated.type_in_master(layout.ESCALATION, "V1", {**ENHANCED, "Decided stage": "Targeted"})
    mine = escalated.workspace.master.read_bytes()
    escalated.workspace.master.write_bytes(other.read_bytes())
    escalated.type_in_master(layout.ESCALATION, "V1", {**ENHANCED, "Decided stage": "None"})
    other.write_bytes(escalated.workspace.master.read_bytes())
    escalated.workspace.master.write_bytes(mine)
    escalated.collate(JULY)
    done = drafted(escalated)
    assert (names(done), len(done.disputed)) == ([], 1)


def test_the_letter_says_what_went_well_before_what_is_in_escalation(escalated: Team) -> None:
    done = drafted(escalated, with_letters=True)
    letter = text(done, "Letter x1.eml")
    assert letter.startswith("Dear Director of Quality, Thank you, and all who work with you")
    assert "V1" in letter.partition("In escalation, which means more help")[2]
    assert names(drafted(escalated, "2026-07-25", with_letters=True)) == []


def test_a_template_with_a_slip_writes_and_records_nothing(escalated: Team) -> None:
    own = escalated.root / "workbook_templates" / "notice_decision.txt"
    own.parent.mkdir(exist_ok=True)
    own.write_text("Subject: {{ isue }}\n\nText", encoding="utf-8")
    with pytest.raises(TemplateError, match="isue"):
        drafted(escalated)
    own.unlink()
    assert len(drafted(escalated).files) == 2


# ---- the page of a case in the pack ----------------------------------------------------------------------------------


def case_part(team: Team, now: str = "2026-07-24") -> DocumentPart | None:
    state, catalogue = team.state, team.workspace.catalogue()
    period = next(each for each in catalogue.entry_by_period if str(each) == Q1)
    document: Document = pack(Assessment(catalogue, state, period, at(now)), "an edition")
    return next((part for part in document.parts if part.title == "Escalation cases"), None)


def _said(blocks: Sequence[object]) -> list[str]:
    said = []
    for block in blocks:
        if isinstance(block, Together):
            said += _said(block.blocks)
        elif isinstance(block, SideBySide):
            said += _said((*block.left, *block.right))
        elif isinstance(block, Paragraph):
            said.append(plain(block.words))
        elif isinstance(block, PageTable):
            said += [" | ".join(plain(cell.words) for cell in row.cells) for row in block.rows]
    return said


def page_of(team: Team, ref: str, now: str = "2026-07-24") -> list[str]:
    """The paragraphs and table rows of the page of a case."""
    part = case_part(team, now)
    assert part is not None
    pages = [block for block in part.blocks if isinstance(block, Together)]
    (page,) = [each for each in pages if each.blocks[0].text.startswith(ref)]  # type: ignore[union-attr]
    return _said(page.blocks)


def test_the_page_tells_the_story_in_order_and_no_note(escalated: Team) -> None:
    cells = {"Ref": "V1", "Org": "TRUST", "On": date(2026, 7, 22), "Note": "the room is too small"}
    escalated.add_row(
        layout.CASES, {**cells, "Kind": "Progress", "What": "One post is filled", "By or to whom": "Matron"}
    )
    begun = {**cells, "Kind": "Support begun", "What": "Weekly meetings", "On": date(2026, 7, 21)}
    escalated.add_row(layout.CASES, begun)
    escalated.collate(JULY)
    page = page_of(escalated, "V1")
    story = [each for each in page if " | " in each]
    assert story == [
        "20 Jul 2026 | Decision | Into Enhanced: Two posts are empty. | Chief Executive",
        "21 Jul 2026 | Support begun | Weekly meetings. | ",
        "22 Jul 2026 | Progress | One post is filled. | Matron",
    ]
    assert "Told. Not recorded: Chair and Board at its next meeting." in page
    assert "too small" not in " ".join(page)
    part = case_part(escalated)
    assert part is not None
    assert part.audience is Audience.INTERNAL


def test_a_case_that_was_only_opened_about_a_proposal_is_not_the_boards_yet(escalated: Team) -> None:
    row = {"Ref": "P1", "Org": "TRUST", "Kind": "Opened", "What": "Looked at early"}
    escalated.add_row(layout.CASES, row)
    own = {"Ref": "ESTATES", "Org": "TRUST", "Kind": "Opened", "What": "Fire safety"}
    escalated.add_row(layout.CASES, own)
    escalated.collate(JULY)
    part = case_part(escalated)
    assert part is not None
    titles = [each.blocks[0].text for each in part.blocks if isinstance(each, Together)]  # type: ignore[union-attr]
    assert [title.split()[0] for title in titles] == ["V1", "ESTATES"]
    assert part.beside == "2 cases, of them 1 about no KPI"


def test_a_case_that_left_is_still_told_with_its_history(escalated: Team) -> None:
    escalated.type_in_master(layout.ESCALATION, "V1", OUT)
    escalated.collate(AUGUST)
    page = page_of(escalated, "V1", "2026-08-07")
    assert [each.split(" | ")[2] for each in page if " | " in each] == [
        "Into Enhanced: Two posts are empty.", "Out of escalation, from Enhanced: Both in post.",
    ]  # fmt: skip


def test_a_long_log_is_cut_to_what_is_read_in_a_minute_and_every_decision_stays(escalated: Team) -> None:
    days = [date(2026, 7, 21 + number) for number in range(3)]
    for on in days:
        for number in range(5):
            row = {"Ref": "V1", "Org": "TRUST", "Kind": "Progress", "What": f"Step {number}", "On": on}
            escalated.add_row(layout.CASES, row)
    escalated.collate(JULY)
    page = page_of(escalated, "V1")
    story = [each for each in page if " | " in each]
    assert len(story) == 1 + 12
    assert story[0].startswith("20 Jul 2026 | Decision")
    assert story[-1] == "23 Jul 2026 | Progress | Step 4. | "
    assert any(each.endswith("has 3 earlier.") for each in page)
