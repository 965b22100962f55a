"""A row of a return or history file as somebody typed it, with its KPI and its place in the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlperf.catalogue import Kpi
from xlperf.findings import Finding, Location, finding
from xlperf.returns.cell_values import Report
from xlperf.returns.fields import ReturnColumn
from xlperf.returns.figure import FigureKey, SaidLast
from xlperf.tables import Cell, Row, Table


@dataclass(frozen=True, slots=True)
class RowAsIssued:
    """What was settled about a row when its return was issued.

    `colours` are those with which it asks for commentary; None where the catalogue says it. `last_words` are what Still
    right keeps; None where that was not recorded. `due` is the day on which the return falls due, as an ISO date, "" if
    that was not recorded. `action_for` are the colours with which it asks for an action; None where the catalogue says
    it.
    """

    colours: Sequence[str] | None = None
    last_words: SaidLast | None = None
    due: str = ""
    action_for: Sequence[str] | None = None


NOT_RECORDED = RowAsIssued()


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row of a table in a file, what its figure is about, and how it was issued.

    `date_1904`: whether the workbook counts days from 1904. `is_history`: whether a KPI with parts may have its
    percentage alone, as in many old records.
    """

    row: Row
    key: FigureKey
    kpi: Kpi
    file: str
    table: Table
    date_1904: bool = False
    is_history: bool = False
    issued: RowAsIssued = NOT_RECORDED

    def __getitem__(self, column: ReturnColumn) -> Cell:
        return self.row[column.header]

    def place(self, column: ReturnColumn) -> Location:
        """The location of one cell of the row, for a finding."""
        return place_in(self.table, self.file, self.row, column, self.key)

    def report(self, column: ReturnColumn) -> Report:
        """Makes findings about one cell of the row, which begin with its header."""
        where = self.place(column)

        def make(code: str, message: str, **parts: str) -> Finding:
            return finding(code, f"{column.header}: {message}", where, **parts)

        return make


def place_in(table: Table, file: str, row: Row, column: ReturnColumn, key: FigureKey) -> Location:
    """The location of one cell of a row that is about `key`, for a finding."""
    return Location(file, table.sheet, table.address(row, column.header), None, *key)
