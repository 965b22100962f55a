"""One at a time: the lock of a workspace, which says who holds it, and which no crash makes a person's business.

It is a file, as that is all that a share and a desktop have in common, and it is advisory. Two copies of a workspace
behind a syncing service have a lock each; there nothing is lost because the ledger is the union of its runs.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from xlperf.durable import PART, hidden_name, move_new, write_new
from xlperf.errors import WorkspaceError
from xlperf.workflow.holder import Holder, as_text, from_text, this_process
from xlperf.workflow.leftovers import tidy
from xlperf.workflow.workspace import Workspace

NAME = "xlperf.lock"
WAIT = 60.0
"""Seconds that a command waits for another to finish. A click in Excel does not wait."""
_BEAT = 5.0  # seconds between two signs of life
_HEARD = 3 * _BEAT  # so lately was a holder heard that certainly lives
_SILENT = 60.0  # so long must a holder on another machine have been silent to be given up
_POLL = 0.2

Tell = Callable[[str], None]


def say_nothing(_: str) -> None:
    """Tell nobody."""


class Lock:
    """A lock that is held."""

    def __init__(self, path: Path, holder: Holder) -> None:
        self._path = path
        self._holder = holder
        self._ended = threading.Event()
        self._beating = threading.Thread(target=self._beat, name="xlperf lock", daemon=True)
        self._beating.start()

    def must_be_ours(self) -> None:
        """Raise WorkspaceError where somebody has taken the lock over, as when this machine slept for a while."""
        for _ in range(3):
            if (found := _read(self._path)) is not None:
                break
            time.sleep(_POLL)  # one who takes over looks at it for a moment under another name
        if not self._is_ours(found or b""):
            them = from_text(found or b"")
            raise WorkspaceError(
                f"{self._path} was taken over{f': {them}' if them else ''}. Perhaps this machine was asleep, or the "
                "folder could not be reached. What was read until then is in the ledger, and nothing else was changed; "
                "do it again when they have finished"
            )

    def release(self) -> None:
        """Give the lock back."""
        self._ended.set()
        self._beating.join()
        with suppress(OSError):  # the next who comes sees that this process has ended
            _take_away(self._path, self._is_ours)

    def _beat(self) -> None:
        """Write a sign of life into our own file and into no other, whatever lies under its name by now."""
        beat = 0
        while not self._ended.wait(_BEAT):
            beat += 1
            with suppress(OSError), self._path.open("r+b") as file:
                if self._is_ours(file.read()):
                    file.seek(0)
                    file.write(as_text(self._holder, beat))

    def _is_ours(self, found: bytes) -> bool:
        them = from_text(found)
        return them is not None and them.token == self._holder.token


@contextmanager
def locked(
    workspace: Workspace, doing: str, *, by: str, now: datetime, wait: float = WAIT, tell: Tell = say_nothing
) -> Iterator[Lock]:
    """Hold a workspace while something is written in it; what a crash has left half-written in it is removed first.

    Args:
        workspace: which.
        doing: what for, as "collating".
        by: who, for others to see.
        now: since when, for others to see.
        wait: seconds to wait for a holder who is alive. Whether one on another machine is takes seconds to find out.
        tell: called with one sentence when there is somebody to wait for, and when a lock was taken over.

    Raises WorkspaceError where another holds it, saying who, where, since when and what to do, and where a lock cannot
    be made.
    """
    path = workspace.root / NAME
    lock = Lock(path, _acquire(path, this_process(by, doing, now), wait, tell))
    try:
        tidy(workspace)
        yield lock
    finally:
        lock.release()


def _acquire(path: Path, us: Holder, wait: float, tell: Tell) -> Holder:
    begun, watch, is_told = time.monotonic(), _Watch(), False
    while not _made(path, us):
        found = _read(path)
        if found is None:  # given back this moment
            continue
        watch.see(found)
        if watch.is_theirs(us):  # a share may make a file and report a failure
            break
        if watch.is_dead and _take_away(path, found.__eq__):  # a beat since then, and it is not the one that is meant
            tell(f"a lock was taken over whose holder is there no more: {watch.who}")
            continue
        waited = time.monotonic() - begun
        if watch.is_alive and waited >= wait:
            raise WorkspaceError(f"{watch.who}; wait until that is done, then do this again")
        if waited >= wait + 2 * _SILENT:
            raise WorkspaceError(f"{path} is left over ({watch.who}), and cannot be removed; delete it by hand")
        if not is_told:
            tell(f"waiting for the workspace: {watch.who}")
            is_told = True
        time.sleep(_POLL)
    return us


def _made(path: Path, us: Holder) -> bool:
    """Whether the lock file could be made; False where there is one. Raises WorkspaceError."""
    try:
        write_new(path, as_text(us, 0))
    except FileExistsError:
        return False
    except OSError as error:
        raise WorkspaceError(
            f"{path}: cannot be made ({error.strerror or error}). xlperf writes in this folder: is the share connected,"
            " and may you write there? If not, ask whoever looks after it"
        ) from error
    return True


class _Watch:
    """Watching somebody else's lock, by our own clock alone: theirs, or its time zone, may be wrong."""

    def __init__(self) -> None:
        self._last: bytes | None = None
        self._heard = time.monotonic()
        self._has_beaten = False
        self._them: Holder | None = None

    def see(self, found: bytes) -> None:
        """Take note of what the lock file says now."""
        if found != self._last:
            self._has_beaten, self._heard = self._last is not None, time.monotonic()
            self._last, self._them = found, from_text(found)

    def is_theirs(self, holder: Holder) -> bool:
        """Whether the lock is that holder's."""
        return self._them is not None and self._them.token == holder.token

    @property
    def who(self) -> str:
        """Whose it is, in words."""
        return str(self._them) if self._them else "somebody whose lock cannot be read is at work here"

    @property
    def is_dead(self) -> bool:
        """Whether its holder is gone: seen to be, or silent for so long that it must be."""
        if self._them is not None and (self._them.is_gone or self._them.is_running):
            return self._them.is_gone
        return time.monotonic() - self._heard >= _SILENT

    @property
    def is_alive(self) -> bool:
        """Whether its holder certainly works: seen to, or heard of lately."""
        if self._them is not None and self._them.is_running:
            return True
        return self._has_beaten and time.monotonic() - self._heard < _HEARD


def _read(path: Path) -> bytes | None:
    """What the lock file says; None where there is none. What cannot be read counts as something unknown."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        return b""


def _take_away(path: Path, is_meant: Callable[[bytes], bool]) -> bool:
    """Remove a lock file, but only the one that is meant; of two who try, one does.

    It is renamed before it is looked at: then nobody else can have it, and one that was not meant is put back.
    """
    aside = path.with_name(hidden_name(PART))
    try:
        path.rename(aside)
    except OSError:  # it has gone; or, on Windows, somebody is reading it
        return False
    if not is_meant(_read(aside) or b""):
        with suppress(OSError):
            move_new(aside, path)
        return False
    with suppress(OSError):
        aside.unlink()
    return True
