"""The bars of a series: one for each value, and against a target on which side of it each is, and how far."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlperf.report.spark import spark

BARS = "▁▂▃▄▅▆▇█"
NUMBERS = st.lists(st.none() | st.floats(-1e12, 1e12), max_size=20)


@pytest.mark.parametrize(
    ("values", "target", "drawn"),
    [
        ([90, 95, 100], 95.0, "▁▅█"),
        ([94.9, 95, 105], 95.0, "▃▅█"),
        ([60, 61, 62], 80.0, "▁▁▁"),
        ([95, 95, None], 95.0, "▅▅·"),
        ([81, 90, 100], 80.0, "▅▇█"),
        ([60, 61, 62], None, "▁▅█"),
        ([62, 62], None, "▄▄"),
    ],
    ids=["about it", "just below", "far below", "at it", "above it", "no target", "no target, no change"],
)
def test_the_bars_show_on_which_side_of_the_target_a_figure_is(
    values: list[float | None], target: float | None, drawn: str
) -> None:
    assert spark(values, target) == drawn


@given(NUMBERS, st.floats(-1e12, 1e12))
def test_each_figure_has_its_bar_on_its_side_of_the_target(values: list[float | None], target: float) -> None:
    drawn = spark(values, target)
    assert len(drawn) == (len(values) if any(value is not None for value in values) else 0)
    for value, bar in zip(values, drawn, strict=False):
        assert bar == "·" if value is None else (bar in BARS[4:]) == (value >= target)
