"""A collation with nothing new says what the last one said, touches nothing, and misses nothing that has changed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import Q1, Q2, Q4, Team, at, copy_of, fill, new_team, tree
from xlperf.cli import main
from xlperf.durable import MAKING, hidden_name
from xlperf.report import layout
from xlperf.workflow.cycle.unchanged import answer_again
from xlperf.workflow.workspace import CATALOGUE, Workspace
from xlperf.workflow.workspace.lock import locked
from xlperf.workflow.workspace.run import Run, now

Collate = Callable[..., tuple[int, str]]


@pytest.fixture
def collate(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Collate:
    """`xlperf collate` of a workspace, in this process: its exit code, and what it prints."""

    def run(team: Team, *options: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["xlperf", "collate", "--workspace", str(team.root), *options])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main()
        return int(stop.value.code or 0), capsys.readouterr().out

    return run


@pytest.fixture(scope="module")
def _returned_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """V1 is Red for the second time; beta has not signed off; two more files lie beside the returns."""
    team = new_team(tmp_path_factory.mktemp("unchanged") / "workspace")
    red = {period: {("V1", "TRUST", period): {"Actual": 50}} for period in (Q4, Q1)}
    fill(team.issue(Q4, now=at("2026-04-01"))["alpha"], red[Q4], saved=at("2026-04-01"))
    team.collate(at("2026-04-01"))
    issued = team.issue(Q1, now=at("2026-07-01"))
    fill(issued["alpha"], red[Q1], name="alpha.xlsx")
    fill(issued["beta"], name="beta.xlsx", signed=False)
    (team.received() / "no return.xlsx").write_bytes(b"no workbook, but a file whose name says so")
    (team.received() / "note.txt").write_text("from the team", encoding="utf-8")
    team.workspace.master.unlink()
    return team.root


@pytest.fixture
def returned(_returned_once: Path, tmp_path: Path) -> Team:
    return copy_of(_returned_once, tmp_path / "workspace")


def is_nothing_new(team: Team, days_later: int = 0) -> bool:
    return answer_again(team.workspace, None, now().date() + timedelta(days_later)) is not None


def shown(team: Team) -> dict[str, list[dict[str, str]]]:
    """What the master shows, but for the minute in which it was made."""
    tables = {name: team.sheet(name) for name in team.master.table_names()}
    for name, header in (("tbl_about", "Item"), ("tbl_contents", "What")):
        tables[name] = [row for row in tables[name] if row[header] != "Produced"]
    return tables


def test_no_file_is_touched_and_what_still_stands_is_said_again(returned: Team, collate: Collate) -> None:
    code, _ = collate(returned)
    before = {path: path.stat().st_mtime_ns for path in returned.root.rglob("*")}
    again = collate(returned)
    assert {path: path.stat().st_mtime_ns for path in returned.root.rglob("*")} == before
    assert code == again[0] == 1
    assert "Nothing new." in again[1]
    assert "no return.xlsx: Rejected" in again[1]
    assert "Ignored: note.txt" in again[1]
    assert not returned.workspace.backups.exists()


@pytest.mark.parametrize("options", [(), ("--json",), ("--period", Q1)])
def test_a_whole_collation_says_and_leaves_the_same(
    returned: Team, collate: Collate, tmp_path: Path, options: tuple[str, ...]
) -> None:
    collate(returned, *options)
    ledger, master = tree(returned.root / "ledger"), shown(returned)
    quickly = collate(returned, *options)
    assert not returned.workspace.backups.exists(), "this one was not quick"
    whole = collate(returned, *options, "--again")
    assert quickly == whole
    assert returned.workspace.backups.exists()
    assert (tree(returned.root / "ledger"), shown(returned)) == (ledger, master)


def test_what_is_said_names_the_workspace_as_it_was_named_now(
    returned: Team, collate: Collate, monkeypatch: pytest.MonkeyPatch
) -> None:
    collate(returned)
    monkeypatch.chdir(returned.root)
    _, printed = collate(Team(Workspace(Path())))
    assert f"Master: {Path('master.xlsx')}\n" in printed


def _decide(team: Team) -> None:
    team.type_in_master(layout.ESCALATION, "V1", {layout.TYPED_COLUMNS[-1]: "to be looked at in August"})


def _replace_file(team: Team) -> None:
    """With as many bytes, and the time of the file before."""
    path = team.received() / "alpha.xlsx"
    was = path.stat()
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def _copy_master(team: Team) -> None:
    copy = team.root / "master (Ann's conflicted copy).xlsx"
    copy.write_bytes(team.workspace.master.read_bytes())


def _restore(team: Team) -> None:
    team.workspace.master.write_bytes(team.workspace.template("master.xlsx").read_bytes())


def _restyle(team: Team) -> None:
    (team.root / "workbook_templates").mkdir()
    (team.root / "workbook_templates" / "master.xlsx").write_bytes(team.workspace.template("master.xlsx").read_bytes())


def _be_killed(team: Team) -> None:
    (team.root / "returns" / Q1 / "issued" / hidden_name(MAKING)).mkdir()


def _comment(team: Team) -> None:
    with (team.root / CATALOGUE).open("a", encoding="utf-8") as file:
        file.write("# looked through in July\n")


def _damage_run(team: Team) -> None:
    path = min((team.root / "ledger" / "runs").iterdir())
    path.write_bytes(path.read_bytes()[:-10])


def _damage_note(team: Team) -> None:
    note = team.workspace.notes / "collated.json"
    note.write_bytes(note.read_bytes()[:-10])


CHANGES: dict[str, Callable[[Team], object]] = {
    "a decision typed into the master": _decide,
    "a file replaced by one of the same size and time": _replace_file,
    "a file that came in": lambda team: (team.received() / "new.xlsx").write_bytes(b"new"),
    "a file that is gone": lambda team: (team.received() / "note.txt").unlink(),
    "a folder of another period": lambda team: (team.root / "returns" / "2027-28-Q1" / "issued").mkdir(parents=True),
    "the catalogue": _comment,
    "the settings": lambda team: (team.root / "workspace.yaml").write_text("backups: {newest: 2}\n", encoding="utf-8"),
    "the template of the master": _restyle,
    "a conflict copy of the master": _copy_master,
    "another master, as from a backup": _restore,
    "no master": lambda team: team.workspace.master.unlink(),
    "a run of the ledger, as of another machine": lambda team: team.issue(again=True),
    "a run that is damaged": _damage_run,
    "what a killed run has left": _be_killed,
    "a note that is cut off": _damage_note,
    "no note": lambda team: (team.workspace.notes / "collated.json").unlink(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_noticed(change: str, returned: Team, collate: Collate) -> None:
    collate(returned)
    assert is_nothing_new(returned)
    CHANGES[change](returned)
    assert not is_nothing_new(returned)


def test_another_day_another_period_or_somebody_at_work_is_noticed(returned: Team, collate: Collate) -> None:
    collate(returned)
    assert not is_nothing_new(returned, days_later=1)
    assert answer_again(returned.workspace, Q1, now().date()) is None
    with locked(returned.workspace, "publishing", Run(now(), "ann@here")):
        assert not is_nothing_new(returned)
    assert is_nothing_new(returned)


def test_what_is_said_once_is_not_taken_for_settled(returned: Team, collate: Collate) -> None:
    """A decision is recorded by the next collation, and only the one after that has nothing new."""
    collate(returned)
    _decide(returned)
    assert "1 new record in the ledger." in collate(returned)[1]
    assert "Nothing new." in collate(returned)[1]
    assert is_nothing_new(returned)


def test_a_received_folder_that_has_gone_is_noticed_though_nothing_lay_in_it(returned: Team, collate: Collate) -> None:
    """As where the share with the last period is not connected: nothing can be said of what came back."""
    returned.issue(Q2, now=at("2026-10-01"))
    assert "0 of 2 returns received" in collate(returned)[1]
    assert is_nothing_new(returned)
    shutil.rmtree(returned.root / "returns" / Q2)
    assert collate(returned)[0] == 3


def test_a_file_that_could_not_be_read_is_tried_again(returned: Team, collate: Collate) -> None:
    (returned.received() / "being copied.xlsx").write_bytes(b"")
    assert "being copied.xlsx: Rejected" in collate(returned)[1]
    assert not is_nothing_new(returned)


def test_where_no_note_can_be_left_a_collation_is_what_it_is(returned: Team, collate: Collate) -> None:
    shutil.rmtree(returned.workspace.notes)
    returned.workspace.notes.write_bytes(b"a file where the folder should be")
    first = collate(returned)
    again = collate(returned)
    assert first[0] == again[0] == 1
    assert returned.workspace.backups.exists()


def test_the_note_is_good_for_a_workspace_that_was_copied_with_all_that_it_is_of(
    returned: Team, collate: Collate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(returned.root)
    collate(Team(Workspace(Path())))
    copy = copy_of(returned.root, tmp_path / "copy")
    monkeypatch.chdir(copy.root)
    assert is_nothing_new(Team(Workspace(Path())))
