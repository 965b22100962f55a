"""SPC once more, point by point and rule by rule, as its text reads: what the arrays are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum, nan

Figures = Sequence[float | None]
SIGN = {1: ("Above UCL", "7 Point Trend (Increasing)", "2 in 3 Above CL", "7 Points Above CL")}
SIGN[-1] = ("Below LCL", "7 Point Trend (Decreasing)", "2 in 3 Below CL", "7 Points Below CL")
COMMON = "Common Cause"


@dataclass
class ByHand:
    """One segment."""

    mean: float
    lpl: float
    upl: float
    types: list[str]
    signs: list[int]


def mean_of(values: Sequence[float]) -> float:
    if not values:
        return nan
    mean = fsum(values) / len(values)
    return mean + fsum(value - mean for value in values) / len(values)


def by_hand(figures: Figures, *, mdc: bool, better: int, screen: bool, fix: int | None = None) -> ByHand:
    """The limits of one segment, and for each point the rule that names it and which way that points."""
    baseline = figures[:fix]
    mean = mean_of([value for value in baseline if value is not None])
    steps = list(pairwise(baseline))
    ranges = [abs(other - one) for one, other in steps if one is not None and other is not None]
    average = mean_of(ranges)
    if screen:
        average = mean_of([size for size in ranges if size < 3.267 * average])
    lpl, upl = mean - 2.66 * average, mean + 2.66 * average
    near = 2 * (2.66 / 3) * average
    rows = range(len(figures))

    def side(row: int) -> int:
        value = figures[row]
        return 0 if value is None or value == mean else 1 if value > mean else -1 if value < mean else 0

    def outside(row: int) -> bool:
        value = figures[row]
        return value is not None and (value > upl or value < lpl)

    def close(row: int) -> bool:
        value = figures[row]
        return value is not None and not outside(row) and (value > mean + near or value < mean - near)

    def step(row: int) -> int:
        """From the row before: 1 up, -1 down, 0 level or not known."""
        one, other = (figures[row - 1] if row else None), figures[row]
        return 0 if one is None or other is None else (other > one) - (other < one)

    def windows(row: int, length: int) -> list[range]:
        starts = range(max(row - length + 1, 0), min(row, len(figures) - length) + 1)
        return [range(start, start + length) for start in starts]

    def shifts(row: int, sign: int) -> bool:
        return any(all(side(other) == sign for other in window) for window in windows(row, 7))

    def trends(row: int, sign: int) -> bool:
        return any(all(step(other) == sign for other in window[1:]) for window in windows(row, 7))

    def two_of_three(row: int, sign: int) -> bool:
        def counts(other: int) -> bool:
            return close(other) or (mdc and outside(other))

        return counts(row) and any(
            all(side(other) == sign for other in window) and sum(map(counts, window)) >= 2 for window in windows(row, 3)
        )

    def trend_is_up(row: int) -> bool:
        """As the package has it, but for a level step."""
        if row + 1 in rows and (trends(row + 1, 1) or trends(row + 1, -1)) and step(row + 1):
            return step(row + 1) > 0
        return trends(row, 1)

    def fired(row: int) -> list[tuple[int, int]]:
        """The rules that fire, first the first that names the point: (rule, sign)."""
        found = [(0, side(row))] if outside(row) else []
        both = [(1, 1)] * trends(row, 1) + [(1, -1)] * trends(row, -1)
        if both and not mdc:
            both = [(1, 1 if trend_is_up(row) else -1)]
        found += sorted(both, key=lambda one: one[1] != (1 if trend_is_up(row) else -1))
        found += [(2, sign) for sign in (1, -1) if two_of_three(row, sign)]
        return found + [(3, sign) for sign in (1, -1) if shifts(row, sign)]

    types, signs = [], []
    for row in rows:
        rules = fired(row)
        if mdc and better:
            rules = [one for one in rules if one[1] == better] or rules
        types.append(SIGN[rules[0][1]][rules[0][0]] if rules else COMMON)
        signs.append(rules[0][1] if rules else 0)
    return ByHand(mean, lpl, upl, types, signs)
