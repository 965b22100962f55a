"""Reads what people typed into the log of cases in the master."""

from __future__ import annotations

from xlperf.ledger import State, TypedEntry
from xlperf.report import layout
from xlperf.rules.cases.entry import KIND, ON, REF, WHAT, WHO, EntryKind, kind_of
from xlperf.rules.cases.log import KEPT
from xlperf.workbook.port import WorkbookPort
from xlperf.workflow.master.typed_rows import Cells, Typed, TypedTable, read_rows


def read_entries(book: WorkbookPort, name: str, state: State, by: str) -> Typed:
    """What was typed into the log of cases since the master was last written; see `typed_rows.read_rows`."""
    return read_rows(book, name, state, by, _LOG, state.typed_entries)


def _is_row(cells: Cells) -> bool:
    return bool(cells[REF] and (cells[KIND] or cells[WHAT] or cells[WHO]))


def _name(mark: str, cells: Cells) -> str:
    words = cells.get(WHAT) or cells.get(WHO) or mark
    return f"the entry '{words}'"


def _wrong(cell: str, text: str) -> str:
    if cell == KIND and kind_of(text) is None:
        return f"'{text}' is no kind of entry: {', '.join(EntryKind)}"
    return ""


_LOG = TypedTable(
    shown=layout.CASES,
    written=layout.TYPED_CASES,
    mark=layout.ENTRY,
    cells=layout.CASE_CELLS,
    dates=(ON,),
    kept=KEPT,
    code="D017",
    record=TypedEntry,
    is_row=_is_row,
    no_row="does not say which case it is about and what it is, so it was not recorded.",
    unknown="is no entry of the log, so its row was not recorded; leave that cell blank.",
    if_cleared="correct it, or make its kind Withdrawn",
    name=_name,
    wrong=_wrong,
)
