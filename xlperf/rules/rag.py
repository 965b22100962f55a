"""RAG: an actual against its target.

    higher    Green: actual >= target            Amber: actual >= target - tolerance        else Red
    lower     Green: actual <= target            Amber: actual <= target + tolerance        else Red
    range     Green: low <= actual <= high       Amber: within tolerance outside it         else Red
    neutral, or no target: No target

Every direction is brought to one shape: Green inside a closed interval, Amber inside a wider one, else Red. The ends
are worked out in decimal, as the catalogue's author wrote them, and only then become floats of 15 digits, like figures
(see `xlperf.digits`): 95 less 5.1 is the float nearest to 89.9, which is what an owner's 89.9 is too. So a figure on a
limit is always on the right side of it.

An owner sees the same as they type, by a formula in the return: `_rag` of tools/make_templates.py says it in Excel's
words, and tests/returns/test_live_formulas.py compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import inf, isnan, nan

import numpy as np

from xlperf.catalogue import Direction, Target
from xlperf.digits import as_decimal, fifteen
from xlperf.rules.arrays import Codes, Floats, TextArray
from xlperf.rules.ratings import MILESTONES as MILESTONES
from xlperf.rules.ratings import Rag as Rag

RAGS = tuple(map(str, Rag))
"""What a code of `rate_codes` says."""


@dataclass(frozen=True, slots=True)
class RagLimits:
    """Green inside [green_from, green_to], Amber inside [amber_from, amber_to]; all NaN where there is no target."""

    green_from: float = nan
    green_to: float = nan
    amber_from: float = nan
    amber_to: float = nan

    @property
    def has_target(self) -> bool:
        """False where there is nothing to judge by."""
        return not isnan(self.green_from)


NO_LIMITS = RagLimits()


def limits(target: Target | None, direction: Direction) -> RagLimits:
    """The limits a target sets, in the KPI's unit; `NO_LIMITS` without a target or a better direction."""
    if target is None or direction is Direction.NEUTRAL:
        return NO_LIMITS
    low = target.low if direction is Direction.RANGE else target.target
    high = target.high if direction is Direction.RANGE else target.target
    if low is None or high is None:
        return NO_LIMITS
    amber_from, amber_to = low - target.amber_beyond(low), high + target.amber_beyond(high)
    if direction is Direction.HIGHER:
        return RagLimits(fifteen(low), inf, fifteen(amber_from), inf)
    if direction is Direction.LOWER:
        return RagLimits(-inf, fifteen(high), -inf, fifteen(amber_to))
    return RagLimits(*map(fifteen, (low, high, amber_from, amber_to)))


def rate(actual: Floats, green_from: Floats, green_to: Floats, amber_from: Floats, amber_to: Floats) -> TextArray:
    """The RAG of each actual.

    Args:
        actual: actuals as they are read, in the KPI's unit; NaN where there is none.
        green_from: the limits, as in `RagLimits`; NaN where there is no target.
        green_to: as green_from.
        amber_from: as green_from.
        amber_to: as green_from.

    Returns:
        Words of `Rag`, same shape: Not returned for a NaN actual, No target for NaN limits.
    """
    return np.array(RAGS, dtype=object)[rate_codes(actual, green_from, green_to, amber_from, amber_to)]


def rate_codes(actual: Floats, green_from: Floats, green_to: Floats, amber_from: Floats, amber_to: Floats) -> Codes:
    """Like `rate`, but returns positions in `RAGS`, which take less memory and time."""
    rated = np.full(actual.shape, code(Rag.RED))
    rated[(amber_from <= actual) & (actual <= amber_to)] = code(Rag.AMBER)
    rated[(green_from <= actual) & (actual <= green_to)] = code(Rag.GREEN)
    rated[np.isnan(green_from)] = code(Rag.NO_TARGET)
    rated[np.isnan(actual)] = code(Rag.NOT_RETURNED)
    return rated


def code(rag: Rag) -> np.int8:
    """The position of a rating in `RAGS`."""
    return np.int8(RAGS.index(rag))


def rate_one(actual: float, within: RagLimits) -> Rag:
    """The RAG of one actual, as `rate` gives it: for one figure, arrays would take a hundred times as long."""
    if isnan(actual):
        return Rag.NOT_RETURNED
    if not within.has_target:
        return Rag.NO_TARGET
    if within.green_from <= actual <= within.green_to:
        return Rag.GREEN
    return Rag.AMBER if within.amber_from <= actual <= within.amber_to else Rag.RED


def actual_from_parts(numerator: float, denominator: float, factor: int) -> float:
    """Numerator / denominator x factor, to 15 digits; 57 of 100 is 57, not 56.99999999999999.

    Raises:
        ZeroDivisionError: the denominator is 0.
    """
    # By way of the nearest float, as Excel divides and as 0.1.0 recorded it: brought to 15 digits from the fraction
    # itself, one in some hundred would differ from both in its last digit.
    if numerator.is_integer() and denominator.is_integer():
        return fifteen(factor * numerator / denominator)
    return fifteen(float(as_decimal(numerator) * factor / as_decimal(denominator)))


def rounded(actual: float, decimals: int) -> Decimal:
    """The actual as printed, half away from zero as Excel rounds, judged on the digits a person would see."""
    # + 0 makes of -0.0 what people print.
    return Decimal(repr(actual)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP) + 0
