"""The PDF of a document: tagged, in one font, the same at any time; an owner's text is text in it, whatever it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pdfplumber
import pytest

from xlperf.documents.chart_data import Chart, ChartPoint
from xlperf.documents.document import (
    Block,
    Document,
    DocumentPart,
    FullChart,
    Heading,
    Items,
    PageTable,
    Paragraph,
    Size,
    TableCell,
    TableColumn,
    TableRow,
    TextRun,
    marked,
    words,
)
from xlperf.documents.pdf import write_pdf

CHART = Chart("Days, 3 months: 30.1", tuple(ChartPoint(f"M{at}", 30.0 + at, mean=31.0) for at in range(3)))


def document(*texts: str, rows: int = 2) -> Document:
    """A document of one part with these paragraphs, a table and a chart."""
    body = tuple(
        TableRow((TableCell(words(f"K{at}")), TableCell(words("Red")), TableCell(chart=CHART))) for at in range(rows)
    )
    columns = (TableColumn("Ref", 40), TableColumn("Name", 1, grows=True), TableColumn("Drawn", 90))
    table = PageTable("a table", columns, (TableRow((TableCell(words("A band"), across=3),), is_band=True), *body))
    blocks: tuple[Block, ...] = (
        *(Paragraph(words(text)) for text in texts),
        Heading("Below"),
        Items((words("one"), words(TextRun("two", strong=True)))),
        table,
        FullChart(CHART),
        Paragraph(words("a note"), Size.NOTE),
    )
    return Document(
        "A title", "An organisation", "Official", datetime(2026, 11, 26, 9, tzinfo=UTC), (DocumentPart("A", blocks),)
    )


def text_of(path: Path) -> str:
    """All text of a PDF, with single spaces."""
    with pdfplumber.open(path) as pdf:
        return " ".join(" ".join(page.extract_text() or "" for page in pdf.pages).split())


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.pdf", "two.pdf"):
        write_pdf(document("text"), tmp_path / name)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_it_is_made_at_any_moment_in_any_time_zone(tmp_path: Path) -> None:
    moment = datetime(2026, 7, 26, 9, 30, 1, 123456, tzinfo=ZoneInfo("Europe/London"))
    write_pdf(replace(document(), produced=moment), tmp_path / "a.pdf")
    with pdfplumber.open(tmp_path / "a.pdf") as pdf:
        assert pdf.metadata["CreationDate"].startswith("D:20260726083001")


def test_it_says_what_it_is_to_people_who_listen(tmp_path: Path) -> None:
    write_pdf(document(), tmp_path / "a.pdf")
    content = (tmp_path / "a.pdf").read_bytes()
    assert b"/MarkInfo" in content
    assert b"en-GB" in content
    with pdfplumber.open(tmp_path / "a.pdf") as pdf:
        assert pdf.metadata["Title"] == "A title"


@pytest.mark.parametrize(
    "typed",
    [
        "#let x = 1; #x and $x^2$ and *bold* and _it_ and = heading",
        '"]) #read("/etc/passwd")',
        "<b>not bold</b> {{ 7 * 7 }}",
        "\\ ` @label <label> // comment",
    ],
)
def test_what_an_owner_typed_is_printed_as_typed(typed: str, tmp_path: Path) -> None:
    write_pdf(document(typed), tmp_path / "a.pdf")
    assert typed in text_of(tmp_path / "a.pdf")


def test_a_character_that_the_font_lacks_is_named(tmp_path: Path) -> None:
    write_pdf(document("well done \N{THUMBS UP SIGN}\N{ZERO WIDTH JOINER}\x07 \ud83d"), tmp_path / "a.pdf")
    assert "well done [THUMBS UP SIGN]" in text_of(tmp_path / "a.pdf")


def test_what_is_not_final_says_so_at_its_head_and_at_the_foot_of_and_across_every_page(tmp_path: Path) -> None:
    mark = "Draft for executives, not to be shared before 26 November 2026"
    write_pdf(marked(document(rows=80), mark), tmp_path / "a.pdf")
    with pdfplumber.open(tmp_path / "a.pdf") as pdf:
        assert len(pdf.pages) > 1
        assert mark in (pdf.pages[0].within_bbox((0, 0, pdf.pages[0].width, 60)).extract_text() or "")
        for page in pdf.pages:
            foot = page.within_bbox((0, page.height - 35, page.width, page.height)).extract_text() or ""
            assert foot.startswith(f"{mark} · Official")
            across = [letter for letter in page.chars if letter["matrix"][1]]  # not level
            assert "".join(letter["text"] for letter in across) == mark
            assert {letter["tag"] for letter in across} == {"Artifact"}  # nobody who listens hears it on every page


def test_a_long_text_goes_on_to_the_next_page(tmp_path: Path) -> None:
    write_pdf(document("word " * 6000 + "the end of it"), tmp_path / "a.pdf")
    assert "the end of it" in text_of(tmp_path / "a.pdf")


def test_a_band_is_never_the_last_on_a_page_and_headers_stand_on_each(tmp_path: Path) -> None:
    for rows in range(28, 42):
        write_pdf(document(rows=rows), tmp_path / "a.pdf")
        with pdfplumber.open(tmp_path / "a.pdf") as pdf:
            pages = [page.extract_text() for page in pdf.pages]
        with_rows = [page for page in pages if "K" in page.replace("Key", "")]
        assert all("Ref Name Drawn" in page for page in with_rows)
        assert all(page.count("A band") <= 1 for page in pages)
        assert not any(page.split("\n")[-2].startswith("A band") for page in pages)


def test_no_text_is_smaller_than_a_reader_can_read(tmp_path: Path) -> None:
    write_pdf(document("text"), tmp_path / "a.pdf")
    with pdfplumber.open(tmp_path / "a.pdf") as pdf:
        sizes = {round(char["size"], 1) for page in pdf.pages for char in page.chars}
    assert min(sizes) >= 7.5
