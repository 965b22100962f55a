"""The `calc` fixture and workbooks for the engine's own tests."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwings as xw

from tests.calc_engine.fixture import Calc, calc

__all__ = ["calc", "sheet", "workbook"]


@pytest.fixture
def sheet(calc: Calc) -> xw.Sheet:
    """The first sheet of a new workbook."""
    return calc.app.books.add().sheets[0]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A workbook as a person's Excel would leave it: two tables, formulas, names, a hidden and a protected sheet."""
    path = tmp_path / "Figures.xlsx"
    book = xlsxwriter.Workbook(str(path))
    data, more, secret = (book.add_worksheet(name) for name in ("My Data", "Totals", "Hidden"))
    text, money, day = (book.add_format({"num_format": code}) for code in ("@", "£#,##0.00", "dd mmm yyyy"))
    columns: list[dict[str, Any]] = [
        {"header": "Ref", "format": text},
        {"header": "Actual"},
        {"header": "Twice", "formula": "=[@Actual]*2"},
    ]
    rows = [["001", 1], ["002", 2], ["003", 3]]
    data.add_table("A1:C4", {"name": "tbl_figures", "columns": columns, "data": rows})
    data.write_formula("E1", "=SUM(tbl_figures[Actual])")
    data.write_formula("E2", "=Totals!A1+'My Data'!B2")
    data.write_formula("E3", "=1/0")
    data.write_boolean("E4", True)
    data.write_number("F1", 12.5, money)
    data.write_datetime("F2", datetime(2026, 7, 16), day)
    more.write("A1", 5)
    more.add_table(
        "C1:D4",
        {
            "name": "tbl_sums",
            "total_row": True,
            "autofilter": False,
            "columns": [{"header": "What", "total_string": "All"}, {"header": "Sum", "total_function": "sum"}],
            "data": [["a", 1], ["b", 2]],
        },
    )
    more.protect()
    more.write("A2", "free", book.add_format({"locked": False}))
    secret.hide()
    book.define_name("first_actual", "='My Data'!$B$2")
    book.define_name("Totals!own", "=Totals!$A$1")
    book.define_name("a_constant", "=5")
    data.print_area("A1:C4")
    book.close()
    return path
