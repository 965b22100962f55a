"""The rows of a return's sheet Recovery, read when it comes back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from xlperf.catalogue import Catalogue, Kpi
from xlperf.findings import Finding, Location, finding
from xlperf.returns import fields
from xlperf.returns import promise_fields as columns
from xlperf.returns.cell_values import Report, read_text
from xlperf.returns.counting import CellOutcomes, gravest, outcome_of
from xlperf.returns.figure import FigureKey
from xlperf.returns.matching import shortlisted
from xlperf.returns.promise_cells import read_promise
from xlperf.returns.returned_promise import ReturnedPromise
from xlperf.returns.row import key_of
from xlperf.tables import Book, Row, Table


@dataclass(frozen=True, slots=True)
class PromiseReading:
    """What was read of the sheet Recovery, with a finding for what needs a person and the outcome of each cell."""

    promises: tuple[ReturnedPromise, ...] = ()
    findings: tuple[Finding, ...] = ()
    outcomes: CellOutcomes = field(default_factory=dict)


def read_promises(book: Book, asked: Iterable[FigureKey], catalogue: Catalogue, file: str) -> PromiseReading:
    """The figures that an owner promises for the periods that the return asked for; for no others."""
    table = book.tables.get(columns.TABLE)
    if table is None:
        return PromiseReading()
    still_asked = {key for key in asked if key[0] in catalogue.kpi_by_id}
    promises: list[ReturnedPromise] = []
    seen: set[FigureKey] = set()
    findings: list[Finding] = []
    others: list[Finding] = []
    outcomes: CellOutcomes = {}
    for row in table.rows:
        filled = [row[each.header] for each in columns.FIELDS if not row[each.header].is_blank]
        key = key_of(row)
        if not filled:
            continue
        if key not in still_asked or key in seen:
            why = "has a second row" if key in seen else "was not asked for in this return"
            others.append(_report(table, row, fields.REF.header, file, key)("A015", f"it {why}."))
            outcomes |= outcome_of("flagged", table.sheet, filled)
            continue
        promise, about = _read_row(table, row, key, catalogue.kpi_by_id[key[0]], file)
        seen.add(key)
        findings += about
        if promise is not None:
            promises.append(promise)
        taken = outcome_of("flagged" if promise is None else "accepted", table.sheet, filled)
        outcomes = gravest(outcomes, taken)
    findings += shortlisted("A015", others, Location(file, table.sheet))
    return PromiseReading(tuple(promises), tuple(findings), outcomes)


def _read_row(
    table: Table, row: Row, key: FigureKey, kpi: Kpi, file: str
) -> tuple[ReturnedPromise | None, list[Finding]]:
    """What is promised in a row; None where it has no figure that can be taken."""
    about_figure, about_why = (_report(table, row, each.header, file, key) for each in columns.FIELDS)
    reason, notes = read_text(row[columns.WHY.header], about_why)
    cell = row[columns.FIGURE_NOW.header]
    figure, findings = read_promise(cell, kpi, about_figure)
    if figure is None:
        told = "; ".join(item.message.rstrip(".") for item in findings)
        message = f"{told}, so it was not taken." if told else "it says why, and no figure is promised."
        return None, [finding("A015", message, findings[0].location if findings else _where(table, row, file, key))]
    return ReturnedPromise(*key, figure, reason), [*findings, *notes]


def _report(table: Table, row: Row, header: str, file: str, key: FigureKey) -> Report:
    where = Location(file, table.sheet, table.address(row, header), None, *key)

    def make(code: str, message: str, **parts: str) -> Finding:
        return finding(code, f"{header}: {message}", where, **parts)

    return make


def _where(table: Table, row: Row, file: str, key: FigureKey) -> Location:
    return Location(file, table.sheet, table.address(row, columns.WHY.header), None, *key)
