"""Reading wanted tables: from the bytes of a workbook to a book, or to the findings that say why there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from xlperf.findings import Finding, Location, finding
from xlperf.tables import Book, Cell, CellKind, Row, Table
from xlperf.workbook.a1 import column_letters
from xlperf.workbook.reader.cells import KEPT_DIGITS, HeldCell, as_cell, is_long_number
from xlperf.workbook.reader.extras import read_extras
from xlperf.workbook.reader.gate import CheckedPackage
from xlperf.workbook.reader.reading_limits import DEFAULT_LIMITS, ReadingLimits, check_count
from xlperf.workbook.reader.refused import Refused, shown
from xlperf.workbook.reader.sheet import read_sheet
from xlperf.workbook.reader.styles import CellFormats, read_styles
from xlperf.workbook.reader.table_ranges import TableRange, choose, read_ranges
from xlperf.workbook.reader.texts import read_strings
from xlperf.workbook.reader.workbook_part import Workbook, read_saved_at, read_workbook

_NO_CELLS: Mapping[str, Cell] = {}  # one for all: a table may have a million rows without a cell
_MOST_LONG = 20  # over-long numbers of one table that are told of


def read_tables(
    data: bytes,
    wanted: Collection[str] | None,
    *,
    file: str = "",
    limits: ReadingLimits = DEFAULT_LIMITS,
    is_quick: bool = True,
) -> tuple[Book | None, list[Finding]]:
    """Read the `wanted` tables (None: all) of the workbook that `data` is.

    Where they are a mapping, it has for each table the headers whose cells are checked like all others, and left out.
    Returns the book with every wanted table, and warnings about the file; or None with the findings that say why not.
    It does not raise, whatever is in `data`. Table names match in any case, as in Excel, and come back as asked for.
    """
    return WorkbookTables(data, file=file, limits=limits, is_quick=is_quick).read(wanted)


class _LongNumbers(NamedTuple):
    """The numbers of a table, on the sheet of this name, with more digits than Excel keeps."""

    sheet: str
    cells: Sequence[Cell]


@dataclass(slots=True)
class _Around:
    """What stands around the cells, and is the same whichever tables are read."""

    warnings: Sequence[Finding]
    workbook: Workbook
    tables: Sequence[TableRange]
    formats: CellFormats | None = None


class WorkbookTables:
    """The tables of one workbook, for whoever reads some now and others later: what is around them is read once."""

    def __init__(
        self, data: bytes, *, file: str = "", limits: ReadingLimits = DEFAULT_LIMITS, is_quick: bool = True
    ) -> None:
        """`is_quick`: whether parts of ordinary XML may be read without a parser; the result is the same."""
        self._data, self._file, self._limits, self._is_quick = data, file, limits, is_quick
        self._package: CheckedPackage | None = None
        self._around: _Around | None = None

    def read(self, wanted: Collection[str] | None) -> tuple[Book | None, list[Finding]]:
        """See `read_tables`; what is asked of the limits is asked of each call."""
        try:
            if self._package is None:
                self._package = CheckedPackage(self._data, self._limits, is_quick=self._is_quick)
            package = self._package.unread()
            around = self._around or self._read_around(package)
            tables = [each.unread() for each in around.tables]
            missing = choose(tables, wanted)
            if missing:
                return None, [refused.finding(self._file) for refused in missing]
            left_out = wanted if isinstance(wanted, Mapping) else {}
            book, long_numbers = _read_book(package, around, tables, left_out)
            if self._around is None:
                package.check_rest()
                self._around = around
        except Refused as refused:
            return None, [refused.finding(self._file)]
        except MemoryError:
            return None, [Refused("F021", "The workbook needs more memory than xlperf may use.").finding(self._file)]
        return book, [*around.warnings, *_of_long_numbers(long_numbers, self._file)]

    def _read_around(self, package: CheckedPackage) -> _Around:
        warnings = read_extras(package, self._file)
        workbook = read_workbook(package)
        return _Around(warnings, workbook, read_ranges(package, workbook.sheets))


def _read_book(
    package: CheckedPackage, around: _Around, tables: Sequence[TableRange], left_out: Mapping[str, Collection[str]]
) -> tuple[Book, Sequence[_LongNumbers]]:
    workbook = around.workbook
    if around.formats is None:
        around.formats = read_styles(package, workbook.styles)
    formats = around.formats
    needed: set[int] = set()
    for sheet in workbook.sheets:
        here = [table for table in tables if table.sheet == sheet]
        if any(table.is_wanted for table in here):
            needed |= read_sheet(package, sheet, here, formats)
    strings = read_strings(package, workbook.shared_strings, needed)
    wanted = [table for table in tables if table.is_wanted]
    # Rows without a cell cost no bytes in the file, but one object each here.
    rows = sum(max(table.rows) - table.top for table in wanted if table.rows)
    check_count("rows in tables", rows, package.limits.rows)
    built = [_TableBuilder(table, strings, left_out.get(table.name, ())) for table in wanted]
    book = Book(
        {each.range.name: each.table(package.limits) for each in built},
        saved_at=read_saved_at(package, workbook.core),
        date_1904=workbook.date_1904,
        sheets=tuple(sheet.name for sheet in workbook.sheets),
    )
    return book, [_LongNumbers(each.range.sheet.name, each.long_numbers) for each in built if each.long_numbers]


class _TableBuilder:
    """Makes a table of what was found in its range; `left_out` are the headers whose cells are only checked."""

    def __init__(self, table: TableRange, strings: Mapping[int, str], left_out: Collection[str]) -> None:
        self.range = table
        self.long_numbers: list[Cell] = []
        self._strings = strings
        self._left_out = frozenset(left_out)

    def table(self, limits: ReadingLimits) -> Table:
        """The table, whose range is then empty. Raises Refused."""
        table, headers = self.range, self._headers(limits)
        given = {column: header for column, header in enumerate(headers, table.left) if header not in self._left_out}
        rows = tuple(
            Row(number, self._cells(table.rows[number], given) if number in table.rows else _NO_CELLS)
            for number in range(table.first_row, max(table.rows, default=0) + 1)
        )
        table.rows.clear()
        stray = tuple(cell for cell in map(self._cell, table.stray) if not cell.is_blank)
        more = table.more_stray + sum(
            times for index, times in table.more_stray_texts.items() if self._strings.get(index, "").strip()
        )
        letters = tuple(column_letters(table.left + index) for index in range(len(headers)))
        return Table(table.name, table.sheet.name, headers, rows, letters, stray, len(stray) + more)

    def _cells(self, held: Mapping[int, HeldCell], given: Mapping[int, str]) -> Mapping[str, Cell]:
        cells = {}
        for column, each in held.items():
            if isinstance(each, Cell):
                cell = each
            else:
                cell = self._cell(each)
                # Of cells that are known already, none is as long.
                if len(cell.raw) > KEPT_DIGITS and is_long_number(cell):
                    self.long_numbers.append(cell)
            header = given.get(column)
            if header is not None:
                cells[header] = cell
        return cells

    def _cell(self, held: HeldCell) -> Cell:
        return as_cell(held, self._strings, self.range.sheet.name)

    def _headers(self, limits: ReadingLimits) -> tuple[str, ...]:
        """Take the headers that the sheet shows; where it shows none, the column names of the table."""
        table = self.range
        headers = list(table.columns)
        if table.first_row > table.top:
            for column, held in table.rows.get(table.top, {}).items():
                cell = self._cell(held)
                if not cell.is_blank and cell.kind is not CellKind.UNCALCULATED:
                    check_count("characters in the header of a column", len(cell.raw), limits.name_chars)
                    headers[column - table.left] = cell.raw
        if len(set(headers)) < len(headers):
            header = Counter(headers).most_common(1)[0][0]
            message = f"Two columns of the table {shown(table.name)} have the same header."
            raise Refused("F010", message, sheet=table.sheet.name, found=header)
        return tuple(headers)


def _of_long_numbers(several: Iterable[_LongNumbers], file: str) -> Iterator[Finding]:
    """Tell of numbers with more digits than Excel keeps: what is read is the nearest that it could hold."""
    for sheet, cells in several:
        for at, cell in enumerate(cells[:_MOST_LONG], 1):
            more = f" {len(cells) - at:,} more of this table are not listed." if at == _MOST_LONG < len(cells) else ""
            message = f"The number was read as {float(cell.raw)!r}, which is as near as Excel could hold it.{more}"
            place = Location(file=file, sheet=shown(sheet), cell=cell.ref)
            yield finding("F016", message, place, found=shown(cell.raw), expected=f"at most {KEPT_DIGITS} digits")
