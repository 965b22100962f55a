"""Reads the cells that people type into beside rows of ours, and finds what of them is new to the ledger.

What was typed is compared with what the master was written with, not with the ledger. So an old master restored from a
backup does not undo what is newer, and clearing a cell says something too. If the master could not be written after the
ledger last read it, it is compared with what the ledger read then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from xlperf.findings import Finding, Location, finding
from xlperf.rules.escalation.phrases import listed
from xlperf.tables import Row, Table
from xlperf.workflow.master.typed_rows import NO_TEXT, as_typed, stray_below

Texts = tuple[str, ...]


class Recorded(Protocol):
    """A record of such cells, as `Decision`."""

    @property
    def cells(self) -> Texts: ...  # noqa: D102
    @property
    def over(self) -> Texts | None: ...  # noqa: D102
    @property
    def book(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class TypedBeside:
    """Where people type beside rows of ours.

    Attributes:
        key: the headers that say what a row is about.
        cells: the headers of the cells that are theirs.
        date: which of these holds a date.
        no_result: the code of the finding for a cell that shows an error or an uncalculated formula.
    """

    key: Texts
    cells: Texts
    date: str
    no_result: str

    @property
    def nothing(self) -> Texts:
        """What the cells of a row say where nothing was typed."""
        return ("",) * len(self.cells)

    def about(self, row: Row) -> Texts:
        """What a row is about."""
        return tuple(row[header].raw.strip() for header in self.key)

    def rows(self, table: Table, base: Mapping[Texts, Texts] | None = None) -> dict[Texts, dict[Texts, int]]:
        """What is typed about each thing, and in which row; for a cell that cannot be read, what `base` has."""
        typed: dict[Texts, dict[Texts, int]] = {}
        for row in table.rows:
            key, said = self.about(row), self._said(row)
            if base is not None and any(row[header].kind in NO_TEXT for header in self.cells):
                said = base.get(key, self.nothing)
            if all(key):
                typed.setdefault(key, {}).setdefault(said, row.number)
        for rows in typed.values():
            if len(rows) > 1:  # a blank second row, as a sort or copy leaves it, clears nothing
                rows.pop(self.nothing, None)
        return typed

    def _said(self, row: Row) -> Texts:
        return tuple(as_typed(row[header], is_date=header == self.date) for header in self.cells)

    def faults(self, table: Table) -> Iterator[Finding]:
        """What was typed and cannot be taken: the row does not say what it is about, or the cell cannot be read."""
        for row in table.rows:
            typed = [row[header] for header in self.cells if not row[header].is_blank]
            if typed and not all(self.about(row)):
                texts = ", ".join(cell.raw for cell in typed)
                lacks = listed([f"no {header}" for header in self.key], "or")
                where = Location(sheet=table.sheet, cell=typed[0].ref)
                yield finding("D003", f"the row has {lacks}, so '{texts}' was not recorded.", where, found=texts)
        yield from stray_below(table, self.cells)
        for row in table.rows:
            for header in self.cells:
                if row[header].kind in NO_TEXT:
                    where = Location(sheet=table.sheet, cell=row[header].ref)
                    message = f"{header} of {' '.join(self.about(row))} is a formula without a result."
                    yield finding(self.no_result, message, where)


@dataclass(frozen=True, slots=True)
class TypedSince:
    """What was typed about one thing since the master was written: `over` is what its cells had then."""

    key: Texts
    cells: Texts
    over: Texts
    book: str
    row: int


def typed_since(
    sheet: TypedBeside, written: Table, shown: Table, recorded: Callable[[Texts], Iterable[Recorded]], source: str
) -> Iterator[TypedSince]:
    """What was typed since a master was written, and has not been read from it yet.

    Args:
        sheet: where.
        written: the table of what the cells had when the master was last written.
        shown: the sheet's own table.
        recorded: what the ledger has read about a thing since then.
        source: the file's name, and who collates.
    """
    base = {key: typed_cells for key, rows in sheet.rows(written).items() for typed_cells in rows}
    for key, rows in sheet.rows(shown, base).items():
        over = base.get(key, sheet.nothing)
        since: Sequence[Recorded] = [record for record in recorded(key) if record.over == over]
        changed = {typed_cells: number for typed_cells, number in rows.items() if typed_cells != over}
        for typed_cells, number in changed.items():
            # Rows about the same thing that say different things are two sides, of which a person chooses one.
            book = source if typed_cells == next(iter(changed)) else f"{source}, row {number}"
            mine = [record for record in since if record.book == book]
            seen = {mine[-1].cells} if mine and len(changed) == 1 else {record.cells for record in since}
            if typed_cells not in seen:
                yield TypedSince(key, typed_cells, over, book, number)
