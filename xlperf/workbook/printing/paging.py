"""Where the pages of a sheet end, so that no row stands alone that belongs with the next."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

_RECORD = re.compile(r"([\d.]+) ([\d.]+) ([\d.]+)\|([01])\|([\d,]*)")


@dataclass(frozen=True, slots=True)
class PageRoom:
    """The points, before the page is made smaller, that the rows of a table have on a page.

    Attributes:
        first: on the first page, below what stands above the table's rows.
        others: on any other page, below what is repeated on each.
        whole: on one page, if everything is made as small as can still be read, to have it there.
    """

    first: float
    others: float
    whole: float


@dataclass(frozen=True, slots=True)
class Paging:
    """How a table's rows are spread over pages.

    Attributes:
        is_one_page: whether everything is made to fit on one page.
        breaks: how many rows of the table stand above each break.
    """

    is_one_page: bool = False
    breaks: tuple[int, ...] = ()


def paging(heights: Sequence[float], with_next: Collection[int], room: PageRoom) -> Paging:
    """Spread rows over pages.

    Args:
        heights: of each row, in points.
        with_next: the rows, counted from 0, after which no page may end.
        room: of the pages.
    """
    total = sum(heights)
    if total <= room.first:
        return Paging()
    if total <= room.whole:
        return Paging(is_one_page=True)
    breaks: list[int] = []
    start, left = 0, room.first
    for row, height in enumerate(heights):
        if height > left and row > start:
            start = _end(start, row, with_next)
            breaks.append(start)
            left = room.others - sum(heights[start:row])
        left -= height
    return Paging(breaks=tuple(breaks))


def _end(start: int, row: int, with_next: Collection[int]) -> int:
    """The row with which the next page begins, at the latest `row`; what is higher than a page is torn."""
    ends = (each for each in range(row, start, -1) if each - 1 not in with_next)
    return next(ends, row)


def note_of_pages(table: str) -> str:
    """The hidden name in the workbook that holds what is noted of a table's pages."""
    return f"xlperf_pages_{table}"


def recorded(room: PageRoom, made: Paging) -> str:
    """What is noted of the pages in the workbook, so that a person's own are told from ours."""
    breaks = ",".join(map(str, made.breaks))
    return f"{room.first:.1f} {room.others:.1f} {room.whole:.1f}|{int(made.is_one_page)}|{breaks}"


def read_record(text: str) -> tuple[PageRoom, Paging] | None:
    """What was noted; None for anything else."""
    match = _RECORD.fullmatch(text)
    if match is None:
        return None
    breaks = tuple(int(each) for each in match[5].split(",") if each)
    if any(later <= earlier for earlier, later in pairwise(breaks)):
        return None
    return PageRoom(float(match[1]), float(match[2]), float(match[3])), Paging(match[4] == "1", breaks)
