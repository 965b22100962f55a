"""The order of what is to act on, and the sentence of each, worked out by hand."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from xlperf.rules.consequence import Consequence, by_gravest, listed_once
from xlperf.rules.runs import RunOfFigures
from xlperf.rules.shortfall import Shortfall


def run(figures: int) -> RunOfFigures:
    """A run of so many figures."""
    rows: list[dict[str, Any]] = [{"period_number": at} for at in range(figures)]
    return RunOfFigures(rows[0], rows[-1], figures)


def test_consequence_comes_before_age() -> None:
    """Each is graver than the next, although it is younger."""
    in_order = [
        Consequence(2, Shortfall(0.5), run=run(1)),
        Consequence(1, Shortfall(4.0), run=run(1)),
        Consequence(1, Shortfall(1.2), run=run(2)),
        Consequence(0, Shortfall(7.0), run=run(1)),
        Consequence(0, Shortfall(1.5), is_of_concern=True, run=run(1)),
        Consequence(0, Shortfall(1.5), expected_to_miss=("expected to miss",), run=run(2)),
        Consequence(0, Shortfall(1.5), days_overdue=3, run=run(3)),
        Consequence(0, Shortfall(1.5), run=run(9)),
        Consequence(0, Shortfall(1.5), run=run(8)),
        Consequence(0, Shortfall(0.9), run=run(20)),
        Consequence(),
    ]
    assert all(graver.order < milder.order for graver, milder in pairwise(in_order))


def test_the_reason_is_a_sentence_of_all_that_counts() -> None:
    listed = Consequence(
        1,
        Shortfall(1.6, "3.2 points below target, 1.6 times its tolerance"),
        is_of_concern=True,
        days_overdue=40,
        run=run(4),
        colour="Red",
    )
    assert listed.reason == (
        "Red, 3.2 points below target, 1.6 times its tolerance; special cause concern; action 40 days overdue; off "
        "target for 4 periods"
    )


def test_the_sentence_is_in_the_order_that_decides_the_place() -> None:
    listed = Consequence(
        2, run=run(2), colour="no figure now; last Red", stage="in escalation: Enhanced", missed="missed"
    )
    assert listed.reason == "In escalation: Enhanced; no figure now; last Red, missed; off target for 2 periods"
    assert Consequence(days_overdue=1, colour="Green").reason == "Green; action 1 day overdue"


REGIONS = {("S1", "ALL"): [("S1", "NORTH"), ("S1", "SOUTH")]}
ALL, NORTH, SOUTH = ("S1", "ALL"), ("S1", "NORTH"), ("S1", "SOUTH")


def test_a_roll_up_is_listed_with_the_one_member_that_makes_it_off_target() -> None:
    assert listed_once(REGIONS, {ALL, NORTH}, ()) == {ALL: NORTH}
    assert listed_once(REGIONS, {ALL, NORTH, SOUTH}, ()) == {}  # two things to act on, and what they make together
    assert listed_once(REGIONS, {ALL}, ()) == {}  # none of them alone
    assert listed_once(REGIONS, {NORTH}, ()) == {}
    assert listed_once(REGIONS, {ALL, NORTH}, {ALL}) == {}  # it has a stage of its own


def test_a_group_stands_where_its_gravest_member_would() -> None:
    red, amber, staged = Consequence(0, Shortfall(3.0)), Consequence(0, Shortfall(0.5)), Consequence(2)
    groups = {
        "one red": [red.order],
        "amber, with a part in a stage": [amber.order, staged.order],
        "amber": [amber.order],
    }
    assert by_gravest(groups) == ["amber, with a part in a stage", "one red", "amber"]
