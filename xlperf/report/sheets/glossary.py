"""Glossary in the master: every KPI as the catalogue defines it, with the same columns as in every return."""

from __future__ import annotations

from operator import itemgetter

from xlperf.assessment import Assessment
from xlperf.report import layout
from xlperf.report.columns import Column, MasterSheet, RowOrder, SheetRow
from xlperf.returns.kpi_words import glossary_rows
from xlperf.returns.layout import GLOSSARY_COLUMNS

WIDTHS = (7, 30, 60, 30, 30, 8, 10, 16, 18, 13, 26, 40, 34, 28, 34, 30, 34, 30, 24, 24)


def _entries(assessment: Assessment) -> list[SheetRow]:
    pairs = tuple((latest.kpi, latest.org) for latest in assessment.latest if not latest.members)
    return [dict(row) for row in glossary_rows(assessment.catalogue, pairs, assessment.period)]


def _column(header: str, width: float) -> Column[SheetRow]:
    name = header.lower().replace(" ", "_")
    return Column(name, header, itemgetter(header), width, "from the catalogue", is_key=header == "Ref")


COLUMNS = tuple(_column(header, width) for header, width in zip(GLOSSARY_COLUMNS, WIDTHS, strict=True))

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
