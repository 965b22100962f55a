"""The cells of a table's rows as XML: what a text looks like in a column is worked out once, not in each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from xlperf.errors import WorkbookError
from xlperf.workbook.cellxml import formula_xml, rest_of_cell, value_xml
from xlperf.workbook.parts import Formula
from xlperf.workbook.port import CellValue, Kept, TableRow
from xlperf.workbook.sheetformulas import ColumnAndRow

_LONGEST_NOTED, _MOST_NOTED = 120, 4096
"""Of the texts of a column that are noted: their characters, and how many there are."""
_NOTED = (type(None), str, date)


@dataclass(frozen=True, slots=True)
class WrittenColumn:
    """What every cell written in a column gets; `style` is ` s="5"` or nothing."""

    header: str
    position: int
    letters: str
    style: str
    formula: Formula | None


class _Rests(dict[object, str]):
    """What follows the row's number in a cell of a column, by its value, up to where the next number stands."""

    def __init__(self, prefix: str, style: str, date_1904: bool, next_start: str) -> None:
        super().__init__()
        self._prefix, self._style, self._date_1904, self._next_start = prefix, style, date_1904, next_start

    def __missing__(self, value: CellValue) -> str:
        # 1, 1.0 and True are one key, so no number is noted.
        rest = rest_of_cell(self._prefix, self._style, value, self._date_1904) + self._next_start
        is_short = type(value) in _NOTED and not (isinstance(value, str) and len(value) > _LONGEST_NOTED)
        if is_short and len(self) < _MOST_NOTED:
            self[value] = rest
        return rest


@dataclass(frozen=True)
class RowWriter:
    """Writes the cells of a table's rows.

    Attributes:
        prefix: the sheet's, of its tags.
        first: the sheet row of the table's first row.
        columns: of the table, from the left.
        cell_looks: style attributes of single cells that a person changed, by column and row before.
        kept: whole cells that stay, by header and new row.
        date_1904: whether days are counted from 1904.
    """

    prefix: str
    first: int
    columns: Sequence[WrittenColumn]
    cell_looks: Mapping[ColumnAndRow, str]
    kept: Mapping[tuple[str, int], bytes]
    date_1904: bool

    def cells(self, number: int, old: int | None, row: TableRow) -> bytes:
        """The cells of a sheet row, which was the row `old`. Raises WorkbookError for what no cell can hold."""
        if old in self._marked:
            return b"".join(self.cell(column, number, old, row) for column in self.columns)
        runs = self._runs
        try:
            return b"".join(
                run.cells(number, row) if isinstance(run, _Run) else self.cell(run, number, old, row) for run in runs
            )
        except (WorkbookError, TypeError):  # cell by cell, it is known which cannot be written
            return b"".join(self.cell(column, number, old, row) for column in self.columns)

    @cached_property
    def _marked(self) -> frozenset[int]:
        """The rows before in which a person gave a cell a look."""
        return frozenset(row for _, row in self.cell_looks)

    @cached_property
    def _runs(self) -> list[_Run | WrittenColumn]:
        """The columns: those that always hold a value of ours, as many as are side by side, and each of the others."""
        with_kept = {header for header, _ in self.kept}
        runs: list[_Run | WrittenColumn] = []
        for is_plain, group in groupby(self.columns, lambda each: not each.formula and each.header not in with_kept):
            columns = list(group)
            runs += [_Run(self.prefix, columns, self.date_1904)] if is_plain else columns
        return runs

    def cell(self, column: WrittenColumn, number: int, old: int | None, row: TableRow) -> bytes:
        """One of them. Raises WorkbookError for what no cell can hold."""
        if (column.header, number) in self.kept:
            return self.kept[column.header, number]
        reference = f"{column.letters}{number}"
        style = column.style
        if old is not None and self.cell_looks:
            style = self.cell_looks.get((column.position, old), style)
        if column.formula is not None and column.header not in row:
            return formula_xml(self.prefix, reference, style, column.formula, number - self.first).encode()
        return value_xml(self.prefix, reference, style, _given(row.get(column.header)), self.date_1904).encode()


class _Run:
    """Columns side by side. A row of them is what stands between its numbers, joined by its number."""

    def __init__(self, prefix: str, columns: Sequence[WrittenColumn], date_1904: bool) -> None:
        starts = [f'<{prefix}c r="{each.letters}' for each in columns]
        self._start = starts[0]
        self._headers = [each.header for each in columns]
        self._rests = [
            _Rests(prefix, each.style, date_1904, following)
            for each, following in zip(columns, [*starts[1:], ""], strict=True)
        ]

    def cells(self, number: int, row: TableRow) -> bytes:
        values = map(row.get, self._headers)
        rests = [noted[value] for noted, value in zip(self._rests, values, strict=True)]
        return str(number).join([self._start, *rests]).encode()


def _given(value: CellValue | Kept) -> CellValue:
    """The value, or nothing in place of a cell that was to stay and is not there."""
    return None if isinstance(value, Kept) else value
