"""Movement: the change on the previous comparable period, judged by direction. Two points are never called a trend."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.object_]

BETTER, WORSE, SAME = "better", "worse", "same"
UP, DOWN = "up", "down"
"""Words for a KPI that has no better direction."""


def badness(actual: Floats, direction: Words, low: Floats, high: Floats) -> Floats:
    """How bad each actual is, on a scale of its own where less is better.

    For direction range that is the distance outside [low, high]; NaN for range without limits and for NaN actuals.
    A KPI with no better direction is scaled so that up is positive.
    """
    scale = np.where(direction == "higher", -actual, actual)
    outside = np.maximum(np.maximum(low - actual, actual - high), 0.0)
    return np.where(direction == "range", outside, scale)


def movement(now: Floats, before: Floats, neutral: npt.NDArray[np.bool_]) -> Words:
    """The movement from `before` to `now`, both as `badness`.

    Returns:
        better, worse or same; up, down or same where `neutral`; "" where either is missing.
    """
    said = np.full(now.shape, "", dtype=object)
    said[now == before] = SAME
    said[now < before] = BETTER
    said[now > before] = WORSE
    said[neutral & (now > before)] = UP
    said[neutral & (now < before)] = DOWN
    return said
