"""The lock of a workspace: it says who holds it, lets one in at a time, and no crash makes it a person's business."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from tests.conftest import BY, COLLATE_DAY, Q1, Team, at, fill, tree
from xlperf.errors import WorkspaceError
from xlperf.workflow.cycle.collate import collate
from xlperf.workflow.cycle.generate import generate
from xlperf.workflow.workspace import Workspace, lock
from xlperf.workflow.workspace.holder import Holder, as_text, from_text, this_process
from xlperf.workflow.workspace.lock import locked
from xlperf.workflow.workspace.run import Run

NOW = at("2026-07-10 14:05")


def hold(workspace: Workspace, *, wait: float = 0, tell: Callable[[str], None] = lambda _: None) -> Any:
    return locked(workspace, "collating", Run(NOW, "Bob", tell=tell, wait=wait))


def theirs(workspace: Workspace, beat: int = 0, **changes: Any) -> Holder:
    """Lay somebody else's lock file: of a process that lives, on another machine, unless changed."""
    said = {"by": "ann@ward-pc", "machine": "WARD-PC", "card": "aa:bb:cc:dd:ee:ff", "pid": 77, "born": 1.5}
    holder = Holder(**{"token": "t1", "since": NOW.isoformat(), "doing": "publishing", **said, **changes})
    folder = workspace.lock
    folder.mkdir(exist_ok=True)
    for other in folder.iterdir():
        other.unlink()
    (folder / holder.token).write_bytes(as_text(holder, beat))
    return holder


def lock_file(workspace: Workspace) -> Path:
    """The one file of the lock."""
    (file,) = workspace.lock.iterdir()
    return file


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that goes on only when it is slept; what happens meanwhile is `clock.each_second`."""
    made = SimpleNamespace(now=1000.0, each_second=lambda second: None)

    def sleep(seconds: float) -> None:
        before = made.now
        made.now += seconds
        if int(made.now) != int(before):
            made.each_second(int(made.now - 1000))

    monkeypatch.setattr(lock, "time", SimpleNamespace(monotonic=lambda: made.now, sleep=sleep))
    return made


# ---- one at a time -------------------------------------------------------------------------------------------------


def test_the_lock_says_who_where_since_when_and_what_for_and_goes_with_its_holder(workspace: Workspace) -> None:
    with hold(workspace):
        said = json.loads(lock_file(workspace).read_text(encoding="utf-8"))
        assert (said["by"], said["doing"], said["pid"]) == ("Bob", "collating", os.getpid())
        assert said["since"] == "2026-07-10T14:05:00+00:00"
    assert sorted(path.name for path in workspace.root.iterdir()) == ["kpi_catalogue.yaml", "returns"]


HOLDS_FOR_A_SECOND = """
import sys, time
from pathlib import Path
from xlperf.workflow.workspace.lock import locked
from xlperf.workflow.workspace.run import Run, now
from xlperf.workflow.workspace import Workspace
with locked(Workspace(Path(sys.argv[1])), "issuing returns", Run(now(), "ann@ward-pc")):
    print("has it", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def other_process(workspace: Workspace, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLDS_FOR_A_SECOND, str(workspace.root), str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "has it\n"
    return process


def test_one_who_comes_while_another_works_is_told_and_waits(workspace: Workspace) -> None:
    told: list[str] = []
    with other_process(workspace, 1) as first, hold(workspace, wait=30, tell=told.append):
        assert first.wait(timeout=30) == 0
    assert len(told) == 1
    assert told[0].startswith("waiting for the workspace: ann@ward-pc has been issuing returns on ")


def test_one_who_will_not_wait_is_told_who_it_is_and_what_to_do(workspace: Workspace) -> None:
    with other_process(workspace, 60) as first:
        with pytest.raises(WorkspaceError, match=r"ann@ward-pc has been issuing returns .* wait until that is done"):
            hold(workspace).__enter__()
        first.kill()


def test_the_lock_of_a_killed_process_is_taken_over_at_once_and_that_is_said(workspace: Workspace) -> None:
    told: list[str] = []
    with other_process(workspace, 60) as first:
        first.kill()  # and not even waited for: it is a zombie
        deadline = time.monotonic() + 30
        while psutil.Process(first.pid).status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
            time.sleep(0.01)
        with hold(workspace, tell=told.append):
            assert from_text(lock_file(workspace).read_bytes()) is not None
    assert len(told) == 1
    assert "taken over" in told[0]
    assert "ann@ward-pc has been issuing returns" in told[0]
    assert not workspace.lock.exists()


def test_a_use_case_that_meets_a_holder_changes_nothing(issued_team: Team) -> None:
    theirs(issued_team.workspace, **vars_of(this_process("ann", "publishing", NOW)))
    before = tree(issued_team.root)
    with pytest.raises(WorkspaceError, match="ann has been publishing"):
        collate(issued_team.workspace, Run(COLLATE_DAY, BY, wait=0))
    with pytest.raises(WorkspaceError, match="ann has been publishing"):
        generate(issued_team.workspace, Q1, Run(COLLATE_DAY, BY, wait=0))
    assert tree(issued_team.root) == before


def vars_of(holder: Holder) -> dict[str, Any]:
    return {name: getattr(holder, name) for name in ("by", "machine", "card", "pid", "born")}


STALE_AND_WANTED = """
import os, sys, time
from pathlib import Path
from xlperf.workflow.workspace.lock import locked
from xlperf.workflow.workspace.run import Run, now
from xlperf.workflow.workspace import Workspace
root = Path(sys.argv[1])
inside = root / "inside"
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(sys.argv[2])):
    with locked(Workspace(root), "collating", Run(now(), sys.argv[3], print)):
        os.close(os.open(inside, os.O_CREAT | os.O_EXCL))  # fails where another is inside
        time.sleep(0.005)
        inside.unlink()
"""


def test_of_many_who_find_a_dead_lock_one_at_a_time_has_it(workspace: Workspace) -> None:
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    us = this_process("dead", "collating", NOW)
    theirs(workspace, machine=us.machine, card=us.card, pid=int(gone.stdout))
    command = [sys.executable, "-c", STALE_AND_WANTED, str(workspace.root), "10"]
    all_ = [
        subprocess.Popen([*command, f"p{n}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for n in range(4)
    ]
    for each in all_:
        assert each.stdout
        assert each.stdout.readline() == "ready\n"
    for each in all_:  # the barrier
        assert each.stdin
        each.stdin.write("go\n")
        each.stdin.flush()
    said = [each.communicate(timeout=120)[0] for each in all_]
    assert [each.returncode for each in all_] == [0, 0, 0, 0]
    assert "".join(said).count("taken over") == 1
    assert sorted(path.name for path in workspace.root.iterdir()) == ["kpi_catalogue.yaml", "returns"]


# ---- another machine -----------------------------------------------------------------------------------------------


def test_another_machines_lock_goes_stale_after_a_minute_of_silence_by_our_clock(
    workspace: Workspace, clock: SimpleNamespace
) -> None:
    theirs(workspace, since="2031-01-01T00:00:00+14:00")  # its clock and time zone make no difference
    told: list[str] = []
    with hold(workspace, tell=told.append):
        assert 60 <= clock.now - 1000 < 62
    assert "taken over" in told[-1]


def test_another_machine_that_gives_signs_of_life_keeps_its_lock(workspace: Workspace, clock: SimpleNamespace) -> None:
    def beat(second: int) -> None:
        if second % 5 == 0:
            theirs(workspace, beat=second)

    theirs(workspace)
    clock.each_second = beat
    with pytest.raises(WorkspaceError, match="ann@ward-pc has been publishing on WARD-PC since 14:05 on 10 July 2026"):
        hold(workspace, wait=60).__enter__()
    assert 60 <= clock.now - 1000 < 62
    assert from_text(lock_file(workspace).read_bytes()) is not None


def test_a_click_learns_within_seconds_that_another_machine_lives(workspace: Workspace, clock: SimpleNamespace) -> None:
    theirs(workspace)
    clock.each_second = lambda second: theirs(workspace, beat=second) if second == 4 else None
    with pytest.raises(WorkspaceError, match="WARD-PC"):
        hold(workspace, wait=0).__enter__()
    assert clock.now - 1000 < 6


def test_a_last_sign_of_life_begins_the_minute_anew(workspace: Workspace, clock: SimpleNamespace) -> None:
    theirs(workspace)
    clock.each_second = lambda second: theirs(workspace, beat=second) if second == 40 else None
    with hold(workspace, wait=60):
        assert 100 <= clock.now - 1000 < 102


def test_a_process_that_has_the_number_of_the_dead_one_does_not_keep_its_lock(
    workspace: Workspace, clock: SimpleNamespace
) -> None:
    us = this_process("ann", "collating", NOW)
    theirs(workspace, machine=us.machine, card=us.card, pid=us.pid, born=us.born - 1000)
    with hold(workspace):
        assert 60 <= clock.now - 1000 < 62


@pytest.mark.parametrize(
    "left",
    [b"", b"\0\0\0\0", b"{", b"[]", b"null", b'{"token": "t"}', b"PK\x03\x04", b"1" * 100_000, b'{"since": "x"}'],
)
def test_a_lock_file_that_says_nothing_is_taken_over_after_a_minute(
    left: bytes, workspace: Workspace, clock: SimpleNamespace
) -> None:
    workspace.lock.mkdir()
    (workspace.lock / "t1").write_bytes(left)
    with hold(workspace):
        assert 60 <= clock.now - 1000 < 62


@pytest.mark.parametrize("damage", [(b'"pid": ', b'"pid": -'), (b'"pid": ', b'"pid": 1e99'), (b"{", b"[" * 100_000)])
def test_a_damaged_lock_file_is_taken_over_after_a_minute(
    damage: tuple[bytes, bytes], workspace: Workspace, clock: SimpleNamespace
) -> None:
    workspace.lock.mkdir()
    (workspace.lock / "t1").write_bytes(as_text(this_process("ann", "x", NOW), 0).replace(*damage, 1))
    with hold(workspace):
        assert 60 <= clock.now - 1000 < 62


def test_an_empty_lock_is_nobodys(workspace: Workspace, clock: SimpleNamespace) -> None:
    workspace.lock.mkdir()
    with hold(workspace):
        assert clock.now == 1000


@pytest.mark.parametrize("inside", ["", "folder", "folder/file"])
def test_what_is_not_from_here_is_put_out_of_the_way_after_a_minute(
    inside: str, workspace: Workspace, clock: SimpleNamespace
) -> None:
    path = workspace.lock / inside
    path.parent.mkdir(parents=True, exist_ok=True)
    if inside == "folder":
        path.mkdir()
    else:
        path.write_bytes(b"a person's")
    with hold(workspace):
        assert 60 <= clock.now - 1000 < 62


def test_another_machines_lock_that_a_syncing_service_brings_beside_ours_harms_neither(
    workspace: Workspace,
) -> None:
    with hold(workspace) as ours:
        (workspace.lock / "t1").write_bytes(as_text(this_process("ann", "publishing", NOW), 0))
        ours.must_be_ours()
    assert lock_file(workspace).name == "t1"


def test_the_holder_gives_signs_of_life(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_BEAT", 0.01)
    with hold(workspace):
        first = lock_file(workspace).read_bytes()
        deadline = time.monotonic() + 30
        while lock_file(workspace).read_bytes() == first and time.monotonic() < deadline:
            time.sleep(0.01)
        later = lock_file(workspace).read_bytes()
        assert later != first
        assert from_text(later) == from_text(first)


# ---- asleep, and awake again ---------------------------------------------------------------------------------------


def test_a_collation_that_slept_while_another_took_over_leaves_the_master_and_loses_nothing(team: Team) -> None:
    team.issue()
    team.collate()
    before = team.workspace.master.read_bytes()
    fill(team.issued()["alpha"])

    def sleep(done: int, total: int, name: str) -> None:
        theirs(team.workspace)

    with pytest.raises(WorkspaceError, match=r"taken over: ann@ward-pc has been publishing.* try again"):
        collate(team.workspace, Run(COLLATE_DAY, BY, progress=sleep))
    assert team.workspace.master.read_bytes() == before
    assert from_text(lock_file(team.workspace).read_bytes()) == theirs(team.workspace)
    shutil.rmtree(team.workspace.lock)
    team.collate()
    assert team.state.now[("V1", "TRUST", Q1)].actual == 92
    assert team.workspace.master.read_bytes() != before


def test_a_generate_that_slept_issues_nothing(team: Team) -> None:
    def sleep(done: int, total: int, name: str) -> None:
        theirs(team.workspace)

    with pytest.raises(WorkspaceError, match="taken over"):
        generate(team.workspace, Q1, Run(NOW, BY, progress=sleep))
    assert team.state.issued == {}
    assert not [path for path in (team.root / "returns").rglob("*") if path.is_file()]


def test_signs_of_life_are_never_written_into_somebody_elses_lock(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "_BEAT", 0.001)
    with hold(workspace):
        theirs(workspace)
        before = lock_file(workspace).read_bytes()
        time.sleep(0.1)
        assert lock_file(workspace).read_bytes() == before
    assert lock_file(workspace).read_bytes() == before


# ---- shares --------------------------------------------------------------------------------------------------------


def test_where_nothing_can_be_written_that_is_said(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(WorkspaceError, match=r"xlperf\.lock: cannot be made \(Read-only file system\).*may you write"):
        hold(workspace).__enter__()
    assert sorted(path.name for path in workspace.root.iterdir()) == ["kpi_catalogue.yaml", "returns"]


def test_a_lock_that_cannot_be_removed_is_in_the_end_a_persons_business(
    workspace: Workspace, clock: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EACCES, "Permission denied")

    theirs(workspace)
    monkeypatch.setattr(os, "unlink", refuse)
    with pytest.raises(WorkspaceError, match="cannot be removed; delete it by hand"):
        hold(workspace).__enter__()


# ---- what a crash has left -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [".", "ledger/runs", "ledger/originals", "backups", f"returns/{Q1}/issued"])
def test_what_a_dead_process_left_half_written_goes_and_what_another_may_be_writing_stays(
    place: str, issued_team: Team
) -> None:
    folder = issued_team.root / place
    folder.mkdir(parents=True, exist_ok=True)
    gone = subprocess.run([sys.executable, "-c", FORGETS], cwd=folder, capture_output=True, check=True, text=True)
    dead, elsewhere, old = folder / gone.stdout.strip(), *(folder / f".xlperf-00000000-7-{n * 12}.part" for n in "ab")
    for path in (elsewhere, old):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    assert dead.exists()
    with hold(issued_team.workspace):
        assert (dead.exists(), elsewhere.exists(), old.exists()) == (False, True, False)


FORGETS = """
from pathlib import Path
from xlperf.durable import PART, hidden_name
path = Path(hidden_name(PART))
path.write_bytes(b"half")
print(path)
"""


def test_what_lies_in_a_received_folder_is_never_touched(issued_team: Team) -> None:
    mine = issued_team.received() / ".xlperf-00000000-7-aaaaaaaaaaaa.part"
    mine.write_bytes(b"half")
    os.utime(mine, (1, 1))
    issued_team.collate()
    assert mine.read_bytes() == b"half"
