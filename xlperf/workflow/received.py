"""What lies in the received folders: which files are to be judged, and which are passed over and why."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xlperf.errors import WorkspaceError
from xlperf.findings import Finding, Location, finding
from xlperf.workflow.workspace import Workspace

MOST_BYTES = 20 * 1024 * 1024
"""Real returns stay under 4 MB; a larger file is named and not read."""

_LOCKS = ("~$", ".~lock", "._")
_PASSED_OVER = {".eml", ".msg", ".ini", ".db", ".tmp", ".part", ".crdownload", ".lnk", ".url", ".txt", ".md"}
_AWAY = 0x400000 | 0x1000  # Windows: RECALL_ON_DATA_ACCESS, OFFLINE: the content is in the cloud, not here


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file to be judged: its bytes, read once, or the finding that says why they cannot be had."""

    path: Path
    folder: str
    data: bytes = b""
    problem: Finding | None = None

    @property
    def sha256(self) -> str:
        """The hash that names the file's bytes in the ledger; of its name where there are no bytes."""
        return hashlib.sha256(self.data or f"unread:{self.folder}/{self.path.name}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Ignored:
    """A file that is passed over, and why."""

    name: str
    why: str


def listing(workspace: Workspace) -> Iterator[Arrived | Ignored]:
    """Every entry of `returns/*/received`, in order of name, read one at a time.

    Raises:
        WorkspaceError: the returns folder, or the received folder of a period whose returns were issued, has gone or
            cannot be listed. That is never taken for 'no returns'.
    """
    try:
        folders = sorted(path for path in workspace.returns.iterdir() if path.is_dir())
        for folder in folders:
            received = folder / "received"
            if not received.is_dir() and (folder / "issued").is_dir():
                raise WorkspaceError(
                    f"{received}: the folder has gone, so what was returned cannot be seen; is the share connected? "
                    "Bring it back, or make it again if it was empty"
                )
            if received.is_dir():
                yield from (_entry(Path(entry.path), folder.name) for entry in sorted(os.scandir(received), key=_name))
    except OSError as error:
        raise WorkspaceError(f"{workspace.returns}: cannot be listed ({error}); is the share connected?") from error


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _entry(path: Path, folder: str) -> Arrived | Ignored:
    name = shown_name(path.name)
    if path.name.startswith(_LOCKS):
        return Ignored(name, "lock or system file of an open workbook")
    if path.name.startswith(".") or path.suffix.lower() in _PASSED_OVER:
        return Ignored(name, "not a workbook")
    where = Location(file=name)
    try:
        status = path.lstat()
    except OSError as error:
        return Arrived(path, folder, problem=finding("F009", f"{error.strerror or error}.", where))
    if stat.S_ISDIR(status.st_mode):
        return Ignored(name, "a folder")
    if not stat.S_ISREG(status.st_mode):
        return Arrived(path, folder, problem=finding("F001", "it is a link or device, not a file.", where))
    if getattr(status, "st_file_attributes", 0) & _AWAY:
        message = "it is still in the cloud; open the folder and choose 'Always keep on this device'."
        return Arrived(path, folder, problem=finding("F009", message, where))
    if status.st_size > MOST_BYTES:
        size = f"{status.st_size / 1_048_576:.0f} MB"
        return Arrived(path, folder, problem=finding("F005", f"it is {size}.", where, found=size, expected="20 MB"))
    return _read(path, folder, where)


def _read(path: Path, folder: str, where: Location) -> Arrived:
    try:
        # Never through a link that was put there since lstat, and never waiting for a pipe.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return Arrived(path, folder, problem=finding("F001", "it is a link or device, not a file.", where))
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        return Arrived(path, folder, problem=finding("F009", f"{error.strerror or error}.", where))
    if not data:
        return Arrived(path, folder, problem=finding("F002", "it is empty; perhaps it is still being copied.", where))
    return Arrived(path, folder, data)


def shown_name(name: str) -> str:
    """A file name fit to be printed: control and formatting characters shown as '?', undecodable bytes too."""
    return "".join(c if c.isprintable() else "?" for c in name.encode("utf-8", "replace").decode("utf-8", "replace"))
