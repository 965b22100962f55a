"""The ledger: an append-only record of every return, figure, decision and run."""

from xlperf.ledger.action_records import NumberedAction, TypedAction
from xlperf.ledger.case_records import Drafted, TypedEntry
from xlperf.ledger.current import Current, CurrentFigures
from xlperf.ledger.folder_ledger import FolderLedger
from xlperf.ledger.ledger import Ledger
from xlperf.ledger.opening import open_ledger
from xlperf.ledger.records import (
    AcceptedCatalogue,
    Decision,
    Edition,
    GivenUp,
    Imported,
    Issued,
    LedgerRun,
    Received,
    Record,
    Released,
)
from xlperf.ledger.state import State, state_of

__all__ = [
    "AcceptedCatalogue",
    "Current",
    "CurrentFigures",
    "Decision",
    "Drafted",
    "Edition",
    "FolderLedger",
    "GivenUp",
    "Imported",
    "Issued",
    "Ledger",
    "LedgerRun",
    "NumberedAction",
    "Received",
    "Record",
    "Released",
    "State",
    "TypedAction",
    "TypedEntry",
    "open_ledger",
    "state_of",
]
