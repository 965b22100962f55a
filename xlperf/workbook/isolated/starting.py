"""How a worker is started: which program, with what of our environment, and held by what."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from xlperf.workbook.isolated.job import Job

SWITCHES = ("-E", "-P")
"""How every Python that xlperf starts is started; the macro in macros/Desktop.bas says the same.

-E: whatever PYTHON… variables say is ignored, as a PYTHONHOME that another program left, with which Python would end
at once. -P: nothing is imported from the current folder. -I would say both, and also that what is installed for one
user only cannot be found, which is how xlperf gets onto many a locked-down desktop.
"""

_MODULE = "xlperf.workbook.isolated.worker"
_NEEDED = (
    "SYSTEMROOT", "WINDIR", "PATH",  # what Windows needs to start a program
    "HOME", "USERPROFILE", "APPDATA",  # where Python looks for packages installed for one user
    "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH",  # where some Pythons have their own library
)  # fmt: skip
"""All that a worker sees of our environment, in which there may be passwords."""


@dataclass(frozen=True, slots=True)
class Start:
    """A command and its environment."""

    command: Sequence[str]
    environment: Mapping[str, str]


def worker() -> Start:
    """The real worker: a fresh interpreter like this one."""
    return _start(_MODULE)


def _start(module: str) -> Start:
    base = getattr(sys, "_base_executable", sys.executable)
    return start_of(sys.executable, base, os.environ, sys.platform, module)


def cores() -> int:
    """How many processes can be at work at the same time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def start_of(
    executable: str, base_executable: str, environment: Mapping[str, str], platform: str, module: str = _MODULE
) -> Start:
    """How to start a worker, or another module, with an interpreter.

    On Windows a virtual environment's python.exe is a launcher that starts the real one beside it, and the job has
    room for one process only; so the real one is started, and told of the environment as the standard library's
    multiprocessing does. And python.exe instead of pythonw.exe, whose pipes cannot be relied on.
    """
    kept = {name: value for name, value in environment.items() if name.upper() in _NEEDED}
    if platform == "win32":
        executable, base_executable = _with_console(executable), _with_console(base_executable)
        if executable.casefold() != base_executable.casefold():
            kept["__PYVENV_LAUNCHER__"] = executable
            executable = base_executable
    return Start((executable, *SWITCHES, "-m", module), kept)


def _with_console(executable: str) -> str:
    name = executable[-len("pythonw.exe") :]
    return executable[: -len(name)] + "python.exe" if name.casefold() == "pythonw.exe" else executable


def _held(process: subprocess.Popen[bytes], memory_mb: int) -> Job:
    job = Job(memory_mb)
    try:
        # The way to a process's handle that the standard library has; there is none without the underscore.
        job.add(int(process._handle))  # type: ignore[attr-defined]
    except OSError:
        job.close()
        process.kill()
        raise
    return job


class PipedProcess:
    """A process with a pipe each way; on Windows in a job that ends it with this process."""

    def __init__(self, start: Start, memory_mb: int) -> None:
        """Start it, without waiting for it. Raises OSError."""
        self._process = subprocess.Popen(
            list(start.command),
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(sys.prefix),  # not the workspace, which may be on a share, and holds received files
            env=dict(start.environment),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Excel's user has no console, and wants none
        )
        self._job = _held(self._process, memory_mb) if sys.platform == "win32" else None
        self._in, self._out = (cast("IO[bytes]", pipe) for pipe in (self._process.stdin, self._process.stdout))

    @property
    def id(self) -> int:
        """The system's number for it."""
        return self._process.pid

    @property
    def into(self) -> int:
        """The pipe to it; see `frames`. Raises ValueError once it is closed."""
        return self._in.fileno()

    @property
    def out_of(self) -> int:
        """The pipe from it, likewise."""
        return self._out.fileno()

    def kill(self) -> None:
        """End it now; a talk with it ends too."""
        with suppress(OSError):
            self._process.kill()

    def wait(self, seconds: float | None = None) -> int | None:
        """What it ended with; None where it has not ended in that time."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)
        return None

    def close(self) -> None:
        """End it, and leave nothing of it behind."""
        self.kill()
        self.wait()
        for pipe in (self._in, self._out):
            with suppress(OSError):
                pipe.close()
        if self._job is not None:
            self._job.close()


def helper(module: str, memory_mb: int) -> PipedProcess:
    """A module of ours in a fresh interpreter, which does part of a work that is ours; it reads nothing from outside.

    `memory_mb` is the most that it may have on Windows. Raises OSError.
    """
    return PipedProcess(_start(module), memory_mb)
