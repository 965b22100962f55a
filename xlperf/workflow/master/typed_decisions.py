"""Reads what people typed about escalation into the master."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlperf.findings import Finding, Location, finding
from xlperf.ledger import Decision, State
from xlperf.ledger.records import NO_DECISION, DecisionCells
from xlperf.report import layout
from xlperf.rules.keys import SeriesKey
from xlperf.tables import Row, Table
from xlperf.workbook.port import WorkbookPort
from xlperf.workflow.master.lineage import checked_last_run
from xlperf.workflow.master.typed_rows import NO_TEXT, Typed, as_typed, stray_below, table_of


def read_decisions(book: WorkbookPort, name: str, state: State, by: str) -> Typed:
    """The decisions typed into a master since it was last written, and not yet read from it; see `typed.read_typed`.

    What was typed is compared with what the master was written with, not with the ledger. So an old master restored
    from a backup does not undo newer decisions, and clearing a cell is a decision too. If the master could not be
    written after the ledger last read it, it is compared with what the ledger read then.
    """
    table_names = book.table_names()
    about, written, shown = (
        table_of(book, each, table_names) for each in (layout.ABOUT, layout.TYPED, layout.ESCALATION)
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


def _homeless(table: Table) -> Iterator[Finding]:
    """A finding for each decision typed in a row that does not say which KPI and org it is about."""
    for row in table.rows:
        typed = [row[header] for header in layout.TYPED_COLUMNS if not row[header].is_blank]
        if typed and (row["Ref"].is_blank or row["Org"].is_blank):
            texts = ", ".join(cell.raw for cell in typed)
            where = Location(sheet=table.sheet, cell=typed[0].ref)
            yield finding("D003", f"the row has no Ref or no Org, so '{texts}' was not recorded.", where, found=texts)

    yield from stray_below(table, layout.TYPED_COLUMNS)


def _unreadable(table: Table) -> Iterator[Finding]:
    """A finding for each typed cell that shows an error or an uncalculated formula, and so says nothing."""
    for row in table.rows:
        for header in layout.TYPED_COLUMNS:
            if row[header].kind in NO_TEXT:
                where = Location(sheet=table.sheet, cell=row[header].ref)
                yield finding("D002", f"{header} of {' '.join(_about(row))} is a formula without a result.", where)


def _typed(
    table: Table, base: Mapping[SeriesKey, DecisionCells] | None = None
) -> dict[SeriesKey, dict[DecisionCells, int]]:
    """What is typed about each KPI and org, and in which row; for a cell that cannot be read, what `base` has."""
    typed: dict[SeriesKey, dict[DecisionCells, int]] = {}
    for row in table.rows:
        key, typed_cells = _about(row), _said(row)
        if base is not None and any(row[header].kind in NO_TEXT for header in layout.TYPED_COLUMNS):
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
    stage, by, on, rationale = (
        as_typed(row[header], is_date=header == layout.DECIDED_ON) for header in layout.TYPED_COLUMNS
    )
    return (stage, by, on, rationale)
