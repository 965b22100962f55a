"""Reads what people typed into the register of actions in the master."""

from __future__ import annotations

from xlperf.ledger import State, TypedAction
from xlperf.report import layout
from xlperf.rules.actions.event import DUE, ORG, OWNER, PROGRESS, REF, STATUS, WHAT
from xlperf.rules.actions.register import status_of
from xlperf.workbook.port import WorkbookPort
from xlperf.workflow.master.typed_rows import Cells, Typed, TypedTable, read_rows


def read_actions(book: WorkbookPort, name: str, state: State, by: str) -> Typed:
    """What was typed into the register since the master was last written; see `typed_rows.read_rows`."""
    return read_rows(book, name, state, by, _REGISTER, state.typed_actions)


def _name(number: str, cells: Cells) -> str:
    return number or f"the action '{cells.get(WHAT, '')}'"


def _wrong(cell: str, text: str) -> str:
    if cell == STATUS and status_of(text)[0] is None:
        return f"'{text}' is no status: Open, Done, Dropped, or Replaced by and a number"
    return ""


_REGISTER = TypedTable(
    shown=layout.ACTIONS,
    written=layout.TYPED_ACTIONS,
    mark=layout.ACTION_ID,
    cells=layout.ACTION_CELLS,
    dates=(DUE,),
    # Nothing that was promised is taken back without a word.
    kept=(REF, ORG, WHAT, OWNER, DUE, PROGRESS, STATUS),
    code="D010",
    record=TypedAction,
    is_row=lambda cells: bool(cells[WHAT]),
    no_row="names no action, so it was not recorded.",
    unknown="is no action of the register, so its row was not recorded; leave the number blank.",
    if_cleared="to close an action, give it a status",
    name=_name,
    wrong=_wrong,
)
