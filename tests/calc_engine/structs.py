"""Making what UNO wants as arguments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tests.calc_engine.office import uno_module


def struct(name: str, **fields: Any) -> Any:
    """One of UNO's structs with these fields."""
    made = uno_module().createUnoStruct(name)
    for field, value in fields.items():
        setattr(made, field, value)
    return made


def property_values(**values: Any) -> tuple[Any, ...]:
    """Named arguments."""
    return tuple(struct("com.sun.star.beans.PropertyValue", Name=name, Value=value) for name, value in values.items())


def enum(name: str, value: str) -> Any:
    """A member of one of UNO's enumerations."""
    return uno_module().Enum(f"com.sun.star.{name}", value)


def cells_of(areas: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """Row and column, counted from 0, of every cell of some CellRangeAddresses."""
    for area in areas:
        for row in range(area.StartRow, area.EndRow + 1):
            for column in range(area.StartColumn, area.EndColumn + 1):
                yield row, column
