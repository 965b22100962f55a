"""Rows that people put into the master's tables: Excel makes one of whatever is typed right below a table."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils import get_column_letter, range_boundaries

from tests.conftest import Q1
from tests.workflow.test_lists import Book
from tests.workflow.test_peoples_work import TEMPLATE
from xlperf.findings import Finding
from xlperf.report import layout
from xlperf.report.views import SHEET_OF, SHEETS
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import Kept
from xlperf.workflow.master.peoples import with_peoples_columns
from xlperf.workflow.master.refresh import MasterContent, show, template_words

TABLES = [sheet.table for sheet in SHEETS if len(sheet.columns) > 1 and not sheet.columns[0].is_typed]
"""A list of one column, as of stages, cannot tell a row of ours that goes from one of theirs.

Where the first column is for typing, as of Cases, whatever reads it tells of it (test_cases).
"""


def shown(ledger: Book, data: bytes | None = None) -> tuple[bytes, Sequence[Finding]]:
    """The master, with what could not be kept in it."""
    assessment = ledger.assessment(Q1, "2026-11-01")
    book = FileWorkbook.open(data or TEMPLATE)
    if data is None:
        book.fill(template_words(assessment.catalogue))
    findings, _ = show(book, MasterContent(assessment, [("Item", "Value")]), ())
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


def test_a_row_with_nothing_but_a_formula_is_told_among_rows_of_ours_that_go(master: bytes) -> None:
    data, where = type_below(master, layout.EXCEPTIONS, ["=1+1"])
    told = [(item.code, item.location.cell) for item in shown(Book(), data)[1]]
    assert told == [("D003", where)]


@pytest.mark.parametrize("goes", [False, True])
def test_it_is_the_same_master_however_a_program_writes_what_is_read_back(
    ledger: Book, master: bytes, *, goes: bool
) -> None:
    """Rows as we write them are told by what they share; of rows written in another way each cell is read by itself."""
    noted, _ = type_below(master, layout.KPIS, ["Ask Ann"])
    otherwise = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(noted)) as old, zipfile.ZipFile(otherwise, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b'<c r="', b'<c  r="') if name.startswith("xl/worksheets/") else part)
    (first, told), (second, told_again) = (
        shown(Book() if goes else ledger, data) for data in (noted, otherwise.getvalue())
    )
    assert told == told_again
    assert seen(first) == seen(second)


def seen(data: bytes) -> dict[tuple[str, str], tuple[object, ...]]:
    """What stands in each cell of each sheet, and what it looks like."""
    return {
        (sheet.title, cell.coordinate): (cell.value, cell.style_id, sheet.row_dimensions[cell.row].height)
        for sheet in openpyxl.load_workbook(io.BytesIO(data))
        for row in sheet.iter_rows()
        for cell in row
    }


def test_rows_of_ours_that_go_are_not_told(ledger: Book, master: bytes) -> None:
    assert shown(Book(), master)[1] == []


WRONG = {"Severity": "Warning", "Code": "R037", "File": "a.xlsx", "What": "No commentary", "What to do": "Write one"}
OTHER = WRONG | {"What": "No action", "Found": "nothing"}


@pytest.mark.parametrize(
    ("were", "now"),
    [([WRONG, OTHER], [OTHER]), ([OTHER], [WRONG, OTHER]), ([WRONG, OTHER], [OTHER, WRONG]), ([OTHER], [OTHER])],
)
def test_of_two_findings_about_the_same_the_note_stays_with_its_own(
    were: list[dict[str, str]], now: list[dict[str, str]]
) -> None:
    out = io.BytesIO()
    headers = SHEET_OF[layout.FINDINGS].headers
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Findings")
        columns = [{"header": header} for header in (*headers, "Mine")]
        sheet.add_table(0, 0, len(were), len(headers), {"name": layout.FINDINGS, "columns": columns})
        for number, row in enumerate(were, 1):
            sheet.write_row(number, 0, [row.get(header) for header in headers])
            sheet.write(number, len(headers), f"about {row['What']}")
    content, findings = with_peoples_columns(
        FileWorkbook.open(out.getvalue()), {layout.FINDINGS: ["Mine"]}, {layout.FINDINGS: now}
    )
    rows = content[layout.FINDINGS].rows
    mine = {row["What"]: were[kept.row - 2]["What"] for row in rows if isinstance(kept := row.get("Mine"), Kept)}
    assert mine == {row["What"]: row["What"] for row in now if row in were}
    assert [item.message for item in findings if "about No action" in item.message] == []


def test_a_table_renamed_in_its_capitals_alone_is_the_same_table() -> None:
    renamed = io.BytesIO()
    with zipfile.ZipFile(TEMPLATE) as old, zipfile.ZipFile(renamed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"tbl_kpis"', b'"Tbl_KPIs"'))
    book, assessment = FileWorkbook.open(renamed.getvalue()), Book().series("V1", "TRUST", {Q1: 50.0}).assessment(Q1)
    book.fill(template_words(assessment.catalogue))
    assert show(book, MasterContent(assessment, []), ())[0] == []
    assert "Tbl_KPIs" in book.table_names()
    assert {row["Ref"].raw for row in book.read_table("tbl_kpis").rows} >= {"V1", "L1"}
    assert show(book, MasterContent(assessment, []), ())[0] == []
