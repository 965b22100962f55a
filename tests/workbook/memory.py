"""A workbook in memory: the port with plain dicts, for tests of the workflow and for the contract suite."""

from __future__ import annotations

import copy
import math
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import ClassVar

from xlperf.errors import TableNotFound, WorkbookError, WorkbookInUse
from xlperf.tables import Cell, CellKind, NumberStyle, Row, Table
from xlperf.workbook.a1 import Area
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.formulafill import Moves
from xlperf.workbook.port import Attached, CellValue, Kept, Look, Pointer, TableRow, TypedFormula
from xlperf.workbook.template import has_placeholder, render


@dataclass(frozen=True)
class Typed:
    """A formula that a person typed into a cell, without its equals sign."""

    text: str


MemoryCell = CellValue | Typed


@dataclass
class MemoryTable:
    """A table: `first_row` is the sheet row of its first data row, `filled_below` a row that is not free."""

    sheet: str
    columns: tuple[str, ...]
    rows: list[dict[str, MemoryCell]]
    left: str = "A"
    first_row: int = 2
    formulas: frozenset[str] = frozenset()
    filled_below: int | None = None
    attached: list[Attached] = field(default_factory=list)


@dataclass
class MemoryWorkbook:
    """`names` are {name: value}, `texts` {(sheet, address): text}: the cells that can hold placeholders."""

    tables: dict[str, MemoryTable] = field(default_factory=dict)
    names: dict[str, CellValue] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)

    saved: ClassVar[dict[Path, MemoryWorkbook]] = {}

    def table_names(self) -> tuple[str, ...]:
        return tuple(self.tables)

    def columns(self, name: str) -> tuple[str, ...]:
        return tuple(self._table(name).columns)

    def read_table(self, name: str) -> Table:
        table = self._table(name)
        rows = []
        for number, row in enumerate(table.rows, table.first_row):
            cells = {}
            for position, header in enumerate(table.columns):
                ref = f"{chr(ord(table.left) + position)}{number}"
                if header in row:
                    cell = _cell(row[header], ref)
                elif header in table.formulas:
                    cell = Cell(CellKind.UNCALCULATED, ref=ref, is_formula=True)
                else:
                    continue
                if cell.kind is not CellKind.BLANK:
                    cells[header] = cell
            if cells:  # a row with nothing in it is not a row to any reader
                rows.append(Row(number, cells))
        return Table(name, table.sheet, table.columns, tuple(rows))

    def body(self, name: str) -> tuple[str, Area]:
        table = self._table(name)
        left = ord(table.left) - 64
        last = table.first_row + max(len(table.rows), 1) - 1
        return table.sheet, Area(left, table.first_row, left + len(table.columns) - 1, last)

    def read_keys(
        self, name: str, headers: Sequence[str], rows: Collection[int] | None = None
    ) -> Mapping[int, tuple[str, ...]]:
        """What stands in some columns of each row that is not blank; see `WorkbookPort`."""
        keys = {row.number: tuple(row[header].raw.strip() for header in headers) for row in self.read_table(name).rows}
        return {number: key for number, key in keys.items() if any(key) and (rows is None or number in rows)}

    def read_formulas(self, name: str, headers: Collection[str]) -> dict[tuple[int, str], TypedFormula]:
        table, found = self._table(name), {}
        for number, row in enumerate(table.rows, table.first_row):
            for header in headers:
                cell = row.get(header)
                if isinstance(cell, Typed):
                    found[number, header] = TypedFormula(cell.text)
                elif header in table.formulas and header not in row:
                    found[number, header] = TypedFormula("declared", is_columns=True)
        return found

    def read_attached(self, name: str) -> list[Attached]:
        return list(self._table(name).attached)

    def totals(self, name: str) -> Area | None:
        return None

    def make_room(self, name: str, rows: int) -> Sequence[Pointer]:
        return ()

    def bring_rows(self, moves: Mapping[str, Moves]) -> Mapping[str, str]:
        return {}

    def follow(self, moves: Callable[[str | None], Sequence[Moves]]) -> Sequence[Pointer]:
        return ()

    def keep_together(self, name: str, with_next: Collection[int], moved: Mapping[int, int]) -> None:
        self._table(name)  # it has no pages

    def write_table(self, name: str, rows: Sequence[TableRow], moved: Mapping[int, int] | None = None) -> None:
        table = self._table(name)
        for row in rows:
            for header, value in row.items():
                if header not in table.columns:
                    raise WorkbookError(f"no column '{header}'; its columns are {', '.join(table.columns)}")
                if not isinstance(value, Kept):
                    _check(value)
        last = table.first_row + max(len(rows), 1) - 1
        if table.filled_below is not None and last >= table.filled_below > table.first_row + len(table.rows) - 1:
            raise WorkbookError(f"sheet '{table.sheet}': row {table.filled_below} is filled; move it")
        if moved is not None:
            table.attached = [replace(each, row=moved[each.row]) for each in table.attached if each.row in moved]
        table.rows = [
            {
                header: self._kept(table, header, value) if isinstance(value, Kept) else value
                for header, value in row.items()
                if not (isinstance(value, Kept) and self._is_declared(table, header, value.row))
            }
            for row in rows
        ] or [{}]

    @staticmethod
    def _is_declared(table: MemoryTable, header: str, row: int) -> bool:
        return header in table.formulas and header not in table.rows[row - table.first_row]

    @staticmethod
    def _kept(table: MemoryTable, header: str, kept: Kept) -> MemoryCell:
        return table.rows[kept.row - table.first_row].get(header) if kept.formula is None else Typed(kept.formula)

    def add_columns(self, name: str, looks: Mapping[str, Look]) -> None:
        table = self._table(name)
        table.columns = (*table.columns, *looks)

    def add_sheet(self, source: bytes, name: str, after: str | None) -> None:
        """See `WorkbookPort`; of a sheet there is no more than its tables here."""
        template = FileWorkbook.open(source)
        tables = {table: template for table in template.table_names() if template.body(table)[0] == name}
        taken = [table for table in tables if table in self.tables]
        if taken:
            raise WorkbookError(f"has a table '{taken[0]}' of your own")
        self.tables |= {table: MemoryTable(name, template.columns(table), []) for table in tables}

    def read_constant(self, name: str) -> str:
        return self.constants.get(name, "")

    def write_constant(self, name: str, text: str) -> None:
        self.constants[name] = text

    def read_name(self, name: str) -> CellValue:
        if name not in self.names:
            raise WorkbookError(f"no name '{name}'; this workbook has {', '.join(sorted(self.names))}")
        return self.names[name]

    def write_name(self, name: str, value: CellValue) -> None:
        self.read_name(name)
        _check(value)
        self.names[name] = value

    def set_title(self, title: str) -> None:
        self.names["title"] = title

    def fill(self, context: Mapping[str, object]) -> None:
        self.texts |= {
            (sheet, address): render(text, context, f"memory, sheet '{sheet}', cell {address}")
            for (sheet, address), text in self.texts.items()
            if has_placeholder(text)
        }

    def save(self, path: Path) -> None:
        temporary = path.with_name(f".{path.name}.tmp")
        try:
            temporary.write_bytes(b"saved")
            os.replace(temporary, path)
        except PermissionError as error:
            raise WorkbookInUse(f"{path}: somebody has it open") from error
        except OSError as error:
            raise WorkbookError(f"{path}: cannot be written") from error
        finally:
            temporary.unlink(missing_ok=True)
        self.saved[path] = copy.deepcopy(self)

    def _table(self, name: str) -> MemoryTable:
        if name not in self.tables:
            raise TableNotFound(name, self.table_names())
        return self.tables[name]


def _check(value: CellValue) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise WorkbookError(f"{value!r} is not something a cell can hold")
    if isinstance(value, str) and len(value) > 32_767:
        raise WorkbookError("the text is too long")


def _cell(value: MemoryCell, ref: str) -> Cell:
    if isinstance(value, Typed):
        return Cell(CellKind.UNCALCULATED, ref=ref, is_formula=True)
    if value is None:
        return Cell(CellKind.BLANK, ref=ref)
    if isinstance(value, bool):
        return Cell(CellKind.BOOLEAN, str(value).upper(), ref)
    if isinstance(value, str):
        return Cell(CellKind.TEXT, value, ref)
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime.combine(value, time())
        serial = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
        return Cell(CellKind.NUMBER, repr(serial).removesuffix(".0"), ref, NumberStyle.DATE)
    return Cell(CellKind.NUMBER, repr(value).removesuffix(".0"), ref)
