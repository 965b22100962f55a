"""A sheet of the master, and a column of it: each one record, from which everything else about it is derived.

The headers of the tables, the keys of their rows, the shipped template, what an older master is given, the data
dictionary in `docs/` and what a collation writes all come from these records. `report.sheets` has one module a sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, TypeVar

from xlperf.assessment import Assessment

SheetRow = dict[str, Any]
"""A row of a sheet, keyed by header."""

Subject = TypeVar("Subject")
"""What a row of a sheet is about, with all that its columns tell of it."""

FIRST = "0.1.0"
"""The first released version."""


class ColumnKind(StrEnum):
    """What stands in a column, for a reader and for a machine."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    PERIOD = "period"
    """Text such as `2026-27-Q1`, by which machines tell periods."""

    @property
    def number_format(self) -> str:
        """Excel's code for it."""
        return {ColumnKind.NUMBER: "#,##0.######", ColumnKind.DATE: "dd mmm yyyy"}.get(self, "@")


class RowOrder(StrEnum):
    """Whether the rows of a table keep their places from one collation to the next."""

    SORTED = "as told"
    """No: they stand in an order that says something, as the worst first."""
    IN_PLACE = "in place"
    """Each stays among the others where it was; a new one is put where it belongs."""
    GROWS_AT_ITS_END = "grows at its end"
    """Each stays among the others where it was; new ones come after all."""


@dataclass(frozen=True, slots=True)
class Column(Generic[Subject]):
    """One column of a sheet.

    Attributes:
        id: what programs call it; never changed, whatever the header says.
        header: what people read, and type in formulas; once released it is never changed either.
        value: the cell, made from what the row is about; None, or no text, for an empty one.
        width: in characters, in the shipped template.
        says: what it holds, for the data dictionary.
        kind: decides its number format.
        is_key: whether it helps to tell what the row is about; people's notes stay with their row by these columns.
        is_typed: whether people type into it; a collation reads it and does not change it.
        since: the version of xlperf that has it first; a master of an earlier one is given it, beyond all others.
        like: the header of the column whose look it then takes.
        rules_of: the header of the column whose conditional formats and lists of choices it then takes too.
    """

    id: str
    header: str
    value: Callable[[Subject], Any]
    width: float
    says: str
    kind: ColumnKind = ColumnKind.TEXT
    is_key: bool = False
    is_typed: bool = False
    since: str = FIRST
    like: str = ""
    rules_of: str = ""


@dataclass(frozen=True)
class MasterSheet(Generic[Subject]):
    """One sheet of the master, with its table.

    Attributes:
        table: the name of the table.
        name: of the sheet.
        says: what a row is, for the data dictionary.
        columns: in their order, the newest last.
        subjects: what the rows are about, in their order.
        stay: whether rows that stand there already keep their places.
        wraps: whether long text is wrapped.
        row_height: of the rows of the table, in points; None for Excel's own.
        header_height: of its header, in points.
        paper: Excel's number of the paper: 8 for A3, 9 for A4.
        since: the version of xlperf that has the sheet first; a master of an earlier one is given it.
    """

    table: str
    name: str
    says: str
    columns: tuple[Column[Subject], ...]
    subjects: Callable[[Assessment], Iterable[Subject]]
    stay: RowOrder = RowOrder.SORTED
    wraps: bool = True
    row_height: float | None = None
    header_height: float = 26
    paper: int = 9
    since: str = FIRST

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """Of its columns, in their order."""
        return tuple(column.header for column in self.columns)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The headers that tell what a row is about; () where rows are about nothing that lasts."""
        return tuple(column.header for column in self.columns if column.is_key)

    @cached_property
    def added(self) -> Mapping[str, Column[Subject]]:
        """The columns that came after the first version of the sheet, by header."""
        return {column.header: column for column in self.columns if column.since not in (FIRST, self.since)}

    def rows(self, assessment: Assessment) -> list[SheetRow]:
        """The rows of the table, keyed by header."""
        return [self.row(subject) for subject in self.subjects(assessment)]

    def row(self, subject: Subject) -> SheetRow:
        """The row about one thing, keyed by header."""
        return {column.header: column.value(subject) for column in self.columns}
