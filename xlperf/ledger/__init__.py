"""The ledger: an append-only record of every return, figure, decision and run."""

from xlperf.ledger.folder import FolderLedger, Ledger
from xlperf.ledger.records import Decision, Edition, Imported, Issued, Received, Record, Run
from xlperf.ledger.state import Current, State, state_of

__all__ = [
    "Current",
    "Decision",
    "Edition",
    "FolderLedger",
    "Imported",
    "Issued",
    "Ledger",
    "Received",
    "Record",
    "Run",
    "State",
    "state_of",
]
