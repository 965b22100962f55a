"""The definitions of the master's sheets and columns: one record for each.

The headers of the tables, the keys of their rows, the shipped template, the columns added to older masters, the data
dictionary in `docs/` and the values that a collation writes are derived from these records. `report.sheets` has one
module for each sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, TypeVar

from xlperf.assessment import Assessment
from xlperf.rows import RowsByColumn

SheetRow = Mapping[str, Any]
"""A row of a sheet, keyed by header."""

Subject = TypeVar("Subject")
"""What a row of a sheet is about; the columns take their values from it."""

FIRST = "0.1.0"
"""The first released version."""


class ColumnKind(StrEnum):
    """The kind of values in a column."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    PERIOD = "period"
    """The key of a period, such as `2026-27-Q1`."""

    @property
    def number_format(self) -> str:
        """The number format, as Excel writes it."""
        return {ColumnKind.NUMBER: "#,##0.######", ColumnKind.DATE: "dd mmm yyyy"}.get(self, "@")


class RowOrder(StrEnum):
    """Whether the rows of a table keep their order from one collation to the next."""

    SORTED = "sorted"
    """No: they are sorted anew, such as the worst first."""
    IN_PLACE = "in place"
    """Rows keep their order; a new row is inserted where it belongs."""
    GROWS_AT_ITS_END = "grows at its end"
    """Rows keep their order; new rows are added at the end."""


@dataclass(frozen=True, slots=True)
class Column(Generic[Subject]):
    """One column of a sheet.

    Attributes:
        id: its name in programs, which never changes.
        header: its name for people, who also use it in formulas; a released header never changes.
        value: makes the value of a cell from what the row is about; None or "" for an empty cell.
        width: in characters, in the shipped template.
        says: its description in the data dictionary.
        kind: decides its number format.
        is_key: whether it is part of the row's key, by which people's notes stay with their row.
        is_typed: whether people type into it; a collation reads such cells and does not change them.
        since: the first version of xlperf with the column; it is added to older masters on the right.
        like: the header of the column whose format it then takes.
        rules_of: the header of the column whose conditional formats and lists it then takes too.
        choices: what its list offers, where people type into it; other text is taken too.
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
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class MasterSheet(Generic[Subject]):
    """One sheet of the master, with its table.

    Attributes:
        table: the name of the table.
        name: the name of the sheet.
        says: what a row is, for the data dictionary.
        shows: what people find there, in a line, for the cover; "" for a hidden sheet.
        columns: in order, the newest last.
        subjects: what the rows are about, in order.
        stay: whether existing rows keep their order.
        wraps: whether long text is wrapped.
        row_height: of the rows of the table, in points; None for as high as their texts need.
        header_height: of its header, in points.
        printed_to: the header of the last column on paper, up to which a meeting needs them; "" for all.
        kept: how many columns are repeated on each page, as not all fit on one.
        since: the first version of xlperf with the sheet; it is added to older masters.
        always: the headers of columns that every row of ours has something in, where its key may be blank in part; a
            row without is one that somebody typed.
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
    printed_to: str = ""
    kept: int = 2
    since: str = FIRST
    always: tuple[str, ...] = ()
    shows: str = ""

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """The headers of its columns, in order."""
        return tuple(column.header for column in self.columns)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The headers of the key columns; () if its rows have no key."""
        return tuple(column.header for column in self.columns if column.is_key)

    @cached_property
    def added(self) -> Mapping[str, Column[Subject]]:
        """The columns that were added after the first version of the sheet, by header."""
        return {column.header: column for column in self.columns if column.since not in (FIRST, self.since)}

    def rows(self, assessment: Assessment) -> RowsByColumn:
        """The rows of the table, keyed by header."""
        return self.rows_about(self.subjects(assessment))

    def rows_about(self, subjects: Iterable[Subject]) -> RowsByColumn:
        """The rows about some subjects, keyed by header; each column is worked out for all of them."""
        listed = list(subjects)
        return RowsByColumn({column.header: list(map(column.value, listed)) for column in self.columns}, len(listed))
