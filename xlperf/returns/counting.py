"""A law of every return: each filled cell is accepted, flagged by a finding, or refused; none is passed over.

What is found is counted here, from the tables alone. What becomes of a cell is said by the code that reads it. So the
two agree only if that code has thought of every cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from xlperf.findings import Finding
from xlperf.returns import fields, layout
from xlperf.tables import Book, Cell, Row, Table

Place = tuple[str, str]
"""A cell: (sheet, address)."""
Fate = Literal["accepted", "flagged", "refused"]

_OWN = frozenset(column.header for column in layout.COLUMNS)
INPUTS = frozenset(column.header for column in layout.COLUMNS if column.role is fields.Role.INPUT)


@dataclass(frozen=True, slots=True)
class Cells:
    """How many filled cells a return has that are its owner's, and what became of them."""

    found: int = 0
    accepted: int = 0
    flagged: int = 0
    refused: int = 0

    @property
    def told(self) -> int:
        """How many have a known fate: as many as were found, or something was passed over in silence."""
        return self.accepted + self.flagged + self.refused

    def all_flagged(self) -> Cells:
        """As those of a return that a person has to look at as a whole."""
        return replace(self, accepted=0, flagged=self.accepted + self.flagged)

    def all_refused(self) -> Cells:
        """As those of a return of which nothing is taken."""
        return replace(self, accepted=0, flagged=0, refused=self.told)

    def __add__(self, other: Cells) -> Cells:
        return Cells(
            self.found + other.found,
            self.accepted + other.accepted,
            self.flagged + other.flagged,
            self.refused + other.refused,
        )

    def __str__(self) -> str:
        return f"{self.found} found = {self.accepted} accepted + {self.flagged} flagged + {self.refused} refused"


def added_columns(table: Table) -> dict[str, list[Cell]]:
    """The filled cells of each column that somebody added to the Return table."""
    added: dict[str, list[Cell]] = {}
    for row in table.rows:
        for header, cell in row.cells.items():
            if header not in _OWN and not cell.is_blank:
                added.setdefault(header, []).append(cell)
    return added


def filled(row: Row, headers: Collection[str] = INPUTS) -> list[Cell]:
    """The filled cells of a row in some columns."""
    return [cell for header, cell in row.cells.items() if header in headers and not cell.is_blank]


def found_in(book: Book) -> tuple[Place, ...]:
    """Every filled cell of a return that is not xlperf's own.

    That is, in the Return table, every input column and every column that was added, in every row, and what stands
    below it; in the sign-off table, everything beside the items. Below the sign-off stand words of the template.
    """
    table, sign_off = book.tables[layout.TABLE], book.tables[layout.SIGN_OFF_TABLE]
    cells = [(table.sheet, cell) for row in table.rows for header, cell in row.cells.items() if _is_owners(header)]
    cells += [(table.sheet, cell) for cell in table.stray]
    cells += [
        (sign_off.sheet, cell) for row in sign_off.rows for header, cell in row.cells.items() if header != layout.ITEM
    ]
    return tuple((sheet, cell.ref) for sheet, cell in cells if not cell.is_blank)


def _is_owners(header: str) -> bool:
    return header in INPUTS or header not in _OWN


class Fates:
    """What became of each cell, as said by the code that read it; the graver word counts."""

    _GRAVITY: tuple[Fate, ...] = ("accepted", "flagged", "refused")

    def __init__(self) -> None:
        self._fates: dict[Place, Fate] = {}
        self._unlisted = 0

    def accept(self, sheet: str, cells: Iterable[Cell]) -> None:
        """The cells went into a figure or its answers."""
        self._set("accepted", sheet, cells)

    def flag(self, sheet: str, cells: Iterable[Cell]) -> None:
        """A finding tells of the cells."""
        self._set("flagged", sheet, cells)

    def refuse(self, sheet: str, cells: Iterable[Cell]) -> None:
        """The cells belong to a row that was refused."""
        self._set("refused", sheet, cells)

    def flag_unlisted(self, count: int) -> None:
        """A finding tells of so many cells more, which are not listed one by one."""
        self._unlisted += count

    def count(self, book: Book, findings: Iterable[Finding]) -> Cells:
        """All of them counted; a cell that a finding points at is at least flagged."""
        found = found_in(book)
        pointed_at = {(item.location.sheet, item.location.cell) for item in findings}
        for place in pointed_at.intersection(found):
            self._grave(place, "flagged")
        times = Counter(self._fates.values())
        return Cells(
            found=len(found) + unlisted(book.tables[layout.TABLE]),
            accepted=times["accepted"],
            flagged=times["flagged"] + self._unlisted,
            refused=times["refused"],
        )

    def _set(self, fate: Fate, sheet: str, cells: Iterable[Cell]) -> None:
        for cell in cells:
            if not cell.is_blank:
                self._grave((sheet, cell.ref), fate)

    def _grave(self, place: Place, fate: Fate) -> None:
        before = self._fates.get(place, fate)
        self._fates[place] = max(before, fate, key=self._GRAVITY.index)


def unread(book: Book) -> Cells:
    """The cells of a return of which nothing could be read: all refused."""
    found = len(found_in(book)) + unlisted(book.tables[layout.TABLE])
    return Cells(found, refused=found)


def unlisted(table: Table) -> int:
    """How many filled cells stand below a table beyond those that the reader lists."""
    return max(0, table.stray_count - len(table.stray))
