"""Coverage-guided fuzzing of the gate and the reader, by hand: atheris is no dependency.

    python -m venv /somewhere && /somewhere/bin/pip install atheris -e .
    /somewhere/bin/python -m tests.hostile.fuzz_atheris -max_total_time=600 -max_len=4096

Half of the inputs are files as they come, the other half tapes that decide how a good return is changed (see
`mutations.py`). What was tried is printed every now and then, and any crash stops it; -max_total_time is in seconds.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

import atheris

with atheris.instrument_imports(include=["xlperf.workbook", "xlperf.tables", "xlperf.findings"]):
    from tests.hostile.mutations import Tape, check, mutated, outcome

_EVERY = 30  # seconds between two lines
_HANG = 20  # seconds in which one input must be judged

_seen: Counter[str] = Counter()
_last_line = time.monotonic()


def one_input(data: bytes) -> None:
    """Try one input."""
    global _last_line
    started = time.monotonic()
    if data[:1] < b"\x80":
        _seen[check(mutated(Tape(data[1:])))] += 1
    else:
        book, findings = outcome(b"PK\x03\x04" + data[1:] if len(data) % 2 else data[1:])
        _seen["bytes: " + ("read" if book else findings[0].code)] += 1
    now = time.monotonic()
    if now - started > _HANG:
        raise AssertionError(f"one input took {now - started:.0f} seconds")
    if now - _last_line > _EVERY:
        _last_line = now
        print(f"{_seen.total():,} inputs: {dict(sorted(_seen.items()))}", flush=True)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
