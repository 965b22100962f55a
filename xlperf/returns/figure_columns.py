"""Figures in columns: many figures in little memory, each read back as a `Figure` when it is asked for.

A column of numbers takes eight bytes a figure, and one of anything else a code of one to four bytes, by its place in
the list of its different values. A column with one value throughout takes nothing.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from math import nan
from typing import Any, SupportsIndex, overload

from xlperf.returns.figure import Figure, FigureKey

NAMES = tuple(attribute.name for attribute in fields(Figure))
"""The attributes of a figure, in the order of its constructor."""
_CODES = ("B", "H", "I")


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of numbers; NaN stands for None, as no figure is NaN."""

    numbers: array[float]

    @property
    def length(self) -> int | None:
        """How many rows it has."""
        return len(self.numbers)

    def at(self, row: int) -> Any:
        """The value of a row."""
        number = self.numbers[row]
        return None if number != number else number

    def between(self, start: int, stop: int) -> list[Any]:
        """The values of these rows."""
        return [None if number != number else number for number in self.numbers[start:stop]]


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of anything: its different values, and for each row the place of its value; None where there is one."""

    values: tuple[Any, ...]
    codes: array[int] | None

    @property
    def length(self) -> int | None:
        """How many rows it has; None where it has one value for however many there are."""
        return None if self.codes is None else len(self.codes)

    def at(self, row: int) -> Any:
        """The value of a row."""
        return self.values[0 if self.codes is None else self.codes[row]]

    def between(self, start: int, stop: int) -> list[Any]:
        """The values of these rows."""
        if self.codes is None:
            return [self.values[0]] * (stop - start)
        return [self.values[code] for code in self.codes[start:stop]]


Column = Numbers | Coded


class FiguresInColumns(Sequence[Figure]):
    """A run of rows of some columns, as a sequence of figures that equals the tuple of them."""

    __slots__ = ("_start", "_stop", "_varying", "columns")

    def __init__(self, columns: Mapping[str, Column], start: int, stop: int) -> None:
        """`columns` by the names of `NAMES`; the figures are their rows from `start` to before `stop`."""
        self.columns, self._start, self._stop = columns, start, stop
        self._varying: tuple[list[Any], list[tuple[int, Column]]] | None = None

    @property
    def rows(self) -> tuple[int, int]:
        """The rows of the columns: the first, and the one after the last."""
        return (self._start, self._stop)

    def column(self, name: str) -> list[Any]:
        """One attribute of every figure."""
        return self.columns[name].between(self._start, self._stop)

    def __len__(self) -> int:
        return self._stop - self._start

    @overload
    def __getitem__(self, index: SupportsIndex) -> Figure: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Figure]: ...
    def __getitem__(self, index: SupportsIndex | slice) -> Figure | Sequence[Figure]:
        if isinstance(index, slice):
            return tuple(self)[index]
        row = range(self._start, self._stop)[index]
        if self._varying is None:
            self._varying = self._split()
        fixed, varying = self._varying
        values = fixed.copy()
        for place, column in varying:
            values[place] = column.at(row)
        return Figure(*values)

    def _split(self) -> tuple[list[Any], list[tuple[int, Column]]]:
        """The values that all figures have, with None for the others, and the columns of these, by their place."""
        columns = [self.columns[name] for name in NAMES]
        fixed = [None if column.length is not None else column.between(0, 1)[0] for column in columns]
        return fixed, [(place, column) for place, column in enumerate(columns) if column.length is not None]

    def __iter__(self) -> Iterator[Figure]:
        return map(Figure, *map(self.column, NAMES))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple | FiguresInColumns) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


def column_of(figures: Sequence[Figure], name: str) -> list[Any]:
    """One attribute of every figure, however they are held."""
    if isinstance(figures, FiguresInColumns):
        return figures.column(name)
    return [getattr(figure, name) for figure in figures]


def having(figures: Sequence[Figure], name: str) -> Iterator[Figure]:
    """The figures in which one attribute is filled in; none of the others is made."""
    return (figures[row] for row, value in enumerate(column_of(figures, name)) if value)


def keys_of(figures: Sequence[Figure]) -> list[FigureKey]:
    """The key of every figure."""
    return list(zip(*(column_of(figures, name) for name in ("kpi_id", "org", "period")), strict=True))


def in_columns(figures: Sequence[Figure]) -> dict[str, Column]:
    """The columns of some figures. Raises TypeError where a figure has a value that no field of a return can have."""
    return {name: _column(column_of(figures, name)) for name in NAMES}


def _column(values: list[Any]) -> Column:
    types = set(map(type, values))
    if float in types and types <= {float, type(None)} and all(value == value for value in values):
        return Numbers(array("d", [nan if value is None else value for value in values]))
    # 1, 1.0 and True are equal, and so are -0.0 and 0.0; as texts they are told apart.
    key: Callable[[Any], Any] | None = None if types <= {str} or types <= {bool} else repr
    place: dict[Any, int] = {}
    codes = [place.setdefault(value, len(place)) for value in (map(key, values) if key else values)]
    if key is None:
        return Coded(tuple(place), _codes(codes, len(place)))
    first = dict(zip(reversed(codes), reversed(values), strict=True))
    for value in first.values():
        hash(value)  # a list or a mapping is no value of a field
    return Coded(tuple(first[code] for code in range(len(place))), _codes(codes, len(place)))


def _codes(codes: Iterable[int], different: int) -> array[int] | None:
    if different <= 1:
        return None
    return array(next(code for code in _CODES if different <= 1 << 8 * array(code).itemsize), codes)


def column_as_record(column: Column) -> tuple[dict[str, Any], bytes]:
    """A column as a JSON-ready mapping and the bytes of its numbers or codes, in the order of bytes of this machine."""
    if isinstance(column, Numbers):
        data = column.numbers.tobytes()
        return {"type": "d", "bytes": len(data)}, data
    if column.codes is None:
        return {"values": column.values}, b""
    data = column.codes.tobytes()
    return {"type": column.codes.typecode, "bytes": len(data), "values": column.values}, data


def column_from_record(record: Mapping[str, Any], data: memoryview) -> Column:
    """The column that `column_as_record` wrote. Raises ValueError, KeyError or TypeError for anything else."""
    values = tuple(map(_value, record.get("values", ())))
    if "type" not in record:
        return Coded(values, None)
    if record["type"] not in ("d", *_CODES):
        raise ValueError("no type of column")
    numbers: array[Any] = array(record["type"])
    numbers.frombytes(data)
    return Numbers(numbers) if record["type"] == "d" else Coded(values, numbers)


def _value(value: Any) -> Any:
    if isinstance(value, list):  # of the other fields that were filled in
        return tuple((name, answer) for name, answer in value)
    return sys.intern(value) if isinstance(value, str) else value
