"""Which of the typed decisions counts, where two people may have typed without seeing each other's.

Every decision records what was in its cells before (`Decision.over`). A decision typed over the one that counts
replaces it. A decision typed over anything else was made by somebody who had not seen the one that counts: both are
kept, the first counts, and the master asks a person to choose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from xlperf.ledger.records import NO_DECISION, Decision, DecisionCells

_LONGEST = 80
_CHOOSE = "Choose: "


@dataclass(frozen=True, slots=True)
class Settled:
    """Which decisions about one KPI and org count, and which are in dispute.

    `history` has the decisions that counted, in order; the last one counts now. `disputed` has the decisions between
    which a person has to choose, first the one that counts until then; () if there is nothing to choose. `beside` is
    (by, on, rationale) typed beside an open choice.
    """

    history: tuple[Decision, ...]
    disputed: tuple[Decision, ...] = ()
    beside: tuple[str, ...] = ("", "", "")

    @property
    def shown(self) -> DecisionCells:
        """What the master shows in the four cells; a person chooses by typing over it."""
        if self.disputed:
            choices = " or ".join(_short(decision) for decision in self.disputed)
            by, on, rationale = self.beside
            return (f"{_CHOOSE}{choices}", by, on, rationale)
        return self.history[-1].cells if self.history else NO_DECISION


def settle(typed: Sequence[Decision]) -> Settled:
    """Which decisions count; `typed` are all decisions about one KPI and org in the order of their runs."""
    settled = Settled(())
    for decision in typed:
        settled = _after(settled, decision)
    return settled


def _after(before: Settled, new: Decision) -> Settled:
    """The state after one more decision."""
    if before.disputed and new.over and new.stage == new.over[0] and new.stage.startswith(_CHOOSE):
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
    if not any(side.cells == new.cells for side in stays):
        stays.insert(0 if left is standing else len(stays), new)
    history = before.history if stays[0] is standing else (*before.history, stays[0])
    return Settled(history, tuple(stays) if len(stays) > 1 else ())


def _corrects(new: Decision, earlier: Decision) -> bool:
    """Whether only a slip in the date is put right: of the year, of day and month, or a day that had not come.

    Another date beside the same words is a decision that was made again, as at a review.
    """
    is_same = (new.stage, new.by, new.rationale) == (earlier.stage, earlier.by, earlier.rationale)
    right, wrong = _day(new.on), _day(earlier.on)
    if not is_same or right is None or wrong is None or right == wrong:
        return False
    is_of_year = (right.month, right.day) == (wrong.month, wrong.day)
    is_swapped = (right.year, right.month, right.day) == (wrong.year, wrong.day, wrong.month)
    return is_of_year or is_swapped or (bool(earlier.at) and earlier.on > earlier.at[:10])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _was_seen(side: Decision, new: Decision) -> bool:
    """Whether the author of `new` had seen `side`: typed over it, or typed again into the same workbook."""
    return new.over == side.cells or (bool(new.book) and (new.book, new.over) == (side.book, side.over))


def _short(decision: Decision) -> str:
    """A decision on one line of at most 80 characters; a cell may change longer texts or line breaks."""
    who = ", ".join(part for part in (decision.by, decision.on) if part)
    text = " ".join(f"{decision.stage or 'nothing'} ({who or 'nobody named'})".split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
