"""What was once recorded about an action: in a return, or typed into the master's register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from xlperf.rules.iso_day import day_of
from xlperf.rules.keys import SeriesKey

REF, ORG, WHAT, OWNER, DUE = "ref", "org", "what", "owner", "due"
STATUS, PROGRESS, EVIDENCE, AGREED, REASON = "status", "progress", "evidence", "agreed", "reason"
CELLS = (REF, ORG, WHAT, OWNER, DUE, STATUS, PROGRESS, EVIDENCE, AGREED, REASON)
"""The ids of what is recorded about an action, each a text.

What it is about (ref and org), its words, who does it, when it is due (an ISO date), its status, the last progress, the
evidence that it is done, at which meeting it was agreed, and the reason for the last change of date or status."""


ActionKey = tuple[str, str, str]
"""What an action is known by: (ref, org, its words as they are compared, see `words_of`)."""


class EventSource(StrEnum):
    """Where an event was read from, which decides what it can do."""

    COLUMNS = "columns"
    """The columns Action, Action owner and Action due of a return: they open an action, and never close one."""
    SHEET = "sheet"
    """The sheet Actions of a return: its owner's progress."""
    TYPED = "typed"
    """The master's register, typed by the team."""


@dataclass(frozen=True, slots=True)
class ActionEvent:
    """What was recorded about one action at one time.

    Args:
        source: see `EventSource`.
        at: when it came into the ledger, as the ISO text of a time.
        named: where it was read, in words: `return of Q2 26-27`, `master.xlsx (Kim)`.
        about: (KPI id or section or other subject, org), as whoever made the event saw it.
        what: the action's words, by which it is known at its subject, likewise.
        action_id: the id that they saw; "" where it had none yet.
        given: texts by the ids in `CELLS`, without those that nothing is said of.
        over: of what was typed, what its cells showed before; None for a row that somebody added, and for returns.
        figure: of a return, the figure's key that it was given with; () where there is none.
        period: of a return, the key of its reporting period; "" for what was typed.
        is_replaced: whether a later return of the same owner and period came first, so that it can change nothing.
    """

    source: EventSource
    at: str
    named: str
    about: SeriesKey
    what: str
    action_id: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    over: Mapping[str, str] | None = None
    figure: tuple[str, ...] = ()
    period: str = ""
    is_replaced: bool = False

    @property
    def key(self) -> ActionKey:
        """What the action is known by."""
        return (*self.about, words_of(self.what))

    @property
    def day(self) -> date | None:
        """The day on which it came into the ledger; None where that is not known."""
        return day_of(self.at[:10])


def words_of(what: str) -> str:
    """An action's words as they are compared: without capitals, spaces, and the full stop at their end."""
    return " ".join(what.casefold().split()).rstrip(".;,! ")
