"""Workers kept from one batch to the next: what happens to one, or to its batch, is nothing to the batches after it."""

from __future__ import annotations

import os
import signal
from contextvars import Context
from pathlib import Path

import psutil
import pytest

from tests.conftest import BY, COLLATE_DAY, Team, fill, filled
from tests.workbook.test_isolated import File, Read, here, is_running
from xlperf.returns import layout
from xlperf.workbook.isolated.kept import readers, workers_kept
from xlperf.workbook.reader import ReadingLimits
from xlperf.workflow.cycle.collate import collate
from xlperf.workflow.workspace.run import Run

LIMITS = ReadingLimits(seconds=7)
"""Which nothing else reads under: the tests keep workers, too."""


@pytest.fixture(scope="module")
def good(issued_alpha: Path) -> bytes:
    return filled(issued_alpha)


def batch(*files: File, limits: ReadingLimits = LIMITS) -> tuple[Read, list[int]]:
    """What a batch comes to, and the processes that there are after its last file."""
    with readers(limits, expected=len(files)) as pool:
        read = {file.name: (book, found) for file, book, found in pool.read(files, layout.TABLES)}
        return read, pool.process_ids


def test_one_process_reads_batch_after_batch_and_ends_with_the_last(good: bytes) -> None:
    with workers_kept():
        read, first = batch(File("a", good), File("bad", b"no workbook"))
        assert read["a"] == here(good, "a")
        read, second = batch(File("b", good))
        assert read["b"] == here(good, "b")
        assert len(first) == 1
        assert first == second
        assert is_running(first[0])
    with pytest.raises(ProcessLookupError):
        os.kill(first[0], 0)


def test_a_batch_alone_leaves_no_process(good: bytes) -> None:
    def alone() -> list[int]:
        return batch(File("a", good))[1]

    (process,) = Context().run(alone)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_a_worker_that_ended_between_two_batches_costs_no_file(how: signal.Signals, good: bytes) -> None:
    with workers_kept():
        _, (first,) = batch(File("a", good))
        os.kill(first, how)
        read, (second,) = batch(File("b", good))
    assert read["b"] == here(good, "b")
    assert first != second


def test_a_worker_that_hangs_between_two_batches_is_ended_in_time_and_the_next_file_is_read(good: bytes) -> None:
    limits = ReadingLimits(seconds=1)
    with workers_kept():
        _, (first,) = batch(File("a", good), limits=limits)
        os.kill(first, signal.SIGSTOP)
        read, _ = batch(File("b", good), File("c", good), limits=limits)
        assert [finding.code for finding in read["b"][1]] == ["F020"]
        assert read["c"] == here(good, "c")
        assert not is_running(first)


def test_another_limit_is_kept_to_by_another_process(good: bytes) -> None:
    little = ReadingLimits(seconds=7, result_bytes=2_000)
    with workers_kept():
        _, (first,) = batch(File("a", good))
        read, _ = batch(File("b", good), limits=little)
        assert [finding.code for finding in read["b"][1]] == ["F024"]
        read, (third,) = batch(File("c", good))
        assert read["c"] == here(good, "c")
        assert third == first


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_batch_that_breaks_off_ends_its_process_and_the_next_has_its_own(
    error: type[BaseException], good: bytes
) -> None:
    processes: list[int] = []

    def broken_off() -> None:
        with readers(LIMITS, expected=3) as pool:
            for _ in pool.read([File(name, good) for name in "abc"], layout.TABLES):
                processes.extend(pool.process_ids)
                raise error

    with workers_kept():
        with pytest.raises(error):
            broken_off()
        assert not is_running(processes[0])
        read, (after,) = batch(File("d", good))
        assert read["d"] == here(good, "d")
        assert after not in processes


def test_collations_share_a_process_and_one_alone_ends_its_own(issued_team: Team) -> None:
    def come_in(owner: str) -> None:
        fill(issued_team.issued()[owner])
        done = collate(issued_team.workspace, Run(COLLATE_DAY, BY))
        assert [received.outcome for _, received in done.judged if received.owner == owner] == ["Accepted"]

    def mine() -> set[int]:
        return {each.pid for each in psutil.Process().children()}

    before = mine()
    Context().run(come_in, "beta")
    assert mine() == before
    with workers_kept():
        come_in("alpha")
        (first,) = mine() - before
        (issued_team.received() / "late.xlsx").write_bytes(b"no workbook")
        collate(issued_team.workspace, Run(COLLATE_DAY, BY))
        assert mine() - before == {first}
    assert mine() == before
