"""Up to what a bare figure of a percentage is asked about, beside what is possible and usual."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import catalogue_data, kpi_in
from xlperf.catalogue import Kpi
from xlperf.catalogue.scale import Reading, Side, Stated, reading_of
from xlperf.returns.figure_cells import doubtful_to


def percentage(**changes: Any) -> Kpi:
    """A percentage without a target, so that its ranges alone say on which scale it is."""
    data = kpi_in(catalogue_data(), "V1") | {"targets": [], "direction": "neutral"}
    return Kpi.model_validate(data | changes)


@pytest.mark.parametrize(
    ("figure", "ranges", "asked"),
    [
        (0.8, {}, True),
        (0.8, {"usual": [60, 95]}, True),
        (0.8, {"usual": [0, 30]}, False),
        (0.2, {"usual": [0, 30]}, True),
        (0.8, {"usual": [0.5, 2]}, False),
        (0.5, {"usual": [0.5, 2]}, False),
        (0.3, {"usual": [0.5, 2]}, False),  # unusual; 30 would be far more so
        (0.02, {"usual": [0.5, 2]}, True),  # 2 is usual
        (0.9, {"usual": [1.5, 6]}, False),
        (0.05, {"usual": [1.5, 6]}, True),
        (0.8, {"usual": [15, 30]}, True),
        (0.2, {"possible": [0, 5]}, False),
        (0.04, {"possible": [0, 5]}, True),
        (1, {"usual": [60, 100]}, True),
        (1, {"possible": [-100, None]}, True),
    ],
)
def test_a_bare_figure_is_asked_about_only_where_it_can_mean_two_things(
    figure: float, ranges: dict[str, Any], asked: bool
) -> None:
    assert (figure <= doubtful_to(percentage(**ranges))) is asked


@given(st.integers(1, 100), st.integers(1, 9999), st.integers(1, 9999))
def test_returns_and_catalogue_read_a_small_figure_alike(hundredths: int, one: int, other: int) -> None:
    figure, low, high = Decimal(hundredths) / 100, Decimal(min(one, other)) / 100, Decimal(max(one, other)) / 100
    kpi = percentage(usual=[low, high])
    stated = Stated("the figure", ("benchmark", "value"), figure, Side.NONE)
    reading, _ = reading_of(kpi, stated, (low, high), [])
    assert (float(figure) > doubtful_to(kpi)) is (reading is Reading.AS_IT_STANDS)
