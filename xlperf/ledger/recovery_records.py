"""The record of a run that is about a recovery path. A file format, as those in `records`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PromiseCells = Mapping[str, str]
"""Texts by their ids, see `rules.recovery_path.CELLS`; without the empty ones."""


@dataclass(frozen=True, slots=True)
class TypedPromise:
    """A figure that was promised for one period, as a person typed it into the master's sheet Recovery.

    `cells` are the texts of the row, a number as a person writes it; `over` those that it had when the master was last
    written, empty of a row that was added. `book` is as in `Decision`.
    """

    kpi_id: str
    org: str
    period: str
    cells: PromiseCells = field(default_factory=dict)
    over: PromiseCells = field(default_factory=dict)
    book: str = ""
    at: str = ""
