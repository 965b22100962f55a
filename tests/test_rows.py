"""Rows held by column are the rows that they were made from."""

from __future__ import annotations

from typing import Any

import pytest

from xlperf.rows import ABSENT, RowsByColumn

ROWS: list[dict[str, Any]] = [{"A": 1, "B": None}, {"B": "", "C": False}, {}, {"A": 1.0, "B": "b", "C": "c"}]


def test_they_are_the_rows_that_they_were_made_from() -> None:
    rows = RowsByColumn.of(ROWS)
    assert rows == ROWS
    assert list(rows) == ROWS
    assert [list(row) for row in rows] == [list(row) for row in ROWS]
    assert (len(rows), rows[-1], rows[1:3]) == (4, ROWS[3], ROWS[1:3])
    assert RowsByColumn.of(rows) is rows
    with pytest.raises(IndexError):
        rows[4]


def test_a_cell_of_which_a_row_says_nothing_is_not_one_that_is_to_be_blank() -> None:
    rows = RowsByColumn.of(ROWS)
    assert list(rows.column("B")) == [None, "", ABSENT, "b"]
    assert list(rows.column("D")) == [ABSENT] * 4


def test_they_are_taken_in_any_order_and_gain_columns() -> None:
    rows = RowsByColumn.of(ROWS)
    assert rows.taken([3, 0]) == [ROWS[3], ROWS[0]]
    assert rows.taken(range(4)) is rows
    assert rows.with_columns({"D": [ABSENT, 2, ABSENT, 3]}) == [
        ROWS[0],
        ROWS[1] | {"D": 2},
        ROWS[2],
        ROWS[3] | {"D": 3},
    ]


def test_a_table_without_rows_has_none() -> None:
    assert (list(RowsByColumn.of([])), len(RowsByColumn.of([{}, {}]))) == ([], 2)
