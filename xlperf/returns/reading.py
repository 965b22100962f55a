"""Reading a return back: the rows of its table as figures, with a finding for everything that needs a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from xlperf.catalogue import Catalogue, Kpi
from xlperf.errors import UsageError
from xlperf.findings import Finding, Location, Severity, finding
from xlperf.period import Period
from xlperf.returns import fields, layout
from xlperf.returns.counting import INPUTS, Cells, Fates, added_columns, filled, unlisted, unread
from xlperf.returns.fields import FIELDS, Use
from xlperf.returns.figure import Figure, Key
from xlperf.returns.matching import MOST_LISTED, match_rows, shortened
from xlperf.returns.row import RowReader
from xlperf.returns.signoff import SignOff, read_sign_off
from xlperf.rules import checks
from xlperf.rules.rag import MILESTONES, Rag, limits, rate_one
from xlperf.tables import Book, Cell, CellKind, Row, Table


@dataclass(frozen=True, slots=True)
class AsIssued:
    """What has to be known of a return as it left.

    `asked` are its rows' keys. `locked` are the locked cells of each of them, by which a row whose Ref was changed is
    known; () where that was not recorded. A field newer than its `template_version` is not missed.
    """

    asked: Sequence[Key]
    locked: Sequence[Mapping[str, str]] = ()
    template_version: str = layout.TEMPLATE_VERSION


@dataclass(frozen=True, slots=True)
class ReturnReading:
    """What a return says.

    `figures` are the accepted ones, restatements of earlier periods included; `refused` and `blank` are the keys of
    rows issued whose figure was refused, or not given.
    """

    figures: tuple[Figure, ...]
    refused: tuple[Key, ...]
    blank: tuple[Key, ...]
    sign_off: SignOff
    cells: Cells
    findings: tuple[Finding, ...]


def read_return(
    book: Book,
    catalogue: Catalogue,
    issued: AsIssued,
    file: str,
    today: date,
) -> ReturnReading:
    """Type and check every row of a return whose identity has been established.

    Args:
        book: the tables of the return.
        catalogue: the present one; rows of KPIs it no longer has are reported and left.
        issued: how it left.
        file: the file's name, for findings.
        today: against which due dates are judged.
    """
    table = book.tables[layout.TABLE]
    wanted = layout.read_back_from(issued.template_version)
    missing = [column.header for column in wanted if column.header not in table.columns]
    if missing:
        message = f"the table has no column {', '.join(repr(name) for name in missing)}."
        gone = finding("R026", message, Location(file, table.sheet), found=shortened(", ".join(table.columns)))
        gone = replace(gone, severity=Severity.REJECT_RETURN)
        return ReturnReading((), (), tuple(issued.asked), SignOff(), unread(book), (gone,))
    fates = Fates()
    reader = RowReader(catalogue, file, table, date_1904=book.date_1904)
    matched = match_rows(table, reader, issued.asked, issued.locked, fates)
    findings = list(matched.findings)
    figures: list[Figure] = []
    refused, blank = list(matched.refused), list(matched.missing)
    for key, row in matched.rows:
        found, about, read = reader.read(row, key)
        figures += found
        findings += [*about, *_restatements(found, row, reader)]
        if any(item.severity is Severity.REJECT_ROW for item in about):
            refused.append(key)
            fates.refuse(table.sheet, _unless_restated(read, found))
        elif found and found[-1].key == key:
            findings += _owed(catalogue, found[-1], row, reader, today)
            fates.accept(table.sheet, filled(row, read.taken))
        else:
            blank.append(key)
            findings.append(_nothing(reader, read, key))
            fates.flag(table.sheet, _unless_restated(read, found))
        if any(figure.restated for figure in found):
            fates.accept(table.sheet, filled(row, _RESTATEMENT))
        fates.flag(table.sheet, filled(row, read.told))
    for key in matched.missing:
        message = f"row {' '.join(key)} is not in the return."
        findings.append(finding("R021", message, Location(file, table.sheet, "", None, *key)))
    findings += _not_read(table, file, fates)
    sign_off, about = read_sign_off(book, file, fates)
    findings += about
    return ReturnReading(
        tuple(figures), tuple(refused), tuple(blank), sign_off, fates.count(book, findings), tuple(findings)
    )


_RESTATEMENT = tuple(field.header for field in FIELDS if field.use is Use.RESTATEMENT)


def _unless_restated(row: Row, figures: Sequence[Figure]) -> list[Cell]:
    """The cells of a row without a figure; those of a restatement stand for themselves."""
    is_restated = any(figure.restated for figure in figures)
    return filled(row, INPUTS.difference(_RESTATEMENT) if is_restated else INPUTS)


def _not_read(table: Table, file: str, fates: Fates) -> Iterator[Finding]:
    """Columns that somebody added, and what stands outside the table."""
    columns = added_columns(table)
    for index, (header, cells) in enumerate(columns.items()):
        fates.flag(table.sheet, cells)
        if index < MOST_LISTED:
            message = f"'{shortened(header)}' is not read; it has {len(cells)} filled cells."
            yield finding("R036", message, Location(file, table.sheet, cells[0].ref), found=shortened(cells[0].raw))
    if len(columns) > MOST_LISTED:
        message = f"and {len(columns) - MOST_LISTED} more columns are not read."
        yield finding("R036", message, Location(file, table.sheet))
    fates.flag(table.sheet, table.stray)
    for cell in table.stray:
        yield finding("R023", f"found '{cell.raw[:60]}'.", Location(file, table.sheet, cell.ref), found=cell.raw[:200])
    more = unlisted(table)
    if more:
        fates.flag_unlisted(more)
        yield finding("R023", f"and {more} more.", Location(file, table.sheet))


def _nothing(reader: RowReader, row: Row, key: Key) -> Finding:
    """With no figure to go with, what else stands in the row would be seen nowhere; so it is said here."""
    where = reader.place(row, reader.main_column(key[0]), key)
    said = row[fields.COMMENTARY.header].raw.strip()
    message = f"no figure was given; the commentary says: {said}" if said else "no figure was given."
    others = [header for header, cell in row.cells.items() if header in _ANSWERS and not cell.is_blank]
    if others:
        message = f"{message.rstrip('.')}; not taken without one: {', '.join(others)}."
    return finding("R005", message, where, found=said, expected="a figure, or 'not applicable' with the reason")


_ANSWERS = frozenset(field.header for field in layout.ANSWERS if field not in (fields.COMMENTARY, fields.VALIDATED)) | {
    field.header for field in layout.FIGURES
}
"""What goes with a figure and is lost without one; that the data were validated says nothing then."""


_OWED = {field.needed_as: field for field in FIELDS if field.needed_as}


def _owed(catalogue: Catalogue, figure: Figure, row: Row, reader: RowReader, today: date) -> Iterator[Finding]:
    """What the owner still owes for an accepted figure, and what somebody should look at."""
    kpi = catalogue.kpi_by_id[figure.kpi_id]
    rag = rate_figure(kpi, figure)
    answers = checks.Answers(
        reason_not_applicable=bool(figure.reason_not_applicable),
        commentary=bool(figure.commentary),
        action=bool(figure.action),
        action_owner=bool(figure.action_owner),
        action_due=bool(figure.action_due),
        restated=not row[fields.RESTATED.header].is_blank,
        reason_restated=_has_text(row[fields.RESTATED_REASON.header]),
        changed=figure.changed,
        what_changed=bool(figure.what_changed),
        validated=figure.validated,
    )
    for what in checks.still_needed(rag, answers, catalogue.rules):
        owed = _OWED[what]
        yield finding(owed.missing, f"{rag}: {what} is missing.", reader.place(row, owed, figure.key))
    if figure.changed:
        message = f"the owner says: {figure.what_changed or 'nothing about what changed'}."
        yield finding("A006", message, reader.place(row, fields.CHANGED, figure.key))
    if figure.action_due and date.fromisoformat(figure.action_due) < today:
        message = f"the action was due {figure.action_due}."
        yield finding("A004", message, reader.place(row, fields.ACTION_DUE, figure.key), found=figure.action_due)


def _restatements(figures: Sequence[Figure], row: Row, reader: RowReader) -> Iterator[Finding]:
    """A note of each earlier figure restated, which stands whatever becomes of the row's own figure."""
    for earlier in figures:
        if earlier.restated:
            message = f"{earlier.period} restated: {earlier.reason_restated or 'no reason given'}."
            yield finding("A010", message, reader.place(row, fields.RESTATED, earlier.key))


def _has_text(cell: Cell) -> bool:
    return not cell.is_blank and cell.kind not in (CellKind.ERROR, CellKind.UNCALCULATED)


def rate_figure(kpi: Kpi, figure: Figure) -> Rag:
    """The RAG of one figure against the target of its period."""
    if figure.not_applicable:
        return Rag.NOT_APPLICABLE
    if figure.milestone:
        return MILESTONES[figure.milestone]
    if figure.actual is None:
        return Rag.NOT_RETURNED
    return rate_one(figure.actual, limits(kpi.target_for(Period.parse(figure.period, kpi.frequency)), kpi.direction))


def usable_period(catalogue: Catalogue, text: str) -> Period | None:
    """The reporting period a return says it is for; None if the calendar has no such period."""
    try:
        period = Period.parse(text, catalogue.calendar.frequency)
    except UsageError:
        return None
    return period if period in catalogue.entry_by_period else None
