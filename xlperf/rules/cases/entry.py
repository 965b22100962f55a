"""One entry of a case: what was offered, begun, done or told, by or to whom, and on which day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xlperf.rules.iso_day import day_of
from xlperf.rules.keys import SeriesKey
from xlperf.rules.typed_over import Disputed

REF, ORG, KIND, WHAT, WHO, ON, NOTE = "ref", "org", "kind", "what", "who", "on", "note"
CELLS = (REF, ORG, KIND, WHAT, WHO, ON, NOTE)
"""The ids of what is recorded in an entry, each a text.

Which issue it is about (ref and org, as on the sheet Escalation, or words of one's own), its kind, what it says, by
whom or to whom, on which day (an ISO date), and a note for the team."""


class EntryKind(StrEnum):
    """What an entry is."""

    OPENED = "Opened"
    """The team opens a case: of a KPI before anything is decided, or of a subject of its own, whose title it gives."""
    OFFERED = "Support offered"
    BEGUN = "Support begun"
    PROGRESS = "Progress"
    TOLD = "Told"
    REVIEW = "Review"
    """On a day that has passed, what came of it; on a day to come, the next one."""
    CLOSED = "Closed"
    """The team closes a case that no decision has put into a stage."""
    WITHDRAWN = "Withdrawn"
    """Typed by mistake. It stays in the log and stands nowhere else."""


_KINDS = {kind.casefold(): kind for kind in EntryKind}


def kind_of(text: str) -> EntryKind | None:
    """The kind that a text names, in any capitals; None where it is none."""
    return _KINDS.get(" ".join(text.split()).casefold())


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """An entry as it stands.

    Attributes:
        id: its mark, which it keeps.
        cells: its texts by the ids in `CELLS`.
        recorded: the day on which it came into the ledger; None where that is not known.
        named: where it was read first.
        disputed: see `Disputed`.
    """

    id: str
    cells: Mapping[str, str]
    recorded: date | None = None
    named: str = ""
    disputed: tuple[Disputed, ...] = ()

    @property
    def about(self) -> SeriesKey:
        """(ref, org)."""
        return self.cells[REF], self.cells[ORG]

    @property
    def kind(self) -> EntryKind | None:
        """Its kind; None where what was typed is none."""
        return kind_of(self.cells[KIND])

    @property
    def what(self) -> str:
        """What it says."""
        return self.cells[WHAT]

    @property
    def who(self) -> str:
        """By whom, or to whom."""
        return self.cells[WHO]

    @property
    def on(self) -> date | None:
        """The day that was typed; None where none was, or where it is no date."""
        return day_of(self.cells[ON])

    def is_ahead(self, today: date) -> bool:
        """Whether its day has not come, which only that of a review may."""
        return self.on is not None and self.on > today

    def day(self, today: date) -> date | None:
        """The day that it is of: the one typed, or that of recording where none was, or where it has not come."""
        is_slip = self.is_ahead(today) and self.kind is not EntryKind.REVIEW
        return self.recorded if self.on is None or is_slip else self.on
