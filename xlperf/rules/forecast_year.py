"""The year that a forecast is about; apart from its RAG, so that whoever asks for the year loads no arrays."""

from __future__ import annotations

from xlperf.period import Frequency, Period


def year_of(period: Period) -> Period:
    """The year at whose end a forecast looks: the financial year, and of an academic year that year itself."""
    is_academic = period.frequency is Frequency.ACADEMIC_YEAR
    return period if is_academic else Period.containing(period.last_day, Frequency.ANNUAL)
