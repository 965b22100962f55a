"""`xlperf ledger …` and `--ledger`: exit codes, words, and a whole cycle kept in PostgreSQL."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Q1, Team, at, copy_of, fill, tree
from tests.ledger.server import PASSWORD, Server
from tests.test_cli import Run, plain, xlperf
from xlperf.ledger import FolderLedger, open_ledger
from xlperf.workflow.cycle.demo import demo
from xlperf.workflow.integrity.verify import verify
from xlperf.workflow.workspace import Workspace

__all__ = ["xlperf"]


@pytest.fixture(scope="module")
def _collated_once(tmp_path_factory: pytest.TempPathFactory, _issued_once: Path) -> Path:
    team = copy_of(_issued_once, tmp_path_factory.mktemp("collated") / "workspace")
    fill(team.issued()["alpha"])
    team.collate()
    return team.root


@pytest.fixture
def collated(tmp_path: Path, _collated_once: Path) -> Team:
    return copy_of(_collated_once, tmp_path / "issued workspace")


def test_verify_says_what_it_compared_and_ends_with_0(collated: Team, xlperf: Run) -> None:
    said = xlperf("ledger", "verify", "--workspace", collated.root)
    assert said.code == 0
    assert "2 runs and 2 originals are whole; 1 returns and 0 imports were read again" in said.out
    assert "Nothing is wrong." in said.out
    found = json.loads(xlperf("ledger", "verify", "--workspace", collated.root, "--json").out)
    assert (found["clean"], found["runs"], found["returns"], found["findings"]) == (True, 2, 1, [])


def test_verify_names_what_is_damaged_and_ends_with_1(collated: Team, xlperf: Run) -> None:
    path = next((collated.root / "ledger" / "originals").glob("*.xlsx"))
    path.write_bytes(path.read_bytes()[:-1])
    said = xlperf("ledger", "verify", "--workspace", collated.root)
    assert said.code == 1
    assert path.name in said.out
    assert "A good copy of it is" in said.out
    found = json.loads(xlperf("ledger", "verify", "--workspace", collated.root, "--json").out)
    assert (found["clean"], found["findings"][0]["code"]) == (False, "V005")


def test_verify_that_cannot_ends_with_3(collated: Team, xlperf: Run) -> None:
    runs = collated.root / "ledger" / "runs"
    shutil.rmtree(runs)
    runs.write_text("no folder")
    said = xlperf("ledger", "verify", "--workspace", collated.root)
    assert said.code == 3
    plain(said, "share connected")


def test_rebuild_says_where_the_old_master_is(collated: Team, xlperf: Run) -> None:
    said = xlperf("ledger", "rebuild", "--workspace", collated.root)
    assert said.code == 0
    (kept,) = (collated.root / "backups").glob("*before rebuild*")
    assert str(kept) in said.out
    assert str(collated.workspace.master) in said.out
    collated.workspace.master.write_bytes(b"PK damaged")
    said = xlperf("ledger", "rebuild", "--workspace", collated.root)
    assert said.code == 1
    assert "could not be read" in said.out


def test_a_run_that_is_lost_is_given_up_by_command(collated: Team, xlperf: Run) -> None:
    first = sorted((collated.root / "ledger" / "runs").iterdir())[0]
    first.unlink()
    said = xlperf("collate", "--workspace", collated.root)
    assert said.code == 3
    plain(said, first.stem, "ledger give-up")
    assert xlperf("ledger", "give-up", "nonsense", "--because", "x", "--workspace", collated.root).code == 2
    said = xlperf("ledger", "give-up", first.stem, "--because", "fire", "--workspace", collated.root)
    assert said.code == 0
    assert xlperf("status", "--period", Q1, "--workspace", collated.root).code == 0


def test_copy_prints_what_it_did_and_takes_a_workspace_for_its_ledger(
    collated: Team, xlperf: Run, tmp_path: Path
) -> None:
    said = xlperf("ledger", "copy", collated.root, tmp_path / "copy")
    assert said.code == 0
    assert "Copied 2 runs and 2 originals" in said.out
    assert tree(tmp_path / "copy") == tree(collated.root / "ledger")
    said = xlperf("ledger", "copy", collated.root / "ledger", tmp_path / "copy", "--json")
    assert json.loads(said.out)["new_runs"] == 0
    said = xlperf("ledger", "copy", tmp_path / "nothing", tmp_path / "copy")
    assert said.code == 3
    plain(said, "there is no ledger here")
    assert xlperf("ledger", "copy", collated.root, collated.root / "ledger").code == 2


def test_a_folder_given_as_ledger_is_meant_from_where_one_stands(
    collated: Team, xlperf: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.move(collated.root / "ledger", tmp_path / "moved")
    monkeypatch.chdir(tmp_path)
    status = ("status", "--period", Q1, "--workspace", collated.root, "--json")
    assert json.loads(xlperf(*status, "--ledger", "moved").out)["returned"] == 1
    (collated.root / "workspace.yaml").write_text("ledger: ../moved\n", encoding="utf-8")
    assert json.loads(xlperf(*status).out)["returned"] == 1


def test_another_kind_of_ledger_is_wrong_usage(collated: Team, xlperf: Run) -> None:
    said = xlperf("collate", "--workspace", collated.root, "--ledger", "mysql://team:secret@host/db")
    assert said.code == 2
    plain(said, "postgresql://")
    assert "secret" not in said.err


@pytest.mark.parametrize(
    "settings",
    [
        'ledger: "postgresql://team:s3cret@host/db',
        "ledger: postgresql://team:s3cret: x@host/db",
        "ledger:postgresql://team:s3cret@host/db: 1",
        "postgresql://team:s3cret@host/db: 1",
        'ledger: " postgresql://team:s3cret@host/db"',
        "ledger: postgresql:/team:s3cret@host/db",
        "ledger: jdbc:postgresql://team:s3cret@host/db",
        "ledger: host=localhost user=team password=s3cret dbname=db",
        pytest.param("ledger: postgresql://team:s3cret/db", marks=pytest.mark.postgres),
        pytest.param("ledger: postgresql://team@host:s3cret/db", marks=pytest.mark.postgres),
        'ledger: "a\\0b"',
        "ledger: 2026-13-45",
        "a: " + "[" * 5000,
    ],
    ids=lambda settings: settings[:40],
)
def test_a_mistake_in_the_settings_is_said_without_what_they_hold(settings: str, collated: Team, xlperf: Run) -> None:
    (collated.root / "workspace.yaml").write_text(settings + "\n", encoding="utf-8")
    before = tree(collated.root)
    for command in (("collate",), ("ledger", "verify"), ("ledger", "verify", "--json")):
        said = xlperf(*command, "--workspace", collated.root)
        assert said.code in (2, 3)
        plain(said)
        assert "s3cret" not in said.out + said.err
    assert tree(collated.root) == before


@pytest.mark.postgres
def test_every_command_works_with_a_database_given_on_the_command_line(team: Team, xlperf: Run, server: Server) -> None:
    at_ = ("--workspace", team.root, "--ledger", server.url())
    history = team.root / "h.csv"
    history.write_text("kpi,org,period,actual\nV1,TRUST,2025-26-Q4,88\n", encoding="utf-8")
    assert xlperf("import", history, *at_).code == 0
    assert xlperf("generate", "--period", Q1, *at_).code == 0
    issued = sorted((team.root / "returns" / Q1 / "issued").glob("*.xlsx"))
    assert len(issued) == 2
    fill(issued[0], saved=at("2026-07-08"))
    assert xlperf("collate", *at_).code == 0
    assert json.loads(xlperf("status", "--period", Q1, *at_, "--json").out)["returned"] == 1
    assert xlperf("chase", "--period", Q1, *at_).code == 0
    assert xlperf("publish", "--period", Q1, *at_).code == 1  # a return is missing, which is said
    said = xlperf("ledger", "verify", *at_)
    assert said.code == 0, said.out
    assert "1 returns and 1 imports were read again" in said.out
    assert xlperf("ledger", "rebuild", *at_).code == 0
    assert not (team.root / "ledger").exists()
    for path in team.root.rglob("*"):
        if path.is_file():
            assert PASSWORD.encode() not in path.read_bytes()


@pytest.mark.postgres
def test_a_server_that_cannot_be_reached_is_said_in_one_line_without_the_password(
    collated: Team, xlperf: Run, server: Server
) -> None:
    url = server.address().replace(f":{server.port}/", ":1/")
    for command in (("collate",), ("ledger", "verify"), ("ledger", "rebuild")):
        said = xlperf(*command, "--workspace", collated.root, "--ledger", url)
        assert said.code == 3
        plain(said, "postgresql://team@127.0.0.1:1/postgres", "nothing was recorded")
        assert PASSWORD not in said.err


@pytest.mark.long
@pytest.mark.postgres
def test_the_demo_runs_from_a_database_and_its_ledger_goes_to_a_folder_whole(
    tmp_path: Path, new_address: Callable[[str], str], xlperf: Run
) -> None:
    root, address, copy = tmp_path / "demo", new_address("postgres"), tmp_path / "copy"
    root.mkdir()
    (root / "workspace.yaml").write_text(f"ledger: {address}\n", encoding="utf-8")
    demo(root)
    workspace = Workspace(root)
    assert not (root / "ledger").exists()
    found = verify(workspace)
    assert found.findings == ()
    assert found.returns > 10
    assert found.figures > 300
    said = xlperf("ledger", "copy", address, copy)
    assert said.code == 0
    assert FolderLedger(copy).state() == open_ledger(address).state()
    assert verify(Workspace(root, ledger_at=str(copy))).figures == found.figures
    assert list(root.rglob("editions/*/*.xlsx"))
