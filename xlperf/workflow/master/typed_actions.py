"""Reads what people typed into the register of actions in the master."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlperf.findings import Finding, Location, finding
from xlperf.ledger import State, TypedAction
from xlperf.report import layout
from xlperf.rules.actions.event import DUE, ORG, OWNER, PROGRESS, REF, STATUS, WHAT
from xlperf.rules.actions.register import status_of
from xlperf.rules.iso_day import day_of
from xlperf.tables import Row, Table
from xlperf.workbook.port import WorkbookPort
from xlperf.workflow.master.lineage import checked_last_run
from xlperf.workflow.master.typed_rows import NO_TEXT, Typed, rows_typed, stray_below, table_of

Cells = Mapping[str, str]
_KEPT = (REF, ORG, WHAT, OWNER, DUE, PROGRESS, STATUS)
"""What an action goes on having where its cell is cleared: nothing that was promised is taken back without a word."""


def read_actions(book: WorkbookPort, name: str, state: State, by: str) -> Typed:
    """What was typed into the register since the master was last written, and not yet read; see `typed.read_typed`.

    As with decisions, each row is compared with what the master was written with. A master of an earlier version has no
    register yet, and nothing was typed into it.
    """
    table_names = book.table_names()
    if {layout.ACTIONS, layout.TYPED_ACTIONS} - {each.casefold() for each in table_names}:
        return Typed()
    about, written, shown = (
        table_of(book, each, table_names) for each in (layout.ABOUT, layout.TYPED_ACTIONS, layout.ACTIONS)
    )
    last = checked_last_run(about, state)
    recorded = [typed for run, typed in state.typed_actions if run > last]
    records: list[TypedAction] = []
    findings: list[Finding] = []
    for typed_row in rows_typed(shown, written, layout.ACTION_CELLS, (DUE,), lambda row: (_id(row),)):
        row, cells, over = typed_row.row, typed_row.cells, typed_row.over
        number = _id(row)
        if over is None:
            findings += _not_an_action(shown, row, number, cells)
            if number or not cells[WHAT]:
                continue
            cells = {cell: text for cell, text in cells.items() if text}
        elif cells == over:
            continue
        findings += _not_taken(shown, row, cells, over)
        typed = TypedAction(number, cells, over, f"{name} ({by})")
        if not any(_is_same(typed, each) for each in (*recorded, *records)):
            records.append(typed)
    return Typed(tuple(records), (*findings, *stray_below(shown, layout.ACTION_CELLS.values())))


def _is_same(typed: TypedAction, recorded: TypedAction) -> bool:
    parts = (typed.action, typed.cells, typed.over, typed.book)
    return parts == (recorded.action, recorded.cells, recorded.over, recorded.book)


def _id(row: Row) -> str:
    return row[layout.ACTION_ID].raw.strip()


def _not_an_action(table: Table, row: Row, number: str, cells: Cells) -> Iterator[Finding]:
    """A finding where a row that was added is no action: without words, or with a number of its own."""
    texts = ", ".join(f"'{text}'" for text in cells.values() if text)
    if number:
        message = f"{number} is no action of the register, so its row was not recorded; leave the number blank."
        yield finding("D010", message, _where(table, row, layout.ACTION_ID), found=number)
    elif texts and not cells[WHAT]:
        message = f"a row that was added says {texts} and names no action, so it was not recorded."
        yield finding("D010", message, _where(table, row, layout.ACTION_CELLS[WHAT]))


def _not_taken(table: Table, row: Row, cells: Cells, over: Cells | None) -> Iterator[Finding]:
    """A finding for each cell that was typed and changes nothing; what the action had stays."""
    for cell, header in layout.ACTION_CELLS.items():
        text, before = cells.get(cell, ""), (over or {}).get(cell, "")
        why = ""
        if row[header].kind in NO_TEXT:
            why = "is a formula without a result"
        elif text == before:
            continue
        elif not text and cell in _KEPT:
            why = f"was cleared, and stays '{before}'; to close an action, give it a status"
        elif text and cell == DUE and day_of(text) is None:
            why = f"'{text}' is no date"
        elif text and cell == STATUS and status_of(text)[0] is None:
            why = f"'{text}' is no status: Open, Done, Dropped, or Replaced by and a number"
        if why:
            about = _id(row) or f"the action '{cells.get(WHAT, '')}'"
            yield finding("D010", f"{header} of {about} {why}.", _where(table, row, header), found=text)


def _where(table: Table, row: Row, header: str) -> Location:
    return Location(sheet=table.sheet, cell=table.address(row, header))
