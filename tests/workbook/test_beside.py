"""What people have on blank cells right beside a table is named where the table is to get columns there."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter

from xlperf.errors import WorkbookError
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import Look


def master(change: Callable[[Any], None]) -> FileWorkbook:
    """A table in A1:B4."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("KPIs")
        sheet.add_table("A1:B4", {"name": "tbl_k", "columns": [{"header": "Ref"}, {"header": "Actual"}]})
        sheet.write_column("A2", ["V1", "L1", "C1"])
        change(sheet)
    return FileWorkbook.open(out.getvalue())


_LIST = {"validate": "list", "source": ["a", "b"]}
_BLANK = {"type": "blanks", "format": None}


@pytest.mark.parametrize(
    ("named", "put"),
    [
        ("the note on C3", lambda sheet: sheet.write_comment("C3", "ask Ann")),
        ("the little chart on D2", lambda sheet: sheet.add_sparkline("D2", {"range": "KPIs!B2:B4"})),
        ("the text box on C2", lambda sheet: sheet.insert_textbox("C2", "mine")),
        ("the list or rule on C2:C4", lambda sheet: sheet.data_validation("C2:C4", _LIST)),
        ("the conditional format on C2:D9", lambda sheet: sheet.conditional_format("C2:D9", _BLANK)),
    ],
)
def test_it_is_named_and_nothing_changes(named: str, put: Callable[[Any], None]) -> None:
    book = master(put)
    before = book.to_bytes()
    with pytest.raises(WorkbookError, match=f"would take over {named}; move them away"):
        book.add_columns("tbl_k", {"New": Look("Actual"), "Newer": Look("Actual")})
    assert book.to_bytes() == before


@pytest.mark.parametrize(
    "put",
    [
        lambda sheet: sheet.write_comment("E3", "further right"),
        lambda sheet: sheet.write_comment("C5", "below"),
        lambda sheet: sheet.conditional_format("A2:D9", _BLANK),
        lambda sheet: sheet.conditional_format("C1:D1048576", _BLANK),
    ],
)
def test_what_is_about_other_cells_is_in_nobodys_way(put: Callable[[Any], None]) -> None:
    book = master(put)
    book.add_columns("tbl_k", {"New": Look("Actual"), "Newer": Look("Actual")})
    assert book.columns("tbl_k") == ("Ref", "Actual", "New", "Newer")
