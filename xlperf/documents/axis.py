"""The scales of a chart: where a value stands, and the round values that its axis names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

TICKS, FEW_TICKS = 5, 3
"""About how many values an axis names; and a low one."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From values in `low` to `high` to heights from `bottom` up to `top`, in points from the top of the picture."""

    low: float
    high: float
    bottom: float
    top: float

    def place(self, value: float) -> float:
        """Where a value stands."""
        share = (value - self.low) / (self.high - self.low)
        return self.bottom - share * (self.bottom - self.top)


def around(values: Sequence[float]) -> tuple[float, float]:
    """The lowest and the highest; of one value, as much below it as above."""
    low, high = min(values), max(values)
    if low == high:
        margin = abs(low) * 0.1 or 1.0
        return low - margin, high + margin
    return low, high


def ticks(low: float, high: float, about: int = TICKS) -> tuple[list[float], int]:
    """About so many round values that enclose `low` and `high`, and the decimals that they need."""
    rough = (high - low) / about
    size = 10.0 ** floor(log10(rough))
    step = next(factor * size for factor in (1, 2, 2.5, 5, 10) if factor * size >= rough * 0.999)
    decimals = max(0, -floor(log10(step) + 1e-9))
    if round(step, decimals) != step:
        decimals += 1
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(number * step, decimals) for number in range(first, last + 1)], decimals
