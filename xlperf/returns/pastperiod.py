"""The period that a cell of a history file names; if it could be two periods, it is refused and both are named."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from xlperf.errors import UsageError
from xlperf.period import Frequency, Period
from xlperf.returns import cell_values
from xlperf.tables import Cell, CellKind, NumberStyle

_YEARS = re.compile(r"(\d{4})[-/](\d{2})", re.ASCII)
_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})", re.ASCII)
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?[-/ ']*(\d{2}|\d{4})", re.ASCII | re.IGNORECASE)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/ ]*([a-z]{3,9})", re.ASCII | re.IGNORECASE)
_MONTHS = {name.casefold(): number for names in (month_name, month_abbr) for number, name in enumerate(names) if name}
_MONTHS["sept"] = 9
_SERIALS_OF_DATES = range(30_000, 60_000)


class UnclearPeriod(NamedTuple):
    """Why a cell names no period: the code, message and remedy of a finding."""

    code: str
    message: str
    fix: str


def read_period(cell: Cell, frequency: Frequency, *, date_1904: bool) -> Period | UnclearPeriod:
    """The period that a cell names for a KPI of that frequency, or why it names none.

    Args:
        cell: the cell of the file; a date if its number format shows one.
        frequency: of the KPI; decides whether `2009-10` is a month or a year.
        date_1904: whether the workbook counts days from 1904.
    """
    text = cell.raw.strip()
    if cell.kind is CellKind.UNCALCULATED:
        return UnclearPeriod(
            "R003", "Period: the formula has no calculated value.", "Open the file in Excel, press F9, save it."
        )
    if not text:
        return UnclearPeriod(
            "R025", "the row has no period.", "Give it in every row; of merged cells only the first has it."
        )
    if cell.kind is CellKind.NUMBER and cell.style is NumberStyle.DATE:
        return _of_date(cell, frequency, date_1904=date_1904)
    try:
        return Period.parse(text, frequency)
    except UsageError as error:
        return _unclear(cell, text, frequency, str(error), date_1904=date_1904)


def shown_period(cell: Cell, *, date_1904: bool) -> str:
    """The text of a cell that should name a period, for a message; a date as an ISO date."""
    if cell.kind is CellKind.NUMBER and cell.style is NumberStyle.DATE:
        day = cell_values.day_of_serial(float(cell.raw), date_1904=date_1904)
        return day.isoformat() if day else cell.raw
    return cell_values.shown(cell)


def _of_date(cell: Cell, frequency: Frequency, *, date_1904: bool) -> Period | UnclearPeriod:
    """The period of a date. Excel turns a typed 2026-05 into 1 May; a first or last day can only mean its month."""
    serial = float(cell.raw)
    day = cell_values.day_of_serial(serial, date_1904=date_1904)
    if day is None or not serial.is_integer():
        return UnclearPeriod("R025", "the period is a time of day, or a date outside 1985 to 2120.", _write(frequency))
    period = Period.containing(day, frequency)
    if frequency is Frequency.MONTHLY and day in (period.first_day, period.last_day):
        return period
    return UnclearPeriod(
        "R051",
        f"the date {_day(day)} could mean {period}, which contains it, or {period.previous()}, which ended before it.",
        f"Write the period as text, {period} or {period.previous()}; Excel may have made this date from other text.",
    )


def _unclear(cell: Cell, text: str, frequency: Frequency, error: str, *, date_1904: bool) -> UnclearPeriod:
    readings = list(dict.fromkeys(_readings(text)))
    if cell.kind is CellKind.NUMBER and text.isdecimal() and int(text) in _SERIALS_OF_DATES:
        day = cell_values.day_of_serial(float(text), date_1904=date_1904)
        return UnclearPeriod("R025", f"{text} may be the number that Excel stores for {_day(day)}.", _write(frequency))
    month = next((key for reading in readings if (key := _key(reading))), "")
    fix = f"Write {month} for the month." if month and frequency is Frequency.MONTHLY else _write(frequency)
    if len(readings) < 2:
        return UnclearPeriod("R025", f"{error.partition(';')[0]}.", fix)
    if month and month in fix and any(map(str.isalpha, text)):
        fix += f" Excel turns that into {text} unless the column is formatted as Text first."
    return UnclearPeriod("R051", f"'{text}' could be {', or '.join(readings)}.", fix)


def _write(frequency: Frequency) -> str:
    return f"Write it like {Period.containing(date(2026, 5, 1), frequency)}."


def _readings(text: str) -> Iterator[str]:
    """The periods and dates that a text could mean, in words."""
    if match := _YEARS.fullmatch(text):
        year, second = int(match[1]), int(match[2])
        if 1 <= second <= 12:
            yield f"{month_name[second]} {year}"
        if second == (year + 1) % 100:
            yield f"the financial year {year}-{second:02d}"
            yield f"the academic year {year}/{second:02d}"
    elif match := _DAY.fullmatch(text):
        first, second, year = int(match[1]), int(match[2]), _year(match[3])
        yield from (*_days(year, second, first), *_days(year, first, second))
    elif (match := _MONTH_FIRST.fullmatch(text)) and (name := match[1].casefold()) in _MONTHS:
        yield f"{month_name[_MONTHS[name]]} {_year(match[2])}"
        yield from _days_of(_MONTHS[name], int(match[2]))
    elif (match := _DAY_FIRST.fullmatch(text)) and (name := match[2].casefold()) in _MONTHS:
        yield from _days_of(_MONTHS[name], int(match[1]))
        yield f"{month_name[_MONTHS[name]]} {_year(match[1])}"


def _key(reading: str) -> str:
    """The key of a month in words, as `2026-05`; "" for anything else."""
    name, _, year = reading.partition(" ")
    month = _MONTHS.get(name.casefold())
    return f"{year}-{month:02d}" if month else ""


def _days(year: int, month: int, day: int) -> Iterator[str]:
    try:
        yield _day(date(year, month, day))
    except ValueError:
        return


def _days_of(month: int, day: int) -> Iterator[str]:
    yield from (f"{day} {month_name[month]}" for _ in _days(2024, month, day))


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "a date"


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < 70 else 1900)
