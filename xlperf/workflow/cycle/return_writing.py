"""Writes returns with their e-mail drafts into a hidden folder: a few here, many in processes beside this one."""

from __future__ import annotations

import pickle
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from xlperf.durable import write_unseen
from xlperf.workbook.isolated.frames import receive, send
from xlperf.workbook.isolated.starting import PipedProcess, cores, helper
from xlperf.workbook.stamping.slots import Filling
from xlperf.workflow.cycle.mail import Attachment, draft
from xlperf.workflow.cycle.return_files import ReturnFiles

if TYPE_CHECKING:
    from xlperf.workflow.workspace.run import Progress

WORKER = "xlperf.workflow.cycle.return_worker"
"""The module that a helping process runs."""
DONE = b"done"
RETURNS_A_PROCESS = 75
"""To start a process takes as long as to write about so many."""
_AT_A_TIME = 10
_MEMORY_MB = 1024


@dataclass(frozen=True, slots=True)
class Writing:
    """One return to be written: its id, the file's name for people, what is in it, and to whom it goes."""

    return_id: str
    name: str
    filling: Filling
    to: str


@dataclass(frozen=True)
class Writer:
    """Writes returns, each as ID.xlsx and ID.eml. All paths are absolute, as a helping process has another folder.

    `templates` are those of `ReturnFiles`.
    """

    templates: tuple[Path, ...]
    covering: Path
    folder: Path

    @cached_property
    def _files(self) -> ReturnFiles:
        return ReturnFiles(self.templates)

    def write(self, returns: Iterable[Writing]) -> None:
        """Write them, over what a broken-off attempt left of them. Raises TemplateError, WorkbookError, OSError."""
        made: dict[Path, bytes] = {}
        for each in returns:
            data = self._files.file_of(each.filling)
            made[self.folder / f"{each.return_id}.xlsx"] = data
            made[self.folder / f"{each.return_id}.eml"] = draft(
                self.covering, each.filling.words, to=each.to, attach=Attachment(each.name, data)
            )
        write_unseen(made)


def write_returns(returns: Iterable[Writing], count: int, writer: Writer, progress: Progress) -> None:
    """Write `count` returns. Nothing of them is in place yet; the folder is to be flushed.

    Raises:
        TemplateError, WorkbookError, OSError: as `Writer.write`; some may have been written.
    """
    done = 0
    with _Helpers(writer, processes_for(count)) as helpers:
        for batch in helpers.written(_batches(returns)):
            for each in batch:
                done += 1
                progress(done, count, str(each.filling.words["owner"]))


def processes_for(count: int) -> int:
    """How many processes should help with so many returns; never more than there are cores, and 0 for a few."""
    most = min(cores(), count // RETURNS_A_PROCESS)
    return most if most > 1 else 0


def _batches(returns: Iterable[Writing]) -> Iterator[list[Writing]]:
    ahead = iter(returns)
    while batch := list(islice(ahead, _AT_A_TIME)):
        yield batch


class _Helpers:
    """Processes that write returns, each of which ends when this one does.

    Whatever becomes of one of them, what it was writing is written here, by the same code, and raises here what it
    raises. So there is one way to fail, and a process that was killed costs time and nothing else.
    """

    def __init__(self, writer: Writer, count: int) -> None:
        self._writer, self._count = writer, count
        self._greeting = pickle.dumps(writer)
        self._threads = ThreadPoolExecutor(max(count, 1), "xlperf-returns")  # each talks to one process
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._started: list[PipedProcess] = []
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._lock:
            self._is_closed = True
            for each in self._started:
                each.kill()
        self._threads.shutdown(cancel_futures=True)
        for each in self._started:
            each.close()

    def written(self, batches: Iterable[Sequence[Writing]]) -> Iterator[Sequence[Writing]]:
        """Write them, and return each batch in its turn once it is on the disk; only a few are held at a time."""
        asked: deque[tuple[Sequence[Writing], Future[bool] | None]] = deque()
        for batch in batches:
            asked.append((batch, self._asked(batch)))
            if len(asked) > 2 * self._count:
                yield self._next(asked)
        while asked:
            yield self._next(asked)

    def _asked(self, batch: Sequence[Writing]) -> Future[bool] | None:
        with suppress(RuntimeError):  # the system has no thread left
            return self._threads.submit(self._by_helper, batch) if self._count else None
        return None

    def _next(self, asked: deque[tuple[Sequence[Writing], Future[bool] | None]]) -> Sequence[Writing]:
        batch, by_helper = asked.popleft()
        if by_helper is None or not by_helper.result():
            self._writer.write(batch)
        return batch

    def _by_helper(self, batch: Sequence[Writing]) -> bool:
        """Have this thread's process write them; whether it did. One that did not is ended, and not replaced."""
        try:
            mine = self._helper()
        except OSError:
            return False
        if mine is None:
            return False
        with suppress(OSError, EOFError, ValueError):
            send(mine.into, pickle.dumps(batch))
            if receive(mine.out_of, len(DONE)) == DONE:
                return True
        mine.kill()
        mine.wait()  # so that it writes nothing while the same is written here
        self._mine.helper = None
        return False

    def _helper(self) -> PipedProcess | None:
        if not hasattr(self._mine, "helper"):
            self._mine.helper = None
            with self._lock:
                if self._is_closed:
                    return None
                started = helper(WORKER, _MEMORY_MB)
                self._started.append(started)
            self._mine.helper = started
            send(started.into, self._greeting)
        mine: PipedProcess | None = self._mine.helper
        return mine
