"""By which steps rows come to their places: each ends where it should, and as many as can stay where they are."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlperf.workbook.live.row_steps import Steps, steps

FIRST = 5


@st.composite
def changes(draw: st.DrawFn) -> tuple[int, Mapping[int, int], int]:
    """So many rows, where those that stay will be, and so many rows then."""
    old, new = draw(st.integers(1, 8)), draw(st.integers(1, 8))
    count = draw(st.integers(0, min(old, new)))
    rows = draw(st.permutations(range(FIRST, FIRST + old)))[:count]
    places = draw(st.permutations(range(FIRST, FIRST + new)))[:count]
    return old, dict(zip(rows, places, strict=True)), new


def done(plan: Steps, rows: list[int | None]) -> list[int | None]:
    """The rows once the steps are done; None for one that is blank. Nothing is moved over a row that holds anything."""
    for row, count in plan.put_in:
        rows[row - FIRST : row - FIRST] = [None] * count
    for first, last, to in plan.moves:
        for by in range(last - first + 1):
            assert rows[to + by - FIRST] is None
            rows[to + by - FIRST], rows[first + by - FIRST] = rows[first + by - FIRST], None
    for first, last in plan.new_meanwhile:
        assert rows[first - FIRST : last - FIRST + 1] == [None] * (last - first + 1)
    for first, last in plan.taken_out:
        del rows[first - FIRST : last - FIRST + 1]
    return rows


@given(changes())
def test_every_row_comes_to_its_place_and_the_others_are_blank(change: tuple[int, Mapping[int, int], int]) -> None:
    old, moved, new = change
    plan = steps(FIRST, FIRST + old - 1, moved, FIRST + new - 1)
    wanted: list[int | None] = [None] * new
    for row, place in moved.items():
        wanted[place - FIRST] = row
    assert done(plan, list(range(FIRST, FIRST + old))) == wanted
    fresh = [place for place, row in enumerate(wanted, FIRST) if row is None]
    assert [row for first, last in plan.new for row in range(first, last + 1)] == fresh
    is_moved = sum(last - first + 1 for first, last, _ in plan.moves)
    assert is_moved == len(moved) - longest(moved)


def longest(moved: Mapping[int, int]) -> int:
    """How many rows can stay in the order in which they are."""
    there = [moved[row] for row in sorted(moved)]
    orders = (order for count in range(len(there), 0, -1) for order in combinations(there, count))
    return next((len(order) for order in orders if list(order) == sorted(order)), 0)


@pytest.mark.parametrize(
    ("moved", "last", "put_in", "moves", "taken_out"),
    [
        ({5: 5, 6: 6, 7: 8}, 8, [(7, 1)], [], []),
        ({6: 5, 7: 6}, 6, [], [], [(5, 5)]),
        ({5: 7, 6: 5, 7: 6}, 7, [(8, 1)], [(5, 5, 8)], [(5, 5)]),
        ({7: 6}, 6, [(7, 1)], [], [(5, 6)]),
    ],
    ids=["one is put in", "one goes", "the first comes last", "what is new stands within what pointed at all"],
)
def test_no_more_is_done_than_has_to_be(
    moved: dict[int, int],
    last: int,
    put_in: list[tuple[int, int]],
    moves: list[tuple[int, int, int]],
    taken_out: list[tuple[int, int]],
) -> None:
    plan = steps(5, 7, moved, last)
    assert (plan.put_in, plan.moves, plan.taken_out) == (put_in, moves, taken_out)


def test_a_long_table_is_planned_soon() -> None:
    count = 20_000
    moved = {row: row + 1 for row in range(FIRST, FIRST + count)}
    assert steps(FIRST, FIRST + count - 1, moved, FIRST + count).put_in == [(FIRST, 1)]
