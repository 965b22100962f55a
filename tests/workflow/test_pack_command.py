"""Packs in a workspace: made, recorded, compared with the last one of the same meeting, and finished after a crash."""

from __future__ import annotations

import email
import hashlib
import json
from collections.abc import Mapping
from datetime import date
from email import policy
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.conftest import BY, Q1, Q2, Q3, Team, at, copy_of, fill, new_team, tree
from tests.crash.test_edges import refuse_moves
from tests.workflow.test_actions import add_to_register
from tests.workflow.test_meeting_packs import summary
from tests.workflow.test_pack import words_of
from xlperf.assessment import Assessment
from xlperf.assessment.meeting_assessment import MeetingAssessment
from xlperf.cli.app import app
from xlperf.documents.document import DocumentPart
from xlperf.documents.pdf import write_pdf
from xlperf.errors import UsageError, WorkbookError, WorkspaceError
from xlperf.report.pages.board_pack import pack
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.chase import chase
from xlperf.workflow.cycle.edition_files import Output
from xlperf.workflow.cycle.meeting_calendar import calendar
from xlperf.workflow.cycle.packs import make_packs
from xlperf.workflow.cycle.publish import publish
from xlperf.workflow.integrity.verify import verify
from xlperf.workflow.master.last_shown import last_pack
from xlperf.workflow.workspace.run import Run

MEETINGS: list[dict[str, Any]] = [
    {"id": "quality", "name": "Quality Committee", "kind": "committee", "covers": [{"sections": ["quality"]}],
     "days_before_board": 7},
    {"id": "north", "name": "North site review", "kind": "division", "covers": [{"orgs": ["NORTH"]}],
     "periods": [Q1, Q2], "dates": [{"period": Q1, "on": "2026-07-30"}]},
    {"id": "later", "on": False, "name": "Later", "kind": "council"},
]  # fmt: skip
NINE = at("2026-07-24")
V1, S1 = ("V1", "TRUST", Q1), ("S1", "NORTH", Q1)


def with_meetings(data: dict[str, Any]) -> None:
    data["meetings"] = MEETINGS


@pytest.fixture(scope="module")
def _collated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    team = new_team(tmp_path_factory.mktemp("meetings") / "workspace")
    team.change_catalogue(with_meetings)
    issued = team.issue(now=at("2026-07-01"))
    promise: Mapping[str, CellValue] = {"Action": "Hire", "Action owner": "Matron", "Action due": date(2026, 9, 30)}
    fill(issued["alpha"], {V1: {"Actual": 50, "Commentary": "Two posts are empty", **promise}})
    fill(issued["beta"])
    team.collate()
    return team.root


@pytest.fixture
def collated(tmp_path: Path, _collated: Path) -> Team:
    return copy_of(_collated, tmp_path / "workspace")


def read(team: Team, meeting: str, period: str, moment: str) -> MeetingAssessment:
    """The assessment of which a pack would be made."""
    catalogue, ledger = team.workspace.catalogue(), team.workspace.ledger()
    state = ledger.state()
    reporting = next(each for each in catalogue.entry_by_period if str(each) == period)
    whole = Assessment(catalogue, state, reporting, at(moment))
    named = next(each for each in catalogue.meetings if each.id == meeting)
    return MeetingAssessment.of(whole, named, last_pack(ledger, state, meeting, reporting))


def part_of(made_of: MeetingAssessment, title: str) -> DocumentPart | None:
    parts = pack(made_of, "a pack").parts
    return next((each for each in parts if each.title.startswith(title)), None)


def test_each_meeting_of_a_period_gets_its_pack_which_is_recorded_with_its_hash(collated: Team) -> None:
    before = tree(collated.root)
    done = make_packs(collated.workspace, Q1, (), Run(NINE, BY))
    assert [each.meeting.id for each in done] == ["quality", "north"]
    recorded = {pack.meeting: pack for _, pack in collated.state.packs}
    for each in done:
        path = each.files[Output.PACK_PDF]
        assert path.parent == collated.root / "packs" / each.meeting.id / Q1
        assert recorded[each.meeting.id].files == {path.name: hashlib.sha256(path.read_bytes()).hexdigest()}
    after = tree(collated.root)
    assert {name: after[name] for name in before} == before, "master, returns and editions stay as they are"
    assert verify(collated.workspace).is_clean


def test_a_pack_is_made_again_to_the_same_bytes(collated: Team, tmp_path: Path) -> None:
    (done,) = make_packs(collated.workspace, Q1, ["north"], Run(NINE, BY))
    ((run, record),) = collated.state.packs
    made_of = read(collated, "north", Q1, "2026-07-24")
    whole = Assessment(made_of.catalogue, collated.state.before(run), made_of.period, NINE)
    write_pdf(pack(MeetingAssessment.of(whole, made_of.meeting, None), record.name), tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == done.files[Output.PACK_PDF].read_bytes()


def test_a_second_pack_stands_beside_the_first(collated: Team) -> None:
    first, second = (make_packs(collated.workspace, Q1, ["north"], Run(NINE, BY))[0] for _ in range(2))
    assert first.files[Output.PACK_PDF] != second.files[Output.PACK_PDF]
    assert first.files[Output.PACK_PDF].exists()
    assert len(collated.state.packs) == 2


def test_word_and_a_web_page_are_made_where_they_are_asked_for(collated: Team) -> None:
    outputs = (Output.PACK_PDF, Output.PACK_WORD, Output.PACK_HTML)
    (done,) = make_packs(collated.workspace, Q1, ["quality"], Run(NINE, BY), outputs=outputs)
    assert set(done.files) == set(outputs)
    assert "Quality Committee" in done.files[Output.PACK_HTML].read_text(encoding="utf-8")


def test_what_somebody_has_changed_is_found(collated: Team) -> None:
    (done,) = make_packs(collated.workspace, Q1, ["north"], Run(NINE, BY))
    done.files[Output.PACK_PDF].write_bytes(b"another")
    assert [each.code for each in verify(collated.workspace).findings] == ["W001"]


def test_a_pack_says_what_changed_since_this_meeting_s_last_one(collated: Team) -> None:
    """Not since an edition, nor since another meeting's pack."""
    make_packs(collated.workspace, Q1, ["quality"], Run(NINE, BY))
    assert "No pack of this meeting has been made before" in summary(read(collated, "north", Q1, "2026-07-26"))
    fill(collated.issued()["alpha"], {V1: {"Actual": 95}}, name="again.xlsx", saved=at("2026-07-25"))
    collated.collate(at("2026-07-25"))
    publish(collated.workspace, Q1, Run(at("2026-07-26"), BY))
    said = summary(read(collated, "quality", Q1, "2026-07-26 10:00"))
    assert "What has changed since Quarter 1 2026-27 made on 24 July 2026" in said
    assert (
        "Newly on target (1) V1 Reviews held on time: Green in Q1 26-27 (95.0), before Red in Q1 26-27 (50.0)" in said
    )
    make_packs(collated.workspace, Q1, ["quality"], Run(at("2026-07-26 11:00"), BY))
    said = summary(read(collated, "quality", Q1, "2026-07-26 12:00"))
    assert "No colour, past figure, target, definition or decision has changed." in said


def test_what_was_agreed_at_the_meeting_is_followed_up_there(collated: Team) -> None:
    typed = {
        "Ref": "G1", "Org": "TRUST", "Action": "Ask the bank", "Action owner": "Treasurer", "Due": date(2026, 10, 1),
        "Agreed at": "Quality Committee, 21 July, item 4",
    }  # fmt: skip
    add_to_register(collated, typed)
    with pytest.raises(WorkbookError, match="collate first"):
        make_packs(collated.workspace, Q1, ["quality"], Run(NINE, BY))
    collated.collate(at("2026-07-22"))
    actions = part_of(read(collated, "quality", Q1, "2026-07-24"), "Actions")
    assert actions is not None
    said = " ".join(words_of(actions.blocks))
    first, _, others = said.partition("Still to be done besides")
    assert "Agreed at this meeting" in first
    assert "Ask the bank" in first, "though the committee does not cover money"
    assert "Hire" in others
    elsewhere = part_of(read(collated, "north", Q1, "2026-07-24"), "Actions")
    assert elsewhere is None, "nothing of the north site was promised"


def test_a_period_without_figures_has_no_pack_and_that_is_said(collated: Team) -> None:
    collated.issue(Q2, now=at("2026-10-01"))
    before = tree(collated.root)
    with pytest.raises(WorkspaceError, match=r"no pack of North site review for Quarter 2 .* no figure of that period"):
        make_packs(collated.workspace, Q2, ["north"], Run(at("2026-10-20"), BY))
    assert tree(collated.root) == before


@pytest.mark.parametrize(
    ("meeting", "period", "says"),
    [
        ("south", Q1, "'south' is no meeting of the catalogue; there are quality, north, board"),
        ("later", Q1, "no packs are made for Later: the catalogue says 'on: no' of it"),
        ("north", Q3, "North site review does not look at 2026-27-Q3; its periods are 2026-27-Q1, 2026-27-Q2"),
        ("board", Q1, "the pack of the Board belongs to an edition: xlperf publish --period 2026-27-Q1 --pdf"),
        ("north", "2031-32-Q1", "not in the catalogue's calendar"),
    ],
)
def test_a_pack_that_cannot_be_is_one_message(meeting: str, period: str, says: str, collated: Team) -> None:
    with pytest.raises(UsageError, match=says.replace("(", r"\(")):
        make_packs(collated.workspace, period, [meeting], Run(NINE, BY))


def test_after_a_run_that_could_not_place_its_packs_the_next_one_does(
    collated: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        refuse_moves(patch)
        with pytest.raises(WorkspaceError, match="recorded, and cannot be moved"):
            make_packs(collated.workspace, Q1, (), Run(NINE, BY))
    told: list[str] = []
    done = make_packs(collated.workspace, Q1, (), Run(at("2026-07-25"), BY, tell=told.append))
    assert [each.files[Output.PACK_PDF].name for each in done] == [
        f"Quality Committee {Q1} 2026-07-24 090000 pack.pdf", f"North site review {Q1} 2026-07-24 090000 pack.pdf",
    ]  # fmt: skip
    assert all(each.files[Output.PACK_PDF].exists() for each in done)
    assert len(collated.state.packs) == 2, "made once"
    assert len(told) == 2
    assert verify(collated.workspace).is_clean


def test_a_pack_says_which_returns_are_missing_of_those_that_it_needs(tmp_path: Path) -> None:
    team = new_team(tmp_path / "workspace")
    team.change_catalogue(with_meetings)
    fill(team.issue(now=at("2026-07-01"))["alpha"])
    team.collate()
    (done,) = make_packs(team.workspace, Q1, ["quality"], Run(NINE, BY))
    assert done.doubts == (), "Beta team returns nothing that it covers"
    with pytest.raises(WorkspaceError, match="no figure of that period"):
        make_packs(team.workspace, Q1, ["north"], Run(NINE, BY))


def test_the_calendar_says_who_looks_at_what_when_what_is_missing_and_whether_a_pack_was_made(tmp_path: Path) -> None:
    team = new_team(tmp_path / "workspace")
    team.change_catalogue(with_meetings)
    issued = team.issue(now=at("2026-07-01"))
    fill(issued["alpha"])
    team.collate()
    make_packs(team.workspace, Q1, ["quality"], Run(NINE, BY))
    told = {each.meeting.id: each for each in calendar(team.workspace, Q1, now=NINE)}
    assert [each for each in told] == ["north", "quality", "board"], "by their days"  # noqa: C416
    assert (told["quality"].day, told["north"].day) == (date(2026, 9, 17), date(2026, 7, 30))
    assert told["quality"].missing == ()
    assert told["quality"].made == date(2026, 7, 24)
    assert told["north"].missing == told["board"].missing == ("Beta team",)
    assert told["north"].made is None
    fill(issued["alpha"], {V1: {"Actual": 95}}, name="again.xlsx", saved=at("2026-07-25"))
    team.collate(at("2026-07-25"))
    (quality,) = [each for each in calendar(team.workspace, Q1, now=NINE) if each.meeting.id == "quality"]
    assert quality.since == 1
    of_all = calendar(team.workspace, "", now=NINE)
    assert {str(each.period) for each in of_all} == {Q1, Q2, Q3}
    assert all(each.meeting.id != "north" or str(each.period) in (Q1, Q2) for each in of_all)


def test_a_reminder_names_the_first_meeting_that_waits_for_the_return(tmp_path: Path) -> None:
    team = new_team(tmp_path / "workspace")
    team.change_catalogue(with_meetings)
    team.issue(now=at("2026-07-01"))
    alpha, beta = chase(team.workspace, Q1, Run(at("2026-07-20"), BY))
    assert "the Quality Committee of 17 September 2026, and then to the Board of 24 September" in as_one_line(alpha)
    assert "the North site review of 30 July 2026, and then to the Board of 24 September" in as_one_line(beta)
    _, beta = chase(team.workspace, Q1, Run(at("2026-08-20"), BY))
    assert "figures go to the Board of 24 September" in as_one_line(beta), "that meeting is over"


def as_one_line(draft: Path) -> str:
    body = email.message_from_bytes(draft.read_bytes(), policy=policy.default).get_body()
    assert body is not None
    return " ".join(body.get_content().split())


def test_both_commands_print_what_came_of_it(collated: Team) -> None:
    where = ["--workspace", str(collated.root)]
    made = CliRunner().invoke(app, ["pack", "--period", Q1, "--meeting", "north", *where])
    assert made.exit_code == 0
    assert "North site review, 2026-27-Q1: " in made.stdout
    listed = CliRunner().invoke(app, ["meetings", "--period", Q1, "--json", *where])
    found = {each["meeting"]: each for each in json.loads(listed.stdout)["meetings"]}
    assert found["north"]["pack"]["name"].startswith("North site review 2026-27-Q1")
    assert found["quality"]["pack"] is None
    table = CliRunner().invoke(app, ["meetings", "--period", Q1, *where])
    assert "Quality Committee (quality)" in table.stdout
