"""Movement: the change on an earlier comparable figure, judged by direction. Two points are never called a trend.

Differences are taken to 15 significant digits of the figures, as many as Excel keeps: 94.8 less 94.3 is then 0.5, so a
change that is exactly the smallest one that counts does count, and noise in the last bits is no change.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.object_]
Codes = npt.NDArray[np.int8]

BETTER, WORSE, SAME = "better", "worse", "same"
UP, DOWN = "up", "down"
"""Words for a KPI that has no better direction."""
MOVES = ("", SAME, BETTER, WORSE, DOWN, UP)
"""What a code of `movement` says; "" for no movement to speak of, as there is nothing to compare."""

_SAME, _BETTER, _WORSE = 1, 2, 3
_NEUTRAL = 2
"""Added to better and worse, it makes down and up of them."""
_DIGITS = 15
_POWERS = np.array([float(10**digits) for digits in range(_DIGITS + 1)])


def badness(actual: Floats, direction: Words, low: Floats, high: Floats) -> Floats:
    """How bad each actual is, on a scale of its own where less is better.

    For direction range that is the distance outside [low, high]; NaN for range without limits and for NaN actuals.
    A KPI with no better direction is scaled so that up is positive.
    """
    scale = np.where(direction == "higher", -actual, actual)
    outside = np.maximum(np.maximum(low - actual, actual - high), 0.0)
    return np.where(direction == "range", outside, scale)


def difference(now: Floats, before: Floats) -> Floats:
    """Now less before, as a person subtracts: 94.8 less 94.3 is 0.5. NaN where either is."""
    per = _per(np.fmax(np.abs(now), np.abs(before)))
    return np.asarray(np.rint((now - before) * per) / per, dtype=np.float64)


def smallest_change(absolute: Floats, relative: Floats, before: Floats) -> Floats:
    """The smallest change that counts as one, in the KPI's unit; 0 where every change does.

    Args:
        absolute: the catalogue's amount in the KPI's unit; NaN where it is not given so.
        relative: the same in percent of the earlier figure.
        before: the earlier actuals.
    """
    limit = np.where(np.isnan(absolute), np.abs(before) * relative / 100, absolute)
    return np.nan_to_num(limit, nan=0.0)


def movement(
    now: Floats,
    before: Floats,
    neutral: npt.NDArray[np.bool_],
    smallest: Floats | float = 0.0,
    size: Floats | float = 0.0,
) -> Codes:
    """The movement from `before` to `now`, both as `badness`.

    Args:
        now: the later badness; NaN where there is none.
        before: the earlier.
        neutral: where no direction is better.
        smallest: changes that are smaller count as none, in the KPI's unit.
        size: how large the actuals are, where badness hides it (the distance outside a range).

    Returns:
        Where in `MOVES` the word stands: better, worse or same; up, down or same where `neutral`; "" where either is
        missing.
    """
    per = _per(np.fmax(np.fmax(np.abs(now), np.abs(before)), size))
    change = np.rint((now - before) * per)
    counts = (change != 0) & (np.abs(change) >= np.rint(smallest * per))
    way = np.where(change > 0, np.int8(_WORSE), np.int8(_BETTER)) + np.int8(_NEUTRAL) * neutral
    moved = np.where(counts, way, np.int8(_SAME))
    return np.where(np.isnan(change), np.int8(0), moved).astype(np.int8)


def _per(size: Floats) -> Floats:
    """How many of the smallest steps that figures of that size have with 15 digits make 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        before_point = np.nan_to_num(np.ceil(np.log10(size)), nan=0.0, neginf=0.0)
    return np.asarray(_POWERS[np.clip(_DIGITS - before_point, 0, _DIGITS).astype(np.int64)], dtype=np.float64)
