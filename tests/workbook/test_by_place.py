"""What reaches rows of a table by where they stand: links with a text as address, names without $, INDIRECT, OFFSET."""

from __future__ import annotations

import io
from collections.abc import Sequence

import openpyxl
import pytest
import xlsxwriter

from xlperf.workbook.a1 import Area
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.formulafill import Moves, followed

OLD = {"V1": 2, "L1": 3, "C1": 4}


def moves(refs: Sequence[str]) -> Moves:
    rows = {OLD[ref]: number for number, ref in enumerate(refs, 2) if ref in OLD}
    return Moves("KPIs", Area(1, 2, 2, 4), rows, max(len(refs), 1) + 1)


def there(formula: str, refs: Sequence[str] = ("C1", "V1"), sheet: str = "Mine") -> str | None:
    moving = moves(refs)
    return followed(formula, sheet, lambda name: [moving] if name is None or name.casefold() == "kpis" else [])


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('HYPERLINK("#KPIs!A4","C1")', 'HYPERLINK("#KPIs!A2","C1")'),
        ("hyperlink( \"#'KPIs'!$A$2\" )", "hyperlink( \"#'KPIs'!$A$3\" )"),
        ('IF(A1="HYPERLINK(""#KPIs!A4"",1)",1,2)', 'IF(A1="HYPERLINK(""#KPIs!A4"",1)",1,2)'),
        ('HYPERLINK("https://example.org/#KPIs!A4")', 'HYPERLINK("https://example.org/#KPIs!A4")'),
        ('HYPERLINK("https://example.org/"&A1)', 'HYPERLINK("https://example.org/"&A1)'),
        ('HYPERLINK("#Mine!A4","mine")', 'HYPERLINK("#Mine!A4","mine")'),
        ('HYPERLINK("#"&CELL("address",KPIs!A4))', 'HYPERLINK("#"&CELL("address",KPIs!A2))'),
        ('HYPERLINK("#KPIs!A3","L1, which goes")', None),
        ('HYPERLINK("#KPIs!A"&ROW(),"put together")', None),
        ('HYPERLINK("#Mine!A"&ROW(),"put together")', 'HYPERLINK("#Mine!A"&ROW(),"put together")'),
        ('INDIRECT("KPIs!B4")', None),
        ("OFFSET(KPIs!$A$1,3,1)", None),
        ("OFFSET(Mine!$A$1,3,1)", "OFFSET(Mine!$A$1,3,1)"),
    ],
)
def test_what_a_formula_reaches_by_its_place_follows_or_is_told(formula: str, expected: str | None) -> None:
    assert there(formula) == expected


def test_a_link_on_the_sheet_of_the_table_needs_not_name_it() -> None:
    assert there('HYPERLINK("#A4")', sheet="KPIs") == 'HYPERLINK("#A2")'
    assert there('HYPERLINK("#A"&ROW())', sheet="KPIs") is None


@pytest.mark.parametrize(
    ("text", "refs", "expected", "is_told"),
    [
        ("KPIs!A4", ("C1", "V1", "L1"), "KPIs!A4", True),
        ("KPIs!$A4", ("C1", "V1", "L1"), "KPIs!$A4", True),
        ("KPIs!A$4", ("C1", "V1", "L1"), "KPIs!A$2", False),
        ("KPIs!$A$4", ("C1", "V1", "L1"), "KPIs!$A$2", False),
        ("KPIs!A4", ("V1", "L1", "C1", "N1"), "KPIs!A4", False),
        ("Mine!A4", ("C1", "V1", "L1"), "Mine!A4", False),
        ("OFFSET(KPIs!$A$1,3,0)", ("C1", "V1", "L1"), "OFFSET(KPIs!$A$1,3,0)", True),
    ],
)
def test_a_name_without_dollars_is_counted_from_the_cell_that_uses_it(
    text: str, refs: Sequence[str], expected: str, is_told: bool
) -> None:
    out, moving = io.BytesIO(), moves(refs)
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet("KPIs")
        made.add_worksheet("Mine")
        sheet.add_table("A1:B4", {"name": "tbl_k", "columns": [{"header": "Ref"}, {"header": "Actual"}]})
        made.define_name("reached", f"={text}")
    book = FileWorkbook.open(out.getvalue())
    lost = book.follow(lambda name: [moving] if name is None or name.casefold() == "kpis" else [])
    assert [each.where for each in lost] == ["the name 'reached'"] * is_told
    assert openpyxl.load_workbook(io.BytesIO(book.to_bytes())).defined_names["reached"].attr_text == expected
