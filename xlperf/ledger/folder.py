"""The ledger as a folder of immutable files: `runs/<UTC time>-<id>.jsonl` and `originals/<sha256>.xlsx`.

Nothing in it is ever changed, so a crash leaves the state before or after, two analysts cannot overwrite each other,
and a backup is a copy. SQLite is not used because its authors advise against network shares and synced folders, which
is where these workspaces live.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from xlperf import __version__
from xlperf.durable import write_whole
from xlperf.errors import LedgerError
from xlperf.ledger.records import SCHEMA, Record, Run, from_json, to_json
from xlperf.ledger.state import State, state_of


class Ledger(Protocol):
    """The two operations a ledger has, and the store of original bytes."""

    def append(self, kind: str, records: Sequence[Record], *, at: datetime, by: str) -> str:
        """Add one run, wholly or not at all; returns its name. Raises LedgerError."""
        ...

    def state(self) -> State:
        """What all runs add up to. Raises LedgerError."""
        ...

    def keep(self, data: bytes, suffix: str = ".xlsx") -> str:
        """Store original bytes, of a return or of the catalogue it was judged by; returns their sha256.

        Raises LedgerError.
        """
        ...


class FolderLedger:
    """A ledger in a folder; the folder is made with the first run."""

    def __init__(self, folder: Path) -> None:
        self._runs = folder / "runs"
        self._originals = folder / "originals"

    def append(self, kind: str, records: Sequence[Record], *, at: datetime, by: str) -> str:
        """See `Ledger.append`. `at` is an aware time; it and a random id name the run.

        A run is named after every run it could know of, even where another machine's clock was fast: what was typed
        last must count last.
        """
        moment = max([at.astimezone(UTC), *(_moment(path.name) + _TICK for path in self._run_files()[-1:])])
        name = f"{moment:{_STAMP}}-{secrets.token_hex(4)}"
        head = {
            "record": "run",
            "schema": SCHEMA,
            "run": name,
            "kind": kind,
            "at": _iso(at),
            "by": by,
            "xlperf": __version__,
        }
        lines = [head, *map(to_json, records), {"record": "end", "records": len(records)}]
        text = "".join(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n" for line in lines)
        _write_once(self._runs / f"{name}.jsonl", text.encode())
        return name

    def state(self) -> State:
        """See `Ledger.state`."""
        return state_of(self.runs())

    def runs(self) -> tuple[Run, ...]:
        """Every run, in order of name."""
        return tuple(_load_run(path) for path in self._run_files())

    def _run_files(self) -> list[Path]:
        try:
            # Hidden files are half-written runs, and what macOS lays beside a file on a share.
            files = (path for path in self._runs.iterdir() if not path.name.startswith("."))
            return sorted(path for path in files if path.suffix == ".jsonl")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise LedgerError(f"{self._runs}: cannot be listed ({error}); is the share connected?") from error

    def keep(self, data: bytes, suffix: str = ".xlsx") -> str:
        """See `Ledger.keep`."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._originals / f"{digest}{suffix}"
        if not path.exists():
            _write_once(path, data)
        return digest


_STAMP = "%Y%m%dT%H%M%S.%fZ"
_TICK = timedelta(microseconds=1)


def _moment(name: str) -> datetime:
    """The time in a run's name; the beginning of time where it is named otherwise."""
    try:
        return datetime.strptime(name.partition("-")[0], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _write_once(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except OSError as error:
        raise LedgerError(f"{path}: cannot be written ({error}); nothing was recorded, so try again") from error


def _load_run(path: Path) -> Run:
    try:
        # Not splitlines(): text that people typed may hold other line separators.
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
        return _run_from(lines)
    except OSError as error:
        raise LedgerError(f"{path}: cannot be read ({error})") from error
    except LedgerError as error:
        raise LedgerError(f"{path}: {error}") from error
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise LedgerError(f"{path}: is not whole ({error}); if the folder is syncing wait, else restore it") from error


def _run_from(lines: list[dict[str, Any]]) -> Run:
    head, *body, end = lines
    if head["record"] != "run" or end["record"] != "end" or end["records"] != len(body):
        raise LedgerError("is not whole; if the folder is syncing wait until it is done, else restore it from a backup")
    if head["schema"] > SCHEMA:
        raise LedgerError(f"was written by xlperf {head.get('xlperf')}; update this one")
    at = head["at"]
    return Run(head["run"], head["kind"], at, head["by"], tuple(from_json(line, at) for line in body))
