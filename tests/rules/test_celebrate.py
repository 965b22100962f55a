"""Good news: what is listed under 'To celebrate', and what is not."""

from __future__ import annotations

from xlperf.rules.celebrate import celebrations
from xlperf.rules.escalation import Rated


def history(*rags: str) -> list[Rated]:
    return [Rated(f"M{number}", rag, f"{90 + number}") for number, rag in enumerate(rags, start=1)]


def test_a_target_newly_met_names_both_periods_and_figures() -> None:
    said = celebrations(history("Red", "Amber", "Green"), "steady", 4)
    assert said == ("target newly met: Green in M3 (93), Amber in M2 (92)",)


def test_green_counts_as_sustained_from_the_length_the_catalogue_says() -> None:
    assert celebrations(history("Red", "Green", "Green", "Green"), "steady", 4) == ()
    said = celebrations(history("Red", "Green", "Green", "Green", "Green"), "steady", 4)
    assert said == ("on target for 4 periods running, since M2",)


def test_a_milestone_complete_is_on_target_like_green() -> None:
    assert celebrations(history("Green", "Green", "Green", "Blue"), "", 4)
    assert celebrations(history("Red", "Blue"), "", 4) == ("target newly met: Blue in M2 (92), Red in M1 (91)",)


def test_improving_is_good_news_even_below_target_and_says_so() -> None:
    assert celebrations(history("Red", "Red"), "improving", 4) == ("improving, though Red still",)
    assert celebrations(history("Amber", "Green"), "improving", 4)[-1] == "improving"


def test_green_that_deteriorates_is_no_good_news() -> None:
    assert celebrations(history(*["Green"] * 6), "deteriorating", 4) == ()


def test_without_a_rated_figure_there_is_nothing_to_celebrate() -> None:
    assert celebrations([], "improving", 4) == ()
    assert celebrations(history("Green"), "steady", 4) == ()
