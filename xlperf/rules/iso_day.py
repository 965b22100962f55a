"""The day in a text that somebody typed, or a program recorded."""

from __future__ import annotations

from datetime import date


def day_of(typed: str) -> date | None:
    """The day of an ISO date; None for other text, and for years outside 1900 to 2199, which are typing errors."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2199 else None
