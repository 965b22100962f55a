"""Import: figures kept before xlperf, as a run of their own, checked like a return."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from xlperf.errors import UsageError, WorkbookError
from xlperf.findings import Finding, Location, Severity, finding
from xlperf.ledger import Imported
from xlperf.returns import layout
from xlperf.returns.figure import Figure
from xlperf.returns.row import RowReader, key_of
from xlperf.tables import Row, Table
from xlperf.workbook.plain import read_plain
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


def import_history(workspace: Workspace, file: Path, *, now: datetime, by: str) -> ImportResult:
    """Take the figures of a CSV or xlsx file into the ledger, marked imported. A return always counts over them.

    Raises:
        UsageError: the file lacks a column that is needed.
        WorkbookError: the file cannot be read.
        XlperfError: catalogue or ledger cannot be used; nothing has been recorded.
    """
    catalogue, ledger = workspace.catalogue(), workspace.ledger()
    listed = read_plain(file)
    table = _renamed(listed, file.name)
    digest = hashlib.sha256(_bytes(file)).hexdigest()
    reader = RowReader(catalogue, file.name, table, is_history=True)
    figures: list[Figure] = []
    findings: list[Finding] = list(_unread(listed, file.name))
    refused = 0
    seen: dict[tuple[str, str, str], int] = {}
    for row in table.rows:
        key = key_of(row)
        found, about = _read(reader, row, key, seen, file.name)
        if found and catalogue.kpi_by_id[key[0]].period(key[2]).last_day > now.date():
            found, about = [], [finding("R025", f"{key[2]} has not ended yet.", _line(file.name, row, key))]
        seen.setdefault(key, row.number)
        figures += found
        findings += [item for item in about if item.severity is not Severity.NOTE]
        refused += not found
    # Rows once refused are taken when the catalogue has been put right, so the same file may have more to give.
    if any((known.sha256, known.figures) == (digest, tuple(figures)) for known in ledger.state().imports):
        return ImportResult(0, refused, tuple(findings), already=True)
    if figures:
        ledger.append("import", [Imported(digest, file.name, tuple(figures), tuple(findings))], at=now, by=by)
    return ImportResult(len(figures), refused, tuple(findings))


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
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
    figures, about = reader.read(row, key)
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
