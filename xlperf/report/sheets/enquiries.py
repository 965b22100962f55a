"""Lines of enquiry in the master: what the rules raise for a meeting, which the team edits, and the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlperf.assessment import Assessment
from xlperf.report import layout
from xlperf.report.columns import Column, ColumnKind, MasterSheet
from xlperf.report.enquiry_lines import EnquiryLine, for_the_board, not_raised_now
from xlperf.rules.enquiries.typed_about import ANSWER, ANSWERED_BY, ANSWERED_ON, LEFT_OUT, QUESTION, YES

SINCE = "0.2.0"


@dataclass(frozen=True)
class EnquiryRow:
    """A line of enquiry, and its number among those that are to be asked; None for any other."""

    line: EnquiryLine
    number: int | None = None

    @property
    def note(self) -> str:
        """What two people typed without seeing each other's."""
        return "; ".join(
            f"{layout.ENQUIRY_CELLS[each.cell]} '{each.typed}' was typed in {each.named} without having seen what had "
            "been recorded since; what stands here counts until you type over it"
            for each in self.line.said.disputed
        )


def lines(assessment: Assessment) -> tuple[EnquiryLine, ...]:
    """Every line of the sheet: those raised now, then those of before."""
    now = for_the_board(assessment)
    return (*now, *not_raised_now(assessment, now))


def _rows(assessment: Assessment) -> Iterator[EnquiryRow]:
    number = 0
    for line in lines(assessment):
        number += line.is_to_ask
        yield EnquiryRow(line, number if line.is_to_ask else None)


def _key(place: int) -> Callable[[EnquiryRow], str]:
    return lambda row: row.line.key[place]


def _typed(cell: str) -> Callable[[EnquiryRow], str]:
    return lambda row: row.line.cells[cell]


def _answered_on(row: EnquiryRow) -> date | None:
    return row.line.said.answered_on


def _put(name: str) -> Callable[[EnquiryRow], Any]:
    return lambda row: getattr(row.line.put, name)


_MEETING, _PERIOD, _KIND, _REF, _ORG = layout.ENQUIRY_KEY

COLUMNS: tuple[Column[EnquiryRow], ...] = (
    Column("number", "No.", lambda row: row.number, 5, "its number in a pack made now", ColumnKind.NUMBER),
    Column("period", _PERIOD, _key(1), 11, "the reporting period for which it is asked", ColumnKind.PERIOD,
           is_key=True),
    Column(QUESTION, layout.ENQUIRY_CELLS[QUESTION], _typed(QUESTION), 46,
           "the question; type over it for other words, clear it for those of the rule", is_typed=True),
    Column("evidence", layout.ENQUIRY_EVIDENCE, _put("evidence"), 52, "what it rests on, as the pages say it"),
    Column("by", layout.ENQUIRY_BY, _put("by"), 20, "who is to answer: a role"),
    Column(LEFT_OUT, layout.ENQUIRY_CELLS[LEFT_OUT], _typed(LEFT_OUT), 8,
           "Yes where it is not to be asked", is_typed=True, choices=(YES,)),
    Column(ANSWER, layout.ENQUIRY_CELLS[ANSWER], _typed(ANSWER), 46,
           "the answer, which the next pack prints", is_typed=True),
    Column(ANSWERED_BY, layout.ENQUIRY_CELLS[ANSWERED_BY], _typed(ANSWERED_BY), 20,
           "who gave the answer", is_typed=True),
    Column(ANSWERED_ON, layout.ENQUIRY_CELLS[ANSWERED_ON], _answered_on, 12,
           "the day on which it was given", ColumnKind.DATE, is_typed=True),
    Column("stands", "How it stands", lambda row: row.line.stands, 16,
           "to be asked, left out, asked and not answered yet, answered, or no longer raised"),
    Column("note", "Note", lambda row: row.note, 30, "what two people typed without seeing each other's"),
    Column("ref", _REF, _key(3), 7, "the KPI's id, or the section's, the action's number, or Org", is_key=True),
    Column("org", _ORG, _key(4), 8, "the org's code", is_key=True),
    Column("about", layout.ENQUIRY_ABOUT, _put("about"), 30, "what it is about"),
    Column("kind", _KIND, _key(2), 11, "what it rests on, as the catalogue's 'enquiries' calls it", is_key=True),
    Column("meeting", _MEETING, _key(0), 10, "the meeting that is asked", is_key=True),
)  # fmt: skip

SHEET = MasterSheet(
    layout.ENQUIRIES, "Enquiries", "a line of enquiry for a meeting", COLUMNS, _rows,
    header_height=38, printed_to="How it stands", kept=2, since=SINCE, always=(_PERIOD, _KIND, _MEETING),
    shows="Questions for the meeting, the gravest first, with their evidence. Edit or leave out; type the answers.",
)  # fmt: skip
