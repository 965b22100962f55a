"""What a public report withholds: whoever reads it cannot work out a small number, and is shown what can be shown."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlperf.rules.disclosure import is_small, withheld
from xlperf.rules.keys import SeriesKey

K = "Q2"
MOST = 6
"""The largest figure of an org that the tests make up."""


def of(*orgs: str) -> frozenset[str]:
    return frozenset(orgs)


TREE = {
    (K, "TOP"): of("a", "b", "c", "d"),
    (K, "WEST"): of("a", "b"),
    (K, "EAST"): of("c", "d"),
    **{(K, org): of(org) for org in "abcd"},
}


@pytest.mark.parametrize(("number", "small"), [(None, False), (0, False), (1, True), (4, True), (5, False)])
def test_a_number_is_small_from_one_up_to_the_bound(number: float | None, small: bool) -> None:
    assert is_small(number, 5) is small


def test_with_a_small_part_goes_its_sister_and_the_totals_stay() -> None:
    assert withheld(TREE, [(K, "a")]) == {(K, "a"), (K, "b")}


def test_with_a_small_total_go_its_parts_and_what_it_could_be_subtracted_from() -> None:
    hidden = withheld(TREE, [(K, "WEST"), (K, "a"), (K, "b")])
    assert hidden == {(K, "WEST"), (K, "EAST"), *((K, org) for org in "abcd")}


def test_a_figure_that_is_no_part_of_anything_goes_alone() -> None:
    alone = {(K, "a"): of("a"), (K, "b"): of("b"), ("Q1", "a"): of("a")}
    assert withheld(alone, [(K, "a")]) == {(K, "a")}


def test_a_total_of_one_part_goes_with_it() -> None:
    assert withheld({(K, "TOP"): of("a"), (K, "a"): of("a")}, [(K, "a"), (K, "TOP")]) == {(K, "TOP"), (K, "a")}


def test_nothing_small_nothing_withheld() -> None:
    assert withheld(TREE, []) == frozenset()


_figures = st.fixed_dictionaries({org: st.integers(0, MOST) for org in "abcd"})
_totals = st.sets(st.frozensets(st.sampled_from("abcd"), min_size=2), max_size=4)


@given(_figures, _totals, st.integers(2, 4))
def test_a_reader_is_left_with_more_than_one_value_for_each_small_number(
    figures: dict[str, int], totals: set[frozenset[str]], below: int
) -> None:
    parts: dict[SeriesKey, frozenset[str]] = {(K, org): of(org) for org in figures}
    parts |= {(K, "".join(sorted(total))): total for total in totals}
    values = {key: sum(figures[org] for org in each) for key, each in parts.items()}
    small = [key for key, value in values.items() if is_small(value, below)]
    hidden = withheld(parts, small)
    shown = {key: values[key] for key in parts if key not in hidden}
    # Everything that a reader could believe, who knows that there are no negative numbers of people.
    believed = [
        dict(zip(figures, each, strict=True))
        for each in product(range(MOST + 3), repeat=len(figures))
        if all(sum(dict(zip(figures, each, strict=True))[org] for org in parts[key]) == shown[key] for key in shown)
    ]
    for key in small:
        assert len({sum(possible[org] for org in parts[key]) for possible in believed}) > 1
