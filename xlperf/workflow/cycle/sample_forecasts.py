"""What the demo's owners expect at the year end: made up, a little hopeful, and the same on every machine."""

from __future__ import annotations

import random

from xlperf.catalogue import Direction, Kpi, Org
from xlperf.period import Period
from xlperf.rules.forecast import is_comparable
from xlperf.rules.forecast_year import year_end, year_of
from xlperf.rules.rag import actual_from_parts
from xlperf.workflow.cycle.sample import MadeUpFigure, centre_and_spread, sample

_WARY, _GIVEN = 0.1, 0.5
"""The shares of series whose owners see trouble coming, and of those whose owners say at all what they expect."""
_BETTER = {Direction.HIGHER: 1, Direction.LOWER: -1, Direction.RANGE: 0}
_HOPE, _TROUBLE = 0.5, 3.0
"""In tolerances: how much too hopeful others are with a whole year to go; how much worse it will be in trouble."""


def sample_forecast(kpi: Kpi, org: Org, period: Period, start: Period) -> float | None:
    """What the owner of a KPI and org expects at the end of the year that a period is in; None where nothing is said.

    It is near the figure that the story has for the year end; the longer that is to go, the more hopeful. A few owners
    see trouble coming.
    """
    end = year_end(kpi, year_of(kpi, period))
    target = kpi.target_for(end)
    mood = random.Random(f"outlook {kpi.id} {org.code}").random()
    better = _BETTER.get(kpi.direction)
    if target is None or better is None or mood >= _GIVEN or period >= end or not is_comparable(kpi):
        return None
    to_go = (end.number - period.number) * kpi.frequency.months / 12
    tolerances = -_TROUBLE if mood < _WARY else _HOPE * to_go
    value = actual_of(kpi, sample(kpi, org, end, start)) + better * tolerances * centre_and_spread(kpi, target)[1]
    low, high = kpi.possible_range
    value = value if low is None else max(value, float(low))
    value = value if high is None else min(value, float(high))
    return round(value, kpi.shown_decimals)


def actual_of(kpi: Kpi, made: MadeUpFigure) -> float:
    """The actual of a made-up figure, also of one in parts; of a milestone there is none."""
    if made.parts is not None:
        return actual_from_parts(float(made.parts[0]), float(made.parts[1]), kpi.factor)
    return made.actual or 0.0
