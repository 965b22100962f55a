"""The ledger as a folder of immutable files: `runs/<UTC time>-<id>.jsonl` and `originals/<sha256>.xlsx`.

Files are added and never changed. So after a crash the ledger is as before or as after a run, two analysts cannot
overwrite each other, and a backup is a copy. SQLite is not used because its authors advise against network shares and
synced folders, where these workspaces are kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from xlperf.durable import replace_file, write_new
from xlperf.errors import LedgerError
from xlperf.ledger.figure_table import ShownFigures
from xlperf.ledger.kept_runs import KeptRuns, with_figures_in_columns
from xlperf.ledger.ledger import must_be_original, must_be_run, sha256_and_suffix
from xlperf.ledger.records import LedgerRun, Record
from xlperf.ledger.runfile import make_run, must_have_every_run, read_run, without_copies
from xlperf.ledger.state import State, state_of


class FolderLedger:
    """A ledger in a folder, which is made with the first run. `Ledger` documents the methods."""

    def __init__(self, folder: Path, kept: KeptRuns | None = None) -> None:
        """`kept` has runs as they were read before, where there are such."""
        self._folder = folder
        self._kept = kept
        self._runs = folder / "runs"
        self._originals = folder / "originals"
        self._read: dict[str, LedgerRun] = {}
        """By file name. A run never changes, so it is read once."""

    @property
    def place(self) -> str:
        """See `Ledger.place`."""
        return str(self._folder)

    def append(self, kind: str, records: Sequence[Record], *, at: datetime, by: str) -> str:
        """See `Ledger.append`."""
        before = must_have_every_run(self._stored(), records)
        name, data = make_run(kind, records, at=at, by=by, before=before)
        _write(self._runs / f"{name}.jsonl", data, write_new)
        return name

    def state(self) -> State:
        """See `Ledger.state`."""
        return state_of(self.runs())

    def runs(self) -> tuple[LedgerRun, ...]:
        """See `Ledger.runs`."""
        return tuple(must_have_every_run(self._stored()))

    def keep_runs(self) -> bool:
        """See `Ledger.keep_runs`."""
        if self._kept is None:
            return False
        was_damaged = self._kept.is_damaged
        self._kept.keep(tuple({run.sha256: run for run in self._read.values()}.values()))
        return was_damaged

    def show_figures(self, shown: ShownFigures) -> str:
        """See `Ledger.show_figures`. A folder has no place for them: its figures are read in the master."""
        del shown
        return ""

    def _stored(self) -> tuple[LedgerRun, ...]:
        runs: list[tuple[str, LedgerRun]] = []
        broken: dict[str, LedgerError] = {}
        for stored in self.stored_runs():
            try:
                runs.append((f"{stored}.jsonl", self._run(stored)))
            except LedgerError as fault:
                broken[stored] = fault
        whole = {run.name for file, run in runs if file == f"{run.name}.jsonl"}
        for stored, error in broken.items():
            # A sync service's copy of a run, as NAME (2).jsonl, may be cut off where the run itself is whole.
            if not any(stored.startswith(name) for name in whole):
                raise error
        return without_copies(runs)

    def _run(self, stored: str) -> LedgerRun:
        if stored not in self._read:
            data = self.run_bytes(stored)
            kept = self._kept.run(hashlib.sha256(data).hexdigest()) if self._kept else None
            try:
                self._read[stored] = kept or with_figures_in_columns(read_run(data))
            except LedgerError as error:
                raise LedgerError(f"{self._runs / stored}.jsonl: {error}") from error
        return self._read[stored]

    def stored_runs(self) -> tuple[str, ...]:
        """See `Ledger.stored_runs`."""
        return tuple(path.stem for path in _files(self._runs) if path.suffix == ".jsonl")

    def run_bytes(self, stored: str) -> bytes:
        """See `Ledger.run_bytes`."""
        return _read(self._runs / f"{stored}.jsonl")

    def put_run(self, name: str, data: bytes) -> None:
        """See `Ledger.put_run`."""
        must_be_run(name, data)
        path = self._runs / f"{name}.jsonl"
        try:
            if not path.exists():
                _write(path, data, write_new)
                return
        except LedgerError:
            if not path.exists():  # else somebody else has just added it
                raise
        if self.run_bytes(name) != data:
            raise LedgerError(f"{path}: another run of that name exists; it was not overwritten")

    def keep(self, data: bytes, suffix: str = ".xlsx") -> str:
        """See `Ledger.keep`. Damaged bytes stored under that hash are replaced."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._originals / f"{digest}{suffix}"
        with suppress(OSError):  # missing or unreadable: if writing fails too, its error says why
            if path.read_bytes() == data:
                return digest
        _write(path, data, replace_file)
        return digest

    def originals(self) -> tuple[str, ...]:
        """See `Ledger.originals`."""
        return tuple(path.name for path in _files(self._originals) if sha256_and_suffix(path.name))

    def run_hashes(self) -> dict[str, str]:
        """See `Ledger.run_hashes`."""
        return {stored: hashlib.sha256(self.run_bytes(stored)).hexdigest() for stored in self.stored_runs()}

    def original_hashes(self) -> dict[str, str]:
        """See `Ledger.original_hashes`."""
        return {name: hashlib.sha256(_read(self._originals / name)).hexdigest() for name in self.originals()}

    def original(self, sha256: str) -> bytes:
        """See `Ledger.original`."""
        digest = sha256[:64]
        if digest != sha256:
            return self._original(sha256, digest)
        with suppress(
            LedgerError
        ):  # nearly all originals are .xlsx, and listing thousands of files for each takes minutes
            return self._original(f"{digest}.xlsx", digest)
        names = [name for name in self.originals() if name.startswith(digest)]
        for name in names[:-1]:
            with suppress(LedgerError):  # the same bytes may be stored under another suffix
                return self._original(name, digest)
        if not names:
            raise LedgerError(f"{self._originals}: original {sha256} is missing; restore it from a backup")
        return self._original(names[-1], digest)

    def _original(self, name: str, sha256: str) -> bytes:
        path = self._originals / name
        return must_be_original(_read(path), sha256, str(path))


def _files(folder: Path) -> list[Path]:
    try:
        # Hidden files are half-written runs, and files that macOS adds on a share.
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise LedgerError(f"{folder}: cannot be listed ({error}); is the share connected?") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LedgerError(f"{path}: cannot be read ({error}); is the share connected?") from error


def _write(path: Path, data: bytes, write: Callable[[Path, bytes], None]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, data)
    except OSError as error:
        raise LedgerError(f"{path}: cannot be written ({error}); nothing was recorded; try again") from error
