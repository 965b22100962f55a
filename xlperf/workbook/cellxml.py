"""One cell value as XML and back. Text stays text, whatever it begins with; a date is a number of days."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from xlperf.errors import WorkbookError
from xlperf.workbook.formulafill import filled_down
from xlperf.workbook.parts import Formula, unescape
from xlperf.workbook.port import CellValue
from xlperf.workbook.rowxml import CellXml
from xlperf.workbook.xmlsplice import escape_text, whole_number

LONGEST_TEXT = 32_767
_SHORT = 1_000
"""Characters of a text that is remembered as it is written."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?")
_AFTER_LAST_DAY = 2_957_004  # of the year 9999, counted from 1904
_WHOLE = re.compile(r"[+-]?[0-9]+")
# Without time zones, because a workbook has none.
_EPOCH = datetime(1899, 12, 30)
_EPOCH_1904 = datetime(1904, 1, 1)
_FIRST_OF_MARCH_1900 = datetime(1900, 3, 1)


def style_attribute(style: str | None) -> str:
    """Write a style id as an attribute, with the space before it; nothing where there is none."""
    return f' s="{style}"' if style else ""


def value_xml(prefix: str, reference: str, style: str, value: CellValue, date_1904: bool) -> str:
    """Write a `c` element that holds a value; empty text leaves the cell empty. `style` is ` s="5"` or nothing.

    Raises WorkbookError for what a cell cannot hold: text that is too long, infinity, NaN, another type.
    """
    return f'<{prefix}c r="{reference}{rest_of_cell(prefix, style, value, date_1904, reference)}'


def rest_of_cell(prefix: str, style: str, value: CellValue, date_1904: bool, reference: str = "") -> str:
    """What follows the row's number in a `c` element that holds a value; see `value_xml`.

    `reference` is how a refusal names the cell.
    """
    if value is None or value == "":
        return f'"{style}/>'
    if isinstance(value, str):
        return (
            f'"{style} t="inlineStr"><{prefix}is><{prefix}t xml:space="preserve">{_text(value, reference)}'
            f"</{prefix}t></{prefix}is></{prefix}c>"
        )
    kind = ' t="b"' if isinstance(value, bool) else ""
    return f'"{style}{kind}><{prefix}v>{_number(value, reference, date_1904)}</{prefix}v></{prefix}c>'


def formula_xml(prefix: str, reference: str, style: str, formula: Formula, rows_down: int) -> str:
    """Write a `c` element that holds a formula without a result."""
    kind = f' t="array" ref="{reference}"' if formula.is_array else ""
    text = escape_text(filled_down(formula.text, rows_down))
    return f'<{prefix}c r="{reference}"{style}><{prefix}f{kind}>{text}</{prefix}f></{prefix}c>'


def clean_text(value: str, reference: str) -> str:
    """Return the text without what no cell can hold. Raises WorkbookError where it is too long."""
    clean = _FORBIDDEN.sub("", value)
    if len(clean) > LONGEST_TEXT // 2 and len(clean.encode("utf-16-le")) > 2 * LONGEST_TEXT:
        raise WorkbookError(
            f"cell {reference}: {len(clean):,} characters; a cell holds {LONGEST_TEXT:,}, so shorten it"
        )
    return clean


def clean_number(value: object, reference: str, date_1904: bool) -> int | float:
    """Return the number that a cell holds for a number or date. Raises WorkbookError for what it cannot hold."""
    if isinstance(value, date):
        value = serial_of(value, date_1904)
    if not isinstance(value, int) and (not isinstance(value, float) or not math.isfinite(value)):
        raise WorkbookError(f"cell {reference}: {value!r} is not something a cell can hold")
    return value


def _text(value: str, reference: str) -> str:
    return _short_text(value) if len(value) <= _SHORT else _written(clean_text(value, reference))


@lru_cache(maxsize=4096)  # names and definitions stand in many rows
def _short_text(value: str) -> str:
    return _written(clean_text(value, ""))


def _written(clean: str) -> str:
    return escape_text(_LOOKS_ESCAPED.sub("_x005F_", clean))


def _number(value: object, reference: str, date_1904: bool) -> str:
    number = clean_number(value, reference, date_1904)
    return int.__repr__(number) if isinstance(number, int) else written_float(number)


def written_float(number: float) -> str:
    """A number as it stands in a cell."""
    return float.__repr__(number).removesuffix(".0")


def serial_of(value: date, date_1904: bool) -> float:
    """Return Excel's number for a date. Raises WorkbookError for one before the workbook's first day.

    A time zone is left off: the cell shows the time that stands in `value`.
    """
    moment = value.replace(tzinfo=None) if isinstance(value, datetime) else datetime.combine(value, time())
    if date_1904:
        serial = (moment - _EPOCH_1904) / timedelta(days=1)
        first = 0
    else:  # Excel believes in 29 February 1900, so the days before it are one less
        serial = (moment - _EPOCH) / timedelta(days=1) - (moment < _FIRST_OF_MARCH_1900)
        first = 1
    if serial < first:
        raise WorkbookError(f"{value} is before the first day that this workbook can hold")
    return serial


def date_of(serial: float, date_1904: bool) -> date:
    """Return the date, or date and time, that Excel shows for a number; to the millisecond, as Excel does."""
    since = timedelta(milliseconds=round(serial * 86_400_000))
    moment = (_EPOCH_1904 if date_1904 else _EPOCH) + since
    if not date_1904 and serial < 60:
        moment += timedelta(days=1)
    return moment.date() if moment.time() == time() else moment


def value_of(cell: CellXml | None, strings: list[str], date_styles: frozenset[int], date_1904: bool) -> CellValue:
    """Return what a cell holds. Raises WorkbookError for an error value and an uncalculated formula."""
    if cell is None:
        return None
    text = cell.value
    kind = cell.attributes.get("t", "n")
    if kind in {"s", "inlineStr"}:
        return text_of(cell, strings)
    if kind == "e":
        raise WorkbookError(f"holds {text}; correct its formula")
    if not text:
        if cell.formula is not None and kind != "str":
            raise WorkbookError("holds a formula that has not been calculated; open the workbook in Excel and save it")
        return "" if kind == "str" else None
    if kind == "str":
        return text
    if kind == "b":
        return text in {"1", "true"}
    if kind == "d":
        return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
    if not _NUMBER.fullmatch(text):
        raise WorkbookError(f"holds {text!r} as a number; type it again")
    number = int(text) if _WHOLE.fullmatch(text) else float(text)
    style = whole_number(cell.attributes.get("s", "0"), "its style")
    is_date = style in date_styles and 0 <= number < _AFTER_LAST_DAY
    return date_of(number, date_1904) if is_date else number


def text_of(cell: CellXml, strings: list[str]) -> str | None:
    """Return the text of a cell that holds one or points at a shared string; None for any other cell."""
    kind = cell.attributes.get("t")
    if kind == "inlineStr":
        return unescape("".join(e.text for e in cell.elements if e.local == "t" and not e.has_parent("rPh")))
    if kind == "s" and cell.value and cell.value.strip().isdigit() and int(cell.value) < len(strings):
        return strings[int(cell.value)]
    return None
