"""What a number format shows: a percentage, a date or time, or neither."""

from __future__ import annotations

import re

from xlperf.tables import NumberStyle

# Of a number format: quoted text, [colour or locale], an escaped character, and the two that set a width.
_NOT_FORMAT = re.compile(r'"[^"]*"?|\[[^\]]*\]?|[\\_*].|General', re.DOTALL | re.IGNORECASE)
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_DATE_PIECE = re.compile("[dmyhs]", re.IGNORECASE)
_PERCENT_FORMATS = frozenset({9, 10})
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})


def style_of_code(code: str) -> NumberStyle:
    """Say what a number format code, such as `0.0%` or `dd/mm/yyyy`, shows."""
    pieces = _NOT_FORMAT.sub("", code)
    if "%" in pieces:
        return NumberStyle.PERCENT
    return NumberStyle.DATE if _DATE_PIECE.search(pieces) or _ELAPSED.search(code) else NumberStyle.GENERAL


def style_of_built_in(number: int) -> NumberStyle:
    """Say what a built-in number format shows."""
    if number in _PERCENT_FORMATS:
        return NumberStyle.PERCENT
    return NumberStyle.DATE if number in _DATE_FORMATS else NumberStyle.GENERAL
