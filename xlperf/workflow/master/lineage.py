"""Which run of the ledger the master was made from: what tells a ledger that has gone from an empty one."""

from __future__ import annotations

import re
from contextlib import suppress

from xlperf.errors import LedgerError, WorkbookError
from xlperf.ledger import State
from xlperf.report import layout
from xlperf.tables import Table
from xlperf.workflow.master.door import MasterFile
from xlperf.workflow.master.growing import columns_of
from xlperf.workflow.master.refresh import LEDGER
from xlperf.workflow.workspace import Workspace

_LAST_RUN = re.compile(r"the last (\d{8}T\S+)")


def made_from(about: Table, state: State) -> str:
    """The last run that a master was made from, by its About table; "" where it was made from none.

    Raises LedgerError where the ledger lacks it: its share is not there, or not all of it yet.
    """
    ledger_item = next((row["Value"].raw for row in about.rows if row["Item"].raw == LEDGER), "")
    last = _LAST_RUN.search(ledger_item)
    if last and last[1] not in state.runs and last[1] not in state.given_up:
        raise LedgerError(
            f"the master was made from run {last[1]}, which the ledger does not have; is the share connected, and has "
            "it finished syncing? To go on with the ledger as it is, move the master away and try again"
        )
    return last[1] if last else ""


def must_be_all(workspace: Workspace, state: State) -> None:
    """Refuse to go by a ledger that lacks what the master was made from: everybody would seem not to have returned.

    What was issued then would have the serials of others. A master that is not there or cannot be read says nothing.

    Raises:
        LedgerError: a run is lacking.
    """
    with suppress(WorkbookError):
        book = MasterFile(workspace).existing()
        if book is not None:
            columns_of(book, layout.ABOUT, book.table_names())
            made_from(book.read_table(layout.ABOUT), state)
