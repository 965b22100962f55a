"""The figures that a collation has shown, for ledgers that have a place where other programs can read them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString

FigureRow = tuple[str | float | date | None, ...]


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """A column of the view: its name, its type in SQL, and whether it is part of the key by which a row is known."""

    name: str
    type: LiteralString
    is_key: bool = False


@dataclass(frozen=True, slots=True)
class ShownFigures:
    """The figures that a collation has shown.

    Attributes:
        columns: what each row has; those of the key have a value in every row.
        rows: the figures; worked out only where a ledger has a place for them.
        reporting_period: the period that was collated for.
        runs: the names of all runs for which they stand.
    """

    columns: Sequence[FigureColumn]
    rows: Iterable[FigureRow]
    reporting_period: str
    runs: Sequence[str]


def hash_of_runs(names: Iterable[str]) -> str:
    """One hash for runs, by their names: a run never changes, and no other has its name."""
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()
