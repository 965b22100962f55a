"""What a person typed into cells of a row, where somebody else may have changed them in the meantime."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Disputed:
    """A cell that somebody changed without having seen what it was by then: that stands until a person chooses."""

    cell: str
    typed: str
    named: str


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
    changes = {cell: text for cell, text in typed.items() if text != over.get(cell, "")}
    unseen = {cell for cell in changes if over.get(cell, "") != now[cell] and changes[cell] != now[cell]}
    taken = {cell: text for cell, text in changes.items() if cell not in unseen}
    still = [each for each in disputed if each.cell not in changes]
    return taken, (*still, *(Disputed(cell, changes[cell], named) for cell in changes if cell in unseen))
