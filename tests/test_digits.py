"""Fifteen digits: a figure is what Excel shows, and is compared and subtracted as that decimal."""

from __future__ import annotations

from decimal import Decimal
from math import inf, isnan, nan, nextafter

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.conftest import catalogue_data, make_kpi, on_screen
from xlperf.catalogue import Catalogue
from xlperf.digits import fifteen
from xlperf.returns.figure import figure_from_record
from xlperf.rules.assess import assess
from xlperf.rules.compare import compare
from xlperf.rules.movement import badness, difference
from xlperf.rules.rag import RagLimits, actual_from_parts, rate_one
from xlperf.rules.rollup import roll_up_orgs
from xlperf.rules.shown import shown_all

Q = "2026-27-Q1"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (0.8 - 0.1, 0.7),
        (0.57 * 100, 57.0),
        ((0.1 + 0.7) * 10, 8.0),
        (0.1 + 0.2, 0.3),
        (1 / 3, 0.333333333333333),
        (2 / 3, 0.666666666666667),
        (100.0, 100.0),
        (-(0.8 - 0.1), -0.7),
        (1234567890123.125, 1234567890123.13),
        (123456789012345678.0, 123456789012346000.0),
        (5e-324, 5e-324),
        (inf, inf),
    ],
)
def test_a_number_is_what_excel_shows_of_it(stored: float, shown: float) -> None:
    assert fifteen(stored) == shown == on_screen(stored) if stored != inf else fifteen(stored) == inf


def test_no_number_stays_none() -> None:
    assert isnan(fifteen(nan))


def test_a_number_of_numpy_is_a_number_like_any_other() -> None:
    assert repr(fifteen(np.float64(95.0))) == "95.0"


@given(st.decimals(-(10**14), 10**14, places=1), st.integers(-4, 4))
def test_the_last_bits_of_a_number_say_nothing(shown: Decimal, steps: int) -> None:
    stored = float(shown)
    for _ in range(abs(steps)):
        stored = nextafter(stored, inf if steps > 0 else -inf)
    assume(on_screen(stored) == float(shown))
    assert fifteen(stored) == float(shown)


def test_a_ledger_of_0_1_0_is_read_to_fifteen_digits() -> None:
    record = {"kpi_id": "V1", "org": "TRUST", "period": Q, "actual": 89.99999999999999, "forecast": 0.1 + 0.2}
    figure = figure_from_record(record)
    assert (figure.actual, figure.forecast) == (90.0, 0.3)
    parts = figure_from_record(record | {"numerator": 0.57 * 100, "denominator": (0.1 + 0.7) * 10})
    assert (parts.numerator, parts.denominator) == (57.0, 8.0)


def test_a_percentage_has_no_more_digits_than_its_limit_can_have() -> None:
    within = RagLimits(66.6666666666667, inf, 60.0, inf)
    assert rate_one(actual_from_parts(2.0, 3.0, 100), within) == "Green"
    assert actual_from_parts(0.1 + 0.2, 0.3, 100) == 100.0


@given(st.integers(0, 2_000_000), st.integers(1, 2_000_000))
def test_a_percentage_that_0_1_0_recorded_is_the_one_that_its_parts_make_now(top: int, bottom: int) -> None:
    """Else every ledger with percentages would look damaged: 1,040,079 of 1,258,205, for one."""
    recorded = {"kpi_id": "P1", "org": "TRUST", "period": Q, "actual": 100 * float(top) / bottom}
    figure = figure_from_record(recorded | {"numerator": float(top), "denominator": float(bottom)})
    assert figure.actual == actual_from_parts(float(top), float(bottom), 100)


# ---- distances -----------------------------------------------------------------------------------------------------

places = st.integers(0, 6)


@st.composite
def ranges(draw: st.DrawFn) -> tuple[Decimal, Decimal, Decimal]:
    """A range, and a distance outside it."""
    decimals = draw(places)
    low, width, distance = (draw(st.decimals(0, 1000, places=decimals)) for _ in range(3))
    return low, low + width, distance


def distances(low: Decimal, high: Decimal, *actuals: Decimal) -> list[float]:
    ends = (np.full(len(actuals), float(end)) for end in (low, high))
    direction = np.full(len(actuals), "range", dtype=object)
    return [float(bad) for bad in badness(np.array([float(actual) for actual in actuals]), direction, *ends)]


@given(ranges())
def test_the_same_distance_to_either_side_is_the_same(case: tuple[Decimal, Decimal, Decimal]) -> None:
    low, high, distance = case
    assert distances(low, high, low - distance, high + distance) == [float(distance)] * 2


@given(st.decimals(-(10**7), 10**7, places=7), st.decimals(0, 1, places=15))
def test_a_difference_is_that_of_the_decimals_however_far_apart_they_are(one: Decimal, other: Decimal) -> None:
    one_shown, other_shown = Decimal(repr(on_screen(float(one)))), Decimal(repr(on_screen(float(other))))
    assert difference(np.array([float(one)]), np.array([float(other)]))[0] == float(one_shown - other_shown)


def test_equal_distances_share_rank_and_quartile_and_the_worst_of_them_is_the_greater() -> None:
    orgs = [{"code": code, "name": code, "parent": None if code == "ALL" else "ALL"} for code in ("ALL", *"ABCDEF")]
    target = {"from": "2024-25", "low": 0.9, "high": 1.1, "tolerance": {"absolute": 0.01}}
    kpi = make_kpi(
        id="K", orgs=list("ABCDEF"), kind="number", direction="range", targets=[target], roll_up={"orgs": "worst"}
    )
    catalogue = Catalogue.model_validate(catalogue_data() | {"orgs": orgs, "kpis": [kpi]})
    figures = pd.DataFrame({"org": list("ABCDEF"), "actual": [0.85, 1.15, 1.0, 0.85, 1.15, 1.0]})
    frame = figures.assign(kpi_id="K", period=Q, numerator=nan, denominator=nan, milestone="", not_applicable=False)
    ranked = compare(catalogue, assess(catalogue, frame)).set_index("org")["rank_words"]
    assert {ranked[org] for org in "ABDE"} == {"3= of 6, quartile 2"}
    assert list(roll_up_orgs(catalogue, frame)["actual"]) == [1.15]


# ---- what is printed -----------------------------------------------------------------------------------------------


@given(
    st.decimals(-1000, 1000, places=6),
    st.integers(1, 14),
    st.integers(-3, 3),
    st.integers(0, 3),
    st.sampled_from(["higher", "lower"]),
)
def test_what_is_printed_never_contradicts_its_colour(
    limit: Decimal, last: int, steps: int, decimals: int, direction: str
) -> None:
    """However small the step beside the limit, down to the last digit that a figure can have."""
    actual = on_screen(float(limit + steps * Decimal(1).scaleb(-last)))
    green = (float(limit), inf) if direction == "higher" else (-inf, float(limit))
    within = RagLimits(*green, *green)
    ends = tuple(np.array([getattr(within, name)]) for name in RagLimits.__slots__)
    words = str(shown_all(np.array([actual]), np.array([decimals]), ends)[0])
    printed = float(words.partition(", shown ")[0].replace(",", ""))
    assert rate_one(printed, within) == rate_one(actual, within), words
