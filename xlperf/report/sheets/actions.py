"""Actions in the master: the register of what was promised, which the team adds to and corrects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from xlperf.assessment import Assessment, Latest
from xlperf.assessment.action_standing import ActionStanding
from xlperf.report import layout
from xlperf.report.action_words import notes
from xlperf.report.columns import Column, ColumnKind, MasterSheet, RowOrder
from xlperf.report.subject_names import subject_name
from xlperf.rules.actions import ActionStatus
from xlperf.rules.actions.event import AGREED, DUE, EVIDENCE, ORG, OWNER, PROGRESS, REASON, REF, STATUS, WHAT

SINCE = "0.2.0"


@dataclass(frozen=True)
class ActionRow:
    """An action of the register."""

    assessment: Assessment
    standing: ActionStanding

    @property
    def latest(self) -> Latest | None:
        """How the KPI and org that it is about stands; None for any other subject."""
        return self.assessment.latest_by_series.get(self.standing.action.about)


def _rows(assessment: Assessment) -> Iterator[ActionRow]:
    for standing in assessment.actions.standing:
        yield ActionRow(assessment, standing)


def _shown(cell: str) -> Callable[[ActionRow], str]:
    return lambda row: row.standing.action.cells[cell]


def _of_latest(value: Callable[[Latest], Any]) -> Callable[[ActionRow], Any]:
    """A cell about the KPI and org; blank for any other subject, and for one that is reported no more."""
    return lambda row: value(row.latest) if row.latest else None


def _typed(cell: str, width: float, says: str, choices: tuple[str, ...] = ()) -> Column[ActionRow]:
    return Column(cell, layout.ACTION_CELLS[cell], _shown(cell), width, says, is_typed=True, choices=choices)


COLUMNS: tuple[Column[ActionRow], ...] = (
    Column("id", layout.ACTION_ID, lambda row: row.standing.action.id, 8,
           "its number, which a collation gives and which never changes; leave it blank in a row that you add",
           is_key=True),
    _typed(REF, 7, "what it is about: the KPI's id, a section's, or words of your own"),
    _typed(ORG, 8, "the org's code"),
    Column("about", "About", lambda row: subject_name(row.assessment.catalogue, row.standing.action.about), 24,
           "the name of the KPI or section"),
    _typed(WHAT, 36, "what is to be done"),
    _typed(OWNER, 17, "who does it"),
    Column("first_due", "First promised for", lambda row: row.standing.action.first_due, 12,
           "the first date that was promised, which never changes", ColumnKind.DATE),
    Column(DUE, layout.ACTION_CELLS[DUE], lambda row: row.standing.action.due, 12,
           "the date that stands; another date is a move, with a reason", ColumnKind.DATE, is_typed=True),
    _typed(STATUS, 12, "Open, Done, Dropped, or Replaced by and the number of the other action",
           (ActionStatus.OPEN, ActionStatus.DONE, ActionStatus.DROPPED)),
    Column("days_overdue", "Days overdue", lambda row: row.standing.days_overdue or None, 9,
           "how many days past its date it is, on the day of the collation", ColumnKind.NUMBER),
    Column("times_moved", "Times put off", lambda row: row.standing.action.times_moved or None, 8,
           "how many times it was given a later date", ColumnKind.NUMBER),
    _typed(PROGRESS, 32, "the last that was said of how it goes; type over it"),
    _typed(EVIDENCE, 24, "what shows that it is done"),
    _typed(REASON, 26, "why its date or status was changed last"),
    _typed(AGREED, 24, "at which meeting it was agreed, when, and under which item"),
    Column("note", "Note", lambda row: "; ".join(notes(row.standing)), 34,
           "how late it is, how often it was put off, how long no progress was reported, and what two people typed"),
    Column("rag", "RAG", _of_latest(lambda latest: str(latest.rag)), 10, "the KPI's colour now, or why it has none"),
    Column("opened", "Opened", lambda row: row.standing.action.opened, 12,
           "the day on which it was recorded", ColumnKind.DATE),
    Column("opened_by", "Opened by", lambda row: row.standing.action.opened_by, 24, "where it was read first"),
    Column("closed", "Closed", lambda row: row.standing.action.closed, 12,
           "the day on which it was recorded as done, dropped or replaced", ColumnKind.DATE),
    Column("responsible_owner", "Responsible owner", _of_latest(lambda latest: latest.responsible_owner), 18,
           "who returns the KPI"),
    Column("executive_owner", "Executive owner", _of_latest(lambda latest: latest.executive_owner), 18,
           "who answers for it"),
)  # fmt: skip

SHEET = MasterSheet(
    layout.ACTIONS, "Actions", "an action that was promised, open or closed", COLUMNS, _rows,
    stay=RowOrder.GROWS_AT_ITS_END, header_height=38, printed_to=layout.ACTION_CELLS[PROGRESS], kept=1, since=SINCE,
    shows="What was promised, by whom and by when, and what came of it. Add a row below for what a meeting agrees.",
)  # fmt: skip
