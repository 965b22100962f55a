"""Pictures, text boxes and charts on cells of a table: what fits into a row goes with it, and what loses it is told."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Sequence

import pytest
import xlsxwriter

from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import Attached

REFS = ("V1", "L1", "C1", "P1")
OLD = {ref: number for number, ref in enumerate(REFS, 2)}
_DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def master() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("KPIs")
        sheet.add_table("A1:C5", {"name": "tbl_k", "columns": [{"header": h} for h in ("Ref", "Actual", "Who")]})
        sheet.write_column("A2", REFS)
        sheet.insert_image("B3", "dot.png", {"image_data": io.BytesIO(_DOT), "description": "L1's logo"})
        sheet.insert_textbox("C4", "ask C1's owner", {"width": 40, "height": 12})
        sheet.insert_image("F3", "dot.png", {"image_data": io.BytesIO(_DOT), "description": "beside"})
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=KPIs!$B$2:$B$5"})
        chart.set_title({"name": "All of them"})
        sheet.insert_chart("C5", chart)
    return out.getvalue()


def hung(refs: Sequence[str]) -> list[tuple[str, str, str]]:
    """(column, row from, row to) of each, counted from 0, once the rows are in this order."""
    book = FileWorkbook.open(master())
    moved = {OLD[ref]: number for number, ref in enumerate(refs, 2) if ref in OLD}
    book.write_table("tbl_k", [{"Ref": ref} for ref in refs], moved)
    drawing = zipfile.ZipFile(io.BytesIO(book.to_bytes())).read("xl/drawings/drawing1.xml").decode()
    found = re.findall(r"<xdr:col>(\d+)</xdr:col>.*?<xdr:row>(\d+)</xdr:row>", drawing)
    return [(column, row, last) for (column, row), (_, last) in zip(found[::2], found[1::2], strict=True)]


def test_what_hangs_on_a_row_is_told_with_what_it_says() -> None:
    told = FileWorkbook.open(master()).read_attached("tbl_k")
    assert told[:2] == (
        Attached(3, "Actual", "picture", "L1's logo"),
        Attached(4, "Who", "text box", "ask C1's owner"),
    )
    assert [(each.row, each.what) for each in told[2:]] == [(5, "chart")]


@pytest.mark.parametrize("refs", [REFS, ("P1", "C1", "L1", "V1"), ("NEW", "L1", "V1", "C1"), ("C1", "V1")])
def test_what_fits_into_a_row_goes_with_it_and_nothing_else_moves(refs: Sequence[str]) -> None:
    before, after = hung(REFS), hung(refs)
    about = {("1", "2", "2"): "L1", ("2", "3", "3"): "C1"}
    assert set(about) < set(before)
    for was, now in zip(before, after, strict=True):
        ref = about.get(was)
        row = str(refs.index(ref) + 1) if ref in refs else was[1]
        assert now == ((was[0], row, row) if ref in refs else was)
