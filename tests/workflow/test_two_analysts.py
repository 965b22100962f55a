"""Two analysts: what each typed is kept, where they differ both are shown, and a person chooses."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import Q1, Q4, Team, at, catalogue_data, fill, tree, write_catalogue
from xlperf.errors import WorkbookError
from xlperf.report import layout
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.collate import Collated, collate
from xlperf.workflow.cycle.publish import publish
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Run

ENHANCED: Mapping[str, CellValue] = dict(
    zip(layout.TYPED_COLUMNS, ("Enhanced", "Chief Executive", at("2026-07-09").date(), "two Reds running"), strict=True)
)
TARGETED: Mapping[str, CellValue] = dict(
    zip(layout.TYPED_COLUMNS, ("Targeted", "Board", at("2026-07-10").date(), "the plan has failed"), strict=True)
)
CLEARED: Mapping[str, CellValue] = dict.fromkeys(layout.TYPED_COLUMNS)
BEFORE, LATER, LAST = at("2026-07-11"), at("2026-07-12"), at("2026-07-13")


@pytest.fixture(scope="module")
def red_twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which V1 was Red in two quarters running, so that the ladder proposes Enhanced."""
    root = tmp_path_factory.mktemp("two") / "workspace"
    (root / "returns").mkdir(parents=True)
    write_catalogue(root, catalogue_data())
    team = Team(Workspace(root))
    for period, day in ((Q4, "2026-04-01"), (Q1, "2026-07-01")):
        fill(team.issue(period, now=at(day))["alpha"], {("V1", "TRUST", period): {"Actual": 50}}, saved=at(day))
        team.collate(at(day))
    return root


@pytest.fixture
def ours(red_twice: Path, tmp_path: Path) -> Team:
    """One of two copies of a synced workspace."""
    shutil.copytree(red_twice, tmp_path / "ours")
    return Team(Workspace(tmp_path / "ours"))


@pytest.fixture
def theirs(red_twice: Path, tmp_path: Path) -> Team:
    """The other copy, on another machine."""
    shutil.copytree(red_twice, tmp_path / "theirs")
    return Team(Workspace(tmp_path / "theirs"))


def decide(team: Team, values: Mapping[str, CellValue]) -> None:
    team.type_in_master(layout.ESCALATION, "V1", values)


def collated(team: Team, by: str, now: object = BEFORE) -> Collated:
    return collate(team.workspace, Run(now, by))  # type: ignore[arg-type]


def synced(ours: Team, theirs: Team, *, master: str = "") -> None:
    """What a syncing service does: the union of the ledgers; their master as a conflict copy, where a name is given."""
    for name, data in tree(theirs.root / "ledger").items():
        path = ours.root / "ledger" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if master:
        shutil.copy(theirs.workspace.master, ours.root / master)


def shown(team: Team) -> dict[str, str]:
    """V1's row of the Escalation sheet."""
    return next((row for row in team.sheet(layout.ESCALATION) if row["Ref"] == "V1"), {})


def codes(done: Collated) -> list[str]:
    return [item.code for item in done.findings if item.code.startswith("D")]


def test_two_decisions_typed_in_two_copies_are_both_kept_and_a_person_chooses(ours: Team, theirs: Team) -> None:
    decide(ours, ENHANCED)
    collated(ours, "ann@one")
    decide(theirs, TARGETED)
    collated(theirs, "ben@two", LATER)
    synced(ours, theirs)

    done = collated(ours, "ann@one", LAST)

    assert codes(done) == ["D004"]
    message = next(item.message for item in done.findings if item.code == "D004")
    for word in ("Enhanced", "Chief Executive", "two Reds running", "Targeted", "Board", "the plan has failed", "ben"):
        assert word in message
    (kpi,) = [row for row in ours.sheet("tbl_kpis") if row["Ref"] == "V1"]
    assert kpi["Escalation"] == "Enhanced or Targeted?"
    assert shown(ours)[layout.DECIDED].startswith("Choose: Enhanced (Chief Executive, 2026-07-09) or Targeted (Board")
    assert shown(ours)[layout.RATIONALE] == ""
    assert "'Enhanced' counts until" in shown(ours)["Status"]
    assert ours.state.decision_in_force["V1", "TRUST"].stage == "Enhanced"
    assert "D004" in {row["Code"] for row in ours.sheet(layout.FINDINGS)}

    decide(ours, TARGETED)
    chosen = collated(ours, "ann@one", LAST)

    assert codes(chosen) == []
    assert ours.state.decision_in_force["V1", "TRUST"].stage == "Targeted"
    assert shown(ours)[layout.DECIDED] == "Targeted"
    assert shown(ours)[layout.DECIDED_BY] == "Board"


def test_a_reason_typed_beside_the_choice_is_kept_and_is_no_choice(ours: Team, theirs: Team) -> None:
    decide(ours, ENHANCED)
    collated(ours, "ann@one")
    decide(theirs, TARGETED)
    collated(theirs, "ben@two", LATER)
    synced(ours, theirs)
    collated(ours, "ann@one", LAST)

    decide(ours, {layout.RATIONALE: "to be discussed"})
    assert codes(collated(ours, "ann@one", LAST)) == ["D004"]
    assert ours.state.decision_in_force["V1", "TRUST"].stage == "Enhanced"
    assert shown(ours)[layout.DECIDED].startswith("Choose: Enhanced")
    assert shown(ours)[layout.RATIONALE] == "to be discussed"

    decide(ours, {layout.DECIDED: "Targeted"})
    assert codes(collated(ours, "ann@one", LAST)) == []
    assert ours.state.decision_in_force["V1", "TRUST"].cells == ("Targeted", "", "", "to be discussed")


def test_the_choice_may_also_be_what_counted_already_or_neither(ours: Team, theirs: Team) -> None:
    decide(ours, ENHANCED)
    collated(ours, "ann@one")
    decide(theirs, TARGETED)
    collated(theirs, "ben@two", LATER)
    synced(ours, theirs)
    collated(ours, "ann@one", LAST)

    decide(ours, CLEARED)
    assert codes(collated(ours, "ann@one", LAST)) == []

    assert ours.state.decision_in_force["V1", "TRUST"].cells == ("", "", "", "")
    assert ours.state.settled["V1", "TRUST"].disputed == ()


@pytest.mark.parametrize("other", [TARGETED, ENHANCED, CLEARED], ids=["another decision", "as it was", "blank"])
def test_no_decision_is_lost_where_a_row_was_doubled(other: Mapping[str, CellValue], ours: Team) -> None:
    decide(ours, ENHANCED)
    collated(ours, "ann@one")
    (row,) = [row for row in ours.table(layout.ESCALATION).rows if row["Ref"].raw == "V1"]
    book = openpyxl.load_workbook(ours.workspace.master)
    sheet: Any = book["Escalation"]
    table = sheet.tables["tbl_escalation"]
    below = sheet[table.ref][-1][0].row + 1
    table.ref = f"{table.ref.partition(':')[0]}:{sheet[table.ref][-1][-1].column_letter}{below}"
    columns = {cell.value: cell.column for cell in sheet[3]}
    for column in columns.values():
        sheet.cell(below, column).value = sheet.cell(row.number, column).value
    for number, typed in ((row.number, {**TARGETED, layout.RATIONALE: "typed above"}), (below, other)):
        for header, value in typed.items():
            sheet.cell(number, columns[header]).value = value
    book.save(ours.workspace.master)

    is_dispute = other is TARGETED
    assert codes(collated(ours, "ann@one", LATER)) == ["D004"] * is_dispute
    assert ours.state.decision_in_force["V1", "TRUST"].rationale == "typed above"
    said = {decision.rationale for _, decision in ours.state.typed_decisions["V1", "TRUST"]}
    assert said == {"two Reds running", "typed above", *(["the plan has failed"] if is_dispute else [])}
    assert collated(ours, "ann@one", LAST).new_records == 0


def test_both_sides_see_the_same_whichever_collates_after_the_sync(ours: Team, theirs: Team) -> None:
    decide(ours, ENHANCED)
    collated(ours, "ann@one")
    decide(theirs, TARGETED)
    collated(theirs, "ben@two", LATER)
    synced(ours, theirs)
    synced(theirs, ours)

    collated(ours, "ann@one", LAST)
    collated(theirs, "ben@two", LAST)

    assert shown(ours) == shown(theirs)
    assert ours.state.settled == theirs.state.settled


def test_the_same_decision_typed_by_both_is_no_conflict(ours: Team, theirs: Team) -> None:
    decide(ours, ENHANCED)
    collated(ours, "ann@one")
    decide(theirs, ENHANCED)
    collated(theirs, "ben@two", LATER)
    synced(ours, theirs)

    assert codes(collated(ours, "ann@one", LAST)) == []
    assert shown(ours)[layout.DECIDED] == "Enhanced"


@pytest.mark.parametrize("name", ["master-PC7.xlsx", "master (Ben's conflicted copy 2026-07-12).xlsx", "master 2.xlsx"])
def test_what_was_typed_into_a_conflict_copy_is_taken_once_and_said(ours: Team, theirs: Team, name: str) -> None:
    decide(theirs, TARGETED)  # and not collated there
    synced(ours, theirs, master=name)

    done = collated(ours, "ann@one", LATER)

    assert codes(done) == ["D006"]
    assert name in str(done.findings[0].location)
    assert shown(ours)[layout.DECIDED] == "Targeted"
    assert codes(collated(ours, "ann@one", LATER)) == []

    decide(ours, ENHANCED)  # decided anew, knowing what was there: the copy, still lying there, does not speak again
    assert codes(collated(ours, "ann@one", LAST)) == []
    assert codes(collated(ours, "ann@one", LAST)) == []
    assert shown(ours)[layout.DECIDED] == "Enhanced"


def test_nothing_is_published_while_a_conflict_copy_says_what_the_ledger_does_not_know(
    ours: Team, theirs: Team
) -> None:
    decide(theirs, TARGETED)
    synced(ours, theirs, master="master-PC7.xlsx")
    with pytest.raises(WorkbookError, match="or a copy beside it, is not in the ledger yet; collate first"):
        publish(ours.workspace, Q1, Run(LATER, "ann@one"))
    collated(ours, "ann@one", LATER)
    assert publish(ours.workspace, Q1, Run(LAST, "ben@two")).workbook.exists()


def test_different_decisions_in_master_and_conflict_copy_in_one_collation(ours: Team, theirs: Team) -> None:
    decide(ours, ENHANCED)
    decide(theirs, TARGETED)
    synced(ours, theirs, master="master-PC7.xlsx")

    done = collated(ours, "ann@one", LATER)

    assert codes(done) == ["D006", "D004"]
    assert {d.stage for d in ours.state.settled["V1", "TRUST"].disputed} == {"Enhanced", "Targeted"}


def test_a_copy_that_is_no_master_is_named_and_stops_nothing(ours: Team) -> None:
    (ours.root / "master of ceremonies.xlsx").write_bytes(b"not a workbook")
    decide(ours, ENHANCED)

    done = collated(ours, "ann@one", LATER)

    assert codes(done) == ["D005"]
    assert "master of ceremonies.xlsx" in str(done.findings[0])
    assert shown(ours)[layout.DECIDED] == "Enhanced"


def test_a_change_of_mind_in_the_same_open_master_is_no_conflict(ours: Team) -> None:
    """The master is open, so it is written as pending; its user types on in the one that is open."""
    lock = ours.root / ".~lock.master.xlsx#"
    decide(ours, ENHANCED)
    lock.write_text(",Ann,pc,,")
    assert collated(ours, "ann@one").written.pending
    decide(ours, TARGETED)
    assert codes(collated(ours, "ann@one", LATER)) == []
    decide(ours, ENHANCED)
    assert codes(collated(ours, "ann@one", LATER)) == []
    lock.unlink()

    assert codes(collated(ours, "ann@one", LAST)) == []
    assert shown(ours)[layout.DECIDED] == "Enhanced"
    assert [d.stage for d in ours.state.decision_history["V1", "TRUST"]] == ["Enhanced", "Targeted", "Enhanced"]


def test_an_older_master_brought_back_undoes_nothing(ours: Team) -> None:
    older = ours.workspace.master.read_bytes()
    decide(ours, ENHANCED)
    collated(ours, "ann@one")
    ours.workspace.master.write_bytes(older)

    assert codes(collated(ours, "ann@one", LATER)) == []
    assert shown(ours)[layout.DECIDED] == "Enhanced"


def test_a_decision_typed_into_an_older_master_is_shown_beside_the_newer_one(ours: Team) -> None:
    older = ours.workspace.master.read_bytes()
    decide(ours, ENHANCED)
    collated(ours, "ann@one")
    ours.workspace.master.write_bytes(older)
    decide(ours, TARGETED)

    done = collated(ours, "ben@two", LATER)

    assert codes(done) == ["D004"]
    assert shown(ours)[layout.DECIDED].startswith("Choose: ")
