"""Reading a return: the rows of its table as figures, with a finding for everything that needs a person."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, islice

from xlperf.catalogue import Catalogue, Kpi
from xlperf.errors import UsageError
from xlperf.findings import Finding, Location, Severity, finding
from xlperf.findings.plain import plain
from xlperf.period import Period
from xlperf.returns import fields, layout
from xlperf.returns.cell_values import has_text
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
from xlperf.returns.fields import FIELDS
from xlperf.returns.figure import Figure, FigureKey
from xlperf.returns.matching import MOST_LISTED, match_rows, shortened
from xlperf.returns.rating import rate_figure
from xlperf.returns.row import RowReader
from xlperf.returns.rowreading import RowReading
from xlperf.returns.signoff import SignOff, read_sign_off
from xlperf.rules import answers_owed
from xlperf.rules.milestones import COMPLETE, MISSED, counts_as, missed_words
from xlperf.rules.rebases import is_comparable, is_rebased
from xlperf.tables import Book, Cell, Row, Table


@dataclass(frozen=True, slots=True)
class AsIssued:
    """A return as it was issued.

    `keys` are the keys of its rows. `locked` has the locked cells of each of them, which identify a row whose Ref was
    changed; () if that was not recorded. Fields newer than `template_version` are not expected. `commentary_for` has
    the colours with which each row asks for commentary, as `Amber,Red`; () if that was not recorded: then the catalogue
    says it.
    """

    keys: Sequence[FigureKey]
    locked: Sequence[Mapping[str, str]] = ()
    template_version: str = layout.TEMPLATE_VERSION
    commentary_for: Sequence[str] = ()

    @property
    def colours(self) -> Mapping[FigureKey, Sequence[str]]:
        """By key, the colours with which its row asks for commentary; none where that was not recorded."""
        return {key: colours.split(",") for key, colours in zip(self.keys, self.commentary_for, strict=False)}


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
    matched = match_rows(table, rows, issued.keys, issued.locked)
    shortage = cut_short(table, matched.missing, file)
    reading = _Reading(catalogue, issued.colours, rows, today, list(matched.refused), list(matched.missing))
    reading.findings += [*matched.findings, *shortage]
    for key, row in matched.rows:
        reading.add(rows.read(row, key))
    for key in () if shortage else matched.missing:
        message = f"row {' '.join(key)} is not in the return."
        reading.findings.append(finding("R021", message, Location(file, table.sheet, "", None, *key)))
    added = added_columns(table)
    sign_off = read_sign_off(book, file, today)
    if matched.rows and not (reading.figures or reading.refused or matched.missing):
        reading.findings.append(finding("A013", "the return holds no figure.", Location(file, table.sheet)))
    findings = (*reading.findings, *_not_read(table, added, file, is_cut_short=bool(shortage)), *sign_off.findings)
    beside = outcome_of("flagged", table.sheet, (*chain.from_iterable(added.values()), *table.stray))
    outcomes = gravest(matched.outcomes, reading.outcomes, beside, sign_off.outcomes)
    return ReturnReading(
        tuple(reading.figures),
        tuple(reading.refused),
        tuple(reading.blank),
        sign_off.sign_off,
        count(book, outcomes, findings),
        findings,
    )


@dataclass(slots=True)
class _Reading:
    """A return being read, row by row."""

    catalogue: Catalogue
    colours: Mapping[FigureKey, Sequence[str]]
    reader: RowReader
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
        self.findings += [*row.findings, *_restatements(row, self.reader)]
        if row.is_refused:
            self.refused.append(row.key)
        elif row.own_figure:
            self.findings += _owed(self.catalogue, row.own_figure, row.row, self.reader, self.colours.get(row.key))
            self.findings += _to_look_at(self.catalogue, row.own_figure, row.row, self.reader, self.today)
        else:
            self.blank.append(row.key)
            self.findings.append(_no_figure(self.reader, row.row, row.key))


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


def _no_figure(reader: RowReader, row: Row, key: FigureKey) -> Finding:
    """The finding about a row without a figure, which quotes its commentary, as that is shown nowhere else."""
    where = reader.place(row, reader.main_column(key[0]), key)
    commentary = row[fields.COMMENTARY.header].raw.strip()
    message = f"no figure was given; the commentary says: {commentary}" if commentary else "no figure was given."
    others = [header for header, cell in row.cells.items() if header in _ANSWERS and not cell.is_blank]
    if others:
        message = f"{message.rstrip('.')}; not taken without one: {', '.join(others)}."
    return finding("R005", message, where, found=commentary, expected="a figure, or 'not applicable' with the reason")


_ANSWERS = frozenset(
    column.header for column in layout.ANSWERS if column not in (fields.COMMENTARY, fields.VALIDATED)
) | {column.header for column in layout.FIGURES}
"""The fields that are not kept without a figure, except the commentary, which is quoted, and Data validated."""


_OWED = {column.needed_as: column for column in FIELDS if column.needed_as}


def _owed(
    catalogue: Catalogue, figure: Figure, row: Row, reader: RowReader, colours: Sequence[str] | None
) -> Iterator[Finding]:
    """Findings about what is still needed for an accepted figure; `colours` are those that it needs commentary with."""
    rag = rate_figure(catalogue.kpi_by_id[figure.kpi_id], figure)
    answers = answers_owed.Answers(
        reason_not_applicable=bool(figure.reason_not_applicable),
        commentary=bool(figure.commentary),
        action=bool(figure.action),
        action_owner=bool(figure.action_owner),
        action_due=bool(figure.action_due),
        restated=not row[fields.RESTATED.header].is_blank,
        reason_restated=has_text(row[fields.RESTATED_REASON.header]),
        changed=figure.changed,
        what_changed=bool(figure.what_changed),
        validated=figure.validated,
    )
    for item in answers_owed.still_needed(rag, answers, catalogue.rules, colours):
        owed = _OWED[item]
        yield finding(owed.missing, f"{rag}: {item} is missing.", reader.place(row, owed, figure.key))


def _to_look_at(catalogue: Catalogue, figure: Figure, row: Row, reader: RowReader, today: date) -> Iterator[Finding]:
    """Findings about what a person should look at in an accepted figure's row."""
    kpi = catalogue.kpi_by_id[figure.kpi_id]
    yield from _date_missed(kpi, figure, row, reader)
    if figure.changed:
        message = f"the owner says: {figure.what_changed or 'nothing about what changed'}."
        yield finding("A006", message, reader.place(row, fields.CHANGED, figure.key), fix=_rebase_offered(kpi, figure))
    if figure.action_due and date.fromisoformat(figure.action_due) < today:
        message = f"the action was due {figure.action_due}."
        yield finding("A004", message, reader.place(row, fields.ACTION_DUE, figure.key), found=figure.action_due)


_LONGEST_REASON = 200
"""Characters of what an owner says that a remedy quotes."""


def _rebase_offered(kpi: Kpi, figure: Figure) -> str:
    """What to paste into the catalogue about a change of definition, one way or the other; "" where it says it."""
    period = Period.parse(figure.period, kpi.frequency)
    if is_comparable(kpi, figure.org, period) or is_rebased(kpi, figure.org, period):
        return ""
    what = plain(figure.what_changed)[:_LONGEST_REASON] or "say what changed"
    org, reason = (json.dumps(text, ensure_ascii=False) for text in (figure.org, what))
    return (
        f"Trend and SPC begin anew with {period.short}. In the catalogue, give {kpi.id} the reason for that: "
        f"rebases: [{{on: {period.first_day}, orgs: [{org}], reason: {reason}}}]; or, if the figures before and after "
        f"can be compared after all: comparable: [{{from: {period}, orgs: [{org}], reason: {reason}}}]"
    )


def _restatements(row: RowReading, reader: RowReader) -> Iterator[Finding]:
    """A note about each restated earlier figure, which counts even if the row's own figure is refused."""
    for earlier in row.restatements:
        message = f"{earlier.period} restated: {earlier.reason_restated or 'no reason given'}."
        yield finding("A010", message, reader.place(row.row, fields.RESTATED, earlier.key))


def _date_missed(kpi: Kpi, figure: Figure, row: Row, reader: RowReader) -> Iterator[Finding]:
    """A finding about a milestone that is said not to be missed, though its date has come and it is not complete."""
    period = Period.parse(figure.period, kpi.frequency)
    target = kpi.target_for(period)
    if counts_as(figure.milestone, target, period.last_day) != figure.milestone:
        message = f"{missed_words(target)}, and at the end of {period.short} it was '{figure.milestone}'."
        where = reader.place(row, fields.MILESTONE, figure.key)
        yield finding(
            "R056",
            f"{fields.MILESTONE.header}: {message}",
            where,
            found=figure.milestone,
            expected=f"{COMPLETE}, {MISSED}",
        )


def usable_period(catalogue: Catalogue, text: str) -> Period | None:
    """The reporting period in a return's identity; None if the calendar does not have it."""
    try:
        period = Period.parse(text, catalogue.calendar.frequency)
    except UsageError:
        return None
    return period if period in catalogue.entry_by_period else None
