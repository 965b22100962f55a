"""A restored backup, or a folder that a sync service mixed up: `.xlperf` of another state never shows in a master."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import COLLATE_DAY, Q1, Team, at, copy_of, fill, in_any_order, tree
from xlperf.ledger.kept_runs import KeptRuns
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.program import program

TABLES = ("tbl_data", "tbl_kpis", "tbl_returns", "tbl_findings", "tbl_exceptions", "tbl_dashboard")
RED = {("P1", "TRUST", Q1): {"Numerator": 50, "Denominator": 100}}


def keep_all(workspace: Workspace) -> None:
    """Keep every run, as a collation does once there are many figures."""
    KeptRuns(workspace.notes / "runs", program, worthwhile=0).keep(workspace.ledger().runs())


@pytest.fixture
def backup(issued_team: Team, tmp_path: Path) -> Team:
    """A workspace as a backup has it: one owner has returned, and was collated; both lie in the received folder."""
    fill(issued_team.issued()["alpha"], RED)
    issued_team.collate()
    keep_all(issued_team.workspace)
    fill(issued_team.issued()["beta"])
    return copy_of(issued_team.root, tmp_path / "backup")


def nothing(backup: Team) -> None:
    shutil.rmtree(backup.workspace.notes)


def as_it_was(backup: Team) -> None:
    assert (backup.workspace.notes / "runs").is_file()


def newer_than_the_ledger(backup: Team) -> None:
    """Of the day after, on which figures were sent again: the backup of the ledger knows nothing of that."""
    later = copy_of(backup.root, backup.root.parent / "later")
    fill(later.issued()["alpha"], {("P1", "TRUST", Q1): {"Numerator": 99}}, name="again.xlsx", saved=at("2026-07-11"))
    later.collate()
    keep_all(later.workspace)
    nothing(backup)
    shutil.copytree(later.workspace.notes, backup.workspace.notes)


def of_another_workspace(backup: Team) -> None:
    other = copy_of(backup.root, backup.root.parent / "other")
    other.change_catalogue(lambda data: data["kpis"][0]["targets"][0].update(target=10))
    other.collate(accepts=True)
    keep_all(other.workspace)
    nothing(backup)
    shutil.copytree(other.workspace.notes, backup.workspace.notes)


def cut_off(backup: Team) -> None:
    for path in backup.workspace.notes.iterdir():
        path.write_bytes(path.read_bytes()[:-50])


def of_other_bytes(backup: Team) -> None:
    path = backup.workspace.notes / "runs"
    path.write_bytes(path.read_bytes().replace(b'"little"', b'"middle"', 1).replace(b'"big"', b'"middle"', 1))


def not_to_be_written(backup: Team) -> None:
    nothing(backup)
    backup.workspace.notes.touch()  # as root, who may write into every folder, we cannot have one that is read-only


NOTES: tuple[Callable[[Team], None], ...] = (
    as_it_was, newer_than_the_ledger, of_another_workspace, cut_off, of_other_bytes, not_to_be_written,
)  # fmt: skip


@pytest.mark.parametrize("notes", NOTES, ids=lambda each: each.__name__)
def test_the_master_and_the_ledger_are_as_without_notes(
    notes: Callable[[Team], None], backup: Team, tmp_path: Path
) -> None:
    plain = copy_of(backup.root, tmp_path / "plain")
    nothing(plain)
    notes(backup)
    for team in (plain, backup):
        team.collate()
    shown, expected = (in_any_order({name: team.sheet(name) for name in TABLES}) for team in (backup, plain))
    assert shown == expected
    assert ("P1", "Red") in {(row["Ref"], row["RAG"]) for row in backup.sheet("tbl_data")}
    assert backup.workspace.ledger(is_read_anew=True).state().figures == plain.state.figures
    assert backup.state.figures == plain.state.figures


def test_runs_of_two_analysts_that_meet_by_a_sync_are_all_there(backup: Team, tmp_path: Path) -> None:
    other = copy_of(backup.root, tmp_path / "of another analyst")
    one, two = (at("2026-07-12"), at("2026-07-11"))
    backup.collate(one)
    keep_all(backup.workspace)
    fill(other.issued()["alpha"], {("P1", "TRUST", Q1): {"Numerator": 99}}, name="again.xlsx", saved=at("2026-07-11"))
    (other.received() / other.issued()["beta"].name).unlink()
    other.collate(two)
    theirs = tree(other.root / "ledger" / "runs")
    for name, data in theirs.items():  # theirs are of the day before, and so stand before ours
        (backup.root / "ledger" / "runs" / name).write_bytes(data)
    state = backup.state
    assert set(theirs) <= {f"{run}.jsonl" for run in state.runs}
    assert state.figures[("P1", "TRUST", Q1)].now.numerator == 99
    assert {owner for owner, _ in state.in_use} == {"alpha", "beta"}
    assert backup.workspace.ledger(is_read_anew=True).state().figures == state.figures


def test_a_cut_off_copy_of_a_kept_run_is_passed_over(backup: Team) -> None:
    before = backup.state
    path = sorted((backup.root / "ledger" / "runs").iterdir())[-1]
    path.with_name(f"{path.stem} (2).jsonl").write_bytes(path.read_bytes()[:200])
    assert backup.state.runs == before.runs
    assert backup.state.figures == before.figures
    backup.collate(COLLATE_DAY)
