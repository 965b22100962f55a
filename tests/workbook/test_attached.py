"""Notes, threads of comments and links on the cells of a table: they go where their row goes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

import openpyxl
import pytest
import xlsxwriter

from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import Attached

REFS = ("V1", "L1", "C1", "P1")
OLD = {ref: number for number, ref in enumerate(REFS, 4)}
"""The table's body is B4:D7."""
ORDERS = [REFS, ("P1", "C1", "L1", "V1"), ("NEW", "V1", "NEW2", "L1", "C1"), ("C1",), ("X1",)]
_THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"


def master() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("KPIs")
        sheet.add_table("B3:D7", {"name": "tbl_k", "columns": [{"header": h} for h in ("Ref", "Actual", "Who")]})
        for ref, row in OLD.items():
            sheet.write(f"B{row}", ref)
        sheet.write_comment("C4", "ask the ward about V1", {"author": "Ann"})
        sheet.write_comment("C6", "C1 again?", {"author": "Bob"})
        sheet.write_comment("F5", "beside the table")
        sheet.write_comment("B1", "above the table")
        sheet.write_url("D5", "https://example.org/l1", string="L1's page")
        sheet.write_url("D7", "internal:KPIs!A1", string="up")
        sheet.write_url("F6", "https://example.org/beside")
    return out.getvalue()


def rewritten(book: FileWorkbook, refs: tuple[str, ...]) -> bytes:
    moved = {OLD[ref]: number for number, ref in enumerate(refs, 4) if ref in OLD}
    book.write_table("tbl_k", [{"Ref": ref} for ref in refs], moved)
    return book.to_bytes()


def notes(data: bytes) -> dict[str, str]:
    sheet = openpyxl.load_workbook(io.BytesIO(data))["KPIs"]
    return {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}


def links(data: bytes) -> dict[str, str | None]:
    sheet = openpyxl.load_workbook(io.BytesIO(data))["KPIs"]
    cells = (cell for row in sheet.iter_rows() for cell in row if cell.hyperlink)
    return {cell.coordinate: cell.hyperlink.target or cell.hyperlink.location for cell in cells}


def at(column: str, places: Mapping[str, str], refs: tuple[str, ...]) -> dict[str, str]:
    return {f"{column}{refs.index(ref) + 4}": text for ref, text in places.items() if ref in refs}


@pytest.mark.parametrize("refs", ORDERS)
def test_notes_and_links_are_in_the_rows_of_what_they_are_about(refs: tuple[str, ...]) -> None:
    data = rewritten(FileWorkbook.open(master()), refs)
    about = {"V1": "ask the ward about V1", "C1": "C1 again?"}
    assert notes(data) == {"F5": "beside the table", "B1": "above the table", **at("C", about, refs)}
    leads = {"L1": "https://example.org/l1", "P1": "KPIs!A1"}
    assert links(data) == {"F6": "https://example.org/beside", **at("D", leads, refs)}


@pytest.mark.parametrize("refs", ORDERS)
def test_a_note_is_drawn_where_it_is(refs: tuple[str, ...]) -> None:
    package = zipfile.ZipFile(io.BytesIO(rewritten(FileWorkbook.open(master()), refs)))
    comments = package.read("xl/comments1.xml").decode()
    drawing = package.read("xl/drawings/vmlDrawing1.vml").decode()
    places = zip(re.findall(r"<x:Row>(\d+)</x:Row>", drawing), re.findall(r"<x:Column>(\d+)", drawing), strict=True)
    drawn = {f"{chr(65 + int(column))}{int(row) + 1}" for row, column in places}
    assert drawn == set(re.findall(r'<comment ref="(\w+)"', comments))
    for row, anchor in zip(
        re.findall(r"<x:Row>(\d+)</x:Row>", drawing), re.findall(r"<x:Anchor>(.*?)</x:Anchor>", drawing), strict=True
    ):
        top, bottom = int(anchor.split(",")[2]), int(anchor.split(",")[6])
        assert top <= int(row) + 1 < bottom


def test_what_is_attached_is_told_with_its_text() -> None:
    assert FileWorkbook.open(master()).read_attached("tbl_k") == (
        Attached(4, "Actual", "note", "ask the ward about V1"),
        Attached(5, "Who", "link", "https://example.org/l1"),
        Attached(6, "Actual", "note", "C1 again?"),
        Attached(7, "Who", "link", "KPIs!A1"),
    )


def threaded() -> bytes:
    """The master with a thread of two remarks on C4, as Excel keeps one: a part of its own, beside the note."""
    thread = (
        f'<ThreadedComments xmlns="{_THREADS}"><threadedComment ref="C4" dT="2026-10-01T09:00:00" personId="{{1}}" '
        'id="{A}"><text>Is this right?</text></threadedComment><threadedComment ref="C4" dT="2026-10-01T10:00:00" '
        'personId="{2}" id="{B}" parentId="{A}"><text>It is.</text></threadedComment></ThreadedComments>'
    )
    relationship = (
        '<Relationship Id="rIdT" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" '
        'Target="../threadedComments/threadedComment1.xml"/></Relationships>'
    )
    kind = (
        '<Override PartName="/xl/threadedComments/threadedComment1.xml" '
        'ContentType="application/vnd.ms-excel.threadedcomments+xml"/></Types>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(master())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/worksheets/_rels/sheet1.xml.rels":
                text = text.replace(b"</Relationships>", relationship.encode())
            if name == "[Content_Types].xml":
                text = text.replace(b"</Types>", kind.encode())
            new.writestr(name, text)
        new.writestr("xl/threadedComments/threadedComment1.xml", thread)
    return out.getvalue()


def test_a_thread_goes_with_its_row_and_stays_the_thread_it_was() -> None:
    book = FileWorkbook.open(threaded())
    assert book.read_attached("tbl_k")[0] == Attached(4, "Actual", "comment", "Is this right? / It is.")
    data = rewritten(book, ("L1", "V1"))
    text = zipfile.ZipFile(io.BytesIO(data)).read("xl/threadedComments/threadedComment1.xml").decode()
    was = zipfile.ZipFile(io.BytesIO(threaded())).read("xl/threadedComments/threadedComment1.xml").decode()
    assert text == was.replace('ref="C4"', 'ref="C5"')
    assert notes(data)["C5"] == "ask the ward about V1"


def test_a_thread_whose_row_has_gone_goes_with_it() -> None:
    data = rewritten(FileWorkbook.open(threaded()), ("L1",))
    assert b"<threadedComment " not in zipfile.ZipFile(io.BytesIO(data)).read(
        "xl/threadedComments/threadedComment1.xml"
    )
    assert set(notes(data)) == {"F5", "B1"}
