"""A list out of a file, with what a person would not see of it, or would miss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from xlperf.errors import WorkbookError
from xlperf.tables import Cell, Row, Table

MOST_NAMED = 10


class TornNumber(NamedTuple):
    """Two neighbouring columns of a row whose cells could be one number: 1 and 234, or 91 and 5 of a decimal comma."""

    before: str
    after: str
    is_thousands: bool


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list out of a file, with what a person would not see of it, or would miss."""

    table: Table
    date_1904: bool = False
    unread: tuple[str, ...] = ()
    """The other sheets that hold something, by name; with the word for it where they are hidden."""
    hidden: tuple[str, ...] = ()
    """The rows and columns of the list that are hidden, in words: `row 3 is`."""
    torn: Mapping[int, Sequence[TornNumber]] = field(default_factory=dict)
    """Of a CSV: by row, the neighbours that could be one number, torn apart at its comma."""


def names_in_words(names: Iterable[str]) -> str:
    """Names with commas between them, the first ten of them."""
    named = list(names)
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return ", ".join(named[:MOST_NAMED]) + more


def too_many_cells(name: str, number: int) -> WorkbookError:
    """What is wrong with a line that has more cells than there are headings."""
    return WorkbookError(
        f"'{name}', line {number} has more cells than the first line has columns; in a CSV, write 1,234 as "
        '"1,234" or 1234'
    )


def table_of(name: str, rows: Sequence[Sequence[Cell]]) -> Table:
    """The list in `rows`; what stands under no heading is stray."""
    if not rows:
        raise WorkbookError(f"'{name}' is empty")
    headers = [cell.raw.strip() for cell in rows[0]]
    named = [header.casefold() for header in headers if header]
    if twice := [header for header in named if named.count(header) > 1]:
        raise WorkbookError(f"'{name}' has the column '{twice[0]}' twice; keep one")
    for number, row in enumerate(rows[1:], start=2):
        if any(not cell.is_blank for cell in row[len(headers) :]):
            raise too_many_cells(name, number)
    listed = tuple(
        Row(number, {header: cell for header, cell in zip(headers, row, strict=False) if header})
        for number, row in enumerate(rows[1:], start=2)
        if any(not cell.is_blank for cell in row)
    )
    stray = tuple(
        cell for row in rows[1:] for header, cell in zip(headers, row, strict=False) if not header and not cell.is_blank
    )
    return Table(name, name, tuple(header for header in headers if header), listed, (), stray[:MOST_NAMED], len(stray))
