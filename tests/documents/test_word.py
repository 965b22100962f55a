"""The Word file of a document: a template's own styles, what it says to people who listen, and text is text."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.shared import Pt, RGBColor

from tests.documents.sample import LOGO, TYPED, document
from tests.documents.test_pdf import CHART
from tests.workbook.open_xml_sdk import faults, has_open_xml_sdk
from xlperf.documents.document import Document, DocumentPart, PageTable, TableCell, TableColumn, TableRow, marked, words
from xlperf.documents.draw_chart import draw_chart
from xlperf.documents.png import as_png
from xlperf.documents.svg import picture, text
from xlperf.documents.word import write_word
from xlperf.errors import DocumentError

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "workbook_templates" / "pack.docx"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def opened(written: Document, folder: Path, template: Path | None = None) -> Any:
    """The Word file of a document, as python-docx reads it."""
    write_word(written, template, folder / "a.docx")
    return docx.Document(str(folder / "a.docx"))


def texts(made: Any) -> list[str]:
    """Every paragraph in the file, also of tables, with the line ends in it."""
    return [
        "".join("\n" if piece.tag == f"{W}br" else piece.text or "" for piece in each.iter(f"{W}t", f"{W}br"))
        for each in made.element.body.iter(f"{W}p")
    ]


def restyled(folder: Path, change: Callable[[Any], object]) -> Path:
    """The shipped template after somebody has worked in it."""
    made = docx.Document(str(TEMPLATE))
    change(made)
    made.save(str(folder / "own.docx"))
    return folder / "own.docx"


def with_parts(folder: Path, parts: Mapping[str, bytes], changed: Mapping[str, tuple[bytes, bytes]] = {}) -> Path:
    """The shipped template with other parts in it, or with something else in one."""
    with zipfile.ZipFile(TEMPLATE) as package, zipfile.ZipFile(folder / "own.docx", "w") as own:
        for name in package.namelist():
            before, after = changed.get(name, (b"", b""))
            assert before in package.read(name)
            own.writestr(name, package.read(name).replace(before, after) if before else package.read(name))
        for name, data in parts.items():
            own.writestr(name, data)
    return folder / "own.docx"


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    write_word(document("text"), None, tmp_path / "one.docx")
    time.sleep(2)  # the time in a zip has steps of two seconds
    write_word(document("text"), None, tmp_path / "two.docx")
    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "two.docx").read_bytes()


def test_it_says_what_it_is(tmp_path: Path) -> None:
    about = opened(document(), tmp_path).core_properties
    assert (about.title, about.author, about.language) == ("Performance, September 2026", "Example Trust", "en-GB")
    assert [f"{at:%Y-%m-%d %H:%M}" for at in (about.created, about.modified)] == ["2026-11-26 09:00"] * 2
    with zipfile.ZipFile(tmp_path / "a.docx") as package:
        styles, footer = (package.read(f"word/{name}.xml").decode() for name in ("styles", "footer1"))
    assert re.findall(r'<w:lang [^>]*w:val="([^"]+)"', styles) == ["en-GB"]
    assert "Example Trust · Board · Official" in footer


def test_what_is_not_final_says_so_at_its_head_and_on_every_page(tmp_path: Path) -> None:
    mark = "Draft for executives, not to be shared before 26 November 2026"
    made = opened(marked(document(), mark), tmp_path)
    assert any(mark in text for text in texts(made)[:3])
    with zipfile.ZipFile(tmp_path / "a.docx") as package:
        assert f"{mark} · Example Trust" in package.read("word/footer1.xml").decode()


def test_headings_and_lists_are_those_of_word(tmp_path: Path) -> None:
    made = opened(document(), tmp_path)
    styles = {(each.text.strip(), each.style.name) for each in made.paragraphs}
    assert {
        ("Example Trust", "Subtitle"),
        ("Summary", "Heading 1"),
        ("What changed", "Heading 2"),
        ("one", "List Bullet"),
        ("first question", "List Number"),
    } <= styles
    starting = [each.text for each in made.paragraphs if each.paragraph_format.page_break_before]
    assert starting == ["Dashboard", "Exceptions", "K1  Red"]


def test_a_part_that_goes_on_where_the_one_before_ended_starts_no_page(tmp_path: Path) -> None:
    parts = tuple(DocumentPart(f"P{at}", (), starts_page=at != 1) for at in range(3))
    made = opened(replace(document(), parts=parts), tmp_path)
    assert [each.text for each in made.paragraphs if each.paragraph_format.page_break_before] == ["P2"]


def test_what_stands_beside_a_heading_ends_at_the_right_of_the_line_below_it(tmp_path: Path) -> None:
    made = opened(document(), tmp_path)
    (line,) = [each for each in made.paragraphs if "Edition 1" in each.text]
    assert line.text == "26 November 2026\tEdition 1"
    page = made.sections[0]
    (stop,) = line.paragraph_format.tab_stops
    assert stop.position.pt == pytest.approx((page.page_width - page.left_margin - page.right_margin) / 12700, abs=0.1)


def test_each_numbered_list_begins_with_one(tmp_path: Path) -> None:
    made = opened(document(exceptions=2), tmp_path)
    numbers = {each.get(f"{W}val") for each in made.element.body.iter(f"{W}numId")}
    assert len(numbers) == 3
    numbering = made.part.numbering_part.element
    for number in numbers:
        (start,) = numbering.num_having_numId(int(number)).iter(f"{W}startOverride")
        assert start.get(f"{W}val") == "1"


def test_a_table_has_a_header_row_on_each_page_and_rows_in_one_piece(tmp_path: Path) -> None:
    table = opened(document(), tmp_path).tables[0]._tbl
    rows = table.findall(f"{W}tr")
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True] + [False] * (len(rows) - 1)
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    properties = table.find(f"{W}tblPr")
    assert properties.find(f"{W}tblDescription").get(f"{W}val") == "28 indicators"
    assert (
        properties.find(f"{W}tblLook").get(f"{W}firstRow"),
        properties.find(f"{W}tblLook").get(f"{W}firstColumn"),
    ) == (
        "1",
        "1",
    )


def test_a_band_stays_with_the_row_below_it(tmp_path: Path) -> None:
    rows = opened(document(rows=2), tmp_path).tables[0].rows
    kept = [all(each.paragraph_format.keep_with_next for each in row.cells[0].paragraphs) for row in rows]
    assert kept == [True, True, False, False, True, False]
    assert rows[1]._tr.find(f".//{W}gridSpan").get(f"{W}val") == "6"


def test_a_row_that_could_fill_a_page_may_go_on_to_the_next(tmp_path: Path) -> None:
    columns = (TableColumn("A", 1, grows=True),)
    table = PageTable(
        "long",
        columns,
        (TableRow((TableCell(words("word " * 3000 + "the end")),)), TableRow((TableCell(words("short")),))),
    )
    made = opened(replace(document(), parts=(DocumentPart("A", (table,)),)), tmp_path)
    assert [row._tr.find(f"{W}trPr/{W}cantSplit") is None for row in made.tables[0].rows] == [False, True, False]
    assert made.tables[0].rows[1].cells[0].text.endswith("the end")


def test_columns_are_as_wide_as_they_say_and_fill_the_page(tmp_path: Path) -> None:
    made = opened(document(), tmp_path)
    page = made.sections[0]
    widths = [int(each.get(f"{W}w")) for each in made.tables[0]._tbl.iter(f"{W}gridCol")]
    assert [widths[at] for at in (0, 2, 3, 4, 5)] == [30 * 20, 44 * 20, 44 * 20, 88 * 20, 90 * 20]
    assert sum(widths) == pytest.approx((page.page_width - page.left_margin - page.right_margin) / 635, abs=5)
    assert page.page_width > page.page_height


def test_a_verdict_has_its_ground_and_its_word(tmp_path: Path) -> None:
    cell = opened(document(), tmp_path).tables[0].rows[2].cells[3]
    assert cell.text == "Red"
    assert cell._tc.find(f".//{W}shd").get(f"{W}fill") == "F5B5AE"


def test_a_chart_says_its_finding_and_an_icon_only_decorates(tmp_path: Path) -> None:
    made = opened(document(rows=3, exceptions=2), tmp_path)
    pictures = [*made.element.body.iter(f"{WP}docPr")]
    said = [each.get("descr") for each in pictures]
    assert (
        sum(bool(re.fullmatch(r"Sickness & absence, \d+ months: [\d.]+ %; no change", each)) for each in said) == 4 + 2
    )
    assert said.count("Example Trust") == 1
    silent = [each for each in pictures if not each.get("descr")]
    assert len(silent) == 2 * 4
    assert all(len(each.findall(".//{*}decorative")) == 1 for each in silent)
    numbers = [each.get("id") for each in pictures]
    assert len(numbers) == len(set(numbers))


def test_what_belongs_together_is_kept_together(tmp_path: Path) -> None:
    made = opened(document(exceptions=1), tmp_path)
    (heading,) = [each for each in made.paragraphs if each.text == "K0  Red"]
    beside = made.tables[1]
    inside = [*heading._p.iter(f"{W}p"), *beside._tbl.iter(f"{W}p")]
    assert all(each.find(f"{W}pPr/{W}keepNext") is not None for each in inside)


@pytest.mark.parametrize("typed", TYPED)
def test_what_an_owner_typed_is_shown_as_typed(typed: str, tmp_path: Path) -> None:
    made = opened(replace(document(typed), title=typed, author=typed, footer=typed), tmp_path)
    assert texts(made).count(typed) == 2
    assert made.core_properties.title == typed
    assert made.sections[0].footer.paragraphs[0].text.startswith(typed + "\tPage ")


def test_a_long_title_is_whole_where_the_template_has_it(tmp_path: Path) -> None:
    def change(made: Any) -> None:
        made.paragraphs[0].insert_paragraph_before("{{ title }}", "Title")
        made.core_properties.subject = "{{ title }}"

    title = "word " * 80 + "{{ the end }}"
    made = opened(replace(document(), title=title), tmp_path, restyled(tmp_path, change))
    assert texts(made)[0] == title
    assert title.startswith(made.core_properties.title)


def test_characters_that_no_file_can_hold_are_left_out(tmp_path: Path) -> None:
    made = opened(document("bad\x00\x07\x0b\ud83d\ufffe end, 12.5\u202e %\r\nnext"), tmp_path)
    assert "bad end, 12.5 %\nnext" in texts(made)


def test_who_restyles_the_template_restyles_the_pack(tmp_path: Path) -> None:
    def change(made: Any) -> None:
        made.styles["Heading 1"].font.color.rgb = RGBColor(0, 0x5A, 0x30)
        made.styles["Table Text"].font.size = Pt(10)
        made.sections[0].left_margin = made.sections[0].right_margin = Pt(72)
        made.sections[0].header.paragraphs[0].text = "{{ logo }} Board of {{ author }}"

    made = opened(document(), tmp_path, restyled(tmp_path, change))
    assert made.styles["Heading 1"].font.color.rgb == RGBColor(0, 0x5A, 0x30)
    header = made.sections[0].header
    assert header.paragraphs[0].text.strip() == "Board of Example Trust"
    assert len([*header._element.iter(f"{WP}docPr")]) == 1
    width = sum(int(each.get(f"{W}w")) for each in made.tables[0]._tbl.iter(f"{W}gridCol")) / 20
    assert width == pytest.approx(made.sections[0].page_width.pt - 144, abs=1)


def test_a_document_without_a_logo_has_none(tmp_path: Path) -> None:
    made = opened(document(logo=None, rows=0, exceptions=0), tmp_path)
    assert "Example Trust" not in [each.get("descr") for each in made.element.body.iter(f"{WP}docPr")]
    assert made.paragraphs[0].text.strip() == "Example Trust"


@pytest.mark.parametrize("logo", [b"", b"GIF89a", b"<html/>", b"\x89PNG\r\n\x1a\n but no more"])
def test_a_logo_that_is_no_picture_is_said(logo: bytes, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"^the logo is neither a PNG nor an SVG picture"):
        write_word(document(logo=logo), None, tmp_path / "a.docx")
    assert not (tmp_path / "a.docx").exists()


def refusal(template: Path, folder: Path) -> str:
    """What is said of a template that cannot be used; nothing is made."""
    with pytest.raises(DocumentError) as refused:
        write_word(document(exceptions=0, rows=0), template, folder / "a.docx")
    assert not (folder / "a.docx").exists()
    said = str(refused.value)
    assert said.startswith(f"the Word template {template} ")
    assert "\n" not in said
    return said


@pytest.mark.parametrize("data", [b"", b"no zip", b"\xd0\xcf\x11\xe0 an old .doc", TEMPLATE.read_bytes()[:9000]])
def test_a_template_that_is_no_word_document_is_said(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "own.docx").write_bytes(data)
    assert "save it as a Word document (.docx)" in refusal(tmp_path / "own.docx", tmp_path)


def test_a_template_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "none.docx", tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ subject }}", "{{ subject }} is not known; it may hold only {{ title }}, {{ author }}, {{ footer }}"),
        ("{{ title", "it may hold only {{ title }}"),
        ("{{ 7 * 7 }}", "something other than a placeholder stands in braces"),
        ("{{ title.__class__ }}", "something other than a placeholder stands in braces"),
        ("{{ title|upper }}", "something other than a placeholder stands in braces"),
        ("{% for a in range(99999) %}{% endfor %}", "it may hold only {{ title }}"),
        ("{{p title }}", "in it, write {{ title }}"),
        ("{{p body }}", "more than one {{p body }}"),
    ],
)
def test_what_a_template_may_not_hold_is_said(text: str, said: str, tmp_path: Path) -> None:
    def in_body(made: Any) -> None:
        made.add_paragraph(text)

    def in_footer(made: Any) -> None:
        made.sections[0].footer.add_paragraph(text)

    for change in (in_body, in_footer)[: 1 if "body" in text else 2]:
        assert said in refusal(restyled(tmp_path, change), tmp_path)


def test_a_placeholder_that_word_has_cut_in_pieces_is_filled(tmp_path: Path) -> None:
    def change(made: Any) -> None:
        made.paragraphs[1].text = "{"
        for piece in ("{p bo", "dy }", "}"):
            made.paragraphs[1].add_run(piece)
        made.paragraphs[0].text = "{{ auth"
        made.paragraphs[0].add_run("or }}").bold = True

    assert texts(opened(document(), tmp_path, restyled(tmp_path, change)))[:2] == ["Example Trust", "Summary"]


def test_a_template_without_the_body_is_said(tmp_path: Path) -> None:
    def change(made: Any) -> None:
        made.paragraphs[1].text = "no body"

    assert "it has no {{p body }}; write it once, in a paragraph of its own" in refusal(
        restyled(tmp_path, change), tmp_path
    )


def test_a_template_that_lacks_a_style_is_said(tmp_path: Path) -> None:
    def change(made: Any) -> None:
        made.styles["Note"].delete()

    assert "it lacks the styles 'Note'" in refusal(restyled(tmp_path, change), tmp_path)


RELATIONS = "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def outside(kind: str, target: str, mode: str = "External") -> dict[str, tuple[bytes, bytes]]:
    """One more relation of the document."""
    added = f'<Relationship Id="rId99" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    return {RELATIONS: (b"</Relationships>", added.encode())}


def test_a_field_that_only_shows_may_stand_in_a_template(tmp_path: Path) -> None:
    template = with_parts(tmp_path, {}, field(' HYPER|LINK "https://www.example.nhs.uk/a/link/b" '))
    write_word(document(exceptions=0, rows=0), template, tmp_path / "a.docx")


def field(instruction: str) -> dict[str, tuple[bytes, bytes]]:
    """A field, which Word may cut into pieces."""
    begun, ended = (f'<w:r><w:fldChar w:fldCharType="{each}"/></w:r>' for each in ("begin", "end"))
    pieces = "".join(f"<w:r><w:instrText>{each}</w:instrText></w:r>" for each in instruction.split("|"))
    return {"word/document.xml": (b"<w:body>", f"<w:body><w:p>{begun}{pieces}{ended}</w:p>".encode())}


TYPES = "[Content_Types].xml"
HOSTILE: Mapping[str, tuple[Mapping[str, bytes], Mapping[str, tuple[bytes, bytes]], str]] = {
    "macros": (
        {},
        {TYPES: (b"wordprocessingml.document.main", b"ms-word.document.macroEnabled.main")},
        "it has macros",
    ),
    "a template of Word": (
        {},
        {TYPES: (b"wordprocessingml.document.main", b"wordprocessingml.template.main")},
        "save it as a Word document (.docx)",
    ),
    "an entity": (
        {},
        {"word/settings.xml": (b"<w:settings", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:settings')},
        "its part word/settings.xml is not as Word writes it",
    ),
    "no page": ({}, {"word/document.xml": (b"<w:pgSz", b"<w:pgXx")}, "it is not as Word writes it"),
    "no styles": (
        {},
        {TYPES: (b"wordprocessingml.styles+xml", b"wordprocessingml.other+xml")},
        "not as Word writes it",
    ),
    "no lists": ({}, {TYPES: (b"wordprocessingml.numbering+xml", b"x.other+xml")}, "it is not as Word writes it"),
    "a bomb": ({"word/media/image1.png": b"\x00" * 41_000_000}, {}, "it is too large for a template"),
    "another template": ({}, outside("attachedTemplate", "https://x.example/t.dotm"), "another template attached"),
    "a picture from elsewhere": (
        {},
        outside("image", "https://x.example/p.png"),
        "it fetches something from elsewhere",
    ),
    "a link that runs": ({}, outside("hyperlink", "file://x/y.exe"), "it fetches something from elsewhere"),
    "an object": ({}, outside("oleObject", "embeddings/o.bin", "Internal"), "an embedded object attached"),
    "another encoding": (
        {},
        {"word/settings.xml": (b"UTF-8", b"UTF-7")},
        "its part word/settings.xml is not as Word writes it",
    ),
    "a field spelt by numbers": ({}, field(" &#68;deauto c:\\\\windows "), "a field that fetches or runs something"),
    "a field that runs": ({}, field(' DDE|AUTO c:\\\\windows "calc" '), "a field that fetches or runs something"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_template_is_refused(name: str, tmp_path: Path) -> None:
    parts, changed, said = HOSTILE[name]
    assert said in refusal(with_parts(tmp_path, parts, changed), tmp_path)


def test_a_link_to_a_page_may_stand_in_a_template(tmp_path: Path) -> None:
    write_word(
        document(exceptions=0, rows=0),
        with_parts(tmp_path, {}, outside("hyperlink", "https://www.example.nhs.uk/")),
        tmp_path / "a.docx",
    )


def test_pictures_are_drawn_in_order() -> None:
    drawn = [draw_chart(CHART), picture(10, 10)]
    assert as_png([]) == []
    both = as_png(drawn)
    assert all(each.startswith(b"\x89PNG") for each in both)
    assert both == [*as_png(drawn[:1]), *as_png(drawn[1:])]
    with pytest.raises(DocumentError, match="a picture cannot be drawn"):
        as_png(["no picture"])


def test_the_text_of_a_picture_is_in_the_font_that_comes_along() -> None:
    ours = picture(60, 12, text("Target 3.5\x07", 0, 10))
    other = ours.replace("Source Sans 3", "No Such Font")
    assert other != ours
    assert as_png([ours]) != as_png([other])


@has_open_xml_sdk
@pytest.mark.openxmlsdk
def test_microsofts_judge_has_nothing_against_it(tmp_path: Path) -> None:
    def change(made: Any) -> None:
        made.sections[0].header.paragraphs[0].text = "{{ logo }} Board of {{ author }}"

    write_word(document(*TYPED, rows=30, exceptions=4), None, tmp_path / "a.docx")
    write_word(document(logo=LOGO), restyled(tmp_path, change), tmp_path / "b.docx")
    assert faults(TEMPLATE, tmp_path / "a.docx", tmp_path / "b.docx", kind="docx") == [[], [], []]


@pytest.mark.long
def test_a_pack_of_sixty_charts_is_made_in_ten_seconds(tmp_path: Path) -> None:
    began = time.monotonic()
    write_word(document(rows=60, exceptions=60), None, tmp_path / "a.docx")
    assert time.monotonic() - began < 10


def test_the_shipped_template_is_what_its_tool_makes(tmp_path: Path) -> None:
    from tools.make_word_template import main

    main(tmp_path)
    made, shipped = (zipfile.ZipFile(io.BytesIO(path.read_bytes())) for path in (tmp_path / "pack.docx", TEMPLATE))
    assert made.namelist() == shipped.namelist()
    for part in made.namelist():
        assert made.read(part) == shipped.read(part), f"{part}: run python tools/make_word_template.py"
