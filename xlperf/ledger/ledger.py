"""What a ledger does, wherever it is kept. A run's bytes are its canonical form: the same everywhere, see `runfile`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from xlperf.errors import LedgerError
from xlperf.ledger.records import Record, Run
from xlperf.ledger.runfile import read_run
from xlperf.ledger.state import State

_ORIGINAL = re.compile(r"([0-9a-f]{64})(\.[a-z0-9]{1,8})?")


class Lost(LedgerError):
    """The ledger could not be reached any more in the middle of something."""


class Ledger(Protocol):
    """An append-only record of runs, and the original bytes that they speak of. Everything may raise LedgerError."""

    @property
    def place(self) -> str:
        """Where it is, for messages; never with a password in it."""
        ...

    def append(self, kind: str, records: Sequence[Record], *, at: datetime, by: str) -> str:
        """Add one run, wholly or not at all; returns its name. `at` is an aware time."""
        ...

    def state(self) -> State:
        """What all runs add up to."""
        ...

    def runs(self) -> tuple[Run, ...]:
        """Every run, in order of name. Raises LedgerError where one is damaged or missing."""
        ...

    def keep(self, data: bytes, suffix: str = ".xlsx") -> str:
        """Store original bytes, of a return or of the catalogue it was judged by; returns their sha256."""
        ...

    def stored_runs(self) -> tuple[str, ...]:
        """What runs are stored as: their names, and in a folder the names of copies that a syncing service made."""
        ...

    def run_bytes(self, stored: str) -> bytes:
        """The exact bytes of a stored run, whatever they are."""
        ...

    def put_run(self, name: str, data: bytes) -> None:
        """Add a run of another ledger as it is; LedgerError where other bytes are there under that name."""
        ...

    def originals(self) -> tuple[str, ...]:
        """Every stored original as `<sha256><suffix>`, in order."""
        ...

    def original(self, sha256: str) -> bytes:
        """The original of that hash. Raises LedgerError where it is not there, or is damaged.

        By its whole name, as `originals` has it, the very one that is stored under that ending.
        """
        ...


def must_be_run(name: str, data: bytes) -> None:
    """Refuse bytes that are not the whole run of that name. Raises LedgerError."""
    try:
        found = read_run(data).name
    except LedgerError as error:
        raise LedgerError(f"run {name}: {error}") from error
    if found != name:
        raise LedgerError(f"what is called run {name} is run {found}; it was not taken")


def sha256_and_suffix(original: str) -> tuple[str, str] | None:
    """The two parts of an original's name; None where it is no such name."""
    match = _ORIGINAL.fullmatch(original)
    return (match[1], match[2] or "") if match else None


def must_be_original(data: bytes, sha256: str, place: str) -> bytes:
    """`data`, unless its hash is another. Raises LedgerError, naming `place`."""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise LedgerError(f"{place}: is not what was stored, as its hash is wrong; restore it from a backup")
    return data
