"""Figures as printed. Where rounding would show another colour, more digits do: `94.96, shown 95.0`."""

from __future__ import annotations

import numpy as np

from xlperf.digits import as_decimal
from xlperf.rules.arrays import Floats, Ints, TextArray
from xlperf.rules.rag import rate_codes, rounded

MISLEADING = ", shown "
"""Stands between a figure and how it would be shown, which would look another colour."""


def exact(printed: str) -> str:
    """The figure itself of one that is printed with how it would be shown."""
    return printed.partition(MISLEADING)[0]


MOST_DECIMALS = 10
_POWERS = np.array([float(10**decimals) for decimals in range(MOST_DECIMALS + 1)])
_WHOLE = 1e14
"""Up to here a figure's last decimal, and half of it, are floats, so that rounding is exact."""


def shown_all(actual: Floats, decimals: Ints, limits: tuple[Floats, ...]) -> TextArray:
    """Each actual as printed; "" for NaN.

    Args:
        actual: unrounded, in the KPI's unit.
        decimals: how many are printed of each; more where it would look another colour, and then the rounded one too.
        limits: green_from, green_to, amber_from and amber_to of each; NaN where there is no target.
    """
    colour = rate_codes(actual, *limits)
    words, printed = _printed(actual, decimals)
    misled = np.flatnonzero(rate_codes(printed, *limits) != colour)
    decimals = decimals[misled]
    while misled.size:
        for row in misled[decimals == MOST_DECIMALS]:  # a hair beside its limit: all the digits there are
            words[row] = f"{as_decimal(actual[row]):,f}{MISLEADING}{words[row]}"
        misled, decimals = misled[decimals < MOST_DECIMALS], decimals[decimals < MOST_DECIMALS] + 1
        finer, printed = _printed(actual[misled], decimals)
        is_ambiguous = rate_codes(printed, *(end[misled] for end in limits)) == colour[misled]
        words[misled[is_ambiguous]] = [
            f"{fine}{MISLEADING}{words[row]}"
            for fine, row in zip(finer[is_ambiguous], misled[is_ambiguous], strict=True)
        ]
        misled, decimals = misled[~is_ambiguous], decimals[~is_ambiguous]
    return words


def _printed(actual: Floats, decimals: Ints) -> tuple[TextArray, Floats]:
    """Each actual rounded half away from zero, as `rag.rounded` does: in words, and as a float."""
    import pandas as pd  # not before a figure is printed: what is only worded loads it for nothing

    power, size = _POWERS[decimals], np.abs(actual)
    below = np.floor(size * power)
    half = (below + 0.5) / power
    printed = np.copysign((below + (size >= half)) / power, actual) + 0.0  # + 0.0 makes of -0.0 what people print
    words = np.full(actual.shape, "", dtype=object)
    for places in np.unique(decimals):
        rows = np.flatnonzero((decimals == places) & (below < _WHOLE))
        which, distinct = pd.factorize(printed[rows])
        words[rows] = np.array([f"{value:,.{places}f}" for value in distinct.tolist()], dtype=object)[which]
    for row in np.flatnonzero(below >= _WHOLE):
        exactly = rounded(float(actual[row]), int(decimals[row]))
        words[row], printed[row] = f"{exactly:,}", float(exactly)
    return words, printed
