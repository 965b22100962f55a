"""The calendar of meetings: who looks at what and when, which returns are missing, and whether the pack was made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xlperf.assessment.return_counts import ReturnCounts, expected_returns, returns_of
from xlperf.catalogue import Catalogue, Coverage, Meeting
from xlperf.ledger import Issued, State
from xlperf.period import Period
from xlperf.rules.iso_day import day_of
from xlperf.workflow.workspace import Workspace, reporting_period

_AHEAD = 2
"""Reporting periods after the last one issued that the calendar shows too."""


@dataclass(frozen=True, slots=True)
class MeetingDue:
    """A meeting that looks at a reporting period.

    Attributes:
        meeting: which.
        period: about which period.
        day: when; None where the catalogue does not say.
        returns: the returns that ask for what it covers. What is covered by its stage alone is not known before it is
            judged, so that whoever may have such a figure is among them.
        missing: the names of the owners whose return does not count yet.
        pack: what the files of its last pack are called; "" where there is none. Of a board it is its edition's.
        made: the day on which that was made.
        since: how many of those returns came into the ledger after that.
    """

    meeting: Meeting
    period: Period
    day: date | None
    returns: ReturnCounts
    missing: tuple[str, ...]
    pack: str = ""
    made: date | None = None
    since: int = 0


def calendar(workspace: Workspace, period: str, *, now: datetime) -> tuple[MeetingDue, ...]:
    """The meetings about a period, by their days; with "" about the last one that returns were issued for and two more.

    Raises UsageError, CatalogueError, LedgerError.
    """
    catalogue, state = workspace.catalogue(), workspace.ledger().state()
    periods = [reporting_period(catalogue, period)] if period else _periods(catalogue, state, now.date())
    due = [
        _due(catalogue, state, meeting, each)
        for each in periods
        for meeting in catalogue.meetings_held
        if meeting.looks_at(each)
    ]
    return tuple(sorted(due, key=lambda each: (each.day or date.max, each.period)))


def first_meeting(catalogue: Catalogue, issued: Issued, period: Period, today: date) -> str:
    """The first meeting still to come, before the board's, that waits for what a return asks for, with its day.

    "" where there is none.
    """
    entry = catalogue.entry_by_period[period]
    to_come = sorted(
        (day, meeting.name)
        for meeting in catalogue.meetings_held
        if not meeting.is_board
        and meeting.looks_at(period)
        and (day := meeting.day(entry)) is not None
        and today <= day < entry.board_date
        and any(map(Coverage(catalogue, meeting, {}).has, {(kpi, org) for kpi, org, _ in issued.asked}))
    )
    return f"{to_come[0][1]} of {to_come[0][0].day} {to_come[0][0]:%B %Y}" if to_come else ""


def _periods(catalogue: Catalogue, state: State, today: date) -> Sequence[Period]:
    listed = sorted(catalogue.entry_by_period)
    issued = [at for at, period in enumerate(listed) if str(period) in state.issued_by_period]
    to_come = [at for at, period in enumerate(listed) if catalogue.entry_by_period[period].board_date >= today]
    first = issued[-1] if issued else to_come[0] if to_come else len(listed) - 1
    return listed[first : first + 1 + _AHEAD]


def _due(catalogue: Catalogue, state: State, meeting: Meeting, period: Period) -> MeetingDue:
    covers = Coverage(catalogue, meeting, {}).has
    returns = expected_returns(catalogue, state, period, covers)
    owners = catalogue.owner_by_id
    missing = [each.owner for each in returns if (each.owner, each.period) not in state.in_use]
    made = max(_made(state, meeting, period), default=None)
    used = [state.in_use[key] for each in returns if (key := (each.owner, each.period)) in state.in_use]
    return MeetingDue(
        meeting,
        period,
        meeting.day(catalogue.entry_by_period[period]),
        returns_of(catalogue, state, period, covers),
        tuple(owners[owner].name if owner in owners else owner for owner in missing),
        pack=made[1] if made else "",
        made=day_of(made[0][:10]) if made else None,
        since=sum(each.at > made[0] for each in used) if made else 0,
    )


def _made(state: State, meeting: Meeting, period: Period) -> Iterator[tuple[str, str]]:
    """When each pack of a meeting was made for a period, and what it is called; of a board, each edition with one."""
    if meeting.is_board:
        yield from ((each.at, each.workbook) for each in state.editions if each.period == str(period))
    yield from (
        (pack.at, pack.name)
        for _, pack in state.packs
        if (pack.meeting, pack.period) == (meeting.id, str(period)) and not pack.is_draft
    )
