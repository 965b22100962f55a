"""Give up: go on without a run of the ledger that has gone and is in no backup."""

from __future__ import annotations

from datetime import datetime

from xlperf.errors import LedgerError, UsageError
from xlperf.ledger import GivenUp
from xlperf.ledger.runfile import missing, read_run
from xlperf.workflow.workspace import Workspace


def give_up(workspace: Workspace, run: str, why: str, *, now: datetime, by: str) -> None:
    """Record that a run is lost for good. It stays named in the ledger, and counts again if it is ever put back.

    Raises:
        UsageError: no such run is missing.
        LedgerError: a run is damaged, or the ledger cannot be written.
    """
    ledger = workspace.ledger()
    runs = []
    for stored in ledger.stored_runs():
        try:
            runs.append(read_run(ledger.run_bytes(stored)))
        except LedgerError as error:
            raise LedgerError(
                f"{ledger.place}: run {stored}: {error}; to give it up, move its file away first"
            ) from error
    gone = missing(runs)
    if run not in gone:
        raise UsageError(f"run {run} is not missing here" + (f"; {', '.join(gone)} is" if gone else "; none is"))
    ledger.append("give up", [GivenUp(run, why)], at=now, by=by)
