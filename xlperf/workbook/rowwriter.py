"""The cells of a table's rows as XML: what a text looks like in a column is worked out once, not in each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby, repeat
from math import isfinite
from typing import Any

from xlperf.errors import WorkbookError
from xlperf.rows import ABSENT, RowsByColumn
from xlperf.workbook.cellxml import formula_xml, rest_of_cell, value_xml, written_float
from xlperf.workbook.parts import Formula
from xlperf.workbook.port import CellValue, Kept
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
        self._end_of_number = f"</{prefix}v></{prefix}c>{next_start}"

    def __missing__(self, value: CellValue) -> str:
        # 1, 1.0 and True are one key, so no number is noted.
        if type(value) is float and isfinite(value):
            return f'"{self._style}><{self._prefix}v>{written_float(value)}{self._end_of_number}'
        rest = rest_of_cell(self._prefix, self._style, _given(value), self._date_1904) + self._next_start
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

    def all_cells(self, rows: RowsByColumn, old_rows: Sequence[int]) -> Iterator[bytes]:
        """The cells of each row, from the first of the table on, by the numbers of the rows that they were.

        Such a number is 0 for a new row. Raises WorkbookError for what no cell can hold.
        """
        runs = self._runs(rows)
        parts = zip(*(run.parts(rows) for run in runs), strict=True)
        for place, old in enumerate(old_rows):
            number = self.first + place
            try:
                texts = next(parts)
            except (WorkbookError, TypeError):  # cell by cell, it is known which cannot be written
                yield from (self._one_by_one(rows, at, old_rows[at]) for at in range(place, len(old_rows)))
                return
            if old in self._marked:
                yield self._one_by_one(rows, place, old)
            elif len(runs) == 1 and isinstance(runs[0], _Run):
                yield str(number).join(texts[0]).encode()
            else:
                yield b"".join(
                    str(number).join(text).encode()
                    if isinstance(run, _Run)
                    else self._cell(run.column, number, old, text)
                    for run, text in zip(runs, texts, strict=True)
                )

    def blank_cells(self, number: int) -> list[bytes]:
        """The cells of a new row of which nothing is said: blank, or with the formula of their column."""
        return [self._cell(each, number, 0, ABSENT) for each in self.columns]

    def _one_by_one(self, rows: RowsByColumn, place: int, old: int) -> bytes:
        """The cells of the row at a place, counted from 0."""
        row = rows[place]
        values = (row.get(each.header, ABSENT) for each in self.columns)
        return b"".join(map(self._cell, self.columns, repeat(self.first + place), repeat(old), values))

    @cached_property
    def _marked(self) -> frozenset[int]:
        """The rows before in which a person gave a cell a look."""
        return frozenset(row for _, row in self.cell_looks)

    def _runs(self, rows: RowsByColumn) -> list[_Run | _Alone]:
        """The columns: those that always hold a value of ours, as many as are side by side, and each of the others."""
        with_kept = {header for header, values in rows.columns.items() if Kept in set(map(type, values))}
        runs: list[_Run | _Alone] = []
        for is_plain, group in groupby(self.columns, lambda each: not each.formula and each.header not in with_kept):
            columns = list(group)
            runs += [_Run(self.prefix, columns, self.date_1904)] if is_plain else map(_Alone, columns)
        return runs

    def _cell(self, column: WrittenColumn, number: int, old: int, value: Any) -> bytes:
        """One of them. Raises WorkbookError for what no cell can hold."""
        if (column.header, number) in self.kept:
            return self.kept[column.header, number]
        reference = f"{column.letters}{number}"
        style = column.style
        if self.cell_looks:
            style = self.cell_looks.get((column.position, old), style)
        if column.formula is not None and value is ABSENT:
            return formula_xml(self.prefix, reference, style, column.formula, number - self.first).encode()
        return value_xml(self.prefix, reference, style, _given(value), self.date_1904).encode()


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

    def parts(self, rows: RowsByColumn) -> Iterator[Sequence[str]]:
        """For each row what stands between its numbers. Raises WorkbookError or TypeError for what no cell can hold."""
        columns = map(rows.column, self._headers)
        rests = (map(noted.__getitem__, values) for noted, values in zip(self._rests, columns, strict=True))
        return zip(repeat(self._start), *rests, strict=False)


@dataclass(frozen=True, slots=True)
class _Alone:
    """A column by itself, of which a cell may stay as it is or hold a formula."""

    column: WrittenColumn

    def parts(self, rows: RowsByColumn) -> Iterator[Any]:
        """The value of each row."""
        return iter(rows.column(self.column.header))


def _given(value: Any) -> CellValue:
    """The value, or nothing: in place of a cell that was to stay and is not there, and where the row says nothing."""
    return None if isinstance(value, Kept) or value is ABSENT else value
