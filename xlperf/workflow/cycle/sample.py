"""Sample figures for the demo: plausible, seeded, and the same on every machine. They are nobody's real performance."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from xlperf.catalogue import Direction, Kind, Kpi, Org, Target
from xlperf.period import Period


@dataclass(frozen=True, slots=True)
class MadeUpFigure:
    """A made-up figure: exactly one of the three ways in which an owner gives one."""

    actual: float | None = None
    parts: tuple[int, int] | None = None
    milestone: str = ""


def sample(kpi: Kpi, org: Org, period: Period, start: Period) -> MadeUpFigure:
    """The figure of a KPI and org in a period; `start` is the first period of the story."""
    if kpi.has_own_parts and kpi.restarts_in is not None:
        return _to_date(kpi, org, period, start)
    return _alone(kpi, org, period, start)


def _to_date(kpi: Kpi, org: Org, period: Period, start: Period) -> MadeUpFigure:
    """A running total, which restarts with the year: what each period of it added so far.

    Where targets rise within the year, they say themselves how the total grows, as towards the whole of a fund.
    """
    year = Period.containing(period.last_day, kpi.restarts_in.year) if kpi.restarts_in else period
    whole = year.ending_within(kpi.frequency)
    if len({kpi.target_for(each) for each in whole}) > 1:
        return _alone(kpi, org, period, start)
    periods = [each for each in whole if each.number <= period.number]
    if kpi.has_parts:
        parts = [made.parts for each in periods if (made := _alone(kpi, org, each, start)).parts]
        return MadeUpFigure(parts=(sum(top for top, _ in parts), sum(bottom for _, bottom in parts)))
    share = kpi.frequency.months / year.frequency.months
    alone = [_level(kpi, org.code, _step(each, start), each) * share for each in periods]
    if kpi.kind is Kind.COUNT:
        alone = [max(added, 0.0) for added in alone]
    return MadeUpFigure(actual=round(sum(round(added, kpi.shown_decimals) for added in alone), kpi.shown_decimals))


def _step(period: Period, start: Period) -> float:
    """Years since the story began."""
    return (period.first_day.year - start.first_day.year) + (period.first_day.month - start.first_day.month) / 12


def _alone(kpi: Kpi, org: Org, period: Period, start: Period) -> MadeUpFigure:
    """A figure of one period alone."""
    if kpi.kind is Kind.MILESTONE:
        return MadeUpFigure(milestone=_milestone(kpi, period))
    value = _level(kpi, org.code, _step(period, start), period)
    if kpi.has_parts:
        denominator = _size(kpi.id, org.code)
        numerator = round(value * denominator / kpi.factor)
        highest = kpi.possible_range[1]
        if highest is not None:
            numerator = min(numerator, int(denominator * float(highest) / kpi.factor))
        return MadeUpFigure(parts=(max(numerator, 0), denominator))
    low, high = kpi.possible_range
    value = max(value, float(low)) if low is not None else value
    value = min(value, float(high)) if high is not None else value
    return MadeUpFigure(actual=round(value, kpi.shown_decimals) if kpi.kind is not Kind.COUNT else float(round(value)))


def _level(kpi: Kpi, org: str, step: float, period: Period) -> float:
    """A level near the target, drifting to the better or the worse over the years, with noise."""
    nature = _nature(kpi.id, org)
    target = kpi.target_for(period) or (kpi.targets[0] if kpi.targets else None)
    centre, spread = centre_and_spread(kpi, target)
    better = {Direction.HIGHER: 1, Direction.LOWER: -1}.get(kpi.direction, 0)
    noise = random.Random(f"{kpi.id} {org} {period}").gauss(0, 0.35)
    return centre + spread * (better * (nature["offset"] + nature["drift"] * step) + noise)


def centre_and_spread(kpi: Kpi, target: Target | None) -> tuple[float, float]:
    """The middle of the figures, and how far apart they lie."""
    if target is not None and target.target is not None:
        centre = float(target.target)
        tolerance = target.tolerance
        spread = abs(centre) * 0.03 or 1.0
        if tolerance and tolerance.absolute is not None:
            spread = float(tolerance.absolute)
        elif tolerance and tolerance.relative is not None:
            spread = abs(centre) * float(tolerance.relative) / 100
        return centre, spread or 1.0
    if target is not None and target.low is not None and target.high is not None:
        return float(target.low + target.high) / 2, float(target.high - target.low) / 3
    if kpi.usual is not None:
        return float(sum(kpi.usual)) / 2, float(kpi.usual[1] - kpi.usual[0]) / 20
    return 100.0, 3.0


@cache
def _nature(kpi_id: str, org: str) -> Mapping[str, float]:
    """Where a series starts against its target, and which way it drifts, both in tolerances."""
    dice = random.Random(f"nature {kpi_id} {org}")
    kind = dice.choices(("good", "near", "recovering", "slipping"), (38, 18, 16, 28))[0]
    offset, drift = {
        "good": (0.9, 0.15),
        "near": (0.1, 0.0),
        "recovering": (-2.2, 0.8),
        "slipping": (0.8, -1.1),
    }[kind]
    return {"offset": offset + dice.uniform(-0.2, 0.2), "drift": drift + dice.uniform(-0.1, 0.1)}


@cache
def _size(kpi_id: str, org: str) -> int:
    return random.Random(f"size {kpi_id} {org}").choice((86, 140, 212, 318, 460, 640, 905))


_COMPLETE_BEFORE_DUE = {"A7": 100, "LC2": 100, "CQ1": -120}
"""How many days before their date milestones are complete; CQ1 is late. Others are complete on their day."""


def _milestone(kpi: Kpi, period: Period) -> str:
    """On track until a year before it is due, then at risk now and then; complete early, once due, or late."""
    target = kpi.target_for(period)
    if target is None or target.due is None:
        return "On track"
    left = (target.due - period.last_day).days
    if left <= _COMPLETE_BEFORE_DUE.get(kpi.id, 0):
        return "Complete"
    if left <= 0:
        return "Off track"
    chance = random.Random(f"{kpi.id} {period}").random()
    return "At risk" if left < 365 and chance < 0.5 else "On track"


def history_periods(kpi: Kpi, first: Period, last: Period) -> tuple[Period, ...]:
    """The KPI's periods that end in the reporting periods from `first` to `last`."""
    periods: list[Period] = []
    reporting = first
    while reporting <= last:
        periods += [period for period in reporting.ending_within(kpi.frequency) if kpi.is_reported_in(period)]
        reporting = reporting.next()
    return tuple(periods)
