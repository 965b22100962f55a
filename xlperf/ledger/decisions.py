"""What a series of typed decisions comes to, where two people may have typed without seeing each other's.

Every decision says what stood in its cells before (`Decision.over`). One typed over what stands replaces it. One typed
over something else was made by somebody who did not see what stands: then both are kept, the first counts, and the
master asks a person to choose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from xlperf.ledger.records import NOTHING, Decision, Said

_LONGEST = 80
_CHOOSE = "Choose: "


@dataclass(frozen=True, slots=True)
class Settled:
    """What the decisions about one KPI and org come to.

    `history` holds what counted, in order; its last counts now. `disputed` holds the decisions between which a person
    has to choose, the one that counts until then first; () where there is nothing to choose. `beside` is what was typed
    beside the choice without making it: by whom, on which day and why.
    """

    history: tuple[Decision, ...]
    disputed: tuple[Decision, ...] = ()
    beside: tuple[str, ...] = ("", "", "")

    @property
    def shown(self) -> Said:
        """What the master shows in the cells for typing; to type over it is to choose."""
        if self.disputed:
            choices = " or ".join(_short(decision) for decision in self.disputed)
            by, on, rationale = self.beside
            return (f"{_CHOOSE}{choices}", by, on, rationale)
        return self.history[-1].said if self.history else NOTHING


def settle(typed: Sequence[Decision]) -> Settled:
    """What decisions come to, in the order of their runs."""
    settled = Settled(())
    for decision in typed:
        settled = _after(settled, decision)
    return settled


def _after(before: Settled, new: Decision) -> Settled:
    """The state after one more decision."""
    if before.disputed and new.over and new.stage == new.over[0] and new.stage.startswith(_CHOOSE):
        return replace(before, beside=new.said[1:])
    if not before.history or new.over is None or new.over == before.shown:
        return Settled((*before.history, new))
    standing = before.history[-1]
    sides = before.disputed or (standing,)
    # Whoever changed their mind has left the side they were on, perhaps for another that is there already.
    left = next((side for side in sides if _was_seen(side, new)), None)
    stays = [side for side in sides if side is not left]
    if not any(side.said == new.said for side in stays):
        stays.insert(0 if left is standing else len(stays), new)
    history = before.history if stays[0] is standing else (*before.history, stays[0])
    return Settled(history, tuple(stays) if len(stays) > 1 else ())


def _was_seen(side: Decision, new: Decision) -> bool:
    """Whether who typed `new` had `side` in front of them: typed over it, or changed their mind in the same book."""
    return new.over == side.said or (bool(new.book) and (new.book, new.over) == (side.book, side.over))


def _short(decision: Decision) -> str:
    """A decision in one line; no text of any length, and none with line breaks, which a cell may change."""
    who = ", ".join(part for part in (decision.by, decision.on) if part)
    text = " ".join(f"{decision.stage or 'nothing'} ({who or 'nobody named'})".split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
