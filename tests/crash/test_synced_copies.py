"""Two copies of a workspace behind a syncing service: collated apart, then brought together as such a service does."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Q1, Team, at, fill, filled
from tests.crash.looks import look
from xlperf.errors import WorkspaceError
from xlperf.ledger import state_of
from xlperf.ledger.runfile import seal
from xlperf.workflow.cycle.generate import generate
from xlperf.workflow.integrity.verify import verify
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Run

V1, G1 = ("V1", "TRUST", Q1), ("G1", "TRUST", Q1)


def copy_of(team: Team, place: Path) -> Team:
    shutil.copytree(team.root, place)
    return Team(Workspace(place))


def sync(one: Team, other: Team, name: str) -> None:
    """Bring what `one` has to `other`; a file that differs comes beside the other's, under a name for copies."""
    for path in sorted(one.root.rglob("*")):
        target = other.root / path.relative_to(one.root)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        elif not target.exists():
            shutil.copy2(path, target)
        elif path.read_bytes() != target.read_bytes() and "backups" not in path.parts:
            shutil.copy2(path, target.with_stem(f"{target.stem}{name}"))


def what_counts(team: Team) -> dict[str, Any]:
    """State and figures; the master too, but for the runs it names and the findings about copies of it."""
    seen = look(team.workspace)
    return {part: seen[part] for part in ("issued", "received", "figures", "decisions")}


@pytest.mark.parametrize("name", ["-WARD-PC", " (Ann's conflicted copy 2026-07-11)", " (1)"])
def test_copies_collated_apart_come_to_the_same_whichever_way_they_are_synced(
    name: str, issued_team: Team, tmp_path: Path
) -> None:
    fill(issued_team.issued()["alpha"], {V1: {"Actual": 80}})
    issued_team.collate(at("2026-07-09"))
    ward, office = copy_of(issued_team, tmp_path / "ward"), copy_of(issued_team, tmp_path / "office")
    fill(ward.issued()["alpha"], {V1: {"Actual": 91}}, name="alpha again.xlsx", saved=at("2026-07-10"))
    (ward.received() / "junk.xlsx").write_bytes(b"junk")
    fill(office.issued()["beta"], {G1: {"Actual": 77}})
    ward.collate(at("2026-07-11 09:00"))
    office.collate(at("2026-07-11 08:59"))
    there, here = copy_of(ward, tmp_path / "ward then office"), copy_of(office, tmp_path / "office then ward")
    sync(office, there, name)
    sync(ward, here, name)
    assert what_counts(there) == what_counts(here)
    done = [team.collate(at("2026-07-12")) for team in (there, here)]
    assert [each.rejected[0].file for each in done] == ["junk.xlsx", "junk.xlsx"]
    assert what_counts(there) == what_counts(here)
    assert there.sheet("tbl_dashboard") == here.sheet("tbl_dashboard")
    figures = there.state.now
    assert (figures[V1].actual, figures[G1].actual) == (91, 77)


def test_both_copies_together_say_what_one_workspace_would(issued_team: Team, tmp_path: Path) -> None:
    alone = copy_of(issued_team, tmp_path / "alone")
    one, other = copy_of(issued_team, tmp_path / "one"), copy_of(issued_team, tmp_path / "other")
    alpha = filled(issued_team.issued()["alpha"], {V1: {"Actual": 80}})
    beta = filled(issued_team.issued()["beta"], {G1: {"Actual": 77}})
    for team, sent in ((alone, {"a.xlsx": alpha, "b.xlsx": beta}), (one, {"a.xlsx": alpha}), (other, {"b.xlsx": beta})):
        for file, data in sent.items():
            (team.received() / file).write_bytes(data)
        team.collate()
    sync(other, one, "-OTHER")
    one.collate()
    assert what_counts(one) == what_counts(alone)
    assert one.sheet("tbl_dashboard") == alone.sheet("tbl_dashboard")
    assert sorted(one.sheet("tbl_returns"), key=repr) == sorted(alone.sheet("tbl_returns"), key=repr)


def test_a_run_that_came_twice_under_two_names_counts_once(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"])
    issued_team.collate()
    before = what_counts(issued_team)
    for run in sorted((issued_team.root / "ledger" / "runs").glob("*.jsonl")):
        shutil.copy2(run, run.with_stem(f"{run.stem} (Ann's conflicted copy)"))
    assert what_counts(issued_team) == before
    assert issued_team.collate().new_records == 0


@pytest.mark.parametrize("copy", ["another", "cut off", "empty"])
def test_a_copy_beside_a_run_that_is_whole_stops_nothing_and_is_named_by_verify(copy: str, issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"])
    issued_team.collate()
    path = max((issued_team.root / "ledger" / "runs").glob("*.jsonl"))
    data = path.read_bytes()
    head, *records, _ = map(json.loads, data.decode().splitlines())
    other = {"another": seal([head | {"by": "somebody else"}, *records]), "cut off": data[:300], "empty": b""}[copy]
    beside = path.with_name(f"{path.stem} (Ann's conflicted copy).jsonl")
    beside.write_bytes(other)
    before = state_of(issued_team.workspace.ledger().runs())
    assert issued_team.collate().new_records == 0
    assert issued_team.state == before
    findings = verify(issued_team.workspace).findings
    assert any(beside.name in str(item.location) for item in findings), findings
    beside.unlink()
    assert verify(issued_team.workspace).is_clean


def test_returns_issued_on_two_copies_at_once_both_count_and_none_is_lost(issued_team: Team, tmp_path: Path) -> None:
    one, other = copy_of(issued_team, tmp_path / "one"), copy_of(issued_team, tmp_path / "other")
    mine, theirs = one.issue(now=at("2026-07-02")), other.issue(now=at("2026-07-02"))
    names = {path.name for path in mine.values()}
    assert names == {path.name for path in theirs.values()}
    sync(other, one, "-OTHER")
    visible = sorted((one.root / "returns" / Q1 / "issued").glob("*.xlsx"))
    assert len(visible) == 4
    for index, path in enumerate(visible):
        fill(path, name=f"{index}.xlsx")
    assert [received.is_accepted for _, received in one.collate().judged] == [True] * 4


def test_returns_issued_elsewhere_that_arrive_while_ours_are_made_stop_ours(team: Team, tmp_path: Path) -> None:
    other = copy_of(team, tmp_path / "other")
    other.issue()

    def arrive(done: int, total: int, name: str) -> None:
        sync(other, team, "-OTHER")

    with pytest.raises(WorkspaceError, match=r"somebody else issued returns at the same time.*run it again"):
        generate(team.workspace, Q1, Run(at("2026-07-01"), "Bob", progress=arrive))
    assert team.state == other.state
    assert sorted(team.issued().values()) == sorted((team.root / "returns" / Q1 / "issued").glob("*.xlsx"))
