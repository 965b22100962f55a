"""Random changes to good returns for as long as XLPERF_FUZZ_SECONDS says: whatever comes, only findings come out.

What is read holds exactly the cells of the original wherever the change cannot have reached. See `mutations.py`.
"""

from __future__ import annotations

import os
import time
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.hostile.mutations import Tape, check, mutated

_SECONDS = float(os.environ.get("XLPERF_FUZZ_SECONDS", "15"))
_MOMENT = 3.0  # enough for each of the findings that are looked for
_ROUND = 250  # inputs of one seed


@pytest.mark.parametrize("seconds", [_MOMENT, pytest.param(_SECONDS, marks=pytest.mark.long)])
def test_changed_returns_give_a_book_or_findings(seconds: float) -> None:
    seen: Counter[str] = Counter()
    end = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end:
        number += 1

        @seed(number)
        @settings(max_examples=_ROUND, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(st.binary(min_size=4, max_size=40))
        def one_round(tape: bytes) -> None:
            if time.monotonic() < end:
                seen[check(mutated(Tape(tape)))] += 1

        one_round()
    # The changes are neither all refused nor all without effect: else nothing was tried.
    assert seen["read"] > 0
    assert {"F002", "F006", "F010"} <= set(seen)
