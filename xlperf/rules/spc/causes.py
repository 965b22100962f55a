"""Special causes: four rules, each up or down, and which of them names a point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlperf.rules.arrays import Bools, EnumCodes, Floats, Ints, Signs
from xlperf.rules.spc.rulesets import Ruleset

COMMON = 0
OUTSIDE, TREND, TWO_OF_THREE, SHIFT = range(1, 5)
"""The rules in the order in which they name a point. A code is a rule, with `DOWN` added where it points down."""
DOWN = 4
TYPE_NAMES = (
    "Common Cause",
    "Above UCL",
    "{n} Point Trend (Increasing)",
    "2 in 3 Above CL",
    "{n} Points Above CL",
    "Below LCL",
    "{n} Point Trend (Decreasing)",
    "2 in 3 Below CL",
    "{n} Points Below CL",
)
"""What a code is called; the reference's names, {n} being the run length."""


@dataclass(frozen=True, slots=True)
class Causes:
    """What fired on each point."""

    any: EnumCodes
    """The first rule that fired, in the order of the rules."""
    up: EnumCodes
    """The first that points up."""
    down: EnumCodes
    """The first that points down."""


@dataclass(frozen=True, slots=True)
class Points:
    """Where each point lies: 1 above, -1 below, 0 on the mean or missing; beyond a limit; beyond a near limit only."""

    side: Signs
    outside: Bools
    close: Bools


def place(
    actual: Floats, mean: tuple[Floats, Floats], limits: tuple[Floats, Floats], near: tuple[Floats, Floats]
) -> Points:
    """Place each point. On the mean or on a limit is exact, and on a limit is inside; NaN is nowhere.

    `mean` has the two ends between which a point is on the mean: one number, where nothing is allowed for floats.
    """
    above, below = actual > mean[1], actual < mean[0]
    outside = (actual > limits[1]) | (actual < limits[0])
    close = ~outside & ((actual > near[1]) | (actual < near[0]))
    return Points(above.astype(np.int8) - below.astype(np.int8), outside, close)


def find(actual: Floats, segment: Ints, points: Points, rules: Ruleset) -> Causes:
    """The special causes of each point."""
    joined = segment[1:] == segment[:-1]
    sides = points.side > 0, points.side < 0
    up, down, either = (np.zeros(actual.shape, dtype=np.uint8) for _ in range(3))

    def fire(rule: int, ups: Bools, downs: Bools) -> None:
        """Put a rule over those it comes before."""
        up[ups], down[downs] = rule, rule + DOWN
        either[ups], either[downs] = rule, rule + DOWN

    fire(SHIFT, *(shift(side, joined, rules.run_length) for side in sides))
    counts_outside = rules.two_of_three_counts_outside
    fire(TWO_OF_THREE, *(two_of_three(side, points, joined, counts_outside) for side in sides))
    rises, falls = trends(actual, joined, rules.run_length)
    fire(TREND, rises, falls)
    either[rises | falls] = TREND + DOWN
    either[rising(actual, joined, rises, falls)] = TREND
    fire(OUTSIDE, *(points.outside & side for side in sides))
    return Causes(either, up, down)


def shift(side: Bools, joined: Bools, length: int) -> Bools:
    """Points in a run of that many on one side of the mean."""
    return _spread(_all_of(side, length) & _all_of(joined, length - 1), length, len(side))


def trends(actual: Floats, joined: Bools, length: int) -> tuple[Bools, Bools]:
    """Points in a run of that many that all rise, and that all fall; the first point of a run is in it."""
    rises = joined & (actual[1:] > actual[:-1])
    falls = joined & (actual[1:] < actual[:-1])
    rising, falling = _all_of(rises, length - 1), _all_of(falls, length - 1)
    return _spread(rising, length, len(actual)), _spread(falling, length, len(actual))


def rising(actual: Floats, joined: Bools, rises: Bools, falls: Bools) -> Bools:
    """Points of trends that are called rising.

    Where the next point is in a trend too, the step to it decides: a peak belongs to the fall. That holds even where
    the two are not in one trend, as in the source; but a level step decides nothing (in the source it is a fall).
    """
    called = rises.copy()
    next_too = joined & (rises | falls)[:-1] & (rises | falls)[1:]
    called[:-1] |= next_too & (actual[1:] > actual[:-1])
    called[:-1] &= ~(next_too & (actual[1:] < actual[:-1]))
    return called


def two_of_three(side: Bools, points: Points, joined: Bools, counts_outside: bool) -> Bools:
    """Points near a limit, in a window of three on one side of the mean with two such points."""
    near = side & (points.close | points.outside if counts_outside else points.close)
    first, second, third = near[:-2], near[1:-1], near[2:]
    two = (first & second) | (first & third) | (second & third)
    return near & _spread(two & _all_of(side, 3) & _all_of(joined, 2), 3, len(near))


def _all_of(true: Bools, length: int) -> Bools:
    """Whether the window of so many rows that begins at a row is all true; one row fewer for each but the first."""
    windows = max(len(true) - length + 1, 0)
    result = np.ones((windows, true.shape[1]), dtype=bool)
    for start in range(length):
        result &= true[start : start + windows]
    return result


def _spread(windows: Bools, length: int, rows: int) -> Bools:
    """Which of so many rows are in a true window."""
    result = np.zeros((rows, windows.shape[1]), dtype=bool)
    for start in range(length if len(windows) else 0):
        result[start : start + len(windows)] |= windows
    return result
