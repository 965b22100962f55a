"""Figures as people read them."""

from __future__ import annotations

from math import inf, nan

import numpy as np
import pytest

from xlperf.rules.rag import NO_LIMITS, RagLimits
from xlperf.rules.shown import shown_all

AT_LEAST_95 = RagLimits(95.0, inf, 90.0, inf)


def printed(actual: float, decimals: int, within: RagLimits = NO_LIMITS) -> str:
    ends = tuple(np.array([getattr(within, name)]) for name in RagLimits.__slots__)
    return str(shown_all(np.array([actual]), np.array([decimals]), ends)[0])


@pytest.mark.parametrize(
    ("actual", "decimals", "expected"),
    [
        (94.25, 1, "94.3"),
        (94.35, 1, "94.4"),
        (1.005, 2, "1.01"),
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (-0.04, 1, "0.0"),
        (1234567.0, 0, "1,234,567"),
        (0.0, 1, "0.0"),
        (1e22, 1, "10,000,000,000,000,000,000,000.0"),
        (9007199254740994.0, 0, "9,007,199,254,740,994"),
        (nan, 1, ""),
    ],
)
def test_rounded_half_away_from_zero_as_excel_does(actual: float, decimals: int, expected: str) -> None:
    assert printed(actual, decimals) == expected


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (94.96, "94.96, shown 95.0"),
        (94.9996, "94.9996, shown 95.0"),
        (89.95, "89.95, shown 90.0"),
        (94.94, "94.9"),
        (95.04, "95.0"),
        (94.9999999999999, "94.9999999999999, shown 95.0"),
    ],
)
def test_a_rounded_figure_never_passes_for_another_colour(actual: float, expected: str) -> None:
    assert printed(actual, 1, AT_LEAST_95) == expected


def test_each_figure_has_its_own_decimals_and_limits() -> None:
    ends = tuple(np.array([getattr(AT_LEAST_95, name), nan, nan]) for name in RagLimits.__slots__)
    assert list(shown_all(np.array([94.96, 94.96, 7.0]), np.array([1, 1, 0]), ends)) == [
        "94.96, shown 95.0",
        "95.0",
        "7",
    ]
