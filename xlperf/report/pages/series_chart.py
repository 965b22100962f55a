"""The chart of a KPI and org: figures, mean, limits and target period by period, and what it shows in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from xlperf.assessment import Assessment, JudgedFigure, Latest, number_of
from xlperf.catalogue import Direction, Kind, Kpi
from xlperf.documents.chart_data import Chart, ChartPoint, PointKind
from xlperf.period import Period
from xlperf.report.pages.figure_words import each_with_unit, name, shown, target
from xlperf.report.pages.verdict_signs import POINTS, assurance_words, variation_words
from xlperf.rules.cumulative import compared_column, drawn_column
from xlperf.rules.rollup import target_of

PERIODS = 24
_UNITS = {"GBP": "£", "GBPk": "£k"}


def series_chart(assessment: Assessment, latest: Latest, periods: int = PERIODS) -> Chart | None:
    """The chart up to the period that is due, also without its figure; None for a milestone, and without any figure.

    Of a cumulative KPI it shows what each period added, without the target, which is of the sum; where that is not
    known (see `rules.cumulative.drawn_column`), figures to date beside the target of each, without limits, as SPC is of
    what was added.
    """
    if latest.kpi.kind is Kind.MILESTONE or latest.period is None or latest.row is None:
        return None
    rows = {row["period_number"]: row for row in assessment.series[latest.series]}
    last = max(latest.period.number, latest.due.number if latest.due else 0)
    first = max(min(rows), last - periods + 1)
    column = drawn_column(latest.kpi, rows.values())
    points = tuple(_point(latest, Period(latest.kpi.frequency, number), rows.get(number), column)
                   for number in range(first, last + 1))  # fmt: skip
    points = (replace(points[0], note=""), *points[1:])
    unit = latest.kpi.shown_unit
    finding = _finding(assessment, latest, points, drawn_words(latest.kpi, column))
    return Chart(finding, points, latest.kpi.shown_decimals, _UNITS.get(unit, unit))


def drawn_words(kpi: Kpi, column: str) -> str:
    """What the figures of a chart are that are not plainly the KPI's: `what each period added`; "" for others."""
    if not kpi.is_cumulative:
        return ""
    return "what each period added" if column != "actual" else "figures to date"


def _point(latest: Latest, period: Period, row: JudgedFigure | None, column: str) -> ChartPoint:
    low, high = (None, None) if column != "actual" else _targets(latest, period)
    if row is None:
        return ChartPoint(period.short, None, target=low, target_high=high)
    value = None if row["partial"] or row["not_applicable"] else number_of(row[column])
    lacks_parts = row["reported"] < row["expected"]
    if column != compared_column(latest.kpi):
        return ChartPoint(period.short, value, target=low, target_high=high, lacks_parts=lacks_parts)
    return ChartPoint(
        period.short,
        value,
        POINTS.get(row["point"], PointKind.NOT_JUDGED),
        mean=number_of(row["mean"]),
        lower=number_of(row["lower_limit"]),
        upper=number_of(row["upper_limit"]),
        target=low,
        target_high=high,
        note="definition changed" if row["redefined"] else "new limits" if row["opens"] else "",
        lacks_parts=lacks_parts,
    )


def _targets(latest: Latest, period: Period) -> tuple[float | None, float | None]:
    """The target of a period, or both ends of the range."""
    wanted = target_of(latest.kpi, bool(latest.members), period)
    if wanted is None:
        return None, None
    if latest.kpi.direction is Direction.RANGE:
        return tuple(None if end is None else float(end) for end in (wanted.low, wanted.high))  # type: ignore[return-value]
    return (None if wanted.target is None else float(wanted.target)), None


def _finding(assessment: Assessment, latest: Latest, points: tuple[ChartPoint, ...], drawn: str) -> str:
    """As `Sickness, 24 periods to Sep 2026: 3.30 %, target 3.50; no change; may or may not meet the target`."""
    span = f"{len(points)} periods to {points[-1].label}" if len(points) > 1 else points[-1].label
    is_lacking = latest.period is not None and points[-1].label != latest.period.short
    lacking = f"no figure for {points[-1].label}" if is_lacking else ""
    when = f" in {latest.period.short}" if is_lacking and latest.period else ""
    parts = f" ({latest.reported})" if latest.lacks_orgs else ""
    figure = f"{shown(latest.kpi, latest.row)}{parts}{when}, {_target_words(latest)}"
    said = "; ".join(filter(None, (lacking, figure, *_verdicts(latest))))
    return f"{', '.join(filter(None, (name(assessment, latest), drawn, span)))}: {said}."


def _target_words(latest: Latest) -> str:
    words = each_with_unit(latest.kpi, target(latest))
    return f"target {words}" if words else "no target"


def _verdicts(latest: Latest) -> Iterator[str]:
    variation, assurance = variation_words(latest), assurance_words(latest)
    if variation.icon is not None:
        yield variation.words
    if assurance.icon is not None:
        meets = f"{assurance.words} meet the target" if assurance.words.endswith("not") else f"{assurance.words} it"
        yield meets
