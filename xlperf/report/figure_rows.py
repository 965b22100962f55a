"""The figures as the sheet Data has them, for programs that read a ledger in PostgreSQL: the same columns, by id."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import isfinite
from typing import Any, LiteralString

from xlperf.assessment import Assessment
from xlperf.ledger.figure_table import FigureColumn, FigureRow, ShownFigures
from xlperf.report.columns import ColumnKind
from xlperf.report.sheets import data

_TYPES: dict[ColumnKind, LiteralString] = {
    ColumnKind.TEXT: "text",
    ColumnKind.PERIOD: "text",
    ColumnKind.NUMBER: "double precision",
    ColumnKind.DATE: "date",
}
COLUMNS = tuple(FigureColumn(column.id, _TYPES[column.kind], column.is_key) for column in data.COLUMNS)
"""A column of Data is one of these, by its id."""


def shown_figures(assessment: Assessment) -> ShownFigures:
    """Every figure that was returned or imported, judged; those too that Data leaves out for their age."""
    return ShownFigures(COLUMNS, _rows(assessment), str(assessment.period), assessment.state.runs)


def _rows(assessment: Assessment) -> Iterator[FigureRow]:
    for datum in data.every(assessment):
        yield tuple(_value(column.kind, column.value(datum)) for column in data.COLUMNS)


def _value(kind: ColumnKind, value: Any) -> str | float | date | None:
    """A value of its column's type in SQL: None for an empty cell, and for a word in a column of numbers."""
    if value is None or value == "":
        return None
    match kind:
        case ColumnKind.NUMBER:
            return float(value) if not isinstance(value, str) and isfinite(value) else None
        case ColumnKind.DATE:
            return value if isinstance(value, date) else None
        case _:
            # What a database cannot store as text: no workbook has it, a file of history might.
            return str(value).replace("\0", "").encode(errors="replace").decode()
