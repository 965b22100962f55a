"""What an owner expects at the year end, against the target that holds then."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from xlperf.catalogue import Kind, Kpi, OverTime
from xlperf.period import Period
from xlperf.rules.forecast_year import year_end, year_of
from xlperf.rules.rag import Rag, limits, rate_one
from xlperf.rules.shortfall import ON_TARGET, Shortfall, shortfall
from xlperf.rules.shown import exact, shown_all


@dataclass(frozen=True, slots=True)
class JudgedForecast:
    """A forecast against the target in force at the year end.

    Args:
        rag: its colour, or No target; None where it cannot be compared.
        shown: the figure as printed, with as many decimals as show its colour.
        shortfall: how far off target it is; `ON_TARGET` where it is not.
    """

    rag: Rag | None
    shown: str
    shortfall: Shortfall = ON_TARGET


def is_comparable(kpi: Kpi) -> bool:
    """Whether a forecast for the year end means the same as the figure of the last period of that year.

    So it is of a rate, a duration, a figure to date, or what its roll-up over time takes the last of. A count or an
    amount may be forecast for the period or for the whole year, and nobody can tell which.
    """
    is_rate = kpi.kind in (Kind.PERCENTAGE, Kind.DURATION) and kpi.roll_up.time is not OverTime.SUM
    is_last = is_rate or kpi.is_cumulative or kpi.roll_up.time is OverTime.LAST
    return is_last and kpi.kind is not Kind.MILESTONE


def judge_forecast(kpi: Kpi, period: Period, forecast: float) -> JudgedForecast:
    """A forecast that was given with the figure of a period, judged; the figure is in the KPI's unit."""
    compared = is_comparable(kpi)
    target = kpi.target_for(year_end(kpi, year_of(kpi, period))) if compared else None
    within = limits(target, kpi.direction)
    rag = rate_one(forecast, within)
    ends = tuple(np.array([end], dtype=np.float64) for end in asdict(within).values())
    printed = shown_all(np.array([forecast]), np.array([kpi.shown_decimals]), ends)[0]
    row = {"rag": rag, "actual": forecast} | asdict(within)
    return JudgedForecast(rag if compared else None, exact(str(printed)), shortfall(kpi, row))
