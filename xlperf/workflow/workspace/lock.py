"""One at a time: the lock of a workspace. It says who holds it, and after a crash nobody has to remove it by hand.

It is a folder `xlperf.lock` with one file in it, named by a token and saying whose it is. Files and folders are all
that a share and a desktop have in common. The folder is made elsewhere, complete, and renamed to its place; that fails
if there is one with something in it. Whoever removes a lock deletes the file by its name: the file of one certain
holder, and of nobody who came after. So however many try either at the same moment, one succeeds.

The lock is advisory. Two copies of a workspace behind a syncing service have a lock each. Nothing is lost there,
because the ledger is the union of its runs.
"""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xlperf.durable import IS_WINDOWS, PART, hidden_name, replace_file
from xlperf.errors import WorkspaceError
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.holder import Holder, as_text, from_text, this_process
from xlperf.workflow.workspace.leftovers import remove_folder, tidy
from xlperf.workflow.workspace.run import Run

_BEAT = 5.0  # seconds between two signs of life
_HEARD = 3 * _BEAT  # so lately was a holder heard that certainly lives
_SILENT = 60.0  # so long must a holder on another machine have been silent to be given up
_POLL = 0.1
_TAKEN = {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}


class Lock:
    """A lock that is held."""

    def __init__(self, folder: Path, holder: Holder) -> None:
        self._folder = folder
        self._file = folder / holder.token
        self._holder = holder
        self._ended = threading.Event()
        self._beating = threading.Thread(target=self._beat, name="xlperf lock", daemon=True)
        self._beating.start()

    def must_be_ours(self) -> None:
        """Raise WorkspaceError where somebody has taken the lock over, as when this machine slept for a while."""
        with suppress(OSError):
            self._file.stat()
            return
        them = [str(holder) for content in _read(self._folder).values() if (holder := from_text(content))]
        raise WorkspaceError(
            f"{self._folder} was taken over{f': {them[0]}' if them else ''}. Perhaps this machine was asleep, or the "
            "folder could not be reached. What was read until then is in the ledger, and nothing else was changed; "
            "try again when they have finished"
        )

    def release(self) -> None:
        """Give the lock back. If that fails, the next to come sees that this process has ended."""
        self._ended.set()
        self._beating.join()
        for _ in range(10):
            if _remove(self._file) or not IS_WINDOWS:
                break
            time.sleep(_POLL)  # somebody is reading it
        with suppress(OSError):  # somebody else has it already
            self._folder.rmdir()

    def _beat(self) -> None:
        """Write a sign of life into our own file, if it is still there."""
        beat = 0
        while not self._ended.wait(_BEAT):
            beat += 1
            with suppress(OSError), self._file.open("r+b") as file:
                file.write(as_text(self._holder, beat))


@contextmanager
def locked(workspace: Workspace, doing: str, run: Run) -> Iterator[Lock]:
    """Hold a workspace while something is written in it; what a crash has left half-written in it is removed first.

    Args:
        workspace: which.
        doing: what for, as "collating".
        run: since when and by whom, for others to see; how long to wait for a holder who is alive (whether one on
            another machine is takes seconds to find out); told when there is somebody to wait for, and when a lock
            was taken over.

    Raises WorkspaceError where another holds it, saying who, where, since when and what to do, and where a lock cannot
    be made.
    """
    folder, us = workspace.lock, this_process(run.by, doing, run.now)
    _acquire(folder, us, run)
    lock = Lock(folder, us)
    try:
        tidy(workspace)
        yield lock
    finally:
        lock.release()


def _acquire(folder: Path, us: Holder, run: Run) -> None:
    begun, is_told = time.monotonic(), False
    watches: dict[str, _Watch] = {}
    while not _is_ours(folder, us):
        holders = _read(folder)
        watches = {name: watches.get(name, _Watch()) for name in holders}
        for name, watch in watches.items():
            watch.see(holders[name])
        gone = [watch for name, watch in watches.items() if watch.is_dead and _remove(folder / name)]
        for watch in gone:
            run.tell(f"a lock was taken over whose holder is there no more: {watch.who}")
        left = sorted((watch for watch in watches.values() if watch not in gone), key=lambda watch: not watch.is_alive)
        waited = time.monotonic() - begun
        if left and left[0].is_alive and waited >= run.wait:
            raise WorkspaceError(f"{left[0].who}; wait until that is done, then try again")
        if waited >= run.wait + 2 * _SILENT:
            raise WorkspaceError(f"{folder} is left over and cannot be removed; delete it by hand, and try again")
        if left and not is_told:
            run.tell(f"waiting for the workspace: {left[0].who}")
            is_told = True
        if not gone:
            time.sleep(_POLL)


def _is_ours(folder: Path, us: Holder) -> bool:
    """Whether the lock is ours: taken now, or taken before, since a share may do a thing and report a failure."""
    holders = _read(folder)
    if holders:
        return us.token in holders
    with suppress(OSError):  # an empty one, as is left by somebody who was killed while giving it back
        folder.rmdir()
    return _made(folder, us)


def _made(folder: Path, us: Holder) -> bool:
    """Whether the lock could be made; False if there is one. Raises WorkspaceError."""
    beside = folder.with_name(hidden_name(PART))
    try:
        beside.mkdir()
        replace_file(beside / us.token, as_text(us, 0))
        os.rename(beside, folder)
    except OSError as error:
        remove_folder(beside)
        if error.errno in _TAKEN or (IS_WINDOWS and folder.exists()):
            return False
        raise WorkspaceError(
            f"{folder}: cannot be made ({error.strerror or error}). xlperf writes in this folder: is the share "
            "connected, and may you write there? If not, ask whoever looks after it"
        ) from error
    return True


class _Watch:
    """Watches somebody else's lock by our own clock alone, because theirs, or its time zone, may be wrong."""

    def __init__(self) -> None:
        self._last: bytes | None = None
        self._heard = time.monotonic()
        self._has_beaten = False
        self._them: Holder | None = None

    def see(self, content: bytes) -> None:
        """Take note of what the lock says now."""
        if content != self._last:
            self._has_beaten, self._heard = self._last is not None, time.monotonic()
            self._last, self._them = content, from_text(content)

    @property
    def who(self) -> str:
        """Whose it is, in words."""
        return str(self._them) if self._them else "somebody whose lock cannot be read"

    @property
    def is_dead(self) -> bool:
        """Whether its holder is gone: seen to have ended, or silent for so long that it must have."""
        if self._them is not None and (self._them.is_gone or self._them.is_running):
            return self._them.is_gone
        return time.monotonic() - self._heard >= _SILENT

    @property
    def is_alive(self) -> bool:
        """Whether its holder is certainly at work: seen to be, or heard from recently."""
        if self._them is not None and self._them.is_running:
            return True
        return self._has_beaten and time.monotonic() - self._heard < _HEARD


def _read(folder: Path) -> dict[str, bytes]:
    """What is in the lock, by name: one file, or two if a syncing service has brought another machine's.

    A file in place of the folder, which did not come from here, gets the name "". What cannot be read says nothing.
    """
    try:
        return {name: _bytes(folder / name) for name in sorted(os.listdir(folder))}
    except NotADirectoryError:
        return {"": _bytes(folder)}
    except OSError:
        return {}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _remove(path: Path) -> bool:
    """Whether we removed it; False where it has gone, or cannot be removed now."""
    try:
        path.unlink()
    except OSError:
        if not path.is_dir():
            return False
        remove_folder(path)  # not from here
        return not path.exists()
    return True
