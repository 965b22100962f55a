from __future__ import annotations

from datetime import date

import pytest

from xlperf.errors import UsageError
from xlperf.period import Frequency, Period


@pytest.mark.parametrize(
    ("text", "frequency", "first", "last"),
    [
        ("2026-05", Frequency.MONTHLY, date(2026, 5, 1), date(2026, 5, 31)),
        ("2024-02", Frequency.MONTHLY, date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-27-Q1", Frequency.QUARTERLY, date(2026, 4, 1), date(2026, 6, 30)),
        ("2026-27-Q4", Frequency.QUARTERLY, date(2027, 1, 1), date(2027, 3, 31)),
        ("2026-27-H2", Frequency.HALF_YEARLY, date(2026, 10, 1), date(2027, 3, 31)),
        ("2026-27", Frequency.ANNUAL, date(2026, 4, 1), date(2027, 3, 31)),
        ("1999-00", Frequency.ANNUAL, date(1999, 4, 1), date(2000, 3, 31)),
        ("2026/27", Frequency.ACADEMIC_YEAR, date(2026, 9, 1), date(2027, 8, 31)),
    ],
)
def test_a_period_knows_its_days(text: str, frequency: Frequency, first: date, last: date) -> None:
    period = Period.parse(text)
    assert (period.frequency, period.first_day, period.last_day) == (frequency, first, last)
    assert str(period) == text


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-28", "2026-27-Q5", "2026-27-H3", "2026/28", "26-27", "2026-27-q1x", "1066-67"]
)
def test_what_is_no_period_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match="write it like 2026-05"):
        Period.parse(text)


def test_a_month_is_never_taken_for_a_year() -> None:
    with pytest.raises(UsageError, match="month or a financial year"):
        Period.parse("2009-10")
    assert Period.parse("2009-10", Frequency.MONTHLY).last_day == date(2009, 10, 31)
    assert Period.parse("2009-10", Frequency.ANNUAL).last_day == date(2010, 3, 31)


def test_a_period_of_another_frequency_is_refused() -> None:
    with pytest.raises(UsageError, match="not a quarterly period"):
        Period.parse("2026-05", Frequency.QUARTERLY)


@pytest.mark.parametrize(
    ("text", "following", "last_year"),
    [
        ("2026-12", "2027-01", "2025-12"),
        ("2026-27-Q4", "2027-28-Q1", "2025-26-Q4"),
        ("2026-27-H2", "2027-28-H1", "2025-26-H2"),
        ("2026-27", "2027-28", "2025-26"),
        ("2026/27", "2027/28", "2025/26"),
    ],
)
def test_next_previous_and_last_year(text: str, following: str, last_year: str) -> None:
    period = Period.parse(text)
    assert str(period.next()) == following
    assert period.next().previous() == period
    assert str(period.same_last_year()) == last_year


@pytest.mark.parametrize(
    ("text", "label", "short"),
    [
        ("2026-05", "May 2026", "May 2026"),
        ("2026-27-Q1", "Quarter 1 2026-27 (April to June 2026)", "Q1 26-27"),
        ("2026-27-H2", "Half-year 2 2026-27 (October 2026 to March 2027)", "H2 26-27"),
        ("2026-27", "Financial year 2026-27", "2026-27"),
        ("2026/27", "Academic year 2026/27", "2026/27"),
    ],
)
def test_words_for_people(text: str, label: str, short: str) -> None:
    assert (Period.parse(text).label, Period.parse(text).short) == (label, short)


@pytest.mark.parametrize(
    ("reporting", "frequency", "expected"),
    [
        ("2026-27-Q1", Frequency.MONTHLY, ["2026-04", "2026-05", "2026-06"]),
        ("2026-27-Q1", Frequency.QUARTERLY, ["2026-27-Q1"]),
        ("2026-27-Q1", Frequency.HALF_YEARLY, []),
        ("2026-27-Q2", Frequency.HALF_YEARLY, ["2026-27-H1"]),
        ("2026-27-Q2", Frequency.ACADEMIC_YEAR, ["2025/26"]),
        ("2026-27-Q4", Frequency.ANNUAL, ["2026-27"]),
        ("2026-08", Frequency.ACADEMIC_YEAR, ["2025/26"]),
    ],
)
def test_what_ends_in_a_reporting_period(reporting: str, frequency: Frequency, expected: list[str]) -> None:
    assert [str(period) for period in Period.parse(reporting).ending_within(frequency)] == expected


def test_periods_are_ordered_by_their_last_day_the_shorter_first() -> None:
    texts = ["2026-27", "2027-03", "2026-27-Q4", "2026-27-H2", "2026-27-Q3", "2027/28", "2026-12"]
    ordered = [str(period) for period in sorted(map(Period.parse, texts))]
    assert ordered == ["2026-12", "2026-27-Q3", "2027-03", "2026-27-Q4", "2026-27-H2", "2026-27", "2027/28"]


def test_a_day_belongs_to_one_period_of_each_frequency() -> None:
    day = date(2027, 2, 14)
    found = [str(Period.containing(day, frequency)) for frequency in Frequency]
    assert found == ["2027-02", "2026-27-Q4", "2026-27-H2", "2026-27", "2026/27"]
