"""The port over a file: a workbook is changed where it stands and stays byte for byte as it was elsewhere.

Why own code: openpyxl loses what it does not know on load and save; wolfxl 2.0.21 writes cells out of order,
makes a style per copied cell and ignores a changed print area. So the parts that change are spliced.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from xlperf.rows import RowsByColumn
from xlperf.tables import Table
from xlperf.workbook.a1 import Area, column_letters
from xlperf.workbook.attached import attached
from xlperf.workbook.beside import check_blank_cells
from xlperf.workbook.cellwriter import columns_of, put_values
from xlperf.workbook.cellxml import value_of
from xlperf.workbook.drawings import hanging
from xlperf.workbook.filling import CellPlaceholder, Placeholder, placeholders
from xlperf.workbook.formulafill import Moves
from xlperf.workbook.names import constant, one_cell
from xlperf.workbook.newsheet import take_sheet
from xlperf.workbook.onesheet import with_one_sheet
from xlperf.workbook.package import Package
from xlperf.workbook.pagebreaks import keep_together
from xlperf.workbook.parts import Sheet, TablePart, append_columns, declare_constant
from xlperf.workbook.pointers import Following
from xlperf.workbook.port import Attached, CellValue, Look, Pointer, TableRow, TypedFormula
from xlperf.workbook.printing.paging import note_of_pages
from xlperf.workbook.properties import set_saved, set_title
from xlperf.workbook.reader import OF_OUR_OWN, WorkbookTables
from xlperf.workbook.rewriting import NewRows, rewrite
from xlperf.workbook.room import make_room
from xlperf.workbook.sheetformulas import typed_formulas
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.tablereader import row_keys, whole_table
from xlperf.workbook.tablewidth import widen
from xlperf.workbook.tablewriter import check_rows
from xlperf.workbook.xmlsplice import located

_TITLE = "xlperf_title"
"""The hidden name that says which title we gave the workbook; another in its properties is a person's."""


class FileWorkbook:
    """A workbook file, open in memory; implements `WorkbookPort`. Nothing reaches the disk before `save`."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._sheets: dict[str, SheetXml] = {}
        self._read: tuple[int, dict[str, Table]] = 0, {}
        """The tables that have been read, and how often the package had been changed by then."""
        self._written_tables: set[str] = set()
        self._written_cells: set[tuple[str, int, int]] = set()
        self._is_written = False
        self._sampled: set[str] = set()
        """The tables whose first row is a sample, as they come from a template."""

    @classmethod
    def open(cls, source: Path | bytes) -> FileWorkbook:
        """Open an .xlsx from a path or from its bytes. Raises WorkbookError."""
        return cls(Package.open(source))

    def table_names(self) -> tuple[str, ...]:
        """Return the names of all Excel tables, in sheet order."""
        return tuple(self.package.tables)

    def columns(self, name: str) -> tuple[str, ...]:
        """Return the table's column headers, without reading its rows. Raises TableNotFound."""
        return self._table(name).columns

    def read_table(self, name: str) -> Table:
        """Return the table as it stands, hidden rows included. Raises TableNotFound, WorkbookError."""
        table = self._table(name)
        self._flush_sheet(table.sheet.part)
        if self._read[0] != self.package.changes:
            self._read = self.package.changes, {}
        _, tables = self._read
        if table.name not in tables:  # one at a time: most of a master is one sheet that is seldom asked for
            data = with_one_sheet(self.package, table.sheet.part)
            unread = WorkbookTables(data, file=self.package.file, limits=OF_OUR_OWN)
            tables[table.name] = whole_table(unread, table, self.package.file)
        return tables[table.name]

    def body(self, name: str) -> tuple[str, Area]:
        """Return the table's sheet, and where on it its rows are. Raises TableNotFound."""
        table = self._table(name)
        return table.sheet.name, table.body

    def read_keys(
        self, name: str, headers: Sequence[str], rows: Collection[int] | None = None
    ) -> Mapping[int, tuple[str, ...]]:
        """What stands in some columns of each row that is not blank; see `WorkbookPort`."""
        table = self._table(name)
        return row_keys(self._sheet(table.sheet), table, headers, self.package, rows)

    def read_formulas(self, name: str, headers: Collection[str]) -> dict[tuple[int, str], TypedFormula]:
        """Return the formulas in some of the table's columns, by sheet row and header. Raises TableNotFound."""
        table = self._table(name)
        return typed_formulas(self._sheet(table.sheet), table, headers)

    def read_attached(self, name: str) -> tuple[Attached, ...]:
        """What people attached to cells of the table; see `WorkbookPort`."""
        table = self._table(name)
        items = (*attached(self.package, self._sheet(table.sheet), table), *hanging(self.package, table))
        return tuple(sorted(items, key=lambda each: each.row))

    def totals(self, name: str) -> Area | None:
        """Return where the table's totals row is; None where it has none. Raises TableNotFound."""
        table = self._table(name)
        return replace(table.area, top=table.last_row + 1) if table.totals_rows else None

    def make_room(self, name: str, rows: int) -> Sequence[Pointer]:
        """Make room below a table that is to have so many rows; see `WorkbookPort`."""
        table = self._table(name)
        with located(f"{self.package.file}, sheet '{table.sheet.name}'"):
            return make_room(self.package, self._sheet, table, rows)

    def bring_rows(self, moves: Mapping[str, Moves]) -> Mapping[str, str]:
        """Do nothing: in a file rows are moved when they are written. See `WorkbookPort`."""
        return {}

    def follow(self, moves: Callable[[str | None], Sequence[Moves]]) -> list[Pointer]:
        """Make what points at cells of the tables by address point where those will be; see `WorkbookPort`."""
        if all(table.changes_nothing for table in moves(None)):
            return []
        return Following(self.package, self._sheet, moves).all()

    def write_table(self, name: str, rows: Sequence[TableRow], moved: Mapping[int, int] | None = None) -> None:
        """Replace the table's rows; see `WorkbookPort`. A failed call changes nothing.

        Raises TableNotFound; WorkbookError for an unknown header, a value no cell can hold, or no room to grow.
        """
        table = self._table(name)
        by_column = RowsByColumn.of(rows)
        check_rows(name, table.columns, by_column)
        is_sampled = table.name in self._sampled
        written = NewRows(
            by_column, moved, is_sampled, has_sample=is_sampled and table.name not in self._written_tables
        )
        formula_changed = rewrite(self.package, self._sheet(table.sheet), table, written)
        if formula_changed:
            self.package.drop_calculation_chain()
        self._written_tables.add(table.name)
        self._is_written = True

    def keep_together(self, name: str, with_next: Collection[int], moved: Mapping[int, int]) -> None:
        """End no printed page of a table's sheet with a row that belongs with the next; see `WorkbookPort`."""
        table = self._table(name)
        note = note_of_pages(table.name)
        now = keep_together(self.package, self._sheet(table.sheet), table, with_next, moved, self.read_constant(note))
        if now is not None:
            self.write_constant(note, now)

    def add_columns(self, name: str, looks: Mapping[str, Look]) -> None:
        """Add columns at the right end of a table; see `WorkbookPort`."""
        table = self._table(name)
        sheet = self._sheet(table.sheet)
        with located(f"{self.package.file}, sheet '{table.sheet.name}'"):
            check_blank_cells(self.package, sheet, table, len(looks))
            widen(self.package, sheet, table, looks)
        with self.package.changing(table.part) as root:
            append_columns(root, table.area, tuple(looks), self.package.where(table.part))
        self._is_written = True

    def add_sheet(self, source: bytes, name: str, after: str | None) -> None:
        """Add a sheet of another workbook; see `WorkbookPort`."""
        take_sheet(self.package, Package(source, "the template"), name, after)
        self._sampled |= {table.name for table in self.package.tables.values() if table.sheet.name == name}
        self._is_written = True

    def write_cells(self, name: str, changes: Mapping[int, Mapping[str, CellValue]]) -> None:
        """Put values into single cells of a table, as a person typing would; styles and all else stay.

        `changes` is keyed by sheet row, then by header. Raises TableNotFound; WorkbookError for an unknown header or a
        row outside the table.
        """
        table = self._table(name)
        for row, values in columns_of(table, changes, self.package.file):
            self._put_values(table.sheet, row, values)

    def read_constant(self, name: str) -> str:
        """Return the text that a defined name stands for; see `WorkbookPort`."""
        return constant(name, self._meanings)

    def write_constant(self, name: str, text: str) -> None:
        """Have a hidden name stand for a text; see `WorkbookPort`."""
        with self.package.changing(self.package.workbook_part) as root:
            declare_constant(root, name, text)

    def read_name(self, name: str) -> CellValue:
        """Return the value of the one cell that a defined name points at.

        Raises WorkbookError if there is no such name, it is not one cell, or the cell holds an error.
        """
        sheet, column, row = self._named_cell(name)
        package = self.package
        cell = self._sheet(sheet).cell(column, row)
        with located(f"{self._cell_name(sheet, column, row)} ({name})"):
            return value_of(cell, package.shared_strings, package.date_styles, package.date_1904)

    def write_name(self, name: str, value: CellValue) -> None:
        """Put `value` into the one cell that a defined name points at; its style stays.

        Raises WorkbookError if there is no such name, it is not one cell, or no cell can hold the value.
        """
        sheet, column, row = self._named_cell(name)
        self._put_value(sheet, column, row, value)
        self._written_cells.add((sheet.part, column, row))

    def fill(self, context: Mapping[str, object]) -> None:
        """Render every `{{ placeholder }}` in cells, headers and footers; see `WorkbookPort`.

        What this object has written is data and is never rendered. Raises TemplateError; then nothing has changed.
        """
        self.fill_by(lambda placeholder: placeholder.rendered(context))

    def fill_by(self, write: Callable[[Placeholder], str]) -> None:
        """Put what `write` makes of each placeholder in its place. What it raises leaves all as it was."""
        texts = [(each, write(each)) for each in placeholders(self.package, self._sheet, self._is_data)]
        for each, text in texts:
            if isinstance(each, CellPlaceholder):
                self._put_value(each.sheet, each.column, each.row, text)
                self._written_cells.add((each.sheet.part, each.column, each.row))
            else:
                with each.xml.changing_frame():
                    each.element.text = text
                self._is_written = True
        self._sampled |= set(self.package.tables)

    def set_title(self, title: str) -> None:
        """Have the workbook's properties say its title and language; see `WorkbookPort`."""
        if set_title(self.package, title, {self.read_constant(_TITLE)}) == title:
            self.write_constant(_TITLE, title)

    def set_saved(self, at: datetime, by: str | None = None) -> None:
        """Set when and by whom the workbook says it was last saved. Raises WorkbookError."""
        set_saved(self.package, at, by)

    def to_bytes(self) -> bytes:
        """Return the workbook as it stands, as the bytes of a file."""
        self._flush()
        return self.package.to_bytes()

    def compressed(self) -> bytes:
        """Return the workbook as it stands, as `save` writes it. Raises WorkbookError."""
        self._flush()
        return self.package.compressed()

    def save(self, path: Path, *, just_before: Callable[[], None] | None = None) -> str:
        """Write the workbook to `path`, wholly or not at all; returns the sha256 of the file's bytes.

        Raises WorkbookInUse, WorkbookError. `just_before` is called before the old file is replaced; what it raises
        leaves that as it is.
        """
        for part in list(self._sheets):
            self._seal_sheet(part)
        self._flush()
        return self.package.save(path, just_before=just_before)

    # -- sheets --

    def _table(self, name: str) -> TablePart:
        return self.package.table(name)

    def _sheet(self, sheet: Sheet) -> SheetXml:
        if sheet.part not in self._sheets:
            self._sheets[sheet.part] = SheetXml(self.package.part(sheet.part), self.package.where(sheet.part))
            self.package.release(sheet.part)  # its rows are held already
        return self._sheets[sheet.part]

    def _flush(self) -> None:
        for part in self._sheets:
            self._flush_sheet(part)
        if self._is_written:  # the results that people's formulas showed are out of date
            self.package.request_recalculation()

    def _flush_sheet(self, part: str) -> None:
        if part in self._sheets and self._sheets[part].is_changed:
            self.package.set_part(part, self._sheets[part].to_bytes())

    def _seal_sheet(self, part: str) -> None:
        """Write a sheet into its part for good, of which then nothing is held but its compressed bytes."""
        sheet = self._sheets.pop(part)
        if sheet.is_changed:
            data, new = sheet.to_bytes(), sheet.without_old_rows()
            del sheet  # the rows of a long sheet take as much memory again as its part
            self.package.set_part(part, data)
            self.package.seal(part, new)

    def _put_value(self, sheet: Sheet, column: int, row: int, value: CellValue) -> None:
        self._put_values(sheet, row, {column: value})

    def _put_values(self, sheet: Sheet, row: int, values: Mapping[int, CellValue]) -> None:
        if not values:
            return
        with located(f"{self.package.file}, sheet '{sheet.name}'"):
            if put_values(self._sheet(sheet), row, values, self.package.date_1904):
                self.package.drop_calculation_chain()
        self._is_written = True

    # -- names --

    @property
    def _meanings(self) -> dict[str, str]:
        return {each.name: each.text for each in self.package.defined_names if each.sheet_index is None}

    def _named_cell(self, name: str) -> tuple[Sheet, int, int]:
        sheets = {sheet.name: sheet for sheet in self.package.sheets if sheet.is_worksheet}
        sheet, cell = one_cell(self.package.file, name, self._meanings, sheets)
        return sheet, cell.left, cell.top

    def _is_data(self, sheet: Sheet, column: int, row: int) -> bool:
        if (sheet.part, column, row) in self._written_cells:
            return True
        return any(
            table.sheet == sheet and row >= table.first_row and table.area.holds(column, row)
            for name in self._written_tables
            if (table := self.package.tables[name])
        )

    def _cell_name(self, sheet: Sheet, column: int, row: int) -> str:
        return f"{self.package.file}, sheet '{sheet.name}', cell {column_letters(column)}{row}"
