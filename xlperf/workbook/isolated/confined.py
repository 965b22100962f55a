"""The rights that a worker gives up before it is given a file: memory, files, processes, and the network.

The limits are the system's, and hold for native code too. The audit hook is Python's: it ends the process when the
interpreter is about to do what reading never does. It is no barrier to code that runs below the interpreter.
"""

from __future__ import annotations

import os
import signal
import sys

STOPPED = 86
"""Exit code of a worker that was about to do what reading never does."""

_FILES = 16  # open at once: its pipes, and a codec that is imported
_PR_SET_PDEATHSIG = 1
_GRACE = 5  # seconds beyond the limit: killing is the parent's business, as long as there is one
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_FAMILIES = (
    "os.", "shutil.", "tempfile.", "winreg.", "_winapi.", "msvcrt.", "fcntl.", "sqlite3.",
    "subprocess.", "pty.", "ctypes.", "pickle.", "resource.", "signal.", "syslog.",
    "socket.", "urllib.", "http.", "ftplib.", "smtplib.", "imaplib.", "poplib.", "nntplib.", "telnetlib.",
    "webbrowser.",
)  # fmt: skip
"""Groups of audit events that never occur in reading (docs.python.org/3/library/audit_events.html)."""
_HARMLESS = ("os.listdir", "os.scandir")  # importing a codec looks into folders


def confine(memory_mb: int) -> None:
    """Take everything from this process that reading does not need; there is no way back.

    Raises OSError, ValueError: the system does not allow it, so no file may be read here.
    """
    sys.dont_write_bytecode = True
    if sys.platform != "win32":  # there the parent does it, by a job object
        _limit(memory_mb)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to act on
    sys.addaudithook(_watch)


def allow(seconds: float) -> None:
    """Let this process live for that long and a little more, in case it hangs and its parent has gone; 0: for ever."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE if seconds else 0)


if sys.platform != "win32":

    def _limit(memory_mb: int) -> None:
        import resource

        if sys.platform == "linux":
            _end_with_parent()
        _lower(resource.RLIMIT_CORE, 0)
        _lower(resource.RLIMIT_FSIZE, 0)
        _lower(resource.RLIMIT_NOFILE, _FILES)
        _lower(resource.RLIMIT_NPROC, 0)
        try:
            _lower(resource.RLIMIT_AS, memory_mb * 1024 * 1024)
        except (ValueError, OSError):
            # macOS maps more than any sensible limit before Python starts, and does not let it be lowered to one.
            if sys.platform != "darwin":
                raise

    def _lower(kind: int, most: int) -> None:
        import resource

        _, hard = resource.getrlimit(kind)
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (value, value))

    def _end_with_parent() -> None:
        """Have the system kill this process when the thread that started it ends, however that comes about."""
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        if not _is_writing(*arguments):
            return
    elif event in _HARMLESS or not event.startswith(_FAMILIES):
        return
    os._exit(STOPPED)


def _is_writing(path: object, mode: object = None, flags: object = 0) -> bool:
    by_mode = isinstance(mode, str) and not set("wax+").isdisjoint(mode)
    return by_mode or bool(isinstance(flags, int) and flags & _WRITING)
