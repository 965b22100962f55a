"""Import: figures kept before xlperf, as a run of their own, checked like a return."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from xlperf.catalogue import Catalogue
from xlperf.errors import UsageError, WorkbookError
from xlperf.findings import Finding, Location, Severity, finding
from xlperf.ledger import Imported
from xlperf.returns import layout
from xlperf.returns.figure import Figure
from xlperf.returns.row import RowReader, key_of
from xlperf.tables import Row, Table
from xlperf.workbook.plain import plain_table
from xlperf.workflow.lock import WAIT, Tell, locked, say_nothing
from xlperf.workflow.madefrom import must_be_all
from xlperf.workflow.unfinished import finish
from xlperf.workflow.workspace import Workspace

COLUMNS = {
    "kpi": layout.REF,
    "org": layout.ORG,
    "period": layout.PERIOD,
    "actual": layout.ACTUAL,
    "numerator": layout.NUMERATOR,
    "denominator": layout.DENOMINATOR,
    "milestone": layout.MILESTONE,
    "not applicable": layout.NOT_APPLICABLE,
    "reason not applicable": layout.NOT_APPLICABLE_REASON,
    "commentary": layout.COMMENTARY,
    "provisional": layout.PROVISIONAL,
}
"""The columns a history file may have, in any order and in any capitals. The first three it must have."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did. `refused` counts the rows not taken; each is among the findings.

    `already` means that all of it had been taken before, and nothing was recorded.
    """

    taken: int
    refused: int
    findings: tuple[Finding, ...]
    already: bool = False


def import_history(
    workspace: Workspace, file: Path, *, now: datetime, by: str, wait: float = WAIT, tell: Tell = say_nothing
) -> ImportResult:
    """Take the figures of a CSV or xlsx file into the ledger, marked imported. A return always counts over them.

    `wait` and `tell` are as in `lock.locked`.

    Raises:
        UsageError: the file lacks a column that is needed.
        WorkbookError: the file cannot be read.
        XlperfError: catalogue or ledger cannot be used, or another is at work; nothing has been recorded.
    """
    catalogue = workspace.catalogue()
    data = _bytes(file)
    digest = hashlib.sha256(data).hexdigest()
    said = read_history(data, file, catalogue, now.date())
    with locked(workspace, "importing", by=by, now=now, wait=wait, tell=tell):
        ledger = workspace.ledger()
        state = ledger.state()
        must_be_all(workspace, state)
        finish(workspace, state)
        # Rows once refused are taken when the catalogue has been put right, so the same file may have more to give.
        if any((known.sha256, known.figures) == (digest, said.figures) for known in state.imports):
            return ImportResult(0, said.refused, said.findings, already=True)
        if said.figures:
            ledger.keep(data, file.suffix.lower())
            ledger.keep(catalogue.canonical, ".json")
            taken = Imported(digest, file.name, said.figures, said.findings, catalogue=catalogue.sha256)
            ledger.append("import", [taken], at=now, by=by)
    return ImportResult(len(said.figures), said.refused, said.findings)


@dataclass(frozen=True, slots=True)
class History:
    """What a file of history says: its figures, what is wrong with it, and how many rows are not taken."""

    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]
    refused: int


def read_history(data: bytes, file: Path, catalogue: Catalogue, today: date) -> History:
    """What the bytes of a file called `file` say to a catalogue; periods that end after `today` are refused.

    Raises UsageError, WorkbookError as `import_history`.
    """
    listed = plain_table(data, file)
    table = _renamed(listed, file.name)
    reader = RowReader(catalogue, file.name, table, is_history=True)
    figures: list[Figure] = []
    findings: list[Finding] = list(_unread(listed, file.name))
    refused = 0
    seen: dict[tuple[str, str, str], int] = {}
    for row in table.rows:
        key = key_of(row)
        found, about = _read(reader, row, key, seen, file.name)
        if found and catalogue.kpi_by_id[key[0]].period(key[2]).last_day > today:
            found, about = [], [finding("R025", f"{key[2]} has not ended yet.", _line(file.name, row, key))]
        seen.setdefault(key, row.number)
        figures += found
        findings += [item for item in about if item.severity is not Severity.NOTE]
        refused += not found
    return History(tuple(figures), tuple(findings), refused)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise WorkbookError(f"there is no file {file}") from None
    except OSError as error:
        raise WorkbookError(f"{file}: cannot be read ({error})") from error


def _read(
    reader: RowReader, row: Row, key: tuple[str, str, str], seen: dict[tuple[str, str, str], int], file: str
) -> tuple[list[Figure], list[Finding]]:
    where = _line(file, row, key)
    if not reader.knows(key):
        return [], [finding("R025", f"the catalogue has no {' '.join(key)}, or not in that period.", where)]
    if key in seen:
        return [], [finding("R022", f"{' '.join(key)} stands in lines {seen[key]} and {row.number}.", where)]
    figures, about, _ = reader.read(row, key)
    about = [replace(item, location=replace(item.location, line=row.number, sheet="", cell="")) for item in about]
    if any(item.severity is Severity.REJECT_ROW for item in about):
        return [], about
    if not figures:
        return [], [*about, finding("R005", "no figure was given.", where)]
    return list(figures), about


def _line(file: str, row: Row, key: tuple[str, str, str]) -> Location:
    return Location(file, "", "", row.number, *key)


def _unread(table: Table, file: str) -> Iterator[Finding]:
    """A finding for each column that an import does not know."""
    for header in table.columns:
        if header.casefold() not in COLUMNS:
            yield finding("R033", f"'{header}' is not read.", Location(file), expected=", ".join(COLUMNS))


def _renamed(table: Table, file: str) -> Table:
    """The table with the headers of a return."""
    names = {
        header: COLUMNS[header.strip().casefold()].header
        for header in table.columns
        if header.strip().casefold() in COLUMNS
    }
    missing = [name for name in ("kpi", "org", "period") if COLUMNS[name].header not in names.values()]
    if missing:
        raise UsageError(f"{file}: has no column {', '.join(missing)}; it may have {', '.join(COLUMNS)}")
    rows = tuple(Row(row.number, {names[h]: cell for h, cell in row.cells.items() if h in names}) for row in table.rows)
    return Table(table.name, table.sheet, tuple(names.values()), rows)
