"""Rows that people put into the master's tables: Excel makes one of whatever is typed right below a table."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from tests.conftest import Q1
from tests.workflow.test_lists import Book
from tests.workflow.test_peoples_work import TEMPLATE
from xlperf.findings import Finding
from xlperf.report.views import SHEETS
from xlperf.workbook.file import FileWorkbook
from xlperf.workflow.master import show, template_words

TABLES = [sheet.table for sheet in SHEETS if len(sheet.columns) > 1]
"""A list of one column, as of stages, cannot tell a row of ours that goes from one of theirs."""


def shown(ledger: Book, data: bytes | None = None) -> tuple[bytes, Sequence[Finding]]:
    """The master, with what could not be kept in it."""
    facts = ledger.facts(Q1, "2026-11-01")
    book = FileWorkbook.open(data or TEMPLATE)
    if data is None:
        book.fill(template_words(facts.catalogue))
    findings = show(book, facts, [("Item", "Value")])
    return book.to_bytes(), findings


@pytest.fixture(scope="module")
def ledger() -> Book:
    book = Book()
    for kpi, actual in (("V1", 60.0), ("L1", 25.0), ("C1", 3.0)):
        book.series(kpi, "TRUST", {"2025-26-Q4": actual, Q1: actual})
    return book


@pytest.fixture(scope="module")
def master(ledger: Book) -> bytes:
    return shown(ledger)[0]


def type_below(data: bytes, name: str, values: Sequence[Any]) -> tuple[bytes, str]:
    """Type right below a table, which takes it for another row; returns where, too."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet, table = next((s, t) for s in book for t in s.tables.values() if t.name == name)
    left, top, right, bottom = (edge or 0 for edge in range_boundaries(table.ref))
    for column, value in enumerate(values, left):
        sheet.cell(bottom + 1, column).value = value
    table.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom + 1}"
    if table.autoFilter:
        table.autoFilter.ref = table.ref
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), f"{get_column_letter(left)}{bottom + 1}"


@pytest.mark.parametrize("table", TABLES)
def test_what_was_typed_right_below_a_table_is_told_as_its_row_goes(ledger: Book, master: bytes, table: str) -> None:
    data, where = type_below(master, table, ["Ask Ann"])
    after, findings = shown(ledger, data)
    told = [(item.code, item.location.cell) for item in findings if "'Ask Ann'" in item.message]
    assert told == [("D003", where)]
    assert shown(ledger, after)[1] == []


def test_rows_of_ours_that_go_are_not_told(ledger: Book, master: bytes) -> None:
    assert shown(Book(), master)[1] == []
