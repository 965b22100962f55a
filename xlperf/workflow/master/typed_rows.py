"""What the readers of rows that people type into the master have in common."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlperf.findings import Finding, Location, finding
from xlperf.ledger import TypedRecord
from xlperf.returns.cell_values import read_date
from xlperf.tables import Cell, CellKind, Row, Table
from xlperf.workbook.port import WorkbookPort
from xlperf.workflow.master.growing import columns_of

NO_TEXT = (CellKind.ERROR, CellKind.UNCALCULATED)
"""A cell that shows an error or an uncalculated formula, and so says nothing."""


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
