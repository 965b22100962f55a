"""The order in which a table's rows are written: each keeps its place, as long as there is something to say of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlperf.report.columns import RowOrder
from xlperf.rows import ABSENT, RowsByColumn

RowKey = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arranged:
    """The rows of a table in the order in which they are written.

    `rows_now` gives, for each row that was there before, its new place. Both are counted from 0.
    """

    rows: RowsByColumn
    rows_now: Mapping[int, int]


def arranged(
    before: Sequence[RowKey],
    rows: RowsByColumn,
    headers: Sequence[str],
    stay: RowOrder,
    details: Sequence[str] = (),
) -> Arranged:
    """Put the rows of a table in order.

    Args:
        before: what each row of the table is about, as it stands: what it has under `headers`, then under `details`.
        rows: what is to be written, in the order in which it is thought.
        headers: those that tell what a row is about.
        stay: whether rows that were there keep their order.
        details: those that tell rows about the same thing apart.
    """
    place_of_old: dict[int, int] = {}
    # A row that says just the same is the same; of the others, those about the same thing keep their order.
    for named in ((*headers, *details), headers) if details else (headers,):
        free: dict[RowKey, list[int]] = defaultdict(list)
        taken = set(place_of_old.values())
        for place, key in enumerate(_keys(rows, named)):
            if place not in taken:
                free[key].append(place)
        for old, key in enumerate(before):
            if old not in place_of_old and free.get(key[: len(named)]):
                place_of_old[old] = free[key[: len(named)]].pop(0)
    order = list(range(len(rows))) if stay is RowOrder.SORTED else list(_kept(place_of_old, len(rows), stay))
    places = {row: place for place, row in enumerate(order)}
    return Arranged(rows.taken(order), {old: places[row] for old, row in place_of_old.items()})


def _kept(place_of_old: Mapping[int, int], count: int, stay: RowOrder) -> Iterator[int]:
    """The numbers of the rows: those that were there keep their order, and new ones stand where they belong."""
    were = [place_of_old[old] for old in sorted(place_of_old)]
    is_new = set(range(count)) - set(were)
    following: dict[int, list[int]] = defaultdict(list)
    last = -1
    for row in range(count):
        if row in is_new:
            following[last if stay is RowOrder.IN_PLACE else count].append(row)
        else:
            last = row
    for row in (-1, *were, count):
        if 0 <= row < count:
            yield row
        yield from following[row]


def has_doubles(keys: Sequence[RowKey], rows: RowsByColumn, headers: Sequence[str]) -> bool:
    """Whether several rows are about the same thing, among those in the table or those to be written."""
    return any(len(set(each)) < len(each) for each in (keys, _keys(rows, headers)))


def _keys(rows: RowsByColumn, headers: Sequence[str]) -> list[RowKey]:
    """What each row has under some headers, as text."""
    return list(zip(*(map(_text, rows.column(header)) for header in headers), strict=True))


def _text(value: Any) -> str:
    return "" if value is ABSENT else str(value or "").strip()
