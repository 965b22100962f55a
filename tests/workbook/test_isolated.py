"""Reading in processes apart: whatever a file does there is a finding on that file, and the others are read as ever."""

from __future__ import annotations

import io
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from tests.conftest import filled
from xlperf.errors import WorkbookError
from xlperf.findings import Finding
from xlperf.returns import layout
from xlperf.tables import Book
from xlperf.workbook.isolated import readers as pool
from xlperf.workbook.isolated.readers import Readers
from xlperf.workbook.isolated.starting import Start, worker
from xlperf.workbook.reader import ReadingLimits, read_tables

HOSTILE = Start((*worker().command[:3], str(Path(__file__).with_name("hostile_worker.py"))), worker().environment)
"""The real command with another script: see there for what it does with which file."""
PATIENCE = 30
"""Seconds after which something that should have happened has not."""


class File:
    """Bytes and a name."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name, self.data = name, data


Read = dict[str, tuple[Book | None, list[Finding]]]


@pytest.fixture(scope="module")
def good(issued_alpha: Path) -> bytes:
    return filled(issued_alpha)


def read_all(
    files: Iterable[File],
    limits: ReadingLimits | None = None,
    start: Start | None = None,
    wanted: Collection[str] = layout.TABLES,
) -> Read:
    with Readers(limits or ReadingLimits(), start=start) as readers:
        return {file.name: (book, found) for file, book, found in readers.read(files, wanted)}


def here(data: bytes, name: str) -> tuple[Book | None, list[Finding]]:
    """What this process reads."""
    return read_tables(data, layout.TABLES, file=name)


def codes(read: Read) -> dict[str, str]:
    return {name: found[0].code for name, (book, found) in read.items() if book is None}


def is_running(process_id: int) -> bool:
    """Whether a process is there and has not ended; one that has ended may wait for a parent that has gone too."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def soon(is_so: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while not is_so() and time.monotonic() < until:
        time.sleep(0.02)
    return is_so()


def large_table(rows: int) -> bytes:
    """A workbook with one table of so many rows: real, and costly."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        columns = [{"header": "Id"}, {"header": "Figure"}]
        book.add_worksheet().add_table(0, 0, rows, 1, {"name": layout.TABLE, "columns": columns})
    filled_rows = "".join(
        f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>row {number}</t></is></c>'
        f'<c r="B{number}"><v>{number}</v></c></row>'
        for number in range(2, rows + 2)
    )
    return changed(target.getvalue(), "xl/worksheets/sheet1.xml", "</sheetData>", f"{filled_rows}</sheetData>")


def changed(workbook: bytes, part: str, old: str, new: str) -> bytes:
    """A workbook with something else in one of its parts."""
    target = io.BytesIO()
    with ZipFile(io.BytesIO(workbook)) as before, ZipFile(target, "w", ZIP_DEFLATED) as after:
        for info in before.infolist():
            data = before.read(info)
            after.writestr(info.filename, data.replace(old.encode(), new.encode()) if info.filename == part else data)
    return target.getvalue()


# ---- good files ----------------------------------------------------------------------------------------------------


def test_every_file_is_read_as_in_this_process_and_comes_back_in_order(good: bytes) -> None:
    damaged = [good[: len(good) * tenth // 10] for tenth in range(1, 10)]
    others = [
        b"PK\x03\x04" + b"x" * ReadingLimits().file_bytes,
        b"",
        b"\0" * 500,
        b"{}",
        b"<html>",
        b"%PDF-1.7",
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 2_000,
    ]
    mixed = [each for bad in (*damaged, *others) for each in (good, bad)]
    files = {f"{number} £ \N{SNOWMAN} = .xlsx": data for number, data in enumerate([*mixed, *[good] * 60])}
    read = read_all(File(name, data) for name, data in files.items())
    assert list(read) == list(files)
    assert read == {name: here(data, name) for name, data in files.items()}


def test_all_tables_are_read_where_none_is_named(good: bytes) -> None:
    with Readers(ReadingLimits(), expected=1) as readers:
        ((_, book, found),) = readers.read([File("a.xlsx", good)], None)
    assert (book, found) == read_tables(good, None, file="a.xlsx")


def test_a_text_in_another_encoding_needs_nothing_that_is_forbidden(good: bytes) -> None:
    """Python imports most codecs only when they are used, which is after everything has been locked."""
    target = io.BytesIO()
    with ZipFile(io.BytesIO(good)) as old, ZipFile(target, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename.startswith("xl/worksheets/sheet"):
                data = data.decode().replace("UTF-8", "UTF-16").encode("utf-16")
            new.writestr(info.filename, data)
        new.writestr("caf\N{LATIN SMALL LETTER E WITH ACUTE}.txt", "x")
    data = target.getvalue().replace("caf\N{LATIN SMALL LETTER E WITH ACUTE}".encode(), b"caf\x82x")  # code page 437
    assert read_all([File("a.xlsx", data)])["a.xlsx"] == here(data, "a.xlsx")


def test_a_small_batch_has_one_worker_and_an_empty_one_none(good: bytes) -> None:
    with Readers(ReadingLimits(), expected=0) as readers:
        assert list(readers.read([], layout.TABLES)) == []
        assert readers.process_ids == []
    with Readers(ReadingLimits(), expected=3) as readers:
        seen = {tuple(readers.process_ids) for _ in readers.read([File(n, good) for n in "abc"], layout.TABLES)}
    assert {len(processes) for processes in seen} == {1}


def test_a_worker_is_replaced_in_time(good: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "FILES_A_WORKER", 2)
    seen: set[int] = set()
    with Readers(ReadingLimits(), expected=1) as readers:
        for _ in readers.read([File(str(number), good) for number in range(7)], layout.TABLES):
            seen.update(readers.process_ids)
    assert len(seen) >= 3


def test_only_a_few_files_are_held_at_a_time(good: bytes) -> None:
    held: weakref.WeakSet[File] = weakref.WeakSet()
    most = 0

    def arriving() -> Iterator[File]:
        nonlocal most
        for number in range(60):
            file = File(str(number), good + b"\0" * 5_000_000)
            held.add(file)
            most = max(most, len(held))
            yield file
            del file

    with Readers(ReadingLimits()) as readers:
        for _ in readers.read(arriving(), layout.TABLES):
            pass
        assert most <= readers.workers + 3


# ---- bad files -----------------------------------------------------------------------------------------------------

BROKEN = {
    "end": "F022",
    "crash": "F022",
    "raise": "F022",
    "interrupt": "F022",
    "leave": "F022",
    "recurse": "F022",
    "half": "F022",
    "memory": "F021",
    "flood": "F023",
    "pickle": "F023",
    "nothing": "F023",
    "another": "F023",
    "invented": "F023",
    "connect": "F023",
    "program": "F023",
    "write": "F023",
}


def test_whatever_becomes_of_a_worker_is_a_finding_on_that_file_alone(good: bytes) -> None:
    names = [name for bad in [*BROKEN, "twice"] for name in (f"good before {bad}", bad)]
    read = read_all([File(name, good) for name in [*names, "good at last"]], start=HOSTILE)
    assert codes(read) == BROKEN
    for name, answer in read.items():
        if name not in BROKEN:
            assert answer == here(good, name)


def test_a_worker_that_hangs_is_ended_in_time(good: bytes) -> None:
    names = ["good before", "loop", "good between", "sleep", "good after"]
    read = read_all([File(name, good) for name in names], ReadingLimits(seconds=4), HOSTILE)
    assert codes(read) == {"loop": "F020", "sleep": "F020"}
    assert read["good after"] == here(good, "good after")
    assert "4 seconds" in read["loop"][1][0].message


@pytest.mark.parametrize("how", ["loop", "end", "raise", "half", "nothing", "twice"])
def test_the_others_of_its_batch_do_not_suffer(how: str, good: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "MOST_WORKERS", 1)  # so that batches soon have many files
    names = [f"{how} {number}" if number in (9, 13, 20) else f"good {number}" for number in range(24)]
    read = read_all([File(name, good) for name in names], ReadingLimits(seconds=4), HOSTILE)
    assert list(read) == names
    code = {"loop": "F020", **BROKEN}.get(how)  # what is said twice is said of a good file
    assert codes(read) == ({name: code for name in names if name.startswith(how)} if code else {})
    assert all(read[name] == here(good, name) for name in names if name.startswith("good"))


def test_a_worker_that_was_stopped_is_ended_in_time(good: bytes) -> None:
    with Readers(ReadingLimits(seconds=4), expected=1) as readers:
        list(readers.read([File("first", good)], layout.TABLES))
        (process,) = readers.process_ids
        os.kill(process, signal.SIGSTOP)
        files = [File("stopped", good), File("next", good)]
        read = {file.name: (book, found) for file, book, found in readers.read(files, layout.TABLES)}
    assert codes(read) == {"stopped": "F020"}
    assert read["next"] == here(good, "next")
    assert not is_running(process)


def test_a_worker_that_was_killed_from_outside_costs_no_file(good: bytes) -> None:
    killed: list[int] = []
    with Readers(ReadingLimits(), expected=1) as readers:
        for number in range(4):
            ((file, book, found),) = readers.read([File(str(number), good)], layout.TABLES)
            assert (book, found) == here(good, file.name)
            (process,) = readers.process_ids
            os.kill(process, signal.SIGKILL)
            killed.append(process)
    assert len(set(killed)) == 4


def test_a_real_file_that_takes_more_memory_than_there_is(good: bytes) -> None:
    files = [File("before", good), File("large", large_table(30_000)), File("after", good)]
    read = read_all(files, ReadingLimits(memory_mb=40), wanted=[layout.TABLE])
    assert codes(read) == {"large": "F021"}
    for name in ("before", "after"):
        assert read[name] == read_tables(good, [layout.TABLE], file=name)


def test_a_real_file_that_takes_more_time_than_there_is() -> None:
    read = read_all([File("slow", large_table(200_000))], ReadingLimits(seconds=1), wanted=[layout.TABLE])
    assert codes(read) == {"slow": "F020"}


def test_a_real_file_that_gives_more_than_is_taken(good: bytes) -> None:
    files = [File("full", large_table(5_000)), File("after", good)]
    read = read_all(files, ReadingLimits(result_bytes=100_000), wanted=[layout.TABLE])
    assert codes(read) == {"full": "F024"}
    assert codes(read_all(files, ReadingLimits(result_bytes=1))) == {"full": "F024", "after": "F024"}


# ---- the end -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_no_worker_and_no_thread_is_left_when_the_one_who_asks_fails(error: type[BaseException], good: bytes) -> None:
    processes: list[int] = []
    before = set(threading.enumerate())

    def ask() -> None:
        with Readers(ReadingLimits()) as readers:
            for file, _, _ in readers.read([File(name, good) for name in "abcdef"], layout.TABLES):
                processes.extend(readers.process_ids)
                if file.name == "b":
                    raise error

    with pytest.raises(error):
        ask()
    assert processes
    for process in processes:
        with pytest.raises(ProcessLookupError):  # not even a process that has ended and waits to be looked at
            os.kill(process, 0)
    left = set(threading.enumerate()) - before
    assert not [thread for thread in left if thread.name.startswith("xlperf-reader")]


_PARENT = """
import signal
import sys
from types import SimpleNamespace
from xlperf.workbook.isolated.readers import Readers
from xlperf.workbook.isolated.starting import Start
from xlperf.workbook.reader import ReadingLimits

# As from a terminal: what a shell starts in the background, tests included, inherits that Ctrl-C is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
doing, *command = sys.argv[1:]

def files():
    yield SimpleNamespace(name="good", data=b"")
    yield SimpleNamespace(name="good", data=b"")
    print(*readers.process_ids, flush=True)
    yield from (SimpleNamespace(name=doing, data=b"") for _ in range(9))
    if doing == "idle":
        sys.stdin.read()

with Readers(ReadingLimits(), expected=1, start=Start(command, {})) as readers:
    for _ in readers.read(files(), ["x"]):
        pass
"""


@pytest.mark.parametrize(
    ("how", "doing"),
    [
        (signal.SIGKILL, "idle"),
        (signal.SIGKILL, "loop"),
        (signal.SIGKILL, "sleep"),
        (signal.SIGTERM, "sleep"),
        (signal.SIGINT, "idle"),
        (signal.SIGINT, "loop"),
    ],
)
def test_no_worker_outlives_its_parent(how: signal.Signals, doing: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT, doing, *HOSTILE.command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
        start_new_session=True,
    ) as parent:
        assert parent.stdout is not None
        workers = [int(number) for number in parent.stdout.readline().split()]
        assert workers
        assert all(map(is_running, workers))
        time.sleep(0.2)  # until they are at it
        if how is signal.SIGINT:
            os.killpg(parent.pid, how)  # Ctrl-C in a terminal is for all
        else:
            parent.send_signal(how)
        assert soon(lambda: parent.poll() is not None), "the parent goes on"
        assert soon(lambda: not any(map(is_running, workers))), "a worker goes on"


# ---- what cannot work ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", [("/no/such/program",), (sys.executable, "-c", ""), (sys.executable, "-c", "print('ready?')")]
)
def test_a_worker_that_cannot_be_started_is_a_failure_and_no_fault_of_a_file(
    command: tuple[str, ...], good: bytes
) -> None:
    with pytest.raises(WorkbookError, match=r"cannot be started.*Nothing was judged"):
        read_all([File("a.xlsx", good)], start=Start(command, {}))


def no_thread(self: threading.Thread) -> None:
    """What the system says where a process may have no more threads, or no more memory for one."""
    raise RuntimeError("can't start new thread")


@pytest.mark.parametrize("left", [0, 1])
def test_a_system_without_a_thread_left_is_a_failure_and_no_fault_of_a_file(
    left: int, good: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_start, started = threading.Thread.start, itertools.count()

    def start(self: threading.Thread) -> None:
        (really_start if next(started) < left else no_thread)(self)

    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(WorkbookError, match=r"cannot be started: can't start new thread.*Nothing was judged"):
        read_all([File("a.xlsx", good)])
