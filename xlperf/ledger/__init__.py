"""The ledger: an append-only record of every return, figure, decision and run."""

from xlperf.ledger.action_records import NumberedAction, TypedAction
from xlperf.ledger.case_records import Drafted, TypedEntry
from xlperf.ledger.current import Current, CurrentFigures
from xlperf.ledger.enquiry_records import AskedEnquiry, TypedEnquiry
from xlperf.ledger.folder_ledger import FolderLedger
from xlperf.ledger.ledger import Ledger
from xlperf.ledger.opening import open_ledger
from xlperf.ledger.records import (
    AcceptedCatalogue,
    Approved,
    Decision,
    Edition,
    GivenUp,
    Imported,
    Issued,
    LedgerRun,
    MeetingPack,
    Received,
    Record,
    Released,
    TypedRecord,
)
from xlperf.ledger.recovery_records import TypedPromise
from xlperf.ledger.settled import Settled
from xlperf.ledger.state import State, state_of
from xlperf.ledger.words_records import TypedWords

__all__ = [
    "AcceptedCatalogue",
    "Approved",
    "AskedEnquiry",
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
    "MeetingPack",
    "NumberedAction",
    "Received",
    "Record",
    "Released",
    "Settled",
    "State",
    "TypedAction",
    "TypedEnquiry",
    "TypedEntry",
    "TypedPromise",
    "TypedRecord",
    "TypedWords",
    "open_ledger",
    "state_of",
]
