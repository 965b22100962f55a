"""An action as it stands: what was first promised, what it has come to, and how late it is on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xlperf.rules.actions.event import (
    AGREED,
    DUE,
    EVIDENCE,
    ORG,
    OWNER,
    PROGRESS,
    REASON,
    REF,
    STATUS,
    WHAT,
    ActionKey,
)
from xlperf.rules.keys import SeriesKey
from xlperf.rules.typed_over import Disputed


class ActionStatus(StrEnum):
    """Whether an action is still to be done."""

    OPEN = "Open"
    DONE = "Done"
    DROPPED = "Dropped"
    REPLACED = "Replaced by"
    """By another action, whose id follows."""


@dataclass(frozen=True, slots=True)
class Move:
    """One change of the date: what it was and has become, why, and where that was read and on which day."""

    was: date
    due: date
    reason: str
    named: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Progress:
    """What was said of how it goes, where that was read, and on which day."""

    text: str
    named: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Action:
    """One action. Its history is in the ledger; this is what that adds up to.

    Attributes:
        id: `A-0042`; "" until a collation has given it one.
        about: (KPI id or section or other subject, org).
        what: its words as they stand.
        opened_as: (ref, org, words) with which it was opened, by which its id is recorded; see `words_of`.
        words: all that it was ever known by, in the same form.
        owner: who does it.
        first_due: the first date that was ever promised; it never changes. None where none was.
        due: the date that stands.
        status: see `ActionStatus`.
        replaced_by: the words or id of the action that took its place; "" for none.
        moves: every change of its date, in order.
        progress: what was said of it, in order.
        evidence: that it is done.
        agreed: at which meeting, when, under which item.
        reason: for the last change of date or status.
        opened: the day on which it came into the ledger; None where that is not known.
        opened_by: where it was read first.
        closed: the day on which it was recorded as done, dropped or replaced; None while it is open.
        reopened: how many times it was opened again.
        last_period: the key of the last reporting period in which anything was said of how it goes, or in which it was
            opened; "" where that was in no return.
        last_spoken: the day of that.
        disputed: see `Disputed`.
    """

    about: SeriesKey
    what: str
    opened_as: ActionKey
    words: frozenset[ActionKey] = frozenset()
    id: str = ""
    owner: str = ""
    first_due: date | None = None
    due: date | None = None
    status: ActionStatus = ActionStatus.OPEN
    replaced_by: str = ""
    moves: tuple[Move, ...] = ()
    progress: tuple[Progress, ...] = ()
    evidence: str = ""
    agreed: str = ""
    reason: str = ""
    opened: date | None = None
    opened_by: str = ""
    closed: date | None = None
    reopened: int = 0
    last_period: str = ""
    last_spoken: date | None = None
    disputed: tuple[Disputed, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.status is ActionStatus.OPEN

    @property
    def put_off(self) -> tuple[Move, ...]:
        """The moves to a later date: one that was brought forward is no slip."""
        return tuple(move for move in self.moves if move.due > move.was)

    @property
    def times_moved(self) -> int:
        """How many times it was put off."""
        return len(self.put_off)

    @property
    def days_slipped(self) -> int:
        """By how many days the date that stands is later than the first that was promised; 0 if it is not."""
        return max((self.due - self.first_due).days, 0) if self.due and self.first_due else 0

    def days_overdue(self, today: date) -> int:
        """How many days past its date it is, if it is open; 0 if it is not late. It is late from the day after."""
        return max((today - self.due).days, 0) if self.is_open and self.due else 0

    @property
    def status_words(self) -> str:
        """Its status, with the action that took its place."""
        return f"{self.status} {self.replaced_by}".strip()

    @property
    def cells(self) -> Mapping[str, str]:
        """What the register's cells show, as texts by the ids in `CELLS`."""
        return {
            REF: self.about[0],
            ORG: self.about[1],
            WHAT: self.what,
            OWNER: self.owner,
            DUE: self.due.isoformat() if self.due else "",
            STATUS: self.status_words,
            PROGRESS: self.progress[-1].text if self.progress else "",
            EVIDENCE: self.evidence,
            AGREED: self.agreed,
            REASON: self.reason,
        }
