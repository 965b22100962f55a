"""The ledger: an append-only record of every return, figure, decision and run."""

from xlperf.ledger.action_records import NumberedAction, TypedAction
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
    TypedRecord,
)
from xlperf.ledger.settled import Settled
from xlperf.ledger.state import State, state_of
from xlperf.ledger.words_records import TypedWords

__all__ = [
    "AcceptedCatalogue",
    "Current",
    "CurrentFigures",
    "Decision",
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
    "Settled",
    "State",
    "TypedAction",
    "TypedRecord",
    "TypedWords",
    "open_ledger",
    "state_of",
]
