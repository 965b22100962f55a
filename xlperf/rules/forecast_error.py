"""How far a KPI's earlier forecasts for the year end were off: each against the figure that came.

For the team that has to decide how far to rely on the present one. It is about a series, not about who forecast.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlperf.catalogue import Direction, Kpi
from xlperf.digits import as_decimal, fifteen
from xlperf.period import Period
from xlperf.rules.forecast import is_comparable
from xlperf.rules.forecast_year import year_end, year_of


@dataclass(frozen=True, slots=True)
class Given:
    """What was given for a KPI period: the figure and the forecast for the year end, each None where there is none."""

    period: Period
    actual: float | None
    forecast: float | None


@dataclass(frozen=True, slots=True)
class ForecastError:
    """How far the forecasts of a series were off, in the unit of the KPI.

    Attributes:
        years: the year ends that were forecast and whose figure came.
        forecasts: the forecasts given before those.
        off: the mean of their distances from the figure that came.
        above: the mean of the forecasts less the figures that came: above 0 where they were mostly too high.
        by_to_go: the mean distance of those given with so many periods to go, the most first.
        is_higher_better: whether a forecast that was too high was too hopeful; None where neither way is better.
    """

    years: int
    forecasts: int
    off: float
    above: float
    by_to_go: Mapping[int, float]
    is_higher_better: bool | None


def forecast_error(kpi: Kpi, given: Iterable[Given]) -> ForecastError | None:
    """How far off the forecasts of a series were; None where none can be compared with a figure that came.

    A forecast that came together with the figure of the year end, or of a KPI whose forecasts cannot be compared
    (`is_comparable`), is left out.
    """
    if not is_comparable(kpi):
        return None
    listed = list(given)
    came = {each.period: each.actual for each in listed if each.actual is not None}
    misses: dict[tuple[Period, int], Decimal] = {}
    for each in listed:
        end = year_end(kpi, year_of(kpi, each.period))
        figure = came.get(end)
        if each.forecast is not None and figure is not None and each.period < end:
            misses[end, end.number - each.period.number] = as_decimal(each.forecast) - as_decimal(figure)
    if not misses:
        return None
    to_go = sorted({periods for _, periods in misses}, reverse=True)
    return ForecastError(
        years=len({end for end, _ in misses}),
        forecasts=len(misses),
        off=_mean([abs(miss) for miss in misses.values()]),
        above=_mean([*misses.values()]),
        by_to_go={n: _mean([abs(miss) for (_, periods), miss in misses.items() if periods == n]) for n in to_go},
        is_higher_better={Direction.HIGHER: True, Direction.LOWER: False}.get(kpi.direction),
    )


def _mean(distances: Sequence[Decimal]) -> float:
    return fifteen(sum(distances, Decimal(0)) / len(distances))
