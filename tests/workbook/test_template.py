"""Placeholders: what they may say, where they are filled, and what is left alone."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from xlperf.errors import TemplateError
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.template import render, render_header

WHERE = "return.xlsx, sheet 'Read me', cell B4"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("{{ owner }}", "Ann & Bob"),
        ("a {{ n }} b {{ n + 1 }}\n", "a 3 b 4\n"),
        ("{{ period.label }} to {{ day }}", "Q1 to 2026-07-31"),
        ("{{ nothing }}!", "!"),
        ("{{ owner | upper }}", "ANN & BOB"),
        ("{{ '<' ~ n }}", "<3"),
    ],
)
def test_expressions_are_filled(text: str, expected: str) -> None:
    context = {
        "owner": "Ann & Bob", "n": 3, "period": {"label": "Q1"}, "day": date(2026, 7, 31), "nothing": None,
    }  # fmt: skip
    assert render(text, context, WHERE) == expected


def test_an_unknown_placeholder_names_the_place_and_those_known() -> None:
    with pytest.raises(TemplateError) as caught:
        render("{{ deadlin }}", {"deadline": 1, "owner": 2}, WHERE)
    assert str(caught.value) == f"{WHERE}: unknown placeholder 'deadlin'; known are deadline, owner"


@pytest.mark.parametrize(
    "text",
    [
        "{{ }}",
        "{{ a",
        "{{ a. }}",
        "{% if a %}{{ a }}{% endif %}",
        "{# a #}{{ a }}",
        "{{ a.b }}",
        "{{ a['x'] }}",
        "{{ a / 0 }}",
        "{{ a + 'x' }}",
        "{{ a | nofilter }}",
        "{{ range(9) }}",
        "{{ a.__class__.__mro__ }}",
        "{{ ''.__class__ }}",
        "{{ '{0.__class__}'.format(a) }}",
        "{{ cycler('a') }}",
        "{{ a() }}",
    ],
)
def test_anything_else_is_a_template_error_naming_the_place(text: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(WHERE)):
        render(text, {"a": 1}, WHERE)


def test_headers_double_the_ampersand_of_a_value_only() -> None:
    assert render_header("&L&B{{ name }}&RPage &P", {"name": "R&D"}, WHERE) == "&L&BR&&D&RPage &P"


def test_a_number_does_not_run_into_a_font_size() -> None:
    assert render_header("&C&12{{ year }}", {"year": 2026}, WHERE) == "&C&12 2026"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "return.xlsx"
    with xlsxwriter.Workbook(path) as book:
        bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "red"})
        sheet = book.add_worksheet("Read me")
        sheet.write("A1", "untouched")
        sheet.write("B4", "By {{ deadline }}", bold)
        sheet.write_rich_string("B5", "for {", red, "{ ow", bold, "ner }} please", red)
        sheet.write("B6", "By {{ deadline }}", red)
        sheet.write_formula("B7", '="{{ deadline }}"', None, "{{ deadline }}")
        sheet.set_header("&L{{ owner }}&R&D")
        sheet.set_footer("no placeholder & here")
        sheet.data_validation("C1", {"validate": "any", "input_message": "{{ deadline }}"})
        other = book.add_worksheet("Return")
        other.add_table("A1:A2", {"name": "tbl", "columns": [{"header": "KPI"}], "data": [["{{ owner }}"]]})
        book.add_chartsheet("Chart").set_chart(_chart(book))
        book.add_worksheet("Plain").write("A1", "nothing here")
    return path


def _chart(book: xlsxwriter.Workbook) -> object:
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=Return!$A$1:$A$2"})
    return chart


def part(book: FileWorkbook, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(book.to_bytes())) as archive:
        return archive.read(name).decode()


def cell(book: FileWorkbook, address: str) -> str:
    found = re.search(rf'<c r="{address}".*?</c>', part(book, "xl/worksheets/sheet1.xml"))
    return found[0] if found else ""


CONTEXT = {"deadline": "31 July", "owner": "Ann & <Bob>"}


def test_cells_become_text_in_their_own_style(template: Path) -> None:
    book = FileWorkbook.open(template)
    before = {address: re.search(r' s="\d+"', cell(book, address)) for address in ("B4", "B5", "B6")}
    book.fill(CONTEXT)
    for address, text in (
        ("B4", "By 31 July"),
        ("B5", "for Ann &amp; &lt;Bob&gt; please"),
        ("B6", "By 31 July"),
    ):
        assert f'<t xml:space="preserve">{text}</t>' in cell(book, address)
        style = before[address]
        assert style
        assert style[0] in cell(book, address)


def test_headers_and_footers_are_filled(template: Path) -> None:
    book = FileWorkbook.open(template)
    book.fill(CONTEXT)
    sheet = part(book, "xl/worksheets/sheet1.xml")
    assert "<oddHeader>&amp;LAnn &amp;&amp; &lt;Bob&gt;&amp;R&amp;D</oddHeader>" in sheet
    assert "<oddFooter>no placeholder &amp; here</oddFooter>" in sheet


def test_everything_else_is_left_alone(template: Path) -> None:
    book, untouched = FileWorkbook.open(template), FileWorkbook.open(template)
    book.fill(CONTEXT)
    for name in untouched.package.part_names:
        if name not in {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/workbook.xml"}:
            assert part(book, name) == part(untouched, name)
    for address in ("A1", "B7"):
        assert cell(book, address) == cell(untouched, address)
    prompt = re.compile(r"<dataValidation .*?</dataValidations>")
    after, before = (part(b, "xl/worksheets/sheet1.xml") for b in (book, untouched))
    assert "{{ deadline }}" in prompt.findall(before)[0]
    assert prompt.findall(after) == prompt.findall(before)


def test_filling_a_workbook_without_placeholders_changes_nothing(template: Path) -> None:
    book = FileWorkbook.open(template)
    book.fill(CONTEXT)
    filled = FileWorkbook.open(book.to_bytes())
    data = filled.to_bytes()
    filled.fill({})
    assert filled.to_bytes() == data


def test_a_filled_in_value_is_never_a_formula_nor_a_placeholder(template: Path) -> None:
    book = FileWorkbook.open(template)
    book.fill({"deadline": "=1+1", "owner": "{{ deadline }}"})
    book.write_table("tbl", [{"KPI": "{{ nobody }}"}])
    book.fill({"deadline": "", "owner": ""} | {"spare": 1})
    assert '<t xml:space="preserve">By =1+1</t>' in cell(book, "B4")
    assert "for {{ deadline }} please" in cell(book, "B5")
    assert book.read_table("tbl").rows[0]["KPI"].raw == "{{ nobody }}"


def test_an_unknown_placeholder_names_file_sheet_and_cell_and_nothing_changes(template: Path) -> None:
    book = FileWorkbook.open(template)
    with pytest.raises(TemplateError) as caught:
        book.fill({"deadlines": "x", "owner": "y"})
    assert str(caught.value) == (
        "return.xlsx, sheet 'Read me', cell B4: unknown placeholder 'deadline'; known are deadlines, owner"
    )
    assert book.to_bytes() == template.read_bytes()


def test_a_fault_in_a_header_names_it(template: Path) -> None:
    book = FileWorkbook.open(template)
    with pytest.raises(TemplateError, match="sheet 'Read me', oddHeader: 266 characters"):
        book.fill({"deadline": "x", "owner": "y" * 260})


def test_a_placeholder_in_a_table_heading_is_refused(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
        book.add_worksheet("Data").add_table("A1:A2", {"name": "t", "columns": [{"header": "{{ a }}"}]})
    with pytest.raises(TemplateError, match="cell A1: a table's heading"):
        FileWorkbook.open(tmp_path / "t.xlsx").fill({"a": 1})
