"""What is written into a table is what another program reads, whatever stands beside it and however often it comes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from xlperf.errors import WorkbookError
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import Kept

HEADERS = ("A", "B", "Own", "Twice", "C")
VALUES = (
    1, True, 1.0, 0, False, -0.5, 1.5e-07, "1", "True", "", None, date(2026, 1, 1), datetime(2026, 1, 1, 12),
    "a < b & c > d", "=1+1", " two\nlines ", "long " * 40, 1, True, "1", "a < b & c > d",
)  # fmt: skip


def book_with(rows: int) -> bytes:
    """A table whose third column people fill, and whose fourth is a formula."""
    saved = io.BytesIO()
    with xlsxwriter.Workbook(saved) as book:
        sheet = book.add_worksheet("S")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        columns = [{"header": each, **({"formula": "=1+1"} if each == "Twice" else {})} for each in HEADERS]
        sheet.add_table(3, 1, 3 + rows, 5, {"name": "tbl_s", "columns": columns})
        sheet.set_column(5, 5, 12, day)
        for row in range(rows):
            sheet.write(4 + row, 3, f"mine {row}")
    return saved.getvalue()


def read(path: Path) -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(path)["S"]
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows(5, 4 + len(VALUES), 2, 6)]


@pytest.mark.parametrize("marks", [False, True], ids=["as our own", "with cells that somebody coloured"])
def test_every_value_is_read_back_as_it_was_written(tmp_path: Path, marks: bool) -> None:
    book = FileWorkbook.open(coloured() if marks else book_with(len(VALUES)))
    rows: list[Mapping[str, object]] = [
        {"A": value, "B": value, "Own": Kept(5 + at), "C": "end"} for at, value in enumerate(VALUES)
    ]
    book.write_table("tbl_s", rows, {row: row for row in range(5, 5 + len(VALUES))})  # type: ignore[arg-type]
    book.save(tmp_path / "s.xlsx")
    for at, (value, cells) in enumerate(zip(VALUES, read(tmp_path / "s.xlsx"), strict=True)):
        assert [str(cell) for cell in cells[:2]] == [as_read(value)] * 2
        assert cells[2:] == (f"mine {at}", "=1+1", "end")


def as_read(value: object) -> str:
    """How a value comes back from a column that has no date format: a date as the number of its day."""
    if isinstance(value, date):
        return "46023.5" if isinstance(value, datetime) else "46023"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "None" if value == "" else str(value)


def coloured() -> bytes:
    """The same with a fill in one cell of every second row, which is then written cell by cell."""
    book = openpyxl.load_workbook(io.BytesIO(book_with(len(VALUES))))
    for row in range(5, 5 + len(VALUES), 2):
        book["S"].cell(row, 3).fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), "x" * 32_768, date(1899, 1, 1)], ids=lambda v: repr(v)[:12]
)
def test_a_value_that_no_cell_holds_is_refused_with_its_cell(value: object) -> None:
    book = FileWorkbook.open(book_with(2))
    before = book.to_bytes()
    with pytest.raises(WorkbookError, match="S"):
        book.write_table("tbl_s", [{"A": "fine"}, {"A": "fine", "C": value}])  # type: ignore[dict-item]
    assert book.to_bytes() == before
