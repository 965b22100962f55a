"""Means as exact as floats allow, of many series at once.

A plain float mean of twenty times 0.7 is not 0.7, and every point of that constant series would then lie on one side
of its own mean. So sums are correctly rounded, as `math.fsum` rounds them, and a mean is corrected by the mean of what
is left over. Each float addition leaves an error that is itself a float (Knuth's two-sum); the errors are added up the
same way, and only where that too would lose a bit is the column handed to `math.fsum`.

In all arrays of this package time runs down and each column is a series.
"""

from __future__ import annotations

from math import fsum

import numpy as np

from xlperf.rules.arrays import Bools, Floats


def two_sum(one: Floats, other: Floats) -> tuple[Floats, Floats]:
    """The rounded sum, and exactly what rounding left over."""
    total = one + other
    other_rounded = total - one
    return total, (one - (total - other_rounded)) + (other - other_rounded)


def exact_sum(terms: Floats) -> Floats:
    """The sum of each column, correctly rounded: equal to `math.fsum` of it. Terms are finite, none beyond 1e100."""
    total, left_over = np.zeros((2, terms.shape[1]))
    inexact = np.zeros(terms.shape[1], dtype=bool)  # columns whose sum of errors was itself rounded
    for term in terms:
        total, error = two_sum(total, term)
        left_over, lost = two_sum(left_over, error)
        inexact |= lost != 0
    total += left_over
    for column in np.flatnonzero(inexact):
        total[column] = fsum(terms[:, column])
    return total


def exact_mean(values: Floats, counted: Bools) -> Floats:
    """The mean of each column's counted values, then corrected by the mean of the remainders.

    With the n counted values v: `m = fsum(v)/n; m += fsum(v-m)/n`. NaN where none is counted.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        number = counted.sum(axis=0)
        mean: Floats = exact_sum(np.where(counted, values, 0.0)) / number
        mean += exact_sum(np.where(counted, values - mean, 0.0)) / number
    return mean
