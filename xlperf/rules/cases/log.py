"""The log of all cases: what the rows that people typed add up to. Nothing in it ever disappears."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from xlperf.rules.cases.entry import CELLS, KIND, NOTE, ON, ORG, REF, WHAT, WHO, CaseEntry
from xlperf.rules.typed_over import typed_over

KEPT = (REF, ORG, KIND, WHAT, WHO, ON)
"""What an entry goes on having where its cell is cleared: an entry that is wrong is corrected or withdrawn."""
_LENGTH = 8
"""Characters of a mark: two of 10,000 entries are alike once in 20,000 ledgers."""


@dataclass(frozen=True, slots=True)
class EntryEvent:
    """What was once typed about one entry.

    Args:
        id: the mark in its row; "" of a row that was added.
        cells: the texts of the row by their ids; of a row that was added without the empty ones.
        over: what they were before; None of a row that was added.
        named: where it was typed, in words.
        day: on which it came into the ledger; None where that is not known.
    """

    id: str
    cells: Mapping[str, str]
    over: Mapping[str, str] | None = None
    named: str = ""
    day: date | None = None


def mark_of(cells: Mapping[str, str]) -> str:
    """The mark of an entry, by what its row said when it was added; the note is none of it.

    So the same row, read from two copies of a master, is one entry, and ledgers that were apart give the same marks.
    """
    words = (" ".join(cells.get(cell, "").casefold().split()) for cell in CELLS if cell != NOTE)
    return b32encode(hashlib.sha256("\n".join(words).encode()).digest()).decode()[:_LENGTH]


def case_log(events: Iterable[EntryEvent]) -> tuple[CaseEntry, ...]:
    """Every entry that some events add up to, in the order in which they were typed.

    Args:
        events: in the order of their runs.
    """
    entries: dict[str, CaseEntry] = {}
    for event in events:
        # A row that was added already is a row that was typed without having seen what there is.
        over = {} if event.over is None else event.over
        mark = event.id or mark_of(event.cells)
        before = entries.get(mark)
        if before is None:
            cells = {cell: event.cells.get(cell, "") for cell in CELLS}
            entries[mark] = CaseEntry(mark, cells, event.day, event.named)
            continue
        typed = {cell: text for cell, text in event.cells.items() if text or cell not in KEPT}
        taken, disputed = typed_over(before.cells, typed, over, before.disputed, event.named)
        entries[mark] = replace(before, cells={**before.cells, **taken}, disputed=disputed)
    return tuple(entries.values())
