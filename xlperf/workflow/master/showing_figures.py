"""Showing figures to other programs, where the ledger has a place for that, once the master shows them."""

from __future__ import annotations

from xlperf.assessment import Assessment
from xlperf.errors import LedgerError
from xlperf.ledger import Ledger
from xlperf.report.figure_rows import shown_figures
from xlperf.workflow.workspace.run import Run


def show_figures(ledger: Ledger, assessment: Assessment, run: Run) -> bool:
    """Show what the master shows. Returns whether that is done; where it is not, it is said, and nothing is lost."""
    try:
        why = ledger.show_figures(shown_figures(assessment))
    except LedgerError as error:
        why = str(error)
    if why:
        run.tell(f"the master is written; the figures in xlperf_figures stay as they were: {why}")
    return not why
