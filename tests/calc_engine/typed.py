"""What Excel makes of a text put into a cell that is not formatted as text: it reads it as if somebody had typed it.

`read("001")` is the number 1, `read("1/2")` the first of February, `read("=A1")` a formula, `read("abc")` None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

GENERAL = "General"
DATE, DATE_TIME = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
EPOCH = datetime(1899, 12, 30)
"""Day nought, unless a workbook says otherwise."""

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NUMBER = re.compile(r"(?P<sign>[-+]?)(?P<digits>(\d[\d,]*\.?\d*|\.\d+)(e[-+]?\d+)?)", re.IGNORECASE)
_FRACTION = re.compile(r"([-+]?)(\d+) (\d+)/(\d+)")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/ ](\d{1,2}|[a-z]{3,9})(?:[-/ ](\d{4}|\d{2}))?", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})[-/ ]?(\d{4}|\d{1,2})", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?( ?[ap]m)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a text became; `format` is the number format Excel gives to a General cell on the way."""

    value: float | bool = 0.0
    format: str = GENERAL
    formula: str = ""


def read(text: str, year: int | None = None) -> Typed | None:
    """Return what Excel would make of a typed text, None if it stays text. Days come before months, as in the UK.

    `year` is the one meant by a date without one: this year.
    """
    bare = text.strip()
    if len(text) > 1 and text[0] == "=":
        return Typed(formula=text)
    number = _number(bare)
    if number is not None:
        return number
    if len(text) > 1 and text[0] in "+-@":  # as a formula used to begin in other programs
        return Typed(formula="=" + text.lstrip("@+"))
    if bare.upper() in ERRORS:
        return Typed(formula=f"={bare.upper()}")
    if bare.upper() in ("TRUE", "FALSE"):
        return Typed(value=bare.upper() == "TRUE")
    return _time(bare) or _date(bare, year or datetime.now().astimezone().year)


def serial(moment: date, epoch: datetime = EPOCH) -> float:
    """A date or a time of a date as the number of days since a workbook's day nought."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    gone: timedelta = moment.replace(tzinfo=None) - epoch
    return gone.days + (gone.seconds + gone.microseconds / 1e6) / 86400


def number_text(value: float) -> str:
    """A number as Excel writes it into a text: fifteen digits, no decimal point for a whole one."""
    mantissa, _, exponent = f"{value:.15g}".partition("e")
    return f"{mantissa}E{exponent}" if exponent else mantissa


def _number(bare: str) -> Typed | None:
    fraction = _FRACTION.fullmatch(bare)
    if fraction and int(fraction[4]):
        size = int(fraction[2]) + int(fraction[3]) / int(fraction[4])
        return Typed(-size if fraction[1] == "-" else size, "# ?/?")
    bracketed = bare.startswith("(") and bare.endswith(")")
    bare = bare[1:-1] if bracketed else bare
    is_percent, is_money = bare.endswith("%"), bare.removeprefix("-")[:1] in ("£", "$", "€")
    number = _NUMBER.fullmatch(re.sub("^(-?)[£$€] ?", r"\1", bare.removesuffix("%")).strip())
    if number is None or (bracketed and number["sign"]):
        return None
    value = float(number["digits"].replace(",", ""))
    value = -value if bracketed or number["sign"] == "-" else value
    if value in (float("inf"), float("-inf")):
        return None
    if is_percent:
        return Typed(value / 100, "0.00%" if "." in bare else "0%")
    if is_money:
        return Typed(value, "£#,##0.00")
    if "e" in bare.lower():
        return Typed(value, "0.00E+00")
    return Typed(value, "#,##0" if "," in bare else GENERAL)


def _time(bare: str) -> Typed | None:
    time = _TIME.fullmatch(bare)
    if time is None or int(time[2]) > 59 or int(time[3] or 0) > 59:
        return None
    afternoon = 12 if (time[4] or "").strip().lower() == "pm" and int(time[1]) < 12 else 0
    seconds = (int(time[1]) + afternoon) * 3600 + int(time[2]) * 60 + int(time[3] or 0)
    return Typed(seconds / 86400, "hh:mm")


def _date(bare: str, year: int) -> Typed | None:
    code = DATE
    if found := _YEAR_FIRST.fullmatch(bare):
        parts = int(found[1]), int(found[2]), int(found[3])
    elif found := _DAY_FIRST.fullmatch(bare):
        parts = _year(found[3], year), _month(found[2]), int(found[1])
        code = DATE if found[3] else "dd-mmm"
        if found[2].isdigit() and parts[1] > 12:
            parts = parts[0], parts[2], parts[1]
    elif found := _MONTH_FIRST.fullmatch(bare):
        is_day = len(found[2]) < 3 and 1 <= int(found[2]) <= 31
        parts = (year if is_day else _year(found[2], year), _month(found[1]), int(found[2]) if is_day else 1)
        code = "dd-mmm" if is_day else "mmm-yy"
    else:
        return None
    try:
        return Typed(serial(date(*parts)), code)
    except ValueError:
        return None


def _month(text: str) -> int:
    """1 to 12 for a number, an English name or its first three letters; 0 for no month."""
    if text.isdigit():
        return int(text)
    names = [name for name in _MONTHS if text.lower() in (name, name[:3]) or text.lower() == name[:4] == "sept"]
    return _MONTHS.index(names[0]) + 1 if names else 0


def _year(text: str | None, this_year: int) -> int:
    if text is None:
        return this_year
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < 30 else 1900)
