"""Cases in the master: the log of what is offered, begun, done and told about each issue in escalation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from xlperf.assessment import Assessment
from xlperf.report import layout
from xlperf.report.action_words import dispute_words
from xlperf.report.case_words import case_title, doubts, stage_words
from xlperf.report.columns import Column, ColumnKind, MasterSheet, RowOrder
from xlperf.rules.cases import CaseEntry, EntryKind
from xlperf.rules.cases.entry import KIND, NOTE, ON, ORG, REF, WHAT, WHO

SINCE = "0.2.0"


@dataclass(frozen=True)
class EntryRow:
    """An entry of the log."""

    assessment: Assessment
    entry: CaseEntry

    @property
    def on(self) -> date | str:
        """The day that was typed; where it is none, the text."""
        return self.entry.on or self.entry.cells[ON]

    @property
    def doubts(self) -> str:
        """What the team should look at, and what two people typed."""
        disputes = (dispute_words(layout.CASE_CELLS[each.cell], each) for each in self.entry.disputed)
        return "; ".join((*doubts(self.assessment, self.entry), *disputes))


def _rows(assessment: Assessment) -> Iterator[EntryRow]:
    for entry in assessment.state.case_entries:
        yield EntryRow(assessment, entry)


def _shown(cell: str) -> Callable[[EntryRow], str]:
    return lambda row: row.entry.cells[cell]


def _typed(cell: str, width: float, says: str, choices: tuple[str, ...] = ()) -> Column[EntryRow]:
    return Column(cell, layout.CASE_CELLS[cell], _shown(cell), width, says, is_typed=True, choices=choices)


COLUMNS: tuple[Column[EntryRow], ...] = (
    _typed(REF, 9, "which case: the Ref on Escalation, or words of your own for an issue that is no KPI"),
    _typed(ORG, 8, "the org's code"),
    Column("case", "Case", lambda row: case_title(row.assessment, row.entry.about), 26, "what the case is about"),
    _typed(KIND, 16, "what the entry is; for an issue that is no KPI, begin with Opened", tuple(EntryKind)),
    _typed(WHAT, 48, "what was offered, begun, done or concluded; of Opened, the title of the case"),
    _typed(WHO, 24, "by whom; of Told, to whom"),
    Column(ON, layout.CASE_CELLS[ON], lambda row: row.on, 12,
           "on which day; of Review, a day to come is the next one", ColumnKind.DATE, is_typed=True),
    _typed(NOTE, 28, "for the team alone; it stands in no pack and no notice"),
    Column("stage", "Case now", lambda row: stage_words(row.assessment.cases.about(row.entry.about)), 24,
           "the stage in force, or when the case was opened or closed"),
    Column("doubts", "Needs a look", lambda row: row.doubts, 30, "what is missing or cannot be meant"),
    Column("recorded", "Recorded", lambda row: row.entry.recorded, 12,
           "the day on which it was read first", ColumnKind.DATE),
    Column("entry", layout.ENTRY, lambda row: row.entry.id, 12,
           "its mark, which a collation gives; leave it blank in a row that you add", is_key=True),
)  # fmt: skip

SHEET = MasterSheet(
    layout.CASES, "Cases", "an entry in the log of a case: what was offered, begun, done, told or reviewed", COLUMNS,
    _rows, stay=RowOrder.GROWS_AT_ITS_END, printed_to="Case now", kept=2, since=SINCE,
    shows="What is done about each issue in escalation, between the returns. Add a row below for each thing.",
)  # fmt: skip
