"""The interface of every ledger. The bytes of a run are the same in a folder and in a database, see `runfile`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from xlperf.errors import LedgerError
from xlperf.ledger.figure_table import ShownFigures
from xlperf.ledger.records import LedgerRun, Record
from xlperf.ledger.runfile import read_run
from xlperf.ledger.state import State

_ORIGINAL = re.compile(r"([0-9a-f]{64})(\.[a-z0-9]{1,8})?")


class ConnectionLost(LedgerError):
    """The connection to the ledger was lost during an operation."""


class Ledger(Protocol):
    """An append-only store of runs and of the original files they refer to. Every method may raise LedgerError."""

    @property
    def place(self) -> str:
        """Where the ledger is, for messages; without passwords."""
        ...

    def append(self, kind: str, records: Sequence[Record], *, at: datetime, by: str) -> str:
        """Add one run, all of it or nothing, and return its name. `at` is an aware time."""
        ...

    def state(self) -> State:
        """The state that all runs add up to."""
        ...

    def runs(self) -> tuple[LedgerRun, ...]:
        """Every run, in order of name. Raises LedgerError if one is damaged or missing."""
        ...

    def keep_runs(self) -> bool:
        """Keep the runs that were read, to be quicker the next time; for whoever holds the workspace's lock.

        Returns whether what had been kept was damaged, which is then mended if it can be.
        """
        ...

    def show_figures(self, shown: ShownFigures) -> str:
        """Show the figures that count in columns, for other programs, where the ledger has a place for that.

        Returns why they stay as they were; "" where they are up to date, and where there is no such place.
        """
        ...

    def keep(self, data: bytes, suffix: str = ".xlsx") -> str:
        """Store the bytes of a return, or of the catalogue it was judged against, and return their sha256."""
        ...

    def stored_runs(self) -> tuple[str, ...]:
        """The names runs are stored under; in a folder also those of copies that a sync service made."""
        ...

    def run_bytes(self, stored: str) -> bytes:
        """The bytes of a stored run, unchecked."""
        ...

    def put_run(self, name: str, data: bytes) -> None:
        """Add a run of another ledger unchanged. Raises LedgerError if that name is stored with other bytes."""
        ...

    def originals(self) -> tuple[str, ...]:
        """The name of every stored original, `<sha256><suffix>`, in order."""
        ...

    def run_hashes(self) -> Mapping[str, str]:
        """The sha256 of the bytes of every stored run, by the name it is stored under; they are not looked at."""
        ...

    def original_hashes(self) -> Mapping[str, str]:
        """The sha256 of the bytes of every stored original, by its name; another than in the name if it is damaged."""
        ...

    def original(self, sha256: str) -> bytes:
        """The bytes of an original. Raises LedgerError if it is missing or damaged.

        `sha256` may also be a name from `originals`, which then selects the file with that suffix.
        """
        ...


def must_be_run(name: str, data: bytes) -> LedgerRun:
    """The run of that name. Raises LedgerError unless the bytes are just that, complete."""
    try:
        run = read_run(data)
    except LedgerError as error:
        raise LedgerError(f"run {name}: {error}") from error
    if run.name != name:
        raise LedgerError(f"what is stored as run {name} is run {run.name}; it was not added")
    return run


def sha256_and_suffix(original: str) -> tuple[str, str] | None:
    """The two parts of an original's name; None for any other name."""
    match = _ORIGINAL.fullmatch(original)
    return (match[1], match[2] or "") if match else None


def must_be_original(data: bytes, sha256: str, place: str) -> bytes:
    """`data`, if it has that hash. Raises LedgerError, naming `place`, if it has not."""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise LedgerError(f"{place}: is damaged, as its hash is wrong; restore it from a backup")
    return data
