"""The port: all that the workflow may ask of a workbook. Tables by name, columns by header, never a cell address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from xlperf.tables import Table

CellValue = str | int | float | bool | date | datetime | None


class WorkbookPort(Protocol):
    """An open workbook."""

    def table_names(self) -> tuple[str, ...]:
        """The names of all Excel tables, in sheet order."""
        ...

    def columns(self, name: str) -> tuple[str, ...]:
        """The table's column headers, without reading its rows. Raises TableNotFound."""
        ...

    def read_table(self, name: str) -> Table:
        """The table as it stands, hidden and filtered rows included. Raises TableNotFound."""
        ...

    def write_table(self, name: str, rows: Sequence[Mapping[str, CellValue]]) -> None:
        """Replace the table's rows; the table grows or shrinks to fit (one blank row where `rows` is empty).

        A header missing from a row leaves the cell blank, or, in a column whose first row holds a formula, fills that
        formula down. Every new row looks like the table's first row. Text stays text, whatever it begins with. Raises
        TableNotFound; WorkbookError for a header the table does not have, or where growing would cover cells that
        somebody filled below the table.
        """
        ...

    def read_name(self, name: str) -> CellValue:
        """The value of the one cell that a defined name points at. Raises WorkbookError if there is no such name."""
        ...

    def write_name(self, name: str, value: CellValue) -> None:
        """Put `value` into the one cell that a defined name points at. Raises WorkbookError if there is no such."""
        ...

    def fill(self, context: Mapping[str, object]) -> None:
        """Render every `{{ placeholder }}` in cells, headers, footers. Raises TemplateError naming sheet and cell."""
        ...

    def save(self, path: Path) -> None:
        """Write the workbook to `path`, wholly or not at all. Raises WorkbookInUse, WorkbookError."""
        ...
