"""Which kind of ledger an address means."""

from __future__ import annotations

import re
from pathlib import Path

from xlperf.errors import UsageError
from xlperf.ledger.folder import FolderLedger
from xlperf.ledger.ledger import Ledger

_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_POSTGRES = re.compile(r"postgres(ql)?://")


def open_ledger(address: str, beside: Path = Path()) -> Ledger:
    """The ledger at an address: a postgresql:// URL, or a folder, which `beside` is the start of where it is relative.

    Nothing is connected to or made before it is used.

    Raises:
        UsageError: it is the URL of something else.
        LedgerError: the URL cannot be read, or psycopg is not installed.
    """
    if _POSTGRES.match(address):
        from xlperf.ledger.postgres import PostgresLedger

        return PostgresLedger(address)
    if is_url(address):
        raise UsageError("a ledger is a folder or a postgresql:// address; of others xlperf knows nothing")
    return FolderLedger(beside / address)


def is_url(address: str) -> bool:
    """Whether an address is a URL and no folder."""
    return _URL.match(address) is not None
