"""Every table of the master, keyed by its name; one module a sheet gives the rows."""

from __future__ import annotations

from collections.abc import Sequence

from xlperf.report import layout
from xlperf.report.dashboard import dashboard_rows
from xlperf.report.data import data_rows
from xlperf.report.escalation import escalation_rows, typed_rows
from xlperf.report.exceptions import exception_rows
from xlperf.report.facts import Facts, Row
from xlperf.report.kpis import kpi_rows
from xlperf.report.returns import finding_rows, return_rows
from xlperf.report.rollup import roll_up_rows
from xlperf.returns.words import glossary_rows

Tables = dict[str, list[Row]]


def master_tables(facts: Facts, about: Sequence[tuple[str, str]]) -> Tables:
    """Every table of the master; `about` are the (item, value) rows of the About sheet.

    In the order of writing. What was typed, as last written, comes after the escalation table: were it the other way
    about, a failure between the two would make older decisions still shown look as if they had been typed since.
    """
    return {
        layout.DASHBOARD: dashboard_rows(facts),
        layout.EXCEPTIONS: exception_rows(facts),
        layout.ESCALATION: escalation_rows(facts),
        layout.KPIS: kpi_rows(facts),
        layout.ROLL_UP: roll_up_rows(facts),
        layout.DATA: data_rows(facts),
        layout.RETURNS: return_rows(facts),
        layout.FINDINGS: finding_rows(facts),
        layout.GLOSSARY: _glossary(facts),
        layout.ABOUT: [{"Item": item, "Value": value} for item, value in about],
        layout.TYPED: typed_rows(facts),
        layout.STAGES: [{"Stage": name} for name in facts.catalogue.escalation.stage_names],
    }


def _glossary(facts: Facts) -> list[Row]:
    pairs = tuple((latest.kpi, latest.org) for latest in facts.latest if not latest.members)
    return [dict(row) for row in glossary_rows(facts.catalogue, pairs, facts.period)]
