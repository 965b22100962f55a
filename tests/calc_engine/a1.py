"""A1 addresses as Excel understands them."""

from __future__ import annotations

import re

LAST_ROW, LAST_COLUMN = 1048576, 16384
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_COLUMN = re.compile(r"\$?([A-Za-z]{1,3})")
_ROW = re.compile(r"\$?(\d{1,7})")

Box = tuple[int, int, int, int]
"""First row, first column, rows, columns; counted from 1."""


def column_name(number: int) -> str:
    """28 is AB."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_number(name: str) -> int:
    """AB is 28."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number


def parse(text: str) -> Box | None:
    """`B2`, `$A$1:C3`, `5:7` or `A:C`; None for anything else."""
    first, _, last = text.partition(":")
    last = last or first
    if (one := _CELL.fullmatch(first)) and (two := _CELL.fullmatch(last)):
        rows, columns = (int(one[2]), int(two[2])), (column_number(one[1]), column_number(two[1]))
    elif ":" in text and (one := _ROW.fullmatch(first)) and (two := _ROW.fullmatch(last)):
        rows, columns = (int(one[1]), int(two[1])), (1, LAST_COLUMN)
    elif ":" in text and (one := _COLUMN.fullmatch(first)) and (two := _COLUMN.fullmatch(last)):
        rows, columns = (1, LAST_ROW), (column_number(one[1]), column_number(two[1]))
    else:
        return None
    top, left, bottom, right = min(rows), min(columns), max(rows), max(columns)
    if top < 1 or bottom > LAST_ROW or right > LAST_COLUMN:
        return None
    return top, left, bottom - top + 1, right - left + 1


def address(box: Box, row_absolute: bool = True, column_absolute: bool = True) -> str:
    """`$A$1:$B$2`, or without the signs."""
    row, column, rows, columns = box
    down, across = "$" * row_absolute, "$" * column_absolute
    if columns == LAST_COLUMN:
        return f"{down}{row}:{down}{row + rows - 1}"
    if rows == LAST_ROW:
        return f"{across}{column_name(column)}:{across}{column_name(column + columns - 1)}"
    corners = [(row, column)] if rows == columns == 1 else [(row, column), (row + rows - 1, column + columns - 1)]
    return ":".join(f"{across}{column_name(c)}{down}{r}" for r, c in corners)
