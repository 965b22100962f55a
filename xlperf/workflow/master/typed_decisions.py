"""Reads what people typed about escalation, in the master and in copies of it that are in the same folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlperf.errors import LedgerError, WorkbookError
from xlperf.findings import Finding, Location, finding
from xlperf.ledger import Decision, State
from xlperf.ledger.records import NO_DECISION, DecisionCells
from xlperf.report import layout
from xlperf.returns.cell_values import read_date
from xlperf.rules.keys import SeriesKey
from xlperf.tables import Cell, CellKind, Row, Table
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import WorkbookPort
from xlperf.workflow.master.growing import columns_of
from xlperf.workflow.master.lineage import checked_last_run
from xlperf.workflow.master.master_copies import copies_of_master
from xlperf.workflow.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed since a master was written: decisions new to the ledger, and what is wrong with others."""

    decisions: tuple[Decision, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_decisions(book: WorkbookPort | None, name: str, state: State, by: str) -> Typed:
    """The decisions typed into a master since it was last written, and not yet read from it.

    What was typed is compared with what the master was written with, not with the ledger. So an old master restored
    from a backup does not undo newer decisions, and clearing a cell is a decision too. If the master could not be
    written after the ledger last read it, it is compared with what the ledger read then.

    Args:
        book: the master; None where there is none yet.
        name: its file name, which with `by` tells one analyst's master from another's.
        state: what the ledger knows.
        by: who collates.

    Raises:
        LedgerError: the master was made from a run that the ledger does not have, or not any more.
        WorkbookError: the master cannot be read, or lacks a table or column.
    """
    if book is None:
        return Typed()
    table_names = book.table_names()
    about, written, shown = (
        _table(book, each, table_names) for each in (layout.ABOUT, layout.TYPED, layout.ESCALATION)
    )
    last = checked_last_run(about, state)
    base = {key: typed_cells for key, rows in _typed(written).items() for typed_cells in rows}
    decisions = []
    for key, rows in _typed(shown, base).items():
        over = base.get(key, NO_DECISION)
        since = [
            decision for run, decision in state.typed_decisions.get(key, ()) if run > last and decision.over == over
        ]
        changed = {typed_cells: number for typed_cells, number in rows.items() if typed_cells != over}
        for typed_cells, number in changed.items():
            # Rows about the same thing that say different things are two sides, of which a person chooses one.
            source = f"{name} ({by})" if typed_cells == next(iter(changed)) else f"{name} ({by}), row {number}"
            mine = [decision for decision in since if decision.book == source]
            recorded = {mine[-1].cells} if mine and len(changed) == 1 else {decision.cells for decision in since}
            if typed_cells not in recorded:
                decisions.append(Decision(*key, *typed_cells, over=over, book=source))
    return Typed(tuple(decisions), (*_homeless(shown), *_unreadable(shown)))


def read_copies(workspace: Workspace, state: State, by: str) -> Typed:
    """The decisions typed into copies of the master in the same folder.

    Such copies are the conflict copies of a syncing service, and pending copies that somebody typed into after all. A
    copy that cannot be read is a finding, and so is each decision taken from one. Raises WorkspaceError.
    """
    decisions: list[Decision] = []
    findings: list[Finding] = []
    for path in copies_of_master(workspace):
        try:
            typed = read_decisions(FileWorkbook.open(path), path.name, state, by)
        except (WorkbookError, LedgerError) as error:
            findings.append(finding("D005", f"{error}.", Location(path.name)))
            continue
        findings += typed.findings
        if typed.decisions:
            about = "; ".join(f"{d.kpi_id} {d.org}: '{d.stage}' by {d.by or 'nobody'}" for d in typed.decisions)
            findings.append(finding("D006", f"{about}.", Location(path.name)))
        decisions += typed.decisions
    return Typed(tuple(decisions), tuple(findings))


def _table(book: WorkbookPort, name: str, table_names: Sequence[str]) -> Table:
    columns_of(book, name, table_names)
    return book.read_table(name)


def _homeless(table: Table) -> Iterator[Finding]:
    """A finding for each decision typed in a row that does not say which KPI and org it is about."""
    for row in table.rows:
        typed = [row[header] for header in layout.TYPED_COLUMNS if not row[header].is_blank]
        if typed and (row["Ref"].is_blank or row["Org"].is_blank):
            texts = ", ".join(cell.raw for cell in typed)
            where = Location(sheet=table.sheet, cell=typed[0].ref)
            yield finding("D003", f"the row has no Ref or no Org, so '{texts}' was not recorded.", where, found=texts)

    letters = {table.letters[table.columns.index(header)] for header in layout.TYPED_COLUMNS} if table.letters else ()
    for cell in table.stray:
        if cell.ref.rstrip("0123456789") not in letters:
            continue  # below and beside the table stand notes of the team's own
        message = f"'{cell.raw}' stands below the table, so it was not recorded."
        yield finding("D003", message, Location(sheet=table.sheet, cell=cell.ref), found=cell.raw)


def _unreadable(table: Table) -> Iterator[Finding]:
    """A finding for each typed cell that shows an error or an uncalculated formula, and so says nothing."""
    for row in table.rows:
        for header in layout.TYPED_COLUMNS:
            if row[header].kind in _NO_TEXT:
                where = Location(sheet=table.sheet, cell=row[header].ref)
                yield finding("D002", f"{header} of {' '.join(_about(row))} is a formula without a result.", where)


_NO_TEXT = (CellKind.ERROR, CellKind.UNCALCULATED)


def _typed(
    table: Table, base: Mapping[SeriesKey, DecisionCells] | None = None
) -> dict[SeriesKey, dict[DecisionCells, int]]:
    """What is typed about each KPI and org, and in which row; for a cell that cannot be read, what `base` has."""
    typed: dict[SeriesKey, dict[DecisionCells, int]] = {}
    for row in table.rows:
        key, typed_cells = _about(row), _said(row)
        if base is not None and any(row[header].kind in _NO_TEXT for header in layout.TYPED_COLUMNS):
            typed_cells = base.get(key, NO_DECISION)
        if all(key):
            typed.setdefault(key, {}).setdefault(typed_cells, row.number)
    for rows in typed.values():
        if len(rows) > 1:  # a blank second row, as a sort or copy leaves it, clears nothing
            rows.pop(NO_DECISION, None)
    return typed


def _about(row: Row) -> SeriesKey:
    return (row["Ref"].raw.strip(), row["Org"].raw.strip())


def _said(row: Row) -> DecisionCells:
    stage, by, on, rationale = (_as_typed(row[header], header) for header in layout.TYPED_COLUMNS)
    return (stage, by, on, rationale)


def _as_typed(cell: Cell, header: str) -> str:
    if header == layout.DECIDED_ON:
        day, _ = read_date(cell, lambda code, message, **_: finding(code, message), date_1904=False)
        return day.isoformat() if day else cell.raw.strip()
    return cell.raw.strip()
