"""Workbooks of other programs and other hands are read alike by the parser and without it, and by a process apart."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.hostile.foreign import HEADERS, SEEDS_APART, foreign
from xlperf.tables import Book, Row
from xlperf.workbook.isolated.answers import checked
from xlperf.workbook.isolated.worker import as_json
from xlperf.workbook.reader import read_tables

LEFT_OUT = frozenset(HEADERS[::2])


def _without(book: Book) -> dict[str, list[Row]]:
    return {
        name: [
            Row(row.number, {header: cell for header, cell in row.cells.items() if header not in LEFT_OUT})
            for row in table.rows
        ]
        for name, table in book.tables.items()
    }


def _compare(seed: int) -> str:
    """Read a workbook in every way; gives what became of it: the code of what refused it, or that it was read."""
    data, file = foreign(seed), f"{seed}.xlsx"
    book, findings = read_tables(data, None, file=file)
    assert (book, findings) == read_tables(data, None, file=file, is_quick=False), seed
    if book is None:
        return findings[0].code
    answer = checked(as_json(1, book=book, findings=findings), 1, None, file)
    assert (answer.book, list(answer.findings)) == (book, findings), seed
    wanted = dict.fromkeys(book.tables, LEFT_OUT)
    some, of_some = read_tables(data, wanted, file=file)
    assert (some, of_some) == read_tables(data, wanted, file=file, is_quick=False), seed
    assert some is not None
    assert (of_some, {name: list(table.rows) for name, table in some.tables.items()}) == (findings, _without(book)), (
        seed
    )
    return "read"


def test_a_few_are_read_alike() -> None:
    assert set(map(_compare, range(40 * SEEDS_APART))) >= {"read"}


@pytest.mark.long
def test_thousands_are_read_alike() -> None:
    became = Counter(map(_compare, range(1_000 * SEEDS_APART)))
    # Most are read, or nothing would be compared; and some are refused, or nothing odd was tried.
    assert became["read"] > 0.6 * became.total()
    assert became["F010"] > 50
