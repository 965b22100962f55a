"""LiveWorkbook: the port over a workbook that is open in Excel."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlperf.errors import MustGrow, TableNotFound, WorkbookError, WorkbookInUse
from xlperf.tables import BLANK, Cell, CellKind, NumberStyle, Row, Table
from xlperf.workbook.a1 import Area, column_letters
from xlperf.workbook.cellxml import date_of
from xlperf.workbook.formulafill import Moves
from xlperf.workbook.live.below import check_room, stray_cells
from xlperf.workbook.live.faults import native_flag, patiently, plainly, protected
from xlperf.workbook.live.keeping import typed_formulas, with_kept
from xlperf.workbook.live.named import move_print_area, named_cell
from xlperf.workbook.live.places import Place, find_tables, place_of, range_of
from xlperf.workbook.live.planning import plan_cell, plan_table, stands_already
from xlperf.workbook.live.reading import GENERAL, read_block, read_cells, read_samples
from xlperf.workbook.live.writing import put
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
        self._tables: dict[str, tuple[xw.Sheet, Any]] = {}
        self._seen: dict[str, Table] = {}
        self._formulas: dict[str, Mapping[tuple[int, str], TypedFormula]] = {}

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
            self._seen[name] = patiently(self._read, place)
        return self._seen[name]

    def add_columns(self, name: str, looks: Mapping[str, Look]) -> None:
        """Refuse: a master grows in its file, of which there is a backup. Raises MustGrow, saying how."""
        raise self._must_grow(f"column '{next(iter(looks))}'")

    def add_sheet(self, source: bytes, name: str, after: str | None) -> None:
        """Refuse, as `add_columns`."""
        raise self._must_grow(f"sheet '{name}'")

    def _must_grow(self, what: str) -> MustGrow:
        return MustGrow(
            f"{self.name} was made by an earlier version of xlperf and lacks the {what}. Save and close it, run xlperf "
            "collate in its folder, which adds what is new and leaves the rest as it is, and open it again"
        )

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
            self._formulas[name] = patiently(typed_formulas, place, headers)
        return self._formulas[name]

    def read_attached(self, name: str) -> tuple[Attached, ...]:
        """See `WorkbookPort`; Excel keeps what is attached to a cell where it is, and it is not read here."""
        return ()

    def totals(self, name: str) -> Area | None:
        """Where the table's totals row is; None, as a table with one is refused."""
        return None

    def make_room(self, name: str, rows: int) -> Sequence[Pointer]:
        """See `WorkbookPort`; what stands in the way is refused as the table is written."""
        return ()

    def follow(self, moves: Callable[[str | None], Sequence[Moves]]) -> Sequence[Pointer]:
        """See `WorkbookPort`; in an open Excel what points at cells is left to Excel."""
        return ()

    def write_table(self, name: str, rows: Sequence[TableRow], moved: Mapping[int, int] | None = None) -> None:
        """Replace the table's rows; see `WorkbookPort`. Nothing is written where everything stands there already.

        What is refused is refused before anything changes. After a failure of Excel half-way the table may hold rows of
        both; writing it again puts it right.

        Raises TableNotFound; WorkbookError for an unknown header, a value no cell can hold, a totals row, a protected
        sheet, where growing would cover filled cells, where somebody has typed into the table since `read_table`, or
        where Excel refuses.
        """
        place = self._place(name)
        where = self._where(place)
        with _naming(where):
            check_rows(name, place.columns, rows)
        if place.has_totals:
            raise WorkbookError(
                f"{where}: table '{name}' has a totals row, which cannot be moved in an open Excel; turn it off, or "
                "save and close the workbook and run xlperf collate in its folder"
            )
        with plainly(where):
            samples = patiently(read_samples, place)
            known = patiently(with_kept, place, rows, self._date_1904)
            with _naming(where):
                plan = plan_table(samples, known or [{}], place.first_row, self._date_1904)
                new_last = place.first_row + len(plan.cells) - 1
                check_room(place, new_last)
            if new_last == place.body.bottom:
                block = patiently(read_block, place.sheet, place.body)
                if stands_already(plan, block, self._date_1904):
                    return
            if native_flag(place.sheet, "ProtectContents"):
                raise protected(where)
            self._check_nobody_typed(place)
            put(place, plan)
            if new_last != place.body.bottom:
                patiently(move_print_area, place, new_last)

    def read_name(self, name: str) -> CellValue:
        """Return the value of the one cell that a defined name points at.

        Raises WorkbookError if there is no such name, it is not one cell, or the cell holds an error.
        """
        where = f"{self.name}, {name}"
        with plainly(where):
            sheet, area = patiently(named_cell, self.book, name)
            cell = patiently(read_cells, sheet, area, self._date_1904)[0][0]
        return _value(cell, self._date_1904, where)

    def write_name(self, name: str, value: CellValue) -> None:
        """Put `value` into the one cell that a defined name points at; its style stays.

        Raises WorkbookError if there is no such name, it is not one cell, or no cell can hold the value.
        """
        with plainly(f"{self.name}, {name}"):
            sheet, area = patiently(named_cell, self.book, name)
            if patiently(native_flag, sheet, "ProtectContents"):
                raise protected(f"{self.name}, sheet '{sheet.name}'")
            cell = range_of(sheet, area)
            code = patiently(getattr, cell, "number_format") or GENERAL
            given, needed = plan_cell(value, code, str(area), self._date_1904)
            patiently(_put_one, cell, given, needed if needed != code else None)

    def fill(self, context: Mapping[str, object]) -> None:
        """Refuse: a master that is open was made from its template long ago. Raises WorkbookError."""
        raise WorkbookError(f"{self.name}: placeholders are filled in a template, never in a workbook open in Excel")

    def save(self, path: Path) -> None:
        """Save the open workbook itself, under its own name; any other path is refused.

        Raises WorkbookInUse where it is open read-only; WorkbookError where it was never saved, or cannot be.
        """
        with plainly(self.name):
            own = self._own_path()
            is_elsewhere = path.is_absolute() and own is not None and not _is_same_file(own, path)
            if path.name.casefold() != self.name.casefold() or is_elsewhere:
                raise WorkbookError(f"{self.name} is what is open in Excel, and only it can be saved there, not {path}")
            if not Path(self.name).suffix:
                raise WorkbookError(f"{self.name} has never been saved; save it once in Excel, under a name of its own")
            if patiently(native_flag, self.book, "ReadOnly"):
                raise WorkbookInUse(
                    f"{self.name} is open read-only, as somebody else has it open, so it was not saved; what was read "
                    "is in the ledger. Close it, open it when they have finished, and collate again"
                )
            patiently(self.book.save)

    @contextlib.contextmanager
    def closed(self) -> Iterator[None]:
        """Save and close the workbook, so that its file can be changed meanwhile; then open it again, whatever happens.

        Raises WorkbookInUse where it is open read-only; WorkbookError where it was never saved, its file is not known,
        or Excel refuses; then it is still open.
        """
        with plainly(self.name):
            path = self._own_path()
            if path is None:
                raise WorkbookError(
                    f"{self.name} has no path on this computer (it was never saved, or lies on the web), so it cannot "
                    "be closed and opened again from here; close it, run xlperf collate in its folder, and open it"
                )
            self.save(path)
            app = self.book.app
            patiently(self.book.close)
        try:
            yield
        finally:
            self._tables, self._seen, self._formulas = {}, {}, {}
            with plainly(self.name):
                self.book = patiently(app.books.open, str(path))

    # -- tables --

    def _place(self, name: str) -> Place:
        if name not in self._tables:
            self.table_names()
        known = next((each for each in self._tables if each.casefold() == name.casefold()), None)
        if known is None:
            raise TableNotFound(name, tuple(self._tables))
        with plainly(self.name):
            return patiently(place_of, known, *self._tables[known])

    def _where(self, place: Place) -> str:
        return f"{self.name}, sheet '{place.sheet_name}'"

    @cached_property
    def _date_1904(self) -> bool:
        return patiently(native_flag, self.book, "Date1904")

    def _read(self, place: Place) -> Table:
        cells = read_cells(place.sheet, place.body, self._date_1904) if place.first_row <= place.last_row else []
        rows = [
            Row(number, {h: cell for h, cell in zip(place.columns, line, strict=True) if cell is not BLANK})
            for number, line in enumerate(cells, place.first_row)
        ]
        while rows and not rows[-1].cells:  # a file has no row where nothing is
            rows.pop()
        letters = tuple(column_letters(column) for column in range(place.area.left, place.area.right + 1))
        stray, count = stray_cells(place, self._date_1904)
        return Table(place.name, place.sheet_name, place.columns, tuple(rows), letters, stray, count)

    def _check_nobody_typed(self, place: Place) -> None:
        """Raise WorkbookError where the table is not as it was read: what was typed since would be lost."""
        seen, formulas = self._seen.get(place.name), self._formulas.get(place.name, {})
        headers = {header for _, header in formulas}
        is_other = seen is not None and _typed(patiently(self._read, place)) != _typed(seen)
        if is_other or (headers and patiently(typed_formulas, place, headers) != formulas):
            raise WorkbookError(
                f"{self._where(place)}: somebody typed into table '{place.name}' while it was being brought up to "
                "date, so it was left as it is; do it again"
            )
        self._seen.pop(place.name, None)
        self._formulas.pop(place.name, None)

    def _own_path(self) -> Path | None:
        """Where the open workbook lies; None where that is not known, as on OneDrive, whose paths are URLs."""
        try:
            full = patiently(getattr, self.book, "fullname")
        except Exception:  # noqa: BLE001  xlwings raises whatever it likes where it cannot turn a URL into a path
            return None
        return Path(full) if Path(full).is_absolute() else None


@contextlib.contextmanager
def _naming(where: str) -> Iterator[None]:
    """Put workbook and sheet before what is wrong with a cell or table."""
    try:
        yield
    except WorkbookError as error:
        raise WorkbookError(f"{where}: {error}") from error


def _is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to the same file, one perhaps by a drive letter and the other by a share's name."""
    try:
        return one == other or one.samefile(other)
    except OSError:
        return False


def _put_one(cell: xw.Range, given: object, code: str | None) -> None:
    if code is not None:
        cell.number_format = code
    cell.raw_value = given


def _typed(table: Table) -> list[tuple[str, CellKind, str]]:
    """What a person can have typed: all but the results of formulas, which may change by themselves."""
    cells = [*(cell for row in table.rows for cell in row.cells.values()), *table.stray]
    return [(cell.ref, cell.kind, cell.raw) for cell in cells if not cell.is_formula]


def _value(cell: Cell, date_1904: bool, where: str) -> CellValue:
    """What a cell holds. Raises WorkbookError for an error value and an uncalculated formula."""
    if cell.kind is CellKind.ERROR:
        raise WorkbookError(f"{where}: holds {cell.raw}; correct its formula")
    if cell.kind is CellKind.UNCALCULATED:
        raise WorkbookError(f"{where}: holds a formula that has not been calculated; press F9 in Excel")
    if cell.kind is CellKind.BLANK:
        return None
    if cell.kind is CellKind.TEXT:
        return cell.raw
    if cell.kind is CellKind.BOOLEAN:
        return cell.raw == "TRUE"
    number = float(cell.raw)
    if cell.style is NumberStyle.DATE and number >= 0:
        return date_of(number, date_1904)
    return int(number) if number.is_integer() and "e" not in cell.raw else number
