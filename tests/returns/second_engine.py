"""A return as IronCalc shows it: a formula engine that shares nothing with LibreOffice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import ironcalc

from xlperf.returns import fields, layout
from xlperf.returns.figure import FigureKey

SHEET = "Return"
HEADER_ROW = 6
RAG = layout.RAG.header
NEEDED = layout.NEEDED.header


def shown(path: Path, headers: Iterable[str]) -> dict[FigureKey, Mapping[str, str]]:
    """The text of some columns in every row of a return, once every formula has been worked out."""
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    sheet = [each["name"] for each in model.get_worksheets_properties()].index(SHEET)
    _, last_row, _, last_column = model.get_sheet_dimensions(sheet)

    def text(row: int, column: int) -> str:
        return str(model.get_formatted_cell_value(sheet, row, column))

    column_of = {text(HEADER_ROW, column): column for column in range(1, last_column + 1)}
    key_columns = [column_of[column.header] for column in (fields.REF, fields.ORG, fields.PERIOD)]
    rows: dict[FigureKey, Mapping[str, str]] = {}
    for row in range(HEADER_ROW + 1, last_row + 1):
        ref, org, period = (text(row, column) for column in key_columns)
        rows[ref, org, period] = {header: text(row, column_of[header]) for header in headers}
    return rows
