"""Between two steps of a run: somebody saves the master, interrupts, has a file open, or changes what was published."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import BY, COLLATE_DAY, Q1, Team, at, copy_of, fill, tree
from xlperf import durable
from xlperf.errors import WorkspaceError
from xlperf.ledger import Decision
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.collate import collate
from xlperf.workflow.cycle.generate import generate
from xlperf.workflow.cycle.publish import publish
from xlperf.workflow.integrity.verify import verify
from xlperf.workflow.workspace.run import Run

V1 = ("V1", "TRUST")
DECISION: Mapping[str, CellValue] = {
    "Decided stage": "Enhanced",
    "Decided by": "Chief Executive",
    "Decided on": date(2026, 7, 9),
}


@pytest.fixture(scope="module")
def _collated_once(tmp_path_factory: pytest.TempPathFactory, _issued_once: Path) -> Path:
    team = copy_of(_issued_once, tmp_path_factory.mktemp("collated") / "workspace")
    fill(team.issued()["alpha"], {(*V1, Q1): {"Actual": 60}})
    team.collate(at("2026-07-09"))
    fill(team.issued()["beta"])
    return team.root


@pytest.fixture
def collated(tmp_path: Path, _collated_once: Path) -> Team:
    return copy_of(_collated_once, tmp_path / "issued workspace")


def decide(team: Team, **changes: CellValue) -> None:
    """Play a person: type a decision into the master, and save it."""
    book = team.master
    book.write_table("tbl_escalation", [{"Ref": "V1", "Org": "TRUST", **DECISION, **changes}])
    book.save(team.workspace.master)


# ---- somebody saves the master -------------------------------------------------------------------------------------


def test_a_decision_saved_into_the_master_while_it_is_collated_is_read_and_stays(collated: Team) -> None:
    def save(done: int, total: int, name: str) -> None:
        if V1 not in typed:
            decide(collated)
            typed.append(V1)

    typed: list[tuple[str, str]] = []
    done = collate(collated.workspace, Run(COLLATE_DAY, BY, progress=save))
    assert typed
    assert (done.written.path, done.written.pending) == (collated.workspace.master, "")
    assert collated.state.decision_in_force[V1].cells == ("Enhanced", "Chief Executive", "2026-07-09", "")
    (row,) = [row for row in collated.sheet("tbl_escalation") if row["Ref"] == "V1"]
    assert (row["Decided stage"], row["Decided by"]) == ("Enhanced", "Chief Executive")
    assert collated.state.figures[("G1", "TRUST", Q1)].now.actual == -20


def test_somebody_who_saves_again_and_again_keeps_the_master_and_the_news_lie_beside_it(
    collated: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages, fsync = iter(f"Stage {n}" for n in range(100)), os.fsync

    def save_meanwhile(file: int) -> None:
        """A person is quicker than any run: they save whenever a new master is on its way to the disk."""
        fsync(file)
        path = os.readlink(f"/proc/self/fd/{file}")
        if is_on[0] and path.endswith(".part") and Path(path).parent == collated.root:
            is_on[0] = False
            decide(collated, **{"Decided stage": next(stages)})
            is_on[0] = True

    is_on = [False]
    monkeypatch.setattr(os, "fsync", save_meanwhile)

    def begin(done: int, total: int, name: str) -> None:
        is_on[0] = True

    done = collate(collated.workspace, Run(COLLATE_DAY, BY, progress=begin))
    is_on[0] = False
    assert done.written.path.name == "master (pending 2026-07-10 090000).xlsx"
    assert "somebody saves master.xlsx again and again" in done.written.pending
    (row,) = [row for row in collated.sheet("tbl_escalation") if row["Ref"] == "V1"]
    last = row["Decided stage"]
    assert last.startswith("Stage ")
    monkeypatch.undo()
    collated.collate(at("2026-07-10 10:00"))
    assert collated.state.decision_in_force[V1].stage == last


def test_a_master_deleted_while_it_is_collated_is_made_again(collated: Team) -> None:
    decide(collated)
    collate(
        collated.workspace, Run(COLLATE_DAY, BY, progress=lambda *_: collated.workspace.master.unlink(missing_ok=True))
    )
    assert collated.state.decision_in_force[V1].stage == "Enhanced"
    (row,) = [row for row in collated.sheet("tbl_escalation") if row["Ref"] == "V1"]
    assert row["Decided stage"] == "Enhanced"


def test_a_scanner_that_holds_a_file_for_a_moment_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where a file that is open cannot be replaced."""
    replace, held = os.replace, iter((True, True, False))

    def replace_unless_held(source: Any, target: Any) -> None:
        if next(held):
            raise PermissionError(13, "Access is denied")
        replace(source, target)

    monkeypatch.setattr(durable, "IS_WINDOWS", True)
    monkeypatch.setattr(os, "replace", replace_unless_held)
    (tmp_path / "master.xlsx").write_bytes(b"old")
    durable.replace_file(tmp_path / "master.xlsx", b"new")
    assert tree(tmp_path) == {"master.xlsx": b"new"}


@pytest.mark.skipif(os.name == "nt", reason="a link needs a privilege there")
def test_a_master_that_is_a_link_stays_one_and_what_it_stands_for_is_brought_up_to_date(collated: Team) -> None:
    master, shared = collated.workspace.master, collated.root.parent / "shared.xlsx"
    before = master.rename(shared).read_bytes()
    master.symlink_to(shared)
    fill(collated.issued()["beta"])
    collated.collate()
    assert master.is_symlink()
    assert shared.read_bytes() != before
    assert len(list(collated.root.parent.glob(".xlperf-*"))) == 0


def test_a_share_without_links_is_written_to_all_the_same(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    fill(team.issue()["alpha"])
    team.issue(now=at("2026-07-02"))
    for _ in range(2):
        team.collate()
    assert not list(team.root.rglob(".xlperf-*"))
    assert all(path.exists() and path.with_suffix(".eml").exists() for path in team.issued().values())
    assert len(list(team.workspace.backups.iterdir())) == 1
    assert verify(team.workspace).is_clean
    with pytest.raises(FileExistsError):
        durable.write_new(team.workspace.master, b"other")


def test_a_crash_on_a_share_without_links_leaves_no_damaged_run(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    def die(*_: object, **__: object) -> None:
        raise Killed

    team.issue()
    before = team.state
    with monkeypatch.context() as patch:
        patch.setattr(os, "link", refuse)
        patch.setattr(os, "replace", die)
        patch.setattr(durable, "_unlink", lambda path: None)  # the dead tidy nothing away
        with pytest.raises(Killed):
            team.workspace.ledger().append("collate", [Decision(*V1, "Enhanced")], at=COLLATE_DAY, by=BY)
    assert team.state == before
    team.collate()
    assert verify(team.workspace).is_clean


# ---- somebody interrupts -------------------------------------------------------------------------------------------


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_generate_interrupted_leaves_nothing(team: Team) -> None:
    before = tree(team.root)
    with pytest.raises(KeyboardInterrupt):
        generate(team.workspace, Q1, Run(COLLATE_DAY, BY, progress=interrupt))
    assert tree(team.root) == before
    assert not list(team.root.rglob(".xlperf-*"))


def test_a_collation_interrupted_leaves_the_master_and_the_next_has_everything(collated: Team) -> None:
    decide(collated)
    before = tree(collated.root)
    with pytest.raises(KeyboardInterrupt):
        collate(collated.workspace, Run(COLLATE_DAY, BY, progress=interrupt))
    after = tree(collated.root)
    assert {name: after.get(name) for name in before} == before
    assert "xlperf.lock" not in after
    collated.collate()
    assert collated.state.decision_in_force[V1].stage == "Enhanced"
    assert collated.state.figures[("G1", "TRUST", Q1)].now.actual == -20


# ---- recorded, and not yet in its place ----------------------------------------------------------------------------


def refuse_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    """From when the ledger has the run, nothing can be moved to where people look, as when the share goes away."""
    link = os.link

    def gone(source: Any, target: Any, **how: Any) -> None:
        if ".making" in str(source):
            raise OSError(5, "Input/output error")
        link(source, target, **how)

    monkeypatch.setattr(os, "link", gone)


def test_returns_that_could_not_be_moved_are_put_in_place_by_whatever_is_run_next(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        refuse_moves(patch)
        with pytest.raises(WorkspaceError, match=r"issued, but could not be moved.*run it again"):
            team.issue()
        assert list(team.state.issued)
        assert not list((team.root / "returns" / Q1 / "issued").glob("*.xlsx"))
    team.collate()
    assert all(path.exists() and path.with_suffix(".eml").exists() for path in team.issued().values())
    assert not list(team.root.rglob(".xlperf-*"))


def test_generate_after_a_broken_one_finishes_that_and_issues_no_second_time(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        refuse_moves(patch)
        with pytest.raises(WorkspaceError, match="run it again"):
            team.issue()
    told: list[str] = []
    done = generate(team.workspace, Q1, Run(COLLATE_DAY, BY, tell=told.append))
    assert sorted(done.files) == sorted(team.issued().values())
    assert len(team.state.issued) == 2
    assert "earlier run" in told[0]


def test_nothing_is_thrown_away_because_the_ledger_seems_to_have_gone(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        refuse_moves(patch)
        with pytest.raises(WorkspaceError, match="run it again"):
            team.issue()
    away = team.root.with_name("ledger of the share")
    (team.root / "ledger").rename(away)
    team.collate()
    assert len(list(team.root.rglob("*.making/*.xlsx"))) == 2
    away.rename(team.root / "ledger")
    team.collate()
    assert all(path.exists() for path in team.issued().values())


# ---- what was published --------------------------------------------------------------------------------------------


def test_an_edition_that_somebody_saved_is_named_and_the_next_is_made_beside_it(collated: Team) -> None:
    collated.collate()
    first = publish(collated.workspace, Q1, Run(at("2026-07-24"), BY)).workbook
    assert verify(collated.workspace).is_clean
    first.write_bytes(first.read_bytes() + b"\0")
    changed = first.read_bytes()
    found = verify(collated.workspace)
    assert not found.is_clean
    assert [(item.code, item.location.file) for item in found.findings if item.code[0] == "W"] == [("W001", first.name)]
    second = publish(collated.workspace, Q1, Run(at("2026-07-25"), BY)).workbook
    assert first.read_bytes() == changed
    assert second.exists()


def test_an_edition_moved_to_an_archive_is_noted_and_no_fault(collated: Team) -> None:
    collated.collate()
    publish(collated.workspace, Q1, Run(at("2026-07-24"), BY)).workbook.unlink()
    found = verify(collated.workspace)
    assert [item.code for item in found.findings if item.code[0] == "W"] == ["W002"]
    assert found.is_clean


def test_publish_after_a_broken_one_finishes_that_edition(collated: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    collated.collate()
    with monkeypatch.context() as patch:
        refuse_moves(patch)
        with pytest.raises(WorkspaceError, match="recorded, and cannot be moved"):
            publish(collated.workspace, Q1, Run(at("2026-07-24"), BY))
    told: list[str] = []
    done = publish(collated.workspace, Q1, Run(at("2026-07-25"), BY, tell=told.append))
    assert done.workbook.name == f"{Q1} edition 2026-07-24 090000.xlsx"
    assert done.workbook.exists()
    assert len(collated.state.editions) == 1
    assert "earlier run" in told[0]
