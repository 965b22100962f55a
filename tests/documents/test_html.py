"""The HTML page of a document: it needs nothing beside it, says what it is to people who listen, and text is text."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html

from tests.documents.sample import LOGO, TYPED, document
from xlperf.documents import palette
from xlperf.documents.column_widths import fixed_widths
from xlperf.documents.document import Document, DocumentPart, PageTable, TableCell, TableColumn, TableRow, marked, words
from xlperf.documents.html import write_html
from xlperf.errors import DocumentError


def page(written: Document, folder: Path) -> html.HtmlElement:
    """The page of a document, as a browser reads it."""
    write_html(written, folder / "a.html")
    return html.document_fromstring((folder / "a.html").read_bytes().decode())


def text_of(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_html(document("text"), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_it_asks_for_nothing_beside_it_and_runs_nothing(tmp_path: Path) -> None:
    root = page(document(), tmp_path)
    (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
    assert not root.xpath("//script | //link | //iframe | //object | //@*[starts-with(name(), 'on')]")
    assert all(address.startswith(("data:", "#")) for address in root.xpath("//@src | //@href"))
    addresses = re.findall(r"url\(([^)]{0,30})", root.xpath("string(//style)"))
    assert len(addresses) == 2
    assert all(address.startswith('"data:font/woff2;base64,') for address in addresses)


def test_it_says_what_it_is(tmp_path: Path) -> None:
    root = page(document(), tmp_path)
    assert root.get("lang") == "en-GB"
    assert root.findtext(".//title") == "Performance, September 2026"
    assert root.xpath("//header/img/@alt") == ["Example Trust"]
    assert text_of(root.find(".//footer")) == "Example Trust · Board · Official"


def test_what_is_not_final_says_so_at_its_head_and_at_its_foot(tmp_path: Path) -> None:
    mark = "Draft for executives, not to be shared before 26 November 2026"
    root = page(marked(document(), mark), tmp_path)
    assert text_of(root.xpath("//section")[0]).find(mark) in range(80)
    assert text_of(root.find(".//footer")).startswith(f"{mark} · Example Trust")


def test_headings_skip_no_level_and_the_contents_lead_to_each_part(tmp_path: Path) -> None:
    root = page(document(), tmp_path)
    levels = [int(heading.tag[1]) for heading in root.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert root.xpath("//a[@class='skip']/@href") == [f"#{root.xpath('//main/@id')[0]}"]
    parts = [(f"#{part.get('id')}", part.text_content()) for part in root.xpath("//main//h2")]
    assert [(link.get("href"), link.text_content()) for link in root.xpath("//nav//a")] == parts
    assert len(parts) == 3


def test_a_table_names_its_columns_its_rows_and_its_bands(tmp_path: Path) -> None:
    root = page(document(rows=2), tmp_path)
    table = root.xpath("//table")[0]
    assert text_of(table.find("caption")) == "28 indicators"
    headers = table.xpath("thead/tr/th[@scope='col']")
    assert [text_of(each) for each in headers] == ["Ref", "Indicator", "Latest", "RAG", "Last 24 periods", "Variation"]
    bands = table.xpath("tbody/tr[1]/th[@scope='rowgroup']")
    assert [(text_of(each), each.get("colspan")) for each in bands] == [
        ("People 1 of 2 Red", "6"),
        ("Money 1 of 2 Red", "6"),
    ]
    rows = table.xpath("tbody/tr[position() > 1]")
    assert [[text_of(cell) for cell in row.xpath("th[@scope='row']")] for row in rows] == [["P0"], ["P1"], ["M1"]]
    assert not root.xpath("//table")[1].xpath("tbody//th")


def test_a_wide_table_and_a_chart_are_scrolled_by_keyboard_too_and_say_what_they_are(tmp_path: Path) -> None:
    root = page(document(), tmp_path)
    for each in root.xpath("//table | //svg[@role='img'][not(ancestor::table)]"):
        around = each.getparent()
        assert around.get("tabindex") == "0"
        label = around.get("aria-label") or text_of(root.get_element_by_id(around.get("aria-labelledby")))
        assert label


def test_a_chart_says_its_finding_and_an_icon_nothing(tmp_path: Path) -> None:
    root = page(document(exceptions=2, rows=3), tmp_path)
    charts = root.xpath("//svg[@role='img']/@aria-label")
    assert len(charts) == 4 + 2
    assert all(re.fullmatch(r"Sickness & absence, \d+ months: [\d.]+ %; no change", each) for each in charts)
    others = root.xpath("//svg[not(@role)]")
    assert len(others) == 2 * 4
    assert {each.get("aria-hidden") for each in others} == {"true"}


def test_identifiers_are_used_once(tmp_path: Path) -> None:
    identifiers = page(document(exceptions=5), tmp_path).xpath("//@id")
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize("typed", TYPED)
def test_what_an_owner_typed_is_shown_as_typed(typed: str, tmp_path: Path) -> None:
    root = page(replace(document(typed), title=typed, footer=typed), tmp_path)
    assert text_of(root.xpath("//main//p[@class='words']")[1]) == typed
    assert root.findtext(".//title") == typed
    assert text_of(root.find(".//footer")) == typed
    assert not root.xpath("//b")
    (style,) = root.xpath("//style")
    assert typed not in style.text


def test_characters_that_no_page_can_hold_are_left_out(tmp_path: Path) -> None:
    write_html(document("bad\x00\x07\x0b\ud83d\ufffe end, 12.5\u202e %\r\nnext"), tmp_path / "a.html")
    assert "bad end, 12.5 %\nnext" in (tmp_path / "a.html").read_bytes().decode()


def test_a_logo_that_is_no_picture_is_said_and_no_page_is_made(tmp_path: Path) -> None:
    for logo in (b"", b"GIF89a", b"<html/>", b"\x89PNG but no more"):
        with pytest.raises(DocumentError, match="the logo is neither a PNG nor an SVG picture"):
            write_html(document(logo=logo), tmp_path / "a.html")
    assert not (tmp_path / "a.html").exists()
    write_html(document(logo=LOGO), tmp_path / "a.html")


@pytest.mark.parametrize("ink", [palette.INK, palette.SOFT])
def test_words_can_be_read_on_every_ground(ink: str) -> None:
    assert all(contrast(ink, ground) >= 4.5 for ground in (*palette.GROUNDS.values(), palette.BAND, palette.PAPER))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_column_is_wide_enough_for_its_longest_word_and_no_wider_for_what_is_none() -> None:
    columns = (TableColumn("Latest", 20), TableColumn("Code", 90), TableColumn("What", 1, grows=True))
    texts = ("Complete", "A1", "word " * 50), ("7", "x" * 500, "")
    table = PageTable("t", columns, tuple(TableRow(tuple(TableCell(words(text)) for text in row)) for row in texts))
    first, second, third = fixed_widths(table)
    assert first is not None
    assert 40 < first < 45
    assert (second, third) == (100, None)


def test_a_title_stands_once_where_the_first_part_has_it_too(tmp_path: Path) -> None:
    written = document()
    assert page(written, tmp_path).find(".//h1").get("class") is None
    same = replace(written, title=written.parts[0].title)
    assert page(same, tmp_path).find(".//h1").get("class") == "heard"


def test_a_part_that_goes_on_where_the_one_before_ended_starts_no_page(tmp_path: Path) -> None:
    parts = tuple(DocumentPart(f"P{at}", (), starts_page=at != 1) for at in range(3))
    sections = page(replace(document(), parts=parts), tmp_path).xpath("//main/section")
    assert [each.get("class") for each in sections] == [None, None, "starts-page"]
