"""The records of a run that are about actions. A file format, as those in `records`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ActionCells = Mapping[str, str]
"""Texts about an action by their ids, see `rules.actions.event.CELLS`; without the empty ones."""


@dataclass(frozen=True, slots=True)
class TypedAction:
    """What a person typed about one action in the master's register, word for word.

    `action` is its id; "" of a row that was added. `cells` are the texts of the row, and `over` those that it had when
    the master was last written; None of a row that was added. `book` is as in `Decision`.
    """

    action: str = ""
    cells: ActionCells = field(default_factory=dict)
    over: ActionCells | None = None
    book: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class NumberedAction:
    """The id that an action was given, for good. It is known by what it is about and by its words as compared.

    `ref` and `org` are "" where the team named none.
    """

    action: str
    ref: str = ""
    org: str = ""
    words: str = ""
    at: str = ""
