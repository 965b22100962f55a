"""What an owner last forecast for the year end, with its colour by the target then, to be read beside what is asked."""

from __future__ import annotations

from collections.abc import Mapping

from xlperf.catalogue import Direction, Kpi, Org
from xlperf.digits import written
from xlperf.period import Period
from xlperf.returns.figure import Figure, FigureKey
from xlperf.returns.kpi_words import target_words
from xlperf.rules.forecast import judge_forecast
from xlperf.rules.forecast_year import year_end, year_of

_A_YEAR = 12
"""Months."""


def last_forecast(kpi: Kpi, org: Org, period: Period, figures: Mapping[FigureKey, Figure]) -> str:
    """`Q1 26-27: 82, Red (year-end target 90.0)`; "" where none stands for the year that a period is in.

    It is the last that was given: a figure that came without one since takes none back. That of a year that is over is
    shown, as such, only if it came with the last figure.
    """
    is_last = True
    for before in (period.previous(count) for count in range(1, _A_YEAR // period.frequency.months + 1)):
        figure = figures.get((kpi.id, org.code, str(before)))
        if figure is None:
            continue
        is_over = year_of(kpi, before) != year_of(kpi, period)
        if is_over and not is_last:
            return ""
        if figure.forecast is not None:
            says = " (for a year that is over)" if is_over else _judged(kpi, before, figure.forecast)
            return f"{before.short}: {written(figure.forecast)}{says}"
        is_last = False
    return ""


def _judged(kpi: Kpi, period: Period, forecast: float) -> str:
    """Its colour and the target that it has by; "" where it has none."""
    target = kpi.target_for(year_end(kpi, year_of(kpi, period)))
    judged = judge_forecast(kpi, period, forecast)
    is_rated = judged.rag is not None and target is not None and kpi.direction is not Direction.NEUTRAL
    return f", {judged.rag} (year-end target {target_words(kpi, target)})" if is_rated else ""
