"""What is in the received folders: which files are to be judged, and which are passed over and why.

A file is read twice: once for its hash, by which the ledger knows it, and again if it is to be judged. So the bytes of
a thousand files are never in memory together, and a file that changes in between is not judged at all.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xlperf.errors import WorkspaceError
from xlperf.findings import Finding, Location, finding, plain
from xlperf.workbook.reader import ReadingLimits
from xlperf.workflow.workspace import Workspace

if TYPE_CHECKING:
    from xlperf.ledger import State

_LOCKS = ("~$", ".~lock", "._")  # of Excel, of LibreOffice, and what macOS lays beside a file on a share
_MAILS = {".eml", ".msg"}
_MAIL = "an e-mail; if a return is attached to it, save that here"
_NO_WORKBOOKS = {
    *(".eml", ".msg", ".p7s", ".ics", ".vcf"),  # mails, and what hangs on them
    *(".png", ".jpg", ".jpeg", ".gif"),  # pictures out of signatures
    *(".txt", ".md", ".log"),  # notes
    *(".lnk", ".url", ".webloc"),  # shortcuts
    *(".ini", ".db", ".tmp", ".bak"),  # of systems and programs
    *(".part", ".partial", ".crdownload", ".download"),  # downloads that are not done
}
"""File name endings that are passed over. Anything else is judged, so a PDF sent in place of a return is reported."""

_AWAY = 0x400000 | 0x40000 | 0x1000  # Windows: RECALL_ON_DATA_ACCESS, RECALL_ON_OPEN, OFFLINE
_DATALESS = 0x40000000  # macOS: SF_DATALESS
_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Never through a link that was put there after lstat, and never waiting for a pipe."""
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file to be judged, or the finding that says why it cannot be read.

    `folder` is the period folder it lies in. `sha256` names its bytes in the ledger; where there are none, its place.
    """

    path: Path
    folder: str
    sha256: str
    problem: Finding | None = None

    @property
    def name(self) -> str:
        """The file's name as it is shown and recorded."""
        return shown_name(self.path.name)


@dataclass(frozen=True, slots=True)
class FileToJudge:
    """A file to be judged, with its bytes."""

    arrived: Arrived
    data: bytes

    @property
    def name(self) -> str:
        """The file's name as it is shown and recorded."""
        return self.arrived.name


@dataclass(frozen=True, slots=True)
class Ignored:
    """A file that is passed over, and why; `is_lock` for the small file that a program puts beside an open one."""

    name: str
    why: str
    is_lock: bool = False


def must_be_there(workspace: Workspace, state: State) -> None:
    """Refuse to take a share that is not connected for one on which nothing has been returned.

    Raises:
        WorkspaceError: the received folder of the last period issued has gone, or one in which two or more accepted
            returns lay holds nothing at all. A single file that was deleted is no more than a warning.
    """
    last = max(state.issued.values(), key=lambda issued: issued.serial, default=None)
    if last is not None and not _is_folder(workspace.returns / last.period / "received"):
        raise _gone(workspace.returns / last.period / "received")
    lay: dict[str, set[str]] = {}
    for received in state.received:
        if received.is_accepted:
            lay.setdefault(received.folder, set()).add(received.file)
    for period, files in lay.items():
        folder = workspace.returns / period / "received"
        if len(files) > 1 and _is_folder(folder) and not _entries(folder):
            raise WorkspaceError(
                f"{folder}: the folder is empty, though {len(files)} accepted returns were in it. Is the share "
                "connected? If so, put the files back. If they were moved on purpose, leave a text file (.txt) there "
                "saying so; their figures stay in the ledger"
            )


def _gone(folder: Path) -> WorkspaceError:
    return WorkspaceError(
        f"{folder}: the folder has gone, so what was returned cannot be seen; is the share connected? "
        "Bring it back, or make it again if it was empty"
    )


def listing(workspace: Workspace) -> Iterator[Arrived | Ignored]:
    """Every entry of `returns/*/received`, in order of name; hashed one at a time.

    Raises:
        WorkspaceError: the returns folder, or the received folder of a period whose returns were issued, has gone or
            cannot be listed, which is never taken for 'no returns'; or the settings are wrong.
    """
    limits = workspace.settings().limits
    for folder in _entries(workspace.returns):
        if not _is_folder(folder):
            continue
        received = folder / "received"
        if _is_folder(received):
            yield from (_entry(path, shown_name(folder.name), limits) for path in _entries(received))
        elif _is_folder(folder / "issued"):
            raise _gone(received)


def received_folders(workspace: Workspace) -> list[Path]:
    """The folders `returns/*/received` that are there. Raises WorkspaceError where that cannot be seen."""
    folders = (folder / "received" for folder in _entries(workspace.returns))
    return [folder for folder in folders if _is_folder(folder)]


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        raise WorkspaceError(f"{folder}: cannot be listed ({error}); is the share connected?") from error


def _is_folder(path: Path) -> bool:
    """Whether a folder is there. Raises WorkspaceError where nobody can say, as on a share that has gone."""
    try:
        return path.is_dir()
    except OSError as error:
        raise WorkspaceError(f"{path}: cannot be looked into ({error}); is the share connected?") from error


def _entry(path: Path, folder: str, limits: ReadingLimits) -> Arrived | Ignored:
    name = shown_name(path.name)
    if path.name.startswith(_LOCKS):
        return Ignored(name, "lock or system file of an open workbook", is_lock=True)
    if path.name.startswith(".") or path.suffix.lower() in _NO_WORKBOOKS:
        return Ignored(name, _MAIL if path.suffix.lower() in _MAILS else "not a workbook")
    try:
        status = path.lstat()
    except OSError as error:
        return _unread(path, folder, _unopened(error, Location(name)))
    if stat.S_ISDIR(status.st_mode):
        return Ignored(name, "a folder")
    problem = _not_opened(status, Location(name), limits)
    read = problem or _read(path, limits)
    if isinstance(read, Finding):
        return _unread(path, folder, read)
    return Arrived(path, folder, read)


def _unread(path: Path, folder: str, problem: Finding) -> Arrived:
    """A file without content. It is named by its place, so that it counts as another file once it can be read."""
    place = f"unread:{folder}/{shown_name(path.name)}"
    return Arrived(path, folder, hashlib.sha256(place.encode()).hexdigest(), problem)


def _not_opened(status: os.stat_result, where: Location, limits: ReadingLimits) -> Finding | None:
    """Why an entry that is no folder is not opened; None where it may be."""
    if not stat.S_ISREG(status.st_mode):
        return _no_file(where)
    if is_in_cloud(status):
        fix = "In its folder choose 'Always keep on this device', wait until it is there, then collate again."
        return finding("F009", "it is still in the cloud, not on this computer.", where, fix=fix)
    if status.st_size > limits.file_bytes:
        size, most = (f"{count / 1_048_576:.0f} MB" for count in (status.st_size, limits.file_bytes))
        return finding("F005", f"it is {size}.", where, found=size, expected=f"at most {most}")
    if not status.st_size:
        fix = "Wait until it is copied, then collate again; if it stays empty, ask its owner to send it again."
        return finding("F002", "it is empty; perhaps it is still being copied.", where, fix=fix)
    return None


def is_in_cloud(status: os.stat_result) -> bool:
    """Whether a file is only a placeholder, whose content would be fetched by opening it (OneDrive, iCloud)."""
    away: int = getattr(status, "st_file_attributes", 0) & _AWAY
    dataless: int = getattr(status, "st_flags", 0) & _DATALESS
    return bool(away or dataless)


def read_again(arrived: Arrived, limits: ReadingLimits) -> FileToJudge | Arrived:
    """The contents of a file to be judged; or, if it has changed meanwhile, the file as one that cannot be judged.

    Raises nothing: whatever keeps a file from being read is a finding on it.
    """
    data = bytearray()
    read = _read(arrived.path, limits, data)
    if not isinstance(read, Finding) and read != arrived.sha256:
        read = _changing(Location(arrived.name))
    return (
        _unread(arrived.path, arrived.folder, read) if isinstance(read, Finding) else FileToJudge(arrived, bytes(data))
    )


def _read(path: Path, limits: ReadingLimits, content: bytearray | None = None) -> str | Finding:
    """The sha256 of a file, or the finding that says why it cannot be read; its bytes are added to `content`."""
    where, digest, size = Location(shown_name(path.name)), hashlib.sha256(), 0
    try:
        with _opened(path) as descriptor:
            before = os.fstat(descriptor)
            problem = _not_opened(before, where, limits)
            if problem is not None:
                return problem
            while size <= limits.file_bytes and (chunk := os.read(descriptor, _CHUNK)):
                size += len(chunk)
                digest.update(chunk)
                if content is not None:
                    content += chunk
            after = os.fstat(descriptor)
    except OSError as error:
        return _unopened(error, where)
    if (before.st_size, before.st_mtime_ns, size) != (after.st_size, after.st_mtime_ns, before.st_size):
        return _changing(where)
    return digest.hexdigest()


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, _OPEN)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _unopened(error: OSError, where: Location) -> Finding:
    if error.errno == errno.ELOOP:  # a link, put there since it was listed
        return _no_file(where)
    return finding("F009", f"{error.strerror or error}.", where)


def _no_file(where: Location) -> Finding:
    return finding("F026", "it is a link, pipe or device, so it was not opened.", where)


def _changing(where: Location) -> Finding:
    return finding("F025", "it changed while it was read.", where)


def shown_name(name: str) -> str:
    """A file name fit to be printed and recorded: `plain`, and with '?' for bytes that are no text."""
    return plain(name.encode("utf-8", "replace").decode("utf-8"))
