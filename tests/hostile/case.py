"""One file of the corpus: how it is made, and what has to be said of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from xlperf.findings import Finding
from xlperf.tables import Book

ElseRead = Literal["", "as the good return", "as it stands"]
"""What may come out of a damaged file if it is not refused; where the checksums are right, anything that it says."""

Cells = Mapping[tuple[str, str], tuple[str, str]]
"""What a book holds: {(table, address): (kind, text)}."""

DAMAGE = ("F001", "F002", "F003", "F004", "F005", "F006", "F007", "F010")
"""What may be said of a file that was damaged at random."""


@dataclass(frozen=True)
class Case:
    """A file, and the findings that must come out of it.

    A file that is read gives the cells of the good return, but for `changes` (None: the cell is gone). What is damaged
    at random is either refused with one of `codes`, or read: as `else_read` says.
    """

    name: str
    why: str
    make: Callable[[], bytes]
    codes: tuple[str, ...]
    changes: Mapping[tuple[str, str], tuple[str, str] | None] = field(default_factory=dict)
    else_read: ElseRead = ""


GOOD = "a good return"
"""Why a file is there that stands between the others."""
TAKE_LONG = frozenset({"count-elements", "count-relationships", "count-texts", "honest-large-form"})
"""Cases at the real limits that take as long as all others together: only the long tests read them."""


@dataclass(frozen=True)
class Judged:
    """What became of one file, and what that took."""

    name: str
    cells: Cells | None
    findings: tuple[Finding, ...]
    seconds: float
    megabytes: float
    """Most memory of the process while the file was read, its own included."""


def refused(code: str, name: str, why: str, make: Callable[[], bytes]) -> Case:
    """A file that is not taken, for one reason."""
    return Case(name, why, make, (code,))


def read(name: str, why: str, make: Callable[[], bytes], *codes: str, **changes: tuple[str, str] | None) -> Case:
    """A file that is taken, with these warnings; `changes` are cells of the Return table by address."""
    return Case(name, why, make, codes, {("tbl_return", ref): cell for ref, cell in changes.items()})


def cells_of(book: Book) -> Cells:
    """What the tables of a book hold."""
    return {
        (table.name, cell.ref): (cell.kind.value, cell.raw)
        for table in book.tables.values()
        for row in table.rows
        for cell in row.cells.values()
    }
