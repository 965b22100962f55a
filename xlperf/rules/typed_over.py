"""Cells that people type over what a master showed, where two may type without seeing each other's.

What is typed over what stands replaces it. What was typed by somebody who had not seen what stands by then does not
count until a person chooses: the first stands, and both are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Disputed:
    """A cell that somebody changed without having seen what it was by then: that stands until a person chooses."""

    cell: str
    typed: str
    named: str


def changes_typed(
    given: Mapping[str, str], over: Mapping[str, str], now: Mapping[str, str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """What was changed, and of that the cells whose author had not seen what stands.

    Args:
        given: the texts of a row, by the ids of its cells.
        over: those that it had when the master was last written.
        now: those that stand; of a cell that nobody has typed into yet, what its author saw.
    """
    changes = {cell: text for cell, text in given.items() if text != over.get(cell, "")}
    unseen = tuple(
        cell for cell in changes if over.get(cell, "") != now.get(cell, "") and changes[cell] != now.get(cell, "")
    )
    return changes, unseen


def typed_over(
    now: Mapping[str, str], typed: Mapping[str, str], over: Mapping[str, str], disputed: Sequence[Disputed], named: str
) -> tuple[Mapping[str, str], tuple[Disputed, ...]]:
    """What is taken of a row that was typed over, and which of its cells are in dispute after that.

    Args:
        now: what the cells are, by their ids.
        typed: what the row says now.
        over: what it said before; a cell that it does not have was empty.
        disputed: the cells in dispute so far; whatever is typed into one settles it.
        named: where it was typed, in words.
    """
    changes, unseen = changes_typed(typed, over, now)
    taken = {cell: text for cell, text in changes.items() if cell not in unseen}
    still = [each for each in disputed if each.cell not in changes]
    return taken, (*still, *(Disputed(cell, changes[cell], named) for cell in unseen))
