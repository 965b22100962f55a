"""How the master is reached: the protocol for a file and for an open Excel, and the implementation for a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, cast

from xlperf.errors import WorkbookError, WorkbookInUse
from xlperf.findings import Finding
from xlperf.report import layout
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.inuse import SOMEBODY, holder_of
from xlperf.workbook.package import Package
from xlperf.workbook.port import WorkbookPort
from xlperf.workflow.workspace import MASTER, Workspace
from xlperf.workflow.workspace.backups import back_up

_TIMES = 3
"""How often the master is read again because somebody saved it in the meantime."""


@dataclass(frozen=True, slots=True)
class Written:
    """Where the master was written. `pending` says why it is not the master itself; "" if it is.

    `is_saved` is False if it is in an open Excel and has not been saved. `is_written` is False if the master was left
    as it was, because it would show past figures differently and nobody has accepted that.
    """

    path: Path
    pending: str = ""
    findings: tuple[Finding, ...] = ()
    is_saved: bool = True
    is_written: bool = True
    grown: tuple[str, ...] = ()
    """What it was given that is new in this version, in words."""
    sha256: str = ""
    """Of the master's bytes as they were written; "" where it is not this file that holds them."""


def must_be_master(book: WorkbookPort, name: str) -> None:
    """Raise WorkbookError where an open workbook, called `name`, is not an xlperf master."""
    if layout.ABOUT not in book.table_names():
        raise WorkbookError(
            f"{name} is not an xlperf master: it has no table {layout.ABOUT}. Open master.xlsx of your workspace, "
            "click into it, and try again"
        )


class SavedMeanwhile(WorkbookError):
    """Somebody saved the master after it was read, so what they typed has to be read first."""


class Door(Protocol):
    """How the master is reached: as a file, or live in Excel."""

    def existing(self) -> WorkbookPort | None:
        """The master as it is now; None where there is none yet."""
        ...

    def open(self, words: Mapping[str, object]) -> WorkbookPort:
        """The master as `existing` last saw it. If there was none, a new one, made from its template with `words`."""
        ...

    def save(self, book: WorkbookPort, at: datetime) -> Written:
        """Keep what was written to it. Raises SavedMeanwhile if the master has to be read again first."""
        ...


class MasterFile:
    """The master as a file: backed up before each change, saved whole, or beside when somebody has it open.

    Args:
        workspace: where it is.
        may_replace: called just before the master is replaced; what it raises leaves the master as it was.
    """

    def __init__(self, workspace: Workspace, may_replace: Callable[[], None] | None = None) -> None:
        self._workspace = workspace
        self._may_replace = may_replace
        self._is_read = False
        self._read: bytes | None = None
        self._left = _TIMES
        self._opened: FileWorkbook | None = None

    def existing(self) -> WorkbookPort | None:
        """See `Door.existing`."""
        self._read, self._is_read = self._on_disk(), True
        self._opened = self._book()
        return self._opened

    def open(self, words: Mapping[str, object]) -> WorkbookPort:
        """See `Door.open`."""
        if not self._is_read:
            self.existing()
        existing, self._opened = self._opened or self._book(), None  # nobody writes into what only was to be read
        if existing is not None:
            return existing
        book = FileWorkbook.open(self._workspace.template(MASTER))
        book.fill(words)
        return book

    def save(self, book: WorkbookPort, at: datetime) -> Written:
        """See `Door.save`. Raises WorkbookError; the master is then as it was."""
        path = self._workspace.master
        # On Windows an open workbook cannot be replaced, which is surer than the small file that a crash leaves behind.
        holder = None if os.name == "nt" else holder_of(path)
        if holder is not None:
            return self._save_beside(book, at, f"{holder} has {path.name} open")
        try:
            if self._read is not None:
                kept = self._workspace.settings().backups
                back_up(self._read, path.stem, self._workspace.backups, at, kept)
            sha256 = cast(FileWorkbook, book).save(path, just_before=self._must_be_as_read)
        except WorkbookInUse as error:
            return self._save_beside(book, at, f"{error.holder or holder_of(path) or SOMEBODY} has {path.name} open")
        except SavedMeanwhile:
            self._left -= 1
            if self._left:
                raise
            return self._save_beside(book, at, f"somebody saves {path.name} again and again")
        self._is_read = False
        return Written(path, sha256=sha256)

    def _must_be_as_read(self) -> None:
        """The last check before the master is replaced: decisions came from these bytes, and the lock is ours."""
        if self._may_replace is not None:
            self._may_replace()
        if self._on_disk() != self._read:
            raise SavedMeanwhile(f"{self._workspace.master}: somebody saved it just now; try again")

    def _save_beside(self, book: WorkbookPort, at: datetime, why: str) -> Written:
        path = self._workspace.master
        beside = path.with_name(f"{path.stem} (pending {at:%Y-%m-%d %H%M%S}).xlsx")
        book.save(beside)
        not_there = f"{why}, so it was saved as {beside.name}, which is not to be typed into"
        return Written(beside, f"{not_there}; close the master and collate again")

    def _on_disk(self) -> bytes | None:
        path = self._workspace.master
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise WorkbookError(f"{path}: cannot be read ({error.strerror or error})") from error

    def _book(self) -> FileWorkbook | None:
        return None if self._read is None else FileWorkbook(Package(self._read, self._workspace.master.name))
