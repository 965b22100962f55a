"""Reading a return back: the rows of its table as figures, with a finding for everything that needs a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from xlperf.catalogue import Catalogue, Kpi
from xlperf.errors import UsageError
from xlperf.findings import Finding, Location, Severity, finding
from xlperf.period import Period
from xlperf.returns import layout
from xlperf.returns.cells import read_date, read_text, says_not_applicable
from xlperf.returns.figure import Figure, Key
from xlperf.returns.row import RowReader, key_of
from xlperf.rules import checks
from xlperf.rules.rag import MILESTONES, Rag, limits, rate_one
from xlperf.tables import Book, Cell, CellKind, Row, Table


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who completed a return and who signed it off; "" where nobody did."""

    completed_by: str = ""
    signed_off_by: str = ""
    signed_off_on: str = ""


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
    findings: tuple[Finding, ...]


def read_return(
    book: Book,
    catalogue: Catalogue,
    asked: Sequence[Key],
    file: str,
    today: date,
) -> ReturnReading:
    """Type and check every row of a return whose identity has been established.

    Args:
        book: the tables of the return.
        catalogue: the present one; rows of KPIs it no longer has are reported and left.
        asked: the keys the return was issued with.
        file: the file's name, for findings.
        today: against which due dates are judged.
    """
    table = book.tables[layout.TABLE]
    wanted = [column.header for column in layout.READ_BACK if column not in layout.NOT_IN_TEMPLATE_1]
    missing = [header for header in wanted if header not in table.columns]
    if missing:
        message = f"the table has no column {', '.join(repr(name) for name in missing)}."
        gone = finding("R026", message, Location(file, table.sheet), found=", ".join(table.columns))
        gone = Finding(gone.code, Severity.REJECT_RETURN, gone.message, gone.location, gone.found, "", gone.fix)
        return ReturnReading((), (), tuple(asked), SignOff(), (gone,))
    reader = RowReader(catalogue, file, table, date_1904=book.date_1904)
    rows, findings = _matched(table, reader, asked)
    figures: list[Figure] = []
    refused: list[Key] = []
    blank: list[Key] = []
    for key, row in rows:
        found, about = reader.read(row, key)
        figures += found
        findings += [*about, *_restatements(found, row, reader)]
        if any(item.severity is Severity.REJECT_ROW for item in about):
            refused.append(key)
        elif found and found[-1].key == key:
            findings += _owed(catalogue, found[-1], row, reader, today)
        else:
            blank.append(key)
            findings.append(_nothing(reader, row, key))
    answered = {key for key, _ in rows}
    for key in asked:
        if key in answered or not reader.knows(key):
            continue
        if any(item.code == "R022" and item.location.about == key for item in findings):
            refused.append(key)
        else:
            blank.append(key)
            message = f"row {' '.join(key)} is not in the return."
            findings.append(finding("R021", message, Location(file, table.sheet, "", None, *key)))
    findings += [
        finding("R023", f"found '{cell.raw[:60]}'.", Location(file, table.sheet, cell.ref), found=cell.raw)
        for cell in table.stray
    ]
    sign_off, about = _sign_off(book, file)
    return ReturnReading(tuple(figures), tuple(refused), tuple(blank), sign_off, tuple(findings + about))


def _matched(table: Table, reader: RowReader, asked: Sequence[Key]) -> tuple[list[tuple[Key, Row]], list[Finding]]:
    """The rows by what they are about, wherever they stand; rows not issued, or twice, are findings."""
    wanted, by_key = set(asked), dict[Key, list[Row]]()
    findings: list[Finding] = []
    for row in table.rows:
        key = key_of(row)
        if key in wanted:
            by_key.setdefault(key, []).append(row)
        elif any(not cell.is_blank for header, cell in row.cells.items() if header in _INPUTS):
            message = f"row {row.number} ({' '.join(key).strip() or 'no Ref'}) was not issued."
            findings.append(finding("R020", message, reader.place(row, layout.REF, key), found=" ".join(key)))
    found = []
    for key in asked:
        rows = by_key.get(key, [])
        if rows and not reader.knows(key):
            message = f"{key[0]} for {key[1]} is not in the catalogue now."
            findings.append(finding("R025", message, reader.place(rows[0], layout.REF, key)))
        elif len(rows) == 1:
            found.append((key, rows[0]))
        elif rows:
            numbers = ", ".join(str(row.number) for row in rows)
            message = f"{' '.join(key)} stands in rows {numbers}."
            findings.append(finding("R022", message, reader.place(rows[0], layout.REF, key), found=numbers))
    return found, findings


_INPUTS = frozenset(column.header for column in layout.COLUMNS if column.role is layout.Role.INPUT)


def _nothing(reader: RowReader, row: Row, key: Key) -> Finding:
    where = reader.place(row, reader.main_column(key[0]), key)
    said = row[layout.COMMENTARY.header].raw.strip()  # with no figure to go with, it would be seen nowhere else
    message = f"no figure was given; the commentary says: {said}" if said else "no figure was given."
    return finding("R005", message, where, found=said, expected="a figure, or 'not applicable' with the reason")


_OWED = {
    checks.REASON: ("R014", layout.NOT_APPLICABLE_REASON),
    checks.COMMENTARY: ("A001", layout.COMMENTARY),
    checks.ACTION: ("A002", layout.ACTION),
    checks.ACTION_OWNER: ("A003", layout.ACTION_OWNER),
    checks.ACTION_DUE: ("A003", layout.ACTION_DUE),
    checks.REASON_RESTATED: ("A005", layout.RESTATED_REASON),
    checks.WHAT_CHANGED: ("A007", layout.WHAT_CHANGED),
    checks.VALIDATED: ("A008", layout.VALIDATED),
}


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
        restated=not row[layout.RESTATED.header].is_blank,
        reason_restated=_has_text(row[layout.RESTATED_REASON.header]),
        changed=figure.changed,
        what_changed=bool(figure.what_changed),
        validated=figure.validated,
    )
    for what in checks.still_needed(rag, answers, catalogue.rules):
        code, column = _OWED[what]
        yield finding(code, f"{rag}: {what} is missing.", reader.place(row, column, figure.key))
    if figure.changed:
        message = f"the owner says: {figure.what_changed or 'nothing about what changed'}."
        yield finding("A006", message, reader.place(row, layout.CHANGED, figure.key))
    if figure.action_due and date.fromisoformat(figure.action_due) < today:
        message = f"the action was due {figure.action_due}."
        yield finding("A004", message, reader.place(row, layout.ACTION_DUE, figure.key), found=figure.action_due)


def _restatements(figures: Sequence[Figure], row: Row, reader: RowReader) -> Iterator[Finding]:
    """A note of each earlier figure restated, which stands whatever becomes of the row's own figure."""
    for earlier in figures:
        if earlier.restated:
            message = f"{earlier.period} restated: {earlier.reason_restated or 'no reason given'}."
            yield finding("A010", message, reader.place(row, layout.RESTATED, earlier.key))


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


def _sign_off(book: Book, file: str) -> tuple[SignOff, list[Finding]]:
    table = book.tables[layout.SIGN_OFF_TABLE]
    cells = {row[layout.ITEM].raw.strip(): row[layout.ANSWER] for row in table.rows}
    findings: list[Finding] = []
    said: dict[str, str] = {}
    for item in layout.SIGN_OFF_ITEMS:
        cell = cells.get(item)
        where = Location(file, table.sheet, cell.ref if cell else "")

        def report(code: str, message: str, where: Location = where, **parts: str) -> Finding:
            return finding(code, message, where, **parts)

        if cell is None or cell.is_blank or says_not_applicable(cell):
            findings.append(finding("A009", f"'{item}' is empty.", where))
        elif item == layout.SIGNED_OFF_ON:
            day, about = read_date(cell, report, date_1904=book.date_1904)
            said[item] = day.isoformat() if day else ""
            findings += about
        else:
            said[item], about = read_text(cell, report)
            findings += about
    return SignOff(*(said.get(item, "") for item in layout.SIGN_OFF_ITEMS)), findings


def usable_period(catalogue: Catalogue, text: str) -> Period | None:
    """The reporting period a return says it is for; None if the calendar has no such period."""
    try:
        period = Period.parse(text, catalogue.calendar.frequency)
    except UsageError:
        return None
    return period if period in catalogue.entry_by_period else None
