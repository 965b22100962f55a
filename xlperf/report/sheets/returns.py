"""Returns in the master: every return issued and every file received, with its outcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from xlperf.assessment import Assessment, date_of
from xlperf.assessment.return_counts import expected_returns
from xlperf.catalogue import ResponsibleOwner
from xlperf.findings import Severity
from xlperf.ledger import Issued, Received
from xlperf.period import Period
from xlperf.report import layout
from xlperf.report.columns import Column, ColumnKind, MasterSheet, RowOrder
from xlperf.returns.reading import usable_period
from xlperf.returns.still_due import is_any_due


@dataclass(frozen=True)
class Return:
    """A return that was issued, or a file that was received, or both."""

    assessment: Assessment
    owner_id: str
    period: str
    issued: Issued | None
    received: Received | None = None

    @cached_property
    def owner(self) -> ResponsibleOwner | None:
        """The owner; None if they are not in the catalogue now."""
        return self.assessment.catalogue.owner_by_id.get(self.owner_id)

    @cached_property
    def deadline(self) -> date | None:
        """The deadline of its period; None if the calendar does not have it."""
        usable = usable_period(self.assessment.catalogue, self.period)
        return self.assessment.catalogue.entry_by_period[usable].return_deadline if usable else None

    @property
    def executive_owner(self) -> str:
        """The title of the owner's executive owner."""
        return self.assessment.catalogue.executive_by_id[self.owner.executive_owner].title if self.owner else ""

    @property
    def serial(self) -> int | None:
        """Which issue of the return it is."""
        line = self.received or self.issued
        return line.serial or None if line else None

    @property
    def returned(self) -> date | None:
        """The day it was returned; see `State.returned_on`."""
        return self.assessment.state.returned_on(self.received) if self.received else None

    @property
    def is_due(self) -> bool:
        """Whether it was returned, or any of what it asks for is due still."""
        if self.received or self.issued is None:
            return True
        return is_any_due(self.assessment.catalogue, self.issued.asked)

    @property
    def days_late(self) -> int | None:
        """The days after the deadline that it was returned, or until today if it is still missing."""
        if self.deadline is None or not self.is_due:
            return None
        return self.assessment.state.days_late(self.received, self.deadline, self.assessment.produced.date())

    @property
    def standing(self) -> str:
        """Whether its figures count."""
        state, key = self.assessment.state, (self.owner_id, self.period)
        if self.received is None:
            held = state.held.get(key)
            if held is None and not self.is_due:
                return "Nothing is due any more"
            return f"{held.file} is held for the team" if held else "Late" if self.days_late else "Awaited"
        if not self.received.is_accepted:
            return "Waits for the team: xlperf release" if self.received.is_held else "Not used"
        used = state.in_use.get(key)
        return "In use" if used is self.received else f"Replaced by {used.file}" if used else "Not used"

    @property
    def return_id(self) -> str:
        """The id in it."""
        if self.received:
            return self.received.return_id
        return self.issued.return_id if self.issued else ""


def _returns(assessment: Assessment) -> list[Return]:
    """Every return issued and every file received up to the reporting period, missing returns first."""
    limit = assessment.period.last_day
    placed: list[tuple[tuple[Any, ...], Return]] = []
    for received in assessment.state.received:
        if received.period and _ends(received.period) > limit:
            continue
        if not received.period and received.sha256 not in assessment.present:
            continue
        issued = assessment.state.issued.get(received.return_id)
        name = "" if received.owner else received.file.casefold()
        place = (*_place(received.period, missing=False), received.owner, received.serial, name)
        placed.append((place, Return(assessment, received.owner, received.period, issued, received)))
    for issued in assessment.state.latest_issue.values():
        if (issued.owner, issued.period) not in assessment.state.in_use and _ends(issued.period) <= limit:
            place = (*_place(issued.period, missing=True), issued.owner, issued.serial, "")
            placed.append((place, Return(assessment, issued.owner, issued.period, issued)))
    return [each for _, each in sorted(placed, key=lambda pair: pair[0])]


def missing_returns(assessment: Assessment) -> list[Return]:
    """The returns of the reporting period that are expected and do not count, as none came or it is held."""
    state = assessment.state
    expected = expected_returns(assessment.catalogue, state, assessment.period, assessment.may_cover)
    return [
        Return(assessment, issued.owner, issued.period, issued)
        for issued in expected
        if (issued.owner, issued.period) not in state.in_use
    ]


def _place(period: str, *, missing: bool) -> tuple[bool, int]:
    """Sort key: missing returns first, then the newest period; files without a period before other files received."""
    return (not missing, -_ends(period).toordinal() if period else -date.max.toordinal())


def _ends(period: str) -> date:
    return Period.parse(period).last_day  # of whatever frequency the calendar had at the time


def _received(value: Callable[[Received], Any]) -> Callable[[Return], Any]:
    """A cell about the file received; blank if there is none."""
    return lambda line: value(line.received) if line.received else None


def _issued_on(line: Return) -> date | None:
    return date.fromisoformat(line.issued.at[:10]) if line.issued else None


COLUMNS: tuple[Column[Return], ...] = (
    Column("period", "Period", lambda line: line.period, 12, "the reporting period", ColumnKind.PERIOD, is_key=True),
    Column("responsible_owner", "Responsible owner", lambda line: line.owner.name if line.owner else line.owner_id, 30,
           "whose return", is_key=True),
    Column("directorate", "Directorate", lambda line: line.owner.directorate if line.owner else "", 26, "of the owner"),
    Column("executive_owner", "Executive owner", lambda line: line.executive_owner, 24, "who answers for the owner"),
    Column("serial", "Serial", lambda line: line.serial, 7, "which issue of the return", ColumnKind.NUMBER),
    Column("issued", "Issued", _issued_on, 12, "the day it was issued", ColumnKind.DATE),
    Column("deadline", "Deadline", lambda line: line.deadline, 12, "the day it is due", ColumnKind.DATE),
    Column("returned", "Returned", lambda line: line.returned, 12, "the day it arrived", ColumnKind.DATE),
    Column("days_late", "Days late", lambda line: line.days_late, 8, "after the deadline", ColumnKind.NUMBER),
    Column("outcome", "Outcome", lambda line: line.received.outcome if line.received else "Not returned", 22,
           "accepted, or why not"),
    Column("standing", "Standing", lambda line: line.standing, 24, "whether its figures count"),
    Column("file", "File", lambda line: line.received.file if line.received else "", 40, "the file received"),
    Column("asked", "Asked", lambda line: len(line.issued.asked) if line.issued else None, 7, "figures asked",
           ColumnKind.NUMBER),
    Column("accepted", "Accepted", _received(lambda file: sum(not figure.restated for figure in file.figures)), 9,
           "figures accepted", ColumnKind.NUMBER),
    Column("refused", "Refused", _received(lambda file: len(file.refused)), 8, "figures refused", ColumnKind.NUMBER),
    Column("blank", "Blank", _received(lambda file: len(file.blank)), 7, "figures left blank", ColumnKind.NUMBER),
    Column("warnings", "Warnings", _received(lambda file: sum(
        item.severity is Severity.WARNING for item in file.findings)), 9, "warnings about it", ColumnKind.NUMBER),
    Column("completed_by", "Completed by", _received(lambda file: file.completed_by), 20, "from the sign-off"),
    Column("signed_off_by", "Signed off by", _received(lambda file: file.signed_off_by), 20, "from the sign-off"),
    Column("signed_off_on", "Signed off on", _received(lambda file: date_of(file.signed_off_on)), 13,
           "from the sign-off",
           ColumnKind.DATE),
    Column("return", "Return", lambda line: line.return_id, 18, "the id of the return"),
)  # fmt: skip

SHEET = MasterSheet(
    layout.RETURNS,
    "Returns",
    "a return issued, or a file received",
    COLUMNS,
    _returns,
    RowOrder.IN_PLACE,
    always=("Outcome",),  # a file may be nobody's, for no period
    shows="Who has returned what, and when; what was rejected or is held.",
)
