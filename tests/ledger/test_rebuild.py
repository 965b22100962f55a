"""Rebuild: the master comes back from the ledger alone, and nothing that people put in the old one is lost."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.conftest import BY, Q1, Q2, Q4, Team, at, catalogue_data, fill, in_any_order, kpi_in, tree, write_catalogue
from xlperf.catalogue import Catalogue
from xlperf.errors import CatalogueError, LedgerError, UsageError, WorkbookInUse
from xlperf.report import layout
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workflow.integrity.rebuild import Rebuilt, rebuild
from xlperf.workflow.integrity.verify import verify
from xlperf.workflow.workspace import CATALOGUE, Workspace
from xlperf.workflow.workspace.run import Run

DECIDED: Mapping[str, CellValue] = dict(
    zip(layout.TYPED_COLUMNS, ("Enhanced", "Chief Executive", at("2026-07-09").date(), "two Reds running"), strict=True)
)
NOW = at("2026-07-14")


@pytest.fixture(scope="module")
def _once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """V1 is Red in two quarters running, and a decision about it was typed and recorded."""
    root = tmp_path_factory.mktemp("rebuild") / "workspace"
    (root / "returns").mkdir(parents=True)
    write_catalogue(root, catalogue_data())
    team = Team(Workspace(root))
    for period, day in ((Q4, "2026-04-01"), (Q1, "2026-07-01")):
        fill(team.issue(period, now=at(day))["alpha"], {("V1", "TRUST", period): {"Actual": 50}}, saved=at(day))
        team.collate(at(day))
    team.type_in_master(layout.ESCALATION, "V1", DECIDED)
    fill(team.issued()["beta"])
    team.collate(NOW)
    return root


@pytest.fixture
def collated(_once: Path, tmp_path: Path) -> Team:
    """A team that has collated, with a decision typed and recorded in between."""
    shutil.copytree(_once, tmp_path / "collated")
    return Team(Workspace(tmp_path / "collated"))


def again(team: Team, period: str | None = None) -> Rebuilt:
    return rebuild(team.workspace, Run(NOW, BY, wait=0), period=period)


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """What stands in every table of a master."""
    book = FileWorkbook.open(path)
    read = {name: book.read_table(name).rows for name in book.table_names()}
    return in_any_order(
        {
            name: [tuple((cell.kind, cell.raw, cell.style) for cell in row.cells.values()) for row in rows]
            for name, rows in read.items()
        }
    )


@pytest.mark.parametrize("is_there", [True, False])
def test_a_rebuilt_master_says_what_a_collated_one_does(is_there: bool, collated: Team) -> None:
    meant = tables(collated.workspace.master)
    assert any(any(rows) for rows in meant.values())
    before = collated.workspace.master.read_bytes()
    if not is_there:
        collated.workspace.master.unlink()
    done = again(collated)
    assert tables(collated.workspace.master) == meant
    assert done.decisions == 0
    assert done.unreadable == ""
    assert (done.before.read_bytes() if done.before else None) == (before if is_there else None)


def test_the_ledger_alone_is_enough(collated: Team) -> None:
    meant = tables(collated.workspace.master)
    shutil.rmtree(collated.root / "returns")
    collated.workspace.master.unlink()
    again(collated)
    assert tables(collated.workspace.master) == meant


def test_a_decision_typed_and_not_collated_yet_reaches_the_ledger_and_the_new_master(collated: Team) -> None:
    collated.type_in_master(layout.ESCALATION, "V1", {**DECIDED, layout.RATIONALE: "Three, now."})
    done = again(collated)
    assert done.decisions == 1
    assert collated.state.decision_in_force[("V1", "TRUST")].rationale == "Three, now."
    rows = [row for row in collated.sheet(layout.ESCALATION) if row["Ref"] == "V1"]
    assert rows[0][layout.RATIONALE] == "Three, now."


def test_the_old_master_is_kept_whatever_is_in_it_and_however_often(collated: Team) -> None:
    kept = []
    for number in range(3):
        book = collated.master
        book.set_saved(at(f"2026-07-1{number}"))  # any change of somebody's
        book.save(collated.workspace.master)
        kept.append(collated.workspace.master.read_bytes())
        done = again(collated)
        assert done.before is not None
        assert done.before.parent == collated.workspace.backups
    there = [path.read_bytes() for path in collated.workspace.backups.glob("*before rebuild*")]
    assert sorted(there) == sorted(kept)


def test_a_damaged_master_is_kept_and_what_could_not_be_read_is_said(collated: Team) -> None:
    meant = tables(collated.workspace.master)
    damaged = collated.workspace.master.read_bytes()[:5000]
    collated.workspace.master.write_bytes(damaged)
    done = again(collated)
    assert "master.xlsx" in done.unreadable
    assert done.before is not None
    assert done.before.read_bytes() == damaged
    assert tables(collated.workspace.master) == meant


def test_a_master_of_another_ledger_is_left_where_it_is(collated: Team, team: Team) -> None:
    team.issue()
    shutil.copy(collated.workspace.master, team.workspace.master)
    before = tree(team.root)
    with pytest.raises(LedgerError, match="move the master away"):
        again(team)
    assert tree(team.root) == before


def test_a_master_that_somebody_has_open_is_left_alone(collated: Team) -> None:
    (collated.root / ".~lock.master.xlsx#").write_text(",Ann Analyst,PC7,,;", encoding="utf-8")
    before = tree(collated.root)
    with pytest.raises(WorkbookInUse, match="Ann Analyst"):
        again(collated)
    assert tree(collated.root) == before


def test_a_damaged_ledger_leaves_the_master_alone(collated: Team) -> None:
    run = sorted((collated.root / "ledger" / "runs").iterdir())[0]
    run.write_bytes(run.read_bytes()[:-10])
    before = tree(collated.root)
    with pytest.raises(LedgerError, match=run.name):
        again(collated)
    assert tree(collated.root) == before


def test_a_period_may_be_asked_for_and_one_outside_the_calendar_is_refused(collated: Team) -> None:
    assert str(again(collated, Q2).period) == Q2
    with pytest.raises(UsageError):
        again(collated, "2031-32-Q1")


def test_files_not_collated_yet_are_counted_and_left_to_collate(collated: Team) -> None:
    fill(collated.issued()["beta"], {("G1", "TRUST", Q1): {"Actual": 55}}, name="b.xlsx", saved=at("2026-07-12"))
    assert again(collated).uncollated == 1
    collated.collate(at("2026-07-15"))
    assert collated.state.figures[("G1", "TRUST", Q1)].now.actual == 55


class AsBefore(Workspace):
    """A workspace of a version that did not ask whether a catalogue's figures can be meant."""

    def catalogue(self) -> Catalogue:
        return Catalogue.model_validate(yaml.safe_load((self.root / CATALOGUE).read_text(encoding="utf-8")))

    @property
    def notes(self) -> Path:
        """What another version has noted is not used by this one."""
        return self.root / "notes of that version"


def rag_of_v1(team: Team) -> str:
    return next(row["RAG"] for row in team.sheet("tbl_kpis") if row["Ref"] == "V1")


def test_what_was_recorded_by_a_catalogue_that_is_refused_now_is_still_read(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    (root / "returns").mkdir(parents=True)
    data = catalogue_data()
    kpi_in(data, "V1").update(targets=[{"from": "2024-25", "target": 0.80}], usual=[60, 95])
    write_catalogue(root, data)
    before, team = Team(AsBefore(root)), Team(Workspace(root))
    fill(before.issue()["alpha"], {("V1", "TRUST", Q1): {"Actual": 77.1}})
    before.collate()
    assert rag_of_v1(before) == "Green"

    files = tree(root)
    with pytest.raises(CatalogueError, match=r"KPI V1: the target from 2024-25 is 0\.8"):
        again(team)
    assert tree(root) == files
    checked = verify(team.workspace)
    assert [str(item) for item in checked.findings] == []
    assert checked.figures

    team.change_catalogue(lambda data: kpi_in(data, "V1")["targets"][0].update(target=80))
    again(team)
    assert rag_of_v1(team) == "Red"
    team.collate(NOW)
    assert [str(item) for item in verify(team.workspace).findings] == []
