"""Workbook tables as the rest of xlperf sees them: rows of typed cells with their addresses.

A cell has the text in the file, and its kind. An Excel error, a formula that was never calculated, a blank and a text
are four different kinds; nothing is converted here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class CellKind(StrEnum):
    """The kind of contents of a cell."""

    BLANK = "blank"
    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    ERROR = "error"
    UNCALCULATED = "uncalculated"


class NumberStyle(StrEnum):
    """How the workbook displays the number in a cell; it decides whether 0.95 was typed as 95%."""

    GENERAL = "general"
    """As it is, perhaps rounded, or beside a unit."""
    PERCENT = "percent"
    """As a percentage: 0.95 as 95%."""
    PERCENT_SIGN = "percent sign"
    """As it is, beside a percent sign that is only text: 0.95 as 0.95%."""
    DATE = "date"
    SCALED = "scaled"
    """In thousands or millions, or beside a word for them: 12,345 as 12, or 12 as 12k."""
    OTHER = "other"
    """In a way the number cannot be read from: hidden, in words, without its minus, or with other digits."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `raw` is the text in the file ("0.95", "#DIV/0!", "n/a"), `ref` its A1 address."""

    kind: CellKind
    raw: str = ""
    ref: str = ""
    style: NumberStyle = NumberStyle.GENERAL
    is_formula: bool = False

    @property
    def is_blank(self) -> bool:
        """True for an empty cell and for text of only white space."""
        return self.kind is CellKind.BLANK or (self.kind is CellKind.TEXT and not self.raw.strip())


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; `number` is the Excel row, `cells` is keyed by column header."""

    number: int
    cells: Mapping[str, Cell]

    def __getitem__(self, header: str) -> Cell:
        return self.cells.get(header, BLANK)


@dataclass(frozen=True, slots=True)
class Table:
    """A named Excel table, including hidden and filtered rows.

    `letters` are the sheet letters of its columns. `stray` are filled cells outside the table: below it in its columns,
    and beside it in its rows. At most 50 of them are kept; `stray_count` counts all.
    """

    name: str
    sheet: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    letters: tuple[str, ...] = ()
    stray: tuple[Cell, ...] = ()
    stray_count: int = 0

    def address(self, row: Row, header: str) -> str:
        """The address of a cell on the sheet, even an empty one: `N14`; in words if it is unknown."""
        ref = row[header].ref
        if not ref and self.letters and header in self.columns:
            ref = f"{self.letters[self.columns.index(header)]}{row.number}"
        return ref or f"row {row.number}, {header}"


@dataclass(frozen=True, slots=True)
class Book:
    """The tables read from one workbook; `saved_at` is the time in its own properties (UTC), not the file's.

    `sheets` are the names of all its worksheets, in order, whether or not they hold a table.
    """

    tables: Mapping[str, Table]
    saved_at: datetime | None = None
    date_1904: bool = False
    sheets: tuple[str, ...] = ()


BLANK = Cell(CellKind.BLANK)

_OPTIONAL = "?"


def optional(name: str) -> str:
    """The name to ask a reader by for a table that need not be there; no table's own name has a question mark."""
    return f"{name}{_OPTIONAL}"


def asked_for(wanted: Collection[str]) -> tuple[list[str], list[str]]:
    """The names of the tables that must be there, and of those that may, of what a reader is asked for."""
    must = [name for name in wanted if not name.endswith(_OPTIONAL)]
    return must, [name.removesuffix(_OPTIONAL) for name in wanted if name.endswith(_OPTIONAL)]


PlainCell = str | float | date


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """A sheet of a new workbook: its name, its title, a sentence about it, and its one table.

    `table` is the table's name; every row has a cell for each heading.
    """

    name: str
    title: str
    says: str
    table: str
    headers: Sequence[str]
    rows: Sequence[Sequence[PlainCell]]
