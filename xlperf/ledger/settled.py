"""Which of what people typed into cells counts, where two may have typed without seeing each other's.

It holds of decisions and of an executive's words alike. Every such record says what was in its cells before (`over`).
One typed over what counts replaces it. One typed over anything else was made by somebody who had not seen what counts:
both are kept, the first counts, and the master asks a person to choose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from xlperf.ledger.records import NO_DECISION, Decision
from xlperf.ledger.words_records import TypedWords

_LONGEST = 80
_CHOOSE = "Choose: "
_ON = 2
"""The place of the date among the cells; before it stand what was typed, and by whom."""

Record = TypeVar("Record", bound=Decision | TypedWords)


@dataclass(frozen=True, slots=True)
class Settled(Generic[Record]):
    """Which records about one thing count, and which are in dispute.

    `history` has the records that counted, in order; the last one counts now. `disputed` has those between which a
    person has to choose, first the one that counts until then; () if there is nothing to choose. `beside` is what was
    typed into the cells beside an open choice: (by, on, rationale) of a decision.
    """

    history: tuple[Record, ...]
    disputed: tuple[Record, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[str, ...]:
        """What the master shows in the cells; a person chooses by typing over it."""
        if self.disputed:
            choices = " or ".join(_short(record) for record in self.disputed)
            return (f"{_CHOOSE}{choices}", *(self.beside or ("",) * (len(self.disputed[0].cells) - 1)))
        return self.history[-1].standing if self.history else NO_DECISION


def settle(typed: Sequence[Record]) -> Settled[Record]:
    """Which records count; `typed` are all that were typed about one thing, in the order of their runs."""
    settled: Settled[Record] = Settled(())
    for record in typed:
        settled = _after(settled, record)
    return settled


def _after(before: Settled[Record], new: Record) -> Settled[Record]:
    """The state after one more record."""
    if before.disputed and new.over and new.cells[0] == new.over[0] and new.cells[0].startswith(_CHOOSE):
        return replace(before, beside=new.cells[1:])
    if not before.history or new.over is None or new.over == before.shown:
        is_corrected = bool(before.history) and new.over is not None and _corrects(new, before.history[-1])
        if is_corrected:  # the decision stays the one that was recorded then
            return Settled((*before.history[:-1], replace(new, at=before.history[-1].at)))
        return Settled((*before.history, new))
    standing = before.history[-1]
    sides = before.disputed or (standing,)
    # Somebody who changed their mind leaves their former side, perhaps for one that is in dispute already.
    left = next((side for side in sides if _was_seen(side, new)), None)
    stays = [side for side in sides if side is not left]
    if not any(side.standing == new.standing for side in stays):
        stays.insert(0 if left is standing else len(stays), new)
    history = before.history if stays[0] is standing else (*before.history, stays[0])
    return Settled(history, tuple(stays) if len(stays) > 1 else ())


def _corrects(new: Record, earlier: Record) -> bool:
    """Whether only a slip in the date is put right: of the year, of day and month, or a day that had not come.

    Another date beside the same words is a decision that was made again, as at a review.
    """
    is_same = _without_day(new) == _without_day(earlier)
    right, wrong = _day(new.on), _day(earlier.on)
    if not is_same or right is None or wrong is None or right == wrong:
        return False
    is_of_year = (right.month, right.day) == (wrong.month, wrong.day)
    is_swapped = (right.year, right.month, right.day) == (wrong.year, wrong.day, wrong.month)
    return is_of_year or is_swapped or (bool(earlier.at) and earlier.on > earlier.at[:10])


def _without_day(record: Record) -> tuple[str, ...]:
    return (*record.cells[:_ON], *record.cells[_ON + 1 :])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _was_seen(side: Record, new: Record) -> bool:
    """Whether the author of `new` had seen `side`: typed over it, or typed again into the same workbook."""
    return new.over == side.standing or (bool(new.book) and (new.book, new.over) == (side.book, side.over))


def _short(record: Record) -> str:
    """A record on one line of at most 80 characters; a cell may change longer texts or line breaks."""
    said, by, on = record.cells[: _ON + 1]
    who = ", ".join(part for part in (by, on) if part)
    text = " ".join(f"{said or 'nothing'} ({who or 'nobody named'})".split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
