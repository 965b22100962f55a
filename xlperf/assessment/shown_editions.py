"""What an edition, or the pack of a meeting, showed: the ledger before its run, by the catalogue of that day.

Nothing is read from the edition's own workbook, which people may have moved or saved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from string import ascii_uppercase

from xlperf.catalogue import Catalogue
from xlperf.ledger import Edition, MeetingPack, State
from xlperf.period import Period


@dataclass(frozen=True, slots=True)
class EditionShown:
    """An edition or a meeting's pack, the run that recorded it, and the catalogue that it showed figures by.

    The catalogue is None where it is lost.
    """

    edition: Edition | MeetingPack
    run: str
    catalogue: Catalogue | None

    @property
    def name(self) -> str:
        """What its files are called, without their ending."""
        return self.edition.name if isinstance(self.edition, MeetingPack) else name_of(self.edition)

    @property
    def what(self) -> str:
        """What it is called: `edition`, or `pack` of a meeting."""
        return "pack" if isinstance(self.edition, MeetingPack) else "edition"

    @property
    def period(self) -> Period:
        """The reporting period that it is of."""
        return Period.parse(self.edition.period)

    @property
    def published(self) -> datetime:
        """When it was frozen."""
        return datetime.fromisoformat(self.edition.at)

    def state(self, now: State) -> State:
        """The ledger as the edition showed it; `ledger.current_figures` finds what was published in the same way."""
        return now.before(self.run)


@dataclass(frozen=True, slots=True)
class Correction:
    """That an edition takes the place of an earlier one of its period.

    Attributes:
        letter: what it is called beside its date; the first edition of a period has none, the next is `B`.
        of: the edition whose place it takes.
        why: what was wrong, as a person says it; "" where nobody does.
    """

    letter: str
    of: EditionShown
    why: str = ""


def correction_in(state: State, reporting: Period, last: EditionShown | None, why: str) -> Correction | None:
    """What the next edition of a period corrects; None where it is the first, or `last` is of an earlier period."""
    earlier = sum(edition.period == str(reporting) for edition in state.editions)
    if not earlier or last is None or last.period != reporting:
        return None
    letter = ascii_uppercase[earlier] if earlier < len(ascii_uppercase) else str(earlier + 1)
    return Correction(letter, last, why)


def name_of(edition: Edition) -> str:
    """What an edition's files are called, without their ending."""
    return PurePath(edition.workbook).stem


def last_pack_before(state: State, meeting: str, reporting: Period) -> tuple[str, MeetingPack] | None:
    """The last pack of a meeting, by its id, with its run: of the latest period that is not after the one reported on.

    A draft was not shown to the meeting, and is none.

    None where there is none.
    """
    packs = [
        (Period.parse(pack.period).last_day, run, pack)
        for run, pack in state.packs
        if pack.meeting == meeting and not pack.is_draft and Period.parse(pack.period).last_day <= reporting.last_day
    ]
    if not packs:
        return None
    _, run, pack = max(packs, key=lambda dated: dated[:2])
    return run, pack


def last_before(state: State, reporting: Period) -> tuple[str, Edition] | None:
    """The last edition, with its run, of the latest period that is not after the one reported on; None for none."""
    earlier = [
        (Period.parse(edition.period).last_day, run, edition)
        for run, edition in state.published
        if Period.parse(edition.period).last_day <= reporting.last_day
    ]
    if not earlier:
        return None
    _, run, edition = max(earlier, key=lambda dated: dated[:2])
    return run, edition
