"""Harm done from inside a process, at the n-th thing that it does to the disk: a kill, or a fault.

Put into a child that was forked for it, and for good. Only what happens in one folder counts.
"""

from __future__ import annotations

import builtins
import io
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

HARMLESS = ("open", "read", "scandir", "listdir")
"""They change nothing on the disk, so to be killed at one is to be killed at the next that does."""
CHANGING_NAMES = ("replace", "rename", "link", "unlink", "remove", "mkdir", "rmdir")
CALLS = ("open", "scandir", "listdir", *CHANGING_NAMES)


class Harm:
    """Counts what is done to a folder; what is to happen at a moment is for the kinds of harm below to say."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self.done: list[str] = []

    def arm(self) -> None:
        """From now on."""
        for name in CALLS:
            setattr(os, name, self._watched(name, getattr(os, name)))
        setattr(os, "fsync", self._watched("fsync", os.fsync))  # noqa: B010
        opened = self._opening(io.open)
        setattr(io, "open", opened)  # noqa: B010
        setattr(builtins, "open", opened)  # noqa: B010

    def before(self, call: str) -> None:
        """What happens before the last of `done` is done."""

    def after(self, call: str) -> None:
        """What happens when it is done."""

    def writing(self, write: Callable[[bytes], Any], data: bytes) -> Any:
        """Write to a file."""
        return write(data)

    def reading(self, read: Callable[..., Any], *args: Any) -> Any:
        """Read from a file."""
        return read(*args)

    def _is_ours(self, target: Any) -> bool:
        if threading.current_thread() is not threading.main_thread():
            return False  # a lock's sign of life, which comes when the clock says, and so at another call each time
        if isinstance(target, int):
            target = os.readlink(f"/proc/self/fd/{target}")
        return isinstance(target, str | os.PathLike) and os.fspath(target).startswith(self._folder)

    def _watched(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **named: Any) -> Any:
            if not args or not self._is_ours(args[0]):
                return call(*args, **named)
            flags = args[1] if name == "open" and len(args) > 1 else 0
            return self._do("create" if flags & os.O_CREAT else name, lambda: call(*args, **named))

        return watched

    def _do(self, name: str, call: Callable[[], Any]) -> Any:
        self.done.append(name)
        self.before(name)
        try:
            return call()
        finally:
            self.after(name)

    def _opening(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def opened(file: Any, mode: str = "r", *args: Any, **named: Any) -> Any:
            if not self._is_ours(file):
                return call(file, mode, *args, **named)
            name = "create" if set("wxa") & set(mode) else "open"
            return _Watched(self._do(name, lambda: call(file, mode, *args, **named)), self)

        return opened


class _Watched:
    """An open file whose reads, writes and closing are watched."""

    def __init__(self, file: Any, harm: Harm) -> None:
        self._file, self._harm = file, harm

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, *args: Any) -> Any:
        return self._harm._do("read", lambda: self._harm.reading(self._file.read, *args))

    def write(self, data: bytes) -> Any:
        return self._harm._do("write", lambda: self._harm.writing(self._file.write, data))

    def close(self) -> None:
        try:
            if self._file.writable():
                self._harm._do("close", self._file.close)
        finally:
            self._file.close()


class Kill(Harm):
    """SIGKILL before the n-th thing is done, after it, or, where it is a write, in the midst of it."""

    def __init__(self, folder: Path, n: int, when: str) -> None:
        super().__init__(folder)
        self._n, self._when = n, when

    def before(self, call: str) -> None:
        if self._when == "before":
            self._perhaps()

    def after(self, call: str) -> None:
        if self._when == "after":
            self._perhaps()

    def writing(self, write: Callable[[bytes], Any], data: bytes) -> Any:
        if self._when == "within" and len(self.done) == self._n:
            write(data[: len(data) // 2])
            getattr(write, "__self__").flush()  # noqa: B009
            self._perhaps()
        return write(data)

    def _perhaps(self) -> None:
        if len(self.done) == self._n:
            os.kill(os.getpid(), signal.SIGKILL)


class Fault(Harm):
    """The n-th thing fails with an error of the system; a write that fails has written half."""

    def __init__(self, folder: Path, n: int, error: int) -> None:
        super().__init__(folder)
        self._n, self._error = n, error
        self.failed = ""

    def before(self, call: str) -> None:
        if len(self.done) == self._n and call != "write":
            self._fail(call)

    def writing(self, write: Callable[[bytes], Any], data: bytes) -> Any:
        if len(self.done) == self._n:
            write(data[: len(data) // 2])
            self._fail("write")
        return write(data)

    def _fail(self, call: str) -> None:
        self.failed = call
        raise OSError(self._error, os.strerror(self._error))
