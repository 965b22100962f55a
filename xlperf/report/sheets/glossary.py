"""Glossary in the master: every KPI as the catalogue defines it, with the columns of every return and some beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from operator import itemgetter

from xlperf.assessment import Assessment
from xlperf.catalogue import Catalogue, Kpi
from xlperf.report import layout
from xlperf.report.columns import Column, MasterSheet, RowOrder, SheetRow
from xlperf.returns.kpi_words import glossary_rows
from xlperf.returns.layout import GLOSSARY_COLUMNS
from xlperf.rules.escalation.phrases import capital

WIDTHS = (7, 30, 60, 30, 30, 8, 10, 16, 18, 13, 26, 40, 34, 28, 34, 30, 34, 30, 24, 24)
_BESIDE = {
    "Plan objective": (34, "the objective of the plan that it belongs to"),
    "Outcome or process": (12, "whether it measures what comes of the work, or the work itself"),
    "National definition": (30, "the national definition that it follows"),
    "Risk": (18, "its risk in the risk register or the assurance framework"),
    "Committee": (28, "the meeting that looks into it"),
}
"""Columns that returns do not have, with their widths and what they hold."""


def about_kpi(catalogue: Catalogue, kpi: Kpi) -> Mapping[str, str]:
    """What the catalogue says of a KPI that a return does not have, by header; "" where it says nothing."""
    objectives = {objective.id: objective.text for objective in catalogue.plan_objectives}
    meetings = {meeting.id: meeting.name for meeting in (catalogue.board_meeting, *catalogue.meetings)}
    return {
        "Plan objective": objectives.get(kpi.plan_objective or "", ""),
        "Outcome or process": capital(kpi.outcome_or_process or ""),
        "National definition": kpi.national_definition,
        "Risk": kpi.risk,
        "Committee": meetings.get(kpi.committee or "", ""),
    }


def _entries(assessment: Assessment) -> list[SheetRow]:
    catalogue = assessment.catalogue
    pairs = tuple((latest.kpi, latest.org) for latest in assessment.latest if not latest.members)
    rows = glossary_rows(catalogue, pairs, assessment.period)
    return [{**row, **about_kpi(catalogue, catalogue.kpi_by_id[row["Ref"]])} for row in rows]


def _column(header: str, width: float) -> Column[SheetRow]:
    return Column(_name(header), header, itemgetter(header), width, "from the catalogue", is_key=header == "Ref")


def _beside(header: str, width: float, holds: str) -> Column[SheetRow]:
    return Column(_name(header), header, itemgetter(header), width, holds, since="0.2.0", like="Strategic aim")


def _name(header: str) -> str:
    return header.lower().replace(" ", "_")


COLUMNS = (
    *(_column(header, width) for header, width in zip(GLOSSARY_COLUMNS, WIDTHS, strict=True)),
    *(_beside(header, *said) for header, said in _BESIDE.items()),
)

SHEET = MasterSheet(
    layout.GLOSSARY,
    "Glossary",
    "a KPI as the catalogue defines it",
    COLUMNS,
    _entries,
    RowOrder.IN_PLACE,
    row_height=50,
    shows="What each KPI means, and how it is measured, judged and rolled up.",
)
IN_RETURNS = replace(SHEET, columns=COLUMNS[: len(GLOSSARY_COLUMNS)])
"""The sheet that returns have: without the columns that are the team's."""
