"""Reconciliation of the cells of a return: each filled cell is accepted, flagged by a finding, or refused.

The filled cells are counted here, from the tables alone. The code that reads a cell returns its outcome with what it
read. The two counts agree only if no filled cell was overlooked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from xlperf.findings import Finding
from xlperf.returns import action_fields, fields, layout, promise_fields
from xlperf.tables import Book, Cell, Row, Table

CellPlace = tuple[str, str]
"""The place of a cell: (sheet, address)."""
CellOutcome = Literal["accepted", "flagged", "refused"]
CellOutcomes = dict[CellPlace, CellOutcome]
_MILD_TO_GRAVE: tuple[CellOutcome, ...] = ("accepted", "flagged", "refused")

_OWN_HEADERS = frozenset(column.header for column in layout.COLUMNS)
INPUTS = frozenset(column.header for column in layout.COLUMNS if column.role is fields.Role.INPUT)


@dataclass(frozen=True, slots=True)
class CellCounts:
    """How many cells the owner filled in, and how many of them were accepted, flagged and refused."""

    found: int = 0
    accepted: int = 0
    flagged: int = 0
    refused: int = 0

    @property
    def accounted_for(self) -> int:
        """How many have an outcome. If that is not the number found, a cell was overlooked."""
        return self.accepted + self.flagged + self.refused

    def all_flagged(self) -> CellCounts:
        """The counts for a held return: what was accepted is flagged."""
        return replace(self, accepted=0, flagged=self.accepted + self.flagged)

    def all_refused(self) -> CellCounts:
        """The counts for a rejected return: everything is refused."""
        return replace(self, accepted=0, flagged=0, refused=self.accounted_for)

    def __add__(self, other: CellCounts) -> CellCounts:
        return CellCounts(
            self.found + other.found,
            self.accepted + other.accepted,
            self.flagged + other.flagged,
            self.refused + other.refused,
        )

    def __str__(self) -> str:
        return f"{self.found} found = {self.accepted} accepted + {self.flagged} flagged + {self.refused} refused"


def added_columns(table: Table) -> dict[str, list[Cell]]:
    """The filled cells of each column that was added to the Return table, by header."""
    added: dict[str, list[Cell]] = {}
    for row in table.rows:
        for header, cell in row.cells.items():
            if header not in _OWN_HEADERS and not cell.is_blank:
                added.setdefault(header, []).append(cell)
    return added


def filled(row: Row, headers: Collection[str] = INPUTS) -> list[Cell]:
    """The filled cells of a row in the columns of these headers."""
    return [cell for header, cell in row.cells.items() if header in headers and not cell.is_blank]


def owner_cells(book: Book) -> tuple[CellPlace, ...]:
    """The place of every cell of a return that its owner filled in.

    In the Return table these are the cells of the input columns and of added columns, in every row, and cells outside
    the table. In the sign-off table they are all cells beside the items, and in Actions and Recovery those of
    their input columns. Cells below the sign-off are the template's.
    """
    table, sign_off = book.tables[layout.TABLE], book.tables[layout.SIGN_OFF_TABLE]
    owners = frozenset(header for header in table.columns if header in INPUTS or header not in _OWN_HEADERS)
    cells = [(table.sheet, cell) for row in table.rows for header, cell in row.cells.items() if header in owners]
    cells += [(table.sheet, cell) for cell in table.stray]
    cells += [
        (sign_off.sheet, cell) for row in sign_off.rows for header, cell in row.cells.items() if header != layout.ITEM
    ]
    for name, inputs in ((action_fields.TABLE, action_fields.FIELDS), (promise_fields.TABLE, promise_fields.FIELDS)):
        beside = book.tables.get(name)
        if beside is not None:
            cells += [(beside.sheet, row[each.header]) for row in beside.rows for each in inputs]
    return tuple((sheet, cell.ref) for sheet, cell in cells if not cell.is_blank)


def outcome_of(outcome: CellOutcome, sheet: str, cells: Iterable[Cell]) -> CellOutcomes:
    """The same outcome for each filled cell of these."""
    return {(sheet, cell.ref): outcome for cell in cells if not cell.is_blank}


def gravest(*several: CellOutcomes) -> CellOutcomes:
    """All of them as one; of several outcomes of a cell the gravest counts."""
    together: CellOutcomes = {}
    for outcomes in several:
        twice = together.keys() & outcomes.keys()
        graver = {place: max(together[place], outcomes[place], key=_MILD_TO_GRAVE.index) for place in twice}
        together |= outcomes
        together |= graver
    return together


def count(book: Book, outcomes: CellOutcomes, findings: Iterable[Finding]) -> CellCounts:
    """Count the outcomes; a cell at the location of a finding is at least flagged.

    The cells that the reader counted and did not list are flagged: one finding is about them all.
    """
    to_account_for, not_listed = owner_cells(book), unlisted(book.tables[layout.TABLE])
    located = {(item.location.sheet, item.location.cell) for item in findings}
    flagged: CellOutcomes = dict.fromkeys(located.intersection(to_account_for), "flagged")
    times = Counter(gravest(outcomes, flagged).values())
    return CellCounts(
        found=len(to_account_for) + not_listed,
        accepted=times["accepted"],
        flagged=times["flagged"] + not_listed,
        refused=times["refused"],
    )


def all_unread(book: Book) -> CellCounts:
    """The counts for a return that could not be read: all cells are refused."""
    cells = len(owner_cells(book)) + unlisted(book.tables[layout.TABLE])
    return CellCounts(cells, refused=cells)


def unlisted(table: Table) -> int:
    """How many filled cells outside a table the reader counted but did not list."""
    return max(0, table.stray_count - len(table.stray))
