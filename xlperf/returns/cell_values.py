"""Reading the value of a cell that an owner filled in: strictly, with a helpful finding, never by guessing.

Each function returns the value, or None, and the findings. A refused cell (one with a finding that rejects the row)
has no value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from xlperf.digits import SIGNIFICANT_DIGITS, fifteen
from xlperf.findings import Finding
from xlperf.returns import fields
from xlperf.tables import Cell, CellKind, NumberStyle

Report = Callable[..., Finding]
"""Makes a finding about the cell at hand: `report(code, message, found=..., expected=...)`."""

NOT_APPLICABLE_WORDS = frozenset({"n/a", "na", "n.a.", "not applicable"})
LONGEST_TEXT = 30_000
"""Characters. A cell of the master holds 32,767; this leaves room for other programs and for messages that quote it."""

# The spaces used between thousands (no-break, thin, figure, narrow no-break), the tab, and the typographic minus.
_SPACES_AND_MINUS = str.maketrans("\u00a0\u2009\u2007\u202f\t\u2212", "     -")
# A space may separate thousands only: "12 15" is two numbers.
_NUMBER = re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,3}( [0-9]{3})+|[0-9]+)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_ISO_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?")
_ORDINAL = re.compile(r"\b([0-9]{1,2})(?:st|nd|rd|th|af|ail|ydd|fed|eg)\b", re.IGNORECASE)
_WEEKDAYS = frozenset({
    "mon", "monday", "tue", "tues", "tuesday", "wed", "weds", "wednesday", "thu", "thur", "thurs", "thursday",
    "fri", "friday", "sat", "saturday", "sun", "sunday",
    "llun", "mawrth", "mercher", "iau", "gwener", "sadwrn", "sul",
})  # fmt: skip
_WITH_WEEKDAY = 4
"""Words of a date with its weekday; which it is, is not checked: the date counts."""
_MONTHS = {
    "sept": "Sep", "ionawr": "January", "chwefror": "February", "mawrth": "March", "ebrill": "April", "mai": "May",
    "mehefin": "June", "gorffennaf": "July", "awst": "August", "medi": "September", "hydref": "October",
    "tachwedd": "November", "rhagfyr": "December",
}  # fmt: skip
"""Months as people write them in Wales, and the one that Python abbreviates otherwise."""
_DATE_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d/%m/%y")


def says_not_applicable(cell: Cell) -> bool:
    """Whether the cell says that the KPI does not apply."""
    return cell.kind is CellKind.TEXT and cell.raw.strip().casefold() in NOT_APPLICABLE_WORDS


def read_number(cell: Cell, report: Report, *, percentage: bool) -> tuple[float | None, list[Finding]]:
    """The number in a cell, to the 15 digits that Excel shows; None for a blank or refused cell.

    Args:
        cell: the cell of the return.
        report: makes findings about it.
        percentage: whether the number is a percentage, so that `95%` means 95.
    """
    if cell.is_blank:
        return None, []
    notes = [report("R016", "the value comes from a formula.", found=cell.raw)] if cell.is_formula else []
    match cell.kind:
        case CellKind.ERROR:
            return None, [report("R002", f"the cell shows {cell.raw}.", found=cell.raw, expected="a number")]
        case CellKind.UNCALCULATED:
            return None, [report("R003", "the formula has no calculated value.", expected="a number")]
        case CellKind.NUMBER:
            value, refusal = _from_number(cell, report, percentage=percentage)
        case CellKind.TEXT:
            value, refusal = _from_text(cell, report, percentage=percentage)
            notes.append(report("R015", f"'{cell.raw.strip()}' is text; it was read as {value}.", found=cell.raw))
        case _:
            value, refusal = None, _not_a_number(cell, report)
    if value is not None and abs(value) >= 10.0**SIGNIFICANT_DIGITS:
        refusal = _too_long(cell, report)
    return (None, [refusal]) if refusal else (value, notes)


def _from_number(cell: Cell, report: Report, *, percentage: bool) -> tuple[float | None, Finding | None]:
    value = fifteen(float(cell.raw))
    if cell.style in _HIDDEN_BY_FORMAT:
        return None, _hidden_by_format(cell, report)
    if cell.style in (NumberStyle.PERCENT, NumberStyle.PERCENT_SIGN):
        if not percentage:
            return None, report("R001", "the cell holds a percentage.", found=f"{cell.raw} as %", expected="a number")
        if cell.style is NumberStyle.PERCENT_SIGN:
            return value, None
        # Through the shortest decimal: 0.957 becomes 95.7, not 95.69999999999999.
        return fifteen(Decimal(repr(value)) * 100), None
    return value, None


_HIDDEN_BY_FORMAT = {
    NumberStyle.DATE: "the cell is formatted as a date, so the number that was typed is unknown.",
    NumberStyle.SCALED: "the number format shows {} in thousands or millions, so it is unclear which number was meant.",
    NumberStyle.OTHER: "the number format does not plainly show the {} in the cell, so it is unclear what was meant.",
}
"""The message for number styles under which a person does not see the number itself."""


def _hidden_by_format(cell: Cell, report: Report) -> Finding:
    message = _HIDDEN_BY_FORMAT[cell.style].format(shown(cell))
    fix = (
        "" if cell.style is NumberStyle.DATE else "Choose Home, Number Format, General; check the number and its unit."
    )
    return report("R001", message, found=cell.raw, expected="a number", fix=fix)


def _from_text(cell: Cell, report: Report, *, percentage: bool) -> tuple[float | None, Finding | None]:
    if cell.style is NumberStyle.OTHER:
        return None, _hidden_by_format(cell, report)
    text = cell.raw.translate(_SPACES_AND_MINUS).strip()
    in_brackets = text.startswith("(") and text.endswith(")")
    text = text[1:-1].strip() if in_brackets else text
    text = text.removeprefix("£").removeprefix("GBP").strip()
    if percentage:
        text = text.removesuffix("%").strip()
    if not _NUMBER.fullmatch(text):
        return None, _not_a_number(cell, report)
    number = Decimal(text.replace(",", "").replace(" ", ""))
    # Zeros before the first digit and after the last do not count: Excel shows 67/70 as 0.957142857142857.
    if len(number.normalize().as_tuple().digits) > SIGNIFICANT_DIGITS:
        return None, _too_long(cell, report)
    return float(-number if in_brackets else number), None


def _not_a_number(cell: Cell, report: Report) -> Finding:
    return report("R001", f"found '{shown(cell)}', expected a number.", found=cell.raw, expected="a number")


def shown(cell: Cell) -> str:
    """The text of a cell for a message, at most 40 characters."""
    text = cell.raw.strip()
    return text if len(text) <= 40 else text[:37] + "..."


def _too_long(cell: Cell, report: Report) -> Finding:
    message = f"{cell.raw.strip()[:40]} is longer than the {SIGNIFICANT_DIGITS} digits that Excel keeps."
    return report("R001", message, found=cell.raw, expected="a number")


def is_percent_sign_typed(cell: Cell) -> bool:
    """Whether the cell shows a percent sign, as in `95%`."""
    if cell.kind is CellKind.TEXT:
        return cell.raw.strip().endswith("%")
    return cell.style in (NumberStyle.PERCENT, NumberStyle.PERCENT_SIGN)


def read_text(cell: Cell, report: Report) -> tuple[str, list[Finding]]:
    """The text in a cell, without control characters, which a workbook cannot hold; "" for a blank cell."""
    if cell.kind in (CellKind.ERROR, CellKind.UNCALCULATED):
        return "", [report("R029", f"the cell shows {cell.raw or 'an uncalculated formula'}.", found=cell.raw)]
    text = _CONTROLS.sub("", cell.raw).strip()
    notes = [report("R019", "control characters were removed.")] if _CONTROLS.search(cell.raw) else []
    cut = cut_to(text, LONGEST_TEXT)
    if cut != text:
        notes.append(report("R018", f"the text has {len(text):,} characters; the first {len(cut):,} were kept."))
    return cut, notes


def cut_to(text: str, longest: int) -> str:
    """The text cut to `longest` characters, counted as Excel counts them: in UTF-16, where some characters are two."""
    if 2 * len(text) <= longest:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * longest].decode("utf-16-le", "ignore")


def read_yes_no(cell: Cell, report: Report) -> tuple[bool | None, list[Finding]]:
    """True for yes, False for no, None for anything else."""
    text = cell.raw.strip().casefold()
    if cell.is_blank:
        return None, []
    if text in {"yes", "y", "true"}:
        return True, []
    if text in {"no", "n", "false"}:
        return False, []
    return None, [report("R028", f"found '{shown(cell)}'.", found=cell.raw, expected=f"{fields.YES} or {fields.NO}")]


def read_date(cell: Cell, report: Report, *, date_1904: bool) -> tuple[date | None, list[Finding]]:
    """The date in a cell, day before month; None for a blank cell or anything that is not a date."""
    if cell.is_blank:
        return None, []
    day = None
    if cell.kind is CellKind.NUMBER:
        day = day_of_serial(float(cell.raw), date_1904=date_1904)
    elif cell.kind is CellKind.TEXT:
        day = _from_date_text(cell.raw.strip())
    if day is None:
        return None, [report("R017", f"found '{shown(cell)}'.", found=cell.raw, expected="a date, such as 31/03/2027")]
    return day, []


def day_of_serial(serial: float, *, date_1904: bool) -> date | None:
    """The day that a workbook stores as this number; None for a number that is not a likely date."""
    epoch = date(1904, 1, 1) if date_1904 else date(1899, 12, 30)
    # Numbers outside those for 1985 to 2120 are amounts or years that somebody typed, not dates.
    return _likely(epoch + timedelta(days=int(serial))) if 0 < serial < 80_000 else None


def _from_date_text(text: str) -> date | None:
    iso = _ISO_DATE.fullmatch(text)
    text = _as_usual(text)
    for pattern in _DATE_FORMATS:
        try:
            return _likely(datetime.strptime(iso[1] if iso else text, pattern).date())
        except ValueError:
            continue
    return None


def _as_usual(text: str) -> str:
    """A date in words as `31 March 2027`, where somebody wrote `Weds 31st Mawrth, 2027` or `30 Sept. 2027`."""
    words = _ORDINAL.sub(r"\1", text.replace(",", " ").replace(". ", " ")).split()
    if words and words[0].casefold() == "dydd":
        words = words[1:]
    if len(words) == _WITH_WEEKDAY and words[0].casefold() in _WEEKDAYS:
        words = words[1:]
    return " ".join(_MONTHS.get(word.casefold(), word) for word in words)


def _likely(day: date) -> date | None:
    """The day, if it is between 1985 and 2120; others are slips, and a workbook cannot hold days before 1900."""
    return day if 1985 <= day.year <= 2120 else None


def read_choice(cell: Cell, choices: tuple[str, ...], report: Report) -> tuple[str, list[Finding]]:
    """The choice in a cell, in upper or lower case; "" for a blank or refused cell."""
    if cell.is_blank:
        return "", []
    if cell.kind is CellKind.ERROR:
        fix = "Choose from the list in the cell."
        return "", [report("R002", f"the cell shows {cell.raw}.", found=cell.raw, fix=fix)]
    for choice in choices:
        if cell.raw.strip().casefold() == choice.casefold():
            return choice, []
    message = f"found '{shown(cell)}'."
    return "", [report("R012", message, found=cell.raw, expected=", ".join(choices))]


def has_text(cell: Cell) -> bool:
    """Whether a cell says something; an Excel error does not."""
    return not cell.is_blank and cell.kind not in (CellKind.ERROR, CellKind.UNCALCULATED)
