"""Workers that outlive their batch, for whoever reads one small batch after another.

    with workers_kept():
        collate(...)
        collate(...)  # its files are read by the process that read those before

To start a worker takes as long as to read some ten returns. What a kept one can do to the next batch is no more than
what it can do to the next file of its own: its answers are checked, it is timed, and where it fails another takes the
file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from xlperf.workbook.isolated.readers import Readers, workers_for
from xlperf.workbook.reader import ReadingLimits

_Pools = dict[tuple[ReadingLimits, bool, int], Readers]

_pools: ContextVar[_Pools | None] = ContextVar("_pools", default=None)
"""The pools that are kept, by what their workers may use and how many there are. A thread of its own keeps none."""


@contextmanager
def workers_kept() -> Iterator[None]:
    """Within this the workers of a batch are kept for the next one under the same limits; they end with it."""
    pools: _Pools = {}
    before = _pools.set(pools)
    try:
        yield
    finally:
        _pools.reset(before)
        for each in pools.values():
            each.close()


@contextmanager
def readers(limits: ReadingLimits, *, is_quick: bool = True, expected: int | None = None) -> Iterator[Readers]:
    """The pool for one batch: the one that is kept, or a new one that ends with the batch. See `Readers`."""
    pools = _pools.get()
    if pools is None:
        with Readers(limits, is_quick=is_quick, expected=expected) as fresh:
            yield fresh
        return
    which = limits, is_quick, workers_for(expected)
    if which not in pools:
        pools[which] = Readers(limits, is_quick=is_quick, expected=expected)
    try:
        yield pools[which]
    except BaseException:
        pools.pop(which).close()  # files may have been asked for that nobody waits for any more
        raise
