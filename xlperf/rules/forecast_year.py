"""The year that a forecast is about; apart from its RAG, so that whoever asks for the year loads no arrays."""

from __future__ import annotations

from xlperf.catalogue import Kpi
from xlperf.period import Frequency, Period


def year_of(kpi: Kpi, period: Period) -> Period:
    """The year at whose end a forecast given with the figure of a period looks.

    Of a figure to date it is the year in which that restarts, and of an academic year that year itself; else the
    financial year.
    """
    if kpi.restarts_in is not None:
        return Period.containing(period.last_day, kpi.restarts_in.year)
    is_academic = period.frequency is Frequency.ACADEMIC_YEAR
    return period if is_academic else Period.containing(period.last_day, Frequency.ANNUAL)


def year_end(kpi: Kpi, year: Period) -> Period:
    """The last period of a year, of the frequency of the KPI: the one whose figure a forecast for that year is about.

    An academic year that a KPI does not follow ends within one of its periods; then it is that one.
    """
    return Period.containing(year.last_day, kpi.frequency)
