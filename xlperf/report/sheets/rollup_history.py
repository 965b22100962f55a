"""Roll-up history in the master: every figure that is rolled up over orgs, period by period, as numbers.

*Data* has what was returned, and nothing that is made of it; so a chart of a whole organisation is drawn from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlperf.assessment import Assessment, JudgedFigure
from xlperf.catalogue import Kpi, Target
from xlperf.period import Period
from xlperf.report import layout
from xlperf.report.columns import FIRST, Column, ColumnKind, MasterSheet, RowOrder
from xlperf.report.sheets.common import (
    chart_columns,
    in_period_columns,
    limit_columns,
    number_column,
    org_column,
    ref_column,
    target_columns,
)
from xlperf.rules.rollup import target_of

SINCE = "0.2.0"


@dataclass(frozen=True, slots=True)
class RolledUpFigure:
    """A figure that is made of those of several orgs."""

    kpi: Kpi
    judged: JudgedFigure
    period: Period
    target: Target | None
    organisation: str


def _figures(assessment: Assessment) -> Iterator[RolledUpFigure]:
    """Every rolled-up figure; of one that lacks an org the numbers are left out, as it would look like a fall."""
    orgs = {org.code: org.name for org in assessment.catalogue.orgs}
    for judged in assessment.rows:
        if judged["rolled_up"]:
            kpi = assessment.catalogue.kpi_by_id[judged["kpi_id"]]
            period = kpi.period(judged["period"])
            target = target_of(kpi, True, period)
            yield RolledUpFigure(kpi, judged, period, target, orgs.get(judged["org"], ""))


def _whole(figure: RolledUpFigure) -> JudgedFigure | None:
    return None if figure.judged["partial"] else figure.judged


COLUMNS: tuple[Column[RolledUpFigure], ...] = (
    ref_column(lambda figure: figure.kpi.id),
    Column("kpi", "KPI", lambda figure: figure.kpi.name, 34, "the KPI's name"),
    org_column(lambda figure: figure.judged["org"]),
    Column("organisation", "Organisation", lambda figure: figure.organisation, 22, "the org's name"),
    Column("period", "Period", lambda figure: figure.judged["period"], 12, "the KPI's period", ColumnKind.PERIOD,
           is_key=True),
    Column("period_ends", "Period ends", lambda figure: figure.period.last_day, 12, "the last day of the period",
           ColumnKind.DATE),
    Column("unit", "Unit", lambda figure: figure.kpi.shown_unit, 8, "the unit of the figure"),
    number_column(("actual", "Actual", "the figure, unrounded; blank where a sum lacks an org"), _whole, FIRST),
    Column("reported", "Reported", lambda figure: figure.judged["reported"], 10, "how many orgs' figures it stands on",
           ColumnKind.NUMBER),
    Column("expected", "Expected", lambda figure: figure.judged["expected"], 10, "how many orgs should report",
           ColumnKind.NUMBER),
    Column("rag", "RAG", lambda figure: str(figure.judged["rag"]), 13, "its colour, or why it has none"),
    *limit_columns(lambda figure: figure.judged, since=FIRST),
    *chart_columns(_whole, since=FIRST),
    *in_period_columns(_whole, since=FIRST),
    *target_columns(lambda figure: figure.target, since=FIRST),
)  # fmt: skip

SHEET = MasterSheet(
    layout.ROLL_UP_HISTORY,
    "Roll-up history",
    "a figure made of those of several orgs, by KPI, org and period",
    COLUMNS,
    _figures,
    stay=RowOrder.GROWS_AT_ITS_END,
    wraps=False,
    printed_to="RAG",
    since=SINCE,
    shows="Every rolled-up figure, period by period.",
)
