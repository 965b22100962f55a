"""A collation's use case without a file: a master in memory, and a ledger in a folder that lies in memory.

What is typed is read, what is known is judged, and the master shows both, as `collate` does with a file or with an open
Excel; returns come as figures. The folder ledger stands in for itself: where the tests lie in memory, so does it, and
another kind would prove nothing of those that are used.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import BY, Q1, Q2, Q3, Q4, at, catalogue_data, day, draws
from tests.workbook.memory import MemoryTable, MemoryWorkbook
from xlperf.assessment import Assessment
from xlperf.catalogue import Catalogue
from xlperf.ledger import Imported
from xlperf.ledger.folder_ledger import FolderLedger
from xlperf.period import Frequency, Period
from xlperf.report import layout
from xlperf.report.views import SHEET_OF, SHEETS
from xlperf.returns.figure import Figure
from xlperf.workbook.port import CellValue
from xlperf.workflow.master.refresh import MasterContent, about_rows, show
from xlperf.workflow.master.typed import read_typed

NOTE = "Our note"
DECIDED: dict[str, CellValue] = {
    layout.DECIDED: "Enhanced",
    layout.DECIDED_BY: "Chief Executive",
    layout.DECIDED_ON: day("2026-10-01"),
}
_CATALOGUE = Catalogue.model_validate(catalogue_data())


def empty_master() -> MemoryWorkbook:
    """A master that nothing has been shown in, with a column of somebody's own in the KPIs."""
    tables = {sheet.table: MemoryTable(sheet.table, sheet.headers, [{}]) for sheet in SHEETS}
    kpis = tables[layout.KPIS]
    kpis.columns = (*kpis.columns, NOTE)
    return MemoryWorkbook(tables, dict.fromkeys((layout.CONTENTS_TITLE, layout.TITLE, layout.SUBTITLE, layout.SUMMARY)))


class Desk:
    """The performance team at its master."""

    def __init__(self, folder: Path) -> None:
        self.ledger = FolderLedger(folder / "ledger")
        self.master = empty_master()
        self._clicks = 0

    def report(self, period: str, figures: Mapping[str, float]) -> None:
        """Figures of the trust arrive, by KPI."""
        told = tuple(Figure(kpi, "TRUST", period, actual=actual) for kpi, actual in figures.items())
        self.ledger.append("import", [Imported(f"{period} {dict(figures)}", "f.csv", told)], at=self._now(), by=BY)

    def collate(self, period: str = Q2) -> None:
        """Read what was typed, then show everything."""
        typed = read_typed(self.master, "master.xlsx", self.ledger.state(), BY, _CATALOGUE)
        if typed.records:
            self.ledger.append("collate", typed.records, at=self._now(), by=BY)
        assessment = Assessment(_CATALOGUE, self.ledger.state(), Period.parse(period, Frequency.QUARTERLY), self._now())
        show(self.master, MasterContent(assessment, about_rows(assessment, BY)), ())

    def type(self, table: str, ref: str, said: Mapping[str, CellValue]) -> None:
        """A person types into the row of one of the trust's KPIs."""
        self._row(table, ref).update(said)

    def says(self, table: str, ref: str, header: str) -> Any:
        """What stands in the row of one of the trust's KPIs."""
        return self._row(table, ref)[header]

    @property
    def shown(self) -> dict[str, list[dict[str, str]]]:
        """What stands in every table but About and Contents, which say when it was looked at."""
        when = {layout.ABOUT, layout.CONTENTS}
        tables = {name: self.master.read_table(name) for name in SHEET_OF if name not in when}
        return {
            name: [{header: row[header].raw for header in table.columns} for row in table.rows]
            for name, table in tables.items()
        }

    def _row(self, table: str, ref: str) -> dict[str, Any]:
        rows: list[dict[str, Any]] = self.master.tables[table].rows
        return next(row for row in rows if (row.get("Ref"), row.get("Org")) == (ref, "TRUST"))

    def _now(self) -> Any:
        self._clicks += 1
        return at(f"2026-11-{1 + self._clicks // 24:02} {self._clicks % 24:02}:00")


@pytest.fixture
def new_desk(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Desk]:
    """Makes a desk at which V1 has been Red for two quarters, so that a stage is proposed."""

    def make() -> Desk:
        desk = Desk(tmp_path_factory.mktemp("desk"))
        desk.report(Q1, {"V1": 50, "L1": 5})
        desk.report(Q2, {"V1": 51, "L1": 6})
        desk.collate()
        return desk

    return make


@pytest.fixture
def desk(new_desk: Callable[[], Desk]) -> Desk:
    return new_desk()


def test_two_reds_are_proposed_and_what_is_decided_on_it_is_in_the_ledger_and_stays_in_the_sheet(desk: Desk) -> None:
    assert desk.says(layout.KPIS, "V1", "RAG") == "Red"
    assert desk.says(layout.KPIS, "V1", "Escalation") == "Enhanced?"
    desk.type(layout.ESCALATION, "V1", DECIDED)
    desk.collate()
    (decision,) = desk.ledger.state().decision_in_force.values()
    assert (decision.stage, decision.by) == ("Enhanced", "Chief Executive")
    assert desk.says(layout.KPIS, "V1", "Escalation") == "Enhanced"
    assert desk.says(layout.ESCALATION, "V1", layout.DECIDED) == "Enhanced"


def test_a_cleared_decision_is_taken_back(desk: Desk) -> None:
    desk.type(layout.ESCALATION, "V1", DECIDED)
    desk.collate()
    desk.type(layout.ESCALATION, "V1", dict.fromkeys(DECIDED))
    desk.collate()
    assert desk.says(layout.KPIS, "V1", "Escalation") == "Enhanced?"


def test_an_old_master_brought_back_undoes_no_decision(desk: Desk) -> None:
    old = copy.deepcopy(desk.master)
    desk.type(layout.ESCALATION, "V1", DECIDED)
    desk.collate()
    desk.master = old
    desk.collate()
    assert desk.says(layout.KPIS, "V1", "Escalation") == "Enhanced"


def test_a_note_in_a_column_of_ones_own_stays_with_its_kpi_when_the_master_looks_at_another_period(desk: Desk) -> None:
    desk.type(layout.KPIS, "V1", {NOTE: "ask the ward"})
    desk.type(layout.KPIS, "L1", {NOTE: "well done"})
    for period in (Q1, Q4, Q3, Q2):
        desk.collate(period)
        assert (desk.says(layout.KPIS, "V1", NOTE), desk.says(layout.KPIS, "L1", NOTE)) == ("ask the ward", "well done")


def test_a_note_beside_a_finding_that_has_gone_is_said_on_the_sheet_of_findings(desk: Desk) -> None:
    findings = desk.master.tables[layout.FINDINGS]
    findings.columns = (*findings.columns, NOTE)
    desk.type(layout.ESCALATION, "V1", {layout.DECIDED: "Enhanced"})
    desk.collate()
    (row,) = [row for row in findings.rows if row.get("Code") == "D002"]
    row[NOTE] = "ask the chair"
    desk.type(layout.ESCALATION, "V1", DECIDED)
    desk.collate()
    codes = [row["Code"] for row in desk.shown[layout.FINDINGS]]
    assert "D002" not in codes
    (lost,) = [row for row in desk.shown[layout.FINDINGS] if row["Code"] == "D003"]
    assert "ask the chair" in lost["What"]


def test_a_figure_sent_again_recolours_and_nothing_else_is_shown_otherwise(desk: Desk) -> None:
    before = desk.shown[layout.KPIS]
    desk.report(Q2, {"V1": 95})
    desk.collate()
    assert desk.says(layout.KPIS, "V1", "RAG") == "Green"
    changed = [row["Ref"] for row, was in zip(desk.shown[layout.KPIS], before, strict=True) if row != was]
    assert changed == ["V1"]


steps = st.one_of(
    st.tuples(st.sampled_from(["V1", "L1"]), st.sampled_from([Q4, Q1, Q2]), st.integers(0, 100)),
    st.tuples(st.just("decide"), st.sampled_from(["", "Enhanced", "Targeted"]), st.just(0)),
)


@settings(draws(8), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(steps, max_size=4))
def test_whatever_arrives_the_stage_typed_last_is_in_force_and_looking_again_changes_nothing(
    new_desk: Callable[[], Desk], happened: list[tuple[str, str, int]]
) -> None:
    desk, stage = new_desk(), ""
    for what, told, actual in happened:
        if what == "decide":
            if not any(row["Ref"] == "V1" for row in desk.shown[layout.ESCALATION]):
                continue  # there is no row to type into
            stage = told
            desk.type(layout.ESCALATION, "V1", {layout.DECIDED: stage or None, layout.DECIDED_ON: day("2026-10-01")})
        else:
            desk.report(told, {what: actual})
        desk.collate()
    if stage:
        assert desk.says(layout.ESCALATION, "V1", layout.DECIDED) == stage
    before = desk.shown
    desk.collate()
    assert desk.shown == before
