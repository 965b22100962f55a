"""Which kind of ledger an address means."""

from __future__ import annotations

import re
from pathlib import Path

from xlperf.errors import UsageError
from xlperf.ledger.folder import FolderLedger
from xlperf.ledger.ledger import Ledger

_URL = re.compile(r"[a-z][a-z0-9+.-]+://|^\W*postgres(ql)?:|\bpassword\s*=|\0", re.IGNORECASE)
"""Also what was meant as an address and is mistyped: taken for a folder, it would be shown with its password."""
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
    """Whether an address is, or was meant as, a URL and no folder."""
    return _URL.search(address) is not None
