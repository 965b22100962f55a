"""For how long a series has been off target."""

from __future__ import annotations

from typing import Any

import pytest

from xlperf.rules.off_target import off_target


def row(rag: str, period: str, reported: int = 1, expected: int = 1) -> dict[str, Any]:
    return {"rag": rag, "period": period, "reported": reported, "expected": expected}


def test_reds_and_ambers_run_until_a_figure_says_otherwise() -> None:
    told = off_target([row("Green", "Q1"), row("Amber", "Q2"), row("Red", "Q3")])
    assert told is not None
    assert (told.first["period"], told.last["period"], told.figures) == ("Q2", "Q3", 2)
    assert off_target([row("Red", "Q1"), row("Green", "Q2")]) is None


@pytest.mark.parametrize("silent", ["Not returned", "Not due", "Not applicable", "No target"])
def test_what_says_nothing_neither_ends_a_run_nor_lengthens_it(silent: str) -> None:
    told = off_target([row("Red", "Q1"), row(silent, "Q2"), row("Amber", "Q3"), row(silent, "Q4")])
    assert told is not None
    assert (told.first["period"], told.last["period"], told.figures) == ("Q1", "Q3", 2)


@pytest.mark.parametrize(("reported", "is_over"), [(2, False), (3, True)])
def test_a_roll_up_on_target_ends_a_run_only_by_the_figures_of_all(reported: int, is_over: bool) -> None:
    assert (off_target([row("Red", "Q1", 3, 3), row("Green", "Q2", reported, 3)]) is None) is is_over


def test_a_roll_up_off_target_counts_whoever_is_missing() -> None:
    told = off_target([row("Red", "Q1", 1, 3)])
    assert told is not None
    assert told.is_red
