"""One worker, as its parent sees it: it is asked, it has a limited time, and it can be killed at any moment."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from enum import StrEnum
from typing import Protocol

from xlperf.findings import Finding
from xlperf.tables import Book
from xlperf.workbook.isolated.answers import Unsound, checked
from xlperf.workbook.isolated.confined import STOPPED
from xlperf.workbook.isolated.deadlines import Deadlines
from xlperf.workbook.isolated.frames import receive, send
from xlperf.workbook.isolated.starting import PipedProcess, Start
from xlperf.workbook.reader import ReadingLimits

_TO_START = 60  # seconds; a virus scanner may look at every module first
_TO_END = 5
_LONGEST_FAULT = 1_000  # bytes; a worker may say what is wrong, however little it may give back


BookOrFindings = tuple[Book | None, list[Finding]]


class File(Protocol):
    """What is read: bytes, and the name by which findings call them."""

    @property
    def name(self) -> str:
        """The name."""
        ...

    @property
    def data(self) -> bytes:
        """The bytes."""
        ...


class Fault(StrEnum):
    """Why a worker gave no usable answer."""

    SLOW = "slow"
    MEMORY = "memory"
    DIED = "died"
    STOPPED = "stopped"
    """It was about to do what reading never does."""
    UNSOUND = "unsound"
    SIZE = "size"


class Failed(Exception):
    """The worker gave no usable answer, and must not be asked again."""

    def __init__(self, fault: Fault, what: str = "") -> None:
        super().__init__(fault)
        self.fault, self.what = fault, what


class Worker:
    """A worker process. Used by one thread; only `kill` may be called from another."""

    def __init__(self, start: Start, limits: ReadingLimits, deadlines: Deadlines, *, is_quick: bool = True) -> None:
        """Start it, without waiting for it. Raises OSError where the system does not let it.

        Args:
            start: how.
            limits: what a file may cost.
            deadlines: of the pool, by which it is ended when a file takes too long.
            is_quick: whether ordinary XML may be read without a parser.
        """
        self.files = 0
        """How many files it has been given."""
        self._limits = limits
        self._is_quick = is_quick
        self._deadlines = deadlines
        self._late = False
        self._process = PipedProcess(start, limits.memory_mb)

    @property
    def process_id(self) -> int:
        """The system's number for it."""
        return self._process.id

    def get_ready(self) -> None:
        """Wait until it has confined itself. Raises Failed, and OSError where nothing can watch the time it takes."""

        def talk() -> bytes:
            send(self._process.into, json.dumps(asdict(self._limits)).encode())
            return receive(self._process.out_of, len(b"ready"))

        if self._within(_TO_START, talk) != b"ready":
            raise Failed(Fault.UNSOUND)

    def read(self, files: Sequence[File], wanted: Collection[str] | None) -> Iterator[BookOrFindings]:
        """What `read_tables` says of each file, as soon as it is read; for each there are the same seconds.

        Raises Failed, about the first file of which nothing was said; and OSError as `get_ready` does.
        """
        first = self.files + 1
        self.files += len(files)
        asked = dict(wanted) if isinstance(wanted, Mapping) else wanted and list(wanted)
        sizes = [(file.name, len(file.data)) for file in files]
        head = json.dumps(
            {"first": first, "files": sizes, "wanted": asked, "is_quick": self._is_quick}, default=list
        ).encode()

        def ask() -> bytes:
            with suppress(BrokenPipeError):  # it may have ended before it had all
                send(self._process.into, head)
                send(self._process.into, *(file.data for file in files))
            return hear()

        def hear() -> bytes:
            return receive(self._process.out_of, max(self._limits.result_bytes, _LONGEST_FAULT))

        for number, file in enumerate(files, first):
            raw_answer = self._within(self._limits.seconds, ask if number == first else hear)
            try:
                answer = checked(raw_answer, number, wanted, file.name)
            except Unsound as error:
                raise Failed(Fault.UNSOUND) from error
            if answer.fault:
                fault = {"memory": Fault.MEMORY, "size": Fault.SIZE, "error": Fault.DIED}[answer.fault]
                raise Failed(fault, answer.what)
            yield answer.book, list(answer.findings)

    def _within(self, seconds: float, talk: Callable[[], bytes]) -> bytes:
        """What `talk` hears. Killing the worker is what ends a talk that takes too long: its pipes close."""
        if self._late:
            raise Failed(Fault.DIED)
        doing = self._deadlines.begin(seconds, self._end_late)
        try:
            return talk()
        except ValueError as error:
            raise Failed(Fault.UNSOUND) from error
        except (EOFError, OSError) as error:
            raise Failed(self._why_gone()) from error
        finally:
            self._deadlines.end(doing)

    def _end_late(self) -> None:
        self._late = True
        self.kill()

    def _why_gone(self) -> Fault:
        ended_with = self._process.wait(_TO_END)
        if self._late:
            return Fault.SLOW
        return Fault.STOPPED if ended_with == STOPPED else Fault.DIED

    def kill(self) -> None:
        """End it now; a talk with it ends too."""
        self._process.kill()

    def close(self) -> None:
        """End it, and leave nothing of it behind."""
        self._process.close()
