"""Reads files of a folder in one process, as a worker does: `tests.hostile.judge FOLDER RESULTS MEGABYTES [NAME…]`.

The process may take so much memory and no more. RESULTS becomes a pickled list of `Judged`, in the order of the
names; of the NAMEs given, or of all files.
"""

from __future__ import annotations

import pickle
import resource
import sys
import time
from pathlib import Path

from tests.hostile.case import Judged, cells_of
from xlperf.returns import layout
from xlperf.workbook.reader import read_tables


def judge(path: Path) -> Judged:
    """Read one file."""
    data = path.read_bytes()
    _forget_peak()
    started = time.perf_counter()
    book, findings = read_tables(data, layout.TABLES, file=path.name)
    seconds = time.perf_counter() - started
    peak = _peak()
    if read_tables(data, layout.TABLES, file=path.name, is_quick=False) != (book, findings):
        raise AssertionError(f"{path.name}: the parser alone reads something else")
    return Judged(path.name, cells_of(book) if book else None, tuple(findings), seconds, peak)


_CLEAR, _STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")  # of Linux


def _forget_peak() -> None:
    if _CLEAR.exists():
        _CLEAR.write_text("5", encoding="ascii")


def _peak() -> float:
    """The peak since it was forgotten, in megabytes; of the whole process, where a system cannot forget."""
    if _CLEAR.exists():
        lines = _STATUS.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(folder: Path, results: Path, megabytes: int, names: frozenset[str]) -> None:
    """Read the files of a folder."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20,) * 2)
    paths = (path for path in sorted(folder.glob("*.xlsx")) if not names or path.name in names)
    results.write_bytes(pickle.dumps([judge(path) for path in paths]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), frozenset(sys.argv[4:]))
