"""LiveWorkbook: the port over a workbook that is open in Excel."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlperf.errors import TableNotFound, WorkbookError
from xlperf.tables import Table
from xlperf.workbook.a1 import Area
from xlperf.workbook.formulafill import Moves
from xlperf.workbook.live.below import check_room, put_in_rows, rows_to_put_in
from xlperf.workbook.live.cells_from_excel import Sample, read_block, read_cells, read_samples, value_of
from xlperf.workbook.live.faults import must_grow, naming, native_flag, patiently, plainly, protected
from xlperf.workbook.live.keeping import with_kept
from xlperf.workbook.live.live_table import read_table_at
from xlperf.workbook.live.meanwhile import Meanwhile
from xlperf.workbook.live.moving import RowsStay, bring, is_settled
from xlperf.workbook.live.named import meanings, move_print_area, named_cell, print_area
from xlperf.workbook.live.notes_and_links import attached
from xlperf.workbook.live.page_breaks import keep_together
from xlperf.workbook.live.places import Place, find_tables, place_of
from xlperf.workbook.live.planning import plan_table, stands_already
from xlperf.workbook.live.pointing import Pointing
from xlperf.workbook.live.saving import save, save_and_close
from xlperf.workbook.live.writing import put, put_cell
from xlperf.workbook.names import constant
from xlperf.workbook.port import Attached, CellValue, Look, Pointer, TableRow, TypedFormula
from xlperf.workbook.tablewriter import check_rows

if TYPE_CHECKING:
    import xlwings as xw


class LiveWorkbook:
    """A workbook open in Excel; implements `WorkbookPort`. What is written shows at once; only `save` saves it."""

    def __init__(self, book: xw.Book) -> None:
        self.book = book
        with plainly("the workbook"):
            self.name: str = patiently(getattr, book, "name")
        self._forget()

    def _forget(self) -> None:
        """Know nothing of the workbook, as when it has just been opened."""
        self._tables: dict[str, tuple[xw.Sheet, Any]] = {}
        self._meanwhile = Meanwhile(lambda place: read_table_at(place, self._date_1904))
        self._samples: dict[str, Sequence[Sample]] = {}
        self._brought: dict[str, Mapping[int, int]] = {}
        self._pointing: Pointing | None = None

    def table_names(self) -> tuple[str, ...]:
        """Return the names of all Excel tables, in sheet order."""
        with plainly(self.name):
            self._tables = patiently(find_tables, self.book)
        return tuple(self._tables)

    def columns(self, name: str) -> tuple[str, ...]:
        """Return the table's column headers, without reading its rows. Raises TableNotFound."""
        return self._place(name).columns

    def read_table(self, name: str) -> Table:
        """Return the table as it stands, hidden rows included. Raises TableNotFound, WorkbookError."""
        place = self._place(name)
        with plainly(self._where(place)):
            return self._meanwhile.table(place)

    def add_columns(self, name: str, looks: Mapping[str, Look]) -> None:
        """Refuse: a master grows in its file, of which there is a backup. Raises MustGrow, saying how."""
        raise must_grow(self.name, f"column '{next(iter(looks))}'")

    def add_sheet(self, source: bytes, name: str, after: str | None) -> None:
        """Refuse, as `add_columns`."""
        raise must_grow(self.name, f"sheet '{name}'")

    def body(self, name: str) -> tuple[str, Area]:
        """Return the table's sheet, and where on it its rows are. Raises TableNotFound, WorkbookError."""
        place = self._place(name)
        return place.sheet_name, place.body

    def read_keys(self, name: str, headers: Sequence[str]) -> Mapping[int, tuple[str, ...]]:
        """What stands in some columns of each row that is not blank; see `WorkbookPort`."""
        rows = {row.number: tuple(row[header].raw.strip() for header in headers) for row in self.read_table(name).rows}
        return {number: key for number, key in rows.items() if any(key)}

    def read_formulas(self, name: str, headers: Collection[str]) -> Mapping[tuple[int, str], TypedFormula]:
        """Return the formulas in some of the table's columns, by sheet row and header.

        Raises TableNotFound, WorkbookError.
        """
        place = self._place(name)
        with plainly(self._where(place)):
            return self._meanwhile.formulas(place, headers)

    def read_attached(self, name: str) -> Sequence[Attached]:
        """What people attached to cells of the table, row by row. Raises TableNotFound, WorkbookError."""
        place = self._place(name)
        with plainly(self._where(place)):
            return patiently(attached, place)

    def totals(self, name: str) -> Area | None:
        """Return where the table's totals row is; None where it has none. Raises TableNotFound, WorkbookError."""
        place = self._place(name)
        return place.rows(place.last_row + 1, place.area.bottom) if place.has_totals else None

    def make_room(self, name: str, rows: int) -> Sequence[Pointer]:
        """Make room below a table that is to have so many rows; see `WorkbookPort`. All that points there follows."""
        place = self._place(name)
        with plainly(self._where(place)):
            with naming(self._where(place)):
                count = patiently(rows_to_put_in, place, rows)
            if count:
                self._must_be_writable(place, place.body.bottom)
                patiently(put_in_rows, place, count)
                self._meanwhile.read_again(place)
        return ()

    def bring_rows(self, moves: Mapping[str, Moves]) -> Mapping[str, str]:
        """Bring rows to where they will be, before anything is written; see `WorkbookPort`.

        Raises TableNotFound; WorkbookError where a table cannot be written at all: then nothing has been moved, unless
        Excel stopped half-way, which it is said to have.
        """
        if all(each.changes_nothing for each in moves.values()):
            return {}
        places = {name: self._place(name) for name in moves}
        to_do = [name for name, place in places.items() if not is_settled(place, moves[name].rows, moves[name].last)]
        for name in to_do:
            place = places[name]
            with plainly(self._where(place)):
                self._must_be_writable(place, moves[name].last)
                self._samples[name] = patiently(read_samples, place)
        bodies: dict[str, list[Area]] = {}
        for place in places.values():
            bodies.setdefault(place.sheet_name.casefold(), []).append(place.body)
        with plainly(self.name):
            self._pointing = patiently(Pointing, self.book, bodies)
        left = {}
        for name in to_do:
            try:
                self._bring(places[name], moves[name].rows, moves[name].last)
                self._brought[name] = dict(moves[name].rows)
            except RowsStay as error:
                left[name] = str(error)
                self._samples.pop(name)
        return left

    def follow(self, moves: Callable[[str | None], Sequence[Moves]]) -> Sequence[Pointer]:
        """Make formulas and names that point at cells of the tables point where those are; see `WorkbookPort`.

        Excel has them follow by itself as rows are brought to their places; see `live.pointing`.
        """
        pointing, self._pointing = self._pointing, None
        if pointing is None:
            return ()
        with plainly(self.name):
            return pointing.follow(moves)

    def write_table(self, name: str, rows: Sequence[TableRow], moved: Mapping[int, int] | None = None) -> None:
        """Replace the table's rows; see `WorkbookPort`. Nothing is written where everything stands there already.

        What is refused is refused before anything changes. After a failure of Excel half-way the table may hold rows of
        both; writing it again puts it right.

        Raises TableNotFound; WorkbookError for an unknown header, a value no cell can hold, a protected sheet, where
        growing would cover filled cells, where rows cannot be brought to their places, where somebody has typed into
        the table since `read_table`, or where Excel refuses.
        """
        place = self._place(name)
        where = self._where(place)
        with naming(where):
            check_rows(name, place.columns, rows)
        new_row_of = self._brought.pop(name, None)
        new_last = place.first_row + max(len(rows), 1) - 1
        stay = {row: row for row in range(place.first_row, min(new_last, place.body.bottom) + 1)}
        settled = new_row_of is not None or (
            not place.has_totals if moved is None else is_settled(place, moved, new_last)
        )
        with plainly(where):
            samples = self._samples.pop(name, None) or patiently(read_samples, place)
            with naming(where):
                live_rows = patiently(with_kept, place, rows, self._date_1904, new_row_of)
                plan = plan_table(samples, live_rows or [{}], place.first_row, self._date_1904)
            if new_last == place.body.bottom and settled:
                block = patiently(read_block, place.sheet, place.body)
                if stands_already(plan, block, self._date_1904):
                    return
            self._must_be_writable(place, new_last)
            if not settled:
                place = self._bring(place, stay if moved is None else moved, new_last)
            self._meanwhile.forget(place.name)
            put(place, plan, is_kept=moved is not None)
            if new_last != place.body.bottom:
                was = patiently(print_area, place.sheet)
                patiently(move_print_area, place.sheet, was, place.body.bottom, new_last)

    def keep_together(self, name: str, with_next: Collection[int], moved: Mapping[int, int]) -> None:
        """End no printed page of a table's sheet with a row that belongs with the next; see `WorkbookPort`."""
        with plainly(self.name):
            keep_together(self.book, self._place(name), with_next)

    def read_constant(self, name: str) -> str:
        """Return the text that a defined name stands for; see `WorkbookPort`."""
        with plainly(f"{self.name}, {name}"):
            return constant(name, patiently(meanings, self.book))

    def write_constant(self, name: str, text: str) -> None:
        """Refuse, as `add_columns`, with which alone it comes."""
        raise must_grow(self.name, f"name '{name}'")

    def read_name(self, name: str) -> CellValue:
        """Return the value of the one cell that a defined name points at.

        Raises WorkbookError if there is no such name, it is not one cell, or the cell holds an error.
        """
        where = f"{self.name}, {name}"
        with plainly(where):
            sheet, area = patiently(named_cell, self.book, name)
            cell = patiently(read_cells, sheet, area, self._date_1904)[0][0]
        return value_of(cell, self._date_1904, where)

    def write_name(self, name: str, value: CellValue) -> None:
        """Put `value` into the one cell that a defined name points at; its style stays.

        Raises WorkbookError if there is no such name, it is not one cell, or no cell can hold the value.
        """
        with plainly(f"{self.name}, {name}"):
            sheet, area = patiently(named_cell, self.book, name)
            if patiently(native_flag, sheet, "ProtectContents"):
                raise protected(f"{self.name}, sheet '{sheet.name}'")
            put_cell(sheet, area, value, self._date_1904)

    def set_title(self, title: str) -> None:
        """Do nothing: the title is set in files. See `WorkbookPort`."""

    def fill(self, context: Mapping[str, object]) -> None:
        """Refuse: a master that is open was made from its template long ago. Raises WorkbookError."""
        raise WorkbookError(f"{self.name}: placeholders are filled in a template, never in a workbook open in Excel")

    def save(self, path: Path) -> None:
        """Save the open workbook itself, under its own name; any other path is refused.

        Raises WorkbookInUse where it is open read-only; WorkbookError where it was never saved, or cannot be.
        """
        with plainly(self.name):
            save(self.book, self.name, path)

    @contextlib.contextmanager
    def closed(self) -> Iterator[None]:
        """Save and close the workbook, so that its file can be changed meanwhile; then open it again, whatever happens.

        Raises WorkbookInUse where it is open read-only; WorkbookError where it was never saved, its file is not known,
        or Excel refuses; then it is still open.
        """
        with plainly(self.name):
            app, path = self.book.app, save_and_close(self.book, self.name)
        try:
            yield
        finally:
            self._forget()
            with plainly(self.name):
                self.book = patiently(app.books.open, str(path))

    # -- tables --

    def _place(self, name: str) -> Place:
        if name not in self._tables:
            self.table_names()
        table_name = next((each for each in self._tables if each.casefold() == name.casefold()), None)
        if table_name is None:
            raise TableNotFound(name, tuple(self._tables))
        with plainly(self.name):
            return patiently(place_of, table_name, *self._tables[table_name])

    def _where(self, place: Place) -> str:
        return f"{self.name}, sheet '{place.sheet_name}'"

    @cached_property
    def _date_1904(self) -> bool:
        return patiently(native_flag, self.book, "Date1904")

    def _must_be_writable(self, place: Place, new_last: int) -> None:
        """Raise WorkbookError where a table has no room to grow into, is protected, or was typed into meanwhile."""
        with naming(self._where(place)):
            check_room(place, new_last)
        if native_flag(place.sheet, "ProtectContents"):
            raise protected(self._where(place))
        self._meanwhile.check(place, self._where(place))

    def _bring(self, place: Place, moved: Mapping[int, int], new_last: int) -> Place:
        """Bring rows to their places, and take the table as it then is for what has been read."""
        with plainly(self._where(place)):
            place = bring(place, moved, new_last)
            self._meanwhile.read_again(place)
        return place
