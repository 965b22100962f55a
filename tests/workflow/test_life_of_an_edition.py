"""From a draft, by the approval of each executive, to the edition, and its correction."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import BY, COLLATE_DAY, Q1, Team, fill, tree
from tests.workflow.test_public_pack import parts_of
from xlperf.errors import UsageError
from xlperf.report import results
from xlperf.workbook.file import FileWorkbook
from xlperf.workflow.cycle.approve import approve
from xlperf.workflow.cycle.chase import status
from xlperf.workflow.cycle.edition_files import Output
from xlperf.workflow.cycle.packs import Draft, make_packs
from xlperf.workflow.cycle.publish import Published, publish
from xlperf.workflow.integrity.verify import verify
from xlperf.workflow.workspace.run import Run

DRAFT_DAY = COLLATE_DAY + timedelta(days=1)
ISSUE_DAY = COLLATE_DAY + timedelta(days=5)
V1 = ("V1", "TRUST", Q1)


@pytest.fixture
def collated(issued_team: Team) -> Team:
    """A team to which all have returned."""
    for owner in ("alpha", "beta"):
        fill(issued_team.issued()[owner])
    issued_team.collate()
    return issued_team


def drafted(team: Team, not_before: date | None = None, days: int = 0) -> Path:
    """The draft of the board's pack, as a web page."""
    run = Run(DRAFT_DAY + timedelta(days=days), BY)
    outputs = (Output.PACK_HTML,)
    (done,) = make_packs(team.workspace, Q1, ["board"], run, outputs=outputs, draft=Draft(not_before))
    return done.files[Output.PACK_HTML]


def issue(team: Team, correction: str = "", days: int = 0) -> Published:
    run = Run(ISSUE_DAY + timedelta(days=days), BY)
    return publish(team.workspace, Q1, run, outputs=(Output.PACK_HTML,), correction=correction)


def issue_workbook(team: Team) -> Path:
    """The workbook of the last edition."""
    return team.root / "editions" / Q1 / team.state.editions[-1].workbook


def said(team: Team) -> str:
    return "\n".join(results.status(status(team.workspace, Q1, now=ISSUE_DAY)))


def executives(team: Team) -> list[str]:
    return [each.title for each in team.workspace.catalogue().executive_owners]


def test_a_draft_says_so_and_until_when_it_is_not_to_be_shared_and_is_no_edition(collated: Team) -> None:
    page = drafted(collated, date(2026, 9, 24))
    summary = next(iter(parts_of(page).values()))
    assert summary[0].startswith("Draft, not to be shared before 24 September 2026")
    assert " draft " in page.name
    assert not collated.state.editions
    assert verify(collated.workspace).is_clean
    assert "This is edition" not in str(issue(collated))


def test_each_executive_approves_it_and_status_names_who_has_not(collated: Team) -> None:
    drafted(collated)
    first, *others = executives(collated)
    assert "approved by nobody yet" in said(collated)
    approve(collated.workspace, Q1, first.upper(), Run(ISSUE_DAY, BY), on=DRAFT_DAY.date())
    assert f"approved by {first}" in said(collated)
    for each in others:
        assert each in said(collated).split("not yet by ")[1]
        approve(collated.workspace, Q1, each, Run(ISSUE_DAY, BY))
    assert "not yet by" not in said(collated)
    assert issue(collated).doubts == ()


def test_an_edition_whose_draft_is_not_approved_by_all_is_published_and_that_is_said(collated: Team) -> None:
    drafted(collated)
    (doubt,) = issue(collated).doubts
    assert "approved by nobody yet" in doubt
    published = FileWorkbook.open(issue_workbook(collated))
    about = {row["Item"].raw: row["Value"].raw for row in published.read_table("tbl_about").rows}
    assert "approved by nobody yet" in about["Draft"]


def test_a_figure_that_came_after_the_draft_is_said_until_there_is_another_draft(collated: Team) -> None:
    drafted(collated)
    for each in executives(collated):
        approve(collated.workspace, Q1, each, Run(ISSUE_DAY, BY))
    fill(collated.issued()["alpha"], {V1: {"Actual": 91.5}}, saved=DRAFT_DAY + timedelta(hours=5))
    collated.collate(DRAFT_DAY + timedelta(hours=6))
    assert "1 figure has changed or come since it was made." in said(collated)
    drafted(collated, days=2)
    assert "since it was made" not in said(collated)
    assert "approved by nobody yet" in said(collated), "an approval is of the draft that was approved"


@pytest.mark.parametrize(
    ("who", "on", "why"),
    [
        ("Nobody", None, "is no executive owner of the catalogue"),
        ("", date(2026, 1, 1), "nobody has approved it on 2026-01-01"),
        ("", date(2027, 1, 1), "nobody has approved it on 2027-01-01"),
    ],
)
def test_who_cannot_approve_and_a_day_that_cannot_be_is_one_message(
    who: str, on: date | None, why: str, collated: Team
) -> None:
    drafted(collated)
    before = tree(collated.root / "ledger")
    with pytest.raises(UsageError, match=why):
        approve(collated.workspace, Q1, who or executives(collated)[0], Run(ISSUE_DAY, BY), on=on)
    assert tree(collated.root / "ledger") == before


def test_without_a_draft_there_is_nothing_to_approve(collated: Team) -> None:
    with pytest.raises(UsageError, match="xlperf pack --meeting board --draft"):
        approve(collated.workspace, Q1, executives(collated)[0], Run(ISSUE_DAY, BY))


def test_a_correction_has_a_letter_says_what_it_corrects_and_why_and_leaves_the_first_as_it_was(collated: Team) -> None:
    first = issue(collated)
    before = first.workbook.read_bytes()
    fill(collated.issued()["alpha"], {V1: {"Actual": 91.5}}, saved=ISSUE_DAY + timedelta(hours=5))
    collated.collate(ISSUE_DAY + timedelta(hours=6))
    second = issue(collated, "the cases of June were left out", days=1)
    assert " edition B " in second.workbook.name
    assert second.doubts == ()
    day = f"{ISSUE_DAY.day} {ISSUE_DAY:%B %Y}"
    under = next(iter(parts_of(second.files[Output.PACK_HTML]).values()))[0]
    assert f"edition B, in place of that of {day}: the cases of June were left out" in under
    summary = " ".join(next(iter(parts_of(second.files[Output.PACK_HTML]).values())))
    assert "Restated" in summary
    assert "91.5" in summary
    assert first.workbook.read_bytes() == before
    assert [edition.correction for edition in collated.state.editions] == ["", "the cases of June were left out"]
    assert verify(collated.workspace).is_clean


def test_an_edition_in_place_of_another_without_a_reason_is_a_doubt(collated: Team) -> None:
    issue(collated)
    (doubt,) = issue(collated, days=1).doubts
    assert "does not say why" in doubt


def test_there_is_no_correction_of_what_was_never_published(collated: Team) -> None:
    with pytest.raises(UsageError, match=r"no edition of .* yet that could be corrected"):
        issue(collated, "why")


def test_a_pack_of_the_board_that_is_no_draft_belongs_to_an_edition(collated: Team) -> None:
    with pytest.raises(UsageError, match="a draft of it is made with --draft"):
        make_packs(collated.workspace, Q1, ["board"], Run(DRAFT_DAY, BY))
