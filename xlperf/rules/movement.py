"""Movement: the change on an earlier comparable figure, judged by direction. Two points are never called a trend.

Figures are decimals of 15 digits (see `xlperf.digits`), and are subtracted as decimals: 94.8 less 94.3 is 0.5, and 0.85
is as far below 0.9 as 1.15 is above 1.1. So a change that is exactly the smallest one that counts does count, and equal
distances are equal.
"""

from __future__ import annotations

import numpy as np

from xlperf.digits import SIGNIFICANT_DIGITS, as_decimal
from xlperf.rules.arrays import Bools, Codes, Floats, TextArray

BETTER, WORSE, SAME = "better", "worse", "same"
UP, DOWN = "up", "down"
"""Words for a KPI that has no better direction."""
MOVES = ("", SAME, BETTER, WORSE, DOWN, UP)
"""The word for each code of `movement`; "" where there is nothing to compare."""

_SAME, _BETTER, _WORSE = 1, 2, 3
_NEUTRAL = 2
"""Added to better and worse, it makes down and up of them."""
_POWERS = np.array([float(10**digits) for digits in range(23)])
"""Powers of ten that a float holds exactly."""


def badness(actual: Floats, direction: TextArray, low: Floats, high: Floats) -> Floats:
    """How bad each actual is, on a scale where less is better.

    For direction range this is the distance outside [low, high]; NaN for a range without limits and for NaN actuals. A
    KPI with no better direction is scaled so that up is positive.
    """
    scale = np.where(direction == "higher", -actual, actual)
    outside = np.maximum(np.maximum(difference(low, actual), difference(actual, high)), 0.0)
    return np.where(direction == "range", outside, scale)


def difference(now: Floats, before: Floats) -> Floats:
    """Now less before, as a person subtracts decimals: 94.8 less 94.3 is 0.5. NaN where either is."""
    now, before = np.broadcast_arrays(np.asarray(now, dtype=np.float64), np.asarray(before, dtype=np.float64))
    per = _per(np.fmax(np.abs(now), np.abs(before)))
    difference = _on_grid(now - before, per)
    with np.errstate(invalid="ignore"):
        # Where one of them has digits beyond the last that the larger can have, floats do not reach.
        finer = np.isfinite(difference) & ((_on_grid(now, per) != now) | (_on_grid(before, per) != before))
    for row in np.flatnonzero(finer):
        difference.flat[row] = float(as_decimal(now.flat[row]) - as_decimal(before.flat[row]))
    return difference


def smallest_change(absolute: Floats, relative: Floats, before: Floats) -> Floats:
    """The smallest change that counts as one, in the KPI's unit; 0 where every change does.

    Args:
        absolute: the catalogue's amount in the KPI's unit; NaN where it is not given so.
        relative: the same in percent of the earlier figure.
        before: the earlier actuals.
    """
    share = np.abs(before) * relative / 100
    limit = np.where(np.isnan(absolute), _on_grid(share, _per(share)), absolute)
    return np.nan_to_num(limit, nan=0.0)


def movement(
    now: Floats,
    before: Floats,
    neutral: Bools,
    smallest: Floats | float = 0.0,
) -> Codes:
    """The movement from `before` to `now`; both are given as `badness`.

    Args:
        now: the later badness; NaN where there is none.
        before: the earlier.
        neutral: where no direction is better.
        smallest: changes that are smaller count as none, in the KPI's unit.

    Returns:
        Where in `MOVES` the word stands: better, worse or same; up, down or same where `neutral`; "" where either is
        missing.
    """
    change = difference(now, before)
    counts = (change != 0) & (np.abs(change) >= smallest)
    way = np.where(change > 0, np.int8(_WORSE), np.int8(_BETTER)) + np.int8(_NEUTRAL) * neutral
    moved = np.where(counts, way, np.int8(_SAME))
    return np.where(np.isnan(change), np.int8(0), moved).astype(np.int8)


def _per(size: Floats) -> Floats:
    """How many of the smallest steps make 1, for figures of that size with 15 digits."""
    with np.errstate(divide="ignore", invalid="ignore"):
        before_point = np.nan_to_num(np.ceil(np.log10(size)), nan=0.0, neginf=0.0, posinf=0.0)
    places = np.clip(SIGNIFICANT_DIGITS - before_point, 0, len(_POWERS) - 1).astype(np.int64)
    return np.asarray(_POWERS[places], dtype=np.float64)


def _on_grid(values: Floats, per: Floats) -> Floats:
    """Each value, moved to the nearest step; `per` steps make 1."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.rint(values * per) / per, dtype=np.float64)
