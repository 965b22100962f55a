"""LiveWorkbook: the port over a workbook that is open in Excel."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlperf.errors import TableNotFound
from xlperf.rows import RowsByColumn
from xlperf.tables import Table
from xlperf.workbook.a1 import Area
from xlperf.workbook.formulafill import Moves
from xlperf.workbook.live.below import check_room, put_in_rows, rows_to_put_in
from xlperf.workbook.live.cells_from_excel import Sample, read_samples
from xlperf.workbook.live.faults import naming, native_flag, patiently, plainly, protected
from xlperf.workbook.live.keeping import typed_formulas, with_kept
from xlperf.workbook.live.live_table import keys_in, table_at
from xlperf.workbook.live.meanwhile import Meanwhile
from xlperf.workbook.live.moving import RowsStay, bring, is_settled
from xlperf.workbook.live.named import move_print_area, print_area
from xlperf.workbook.live.notes_and_links import attached
from xlperf.workbook.live.open_book import OpenBook
from xlperf.workbook.live.open_contents import Noted, hash_of, read_sheets
from xlperf.workbook.live.page_breaks import keep_together
from xlperf.workbook.live.places import Place, find_tables, place_of
from xlperf.workbook.live.planning import Plan, other_cells, plan_table, stands_already
from xlperf.workbook.live.pointing import Pointing
from xlperf.workbook.live.refusing import RefusedWhereOpen
from xlperf.workbook.live.saving import save_and_close
from xlperf.workbook.live.writing import put
from xlperf.workbook.port import Attached, Pointer, TableRow, TypedFormula
from xlperf.workbook.tablewriter import check_rows

if TYPE_CHECKING:
    import xlwings as xw


class LiveWorkbook(OpenBook, RefusedWhereOpen):
    """A workbook open in Excel; implements `WorkbookPort`. What is written shows at once; only `save` saves it."""

    def __init__(self, book: xw.Book) -> None:
        super().__init__(book)
        self.look_again()

    def look_again(self) -> None:
        """Know nothing of what is in the workbook: it has just been opened, or somebody had time to type into it."""
        self._tables: dict[str, tuple[xw.Sheet, Any]] = {}
        self._meanwhile = Meanwhile()
        self._noted = Noted()
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
            table = table_at(place, self._meanwhile.read(place), self._date_1904)
        self._noted.below[place.name] = table.stray_count
        return table

    def body(self, name: str) -> tuple[str, Area]:
        """Return the table's sheet, and where on it its rows are. Raises TableNotFound, WorkbookError."""
        place = self._place(name)
        return place.sheet_name, place.body

    def read_keys(
        self, name: str, headers: Sequence[str], rows: Collection[int] | None = None
    ) -> Mapping[int, tuple[str, ...]]:
        """What stands in some columns of each row that is not blank; see `WorkbookPort`."""
        place = self._place(name)
        with plainly(self._where(place)):
            keys = keys_in(place, self._meanwhile.block(place), headers, self._date_1904)
        return keys if rows is None else {row: key for row, key in keys.items() if row in rows}

    def read_formulas(self, name: str, headers: Collection[str]) -> Mapping[tuple[int, str], TypedFormula]:
        """Return the formulas in some of the table's columns, by sheet row and header.

        Raises TableNotFound, WorkbookError.
        """
        place = self._place(name)
        with plainly(self._where(place)):
            return patiently(typed_formulas, place, self._meanwhile.block(place), headers)

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
                self._samples[name] = patiently(read_samples, place, self._meanwhile.block(place))
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
            check_rows(name, place.columns, RowsByColumn.of(rows))
        new_row_of = self._brought.pop(name, None)
        new_last = place.first_row + max(len(rows), 1) - 1
        stay = {row: row for row in range(place.first_row, min(new_last, place.body.bottom) + 1)}
        settled = new_row_of is not None or (
            not place.has_totals if moved is None else is_settled(place, moved, new_last)
        )
        with plainly(where):
            seen = self._meanwhile.block(place)
            samples = self._samples.pop(name, None) or patiently(read_samples, place, seen)
            with naming(where):
                live_rows = patiently(with_kept, place, rows, self._date_1904, new_row_of)
                plan = plan_table(samples, live_rows or [{}], place.first_row, self._date_1904)
            is_as_long = new_last == place.body.bottom and settled
            if is_as_long and stands_already(plan, seen, self._date_1904):
                self._noted.written[place.name] = seen.formulas
                return
            self._must_be_writable(place, new_last)
            if not settled:
                place = self._bring(place, stay if moved is None else moved, new_last)
            self._meanwhile.forget(place.name)
            other = list(other_cells(plan, seen, self._date_1904)) if is_as_long and moved is not None else None
            put(place, plan, other, is_kept=moved is not None)
            if new_last != place.body.bottom:
                was = patiently(print_area, place.sheet)
                patiently(move_print_area, place.sheet, was, place.body.bottom, new_last)
            self._note(replace(place, area=place.rows(place.area.top, new_last + int(place.has_totals))), plan)

    def _note(self, place: Place, plan: Plan) -> None:
        """Note what stands in a table that has been written, if it is what was to be written."""
        block = self._meanwhile.read(place)
        is_right = stands_already(plan, block, self._date_1904)
        self._noted.written[place.name] = block.formulas if is_right else None

    def contents(self, *, as_written: bool = False) -> str:
        """One hash of what stands on the sheets with tables, of all that people can type there.

        With `as_written` "" where it may hold what nobody has read: where it is not what was written, or somebody has
        typed below a table since it was read. Raises WorkbookError.
        """
        self.table_names()
        with plainly(self.name):
            sheets = patiently(read_sheets, self._tables)
            is_known = not as_written or all(self._noted.holds(sheet, self._place) for sheet in sheets)
        return hash_of(self.name, sheets) if is_known else ""

    def keep_together(self, name: str, with_next: Collection[int], moved: Mapping[int, int]) -> None:
        """End no printed page of a table's sheet with a row that belongs with the next; see `WorkbookPort`."""
        with plainly(self.name):
            keep_together(self.book, self._place(name), with_next)

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
            self.look_again()
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

    def _must_be_writable(self, place: Place, new_last: int) -> None:
        """Raise WorkbookError where a table has no room to grow into, is protected, or was typed into meanwhile."""
        with naming(self._where(place)):
            check_room(place, new_last)
        if native_flag(place.sheet, "ProtectContents"):
            raise protected(self._where(place))
        self._meanwhile.check(place, self._where(place), is_below=patiently(self._noted.is_below, place))

    def _bring(self, place: Place, moved: Mapping[int, int], new_last: int) -> Place:
        """Bring rows to their places, and take the table as it then is for what has been read."""
        with plainly(self._where(place)):
            place = bring(place, moved, new_last)
            self._meanwhile.read_again(place)
        return place
