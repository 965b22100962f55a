"""Keeping what was read of the ledger, so that the next command need not parse it; see `ledger.kept_runs`."""

from __future__ import annotations

from xlperf.ledger import Ledger
from xlperf.workflow.workspace.run import Run


def keep_runs(ledger: Ledger, run: Run) -> None:
    """Keep what was read of the ledger, for whoever holds the lock; say so where what was kept before is damaged."""
    if ledger.keep_runs():
        run.tell(
            "what .xlperf keeps of the ledger was damaged, so the ledger itself was read; nothing is lost, and it has "
            "been kept anew"
        )
