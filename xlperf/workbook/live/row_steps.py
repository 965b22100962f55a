"""Works out the steps by which Excel brings the rows of a table to their new places; knows no Excel.

First, blank rows are inserted for new rows and for rows that come from elsewhere. Then rows are moved into them. Last,
rows that go are deleted, and so are the gaps that moved rows leave. As many rows as possible stay where they are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

RowSpan = tuple[int, int]
"""First and last of some rows that follow each other."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What to do, in this order; rows are the sheet's, each as they stand when their step begins.

    Attributes:
        put_in: where blank rows are put in, (row, count), from the bottom up.
        moves: rows that are moved, (first, last, new first).
        taken_out: rows that go, from the bottom up.
        new: the rows that say something new, once all is done.
        new_meanwhile: the same rows, before any are taken out.
    """

    put_in: Sequence[tuple[int, int]]
    moves: Sequence[tuple[int, int, int]]
    taken_out: Sequence[RowSpan]
    new: Sequence[RowSpan]
    new_meanwhile: Sequence[RowSpan]


@dataclass(frozen=True, slots=True)
class _Blank:
    """A row that is put in, for the one that will be at this place, counted from 0."""

    place: int


def steps(first: int, last: int, moved: Mapping[int, int], new_last: int) -> Steps:
    """The steps for a table with rows from `first` to `last` that will end in `new_last`.

    `moved` gives, for each row that stays in the table, the row where it will be.
    """
    old_at = {new - first: old for old, new in moved.items()}
    stay = _in_order([old_at.get(place) for place in range(new_last - first + 1)])
    layout = list(_layout(range(first, last + 1), stay, new_last - first + 1, old_at))
    at = {item: row for row, item in enumerate(layout, first)}
    put_in, is_before = list[tuple[int, int]](), first
    for is_blank, run in groupby(layout, key=lambda item: isinstance(item, _Blank)):
        count = len(list(run))
        if is_blank:
            put_in.append((is_before, count))
        else:
            is_before += count
    from_elsewhere = {
        at[old]: at[_Blank(place)] for place, old in sorted(old_at.items()) if old not in stay and _Blank(place) in at
    }
    gone = [at[item] for item in layout if not isinstance(item, _Blank) and item not in stay]
    fresh = [place for place in range(new_last - first + 1) if place not in old_at]
    return Steps(
        put_in[::-1],
        list(_moves(from_elsewhere)),
        list(spans(gone))[::-1],
        list(spans([first + place for place in fresh])),
        list(spans([at[_Blank(place)] for place in fresh])),
    )


def _layout(old: range, stay: Mapping[int, int], count: int, old_at: Mapping[int, int]) -> Iterator[int | _Blank]:
    """The rows once the blank ones are in: numbers of old rows, and blank ones.

    Where rows go, blank ones stand between them or at the inner side, so that what points at the whole column, from its
    first row to its last, takes them in.
    """
    anchors = [place for place in range(count) if old_at.get(place) in stay]
    row, place = old.start, 0
    for anchor in anchors:
        while row < old_at[anchor]:
            yield row
            row += 1
        yield from map(_Blank, range(place, anchor))
        yield row
        row, place = row + 1, anchor + 1
    going = list(range(row, old.stop))
    yield from going[:-1]
    yield from map(_Blank, range(place, count))
    yield from going[-1:]


def _in_order(rows: Sequence[int | None]) -> dict[int, int]:
    """The largest set of rows of which each stands below the one before it, by their place in `rows`."""
    ends: list[int] = []
    last_of: list[int] = []
    before: dict[int, int] = {}
    for place, row in enumerate(rows):
        if row is None:
            continue
        length = bisect_left(ends, row)
        if length:
            before[place] = last_of[length - 1]
        ends[length : length + 1] = [row]
        last_of[length : length + 1] = [place]
    places: dict[int, int] = {}
    place = last_of[-1] if last_of else -1
    while place >= 0:
        row = rows[place]
        if row is not None:
            places[row] = place
        place = before.get(place, -1)
    return places


def _moves(new_row_of: Mapping[int, int]) -> Iterator[tuple[int, int, int]]:
    """Rows that follow each other now and also at their new place are moved together."""
    for _, run in groupby(
        enumerate(sorted(new_row_of)), key=lambda each: (each[1] - each[0], new_row_of[each[1]] - each[0])
    ):
        together = [row for _, row in run]
        yield together[0], together[-1], new_row_of[together[0]]


def spans(rows: Sequence[int]) -> Iterator[RowSpan]:
    """Rows, in order, as spans of rows that follow each other."""
    for _, run in groupby(enumerate(rows), key=lambda each: each[1] - each[0]):
        together = [row for _, row in run]
        yield together[0], together[-1]
