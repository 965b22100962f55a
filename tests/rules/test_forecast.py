"""A forecast for the year end against the target that holds then, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import make_kpi
from xlperf.catalogue import Kpi
from xlperf.period import Period
from xlperf.rules.forecast import judge_forecast
from xlperf.rules.forecast_year import year_end, year_of

HIGHER = make_kpi(targets=[{"from": "2024-25", "target": 90}, {"from": "2026-27-Q4", "target": 95}])
COUNT = {"kind": "count", "direction": "lower"}
TO_DATE = {"measure": "cumulative", "restarts_in": "financial"}


def kpi(**changes: Any) -> Kpi:
    return Kpi.model_validate(HIGHER | changes)


@pytest.mark.parametrize(
    ("changes", "forecast", "rag"),
    [
        ({}, 95, "Green"),
        ({}, 94, "Red"),  # the target that holds at the year end, not today's
        ({"direction": "neutral"}, 94, "No target"),
        # A count may be expected for the quarter or for the year: nobody can tell.
        (COUNT, 400, None),
        (COUNT | {"roll_up": {"time": "last"}}, 400, "Red"),
        # A figure to date is that of the year by the year's end.
        (COUNT | TO_DATE, 400, "Red"),
        ({"kind": "milestone", "targets": [{"from": "2024-25", "due": "2027-03-31"}]}, 1, None),
    ],
)
def test_a_forecast_is_judged_by_the_target_of_the_year_end_where_it_can_be_compared(
    changes: dict[str, Any], forecast: float, rag: str | None
) -> None:
    assert judge_forecast(kpi(**changes), Period.parse("2026-27-Q1"), forecast).rag == rag


def test_it_is_printed_so_that_its_colour_is_seen_and_says_how_far_off_it_is() -> None:
    judged = judge_forecast(kpi(), Period.parse("2026-27-Q1"), 94.96)
    assert (judged.rag, judged.shown) == ("Red", "94.96")
    farther = judge_forecast(kpi(), Period.parse("2026-27-Q1"), 85.0).shortfall
    assert farther.words == "10.0 points below target, with no tolerance"
    assert farther.tolerances == pytest.approx(1 + 10 / (95 * 0.05))


@pytest.mark.parametrize(
    ("changes", "given", "year", "end"),
    [
        ({}, "2026-27-Q1", "2026-27", "2026-27-Q4"),
        ({"frequency": "monthly"}, "2027-01", "2026-27", "2027-03"),
        ({"frequency": "academic-year"}, "2026/27", "2026/27", "2026/27"),
        # What is counted from 1 September on is complete on 31 August, whenever the financial year ends.
        (
            COUNT | {"frequency": "monthly", "measure": "cumulative", "restarts_in": "academic"},
            "2027-04", "2026/27", "2027-08",
        ),
    ],
)  # fmt: skip
def test_a_forecast_is_for_the_end_of_the_year_that_the_figure_counts_in(
    changes: dict[str, Any], given: str, year: str, end: str
) -> None:
    of = kpi(**changes)
    looked_at = year_of(of, of.period(given))
    assert (str(looked_at), str(year_end(of, looked_at))) == (year, end)
