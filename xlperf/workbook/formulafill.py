"""Filling a formula down: what Excel does to relative addresses when a formula is copied to a row below."""

from __future__ import annotations

import re

from xlperf.workbook.a1 import LAST_ROW

_TOKEN = re.compile(
    r"""
    "(?:[^"]|"")*"                                             # text
    | '(?:[^']|'')*'                                           # a quoted sheet name
    | \[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\]                # a structured reference, one level nested
    | (?<![\w.$\\]) (?P<column>\$?[A-Za-z]{1,3}) (?P<fixed>\$?) (?P<row>[1-9][0-9]{0,6}) (?![\w.(!\[])
    """,
    re.VERBOSE,
)


def filled_down(formula: str, rows: int) -> str:
    """Return the formula as it would read so many rows further down; structured references stay."""

    def moved(match: re.Match[str]) -> str:
        if match["row"] is None or match["fixed"]:
            return match[0]
        row = int(match["row"]) + rows
        return f"{match['column']}{row}" if 1 <= row <= LAST_ROW else "#REF!"

    return _TOKEN.sub(moved, formula) if rows else formula
