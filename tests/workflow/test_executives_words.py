"""An executive's words on a rolled-up figure: typed beside what it is made of, kept, approved, tied to the figure."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Q1, Q2, Team, at, copy_of, fill, kpi_in, new_team, tree
from xlperf.assessment import Assessment
from xlperf.cli import main
from xlperf.documents.html import write_html
from xlperf.errors import WorkbookError
from xlperf.period import Period
from xlperf.report import layout
from xlperf.report.pages.board_pack import pack
from xlperf.report.views import SHEET_OF
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.collate import Collated, collate
from xlperf.workflow.cycle.publish import Published, publish
from xlperf.workflow.integrity.rebuild import rebuild
from xlperf.workflow.integrity.verify import verify
from xlperf.workflow.workspace.run import Run

JULY, LATER, LAST, OCTOBER = at("2026-07-10"), at("2026-07-14"), at("2026-07-15"), at("2026-10-12")
NORTH: Mapping[str, CellValue] = {
    "Numerator": 80, "Denominator": 1000, "Commentary": "Winter", "Cause": "Two wards were closed",
}  # fmt: skip
SOUTH: Mapping[str, CellValue] = {"Numerator": 30, "Denominator": 1000}
SITES = {"NORTH": NORTH, "SOUTH": SOUTH}
DRAFT: Mapping[str, CellValue] = {layout.WORDS: "The trust lends North its bank staff until both wards are open."}
APPROVAL: Mapping[str, CellValue] = {layout.APPROVED_BY: "Director of Finance", layout.APPROVED_ON: date(2026, 7, 14)}


def sites(**north: CellValue) -> dict[tuple[str, str, str], Mapping[str, CellValue]]:
    return {("S1", org, Q1): {**figures, **(north if org == "NORTH" else {})} for org, figures in SITES.items()}


@pytest.fixture(scope="module")
def red(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which sickness absence of the trust is Red in Quarter 1: 5.5, as North is 8.0."""
    team = new_team(tmp_path_factory.mktemp("red") / "workspace")
    team.change_catalogue(lambda data: kpi_in(data, "S1").update(roll_up={"orgs": "parts"}))
    fill(team.issue()["beta"], sites(), saved=JULY)
    team.collate(JULY)
    return team.root


@pytest.fixture
def team(red: Path, tmp_path: Path) -> Team:
    return copy_of(red, tmp_path / "workspace")


def say(team: Team, values: Mapping[str, CellValue]) -> None:
    team.type_in_master(layout.NARRATIVE, "S1", values)


def row(team: Team, path: Path | None = None) -> dict[str, str]:
    """The one row of the sheet Narrative, of the master or of another workbook."""
    table = FileWorkbook.open(path or team.workspace.master).read_table(layout.NARRATIVE)
    (found,) = [{header: each[header].raw for header in table.columns} for each in table.rows]
    return found


def beside(team: Team, table: str, path: Path | None = None, org: str = "TRUST") -> str:
    """What stands beside a figure of S1 on another sheet: by itself the trust's."""
    rows = FileWorkbook.open(path or team.workspace.master).read_table(table).rows
    return next(
        each["What the executive says"].raw for each in rows if (each["Ref"].raw, each["Org"].raw) == ("S1", org)
    )


def codes(done: Collated) -> list[str]:
    return [item.code for item in done.findings]


def approved(team: Team) -> None:
    say(team, {**DRAFT, **APPROVAL})
    team.collate(LATER)


def edition(team: Team, now: object = LAST) -> Published:
    return publish(team.workspace, Q1, Run(now, "analyst@test"))  # type: ignore[arg-type]


def corrected(team: Team, now: object = LAST, **north: CellValue) -> Collated:
    """North's figure is sent again, and another one."""
    fill(team.issued()["beta"], sites(**north), name="again.xlsx", saved=at("2026-07-13"))
    return team.collate(now)  # type: ignore[arg-type]


def test_the_sheet_says_what_the_figure_is_made_of_and_asks_for_words(team: Team) -> None:
    asked = row(team)
    assert [asked[header] for header in ("Ref", "Org", "Period", "Figure", "Target", "RAG")] == [
        "S1", "TRUST", Q1, "5.5", "4.0", "Red",
    ]  # fmt: skip
    assert asked["Members"] == "1 of 2 meet their target; North site 8.0 (Red); South site 3.0 (Green)"
    assert asked["Their causes"] == "North site: Two wards were closed"
    assert (asked["Executive owner"], asked["Status"]) == ("Director of Finance", "No words yet")
    assert (asked[layout.WORDS], beside(team, layout.KPIS)) == ("", "")


def test_words_are_kept_and_stand_beside_the_figure_as_a_draft_until_they_are_approved(team: Team) -> None:
    say(team, DRAFT)
    assert codes(team.collate(LATER)) == []
    assert (row(team)[layout.WORDS], row(team)["Status"]) == (DRAFT[layout.WORDS], "Not yet approved")
    told = f"Not yet approved: {DRAFT[layout.WORDS]}"
    # The trust is off target by North alone, so on Exceptions its figure is told in North's row.
    assert (beside(team, layout.KPIS), beside(team, layout.EXCEPTIONS, org="NORTH")) == (told, f"TRUST: {told}")
    say(team, APPROVAL)
    assert codes(team.collate(LAST)) == []
    assert row(team)["Status"] == "Approved by Director of Finance on 14 July 2026"
    told = f"{DRAFT[layout.WORDS]} (approved by Director of Finance on 14 July 2026)"
    assert (beside(team, layout.KPIS), beside(team, layout.EXCEPTIONS, org="NORTH")) == (told, f"TRUST: {told}")


def test_a_roll_up_with_a_row_of_its_own_on_exceptions_has_them_there(team: Team) -> None:
    again = sites() | {("S1", "SOUTH", Q1): {"Numerator": 60, "Denominator": 1000}}
    fill(team.issued()["beta"], again, name="again.xlsx", saved=at("2026-07-13"))
    team.collate(LATER)
    say(team, DRAFT)
    team.collate(LAST)
    assert beside(team, layout.EXCEPTIONS) == f"Not yet approved: {DRAFT[layout.WORDS]}"
    assert beside(team, layout.EXCEPTIONS, org="NORTH") == ""


def test_what_was_read_once_is_not_read_again_and_costs_no_run(team: Team) -> None:
    approved(team)
    runs = len(team.state.runs)
    team.collate(LAST)
    assert len(team.state.runs) == runs
    assert verify(team.workspace).is_clean


def test_an_approval_of_other_words_does_not_hold_for_changed_ones(team: Team) -> None:
    approved(team)
    say(team, {layout.WORDS: "Nothing can be done about it."})
    team.collate(LAST)
    assert row(team)["Status"] == (
        "Not yet approved: the approval by Director of Finance on 14 July 2026 was of other words"
    )
    assert (row(team)[layout.APPROVED_BY], row(team)[layout.APPROVED_ON]) == ("", "")
    assert beside(team, layout.KPIS) == "Not yet approved: Nothing can be done about it."


def test_words_and_a_new_approval_typed_together_are_approved(team: Team) -> None:
    approved(team)
    say(team, {layout.WORDS: "Both wards are open again.", layout.APPROVED_ON: date(2026, 7, 15)})
    team.collate(LAST)
    assert row(team)["Status"] == "Approved by Director of Finance on 15 July 2026"


def test_words_written_about_another_figure_are_marked_everywhere_and_stay(team: Team) -> None:
    approved(team)
    corrected(team, Numerator=120)
    told = "approved when the figure was 5.5 (Red); it is 7.5 (Red) now"
    assert row(team)["Status"] == f"Approved by Director of Finance on 14 July 2026; {told}"
    assert told in beside(team, layout.KPIS)
    assert str(DRAFT[layout.WORDS]) in beside(team, layout.KPIS)


def test_a_part_that_has_changed_is_named_though_the_whole_has_not(team: Team) -> None:
    say(team, DRAFT)
    team.collate(LATER)
    again = sites(Numerator=70) | {("S1", "SOUTH", Q1): {"Numerator": 40, "Denominator": 1000}}
    fill(team.issued()["beta"], again, name="again.xlsx", saved=at("2026-07-13"))
    team.collate(LAST)
    assert row(team)["Status"] == (
        "Not yet approved; written before a part of the figure changed: North site was 8.0 (Red) and is 7.0 (Red) now; "
        "South site was 3.0 (Green) and is 4.0 (Green) now"
    )


def test_whoever_approves_beside_the_new_figure_has_seen_it(team: Team) -> None:
    say(team, DRAFT)
    team.collate(LATER)
    corrected(team, Numerator=120)
    say(team, {**APPROVAL, layout.APPROVED_ON: date(2026, 7, 15)})
    team.collate(at("2026-07-16"))
    assert row(team)["Status"] == "Approved by Director of Finance on 15 July 2026"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({**DRAFT, layout.APPROVED_BY: "Director of Finance"}, "Not yet approved: the day of approval is missing"),
        ({**DRAFT, layout.APPROVED_ON: date(2026, 7, 14)}, "Not yet approved: who approved it is missing"),
        (
            {**DRAFT, **APPROVAL, layout.APPROVED_ON: "soon"},
            "Not yet approved: the day of approval, 'soon', is no date",
        ),
        (
            {**DRAFT, **APPROVAL, layout.APPROVED_ON: date(2026, 9, 1)},
            "Not yet approved: the day of approval, 1 September 2026, has not come",
        ),
        (APPROVAL, "An approval was typed, but no words"),
    ],
)
def test_an_approval_in_part_is_none_and_is_said(team: Team, typed: Mapping[str, CellValue], says: str) -> None:
    say(team, typed)
    team.collate(LATER)
    assert row(team)["Status"] == says
    assert "D014" in {each["Code"] for each in team.sheet(layout.FINDINGS)}


def test_cleared_words_are_gone_from_every_sheet_and_stay_in_the_ledger(team: Team) -> None:
    approved(team)
    say(team, dict.fromkeys(layout.WORDS_COLUMNS))
    team.collate(LAST)
    assert (row(team)["Status"], beside(team, layout.KPIS)) == ("No words yet", "")
    assert [typed.words for _, typed in team.state.typed_words["S1", "TRUST", Q1]] == [DRAFT[layout.WORDS], ""]


def test_an_edition_has_only_approved_words_and_says_which_it_left_out(team: Team) -> None:
    say(team, DRAFT)
    team.collate(LATER)
    first = edition(team)
    assert any("1 rolled-up figure is not approved and is left out: S1 TRUST" in doubt for doubt in first.doubts)
    assert (row(team, first.workbook)[layout.WORDS], beside(team, layout.KPIS, first.workbook)) == ("", "")
    say(team, APPROVAL)
    team.collate(LAST)
    second = edition(team, at("2026-07-16"))
    assert not any("not approved" in doubt for doubt in second.doubts)
    assert str(DRAFT[layout.WORDS]) in beside(team, layout.KPIS, second.workbook)


def pack_of(team: Team, now: datetime) -> str:
    """What the pack of an edition says, without its marks."""
    assessment = Assessment(team.workspace.catalogue(), team.state, Period.parse(Q1), now, is_issued=True)
    path = team.root / "pack.html"
    write_html(pack(assessment, "an edition"), path)
    return " ".join(re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8")).split())


def test_the_pack_says_whose_words_they_are_of_which_figure_and_what_has_changed_since(team: Team) -> None:
    assert "Director of Finance says" not in pack_of(team, JULY)
    say(team, DRAFT)
    team.collate(LATER)
    assert str(DRAFT[layout.WORDS]) not in pack_of(team, LATER)
    say(team, {**APPROVAL, layout.APPROVED_BY: "Chief Executive"})
    team.collate(LAST)
    whole = f"What the Director of Finance says of Small Trust (5.5 %). {DRAFT[layout.WORDS]}"
    assert f"{whole} Approved by Chief Executive on 14 July 2026." in pack_of(team, LAST)
    corrected(team, at("2026-07-16"), Numerator=120)
    told = pack_of(team, at("2026-07-16"))
    assert "Approved when the figure was 5.5 (Red); it is 7.5 (Red) now." in told
    line = f"Director of Finance on S1 Sickness absence (7.5 %): {DRAFT[layout.WORDS]}"
    assert f"{line} The figure has changed since." in told


def test_other_words_on_a_figure_that_a_board_has_seen_are_a_change(team: Team) -> None:
    approved(team)
    edition(team)
    say(team, {layout.WORDS: "Both wards are open again."})
    team.collate(at("2026-07-16"))
    (change,) = [each for each in team.sheet(layout.CHANGES) if each["What changed"] == "Executive's words changed"]
    assert (change["Period"], change["Before"]) == (Q1, f"'{DRAFT[layout.WORDS]}'")
    assert change["Now"] == "no words that are approved"
    say(team, {**APPROVAL, layout.APPROVED_ON: date(2026, 7, 17)})
    team.collate(at("2026-07-17"))
    (change,) = [each for each in team.sheet(layout.CHANGES) if each["What changed"] == "Executive's words changed"]
    assert change["In words"] == (
        "What is said of Sickness absence, Small Trust, Q1 26-27: 'Both wards are open again.' (approved by Director "
        f"of Finance); before: '{DRAFT[layout.WORDS]}'."
    )


def test_words_of_another_period_are_shown_beside_the_next_and_do_not_stand_for_it(team: Team) -> None:
    approved(team)
    fill(team.issue(Q2, at("2026-10-01"))["beta"],
         {("S1", org, Q2): figures for org, figures in SITES.items()}, saved=OCTOBER)  # fmt: skip
    team.collate(OCTOBER)
    asked = row(team)
    assert (asked["Period"], asked[layout.WORDS], asked["Status"]) == (Q2, "", "No words yet")
    assert asked["Words last time"] == f"Q1 26-27: {DRAFT[layout.WORDS]}"
    team.collate(OCTOBER, Q1)
    assert row(team)[layout.WORDS] == DRAFT[layout.WORDS]


def test_a_master_that_is_lost_has_them_again_and_so_has_one_that_is_rebuilt(team: Team) -> None:
    approved(team)
    before = row(team)
    team.workspace.master.unlink()
    team.collate(LAST)
    assert row(team) == before
    say(team, {layout.WORDS: "Typed just before the rebuild"})
    rebuild(team.workspace, Run(LAST, "analyst@test"))
    assert row(team)[layout.WORDS] == "Typed just before the rebuild"
    assert row(team)[layout.APPROVED_BY] == ""
    assert verify(team.workspace).is_clean


def test_two_analysts_words_are_both_kept_and_a_person_chooses(team: Team, red: Path, tmp_path: Path) -> None:
    theirs = copy_of(red, tmp_path / "theirs")
    say(team, {**DRAFT, **APPROVAL})
    team.collate(LATER)
    say(theirs, {layout.WORDS: "It will be better by winter."})
    collate(theirs.workspace, Run(at("2026-07-14 10:00"), "ben@two"))
    for name, data in tree(theirs.root / "ledger").items():  # what a syncing service does
        (team.root / "ledger" / name).parent.mkdir(parents=True, exist_ok=True)
        (team.root / "ledger" / name).write_bytes(data)
    done = team.collate(LAST)
    assert "D015" in codes(done)
    message = next(item.message for item in done.findings if item.code == "D015")
    assert str(DRAFT[layout.WORDS]) in message
    assert "It will be better by winter." in message
    assert row(team)[layout.WORDS].startswith("Choose: The trust lends North")
    assert beside(team, layout.KPIS) == f"Not yet approved: {DRAFT[layout.WORDS]}"
    say(team, {layout.WORDS: "It will be better by winter.", **APPROVAL})
    assert "D015" not in codes(team.collate(at("2026-07-16")))
    assert row(team)["Status"] == "Approved by Director of Finance on 14 July 2026"


def test_what_stands_in_a_conflict_copy_is_taken_and_said(team: Team) -> None:
    copied = team.root / "master (Ben's conflicted copy).xlsx"
    shutil.copy(team.workspace.master, copied)
    book = FileWorkbook.open(copied)
    book.write_cells(layout.NARRATIVE, {book.read_table(layout.NARRATIVE).rows[0].number: DRAFT})
    book.save(copied)
    done = team.collate(LATER)
    assert "D006" in codes(done)
    assert row(team)[layout.WORDS] == DRAFT[layout.WORDS]


def test_a_row_of_a_persons_own_is_named_and_not_taken(team: Team) -> None:
    book = team.master
    number = book.read_table(layout.NARRATIVE).rows[0].number
    book.write_cells(layout.NARRATIVE, {number: {"Ref": "V1", **DRAFT}})
    book.save(team.workspace.master)
    done = team.collate(LATER)
    assert any(item.code == "D014" and "V1 TRUST" in item.message for item in done.findings)
    assert team.state.typed_words == {}


def test_publish_is_refused_while_words_are_not_collated(team: Team) -> None:
    say(team, DRAFT)
    with pytest.raises(WorkbookError, match="collate first"):
        edition(team)


def xlperf(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: object) -> str:
    """What a run of the command line says, which has to come to an end with or without doubts (a return is missing)."""
    monkeypatch.setattr(sys, "argv", ["xlperf", *map(str, words)])
    capsys.readouterr()
    try:
        main()
    except SystemExit as stop:
        assert stop.code in (None, 0, 1), capsys.readouterr()  # noqa: PT017
    return " ".join(capsys.readouterr().out.split())


def test_a_whole_cycle_on_the_command_line_ends_in_the_pack(
    team: Team, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*words: object) -> str:
        return xlperf(capsys, monkeypatch, *words, "--workspace", team.root)

    run("collate", "--again")
    say(team, {**DRAFT, layout.APPROVED_BY: "Director of Finance", layout.APPROVED_ON: date.today()})
    run("collate")
    run("publish", "--period", Q1, "--html")
    (pack,) = team.root.glob("editions/*/*pack.html")
    page = " ".join(re.sub(r"<[^>]+>", " ", pack.read_text(encoding="utf-8")).split())
    assert f"What the Director of Finance says of Small Trust (5.5 %). {DRAFT[layout.WORDS]} Approved on" in page
    assert f"Director of Finance on S1 Sickness absence (5.5 %): {DRAFT[layout.WORDS]}" in page
    run("ledger", "verify")
    assert verify(team.workspace).is_clean
    run("ledger", "rebuild")
    assert row(team)[layout.WORDS] == DRAFT[layout.WORDS]


def test_a_master_of_an_earlier_version_is_given_the_sheet_and_keeps_what_is_typed_there(tmp_path: Path) -> None:
    """Of 0.1.0, whose catalogue rolls nothing up: from now on it does, and no site meets the new target."""
    team = copy_of(Path(__file__).parent.parent / "released" / "0.1.0", tmp_path / "old")

    def rolled_up(data: dict[str, Any]) -> None:
        data["version"] = "2027.1"
        kpi_in(data, "S1").update(roll_up={"orgs": "parts"}, targets=[{"from": "2024-25", "target": 0.1}])

    team.collate(at("2026-10-26"))
    assert team.table(layout.NARRATIVE).columns == SHEET_OF[layout.NARRATIVE].headers
    assert team.sheet(layout.NARRATIVE) == []
    team.change_catalogue(rolled_up)
    team.collate(at("2026-10-27"), accepts=True)
    (asked,) = [each for each in team.sheet(layout.NARRATIVE) if each["Org"] == "TRUST"]
    assert asked["RAG"] == "Red"
    say(team, {**DRAFT, **APPROVAL})
    team.collate(at("2026-10-28"))
    (said,) = [each for each in team.sheet(layout.NARRATIVE) if each["Org"] == "TRUST"]
    assert said["Status"] == "Approved by Director of Finance on 14 July 2026"
    assert verify(team.workspace).is_clean
