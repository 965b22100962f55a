"""The meetings that look at the figures: what each covers, when it meets, what its pack holds and what it decides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from pydantic import Field, field_validator

from xlperf.catalogue.fields import Id, Model, PeriodText, Text
from xlperf.catalogue.pack import BOARD_HAS, OTHERS_HAVE, PackPart, PackSettings
from xlperf.catalogue.reporting import CalendarEntry
from xlperf.period import Period

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class MeetingKind(StrEnum):
    """What sort of meeting it is. The board's pack belongs to a published edition; the others are made by `pack`."""

    BOARD = "board"
    COMMITTEE = "committee"
    EXECUTIVE = "executive"
    DIVISION = "division"
    DIRECTORATE = "directorate"
    REGION = "region"
    PLACE = "place"
    COUNCIL = "council"
    REGULATOR = "regulator"


class Scope(Model):
    """One line of what a meeting covers: the figures that meet everything that the line says."""

    orgs: tuple[Id, ...] = Field((), description="Of these organisations, and of all below them; of all where empty.")
    sections: tuple[Id, ...] = Field((), description="Of these sections; of all where empty.")
    directorates: tuple[Text, ...] = Field(
        (), description="Returned by owners of these directorates; a rolled-up figure, if all its parts are."
    )
    executive_owners: tuple[Id, ...] = Field(
        (), description="Answered for by these executive owners; a rolled-up figure, if they are for all its parts."
    )
    from_stage: Id | None = Field(
        None, description="Only what is in this stage of the ladder or a graver one, or what the meeting decides on."
    )


class MeetingDate(Model):
    """The day on which a meeting looks at a reporting period."""

    period: PeriodText
    on: date


class Meeting(Model):
    """A meeting, and the pack that is made for it."""

    id: Id = Field(description="Stable key, used in commands and as the name of its folder.")
    name: Text = Field(min_length=1, description="What it is called, as in the register of actions.")
    kind: MeetingKind
    is_on: bool = Field(True, alias="on", description="Whether packs are made for it.")
    covers: tuple[Scope, ...] = Field(
        (), description="What it looks at: the figures of any of these lines; all figures where there is none."
    )
    periods: tuple[PeriodText, ...] = Field(
        (), description="The reporting periods that it looks at; every one of the calendar where empty."
    )
    dates: tuple[MeetingDate, ...] = Field((), description="Its days, by reporting period.")
    days_before_board: int | None = Field(
        None, ge=-180, le=180, description="For periods that 'dates' lacks: so many days before the board's day."
    )
    parts: tuple[PackPart, ...] = Field(
        (),
        description="The parts of its pack in their order; one that has nothing to say is left out. Where empty, all "
        "but `questions`, and for a board all but `enquiries` too, which are not for a meeting that is public.",
    )
    exceptions_per_page: Literal[1, 2, 3] = Field(3, description="How many exceptions stand on a page of its pack.")
    logo: Text = Field("", description="A PNG or SVG file for the first page, from the folder of the catalogue.")
    decides: tuple[Id, ...] = Field(
        (), description="Ids of the stages that it decides on; where empty, those whose 'decided_by' is its name."
    )

    @field_validator("id")
    @classmethod
    def _names_a_folder(cls, written: str) -> str:
        if written.endswith(".") or _RESERVED.fullmatch(written):
            raise ValueError("is a name that Windows keeps for itself, or ends in a full stop; it names a folder")
        return written

    @property
    def holds(self) -> tuple[PackPart, ...]:
        """The parts of its pack, in their order."""
        return self.parts or (BOARD_HAS if self.is_board else OTHERS_HAVE)

    @property
    def is_board(self) -> bool:
        """Whether its pack belongs to a published edition."""
        return self.kind is MeetingKind.BOARD

    def looks_at(self, period: Period) -> bool:
        """Whether it looks at a reporting period."""
        return not self.periods or str(period) in self.periods

    def day(self, entry: CalendarEntry) -> date | None:
        """The day on which it looks at the period of a calendar entry; None where the catalogue does not say."""
        dated: Mapping[str, date] = {each.period: each.on for each in self.dates}
        if entry.period in dated:
            return dated[entry.period]
        if self.days_before_board is not None:
            return entry.board_date - timedelta(days=self.days_before_board)
        return entry.board_date if self.is_board else None


def boards_own(board: str, pack: PackSettings) -> Meeting:
    """The board as a meeting, where the catalogue lists none: what 'board' and 'pack' say of it."""
    covers = (Scope(sections=pack.sections),) if pack.sections else ()
    return Meeting(
        id="board",
        name=board,
        kind=MeetingKind.BOARD,
        covers=covers,
        parts=pack.parts,
        exceptions_per_page=pack.exceptions_per_page,
        logo=pack.logo,
    )
