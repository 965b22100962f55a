from __future__ import annotations

import numpy as np
import pytest

from xlperf.rules.trend import run_lengths, short_trend


def trend(*moves: str, needed: int = 3) -> str:
    words = np.array(["", *moves], dtype=object)
    starts = np.zeros(len(words), dtype=bool)
    return str(short_trend(words, starts, needed)[-1])


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        (("better",) * 3, "improving"),
        (("worse",) * 3, "deteriorating"),
        (("better", "better"), "not enough data"),
        (("better", "worse", "better"), "steady"),
        (("worse", "better", "better"), "steady"),
        (("worse", "better", "better", "better"), "improving"),
        (("better", "better", "better", "same"), "steady"),
        (("same",) * 3, "steady"),
        (("up",) * 3, "rising"),
        (("down",) * 3, "falling"),
        (("better", "better", "", "better"), "not enough data"),
    ],
)
def test_a_trend_is_so_many_moves_running_the_same_way(moves: tuple[str, ...], expected: str) -> None:
    assert trend(*moves) == expected


def test_the_catalogue_says_how_many_moves() -> None:
    assert trend("worse", "worse", needed=2) == "deteriorating"


def test_a_run_never_crosses_into_the_next_series() -> None:
    words = np.array(["", "worse", "worse", "", "worse"], dtype=object)
    starts = np.array([True, False, False, True, False])
    assert list(short_trend(words, starts, 3)) == ["not enough data"] * 5
    assert list(run_lengths(np.array(["a", "a", "a"], dtype=object), np.array([True, False, True]))) == [1, 2, 1]


def test_no_figures_have_no_runs() -> None:
    assert run_lengths(np.array([], dtype=object), np.array([], dtype=bool)).size == 0
