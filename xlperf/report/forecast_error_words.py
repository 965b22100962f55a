"""How far earlier forecasts were off, in words for the team's sheets; no page of a board has them."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.catalogue import Kpi
from xlperf.rules.escalation.phrases import times
from xlperf.rules.forecast_error import ForecastError
from xlperf.rules.rag import rounded

_NAMED = 4
"""Of how many distances from the year end each mean is named; of monthly KPIs the farthest and those nearest to it."""


def forecast_error_words(kpi: Kpi, error: ForecastError) -> str:
    """`6 forecasts for 2 year ends, on average 3.0 off, 2.5 too hopeful; by periods to go: 3: 5.0, 2: 3.1, 1: 0.4`."""
    return "; ".join(filter(None, ("".join(_on_average(kpi, error)), _by_to_go(kpi, error))))


def _on_average(kpi: Kpi, error: ForecastError) -> Iterator[str]:
    yield f"{times(error.forecasts, 'forecast')} for {times(error.years, 'year end')}, "
    yield f"on average {_amount(kpi, error.off)} off" if error.forecasts > 1 else f"{_amount(kpi, error.off)} off"
    if error.above:
        is_high = error.above > 0
        if error.is_higher_better is None:
            leaning = "too high" if is_high else "too low"
        else:
            leaning = "too hopeful" if is_high is error.is_higher_better else "too cautious"
        yield f", {_amount(kpi, abs(error.above))} {leaning}" if abs(error.above) != error.off else f", all {leaning}"


def _by_to_go(kpi: Kpi, error: ForecastError) -> str:
    if error.forecasts < 2 or len(error.by_to_go) < 2:
        return ""
    named = [*error.by_to_go.items()]
    if len(named) > _NAMED:
        named = [named[0], *named[1 - _NAMED :]]
    return f"by periods to go: {', '.join(f'{to_go}: {_amount(kpi, off)}' for to_go, off in named)}"


def _amount(kpi: Kpi, distance: float) -> str:
    return f"{rounded(distance, kpi.shown_decimals):,}"
