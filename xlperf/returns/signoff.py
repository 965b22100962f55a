"""Reading who completed a return and who signed it off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from xlperf.findings import Finding, Location, finding
from xlperf.returns import layout
from xlperf.returns.cell_values import read_date, read_text, says_not_applicable
from xlperf.returns.counting import CellOutcomes, outcome_of
from xlperf.tables import Book, Cell, Row, Table

_MOST_LISTED = 5


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who completed a return, who signed it off and when (ISO date); "" for what is empty."""

    completed_by: str = ""
    signed_off_by: str = ""
    signed_off_on: str = ""


class SignOffReading(NamedTuple):
    """A sign-off as it was read, with a finding for everything that needs a person, and the outcome of each cell."""

    sign_off: SignOff
    findings: list[Finding]
    outcomes: CellOutcomes


def read_sign_off(book: Book, file: str, today: date) -> SignOffReading:
    """The answers of the sign-off table; of a duplicated line, the first that is filled in."""
    table = book.tables[layout.SIGN_OFF_TABLE]
    used: dict[str, Row] = {}
    for row in table.rows:
        item = row[layout.ITEM].raw.strip()
        if item in layout.SIGN_OFF_ITEMS and (item not in used or used[item][layout.ANSWER].is_blank):
            used[item] = row
    findings: list[Finding] = []
    answers: dict[str, str] = {}
    outcomes: CellOutcomes = {}
    for item in layout.SIGN_OFF_ITEMS:
        row_of_item = used.get(item)
        cell = row_of_item[layout.ANSWER] if row_of_item else None
        where = Location(file, table.sheet, cell.ref if cell else "")

        def report(code: str, message: str, where: Location = where, **parts: str) -> Finding:
            return finding(code, message, where, **parts)

        if cell is None or cell.is_blank or says_not_applicable(cell):
            fix = "Ask the owner who completed the return." if item == layout.COMPLETED_BY else ""
            findings.append(finding("A009", f"'{item}' is empty.", where, fix=fix))
            continue
        outcomes |= outcome_of("accepted", table.sheet, [cell])
        if item == layout.SIGNED_OFF_ON:
            day, about = read_date(cell, report, date_1904=book.date_1904)
            answers[item] = day.isoformat() if day else ""
            if day is not None and day > today:
                about = [*about, report("A012", f"'{item}' is {day}.", found=cell.raw)]
        else:
            answers[item], about = read_text(cell, report)
        findings += about
    unread = _unread(table, list(used.values()))
    findings += _not_read(table, file, unread)
    outcomes |= outcome_of("flagged", table.sheet, unread)
    return SignOffReading(SignOff(*(answers.get(item, "") for item in layout.SIGN_OFF_ITEMS)), findings, outcomes)


def _unread(table: Table, used: list[Row]) -> list[Cell]:
    """Filled cells in lines that were added or duplicated, and in columns that were added."""
    answers = {row[layout.ANSWER].ref for row in used}
    return [
        cell
        for row in table.rows
        for header, cell in row.cells.items()
        if header != layout.ITEM and not cell.is_blank and not (header == layout.ANSWER and cell.ref in answers)
    ]


def _not_read(table: Table, file: str, unread: list[Cell]) -> list[Finding]:
    listed = [
        finding("R039", f"'{cell.raw[:60]}' is not read.", Location(file, table.sheet, cell.ref), found=cell.raw[:60])
        for cell in unread[:_MOST_LISTED]
    ]
    if len(unread) > _MOST_LISTED:
        message = f"and {len(unread) - _MOST_LISTED} more answers are not read."
        listed.append(finding("R039", message, Location(file, table.sheet)))
    return listed
