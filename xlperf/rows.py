"""Rows of a table held by column: what is written into the master is worked out, arranged and written column by column.

A sheet of 12,000 rows has half a million cells. As a mapping for each row they take ten times the memory of a list for
each column, and a step for each cell wherever one for each column does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import repeat
from typing import Any, Final, SupportsIndex, overload


class _Absent(Enum):
    """The one value of `ABSENT`."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent.ABSENT
"""In place of the value of a cell of which a row says nothing, which is not the same as a cell that is to be blank."""


class RowsByColumn(Sequence[Mapping[str, Any]]):
    """Rows of a table, each a mapping by header that is made when it is asked for."""

    __slots__ = ("_length", "columns")

    def __init__(self, columns: Mapping[str, Sequence[Any]], length: int) -> None:
        """`columns` has by header the values of all `length` rows, `ABSENT` where a row says nothing."""
        self.columns, self._length = columns, length

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]]) -> RowsByColumn:
        """Rows, however they are held."""
        if isinstance(rows, RowsByColumn):
            return rows
        headers = dict.fromkeys(header for row in rows for header in row)
        return cls({header: [row.get(header, ABSENT) for row in rows] for header in headers}, len(rows))

    def column(self, header: str) -> Iterable[Any]:
        """What all rows have under a header, which need not be one of theirs."""
        return self.columns[header] if header in self.columns else repeat(ABSENT, self._length)

    def taken(self, order: Sequence[int]) -> RowsByColumn:
        """The rows of these places, counted from 0, in this order."""
        if len(order) == self._length and all(place == at for at, place in enumerate(order)):
            return self
        columns = {header: [values[place] for place in order] for header, values in self.columns.items()}
        return RowsByColumn(columns, len(order))

    def with_columns(self, columns: Mapping[str, Sequence[Any]]) -> RowsByColumn:
        """The same rows with further columns."""
        return RowsByColumn({**self.columns, **columns}, self._length)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: SupportsIndex) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Mapping[str, Any]]: ...
    def __getitem__(self, index: SupportsIndex | slice) -> Mapping[str, Any] | Sequence[Mapping[str, Any]]:
        if isinstance(index, slice):
            return self.taken(range(self._length)[index])
        row = range(self._length)[index]
        cells = ((header, values[row]) for header, values in self.columns.items())
        return {header: value for header, value in cells if value is not ABSENT}

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return (self[row] for row in range(self._length))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(list(self))
