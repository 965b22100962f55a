"""Reading a return: the rows of its table as figures, with a finding for everything that needs a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, islice, zip_longest

from xlperf.catalogue import Catalogue
from xlperf.errors import UsageError
from xlperf.findings import Finding, Location, Severity, finding
from xlperf.period import Period
from xlperf.returns import layout
from xlperf.returns.action_rows import read_actions
from xlperf.returns.counting import (
    CellCounts,
    CellOutcomes,
    added_columns,
    all_unread,
    count,
    gravest,
    outcome_of,
    unlisted,
)
from xlperf.returns.cutshort import cut_short
from xlperf.returns.figure import Figure, FigureKey, SaidLast
from xlperf.returns.matching import MOST_LISTED, match_rows, shortened
from xlperf.returns.promise_rows import read_promises
from xlperf.returns.returned_action import IssuedAction, ReturnedAction
from xlperf.returns.returned_promise import ReturnedPromise
from xlperf.returns.row import RowReader
from xlperf.returns.row_findings import no_figure, owed, restatements, to_look_at
from xlperf.returns.rowreading import RowReading
from xlperf.returns.signoff import SignOff, read_sign_off
from xlperf.returns.typed_row import RowAsIssued
from xlperf.tables import Book, Cell, Table


@dataclass(frozen=True, slots=True)
class AsIssued:
    """A return as it was issued.

    `keys` are the keys of its rows. `locked` has the locked cells of each of them, which identify a row whose Ref was
    changed; () if that was not recorded. Fields newer than `template_version` are not expected. `commentary_for` has
    the colours with which each row asks for commentary, as `Amber,Red`; () if that was not recorded: then the catalogue
    says it. `last_words` and `due`: see `RowAsIssued`; () and "" if they were not recorded. `actions` are those on
    its sheet Actions. `action_for` is to actions what `commentary_for` is to commentary. `promises` are the periods for
    which its sheet Recovery asks for a figure.
    """

    keys: Sequence[FigureKey]
    locked: Sequence[Mapping[str, str]] = ()
    template_version: str = layout.TEMPLATE_VERSION
    commentary_for: Sequence[str] = ()
    last_words: Sequence[SaidLast] = ()
    due: str = ""
    actions: Sequence[IssuedAction] = ()
    action_for: Sequence[str] = ()
    promises: Sequence[FigureKey] = ()

    @property
    def rows(self) -> Mapping[FigureKey, RowAsIssued]:
        """What was settled about each row, by its key."""
        rows = len(self.keys)
        commentary, actions = (
            [each.split(",") for each in asked[:rows]] for asked in (self.commentary_for, self.action_for)
        )
        issued = zip_longest(self.keys, commentary, self.last_words[:rows], actions)
        return {key: RowAsIssued(asks, words, self.due, acts) for key, asks, words, acts in issued}


@dataclass(frozen=True, slots=True)
class ReturnReading:
    """The contents of a return.

    `figures` are the accepted figures, including restated ones of earlier periods; `refused` and `blank` are the keys
    of issued rows whose figure was refused or left blank.
    """

    figures: tuple[Figure, ...]
    refused: tuple[FigureKey, ...]
    blank: tuple[FigureKey, ...]
    sign_off: SignOff
    cells: CellCounts
    findings: tuple[Finding, ...]
    actions: tuple[ReturnedAction, ...] = ()
    promises: tuple[ReturnedPromise, ...] = ()


def read_return(
    book: Book,
    catalogue: Catalogue,
    issued: AsIssued,
    file: str,
    today: date,
) -> ReturnReading:
    """Read and check every row of a return whose identity has been established.

    Args:
        book: the tables of the return.
        catalogue: the present one; rows of KPIs that it no longer has are findings and are not read.
        issued: the return as it was issued.
        file: the file's name, for findings.
        today: for actions that are overdue.
    """
    table = book.tables[layout.TABLE]
    columns = layout.read_back_from(issued.template_version)
    missing = [column.header for column in columns if column.header not in table.columns]
    if missing:
        message = f"the table has no column {', '.join(repr(name) for name in missing)}."
        refusal = finding("R026", message, Location(file, table.sheet), found=shortened(", ".join(table.columns)))
        refusal = replace(refusal, severity=Severity.REJECT_RETURN)
        return ReturnReading((), (), tuple(issued.keys), SignOff(), all_unread(book), (refusal,))
    rows = RowReader(catalogue, file, table, date_1904=book.date_1904)
    matched, as_issued = match_rows(table, rows, issued.keys, issued.locked), issued.rows
    shortage = cut_short(table, matched.missing, file)
    reading = _Reading(catalogue, today, list(matched.refused), list(matched.missing))
    reading.findings += [*matched.findings, *shortage]
    for key, row in matched.rows:
        reading.add(rows.read(row, key, as_issued[key]))
    for key in () if shortage else matched.missing:
        message = f"row {' '.join(key)} is not in the return."
        reading.findings.append(finding("R021", message, Location(file, table.sheet, "", None, *key)))
    added = added_columns(table)
    sign_off = read_sign_off(book, file, today)
    if matched.rows and not (reading.figures or reading.refused or matched.missing):
        reading.findings.append(finding("A013", "the return holds no figure.", Location(file, table.sheet)))
    actions, promises = read_actions(book, issued.actions, file), read_promises(book, issued.promises, catalogue, file)
    beside_rows = _not_read(table, added, file, is_cut_short=bool(shortage))
    findings = (*reading.findings, *beside_rows, *sign_off.findings, *actions.findings, *promises.findings)
    beside = outcome_of("flagged", table.sheet, (*chain.from_iterable(added.values()), *table.stray))
    sheets = (sign_off.outcomes, actions.outcomes, promises.outcomes)
    outcomes = gravest(matched.outcomes, reading.outcomes, beside, *sheets)
    return ReturnReading(
        tuple(reading.figures),
        tuple(reading.refused),
        tuple(reading.blank),
        sign_off.sign_off,
        count(book, outcomes, findings),
        findings,
        actions.actions,
        promises.promises,
    )


@dataclass(slots=True)
class _Reading:
    """A return being read, row by row."""

    catalogue: Catalogue
    today: date
    refused: list[FigureKey]
    blank: list[FigureKey]
    figures: list[Figure] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    outcomes: CellOutcomes = field(default_factory=dict)

    def add(self, row: RowReading) -> None:
        """Add what was read in one row, and what a person should know of it."""
        self.figures += row.figures
        self.outcomes |= row.outcomes
        self.findings += [*row.findings, *restatements(row)]
        if row.is_refused:
            self.refused.append(row.key)
        elif row.own_figure:
            self.findings += owed(self.catalogue.rules, row, row.own_figure)
            self.findings += to_look_at(row, row.own_figure, self.today)
        else:
            self.blank.append(row.key)
            self.findings.append(no_figure(row.typed))


def _not_read(
    table: Table, columns: Mapping[str, Sequence[Cell]], file: str, *, is_cut_short: bool
) -> Iterator[Finding]:
    """Findings about added columns, and about cells outside the table, unless one finding is about them all."""
    for header, cells in islice(columns.items(), MOST_LISTED):
        message = f"'{shortened(header)}' is not read; it has {len(cells)} filled cells."
        yield finding("R036", message, Location(file, table.sheet, cells[0].ref), found=shortened(cells[0].raw))
    if len(columns) > MOST_LISTED:
        message = f"and {len(columns) - MOST_LISTED} more columns are not read."
        yield finding("R036", message, Location(file, table.sheet))
    if is_cut_short:
        return
    for cell in table.stray:
        yield finding("R023", f"found '{cell.raw[:60]}'.", Location(file, table.sheet, cell.ref), found=cell.raw[:200])
    more = unlisted(table)
    if more:
        yield finding("R023", f"and {more} more.", Location(file, table.sheet))


def usable_period(catalogue: Catalogue, text: str) -> Period | None:
    """The reporting period in a return's identity; None if the calendar does not have it."""
    try:
        period = Period.parse(text, catalogue.calendar.frequency)
    except UsageError:
        return None
    return period if period in catalogue.entry_by_period else None
