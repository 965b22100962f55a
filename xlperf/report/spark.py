"""A series as a row of small text columns, which prints the same from Excel, LibreOffice and a PDF."""

from __future__ import annotations

from collections.abc import Sequence

_BARS = "▁▂▃▄▅▆▇█"
_GAP = "·"

EMS = 0.77
"""How wide a bar is in the font that LibreOffice brings along for it (DejaVu Sans), in ems; others are narrower."""


def spark(values: Sequence[float | None]) -> str:
    """One character a value, from the series' lowest (▁) to its highest (█); · where there is none.

    A series that never changes is drawn at middle height, so that it does not look low.
    """
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    if low == high:
        return "".join(_GAP if value is None else _BARS[3] for value in values)
    top = len(_BARS) - 1
    return "".join(_GAP if v is None else _BARS[round((v - low) / (high - low) * top)] for v in values)
