"""A series as a row of small text columns, which prints the same from Excel, LibreOffice and a PDF."""

from __future__ import annotations

from collections.abc import Sequence

_BARS = "▁▂▃▄▅▆▇█"
_GAP = "·"

EMS = 0.77
"""The width of a bar in ems, in the font that LibreOffice uses for it (DejaVu Sans); in others it is narrower."""


def spark(values: Sequence[float | None]) -> str:
    """One character for each value, from the lowest of the series (▁) to the highest (█); · for None.

    A series that never changes is drawn at middle height, so that it does not look low.
    """
    numbers = [value for value in values if value is not None]
    if not numbers:
        return ""
    low, high = min(numbers), max(numbers)
    if low == high:
        return "".join(_GAP if value is None else _BARS[3] for value in values)
    top = len(_BARS) - 1
    return "".join(_GAP if v is None else _BARS[round((v - low) / (high - low) * top)] for v in values)
