"""Give up: go on without a run of the ledger that has gone and is in no backup."""

from __future__ import annotations

from xlperf.errors import LedgerError, UsageError
from xlperf.ledger import GivenUp
from xlperf.ledger.runfile import missing_runs, read_run
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Run


def give_up(workspace: Workspace, lost: str, why: str, run: Run) -> None:
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
    gone = missing_runs(runs)
    if lost not in gone:
        raise UsageError(f"run {lost} is not missing here" + (f"; {', '.join(gone)} is" if gone else "; none is"))
    ledger.append("give up", [GivenUp(lost, why)], at=run.now, by=run.by)
