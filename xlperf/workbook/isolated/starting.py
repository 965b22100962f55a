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


def open_process(start: Start, memory_mb: int) -> tuple[subprocess.Popen[bytes], Job | None]:
    """Start a worker with a pipe each way; on Windows in a job that ends it with this process. Raises OSError."""
    process = subprocess.Popen(
        list(start.command),
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(sys.prefix),  # not the workspace, which may be on a share, and holds received files
        env=dict(start.environment),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Excel's user has no console, and wants none
    )
    return process, (_held(process, memory_mb) if sys.platform == "win32" else None)


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


class Helper:
    """A process of our own that does part of a work that is ours: it is trusted, and reads nothing from outside."""

    def __init__(self, process: subprocess.Popen[bytes], job: Job | None) -> None:
        self._process, self._job = process, job
        self._pipes = [cast("IO[bytes]", pipe) for pipe in (process.stdin, process.stdout)]
        self.into, self.out_of = (pipe.fileno() for pipe in self._pipes)
        """The pipes through which one talks to it; see `frames`."""

    @property
    def process_id(self) -> int:
        """The system's number for it."""
        return self._process.pid

    def kill(self) -> None:
        """End it now; a talk with it ends too."""
        with suppress(OSError):
            self._process.kill()

    def wait(self) -> None:
        """Wait until it has ended."""
        self._process.wait()

    def close(self) -> None:
        """End it, and leave nothing of it behind."""
        self.kill()
        self.wait()
        for pipe in self._pipes:
            with suppress(OSError):
                pipe.close()
        if self._job is not None:
            self._job.close()


def helper(module: str, memory_mb: int) -> Helper:
    """Start a module of ours in a fresh interpreter, with so much memory at most on Windows. Raises OSError."""
    return Helper(*open_process(_start(module), memory_mb))
