"""Roll-up in the master: figures rolled up over orgs, quarters and years, and the number of figures behind each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from xlperf.assessment import Assessment, JudgedFigure, Latest, number_of
from xlperf.report import layout
from xlperf.report.columns import Column, ColumnKind, MasterSheet, RowOrder
from xlperf.report.sheets.common import head_columns, limit_columns
from xlperf.returns.kpi_words import METHODS, limit_words, measure_words, target_words
from xlperf.rules.escalation.phrases import times
from xlperf.rules.rag import RagLimits
from xlperf.rules.rollup import roll_up_time, target_of


@dataclass(frozen=True, slots=True)
class RolledUp:
    """A rolled-up figure: `figure` is its judged row, `how` the method, in words."""

    latest: Latest
    figure: JudgedFigure
    span: str
    covers: str
    how: str
    reported: str
    shown: str
    target: str
    ends: date

    def number(self, name: str) -> float | None:
        """One of its numbers."""
        return number_of(self.figure[name])


def _rolled_up(assessment: Assessment) -> Iterator[RolledUp]:
    """For each KPI and org: the latest rolled-up figure, then the quarter and the year to date."""
    spans: dict[tuple[str, str], list[JudgedFigure]] = {}
    for span in roll_up_time(assessment.catalogue, assessment.figures, assessment.period).to_dict("records"):
        spans.setdefault((span["kpi_id"], span["org"]), []).append({str(key): value for key, value in span.items()})
    for latest in assessment.latest:
        yield from _of_orgs(latest)
        yield from (_of_time(assessment, latest, span) for span in spans.get(latest.series, ()))


def _of_orgs(latest: Latest) -> Iterator[RolledUp]:
    figure, period = latest.row, latest.period
    if not latest.members or figure is None or period is None or figure["given_by"]:
        return
    yield RolledUp(
        latest,
        figure,
        span="Latest period",
        covers=_covers(latest, period.label),
        how=METHODS[latest.kpi.roll_up.orgs],
        reported=latest.reported,
        shown="n/a" if figure["not_applicable"] else figure["shown"],
        target=target_words(latest.kpi, target_of(latest.kpi, True, period)),
        ends=period.last_day,
    )


def _of_time(assessment: Assessment, latest: Latest, span: JudgedFigure) -> RolledUp:
    first, last = (latest.kpi.period(span[end]) for end in ("first_period", "last_period"))
    within = [row for row in assessment.series[latest.series] if first.number <= row["period_number"] <= last.number]
    within = [row for row in within if not row["given_by"]]
    lacking = sum(row["reported"] < row["expected"] for row in within)
    return RolledUp(
        latest,
        span,
        span=span["span"],
        covers=_covers(latest, span["span_label"]),
        how=METHODS[latest.kpi.roll_up.time],
        reported=(
            f"{span['reported_periods']} of {times(span['expected_periods'], 'period')}"
            if span["expected_periods"]
            else ""
        )
        + (f", {lacking} without every part" if lacking else ""),
        shown=span["shown"],
        target=limit_words(latest.kpi, RagLimits(*(span[name] for name in RagLimits.__slots__))),
        ends=last.last_day,
    )


def _covers(latest: Latest, months: str) -> str:
    """Of which months the figure is, and what it measures: `April to September 2026; to date, from 1 April`."""
    return "; ".join(filter(None, (months, measure_words(latest.kpi))))


COLUMNS: tuple[Column[RolledUp], ...] = (
    *head_columns(lambda rolled_up: rolled_up.latest, kpi_width=36),
    Column("organisation", "Organisation", lambda rolled_up: rolled_up.latest.org.name, 28, "the org's name"),
    Column("span", "Span", lambda rolled_up: rolled_up.span, 14,
           "the latest period of all orgs, the quarter, or the year to date",
           is_key=True),
    Column("covers", "Covers", lambda rolled_up: rolled_up.covers, 40,
           "the periods that the figure is made of, and what it measures, if not these alone"),
    Column("how", "How", lambda rolled_up: rolled_up.how, 34, "how the figures are put together"),
    Column("reported", "Reported", lambda rolled_up: rolled_up.reported, 18,
           "how many figures it stands on, of how many"),
    Column("actual", "Actual", lambda rolled_up: rolled_up.number("actual"), 14, "the figure, unrounded",
           ColumnKind.NUMBER),
    Column("shown", "Shown", lambda rolled_up: rolled_up.shown, 16, "the figure as printed"),
    Column("numerator", "Numerator", lambda rolled_up: rolled_up.number("numerator"), 14, "its numerator",
           ColumnKind.NUMBER),
    Column("denominator", "Denominator", lambda rolled_up: rolled_up.number("denominator"), 14, "its denominator",
           ColumnKind.NUMBER),
    Column("target", "Target", lambda rolled_up: rolled_up.target, 14, "the target, in words"),
    Column("rag", "RAG", lambda rolled_up: str(rolled_up.figure["rag"]), 13, "its colour, or why it has none"),
    Column("period_ends", "Period ends", lambda rolled_up: rolled_up.ends, 12, "the last day that the figure covers",
           ColumnKind.DATE,
           since="0.2.0", like="Covers"),
    *limit_columns(lambda rolled_up: rolled_up.figure, since="0.2.0"),
)  # fmt: skip

SHEET = MasterSheet(
    layout.ROLL_UP,
    "Roll-up",
    "a figure made of several, by KPI, org and span",
    COLUMNS,
    _rolled_up,
    RowOrder.IN_PLACE,
    shows="Figures made of those of several organisations or periods, and of how many.",
)
