"""A1 addresses: the way the workbook's own XML names cells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_ROWS = re.compile(r"\$?([1-9][0-9]{0,6}):\$?([1-9][0-9]{0,6})")
_COMMA_OUTSIDE_QUOTES = re.compile(r",(?=(?:[^']*'[^']*')*[^']*$)")
_SHEET_AND_AREA = re.compile(r"(?:'((?:[^']|'')+)'|([^'!\[\]]+))!([$A-Za-z0-9:]+)")


@cache
def column_number(letters: str) -> int:
    """27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@cache
def column_letters(number: int) -> str:
    """AA for 27."""
    letters = ""
    while number:
        number, remainder = divmod(number - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, its edges included; rows and columns count from 1."""

    left: int
    top: int
    right: int
    bottom: int

    def __str__(self) -> str:
        first = f"{column_letters(self.left)}{self.top}"
        if self.is_one_cell:
            return first
        return f"{first}:{column_letters(self.right)}{self.bottom}"

    @property
    def is_one_cell(self) -> bool:
        """True for a single cell."""
        return self.left == self.right and self.top == self.bottom

    def meets(self, other: Area) -> bool:
        """Return True where the two have a cell in common."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )

    def within(self, other: Area) -> Area | None:
        """The part of it that is inside `other`; None where they have no cell in common."""
        if not self.meets(other):
            return None
        return Area(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def holds(self, column: int, row: int) -> bool:
        """Return True where the cell is inside."""
        return self.left <= column <= self.right and self.top <= row <= self.bottom


def parse_area(text: str) -> Area | None:
    """`A1:C3`, `$A$1:$C$3` or `A1`; None for anything else."""
    first, _, second = text.partition(":")
    one, two = _CELL.fullmatch(first), _CELL.fullmatch(second or first)
    if one is None or two is None:
        return None
    columns = sorted((column_number(one[1]), column_number(two[1])))
    rows = sorted((int(one[2]), int(two[2])))
    if columns[1] > LAST_COLUMN or rows[1] > LAST_ROW:
        return None
    return Area(columns[0], rows[0], columns[1], rows[1])


def parse_sheet_area(text: str) -> tuple[str, Area] | None:
    """`'Read me'!$B$4` as (sheet name, area); None for anything else."""
    sheet, place = _parted(text)
    area = parse_area(place)
    return None if area is None else (sheet, area)


def parse_sheet_span(text: str) -> tuple[str, Area] | None:
    """Like `parse_sheet_area`, and whole columns (`Sheet!$A:$C`) and whole rows (`Sheet!$1:$5`) too."""
    sheet, place = _parted(text)
    area = parse_area(place)
    if columns := _COLUMNS.fullmatch(place):
        area = parse_area(f"{columns[1]}1:{columns[2]}{LAST_ROW}")
    if rows := _ROWS.fullmatch(place):
        area = parse_area(f"A{rows[1]}:{column_letters(LAST_COLUMN)}{rows[2]}")
    return None if area is None else (sheet, area)


def split_union(text: str) -> list[str]:
    """Return the areas of a union (`Sheet!$A$1:$C$3,Sheet!$E$1:$F$3`), as they are written."""
    return _COMMA_OUTSIDE_QUOTES.split(text)


def split_areas(text: str) -> list[Area]:
    """Return the areas of a list such as `A1:B2 D4`; none where one of them is none."""
    areas = [parse_area(part) for part in text.split()]
    return [area for area in areas if area is not None] if None not in areas else []


def joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of rows, first and last, in order; those that meet or overlap are one."""
    spans_joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if spans_joined and first <= spans_joined[-1][1] + 1:
            spans_joined[-1] = spans_joined[-1][0], max(spans_joined[-1][1], last)
        else:
            spans_joined.append((first, last))
    return spans_joined


def absolute(area: Area) -> str:
    """`$A$1:$C$3`, also for a single cell."""
    return f"${column_letters(area.left)}${area.top}:${column_letters(area.right)}${area.bottom}"


def _parted(text: str) -> tuple[str, str]:
    match = _SHEET_AND_AREA.fullmatch(text.strip())
    if match is None:
        return "", ""
    return (match[1].replace("''", "'") if match[1] else match[2]), match[3]
