"""The short-series trend: so many consecutive moves the same way (the catalogue says how many; three by default)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from xlperf.rules.movement import BETTER, DOWN, UP, WORSE

Words = npt.NDArray[np.object_]
Counts = npt.NDArray[np.int64]

IMPROVING, DETERIORATING, STEADY, NOT_ENOUGH = "improving", "deteriorating", "steady", "not enough data"
_NAMES = {BETTER: IMPROVING, WORSE: DETERIORATING, UP: "rising", DOWN: "falling"}


def run_lengths(value: Words, starts: npt.NDArray[np.bool_]) -> Counts:
    """For each element, how many equal ones end with it without a break; a run never crosses a True in `starts`."""
    if value.size == 0:
        return np.zeros(0, dtype=np.int64)
    breaks = starts.copy()
    breaks[0] = True
    breaks[1:] |= value[1:] != value[:-1]
    positions = np.arange(value.size)
    last_break = np.maximum.accumulate(np.where(breaks, positions, 0))
    return np.asarray(positions - last_break + 1, dtype=np.int64)


def short_trend(movements: Words, starts: npt.NDArray[np.bool_], moves: int) -> Words:
    """The trend at each figure.

    Args:
        movements: words of `movement`, series after series, each in order of time; "" breaks a run.
        starts: True at the first figure of each series.
        moves: how many consecutive moves the same way make a trend.

    Returns:
        improving or deteriorating (rising or falling where no direction is better) while the run lasts; steady where
        the last `moves` moves are known and not all one way; otherwise not enough data.
    """
    runs = run_lengths(movements, starts)
    known = run_lengths(np.where(movements == "", "", "known").astype(object), starts)
    trend = np.full(movements.shape, NOT_ENOUGH, dtype=object)
    trend[(movements != "") & (known >= moves)] = STEADY
    for word, name in _NAMES.items():
        trend[(movements == word) & (runs >= moves)] = name
    return trend
