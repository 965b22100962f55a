"""Good news: what is listed under 'To celebrate', and what is not."""

from __future__ import annotations

from typing import Any

from xlperf.rules.celebrate import celebrations


def said(*rags: str, trend: str = "steady", sustained: int = 4, fell: int | None = None) -> tuple[str, ...]:
    rows: list[dict[str, Any]] = [
        {"rag": rag, "period": f"2026-M{at}", "period_number": at, "shown": f"{90 + at}", "reported": 1, "expected": 1}
        for at, rag in enumerate(rags, start=1)
    ]
    return celebrations(rows, lambda period: period.removeprefix("2026-"), trend, sustained, fell)


def test_a_target_newly_met_names_both_periods_and_figures() -> None:
    assert said("Red", "Amber", "Green") == ("newly on target: Green in M3 (93), Amber in M2 (92)",)


def test_green_counts_as_sustained_from_the_length_the_catalogue_says() -> None:
    assert said("Red", "Green", "Green", "Green") == ()
    assert said("Red", "Green", "Green", "Green", "Green") == ("on target for 4 periods, since M2",)


def test_a_period_without_a_figure_is_no_part_of_the_run_and_is_said() -> None:
    told = said("Green", "Green", "Not returned", "Green", "Green")
    assert told == ("on target for 4 of 5 periods (1 without a figure), since at least M1, the first figure",)


def test_a_milestone_complete_is_on_target_like_green() -> None:
    assert said("Green", "Green", "Green", "Blue")
    assert said("Red", "Blue", trend="") == ("newly on target: Blue in M2 (92), Red in M1 (91)",)


def test_improving_is_good_news_only_on_target() -> None:
    assert said("Red", "Red", trend="improving") == ()
    assert said("Amber", "Green", trend="improving")[-1] == "improving"


def test_green_that_deteriorates_is_no_good_news() -> None:
    assert said(*["Green"] * 6, trend="deteriorating") == ()


def test_without_a_rated_figure_there_is_nothing_to_celebrate() -> None:
    assert said(trend="improving") == ()
    assert said("Green") == ()


def test_a_figure_that_is_back_after_a_fall_that_was_warned_of_is_no_good_news_until_it_has_stayed_there() -> None:
    before = ["Green"] * 8
    assert said(*before, "Red", "Green") == ("newly on target: Green in M10 (100), Red in M9 (99)",)
    assert said(*before, "Red", "Green", fell=9) == ()
    assert said(*before, "Red", "Green", trend="improving", fell=9) == ()
    assert said(*before, "Red", "Amber", "Green", fell=9) == ()
    assert said(*before, "Red", *["Green"] * 3, fell=9) == ()
    assert said(*before, "Red", *["Green"] * 4, fell=9) == ("on target for 4 periods, since M10",)


def test_a_fall_that_stayed_on_target_ends_the_run_that_is_celebrated() -> None:
    assert said(*["Green"] * 10, fell=9) == ()
    assert said(*["Green"] * 13, fell=9) == ("on target for 4 periods, since M10",)


def test_a_fall_of_long_ago_takes_nothing_from_a_target_that_is_newly_met() -> None:
    assert said("Red", "Green", "Red", "Green", fell=1) == ("newly on target: Green in M4 (94), Red in M3 (93)",)
