from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from xlperf.rules.movement import MOVES
from xlperf.rules.spc.verdicts import POINT_NAMES
from xlperf.rules.trend import TRENDS, run_lengths, short_trend, trend_of


def trends(moves: Sequence[str], starts: Sequence[bool], needed: int = 3) -> list[str]:
    codes = np.array([MOVES.index(move) for move in moves], dtype=np.int8)
    return [TRENDS[code] for code in short_trend(codes, np.array(starts), needed)]


def trend(*moves: str, needed: int = 3) -> str:
    return trends(["", *moves], [False] * (len(moves) + 1), needed)[-1]


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
        (("", "", "", ""), "not enough data"),
    ],
)
def test_a_trend_is_so_many_moves_running_the_same_way(moves: tuple[str, ...], expected: str) -> None:
    assert trend(*moves) == expected


def test_the_catalogue_says_how_many_moves() -> None:
    assert trend("worse", "worse", needed=2) == "deteriorating"


def test_a_run_never_crosses_into_the_next_series() -> None:
    moves = ["", "worse", "worse", "", "worse"]
    assert trends(moves, [True, False, False, True, False]) == ["not enough data"] * 5
    assert list(run_lengths(np.array(["a", "a", "a"], dtype=object), np.array([True, False, True]))) == [1, 2, 1]


def test_no_figures_have_no_runs() -> None:
    assert run_lengths(np.array([], dtype=object), np.array([], dtype=bool)).size == 0


@pytest.mark.parametrize(
    ("variation", "short", "expected"),
    [
        (None, "improving", "improving"),
        ("common_cause", "improving", "steady"),
        ("special_cause_concern", "improving", "deteriorating"),
        ("special_cause_improvement", "steady", "improving"),
        ("special_cause_neutral_high", "not enough data", "rising"),
        ("special_cause_neutral_low", "not enough data", "falling"),
    ],
)
def test_spc_says_the_trend_where_it_speaks(variation: str | None, short: str, expected: str) -> None:
    assert trend_of(variation, short) == expected


def test_every_variation_is_a_trend() -> None:
    assert {trend_of(variation, "steady") for variation in POINT_NAMES} <= set(TRENDS)
