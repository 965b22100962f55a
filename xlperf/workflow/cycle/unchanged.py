"""Whether anything has changed since a collation: if not, it need not be made again, and its answer is given again.

A collation that another of the same would not change leaves a note in the workspace: the hash of all that it was made
from, and what it says. What it was made from is compared byte by byte, never by a file's time, so the note is good on
another machine, and after a backup was restored. Where it is missing, damaged or of something else, or somebody is at
work in the workspace, nothing is known, and the next collation is a whole one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from xlperf.durable import replace_file
from xlperf.errors import XlperfError
from xlperf.report.saved_words import NOT_SAVED
from xlperf.workflow.incoming.received import Arrived, Ignored, listing, received_folders
from xlperf.workflow.master.master_copies import copies_of_master
from xlperf.workflow.workspace import CATALOGUE, MASTER, TEMPLATES, Workspace
from xlperf.workflow.workspace.program import program
from xlperf.workflow.workspace.settings import SETTINGS
from xlperf.workflow.workspace.unfinished import is_anything_unfinished

_NOTE = "collated.json"
Hashes = Mapping[str, str]
"""sha256 by name; "" where there is no such file, `UNREAD` where it cannot be read, and `FOLDER` of a folder."""
UNREAD, FOLDER = "unread", "folder"


@dataclass(frozen=True, slots=True)
class CollatedFrom:
    """All that a collation was made from.

    Attributes:
        root: the workspace's folder as it was named, as what is said names the master's place by it.
        day: the day on which; what is late and overdue depends on it.
        period: the reporting period asked for; None for the latest.
        files: the files of the workspace that it reads; see `files_read`.
        entries: what lay in the received folders.
        runs: the runs of the ledger, with what it has added.
        master: the sha256 of the master as it was written, or `shown_in_excel`; "" where neither is known.
        ledger: where the ledger is: one in PostgreSQL also shows the figures, and another may not show them yet.
    """

    root: Path
    day: date
    period: str | None
    files: Hashes
    entries: Sequence[Arrived | Ignored]
    runs: Hashes
    master: str
    ledger: str

    @property
    def is_known(self) -> bool:
        """Whether every file could be read."""
        return UNREAD not in self.files.values()

    @property
    def sha256(self) -> str:
        """One hash of all this, and of the version of xlperf."""
        received = [
            [each.folder, each.path.name, each.sha256] if isinstance(each, Arrived) else [each.name, each.why]
            for each in self.entries
        ]
        parts = [
            program(), str(self.root), self.day.isoformat(), self.period,
            dict(self.files), received, dict(self.runs), self.master, self.ledger,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


class OpenMaster(Protocol):
    """The master where it is open in Excel: what it shows, as one hash, and whether all of that has been saved."""

    @property
    def is_saved(self) -> bool: ...  # noqa: D102
    def contents(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """What a collation with nothing new says: as lines, as a record for `--json`, and whether all is in order.

    `in_short` are as many of the lines as a message box has room for.
    """

    lines: tuple[str, ...]
    record: Mapping[str, Any]
    is_clean: bool
    in_short: tuple[str, ...] = ()


def files_read(workspace: Workspace) -> Hashes:
    """The catalogue, settings, restyled template and copies of the master; and which received folders are there.

    A received folder in which nothing lies counts too: where it has gone, a share may not be connected.

    Raises WorkspaceError.
    """
    root = workspace.root
    named = [root / CATALOGUE, root / SETTINGS, root / TEMPLATES / MASTER, *copies_of_master(workspace)]
    hashes = {path: _hash(path) for path in named} | dict.fromkeys(received_folders(workspace), FOLDER)
    return {path.relative_to(root).as_posix(): each for path, each in hashes.items()}


def remember(workspace: Workspace, answers: Sequence[tuple[CollatedFrom, SaidBefore]]) -> None:
    """Leave a note of a collation for `answer_again`; where none can be written, the next collation is a whole one.

    There is one answer for each way to reach the master by which it is known, in place of those of the last collation.
    """
    note = [
        {
            "made_from": made_from.sha256,
            "lines": said.lines,
            "record": said.record,
            "is_clean": said.is_clean,
            "in_short": said.in_short,
        }
        for made_from, said in answers
    ]
    with suppress(OSError):
        workspace.notes.mkdir(exist_ok=True)
        replace_file(workspace.notes / _NOTE, json.dumps(note, default=str).encode())


def answer_again(
    workspace: Workspace, period: str | None, today: date, book: OpenMaster | None = None
) -> SaidBefore | None:
    """What the last collation said, if one for this period would change nothing today; None if it might.

    `book` is the master where it is open in Excel; None for the file.
    """
    try:
        notes = {note["made_from"]: note for note in json.loads((workspace.notes / _NOTE).read_bytes())}
        as_it_is = None if _is_somebody_at_work(workspace) else _as_it_is(workspace, period, today, book)
        if as_it_is is None or as_it_is.sha256 not in notes:
            return None
        note = notes[as_it_is.sha256]
        not_saved = () if book is None or book.is_saved else (NOT_SAVED,)
        lines, in_short = ((*map(str, note[name]), *not_saved) for name in ("lines", "in_short"))
        answer = SaidBefore(lines, dict(note["record"]), note["is_clean"] is True, in_short)
    except (OSError, XlperfError, ValueError, LookupError, TypeError, RecursionError):
        return None  # whatever it is, a whole collation says it
    # Whoever began meanwhile may have changed what was read before they began.
    return None if _is_somebody_at_work(workspace) else answer


def _as_it_is(workspace: Workspace, period: str | None, today: date, book: OpenMaster | None) -> CollatedFrom | None:
    """What a collation would be made from now; None where a file cannot be read, which is tried again each time.

    Raises XlperfError.
    """
    entries = tuple(listing(workspace))
    if any(isinstance(entry, Arrived) and entry.problem is not None for entry in entries):
        return None
    ledger = workspace.ledger()
    runs = ledger.run_hashes()
    master = _hash(workspace.master) if book is None else shown_in_excel(book.contents())
    return CollatedFrom(workspace.root, today, period, files_read(workspace), entries, runs, master, ledger.place)


def shown_in_excel(contents: str) -> str:
    """What `CollatedFrom.master` is for a master that is open, by the hash of what it shows."""
    return f"open {contents}"


def _is_somebody_at_work(workspace: Workspace) -> bool:
    """Whether the workspace is locked, or a killed run has left what the next one puts in order."""
    return workspace.lock.exists() or is_anything_unfinished(workspace)


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
    except OSError:
        return UNREAD
