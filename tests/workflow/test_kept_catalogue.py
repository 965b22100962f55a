"""The catalogue that is kept as JSON: the same as the one in the file, and never instead of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Team, tree
from xlperf.catalogue import Catalogue, load_catalogue
from xlperf.errors import CatalogueError
from xlperf.workflow.workspace import CATALOGUE, FRAMEWORKS, Workspace, init
from xlperf.workflow.workspace.kept_catalogue import keep_catalogue


def kept(workspace: Workspace) -> Path:
    return workspace.notes / "catalogue.json"


def keep(workspace: Workspace) -> Catalogue:
    """As a collation does at its end."""
    file = workspace.root / CATALOGUE
    catalogue = load_catalogue(file)
    keep_catalogue(catalogue, file, hashlib.sha256(file.read_bytes()).hexdigest(), workspace.notes)
    return catalogue


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_it_is_the_same_catalogue(framework: str, tmp_path: Path) -> None:
    workspace = init(tmp_path / "workspace", framework)
    first, again = keep(workspace), workspace.catalogue()
    in_file = load_catalogue(workspace.root / CATALOGUE)
    assert kept(workspace).exists()
    assert first == again == in_file
    assert again.canonical == in_file.canonical


def test_a_change_of_the_file_counts_at_once(team: Team) -> None:
    keep(team.workspace)
    team.change_catalogue(lambda data: data.update(version="next"))
    assert team.workspace.catalogue().version == "next"


def test_a_fault_in_the_file_is_told_whatever_is_kept(team: Team) -> None:
    keep(team.workspace)
    team.change_catalogue(lambda data: data.update(orgs=[]))
    with pytest.raises(CatalogueError, match="orgs"):
        team.workspace.catalogue()
    (team.root / CATALOGUE).unlink()
    with pytest.raises(CatalogueError, match="there is no"):
        team.workspace.catalogue()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-200],
        lambda data: data.replace(b"2026", b"2027"),
        lambda data: b"0.1.0" + data[data.index(b" ") :],
    ],
    ids=["empty", "cut off", "edited", "of another version"],
)
def test_what_is_damaged_or_stale_is_not_used(damage: Callable[[bytes], bytes], team: Team) -> None:
    catalogue = keep(team.workspace)
    data = kept(team.workspace).read_bytes()
    kept(team.workspace).write_bytes(damage(data))
    assert team.workspace.catalogue() == catalogue
    keep(team.workspace)
    assert kept(team.workspace).read_bytes() == data, "it is kept anew"


def test_where_nothing_can_be_kept_nothing_is_lost(team: Team) -> None:
    team.workspace.notes.write_bytes(b"a file where the folder should be")
    before = tree(team.root)
    keep(team.workspace)
    assert team.workspace.catalogue() == load_catalogue(team.root / CATALOGUE)
    assert tree(team.root) == before


def test_a_catalogue_that_was_saved_while_it_was_read_is_not_kept(team: Team) -> None:
    file = team.root / CATALOGUE
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    catalogue = load_catalogue(file)
    team.change_catalogue(lambda data: data.update(version="next"))
    keep_catalogue(catalogue, file, before, team.workspace.notes)
    assert not kept(team.workspace).exists()
