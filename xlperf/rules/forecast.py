"""What an owner expects at the year end, against the target that holds then."""

from __future__ import annotations

from xlperf.catalogue import Kind, Kpi, OverTime
from xlperf.period import Period
from xlperf.rules.forecast_year import year_of
from xlperf.rules.rag import Rag, limits, rate_one


def forecast_rag(kpi: Kpi, period: Period, forecast: float | None) -> Rag:
    """The RAG of a forecast for the end of the year that a period is in; No target where it cannot be compared.

    Compared are only figures that mean the same at the year end as in the period: a rate, a duration, or what its
    roll-up over time takes the last of. A count or an amount may be forecast for the period or for the whole year, and
    nobody can tell which.
    """
    is_rate = kpi.kind in (Kind.PERCENTAGE, Kind.DURATION) and kpi.roll_up.time is not OverTime.SUM
    if forecast is None or not (is_rate or kpi.roll_up.time is OverTime.LAST) or kpi.kind is Kind.MILESTONE:
        return Rag.NO_TARGET
    at_year_end = Period.containing(year_of(period).last_day, kpi.frequency)
    return rate_one(forecast, limits(kpi.target_for(at_year_end), kpi.direction))
