from __future__ import annotations

import numpy as np
import pytest

from xlperf.rules.movement import MOVES, badness, difference, movement


def moved(before: float, now: float, direction: str, low: float = np.nan, high: float = np.nan) -> str:
    words = np.array([direction, direction], dtype=object)
    bad = badness(np.array([before, now]), words, np.array([low, low]), np.array([high, high]))
    return MOVES[movement(bad[1:], bad[:1], np.array([direction == "neutral"]))[0]]


@pytest.mark.parametrize(
    ("before", "now", "direction", "expected"),
    [
        (90, 91, "higher", "better"),
        (91, 90, "higher", "worse"),
        (90, 91, "lower", "worse"),
        (91, 90, "lower", "better"),
        (90, 90, "higher", "same"),
        (90, 91, "neutral", "up"),
        (91, 90, "neutral", "down"),
        (float("nan"), 90, "higher", ""),
        (90, float("nan"), "higher", ""),
    ],
)
def test_movement_is_judged_by_what_is_better(before: float, now: float, direction: str, expected: str) -> None:
    assert moved(before, now, direction) == expected


@pytest.mark.parametrize(
    ("before", "now", "expected"), [(97, 97.5, "better"), (103, 104, "worse"), (99, 101, "same"), (96, 104, "same")]
)
def test_in_a_range_nearer_is_better_and_inside_is_all_the_same(before: float, now: float, expected: str) -> None:
    assert moved(before, now, "range", 98, 102) == expected


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (94.8, 94.3, 0.5),
        (0.3, 0.1, 0.2),
        (1e12 + 0.1, 1e12, 0.1),
        (-0.7, 0.1, -0.8),
        (3e20, 1e20, 2e20),
        (1e-9, 0, 1e-9),
        (0, 0, 0),
    ],
)
def test_a_difference_has_no_noise_in_its_last_bits(now: float, before: float, expected: float) -> None:
    assert difference(np.array([now]), np.array([before]))[0] == expected


def test_without_an_earlier_figure_there_is_no_difference() -> None:
    assert np.isnan(difference(np.array([1.0, np.nan]), np.array([np.nan, 1.0]))).all()
