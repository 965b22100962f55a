"""What a KPI's figure measures: its period alone, the year so far, or the months up to the end of the period."""

from __future__ import annotations

from enum import StrEnum

from xlperf.period import Frequency, Period


class Measure(StrEnum):
    """What a figure of a period covers."""

    PERIOD = "period"
    CUMULATIVE = "cumulative"
    ROLLING = "rolling"


class Restart(StrEnum):
    """The year at whose beginning a cumulative figure starts again from nothing."""

    FINANCIAL = "financial"
    ACADEMIC = "academic"

    @property
    def year(self) -> Frequency:
        """The year, as a period."""
        return Frequency.ACADEMIC_YEAR if self is Restart.ACADEMIC else Frequency.ANNUAL

    @property
    def first_day(self) -> str:
        """The day of its restart, in words."""
        return "1 September" if self is Restart.ACADEMIC else "1 April"

    def begins_with(self, period: Period) -> bool:
        """Whether a year begins in a period, so that a figure to date is the period's own."""
        year = Period.containing(period.last_day, self.year)
        return period.first_day <= year.first_day
