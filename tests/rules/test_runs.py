"""For how long a series has been on target, or off it."""

from __future__ import annotations

from typing import Any

import pytest

from xlperf.rules.runs import off_target, on_target


def rows(*rags: str, reported: int = 1, expected: int = 1) -> list[dict[str, Any]]:
    """One row a period, Q1 the first."""
    every = {"reported": reported, "expected": expected}
    return [{"rag": rag, "period": f"Q{at}", "period_number": at, **every} for at, rag in enumerate(rags, start=1)]


def test_reds_and_ambers_run_until_a_figure_says_otherwise() -> None:
    run = off_target(rows("Green", "Amber", "Red"))
    assert run is not None
    assert (run.first["period"], run.last["period"], run.figures, run.words) == ("Q2", "Q3", 2, "2 periods")
    assert off_target(rows("Red", "Green")) is None


def test_greens_and_blues_run_until_one_is_off_target() -> None:
    run = on_target(rows("Amber", "Green", "Blue", "Green"))
    assert run is not None
    assert (run.first["period"], run.figures, run.words) == ("Q2", 3, "3 periods")
    assert on_target(rows("Green", "Red")) is None


@pytest.mark.parametrize("silent", ["Not returned", "Not due", "Not applicable", "No target"])
def test_what_says_nothing_neither_ends_a_run_nor_lengthens_it_but_is_said(silent: str) -> None:
    off = off_target(rows("Red", silent, "Amber", silent))
    on = on_target(rows("Green", silent, "Green", silent))
    for run in (off, on):
        assert run is not None
        assert (run.first["period"], run.last["period"], run.figures) == ("Q1", "Q3", 2)
        assert run.words == "2 of 3 periods (1 without a figure)"


def test_a_period_without_a_row_is_one_without_a_figure() -> None:
    run = off_target([row for row in rows("Red", "Red", "Red", "Red", "Red") if row["period"] not in ("Q2", "Q4")])
    assert run is not None
    assert run.words == "3 of 5 periods (2 without a figure)"


@pytest.mark.parametrize(("reported", "is_over"), [(2, False), (3, True)])
def test_a_roll_up_on_target_ends_a_run_only_by_the_figures_of_all(reported: int, is_over: bool) -> None:
    red, green = rows("Red", "Green", reported=3, expected=3)
    green["reported"] = reported
    assert (off_target([red, green]) is None) is is_over


def test_a_roll_up_off_target_counts_whoever_is_missing() -> None:
    assert off_target(rows("Red", reported=1, expected=3)) is not None


def test_a_roll_up_too_incomplete_to_be_rated_lacks_orgs() -> None:
    gap = rows("Red", "Not returned", "Red", reported=3, expected=3)
    gap[1]["reported"] = 2
    run = off_target(gap)
    assert run is not None
    assert run.words == "2 of 3 periods (1 without every part)"


def test_a_roll_up_without_every_org_after_the_last_figure_of_a_run_is_not_in_it() -> None:
    run = rows("Red", "Not returned", "Red", "Green", reported=3, expected=3)
    run[1]["reported"], run[3]["reported"] = 0, 2
    off = off_target(run)
    assert off is not None
    assert (off.last["period"], off.incomplete, off.words) == ("Q3", 0, "2 of 3 periods (1 without a figure)")


def test_a_roll_up_without_every_org_is_no_period_without_a_figure() -> None:
    run = [*rows("Red", reported=3, expected=3), *rows("Green", "Red", reported=2, expected=3)]
    for place, row in enumerate(run, start=1):
        row.update(period=f"Q{place}", period_number=place)
    off = off_target(run)
    assert off is not None
    assert off.words == "2 of 3 periods (1 without every part)"


def short(period: str) -> str:
    return f"{period} 26-27"


@pytest.mark.parametrize(
    ("rags", "words"),
    [
        (("Amber", "Red"), "since at least Q1 26-27, the first figure"),
        (("Not applicable", "Amber", "Red"), "since at least Q2 26-27, the first figure"),
        (("No target", "Amber", "Red"), "since Q2 26-27"),
        (("Green", "Amber", "Red"), "since Q2 26-27"),
    ],
)
def test_a_run_that_began_with_the_first_figure_may_be_longer_than_anybody_can_tell(
    rags: tuple[str, ...], words: str
) -> None:
    run = off_target(rows(*rags))
    assert run is not None
    assert run.since(short) == words


@pytest.mark.parametrize(
    ("rags", "words"),
    [
        (("Amber", "Red", "Red"), "Red for 2 periods"),
        (("Red", "Amber", "Red"), "Red for 1 period"),
        (("Amber", "Not returned", "Red", "Red"), "Red for 2 figures"),
        (("Green", "Red", "Red"), ""),
    ],
)
def test_how_long_a_colour_has_stood_is_said_where_the_run_is_longer(rags: tuple[str, ...], words: str) -> None:
    run = off_target(rows(*rags))
    assert run is not None
    assert run.colour_words == words
