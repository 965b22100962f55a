"""In which order the rows of a table are written: each where it was, as long as there is something to say of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlperf.report.columns import Stay

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arranged:
    """The rows of a table in the order in which they are written; `rows_now` says of rows that were where they are.

    Both are counted from 0.
    """

    rows: Sequence[Mapping[str, Any]]
    rows_now: Mapping[int, int]


def arranged(before: Sequence[Key], rows: Sequence[Mapping[str, Any]], headers: Sequence[str], stay: Stay) -> Arranged:
    """Put the rows of a table in order.

    Args:
        before: what each row of the table is about, as it stands.
        rows: what is to be written, in the order in which it is thought.
        headers: those that tell what a row is about.
        stay: whether rows that were there keep their order.
    """
    free: dict[Key, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        free[_key(row, headers)].append(place)
    # Rows about the same thing keep their order.
    found = {old: free[key].pop(0) for old, key in enumerate(before) if free.get(key)}
    order = list(range(len(rows))) if stay is Stay.AS_TOLD else list(_kept(found, len(rows), stay))
    places = {row: place for place, row in enumerate(order)}
    return Arranged([rows[row] for row in order], {old: places[row] for old, row in found.items()})


def _kept(found: Mapping[int, int], count: int, stay: Stay) -> Iterator[int]:
    """Numbers of rows: those that were there in the order in which they were, the new ones where they belong."""
    were = [found[old] for old in sorted(found)]
    is_new = set(range(count)) - set(were)
    following: dict[int, list[int]] = defaultdict(list)
    last = -1
    for row in range(count):
        if row in is_new:
            following[last if stay is Stay.IN_PLACE else count].append(row)
        else:
            last = row
    for row in (-1, *were, count):
        if 0 <= row < count:
            yield row
        yield from following[row]


def _key(row: Mapping[str, Any], headers: Sequence[str]) -> Key:
    return tuple(str(row.get(header) or "").strip() for header in headers)
