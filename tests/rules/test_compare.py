"""Rank, quartile and gap among the orgs that report the same KPI."""

from __future__ import annotations

from math import isnan, nan
from typing import Any

import pandas as pd
import pytest

from tests.conftest import catalogue_data, make_kpi
from xlperf.catalogue import Catalogue
from xlperf.rules.assess import assess
from xlperf.rules.compare import compare, rank_words

ORGS = [f"O{number}" for number in range(1, 13)]
Q = "2026-27-Q1"


def catalogue(**changes: Any) -> Catalogue:
    orgs = [{"code": code, "name": code} for code in ORGS]
    return Catalogue.model_validate(
        catalogue_data() | {"orgs": orgs, "kpis": [make_kpi(**({"id": "K", "orgs": ORGS, "kind": "number"} | changes))]}
    )


def compared(of: Catalogue, *actuals: float, **columns: Any) -> pd.DataFrame:
    """The comparison of O1, O2 and so on, by org."""
    frame = pd.DataFrame({"org": ORGS[: len(actuals)], "actual": actuals})
    about: dict[str, Any] = {"kpi_id": "K", "period": Q, "milestone": "", "not_applicable": False}
    return compare(of, assess(of, frame.assign(**(about | columns)))).set_index("org", drop=False)


@pytest.mark.parametrize(
    ("direction", "expected", "best", "worst"),
    [
        ("higher", [2, 3, 1], (97.1, "O3"), (80.0, "O2")),
        ("lower", [2, 1, 3], (80.0, "O2"), (97.1, "O3")),
    ],
)
def test_the_best_by_the_kpis_direction_is_first(direction: str, expected: Any, best: Any, worst: Any) -> None:
    frame = compared(catalogue(direction=direction), 95.0, 80.0, 97.1)
    assert list(frame["rank"]) == expected
    assert (frame["best"]["O1"], frame["best_org"]["O1"]) == best
    assert (frame["worst"]["O1"], frame["worst_org"]["O1"]) == worst
    assert set(frame["gap"]) == {17.1}


def test_a_range_is_ranked_by_the_distance_outside_it() -> None:
    of = catalogue(direction="range", targets=[{"from": "2024-25", "low": 10, "high": 20}])
    frame = compared(of, 15.0, 8.0, 25.0, 11.0)
    assert list(frame["rank_words"]) == [
        "1= of 4, quartile 1",
        "3 of 4, quartile 3",
        "4 of 4, quartile 4",
        "1= of 4, quartile 1",
    ]
    assert (frame["best_org"]["O2"], frame["worst_org"]["O2"], frame["gap"]["O2"]) == ("O1", "O3", 5.0)


def test_without_its_target_a_range_is_not_ranked() -> None:
    of = catalogue(direction="range", targets=[])
    assert compared(of, 15.0, 8.0).empty


def test_ties_share_the_better_rank_and_the_next_is_after_all_of_them() -> None:
    frame = compared(catalogue(), 90.0, 95.0, 80.0, 90.0, 90.0, 70.0)
    assert list(frame["rank_words"]) == [
        "2= of 6, quartile 1",
        "1 of 6, quartile 1",
        "5 of 6, quartile 3",
        "2= of 6, quartile 1",
        "2= of 6, quartile 1",
        "6 of 6, quartile 4",
    ]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (2, [0, 0]),
        (3, [0, 0, 0]),
        (4, [1, 2, 3, 4]),
        (5, [1, 1, 2, 3, 4]),
        (6, [1, 1, 2, 3, 3, 4]),
        (7, [1, 1, 2, 2, 3, 3, 4]),
        (8, [1, 1, 2, 2, 3, 3, 4, 4]),
        (12, [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]),
    ],
)
def test_quartiles(count: int, expected: list[int]) -> None:
    frame = compared(catalogue(), *(100.0 - number for number in range(count)))
    assert list(frame["quartile"]) == expected


def test_where_all_are_equal_nobody_is_in_a_worse_quartile() -> None:
    frame = compared(catalogue(), 5.0, 5.0, 5.0, 5.0)
    assert set(frame["rank_words"]) == {"1= of 4, quartile 1"}
    assert set(frame["gap"]) == {0.0}


def test_only_figures_that_are_reported_are_compared() -> None:
    frame = compared(catalogue(), 90.0, nan, 80.0, 70.0, not_applicable=[False, False, False, True])
    assert list(frame["rank_words"]) == ["1 of 2", "2 of 2"]


def test_a_rolled_up_figure_is_no_competitor_of_its_members() -> None:
    frame = compared(catalogue(), 90.0, 80.0, 85.0, rolled_up=[False, False, True])
    assert list(frame["org"]) == ["O1", "O2"]


def test_one_org_alone_is_compared_with_nobody() -> None:
    assert compared(catalogue(), 90.0).empty


def test_milestones_are_not_ranked() -> None:
    of = catalogue(kind="milestone", targets=[])
    assert compared(of, nan, nan, milestone="On track").empty


def test_where_neither_way_is_better_there_is_a_gap_but_no_rank() -> None:
    frame = compared(catalogue(direction="neutral", targets=[]), 90.0, 80.0, 85.5)
    assert set(frame["rank_words"]) == {""}
    assert set(frame["rank"]) == {0}
    assert all(map(isnan, frame["best"]))
    assert set(frame["worst_org"]) == {""}
    assert set(frame["gap"]) == {10.0}


def test_each_period_is_compared_by_itself() -> None:
    frame = compared(catalogue(), 90.0, 80.0, 70.0, 60.0, period=[Q, Q, "2026-27-Q2", "2026-27-Q2"])
    assert list(frame["rank_words"]) == ["1 of 2", "2 of 2"] * 2
    assert list(frame["best"]) == [90.0, 90.0, 70.0, 70.0]


def test_nothing_given_nothing_compared() -> None:
    assert compared(catalogue()).empty


@pytest.mark.parametrize(
    ("given", "expected"),
    [((3, True, 12, 1), "3= of 12, quartile 1"), ((2, False, 3, 0), "2 of 3"), ((0, False, 9, 0), "")],
)
def test_words(given: tuple[int, bool, int, int], expected: str) -> None:
    assert rank_words(*given) == expected
