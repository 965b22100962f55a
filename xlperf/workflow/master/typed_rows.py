"""What the readers of rows that people type into the master have in common."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from xlperf.findings import Finding, Location, finding
from xlperf.ledger import State, TypedRecord
from xlperf.report import layout
from xlperf.returns.cell_values import read_date
from xlperf.rules.iso_day import day_of
from xlperf.tables import Cell, CellKind, Row, Table
from xlperf.workbook.port import WorkbookPort
from xlperf.workflow.master.growing import columns_of
from xlperf.workflow.master.lineage import checked_last_run

NO_TEXT = (CellKind.ERROR, CellKind.UNCALCULATED)
"""A cell that shows an error or an uncalculated formula, and so says nothing."""


Cells = Mapping[str, str]
"""The texts of a row by the ids of its cells."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed since a master was written: records new to the ledger, and what is wrong with others."""

    records: tuple[TypedRecord, ...] = ()
    findings: tuple[Finding, ...] = ()


def table_of(book: WorkbookPort, name: str, table_names: Sequence[str]) -> Table:
    """A table of the master. Raises WorkbookError where it, or one of our columns, has gone."""
    columns_of(book, name, table_names)
    return book.read_table(name)


@dataclass(frozen=True, slots=True)
class RowAsTyped:
    """A row whose cells for typing may have changed.

    `cells` are its texts by their ids, `over` those that the master was last written with; None of a row that somebody
    added. A cell that shows an error or an uncalculated formula has in `cells` what it had before.
    """

    row: Row
    cells: Mapping[str, str]
    over: Mapping[str, str] | None


def rows_typed(
    shown: Table,
    written: Table,
    headers: Mapping[str, str],
    dates: Collection[str],
    key_of: Callable[[Row], tuple[str, ...]],
) -> Iterator[RowAsTyped]:
    """The rows of a table, each with what the master was last written with.

    Args:
        shown: the table that people type into.
        written: what its cells for typing showed when the master was last written.
        headers: of the cells for typing, by their ids.
        dates: the ids of those that hold a day.
        key_of: what a row is known by; all "" for a row that somebody added.
    """

    def texts(row: Row) -> Mapping[str, str]:
        return {cell: as_typed(row[header], is_date=cell in dates) for cell, header in headers.items()}

    base = {key: texts(row) for row in written.rows if any(key := key_of(row))}
    for row in shown.rows:
        over = base.get(key_of(row))
        unread = (cell for cell, header in headers.items() if row[header].kind in NO_TEXT)
        yield RowAsTyped(row, {**texts(row), **{cell: (over or {}).get(cell, "") for cell in unread}}, over)


def stray_below(table: Table, headers: Collection[str]) -> Iterator[Finding]:
    """A finding for each cell below the table in a column that people type into: the table does not reach it."""
    letters = {table.letters[table.columns.index(header)] for header in headers} if table.letters else ()
    for cell in table.stray:
        if cell.ref.rstrip("0123456789") not in letters:
            continue  # below and beside the table stand notes of the team's own
        message = f"'{cell.raw}' stands below the table, so it was not recorded."
        yield finding("D003", message, Location(sheet=table.sheet, cell=cell.ref), found=cell.raw)


def as_typed(cell: Cell, *, is_date: bool) -> str:
    """The text of a cell; of a date its ISO text, and of one that is no date what was typed."""
    if is_date:
        day, _ = read_date(cell, lambda code, message, **_: finding(code, message), date_1904=False)
        return day.isoformat() if day else cell.raw.strip()
    return cell.raw.strip()


@dataclass(frozen=True, slots=True)
class TypedTable:
    """A table of the master whose rows people type over, and to which they add rows.

    Attributes:
        shown: its name.
        written: that of the hidden table with what its cells for typing showed when they were last written.
        mark: the header of the column that tells its rows apart, which a collation fills in.
        cells: the headers of its cells for typing, by their ids.
        dates: the ids of those that hold a date.
        kept: the ids of those that stay as they were if they are cleared.
        code: that of findings about what cannot be taken.
        record: makes the record of a row from its mark, its cells, what these were, and the book.
        is_row: whether the cells of a row that was added say enough to be recorded.
        no_row: what is said of a row that was added and is none, after its texts.
        unknown: what is said of a mark that a person gave a row.
        if_cleared: what is said of a cell that stays though it was cleared.
        name: what a row is called in a finding, by its mark and cells.
        wrong: why the text of a cell cannot be taken; "" where it can.
    """

    shown: str
    written: str
    mark: str
    cells: Mapping[str, str]
    dates: Collection[str]
    kept: Collection[str]
    code: str
    record: Callable[[str, Cells, Cells | None, str], TypedRecord]
    is_row: Callable[[Cells], bool]
    no_row: str
    unknown: str
    if_cleared: str
    name: Callable[[str, Cells], str]
    wrong: Callable[[str, str], str]


def read_rows(
    book: WorkbookPort, name: str, state: State, by: str, of: TypedTable, recorded: Sequence[tuple[str, TypedRecord]]
) -> Typed:
    """What was typed into a table since the master was last written, and not yet read; see `typed.read_typed`.

    As with decisions, each row is compared with what the master was written with. A master of an earlier version has no
    such table yet, and nothing was typed into it.

    Args:
        book: the master.
        name: see `typed.read_typed`.
        state: likewise.
        by: likewise.
        of: the table.
        recorded: what was ever typed into it, each with the name of its run.
    """
    table_names = book.table_names()
    if {of.shown, of.written} - {each.casefold() for each in table_names}:
        return Typed()
    about, written, shown = (table_of(book, each, table_names) for each in (layout.ABOUT, of.written, of.shown))
    last = checked_last_run(about, state)
    since = [replace(typed, at="") for run, typed in recorded if run > last]
    records: list[TypedRecord] = []
    findings: list[Finding] = []
    for typed_row in rows_typed(shown, written, of.cells, of.dates, lambda row: (_mark(row, of),)):
        row, cells, over = typed_row.row, typed_row.cells, typed_row.over
        mark = _mark(row, of)
        if over is None:
            findings += _no_row(shown, row, cells, of)
            if mark or not of.is_row(cells):
                continue
            cells = {cell: text for cell, text in cells.items() if text}
        elif cells == over:
            continue
        findings += _not_taken(shown, row, cells, over or {}, of)
        typed = of.record(mark, cells, over, f"{name} ({by})")
        if typed not in since and typed not in records:
            records.append(typed)
    return Typed(tuple(records), (*findings, *stray_below(shown, of.cells.values())))


def _mark(row: Row, of: TypedTable) -> str:
    return row[of.mark].raw.strip()


def _no_row(table: Table, row: Row, cells: Cells, of: TypedTable) -> Iterator[Finding]:
    """A finding where a row that was added is none: it says too little, or has a mark of its own."""
    texts, mark = ", ".join(f"'{text}'" for text in cells.values() if text), _mark(row, of)
    if mark:
        yield finding(of.code, f"{mark} {of.unknown}", _where(table, row, of.mark), found=mark)
    elif texts and not of.is_row(cells):
        first = next(header for cell, header in of.cells.items() if not cells[cell])
        yield finding(of.code, f"a row that was added says {texts} and {of.no_row}", _where(table, row, first))


def _not_taken(table: Table, row: Row, cells: Cells, over: Cells, of: TypedTable) -> Iterator[Finding]:
    """A finding for each cell that was typed and changes nothing; what the row had stays."""
    for cell, header in of.cells.items():
        text, before = cells.get(cell, ""), over.get(cell, "")
        why = ""
        if row[header].kind in NO_TEXT:
            why = "is a formula without a result"
        elif text == before:
            continue
        elif not text and cell in of.kept:
            why = f"was cleared, and stays '{before}'; {of.if_cleared}"
        elif text and cell in of.dates and day_of(text) is None:
            why = f"'{text}' is no date"
        elif text:
            why = of.wrong(cell, text)
        if why:
            message = f"{header} of {of.name(_mark(row, of), cells)} {why}."
            yield finding(of.code, message, _where(table, row, header), found=text)


def _where(table: Table, row: Row, header: str) -> Location:
    return Location(sheet=table.sheet, cell=table.address(row, header))
