"""Periods: the time that a figure covers. `2026-05`, `2026-27-Q1`, `2026-27-H1`, `2026-27` and `2026/27`.

Financial years run from April to March, academic years from September to August.
"""

from __future__ import annotations

import re
from calendar import month_abbr, month_name, monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache, total_ordering

from xlperf.errors import UsageError


class Frequency(StrEnum):
    """How often a KPI is reported."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half-yearly"
    ANNUAL = "annual"
    ACADEMIC_YEAR = "academic-year"

    @property
    def months(self) -> int:
        """How many months a period has."""
        return _MONTHS[self]


_MONTHS = {
    Frequency.MONTHLY: 1,
    Frequency.QUARTERLY: 3,
    Frequency.HALF_YEARLY: 6,
    Frequency.ANNUAL: 12,
    Frequency.ACADEMIC_YEAR: 12,
}
_APRIL, _SEPTEMBER = 3, 8  # months after January in which the two years begin
_YEAR_STARTS = {Frequency.ACADEMIC_YEAR: _SEPTEMBER}

_PATTERNS = {
    Frequency.QUARTERLY: re.compile(r"(\d{4})-(\d{2})-Q([1-4])"),
    Frequency.HALF_YEARLY: re.compile(r"(\d{4})-(\d{2})-H([12])"),
    Frequency.ACADEMIC_YEAR: re.compile(r"(\d{4})/(\d{2})"),
    Frequency.ANNUAL: re.compile(r"(\d{4})-(\d{2})"),
    Frequency.MONTHLY: re.compile(r"(\d{4})-(\d{2})"),
}
_EXAMPLES = {
    Frequency.MONTHLY: "2026-05",
    Frequency.QUARTERLY: "2026-27-Q1",
    Frequency.HALF_YEARLY: "2026-27-H1",
    Frequency.ANNUAL: "2026-27 (financial year)",
    Frequency.ACADEMIC_YEAR: "2026/27 (academic year)",
}


@total_ordering
@dataclass(frozen=True, eq=True)
class Period:
    """One month, quarter, half-year, financial year or academic year.

    `number` counts periods of the same frequency from year 0, so that neighbours differ by one. Periods of different
    frequencies are ordered by their last day, the shorter first.
    """

    frequency: Frequency
    number: int

    @classmethod
    def parse(cls, text: str, frequency: Frequency | None = None) -> Period:
        """The period that `text` names.

        `2009-10` could be October 2009 or a financial year; where `frequency` does not say, that is refused.

        Raises:
            UsageError: the text is no period, or not one of `frequency`.
        """
        return _parsed(str(text).strip(), frequency)

    @classmethod
    def containing(cls, day: date, frequency: Frequency) -> Period:
        """The period of that frequency which `day` falls in."""
        months = day.year * 12 + day.month - 1
        return cls(frequency, (months - _offset(frequency)) // _MONTHS[frequency])

    @property
    def _first_month(self) -> int:
        return self.number * _MONTHS[self.frequency] + _offset(self.frequency)

    @cached_property
    def first_day(self) -> date:
        """The period's first day."""
        year, month = divmod(self._first_month, 12)
        return date(year, month + 1, 1)

    @cached_property
    def last_day(self) -> date:
        """The period's last day."""
        year, month = divmod(self._first_month + _MONTHS[self.frequency] - 1, 12)
        return date(year, month + 1, monthrange(year, month + 1)[1])

    def next(self, count: int = 1) -> Period:
        """The period `count` later, of the same frequency."""
        return Period(self.frequency, self.number + count)

    def previous(self, count: int = 1) -> Period:
        """The period `count` earlier, of the same frequency."""
        return self.next(-count)

    def same_last_year(self) -> Period:
        """The period a year earlier, of the same frequency."""
        return self.previous(12 // _MONTHS[self.frequency])

    def ending_within(self, frequency: Frequency) -> tuple[Period, ...]:
        """The periods of `frequency` whose last day falls inside this one, earliest first."""
        period = Period.containing(self.first_day, frequency)
        periods = []
        while period.last_day <= self.last_day:
            if period.last_day >= self.first_day:
                periods.append(period)
            period = period.next()
        return tuple(periods)

    @property
    def _year(self) -> str:
        year = self._first_month // 12 if self._first_month % 12 >= _APRIL else self._first_month // 12 - 1
        return f"{year}-{(year + 1) % 100:02d}"

    def __str__(self) -> str:
        """The period's key, as `parse` reads it."""
        return _key_of(self.frequency, self.number)

    def _written(self) -> str:
        match self.frequency:
            case Frequency.MONTHLY:
                return f"{self.first_day:%Y-%m}"
            case Frequency.QUARTERLY:
                return f"{self._year}-Q{self.number % 4 + 1}"
            case Frequency.HALF_YEARLY:
                return f"{self._year}-H{self.number % 2 + 1}"
            case Frequency.ANNUAL:
                return self._year
            case Frequency.ACADEMIC_YEAR:
                return f"{self.first_day:%Y}/{(self.first_day.year + 1) % 100:02d}"

    @property
    def label(self) -> str:
        """The period in words: `Quarter 1 2026-27 (April to June 2026)`."""
        return _label_of(self.frequency, self.number)

    def _in_words(self) -> str:
        first, last = self.first_day, self.last_day
        span = f"{month_name[first.month]} {first.year} to {month_name[last.month]} {last.year}"
        if first.year == last.year:
            span = f"{month_name[first.month]} to {month_name[last.month]} {last.year}"
        match self.frequency:
            case Frequency.MONTHLY:
                return f"{month_name[first.month]} {first.year}"
            case Frequency.QUARTERLY:
                return f"Quarter {self.number % 4 + 1} {self._year} ({span})"
            case Frequency.HALF_YEARLY:
                return f"Half-year {self.number % 2 + 1} {self._year} ({span})"
            case Frequency.ANNUAL:
                return f"Financial year {self._year}"
            case Frequency.ACADEMIC_YEAR:
                return f"Academic year {self}"

    @property
    def short(self) -> str:
        """The period for a narrow column: `Jun 2026`, `Q1 26-27`, `H1 26-27`, `2026-27`, `2026/27`."""
        return _short_of(self.frequency, self.number)

    def _in_short(self) -> str:
        match self.frequency:
            case Frequency.MONTHLY:
                return f"{month_abbr[self.first_day.month]} {self.first_day.year}"
            case Frequency.QUARTERLY | Frequency.HALF_YEARLY:
                return f"{str(self)[-2:]} {self._year[2:]}"
            case _:
                return str(self)

    def __lt__(self, other: Period) -> bool:
        return self._order < other._order

    @cached_property
    def _order(self) -> tuple[date, int, str]:
        return (self.last_day, _MONTHS[self.frequency], self.frequency)


@lru_cache(maxsize=4096)  # the same few stand in every row of a return and of the master
def _key_of(frequency: Frequency, number: int) -> str:
    return Period(frequency, number)._written()


@lru_cache(maxsize=4096)
def _label_of(frequency: Frequency, number: int) -> str:
    return Period(frequency, number)._in_words()


@lru_cache(maxsize=4096)
def _short_of(frequency: Frequency, number: int) -> str:
    return Period(frequency, number)._in_short()


def _offset(frequency: Frequency) -> int:
    return _YEAR_STARTS.get(frequency, 0 if frequency is Frequency.MONTHLY else _APRIL)


@lru_cache(maxsize=4096)  # the same few periods stand with every figure
def _parsed(text: str, frequency: Frequency | None) -> Period:
    candidates = [
        period for one in (Frequency if frequency is None else (frequency,)) if (period := _parse_as(one, text))
    ]
    if not candidates:
        wanted = f"a {frequency} period" if frequency else "a period"
        examples = _EXAMPLES[frequency] if frequency else ", ".join(_EXAMPLES.values())
        raise UsageError(f"'{text}' is not {wanted}; write it like {examples}")
    if len(candidates) > 1:
        raise UsageError(f"'{text}' could be a month or a financial year; it cannot be used without its frequency")
    return candidates[0]


def _parse_as(frequency: Frequency, text: str) -> Period | None:
    match = _PATTERNS[frequency].fullmatch(text)
    if match is None:
        return None
    year, second = int(match[1]), int(match[2])
    if not 1900 <= year <= 2199:
        return None
    if frequency is Frequency.MONTHLY:
        return Period(frequency, year * 12 + second - 1) if 1 <= second <= 12 else None
    if second != (year + 1) % 100:
        return None
    part = int(match[3]) - 1 if match.re.groups == 3 else 0
    per_year = 12 // _MONTHS[frequency]
    return Period(frequency, year * per_year + part)
