"""Opening the ledger at an address: a folder or a PostgreSQL database."""

from __future__ import annotations

import re
from pathlib import Path

from xlperf.errors import UsageError
from xlperf.ledger.folder_ledger import FolderLedger
from xlperf.ledger.kept_runs import KeptRuns
from xlperf.ledger.ledger import Ledger

_URL = re.compile(r"[a-z][a-z0-9+.-]+://|^\W*postgres(ql)?:|\bpassword\s*=|\0", re.IGNORECASE)
"""Matches mistyped addresses too: taken for the name of a folder, one would be shown with its password."""
_POSTGRES = re.compile(r"postgres(ql)?://")


def open_ledger(address: str, beside: Path = Path(), kept: KeptRuns | None = None) -> Ledger:
    """The ledger at an address: a postgresql:// URL, or the path of a folder, relative to `beside`.

    `kept` has runs of a folder as they were read before, where there are such.

    Nothing is connected to or created before the ledger is used.

    Raises:
        UsageError: the address is another kind of URL.
        LedgerError: the URL cannot be read, or psycopg is not installed.
    """
    if _POSTGRES.match(address):
        from xlperf.ledger.postgres import PostgresLedger

        return PostgresLedger(address)
    if is_url(address):
        raise UsageError("a ledger is a folder or a postgresql:// address; xlperf cannot use other addresses")
    return FolderLedger(beside / address, kept)


def is_url(address: str) -> bool:
    """Whether an address is, or was meant to be, a URL rather than a folder."""
    return _URL.search(address) is not None
