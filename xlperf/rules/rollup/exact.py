"""Sums and means of figures as decimals, brought to 15 digits at the end: 0.1 and 0.2 make 0.3, in any order.

Figures are what a person typed, so a sum that meets its target on paper must meet it here. Whole numbers below 10^15
are added as floats, which is exact and fast; the rest, group by group, as decimals.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Context, Decimal, localcontext
from math import nan

import numpy as np
import numpy.typing as npt

from xlperf.digits import SIGNIFICANT_DIGITS, fifteen
from xlperf.rules.arrays import Floats

Groups = npt.NDArray[np.int64]
"""The group of each value, counted from 0."""

# Enough digits for the exact sum of any floats: they reach from 1e308 down to 5e-324, and products of two twice as far.
_EXACT = Context(prec=1400)
_WHOLE = 10.0**SIGNIFICANT_DIGITS


def sums(values: Floats, group: Groups, groups: int) -> Floats:
    """The sum of each of `groups` groups; 0 for an empty one, and NaN or infinite where a value is."""
    totals: Floats = np.bincount(group, weights=values, minlength=groups).astype(np.float64)
    sizes = np.bincount(group, weights=np.abs(values), minlength=groups)
    broken = np.bincount(group, weights=values != np.trunc(values), minlength=groups) > 0
    inexact = np.isfinite(sizes) & (broken | (sizes >= _WHOLE))
    chosen = inexact[group]
    for number, total in _decimal_sums(values[chosen], group[chosen]).items():
        totals[number] = fifteen(total)
    return totals


def means(values: Floats, weight: Floats, group: Groups, groups: int) -> Floats:
    """The weighted mean of each group; NaN for an empty one and for one with a weight that is NaN."""
    means = np.full(groups, nan)
    has_weight = ~np.isnan(weight)
    over = _decimal_sums(weight[has_weight], group[has_weight])
    with localcontext(_EXACT):
        weighted: defaultdict[int, Decimal] = defaultdict(Decimal)
        columns = (column[has_weight].tolist() for column in (group, values, weight))
        for number, value, share in zip(*columns, strict=True):
            weighted[number] += Decimal(repr(value)) * Decimal(repr(share))
    for number, total in weighted.items():
        means[number] = fifteen(total / over[number])
    means[np.unique(group[~has_weight])] = nan
    return means


def _decimal_sums(values: Floats, group: Groups) -> dict[int, Decimal]:
    totals: defaultdict[int, Decimal] = defaultdict(Decimal)
    with localcontext(_EXACT):
        for number, value in zip(group.tolist(), values.tolist(), strict=True):
            totals[number] += Decimal(repr(value))
    return totals
