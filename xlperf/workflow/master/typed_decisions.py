"""Reads what people typed about escalation into the master."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.ledger import Decision, State
from xlperf.report import layout
from xlperf.workbook.port import WorkbookPort
from xlperf.workflow.master.lineage import checked_last_run
from xlperf.workflow.master.typed_cells import Texts, TypedBeside, TypedSince, typed_since
from xlperf.workflow.master.typed_rows import Typed, table_of

_DECISIONS = TypedBeside(("Ref", "Org"), layout.TYPED_COLUMNS, layout.DECIDED_ON, no_result="D002")


def read_decisions(book: WorkbookPort, name: str, state: State, by: str) -> Typed:
    """The decisions typed into a master since it was last written, and not yet read from it; see `typed.read_typed`."""
    table_names = book.table_names()
    about, written, shown = (
        table_of(book, each, table_names) for each in (layout.ABOUT, layout.TYPED, layout.ESCALATION)
    )
    last = checked_last_run(about, state)

    def recorded(key: Texts) -> Iterator[Decision]:
        return (decision for run, decision in state.typed_decisions.get((key[0], key[1]), ()) if run > last)

    decisions = [_decision(each) for each in typed_since(_DECISIONS, written, shown, recorded, f"{name} ({by})")]
    return Typed(tuple(decisions), tuple(_DECISIONS.faults(shown)))


def _decision(typed: TypedSince) -> Decision:
    kpi_id, org = typed.key
    over, cells = ((stage, by, on, why) for stage, by, on, why in (typed.over, typed.cells))
    return Decision(kpi_id, org, *cells, over=over, book=typed.book)
