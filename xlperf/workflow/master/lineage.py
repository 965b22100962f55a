"""Which run of the ledger the master was made from. It shows whether a ledger is empty or has disappeared."""

from __future__ import annotations

import re

from xlperf.errors import LedgerError
from xlperf.ledger import State
from xlperf.report import layout
from xlperf.tables import Table
from xlperf.workbook.reader import OF_OUR_OWN, read_tables
from xlperf.workflow.workspace import Workspace

# As `refresh` writes it; change both together.
_LAST_RUN = re.compile(r"the last (\d{8}T\S+)")


def checked_last_run(about: Table, state: State) -> str:
    """The run the master was last made from, by its About table, or "". Raises LedgerError if the ledger lacks it."""
    ledger_item = next((row["Value"].raw for row in about.rows if row["Item"].raw == layout.LEDGER), "")
    last = _LAST_RUN.search(ledger_item)
    if last and last[1] not in state.runs and last[1] not in state.given_up:
        raise LedgerError(
            f"the master was made from run {last[1]}, which the ledger does not have; is the share connected, and has "
            "it finished syncing? To go on with the ledger as it is, move the master away and try again"
        )
    return last[1] if last else ""


def ledger_must_have_masters_run(workspace: Workspace, state: State) -> None:
    """Refuse a ledger that lacks the run the master was made from.

    With it, every owner would seem not to have returned, and new returns would reuse serials. If the master is absent
    or unreadable, nothing is checked.

    Raises:
        LedgerError: the run is lacking.
    """
    try:
        data = workspace.master.read_bytes()
    except OSError:
        return
    book, _ = read_tables(data, (layout.ABOUT,), limits=OF_OUR_OWN)
    if book is not None:
        checked_last_run(book.tables[layout.ABOUT], state)
