"""RAG exactly as the field defines it."""

from __future__ import annotations

from decimal import Decimal
from math import nan

import pytest

from xlperf.catalogue import Direction, Target
from xlperf.rules.rag import Rag, actual_from_parts, limits, rate_one, rounded


def target(**given: object) -> Target:
    return Target.model_validate({"from": "2024-25", **given})


def rag(actual: float, direction: str, **given: object) -> str:
    return str(rate_one(actual, limits(target(**given), Direction(direction))))


@pytest.mark.parametrize(
    ("actual", "expected"),
    [(95.0, "Green"), (100.0, "Green"), (94.999999999, "Amber"), (90.0, "Amber"), (89.999999999, "Red"), (0.0, "Red")],
)
def test_higher_is_better_on_and_beside_its_limits(actual: float, expected: str) -> None:
    assert rag(actual, "higher", target=95, tolerance={"absolute": 5}) == expected


@pytest.mark.parametrize(
    ("actual", "expected"),
    [(3.5, "Green"), (0.0, "Green"), (3.500000001, "Amber"), (4.0, "Amber"), (4.000000001, "Red")],
)
def test_lower_is_better_is_the_mirror_image(actual: float, expected: str) -> None:
    assert rag(actual, "lower", target=3.5, tolerance={"absolute": 0.5}) == expected


@pytest.mark.parametrize(
    ("actual", "expected"),
    [(98, "Green"), (102, "Green"), (97, "Amber"), (103, "Amber"), (96.999, "Red"), (103.001, "Red")],
)
def test_a_range_is_green_inside_and_amber_within_tolerance_outside(actual: float, expected: str) -> None:
    assert rag(actual, "range", low=98, high=102, tolerance={"absolute": 1}) == expected


def test_without_a_tolerance_there_is_no_amber() -> None:
    assert [rag(value, "higher", target=10) for value in (10, 9.999)] == ["Green", "Red"]


def test_a_relative_tolerance_is_a_share_of_the_target() -> None:
    found = [rag(value, "higher", target=200, tolerance={"relative": 5}) for value in (190, 189.99)]
    assert found == ["Amber", "Red"]


def test_a_relative_tolerance_of_a_negative_target_widens_it_downwards() -> None:
    found = [rag(value, "higher", target=-200, tolerance={"relative": 5}) for value in (-200, -210, -211)]
    assert found == ["Green", "Amber", "Red"]


@pytest.mark.parametrize(
    ("goal", "tolerance", "limit"), [("95", "5.1", 89.9), ("0.3", "0.1", 0.2), ("4.35", "0.3", 4.05)]
)
def test_a_limit_is_the_decimal_the_author_would_write(goal: str, tolerance: str, limit: float) -> None:
    # In binary, 0.3 - 0.1 is 0.19999999999999998; the owner's 0.2 must still be Amber.
    given = {"target": Decimal(goal), "tolerance": {"absolute": Decimal(tolerance)}}
    assert rag(limit, "higher", **given) == "Amber"


@pytest.mark.parametrize(
    ("direction", "goal", "tolerance", "limit"),
    [("lower", "12.3456789", "10.0000001", 13.5802468023457), ("higher", "33.3333333", "3.3333333", 32.2222222011111)],
)
def test_a_figure_that_shows_the_same_15_digits_as_its_limit_is_on_it(
    direction: str, goal: str, tolerance: str, limit: float
) -> None:
    """The limits have 16 digits: 13.58024680234568 is shown, and compared, as 13.5802468023457."""
    given = {"target": Decimal(goal), "tolerance": {"relative": Decimal(tolerance)}}
    assert rag(limit, direction, **given) == "Amber"


def test_parts_with_decimals_are_divided_as_decimals() -> None:
    """In binary 7.17 of 85.9 makes 8.34691501746216; exactly it is 8.3469150174621653…"""
    assert actual_from_parts(7.17, 85.9, 100) == 8.34691501746217


def test_57_of_100_meets_a_target_of_57() -> None:
    assert rag(actual_from_parts(57.0, 100.0, 100), "higher", target=57) == "Green"
    assert rag(actual_from_parts(0.57, 1.0, 100), "higher", target=57) == "Green"


def test_no_target_and_no_better_direction_are_not_judged() -> None:
    assert str(rate_one(5.0, limits(None, Direction.HIGHER))) == "No target"
    assert rag(5.0, "neutral", target=95) == "No target"


def test_no_figure_is_not_returned_whatever_the_target() -> None:
    assert rag(nan, "higher", target=95) == "Not returned"
    assert str(rate_one(nan, limits(None, Direction.HIGHER))) == "Not returned"


def test_a_figure_is_rounded_for_print_as_excel_rounds() -> None:
    assert [str(rounded(value, 1)) for value in (0.25, 0.35, -0.25, 2.675)] == ["0.3", "0.4", "-0.3", "2.7"]


def test_a_zero_denominator_is_not_a_figure() -> None:
    with pytest.raises(ZeroDivisionError):
        actual_from_parts(1.0, 0.0, 100)


def test_every_rag_is_a_word_of_the_glossary() -> None:
    words = {"Blue", "Green", "Amber", "Red", "No target", "Not due", "Not returned", "Not applicable"}
    assert {str(rag) for rag in Rag} == words | {"Closed"}
