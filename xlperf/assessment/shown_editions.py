"""What an edition, or the pack of a meeting, showed: the ledger before its run, by the catalogue of that day.

Nothing is read from the edition's own workbook, which people may have moved or saved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

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


def name_of(edition: Edition) -> str:
    """What an edition's files are called, without their ending."""
    return PurePath(edition.workbook).stem


def last_pack_before(state: State, meeting: str, reporting: Period) -> tuple[str, MeetingPack] | None:
    """The last pack of a meeting, by its id, with its run: of the latest period that is not after the one reported on.

    None where there is none.
    """
    packs = [
        (Period.parse(pack.period).last_day, run, pack)
        for run, pack in state.packs
        if pack.meeting == meeting and Period.parse(pack.period).last_day <= reporting.last_day
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
