"""Whether the smallest change that counts can be one."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xlperf.catalogue.figures.problem import (
    MET_BY_ALL,
    MIXED,
    SMALLEST_RELATIVE,
    KpiTargets,
    Problem,
    all_stated,
    odd,
    size_of,
    unit_of,
    usual_holding,
)
from xlperf.catalogue.kpi import Kind, Kpi
from xlperf.catalogue.scale import HUNDRED, Range, is_near_zero, printed_step, range_words, words

WHERE = ("material", "absolute")


def material(kpi: Kpi, goals: KpiTargets, usual: Range | None) -> Iterator[Problem]:
    """What is wrong with the material change."""
    if kpi.material is None or size_of(kpi.material) <= 0:
        return
    absolute, relative = kpi.material.absolute, kpi.material.relative
    if relative is not None and relative < SMALLEST_RELATIVE:
        yield odd(
            ("material", "relative"),
            f"the material change is relative: {words(relative)}, so {words(relative)} % of the earlier figure",
            f"Write {words(relative * HUNDRED)} if {words(relative * HUNDRED)} % is meant; if {words(relative)} % is, "
            "leave it as it is",
        )
    if absolute is None:
        return
    low, high = kpi.possible_range
    if low is not None and high is not None and absolute > high - low:
        yield Problem(
            WHERE,
            f"the material change is {words(absolute)}, more than any two possible figures "
            f"({range_words((low, high))}) can differ, so no change would count",
            "Give the smallest change that counts, in the KPI's unit" + unit_of(kpi),
        )
        return
    yield from _large(kpi, absolute, goals, usual)
    step = printed_step(kpi, *(each.value for each in goals.own.stated(kpi)))
    if absolute < step and kpi.kind is Kind.PERCENTAGE:
        yield odd(
            WHERE,
            f"the material change is {words(absolute)} percentage points, less than is printed ({words(step)})",
            f"Write {words(absolute * HUNDRED)} if {words(absolute * HUNDRED)} points are meant; if "
            f"{words(absolute)} are, leave it as it is",
        )


def _large(kpi: Kpi, absolute: Decimal, goals: KpiTargets, usual: Range | None) -> Iterator[Problem]:
    """A change far larger than the figures themselves."""
    own = [each.value for each in goals.own.stated(kpi)]
    if usual is None and (not own or is_near_zero(max(own, key=abs))):
        return
    largest = max(map(abs, usual or own))
    if not largest or absolute < largest * (MET_BY_ALL if usual else MIXED):
        return
    what = "the largest usual figure" if usual else "the target"
    message = (
        f"the material change is absolute: {words(absolute)}, which is about {absolute / largest:.0f} times {what} "
        f"({words(largest)})"
    )
    ends = [*(all_stated(kpi, goals) if usual is None else []), (absolute, 1)]
    fix = "Correct whichever of the two is wrong or in another unit; if both are right, give the usual range, as "
    fix += usual_holding(ends, usual)
    yield Problem(WHERE, message, fix) if usual else odd(WHERE, message, fix)
