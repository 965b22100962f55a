"""What a workbook table is to the rest of xlperf: rows of typed cells that remember where they came from.

A cell keeps the text that stands in the file and says what kind of thing it is. An Excel error, a formula that was
never calculated, a blank and a text are four different kinds; nothing is turned into anything else here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CellKind(StrEnum):
    """What stands in a cell."""

    BLANK = "blank"
    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    ERROR = "error"
    UNCALCULATED = "uncalculated"


class NumberStyle(StrEnum):
    """How the workbook shows the cell's number; it decides whether 0.95 was typed as 95%."""

    GENERAL = "general"
    """As it stands, perhaps rounded, or beside a unit."""
    PERCENT = "percent"
    """As a percentage: 0.95 as 95%."""
    PERCENT_SIGN = "percent sign"
    """As it stands, beside a percent sign that is only text: 0.95 as 0.95%."""
    DATE = "date"
    SCALED = "scaled"
    """In thousands or millions, or beside a word for them: 12,345 as 12, or 12 as 12k."""
    OTHER = "other"
    """Not as a number that it could be read from: hidden, in words, without its minus, or with other digits."""


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
    """A named Excel table as it stands, hidden and filtered rows included.

    `letters` are its columns' sheet letters. `stray` are filled cells that no row holds: below the table in its
    columns, and beside it in its rows. At most 50 of them are kept; `stray_count` says how many there are.
    """

    name: str
    sheet: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    letters: tuple[str, ...] = ()
    stray: tuple[Cell, ...] = ()
    stray_count: int = 0

    def address(self, row: Row, header: str) -> str:
        """Where a cell stands on the sheet, an empty one too: `N14`; in words where that is not known."""
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
