"""The records of a run that are about cases. A file format, as those in `records`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

EntryCells = Mapping[str, str]
"""Texts of an entry by their ids, see `rules.cases.entry.CELLS`."""


@dataclass(frozen=True, slots=True)
class TypedEntry:
    """What a person typed about one entry of the master's log of cases, word for word.

    `entry` is its mark; "" of a row that was added, whose `cells` are then without the empty ones. `over` are the texts
    that it had when the master was last written; None of a row that was added. `book` is as in `Decision`.
    """

    entry: str = ""
    cells: EntryCells = field(default_factory=dict)
    over: EntryCells | None = None
    book: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Drafted:
    """That a notice was drafted: its kind, about what, and of which decision.

    `made` is when that decision was recorded, as the ISO text of a time: a date corrected later changes nothing. Of a
    letter after a review, which is of no single decision, `ref` is the executive's id and `made` the key of the period.
    """

    notice: str
    ref: str
    org: str = ""
    made: str = ""
    file: str = ""
    at: str = ""
