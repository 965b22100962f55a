"""The pool: untrusted workbooks read in processes apart, a few at a time, with the answers in the order asked for.

    with Readers(limits, expected=len(files)) as pool:
        for file, book, findings in pool.read(files, wanted): ...

Whatever a file does to the process that reads it is a finding on that file, and a new process takes the next one.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

from xlperf.errors import WorkbookError
from xlperf.findings import Finding, Location, finding
from xlperf.tables import Book
from xlperf.workbook.isolated.deadlines import Deadlines
from xlperf.workbook.isolated.starting import Start, cores, worker
from xlperf.workbook.isolated.worker_process import BookOrFindings, Failed, Fault, File, Worker
from xlperf.workbook.reader import ReadingLimits

MOST_WORKERS = 4
FILES_A_WORKER = 500
"""After so many files a worker is replaced, which frees any memory that it may have leaked."""
_WORTH_ANOTHER = 25  # files: to start a worker takes about as long as to read so many
_BATCH_FILES = 12
_BATCH_BYTES = 512 * 1024
"""What a worker is given at once: at most so many files, and none more once there are so many bytes."""
_TRIES = 2
_STARTS = 3

F = TypeVar("F", bound=File)


class Readers:
    """A pool of workers, to be used in a `with` statement, which ends them all; see `kept` for several batches."""

    def __init__(
        self, limits: ReadingLimits, *, is_quick: bool = True, expected: int | None = None, start: Start | None = None
    ) -> None:
        """Nothing is started yet.

        Args:
            limits: what a file may cost.
            is_quick: whether ordinary XML may be read without a parser; the result is the same.
            expected: how many files will come, about; a small batch gets one worker. None: many.
            start: how to start a worker; the real one where None.
        """
        self.workers = workers_for(expected)
        self._limits = limits
        self._is_quick = is_quick
        self._start = start or worker()
        # A thread talks to one worker. It lives as long as the pool: on Linux its worker ends with it.
        self._threads = ThreadPoolExecutor(self.workers, "xlperf-reader")
        self._deadlines = Deadlines()
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._alive: set[Worker] = set()
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End all workers; nothing can be read after that."""
        with self._lock:
            self._is_closed = True
            for each in self._alive:
                each.kill()
        self._threads.shutdown(cancel_futures=True)
        for each in self._alive:
            each.close()
        self._deadlines.close()

    @property
    def process_ids(self) -> list[int]:
        """The processes that are there now."""
        with self._lock:
            return sorted(each.process_id for each in self._alive)

    def read(
        self, files: Iterable[F], wanted: Collection[str] | None
    ) -> Iterator[tuple[F, Book | None, list[Finding]]]:
        """Read the `wanted` tables of each file, as `read_tables` does, in order; only a few files are held at a time.

        Raises:
            WorkbookError: no worker can be started, which is no fault of any file.
        """
        asked: deque[tuple[Sequence[F], Future[list[BookOrFindings]]]] = deque()
        for batch in _batches(files):
            try:
                asked.append((batch, self._threads.submit(self._read, batch, wanted)))
            except RuntimeError as error:  # the system has no thread left
                raise _cannot_start(str(error)) from error
            del batch
            if len(asked) > self.workers:
                yield from self._next(asked)
        while asked:
            yield from self._next(asked)

    @staticmethod
    def _next(
        asked: deque[tuple[Sequence[F], Future[list[BookOrFindings]]]],
    ) -> Iterator[tuple[F, Book | None, list[Finding]]]:
        batch, answers = asked.popleft()
        for file, (book, findings) in zip(batch, answers.result(), strict=True):
            yield file, book, findings

    def _read(self, batch: Sequence[File], wanted: Collection[str] | None) -> list[BookOrFindings]:
        """Ask this thread's worker. Where it fails over a file, a new one takes that and those behind it.

        The worker may have been killed from outside, or spoilt before; only a file that fails twice is at fault, or one
        that took too long, as it has had its chance.
        """
        answers: list[BookOrFindings] = []
        tries = 0
        while len(answers) < len(batch):
            mine = self._worker()
            try:
                for answer in mine.read(batch[len(answers) :], wanted):
                    answers.append(answer)
                    tries = 0
            except Failed as failed:
                self._end(mine)
                tries += 1
                if tries == _TRIES or failed.fault is Fault.SLOW:
                    answers.append((None, [self._finding(failed, batch[len(answers)].name)]))
                    tries = 0
            except OSError as error:
                raise _cannot_start(str(error)) from error
        return answers

    def _worker(self) -> Worker:
        mine: Worker | None = getattr(self._mine, "worker", None)
        if mine is not None and mine.files < FILES_A_WORKER:
            return mine
        if mine is not None:
            self._end(mine)
        why: Exception | None = None
        for _ in range(_STARTS):
            try:
                begun = self._begin()
                try:
                    begun.get_ready()
                except Failed as failed:
                    self._end(begun)
                    why = failed
                else:
                    self._mine.worker = begun
                    return begun
            except OSError as error:
                raise _cannot_start(str(error)) from error
        raise _cannot_start(f"it ended at once, with {self._limits.memory_mb} MB of memory ({why})")

    def _begin(self) -> Worker:
        with self._lock:
            if self._is_closed:
                raise WorkbookError("reading has been stopped")
            new = Worker(self._start, self._limits, self._deadlines, is_quick=self._is_quick)
            self._alive.add(new)
            return new

    def _end(self, mine: Worker) -> None:
        self._mine.worker = None
        with self._lock:
            self._alive.discard(mine)
        mine.close()

    def _finding(self, failed: Failed, file: str) -> Finding:
        limits, where = self._limits, Location(file)
        match failed.fault:
            case Fault.SLOW:
                return finding("F020", f"reading it took more than {limits.seconds} seconds.", where)
            case Fault.MEMORY:
                return finding("F021", f"reading it took more than {limits.memory_mb:,} MB of memory.", where)
            case Fault.DIED:
                message = "the process that read it broke off, and so did another."
                return finding("F022", message, where, found=failed.what)
            case Fault.STOPPED:
                return finding("F023", "reading it tried to write a file, start a program or use the network.", where)
            case Fault.UNSOUND:
                return finding("F023", "the process that read it gave an answer that cannot be right.", where)
            case Fault.SIZE:
                most = f"{limits.result_bytes / 1_048_576:.0f} MB"
                return finding(
                    "F024", "its tables hold more than xlperf accepts from one file.", where, expected=f"at most {most}"
                )


def _batches(files: Iterable[F]) -> Iterator[Sequence[F]]:
    """The files, some at a time: few at first, so that every worker has something to do and somebody sees an answer."""
    batch: list[F] = []
    size, most, made = 0, 1, 0
    for file in files:
        batch.append(file)
        size += len(file.data)
        del file
        if len(batch) >= most or size >= _BATCH_BYTES:
            yield tuple(batch)
            batch, size, made = [], 0, made + 1
            most = min(_BATCH_FILES, 2 ** (made // MOST_WORKERS))
    if batch:
        yield tuple(batch)


def workers_for(expected: int | None) -> int:
    """How many workers should read about so many files; None: many."""
    most = min(MOST_WORKERS, cores())
    return most if expected is None else max(1, min(most, expected // _WORTH_ANOTHER))


def _cannot_start(why: str) -> WorkbookError:
    return WorkbookError(
        f"the process that reads returned files cannot be started: {why}. Nothing was judged. See that this computer "
        "lets Python start programs, and look at 'limits' in workspace.yaml if it has any"
    )
