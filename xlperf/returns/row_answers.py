"""Reading the answers in a row: every field that goes with its figure."""

from __future__ import annotations

from collections.abc import Mapping

from xlperf.catalogue import Kind
from xlperf.digits import written
from xlperf.findings import Finding
from xlperf.returns import fields, layout
from xlperf.returns.cell_values import read_choice, read_date, read_number, read_text, read_yes_no
from xlperf.returns.fields import Field, Holds
from xlperf.returns.figure import FieldValue, Figure
from xlperf.returns.plausible import is_without_parts
from xlperf.returns.rowreading import PartReading, headers_of
from xlperf.returns.still_right import keep_last_words
from xlperf.returns.typed_row import TypedRow
from xlperf.rules.rag import MILESTONES

Answers = dict[str, FieldValue]
"""The value of every field that goes with a figure, by field id."""

_EMPTY: Mapping[Holds, FieldValue] = {Holds.NUMBER: None, Holds.YES_NO: False, Holds.YES: False}
"""What an empty cell says, where it is not ""."""
_NOTHING_SAID: Answers = {column.id: _EMPTY.get(column.holds, "") for column in layout.ANSWERS}
_TAKEN = headers_of(layout.ANSWERS)


def read_answers(typed: TypedRow, own: Figure | None) -> PartReading[Answers]:
    """The answers of a row, whose own figure is `own`."""
    answers = dict(_NOTHING_SAID)
    findings: list[Finding] = []
    cells = typed.row.cells
    for column in layout.ANSWERS:
        if column.header in cells:
            answers[column.id], new_findings = _answer(typed, column)
            findings += new_findings
    if own is not None:
        findings += [*_without_parts(typed, own, answers), *keep_last_words(typed, answers)]
    return PartReading(answers, findings, _TAKEN)


def _without_parts(typed: TypedRow, own: Figure, answers: Answers) -> list[Finding]:
    """A finding about a figure given without its parts; a reason for that beside anything else is not kept."""
    reason, report = answers[fields.NO_PARTS.id], typed.report(fields.NO_PARTS)
    if typed.is_history or not reason:
        return []
    if is_without_parts(typed.kpi, own):
        return [report("R057", f"{written(own.actual or 0.0)} was given without its parts: {reason}")]
    answers[fields.NO_PARTS.id] = ""
    return [report("R031", f"'{str(reason)[:60]}' is not read.", found=str(reason))]


def _answer(typed: TypedRow, column: Field) -> tuple[FieldValue, list[Finding]]:
    cell, report = typed[column], typed.report(column)
    match column.holds:
        case Holds.NUMBER:
            number, new_findings = read_number(cell, report, percentage=typed.kpi.kind is Kind.PERCENTAGE)
            # A number that only goes with the figure is a warning where a figure would be refused.
            is_refused = number is None and bool(new_findings)
            return number, [report("R030", "is not a number.", found=cell.raw)] if is_refused else []
        case Holds.DATE:
            day, new_findings = read_date(cell, report, date_1904=typed.date_1904)
            return day.isoformat() if day else "", new_findings
        case Holds.YES_NO | Holds.YES:
            is_yes, new_findings = read_yes_no(cell, report)
            return bool(is_yes), new_findings
        case Holds.STATUS:
            return read_choice(cell, tuple(MILESTONES), report)
        case Holds.TEXT:
            return read_text(cell, report)
