"""The spans that a KPI's periods are put together into: the quarter, and the year to date."""

from __future__ import annotations

from calendar import month_name
from dataclasses import dataclass

from xlperf.catalogue import Catalogue, Kpi
from xlperf.period import Frequency, Period

QUARTER, YEAR_TO_DATE = "Quarter", "Year to date"
SPANS = (QUARTER, YEAR_TO_DATE)

_SHORTER_THAN_A_YEAR = (Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.HALF_YEARLY)


@dataclass(frozen=True, slots=True)
class Span:
    """Periods of a KPI, earliest first, reported as one: `name` is one of `SPANS`, `label` says which months."""

    name: str
    label: str
    periods: tuple[Period, ...]


def spans(catalogue: Catalogue, kpi: Kpi, as_at: Period) -> tuple[Span, ...]:
    """The spans of a KPI at the end of a reporting period; none if no period has ended, or if the KPI is yearly.

    The quarter is the one that the last day of `as_at` falls in, and only months are put together into it. The year is
    the financial year; it is the academic year where the calendar is academic, but for months only, since neither
    quarters nor half-years begin with September. Of a cumulative KPI it is the year in which its figures restart.
    Only periods that have ended by the end of `as_at` are in a span.
    """
    spans = []
    quarter = Period.containing(as_at.last_day, Frequency.QUARTERLY)
    if kpi.frequency is Frequency.MONTHLY and (months := _ended(kpi, quarter, as_at)):
        spans.append(Span(QUARTER, _quarter_label(quarter, months), months))
    if kpi.frequency in _SHORTER_THAN_A_YEAR:
        year = Period.containing(as_at.last_day, _year(catalogue, kpi))
        if periods := _ended(kpi, year, as_at):
            spans.append(Span(YEAR_TO_DATE, _months(periods), periods))
    return tuple(spans)


def _year(catalogue: Catalogue, kpi: Kpi) -> Frequency:
    if kpi.is_cumulative and kpi.restarts_in is not None:
        return kpi.restarts_in.year
    academic = catalogue.calendar.frequency is Frequency.ACADEMIC_YEAR and kpi.frequency is Frequency.MONTHLY
    return Frequency.ACADEMIC_YEAR if academic else Frequency.ANNUAL


def _ended(kpi: Kpi, span: Period, as_at: Period) -> tuple[Period, ...]:
    periods = span.ending_within(kpi.frequency)
    return tuple(period for period in periods if period.last_day <= as_at.last_day and kpi.is_reported_in(period))


def _quarter_label(quarter: Period, months: tuple[Period, ...]) -> str:
    """`Quarter 2 2026-27 (July to September 2026)`; before its end `Quarter 2 2026-27 to date (July 2026)`."""
    name = quarter.label.partition(" (")[0]
    to_date = "" if months[-1].last_day == quarter.last_day else " to date"
    return f"{name}{to_date} ({_months(months)})"


def _months(periods: tuple[Period, ...]) -> str:
    """The months that periods cover: `April to September 2026`, `April 2026 to January 2027`, `April 2026`."""
    first, last = periods[0].first_day, periods[-1].last_day
    until = f"{month_name[last.month]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return until
    year = "" if first.year == last.year else f" {first.year}"
    return f"{month_name[first.month]}{year} to {until}"
