"""The rows of a return's sheet Actions: filled in when it is issued, and read when it comes back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date

from xlperf.findings import Finding, Location, finding
from xlperf.returns import action_fields as columns
from xlperf.returns.cell_values import Report, read_date, read_text, read_yes_no
from xlperf.returns.counting import CellOutcomes, gravest, outcome_of
from xlperf.returns.fields import Holds
from xlperf.returns.filled_in import FilledValue
from xlperf.returns.matching import shortlisted
from xlperf.returns.returned_action import IssuedAction, ReturnedAction
from xlperf.rules.actions import Action, ActionStatus
from xlperf.rules.actions.event import DUE, EVIDENCE, REASON, STATUS
from xlperf.tables import Book, Cell, Row, Table


@dataclass(frozen=True, slots=True)
class ActionReading:
    """What was read of the sheet Actions, with a finding for what needs a person and the outcome of each cell."""

    actions: tuple[ReturnedAction, ...] = ()
    findings: tuple[Finding, ...] = ()
    outcomes: CellOutcomes = field(default_factory=dict)


def action_row(action: Action, kpi_name: str, stands: str) -> dict[str, FilledValue]:
    """The row about an open action; `stands` says how late it is and how often it was put off."""
    return {
        columns.NUMBER.header: action.id,
        columns.REF.header: action.about[0],
        columns.ORG.header: action.about[1],
        columns.KPI.header: kpi_name,
        columns.ACTION.header: action.what,
        columns.WHO.header: action.owner,
        columns.FIRST_DUE.header: _day(action.first_due),
        columns.DUE_NOW.header: _day(action.due),
        columns.STANDS.header: stands,
        columns.LAST_PROGRESS.header: action.progress[-1].text if action.progress else "",
    }


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "no date"


def read_actions(book: Book, issued: Iterable[IssuedAction], file: str) -> ActionReading:
    """What an owner says of the actions that the return was issued with, by their numbers; of no others."""
    table = book.tables.get(columns.TABLE)
    if table is None:
        return ActionReading()
    issued_by_number = {each.action: each for each in issued}
    actions: dict[str, ReturnedAction] = {}
    findings: list[Finding] = []
    others: list[Finding] = []
    outcomes: CellOutcomes = {}
    for row in table.rows:
        filled = [row[each.header] for each in columns.FIELDS if not row[each.header].is_blank]
        if not filled:
            continue
        number = row[columns.NUMBER.header].raw.strip()
        if number not in issued_by_number or number in actions:
            others.append(_not_ours(table, row, number, file, is_again=number in actions))
            outcomes |= outcome_of("flagged", table.sheet, filled)
            continue
        given, about = _read_row(book, table, row, number, file)
        actions[number] = ReturnedAction(**asdict(issued_by_number[number]), given=given)
        findings += about
        outcomes = gravest(outcomes, outcome_of("accepted", table.sheet, filled))
    findings += shortlisted("R059", others, Location(file, table.sheet))
    said = tuple(each for each in actions.values() if each.given)
    return ActionReading(said, tuple(findings), outcomes)


def _not_ours(table: Table, row: Row, number: str, file: str, *, is_again: bool) -> Finding:
    about = f"action '{number[:20]}'" if number else "a row without a number"
    why = "has a second row" if is_again else "was not in this return"
    where = Location(file, table.sheet, table.address(row, columns.NUMBER.header))
    return finding("R059", f"{about} {why}, so what stands there was not read.", where, found=number[:40])


def _read_row(book: Book, table: Table, row: Row, number: str, file: str) -> tuple[dict[str, str], list[Finding]]:
    given: dict[str, str] = {}
    findings: list[Finding] = []
    for each in columns.FIELDS:
        cell = row[each.header]
        text, about = _read(cell, each.holds, _report(table, row, each.header, number, file), book.date_1904)
        findings += about
        if text:
            given[each.id] = ActionStatus.DONE if each.id == STATUS else text
    for needs, with_it, header in ((DUE, REASON, columns.WHY.header), (STATUS, EVIDENCE, columns.EVIDENCE_NOW.header)):
        if needs in given and with_it not in given:
            report = _report(table, row, header, number, file)
            findings.append(report("A014", "it is empty."))
    return given, findings


def _read(cell: Cell, holds: Holds, report: Report, date_1904: bool) -> tuple[str, list[Finding]]:
    if holds is Holds.DATE:
        day, about = read_date(cell, report, date_1904=date_1904)
        return (day.isoformat() if day else ""), about
    if holds is Holds.YES:
        is_yes, about = read_yes_no(cell, report)
        return ("yes" if is_yes else ""), about
    return read_text(cell, report)


def _report(table: Table, row: Row, header: str, number: str, file: str) -> Report:
    where = Location(file, table.sheet, table.address(row, header))

    def make(code: str, message: str, **parts: str) -> Finding:
        return finding(code, f"{header} of {number}: {message}", where, **parts)

    return make
