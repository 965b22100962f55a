"""Figures far apart from one another, where no usual range says on what scale they are meant.

Counts and money do change a hundredfold over years, so nothing here is more than a warning. Percentages have been read
one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from xlperf.catalogue.figures.problem import (
    MIXED,
    KpiTargets,
    Problem,
    TargetSeries,
    all_stated,
    odd,
    unit_of,
    usual_holding,
)
from xlperf.catalogue.kpi import Direction, Kind, Kpi
from xlperf.catalogue.scale import (
    Range,
    Stated,
    benchmark_of,
    of_sum,
    range_words,
    stated_in,
    times_apart,
    times_outside,
    words,
)

MIXED_SUM = Decimal(10)
"""So many times beyond what the KPI's own targets add up to, the target of a sum may well be in another unit."""


def compared(kpi: Kpi, goals: KpiTargets, usual: Range | None) -> Iterator[Problem]:
    """Targets far from one another, from the benchmark, and from what they add up to. `usual` says it better."""
    if usual is not None:
        return
    if kpi.kind is not Kind.PERCENTAGE:
        yield from _benchmark(kpi, goals)
        yield from _over_time(kpi, goals, goals.own)
        yield from _over_time(kpi, goals, goals.of_sums)
    yield from _sums(kpi, goals)


def _benchmark(kpi: Kpi, goals: KpiTargets) -> Iterator[Problem]:
    stated, own = benchmark_of(kpi), goals.own.stated(kpi)
    if stated is None or not own or any(stated.value * goal.value <= 0 for goal in own):
        return
    near = min(own, key=lambda goal: times_apart(stated.value, goal.value))
    if times_apart(stated.value, near.value) >= MIXED:
        yield _apart(kpi, goals, stated, near)


def _over_time(kpi: Kpi, goals: KpiTargets, series: TargetSeries) -> Iterator[Problem]:
    each_time = [stated_in(kpi, target, path, series.orgs_at(path)) for path, target in series.placed(kpi)]
    for before, after in pairwise(each_time):
        for earlier, later in zip(before, after, strict=True):
            is_brought_down = kpi.direction is Direction.LOWER and 0 < later.value < earlier.value
            if times_apart(earlier.value, later.value) >= MIXED and not is_brought_down:
                yield _apart(kpi, goals, later, earlier)


def _apart(kpi: Kpi, goals: KpiTargets, one: Stated, other: Stated) -> Problem:
    return odd(
        one.path,
        f"{one.words}, {words(one.value)}, and {other.words}, {words(other.value)}, differ by a factor of about "
        f"{times_apart(one.value, other.value):.0f}",
        f"Give both in the KPI's unit{unit_of(kpi)}; if both are right, give the usual range, as "
        f"{usual_holding(all_stated(kpi, goals))}",
    )


def _sums(kpi: Kpi, goals: KpiTargets) -> Iterator[Problem]:
    """Targets of the sum over orgs that are of another size than the KPI's own could add up to."""
    own = goals.own.stated(kpi)
    for stated in goals.of_sums.stated(kpi):
        like = [goal.value for goal in own if goal.side is stated.side]
        if not like:
            continue
        together = of_sum((min(like), max(like)), stated.orgs)
        times = times_outside(stated.value, together)
        if times >= MIXED_SUM:
            yield odd(
                stated.path,
                f"{stated.words}, {words(stated.value)}, is beyond what the KPI's own targets make for 1 to "
                f"{stated.orgs} orgs, {range_words(together)}, by a factor of about {times:.0f}",
                f"Give both in the KPI's unit{unit_of(kpi)}; if both are right, give the usual range of one org, as "
                f"{usual_holding(all_stated(kpi, goals))}",
            )
