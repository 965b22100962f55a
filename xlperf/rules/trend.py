"""The trend: what SPC says where it speaks, else the short-series rule.

The short-series rule: so many consecutive moves the same way (the catalogue says how many; three by default).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from xlperf.rules.arrays import Bools, Codes, Ints
from xlperf.rules.movement import BETTER, DOWN, MOVES, UP, WORSE

IMPROVING, DETERIORATING, STEADY, NOT_ENOUGH = "improving", "deteriorating", "steady", "not enough data"
RISING, FALLING = "rising", "falling"
"""Words where no direction is better."""
NOT_JUDGED = "not judged"
"""Where figures overlap, so that a run of them says nothing."""
TRENDS = (NOT_ENOUGH, STEADY, IMPROVING, DETERIORATING, RISING, FALLING, NOT_JUDGED)
"""What a code of `short_trend` says."""
OF_VARIATION: Mapping[str, str] = {
    "common_cause": STEADY,
    "special_cause_improvement": IMPROVING,
    "special_cause_concern": DETERIORATING,
    "special_cause_neutral_high": RISING,
    "special_cause_neutral_low": FALLING,
}
"""The trend that a variation of `rules.spc` is."""
_NAMES = {BETTER: IMPROVING, WORSE: DETERIORATING, UP: RISING, DOWN: FALLING}


def run_lengths(value: npt.NDArray[Any], starts: Bools) -> Ints:
    """For each element, how many equal ones end with it without a break; a run never crosses a True in `starts`."""
    if value.size == 0:
        return np.zeros(0, dtype=np.int64)
    breaks = starts.copy()
    breaks[0] = True
    breaks[1:] |= value[1:] != value[:-1]
    positions = np.arange(value.size)
    last_break = np.maximum.accumulate(np.where(breaks, positions, 0))
    return np.asarray(positions - last_break + 1, dtype=np.int64)


def short_trend(movements: Codes, starts: Bools, moves: int) -> Codes:
    """The trend at each figure by the short-series rule.

    Args:
        movements: codes of `movement`, series after series, each in order of time; 0 (nothing to compare) breaks a run.
        starts: True at the first figure of each series.
        moves: how many consecutive moves the same way make a trend.

    Returns:
        Where in `TRENDS` the word stands: improving or deteriorating (rising or falling where no direction is better)
        while the run lasts; steady where the last `moves` moves are known and not all one way; otherwise not enough
        data.
    """
    has_moved = movements != 0
    long_enough = run_lengths(movements, starts) >= moves
    trend = np.zeros(movements.shape, dtype=np.int8)
    trend[has_moved & (run_lengths(has_moved, starts) >= moves)] = TRENDS.index(STEADY)
    named = np.array([TRENDS.index(_NAMES.get(word, STEADY)) for word in MOVES], dtype=np.int8)
    return np.where(has_moved & long_enough, named[movements], trend)


def trend_of(variation: str | None, short: str) -> str:
    """The trend in one word: what SPC says where there is a verdict, else what the short-series rule does."""
    return short if variation is None else OF_VARIATION[variation]
