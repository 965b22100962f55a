"""The headers of a table are the same to whoever asks, however its part writes them."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from xlperf.errors import WorkbookError
from xlperf.workbook.file import FileWorkbook


def book(in_table: str, in_cell: str) -> FileWorkbook:
    """A table of which the part and the cell say the header in these words of XML."""
    out, done = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet("KPIs")
        sheet.add_table("A1:A3", {"name": "tbl_k", "columns": [{"header": "HEADER"}]})
        sheet.write("A2", "V1")
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(done, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode().replace('name="HEADER"', f'name="{in_table}"')
            new.writestr(name, text.replace("<t>HEADER</t>", f'<t xml:space="preserve">{in_cell}</t>'))
    return FileWorkbook.open(done.getvalue())


@pytest.mark.parametrize(
    ("in_table", "in_cell", "header"),
    [
        ("Date&amp;amp;Time", "Date&amp;amp;Time", "Date&amp;Time"),
        ("a_x000a_b", "a\nb", "a\nb"),
        ("a&#10;b", "a_x000A_b", "a\nb"),
        ("a_x000D__x000A_b", "a_x000D_&#10;b", "a\r\nb"),
        ("_x005F_x000a_", "_x005F_x000a_", "_x000a_"),
        (" a&quot;b' ", " a\"b' ", " a\"b' "),
    ],
)
def test_reader_and_editor_agree_on_a_header(in_table: str, in_cell: str, header: str) -> None:
    workbook = book(in_table, in_cell)
    assert workbook.columns("tbl_k") == (header,)
    assert tuple(workbook.read_table("tbl_k").columns) == (header,)


def test_a_header_that_the_sheet_shows_otherwise_is_named_with_what_to_do() -> None:
    with pytest.raises(WorkbookError, match=r"calls a column 'Old', and its header on the sheet is 'New'; open the"):
        book("Old", "New").read_table("tbl_k")
