"""A series as a row of small text columns, which prints the same from Excel, LibreOffice and a PDF."""

from __future__ import annotations

from collections.abc import Sequence

_BARS = "▁▂▃▄▅▆▇█"
_GAP = "·"
_AT_TARGET, _BELOW_TARGET = 4, 2
"""The lowest bar at or above a target, and the highest below it."""

EMS = 0.77
"""The width of a bar in ems, in the font that LibreOffice uses for it (DejaVu Sans); in others it is narrower."""


def spark(values: Sequence[float | None], target: float | None = None) -> str:
    """One character for each value; · for None.

    With a target, ▅ is a value at it: the bars from there up are at or above it, those from ▃ down below it, each as
    high or low as it is far from the target, compared with the one that is farthest. No bar is a ▄, so that the two
    sides can be told apart. Without, from the lowest of the
    series (▁) to the highest (█); a series that never changes is drawn at middle height, so that it does not look low.
    """
    numbers = [value for value in values if value is not None]
    if not numbers:
        return ""
    if target is not None:
        farthest = max(abs(value - target) for value in numbers) or 1.0
        return "".join(_GAP if v is None else _BARS[_against((v - target) / farthest)] for v in values)
    low, high = min(numbers), max(numbers)
    if low == high:
        return "".join(_GAP if value is None else _BARS[3] for value in values)
    top = len(_BARS) - 1
    return "".join(_GAP if v is None else _BARS[round((v - low) / (high - low) * top)] for v in values)


def _against(distance: float) -> int:
    """Which bar is so far from the target: -1 is as far below as any is, 1 as far above."""
    if distance >= 0:
        return _AT_TARGET + round(distance * (len(_BARS) - 1 - _AT_TARGET))
    return _BELOW_TARGET - round(-distance * _BELOW_TARGET)
