from __future__ import annotations

import io
import pickle
import random
import re
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.table import Table as ExcelTable

from tests.conftest import draws
from tests.hostile import zips
from xlperf.findings import Finding, Severity
from xlperf.tables import Book, Cell, CellKind, NumberStyle, Table
from xlperf.workbook.reader import MOST_STRAY, ReadingLimits, WorkbookTables, read_tables
from xlperf.workbook.reader.parsing import Handler, Parser
from xlperf.workbook.reader.refused import Refused

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
HEADERS = '<row r="1"><c r="A1" t="inlineStr"><is><t>Id</t></is></c><c r="B1" t="str"><v>Figure</v></c></row>'
_ALTERNATIVES = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="x">{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>'
)

Parts = dict[str, str | bytes]


def links(*entries: tuple[str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(entries, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{inner}</Relationships>'


def table_xml(ref: str = "A1:B3", name: str = "Return", attributes: str = "") -> str:
    return (
        f'<table xmlns="{MAIN}" id="1" name="{name}" displayName="{name}" ref="{ref}" {attributes}>'
        '<tableColumns><tableColumn id="1" name="Id"/><tableColumn id="2" name="Figure"/></tableColumns>'
        "</table>"
    )


def sheet_xml(rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def parts(rows: str = "", ref: str = "A1:B3", **others: str | bytes) -> Parts:
    """A hand-made workbook of one sheet with one table, Return, of the columns Id and Figure."""
    made: Parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": links(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Figures" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": links(
            ("worksheet", "worksheets/sheet1.xml"),
            ("sharedStrings", "/xl/sharedStrings.xml"),
            ("styles", "styles.xml"),
        ),
        "xl/worksheets/sheet1.xml": sheet_xml(HEADERS + rows),
        "xl/worksheets/_rels/sheet1.xml.rels": links(("table", "../tables/table1.xml")),
        "xl/tables/table1.xml": table_xml(ref),
    }
    made.update(others)
    return made


def packed(made: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in made.items():
            archive.writestr(name, content)
    return out.getvalue()


def sheet(rows: str, ref: str = "A1:B3") -> bytes:
    return packed(parts(rows, ref))


def accepted(data: bytes, *wanted: str) -> Book:
    book, findings = read_tables(data, wanted or None, file="return.xlsx")
    assert findings == []
    assert book is not None
    return book


def the_table(data: bytes) -> Table:
    return accepted(data, "Return").tables["Return"]


def refused(data: bytes, wanted: tuple[str, ...] | None = None, limits: ReadingLimits | None = None) -> Finding:
    book, findings = read_tables(data, wanted, file="return.xlsx", limits=limits or ReadingLimits())
    assert book is None
    assert findings
    assert all(item.location.file == "return.xlsx" and item.message.endswith(".") for item in findings)
    return findings[0]


def figure(cell: str) -> Cell:
    return the_table(sheet(f'<row r="2">{cell}</row>')).rows[0]["Figure"]


@pytest.fixture
def good(tmp_path: Path) -> bytes:
    """A return as XlsxWriter makes it: every kind of cell, a hidden row and a second, hidden sheet."""
    path = tmp_path / "return.xlsx"
    book = xlsxwriter.Workbook(path)
    book.set_properties({"created": datetime(2026, 4, 1, 9, 30)})
    percent, date = book.add_format({"num_format": "0.0%"}), book.add_format({"num_format": "dd/mm/yyyy"})
    page = book.add_worksheet("My figures")
    columns = [{"header": header} for header in ("KPI", "Figure", "When", "Comment")]
    page.add_table("B3:E8", {"name": "Return", "columns": columns})
    for row, name in enumerate(("K1", "K2", "K3", "K4"), 3):
        page.write_string(row, 1, name)
    page.write_number(3, 2, 0.95, percent)
    page.write_number(3, 3, 46000, date)
    page.write_string(3, 4, " two\nlines ")
    page.write_formula(4, 2, "=1/0", None, "#DIV/0!")
    page.write_boolean(5, 2, True)
    page.write_string(6, 2, "n/a")
    page.set_row(6, None, None, {"hidden": True})
    page.write_string(9, 4, "A note below")
    page.write_string(9, 7, "not below")
    hidden = book.add_worksheet("Identity")
    hidden.add_table("A1:A2", {"name": "Identity", "columns": [{"header": "Serial"}]})
    hidden.write_number("A2", 17)
    hidden.hide()
    book.close()
    return path.read_bytes()


# --- what is read ---


def test_a_return_is_read_as_it_stands(good: bytes) -> None:
    book = accepted(good, "Return", "Identity")
    table = book.tables["Return"]
    assert (table.sheet, table.columns) == ("My figures", ("KPI", "Figure", "When", "Comment"))
    assert [row.number for row in table.rows] == [4, 5, 6, 7]
    first, error, boolean, hidden = table.rows
    assert first["Figure"] == Cell(CellKind.NUMBER, "0.95", "C4", NumberStyle.PERCENT)
    assert first["When"].style is NumberStyle.DATE
    assert first["Comment"].raw == " two\nlines "
    assert error["Figure"] == Cell(CellKind.ERROR, "#DIV/0!", "C5", is_formula=True)
    assert error["Comment"].is_blank
    assert boolean["Figure"] == Cell(CellKind.BOOLEAN, "TRUE", "C6")
    assert hidden["Figure"] == Cell(CellKind.TEXT, "n/a", "C7")
    assert [cell.raw for cell in book.tables["Return"].stray] == ["A note below"]
    assert book.tables["Identity"].stray == ()
    assert book.tables["Identity"].rows[0]["Serial"].raw == "17"
    assert book.saved_at == datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
    assert book.date_1904 is False


def test_all_tables_without_asking(good: bytes) -> None:
    assert list(accepted(good).tables) == ["Return", "Identity"]


def test_only_what_is_asked_for(good: bytes) -> None:
    assert list(accepted(good, "identity").tables) == ["identity"]


def test_the_book_travels_between_processes(good: bytes) -> None:
    book = accepted(good)
    assert pickle.loads(pickle.dumps(book)) == book  # noqa: S301


def test_openpyxl_workbook_uncalculated_1904_and_renamed_sheet(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "Renamed by the owner"
    page.append(["Id", "Figure"])
    page.append(["K1", "=1+1"])
    page.append(["K2", None])
    page.append(["K3", 5])
    page.add_table(ExcelTable(displayName="Return", ref="A1:B4"))
    book.epoch = CALENDAR_MAC_1904
    book.save(path)
    read = accepted(path.read_bytes(), "Return")
    table = read.tables["Return"]
    assert read.date_1904 is True
    assert table.sheet == "Renamed by the owner"
    assert table.rows[0]["Figure"] == Cell(CellKind.UNCALCULATED, "", "B2", is_formula=True)
    assert "Figure" not in table.rows[1].cells
    assert table.rows[2]["Figure"].raw == "5"


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ('<c r="B2"><v>-1.5E-3</v></c>', Cell(CellKind.NUMBER, "-1.5E-3", "B2")),
        ('<c r="B2"><f>1/3</f><v>0.33</v></c>', Cell(CellKind.NUMBER, "0.33", "B2", is_formula=True)),
        ('<c r="B2"><f>A1</f></c>', Cell(CellKind.UNCALCULATED, "", "B2", is_formula=True)),
        ('<c r="B2"><f>A1</f><v/></c>', Cell(CellKind.UNCALCULATED, "", "B2", is_formula=True)),
        ('<c r="B2" t="str"><f>A1</f></c>', Cell(CellKind.UNCALCULATED, "", "B2", is_formula=True)),
        ('<c r="B2" t="str"><f>A1</f><v></v></c>', Cell(CellKind.TEXT, "", "B2", is_formula=True)),
        ('<c r="B2" t="str"><v>a_x000D_b_x005F_x0041_</v></c>', Cell(CellKind.TEXT, "a\rb_x0041_", "B2")),
        ('<c r="B2" t="str"><v>_xD83D__xDE00__xD83D_</v></c>', Cell(CellKind.TEXT, "\U0001f600\ufffd", "B2")),
        ('<c r="B2" t="e"><v>#N/A</v></c>', Cell(CellKind.ERROR, "#N/A", "B2")),
        ('<c r="B2" t="b"><v>0</v></c>', Cell(CellKind.BOOLEAN, "FALSE", "B2")),
        (
            '<c r="B2" t="d"><v>2026-03-31</v></c>',
            Cell(CellKind.TEXT, "2026-03-31", "B2", NumberStyle.DATE),
        ),
        (
            '<c r="B2" t="inlineStr"><is><r><t>a</t></r><r><t> b</t></r><rPh><t>no</t></rPh></is></c>',
            Cell(CellKind.TEXT, "a b", "B2"),
        ),
        ('<c r="A2"><v>1</v></c><c><v>2</v></c>', Cell(CellKind.NUMBER, "2", "B2")),
    ],
)
def test_kinds_of_cells(xml: str, expected: Cell) -> None:
    assert figure(xml) == expected


@pytest.mark.parametrize("xml", ['<c r="B2" s="1"/>', '<c r="B2"><v/></c>', '<c r="B2" t="s"/>'])
def test_blank_cells_are_not_stored(xml: str) -> None:
    assert the_table(sheet(f'<row r="2">{xml}</row>')).rows == ()


@pytest.mark.parametrize("raw", ["1_000", "1,5", ".5", "5.", " 5", "0x1F", "nan", "1e999", "٣", "1" * 500, "--1"])
def test_numbers_that_excel_does_not_write(raw: str) -> None:
    item = refused(sheet(f'<row r="2"><c r="B2"><v>{raw}</v></c></row>'))
    assert (item.code, item.location.sheet, item.location.cell) == ("F010", "Figures", "B2")
    assert item.found[:5] == raw[:5]


def test_shared_strings_joined_without_phonetics_and_with_escapes() -> None:
    made = parts('<row r="2"><c r="B2" t="s"><v>1</v></c></row>')
    made["xl/sharedStrings.xml"] = (
        f'<sst xmlns="{MAIN}" uniqueCount="4294967295"><si><t>other</t></si>'
        '<si><r><t>ri</t></r><r><t xml:space="preserve">ch </t></r><rPh><t>no</t></rPh></si></sst>'
    )
    assert the_table(packed(made)).rows[0]["Figure"].raw == "rich "


@pytest.mark.parametrize(
    "item",
    [
        "<si><t>9<x/>7</t></si>",
        "<si><t>9<t>1</t>7</t></si>",
        f"<si>{_ALTERNATIVES.format('<t>97</t>', '<t>12</t>')}</si>",
        '<si><x:y xmlns:x="urn:x"><t>97</t></x:y></si>',
        _ALTERNATIVES.format("<si><t>97</t></si>", "<si><t>12</t></si>"),
    ],
)
def test_a_text_that_programs_would_read_differently_is_refused(item: str) -> None:
    made = parts('<row r="2"><c r="B2" t="s"><v>0</v></c></row>')
    made["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{item}</sst>'
    assert refused(packed(made)).code == "F010"
    if item.startswith("<si>"):
        inside = item.removeprefix("<si>").removesuffix("</si>")
        assert refused(sheet(f'<row r="2"><c r="B2" t="inlineStr"><is>{inside}</is></c></row>')).code == "F010"


def test_what_stands_between_shared_strings_is_no_text_of_theirs() -> None:
    made = parts('<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c></row>')
    more = "<extLst><ext><t>more</t></ext></extLst>"
    made["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}"><si><t>one</t></si>{more}<si><t>two</t></si></sst>'
    assert [cell.raw for cell in the_table(packed(made)).rows[0].cells.values()] == ["one", "two"]


@pytest.mark.parametrize("index", ["-1", "x", "1", "99999999999999999999", ""])
def test_bad_shared_string_index_is_never_some_other_text(index: str) -> None:
    made = parts(f'<row r="2"><c r="B2" t="s"><v>{index}</v></c></row>')
    made["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}"><si><t>only</t></si></sst>'
    item = refused(packed(made))
    assert (item.code, item.location.cell) == ("F010", "B2")


@pytest.mark.parametrize(
    ("code", "style"),
    [
        ("0.00%", NumberStyle.PERCENT),
        ('0.0"%"', NumberStyle.PERCENT_SIGN),
        (r"0\%", NumberStyle.PERCENT_SIGN),
        ('0 "days"', NumberStyle.GENERAL),
        ("[Red]0.0", NumberStyle.GENERAL),
        ("[$-809]dd mmmm yyyy", NumberStyle.DATE),
        ("h:mm", NumberStyle.DATE),
        ("General", NumberStyle.GENERAL),
        ("0.00E+00", NumberStyle.GENERAL),
        ("_-* #,##0.00_-", NumberStyle.GENERAL),
    ],
)
def test_number_formats(code: str, style: NumberStyle) -> None:
    escaped = code.replace('"', "&quot;")
    made = parts('<row r="2"><c r="B2" s="1"><v>1</v></c></row>')
    made["xl/styles.xml"] = (
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="{escaped}"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="9"/><xf numFmtId="9"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
        '<dxfs><dxf><numFmt numFmtId="164" formatCode="0%"/></dxf></dxfs></styleSheet>'
    )
    assert the_table(packed(made)).rows[0]["Figure"].style is style


@pytest.mark.parametrize(
    ("built_in", "style"),
    [("9", "percent"), ("10", "percent"), ("14", "date"), ("46", "date"), ("2", "general")],
)
def test_built_in_formats(built_in: str, style: str) -> None:
    made = parts('<row r="2"><c r="B2"><v>1</v></c></row>')
    made["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="{built_in}"/></cellXfs></styleSheet>'
    assert the_table(packed(made)).rows[0]["Figure"].style == style


def styled(formats: str, cell_formats: str, index: str = "1") -> bytes:
    """A workbook with a figure in one of these cell formats."""
    made = parts(f'<row r="2"><c r="B2" s="{index}"><v>0.95</v></c></row>')
    made["xl/styles.xml"] = (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellXfs>{cell_formats}</cellXfs></styleSheet>'
    )
    return packed(made)


def test_formats_that_are_there_twice_for_programs_to_choose_from_are_read() -> None:
    own = _ALTERNATIVES.format(*('<numFmt numFmtId="164" formatCode="0.0%"/>',) * 2)  # as of Excel
    read = the_table(styled(own, '<xf numFmtId="0"/><xf numFmtId="164"/>')).rows[0]["Figure"]
    assert read.style is NumberStyle.PERCENT
    each = _ALTERNATIVES.format(*('<xf numFmtId="0"><alignment/></xf>',) * 2)  # as of Hancom Office
    read = the_table(styled("", f'{each}<xf numFmtId="9"/><xf numFmtId="0"/>')).rows[0]["Figure"]
    assert read.style is NumberStyle.PERCENT


@pytest.mark.parametrize(
    ("formats", "cell_formats", "index"),
    [
        ("", '<xf numFmtId="9"/>', "1"),
        ("", '<xf numFmtId="0"/><xf numFmtId="9"/>', "01"),
        ("", '<xf numFmtId="0"/><xf numFmtId="9"/>', " 1"),
        ("", '<xf numFmtId="0"/><xf numFmtId="x"/>', "1"),
        ("", '<xf numFmtId="0"/><x/><xf numFmtId="9"/>', "1"),
        ("", '<xf numFmtId="0"/></cellXfs><cellXfs><xf numFmtId="9"/>', "1"),
        ("", '<xf numFmtId="0"/>' + _ALTERNATIVES.format('<xf numFmtId="0"/>', '<xf numFmtId="9"/>'), "1"),
        ("", _ALTERNATIVES.format('<xf numFmtId="0"/>', "") + '<xf numFmtId="0"/><xf numFmtId="9"/>', "1"),
        (
            '<numFmt numFmtId="164" formatCode="0%"/><numFmt numFmtId="164" formatCode="0"/>',
            '<xf numFmtId="0"/><xf numFmtId="164"/>',
            "1",
        ),
    ],
)
def test_a_number_whose_format_cannot_be_known_is_no_number_without_one(
    formats: str, cell_formats: str, index: str
) -> None:
    assert refused(styled(formats, cell_formats, index)).code == "F010"


def test_damaged_styles_are_refused_as_95_percent_would_be_read_as_less_than_one() -> None:
    made = parts('<row r="2"><c r="B2"><v>1</v></c></row>')
    made["xl/styles.xml"] = "<styleSheet><oops"
    assert refused(packed(made)).code == "F010"
    made["xl/styles.xml"] = "<!DOCTYPE x><x/>"
    assert refused(packed(made)).code == "F006"


def test_dimension_smaller_than_the_data_loses_nothing() -> None:
    made = parts()
    rows = "".join(f'<row r="{row}"><c r="B{row}"><v>{row}</v></c></row>' for row in range(2, 12))
    made["xl/worksheets/sheet1.xml"] = sheet_xml(HEADERS + rows).replace(
        "<sheetData>", '<dimension ref="A1"/><sheetData>'
    )
    made["xl/tables/table1.xml"] = table_xml("A1:B11")
    assert len(the_table(packed(made)).rows) == 10


def test_gaps_become_rows_and_trailing_blanks_do_not() -> None:
    table = the_table(sheet('<row r="4"><c r="B4"><v>1</v></c></row>', "A1:B1048576"))
    assert [(row.number, len(row.cells)) for row in table.rows] == [(2, 0), (3, 0), (4, 1)]


def test_totals_row_is_no_row_and_only_a_number_typed_there_is_stray() -> None:
    totals = '<c r="A3" t="str"><v>Total</v></c><c r="B3"><f>SUBTOTAL(109,[B])</f><v>1</v></c>'
    for cells, stray in ((totals, []), ('<c r="B3"><v>9</v></c>', ["9"])):
        made = parts(f'<row r="2"><c r="B2"><v>1</v></c></row><row r="3">{cells}</row>')
        made["xl/tables/table1.xml"] = table_xml("A1:B3", attributes='totalsRowCount="1"')
        table = accepted(packed(made)).tables["Return"]
        assert [row.number for row in table.rows] == [2]
        assert [cell.raw for cell in table.stray] == stray


def test_headers_come_from_the_sheet_and_blank_ones_from_the_table() -> None:
    made = parts()
    made["xl/worksheets/sheet1.xml"] = sheet_xml('<row r="1"><c r="B1" t="str"><v>Retyped</v></c></row>')
    assert the_table(packed(made)).columns == ("Id", "Retyped")
    made["xl/worksheets/sheet1.xml"] = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>')
    made["xl/tables/table1.xml"] = table_xml("A1:B3", attributes='headerRowCount="0"')
    table = the_table(packed(made))
    assert table.columns == ("Id", "Figure")
    assert table.rows[0]["Id"].raw == "1"


def test_two_headers_alike_are_refused() -> None:
    made = parts()
    made["xl/worksheets/sheet1.xml"] = sheet_xml('<row r="1"><c r="B1" t="str"><v>Id</v></c></row>')
    item = refused(packed(made))
    assert (item.code, item.found) == ("F010", "Id")


def two_tables(rows: str, second: str) -> bytes:
    made = parts(rows)
    made["xl/worksheets/_rels/sheet1.xml.rels"] = links(
        ("table", "/xl/tables/table1.xml"), ("table", "../tables/table2.xml")
    )
    made["xl/tables/table2.xml"] = table_xml(second, "Second")
    return packed(made)


def test_a_table_below_another_is_not_stray_but_what_is_below_both_is() -> None:
    below = "".join(f'<row r="{row}"><c r="B{row}"><v>{row}</v></c></row>' for row in (2, 4, 5, 6, 7))
    book = accepted(two_tables(below, "B5:C6"))
    assert [cell.ref for cell in book.tables["Return"].stray] == ["B4"]
    assert [cell.ref for cell in book.tables["Second"].stray] == ["B7"]
    assert accepted(two_tables(below, "B5:C6"), "Return").tables["Return"].stray[0].ref == "B4"


def test_tables_over_one_another_are_refused() -> None:
    assert refused(two_tables('<row r="3"/>', "B3:C6")).code == "F010"


def test_stray_cells_are_limited() -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(5, 500))
    table = accepted(sheet(rows)).tables["Return"]
    assert (len(table.stray), table.stray_count) == (MOST_STRAY, 495)
    assert (table.stray[0].ref, table.stray[-1].ref) == ("A5", "A54")


def test_cells_beside_a_table_are_stray_in_its_rows_only() -> None:
    rows = (
        (
            '<row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row>'
            '<row r="3"><c r="D3" t="str"><v> </v></c><c r="XFD3" t="str"><v>far</v></c></row>'
            '<row r="4"><c r="A4"><v>below</v></c><c r="D4"><v>neither</v></c></row>'
        )
        .replace("<v>below</v>", "<v>9</v>")
        .replace("<v>neither</v>", "<v>8</v>")
    )
    table = the_table(sheet(rows))
    assert [cell.ref for cell in table.stray] == ["D2", "XFD3", "A4"]
    assert table.stray_count == 3
    assert [list(row.cells) for row in table.rows] == [["Figure"]]


def test_what_a_shared_text_beyond_those_kept_says_decides_whether_it_counts() -> None:
    made = parts("".join(f'<row r="{row}"><c r="D{row}" t="s"><v>{row % 2}</v></c></row>' for row in range(2, 202)))
    made["xl/tables/table1.xml"] = table_xml("A1:B300")
    made["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}"><si><t> </t></si><si><t>note</t></si></sst>'
    table = the_table(packed(made))
    assert table.stray_count == 100
    assert {cell.raw for cell in table.stray} == {"note"}


def test_cells_between_two_tables_belong_to_the_one_on_their_left() -> None:
    beside = '<row r="2"><c r="D2"><v>1</v></c><c r="H2"><v>1</v></c></row>'
    book = accepted(two_tables(beside, "F1:G3"))
    assert [cell.ref for cell in book.tables["Return"].stray] == ["D2"]
    assert [cell.ref for cell in book.tables["Second"].stray] == ["H2"]
    alone = accepted(two_tables(beside, "F1:G3"), "Second")
    assert [cell.ref for cell in alone.tables["Second"].stray] == ["D2", "H2"]


def test_the_names_of_all_worksheets(good: bytes) -> None:
    assert accepted(good, "Identity").sheets == ("My figures", "Identity")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_encodings_of_xml(encoding: str) -> None:
    made = parts()
    made["xl/worksheets/sheet1.xml"] = sheet_xml(HEADERS + '<row r="2"><c r="B2" t="str"><v>Ŵy</v></c></row>').encode(
        encoding
    )
    assert the_table(packed(made)).rows[0]["Figure"].raw == "Ŵy"


def test_any_prefix_and_stored_parts() -> None:
    made = parts()
    made["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c/><x:c t="str"><x:v>F</x:v></x:c></x:row>'
        "<x:row><x:c><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    table = the_table(packed(made, zipfile.ZIP_STORED))
    assert table.columns == ("Id", "F")
    assert table.rows[0]["Id"] == Cell(CellKind.NUMBER, "7", "A2")


def test_saved_at_is_left_out_when_it_is_no_date() -> None:
    made = parts()
    made["_rels/.rels"] = links(("officeDocument", "xl/workbook.xml"), ("metadata/core-properties", "core.xml"))
    core = '<c xmlns:d="http://purl.org/dc/terms/"><d:modified>{}</d:modified></c>'
    for text, expected in [
        ("2026-04-01T10:30:00+01:00", datetime(2026, 4, 1, 9, 30, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
    ]:
        made["core.xml"] = core.format(text)
        assert accepted(packed(made)).saved_at == expected


# --- what is refused, and what the owner is told ---


def test_missing_tables_name_the_ones_there_are(good: bytes) -> None:
    book, findings = read_tables(good, ["Return", "Answers", "Other"], file="a.xlsx")
    assert book is None
    assert [(item.code, item.expected) for item in findings] == [("F007", "Answers"), ("F007", "Other")]
    assert "Return, Identity" in findings[0].message


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (b"", "F001", "empty"),
        (b"\0" * 5000, "F002", "zeros"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "F003", "password"),
        (OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"), "F004", ".xls"),
        (b"\r\n<!DOCTYPE html><html><body>Sign in</body></html>", "F001", "HTML"),
        (b"<table><tr><td>1</td></tr></table>", "F001", "HTML"),
        (b"\xef\xbb\xbfKPI,Figure\r\nK1,5\r\n", "F001", "CSV"),
        ("KPI\tFigure\n".encode("utf-16"), "F001", "CSV"),
        (b"%PDF-1.7\n%\xe2\xe3", "F001", "PDF"),
        (b'{"error": "denied"}', "F001", "JSON"),
        (
            b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>",
            "F004",
            "2003",
        ),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "F001", "picture"),
        (b"\x01\x02\x03\x04", "F001", "not know"),
        (packed({"a.txt": "hello"}), "F001", "zip archive"),
        (packed({"mimetype": "x", "content.xml": "<x/>"}), "F004", "OpenDocument"),
        (packed({"Index/Document.iwa": "x"}), "F004", "Numbers"),
    ],
)
def test_other_files_are_named(data: bytes, code: str, says: str) -> None:
    item = refused(data)
    assert item.code == code
    assert says in item.message


def test_a_word_document_and_a_binary_workbook() -> None:
    made = parts()
    made["xl/workbook.xml"] = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
    assert "Word" in refused(packed(made)).message
    made["[Content_Types].xml"] = CONTENT_TYPES.replace(".sheet.main+xml", ".sheet.binary.macroEnabled.main")
    assert refused(packed(made)).code == "F004"


def test_cut_short_at_every_twentieth(good: bytes) -> None:
    for twentieth in range(1, 20):
        assert refused(good[: len(good) * twentieth // 20]).code == "F002"


def test_strict_is_told_to_save_as_ordinary_xlsx(good: bytes) -> None:
    made = parts()
    made["xl/workbook.xml"] = '<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>'
    item = refused(packed(made))
    assert item.code == "F004"
    assert "save as ordinary .xlsx" in item.message


@pytest.mark.parametrize(
    ("rows", "ref"),
    [
        ('<row r="3"/><row r="2"/>', "A1:B3"),
        ('<row r="2"/><row r="2"/>', "A1:B3"),
        ('<row r="2"><c r="B2"/><c r="A2"/></row>', "A1:B3"),
        ('<row r="2"><c r="B2"/><c r="B2"/></row>', "A1:B3"),
        ('<row r="2"><c r="B3"/></row>', "A1:B3"),
        ('<row r="2"><c r="XFE2"/></row>', "A1:B3"),
        ('<row r="2"><c r="XFD2"/><c/></row>', "A1:B3"),
        ('<row r="2"><c r="ZZZZZZ2"/></row>', "A1:B3"),
        ('<row r="1048577"><c r="XFD1048577"/></row>', "A1:B3"),
        ('<row r="4294967297"/>', "A1:B3"),
        ('<row r="1048576"/><row/>', "A1:B3"),
        ('<row r="0"/>', "A1:B3"),
        ('<row r="-1"/>', "A1:B3"),
        ("", "A1:XFD1048577"),
        ("", "A1:C3"),
        ("", "B1:A3"),
        ("", "A1"),
        ('<row r="2"><c r="B2" t="b"><v>yes</v></c></row>', "A1:B3"),
        ('<row r="2"><c r="B2" t="z"><v>1</v></c></row>', "A1:B3"),
        ('<row r="2"><c r="B2"><v>1</v><v>2</v></c></row>', "A1:B3"),
        ('<row r="2"><c r="B2"><is><t>1</t></is></c></row>', "A1:B3"),
        ('<row r="2"><c r="B2"><v><t>1</t></v></c></row>', "A1:B3"),
        ('<alternative><row r="2"/></alternative>', "A1:B3"),
        ("</sheetData><sheetData>", "A1:B3"),
        ("<row>", "A1:B3"),
        ('<row r="2"><c r="B2" t="str"><v>\x01</v></c></row>', "A1:B3"),
    ],
)
def test_sheets_not_as_excel_writes_them(rows: str, ref: str) -> None:
    assert refused(sheet(rows, ref)).code == "F010"


@pytest.mark.parametrize("kind", ["officeDocument", "sharedStrings", "styles"])
def test_two_parts_for_the_same_thing(kind: str) -> None:
    made = parts()
    name = "_rels/.rels" if kind == "officeDocument" else "xl/_rels/workbook.xml.rels"
    another = f'<Relationship Id="x" Type="{OFFICE}/{kind}" Target="other.xml"/></Relationships>'
    made[name] = str(made[name]).replace("</Relationships>", another)
    item = refused(packed(made))
    assert (item.code, item.found) == ("F010", kind)


@pytest.mark.parametrize(
    "properties",
    [
        '<workbookPr date1904="on"/>',
        '<workbookPr date1904=" 1"/>',
        '<workbookPr date1904="1"/><workbookPr/>',
        _ALTERNATIVES.format('<workbookPr date1904="1"/>', ""),
    ],
)
def test_days_that_some_programs_would_count_from_1904_and_others_not(properties: str) -> None:
    made = parts()
    made["xl/workbook.xml"] = str(made["xl/workbook.xml"]).replace("<sheets>", f"{properties}<sheets>")
    assert refused(packed(made)).code == "F010"


def test_a_sheet_whose_cells_are_hidden_from_us() -> None:
    made = parts()
    made["xl/worksheets/sheet1.xml"] = f'<worksheet xmlns="{MAIN}"/>'
    assert refused(packed(made)).code == "F010"
    made["xl/worksheets/sheet1.xml"] = f'<worksheet xmlns="{MAIN}"><x>{HEADERS}<sheetData/></x></worksheet>'
    assert refused(packed(made)).code == "F010"


def test_what_is_far_away_costs_nothing_and_is_not_read() -> None:
    table = the_table(sheet('<row r="2"/><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
    assert table.rows == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_a_document_type_is_refused_in_every_encoding(encoding: str) -> None:
    made = parts()
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))
    xml = f'<!DOCTYPE x [<!ENTITY e0 "lol">{entities}]>' + sheet_xml("&e29;")
    bom = b"\xfe\xff" if encoding == "utf-16-be" else b""
    made["xl/worksheets/sheet1.xml"] = bom + xml.encode(encoding)
    assert refused(packed(made)).code == "F006"


def test_an_encoding_of_pythons_own_is_refused() -> None:
    made = parts()
    made["xl/worksheets/sheet1.xml"] = '<?xml version="1.0" encoding="unicode_escape"?>' + sheet_xml("")
    assert refused(packed(made)).code == "F010"


@pytest.mark.parametrize(
    "name",
    [
        "xl/vbaProject.bin",
        "xl/macrosheets/sheet1.xml",
        "xl/activeX/activeX1.xml",
        "../x",
        "/x",
        "C:x",
        "xl\\..\\x",
    ],
)
def test_unsafe_parts(name: str) -> None:
    assert refused(packed(parts() | {name: "x"})).code == "F006"


@pytest.mark.parametrize("kind", ["xlMacrosheet", "control", "vbaProject"])
def test_unsafe_relationships(kind: str) -> None:
    made = parts()
    made["xl/worksheets/_rels/sheet1.xml.rels"] = links(("table", "../tables/table1.xml"), (kind, "x.bin"))
    assert refused(packed(made)).code == "F006"


def test_a_macro_workbook_under_another_name() -> None:
    made = parts()
    made["[Content_Types].xml"] = CONTENT_TYPES.replace("sheet.main", "sheet.macroEnabled.main")
    assert refused(packed(made)).code == "F006"


def test_an_external_target_is_not_followed() -> None:
    made = parts()
    made["xl/worksheets/_rels/sheet1.xml.rels"] = links(("table", "file://server/t.xml")).replace(
        "/>", ' TargetMode="External"/>'
    )
    book, warnings = read_tables(packed(made), None)
    assert book is not None
    assert book.tables == {}
    assert [item.code for item in warnings] == ["F012"]


def test_a_target_above_the_package_is_not_found() -> None:
    made = parts()
    made["xl/worksheets/_rels/sheet1.xml.rels"] = links(("table", "../../../../etc/passwd"))
    assert refused(packed(made)).code == "F010"


def renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    assert data.count(old) == 2
    return data.replace(old, new)


def test_the_same_part_twice_or_in_two_cases() -> None:
    again = parts() | {"xl/tables/tableX.xml": table_xml()}
    for twin in (b"xl/tables/table1.xml", b"xl/tables/TABLE1.xml"):
        item = refused(renamed(packed(again), b"xl/tables/tableX.xml", twin))
        assert item.code == "F006"
        assert "twice" in item.message


def test_a_nul_in_a_name() -> None:
    assert refused(renamed(packed(parts() | {"xl/Q.xml": "x"}), b"xl/Q.xml", b"xl/Q\0xml")).code == "F006"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions(method: int) -> None:
    assert refused(packed(parts(), method)).code == "F002"


def changed(data: bytes, name: bytes, at: int, new: bytes) -> bytes:
    """`data` with `new` at an offset into the directory entry of a part."""
    start = data.rindex(name) - 46 + at
    return data[:start] + new + data[start + len(new) :]


@pytest.mark.parametrize(
    ("at", "new", "code"),
    [
        (8, b"\1\0", "F006"),  # encrypted
        (16, b"\1\2\3\4", "F002"),  # checksum
        (24, b"\1\0\0\0", "F002"),  # size
        (20, b"\xff\xff\xff\0", "F002"),  # packed size
        (42, b"\0\0\0\0", "F002"),  # another part stands there
        (42, b"\7\0\0\0", "F002"),  # nothing stands there
        (30, b"\x60\0", "F002"),  # its extra field swallows the next entry
        (32, b"\x60\0", "F002"),  # its comment does
    ],
)
def test_lies_in_the_directory(at: int, new: bytes, code: str) -> None:
    assert refused(changed(packed(parts()), b"xl/worksheets/sheet1.xml", at, new)).code == code


def test_a_part_within_another_part() -> None:
    inner = packed({"b.xml": "x"}, zipfile.ZIP_STORED)[: 30 + len("b.xml") + 1]
    data = packed(parts() | {"a.bin": inner, "b.xml": "x"}, zipfile.ZIP_STORED)
    item = refused(changed(data, b"b.xml", 42, data.index(inner).to_bytes(4, "little")))
    assert item.code == "F006"
    assert "over one another" in item.message


def test_a_zip_behind_another_zip() -> None:
    assert refused(packed(parts()) + packed(parts())).code == "F006"


def test_a_flipped_figure_is_damage_not_another_figure() -> None:
    data = packed(parts('<row r="2"><c r="B2"><v>12345</v></c></row>'), zipfile.ZIP_STORED)
    for new in (b"12346", b"1x345", b"1<345"):
        assert refused(data.replace(b"12345", new)).code == "F002"


# --- limits ---


@pytest.mark.parametrize("prefix", ["\0", f'<worksheet xmlns="{MAIN}"><sheetData>', "<!--", "<a b='"])
def test_a_bomb_is_refused_in_little_memory(prefix: str) -> None:
    sound = [
        zips.entry(name, str(content).encode())
        for name, content in parts().items()
        if name != "xl/worksheets/sheet1.xml"
    ]
    data = zips.zipped([*sound, zips.bomb("xl/worksheets/sheet1.xml", prefix.encode(), b" ", megabytes=200)])
    tracemalloc.start()
    item = refused(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert item.code == "F005"
    assert "from few" in item.message or "one XML tag" in item.message  # known by its first megabyte
    assert peak < 10_000_000


ROWS = "".join(f'<row r="{row}"><c r="B{row}"><v>{row}</v></c></row>' for row in range(2, 40))


@pytest.mark.parametrize(
    "limits",
    [
        ReadingLimits(file_bytes=1000),
        ReadingLimits(parts=5),
        ReadingLimits(part_bytes=500),
        ReadingLimits(total_bytes=1500),
        ReadingLimits(ratio=2, ratio_from=100),
        ReadingLimits(elements=50),
        ReadingLimits(depth=4),
        ReadingLimits(attributes=2),
        ReadingLimits(relationships=1),
        ReadingLimits(sheets=1),
        ReadingLimits(tables=1),
        ReadingLimits(columns=1),
        ReadingLimits(names=1),
        ReadingLimits(merges=1),
        ReadingLimits(formats=1),
        ReadingLimits(strings=1),
        ReadingLimits(text_chars=10),
        ReadingLimits(name_chars=5),
        ReadingLimits(rows=20),
    ],
)
def test_every_limit_is_kept_and_said(limits: ReadingLimits) -> None:
    made = parts(ROWS + '<row r="40"><c r="A40" t="s"><v>1</v></c></row>', "A1:B40")
    made["xl/workbook.xml"] = str(made["xl/workbook.xml"]).replace(
        "</sheets>",
        '<sheet name="Second" r:id="r4"/></sheets>'
        '<definedNames><definedName name="x">A1</definedName><definedName name="y">A2</definedName></definedNames>',
    )
    made["xl/_rels/workbook.xml.rels"] = links(
        ("worksheet", "worksheets/sheet1.xml"),
        ("sharedStrings", "/xl/sharedStrings.xml"),
        ("styles", "styles.xml"),
        ("worksheet", "worksheets/sheet2.xml"),
    )
    made["xl/worksheets/_rels/sheet2.xml.rels"] = links(("table", "../tables/table2.xml"))
    made["xl/tables/table2.xml"] = table_xml("A1:B3", "Second")
    made["xl/worksheets/sheet2.xml"] = sheet_xml(HEADERS)
    made["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}"><si><t>one</t></si><si><t>two and more</t></si></sst>'
    made["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf/><xf/></cellXfs></styleSheet>'
    made["xl/worksheets/sheet1.xml"] = str(made["xl/worksheets/sheet1.xml"]).replace(
        "</worksheet>", '<mergeCells><mergeCell ref="D1:E1"/><mergeCell ref="D2:E2"/></mergeCells></worksheet>'
    )
    assert len(the_table(packed(made)).rows) == 39
    item = refused(packed(made), limits=limits)
    assert item.code == "F005"
    assert item.expected


def test_one_endless_attribute_is_not_read_to_its_end() -> None:
    taken = []

    def chunks() -> Iterator[bytes]:
        yield b"<worksheet a='"
        for _ in range(1_000):
            taken.append(1)
            yield b"x" * 65_536

    with pytest.raises(Refused, match="bytes in one XML tag"):
        Parser(ReadingLimits()).parse("sheet1.xml", chunks(), Handler())
    assert len(taken) == 16  # of 64 KB each, which with the beginning of the tag is more than a megabyte


def test_a_long_namespace_is_not_read_again_with_every_element() -> None:
    made = parts()
    elements = "<n:x/>" * 10_000
    more = f'</sheetData><n:x xmlns:n="{"n" * 100_000}">{elements}</n:x>'
    made["xl/worksheets/sheet1.xml"] = str(made["xl/worksheets/sheet1.xml"]).replace("</sheetData>", more)
    item = refused(packed(made))
    assert (item.code, "namespace" in item.message) == ("F005", True)


def traced(read: Callable[[], object]) -> int:
    """The most bytes that were held at once, beyond those before."""
    tracemalloc.start()
    read()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_too_many_parts_are_refused_before_they_are_listed() -> None:
    data = packed({f"{n}": b"" for n in range(11_000)})
    assert refused(data).code == "F005"
    assert traced(lambda: refused(data)) < 100_000


def test_a_table_of_a_million_rows_with_ten_in_use_costs_ten() -> None:
    rows = "".join(f'<row r="{row}"><c r="B{row}"><v>{row}</v></c></row>' for row in range(2, 12))
    assert len(the_table(sheet(rows, "A1:B1048576")).rows) == 10
    assert (
        traced(lambda: the_table(sheet(rows, "A1:B1048576"))) < traced(lambda: the_table(sheet(rows, "A1:B11"))) * 1.1
    )


def test_work_grows_with_the_cells_not_with_their_square() -> None:
    def calls(count: int) -> int:
        """How many functions are called in reading so many rows, of which none was read before."""
        rows = "".join(
            f'<row r="{row}"><c r="A{row}"><v>{count}</v></c><c r="B{row}"><v>{count + row}</v></c></row>'
            for row in range(2, count + 2)
        )
        data = sheet(rows, f"A1:B{count + 1}")
        made = 0

        def count_call(frame: object, event: str, argument: object) -> None:
            nonlocal made
            made += event in ("call", "c_call")

        before = sys.getprofile()
        sys.setprofile(count_call)
        the_table(data)
        sys.setprofile(before)
        return made

    assert calls(2_000) < 4.1 * calls(500)


# --- whatever comes ---


def only_allowed_outcome(data: bytes) -> None:
    book, findings = read_tables(data, None, file="x.xlsx")
    rejects = [item for item in findings if item.severity is Severity.REJECT_RETURN]
    assert (book is None) == bool(rejects)
    assert all(item.code.startswith("F") for item in findings)


def figures(book: Book) -> list[tuple[str, int, str, str, str]]:
    return [
        (table.name, row.number, header, cell.kind, cell.raw)
        for table in book.tables.values()
        for row in table.rows
        for header, cell in row.cells.items()
    ]


def test_flipped_bytes_give_the_same_book_or_a_finding(good: bytes) -> None:
    whole = figures(accepted(good))
    dice = random.Random(20260401)  # noqa: S311
    for _ in range(400):
        damaged = bytearray(good)
        for _ in range(dice.choice((1, 1, 3, 20))):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        book, findings = read_tables(bytes(damaged), None)
        assert book is not None or findings
        # Styles and the date of saving may be lost to damage; never a figure.
        assert book is None or figures(book) == whole


MANGLES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    lambda xml, dice: xml.replace(b'"', b"'", 1),
    lambda xml, dice: xml[: dice.randrange(len(xml))],
    lambda xml, dice: xml.replace(dice.choice((b"1", b"2", b"A", b"r=", b"t=", b"<v>")), b"-9", 1),
    lambda xml, dice: xml.replace(b"http", b"purl", 1),
    lambda xml, dice: b"\xff\xfe" + xml,
    lambda xml, dice: xml[::-1],
    lambda xml, dice: bytes(dice.choice((byte, byte, byte, dice.randrange(256))) for byte in xml),
)


def test_mangled_xml_in_a_sound_zip() -> None:
    dice = random.Random(7)  # noqa: S311
    sound: Parts = parts(ROWS)
    sound["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}"><si><t>x</t></si></sst>'
    for name, content in sound.items():
        for mangle in MANGLES:
            only_allowed_outcome(packed(sound | {name: mangle(str(content).encode(), dice)}))
        without = dict(sound)
        del without[name]
        only_allowed_outcome(packed(without))


@draws(150)
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", OLE, b"<", b"\xff\xfe"]))
def test_any_bytes_at_all(data: bytes, magic: bytes) -> None:
    only_allowed_outcome(magic + data)


@draws(150)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=40),
    st.text("0123456789ABCXFDZ-", max_size=9),
    st.sampled_from(["n", "s", "b", "e", "d", "str", "inlineStr", "?"]),
)
def test_any_cell_at_all(text: str, ref: str, kind: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    only_allowed_outcome(sheet(f'<row r="2"><c r="{ref}" t="{kind}"><v>{escaped}</v></c></row>'))


# One table after another ---------------------------------------------------------------------------------------------


def test_tables_read_one_after_another_are_what_each_is_when_read_alone() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for at, name in enumerate(("one", "two", "three")):
            sheet = book.get_worksheet_by_name("A") or book.add_worksheet("A") if at < 2 else book.add_worksheet("B")
            sheet.add_table(0, 4 * at, 2, 4 * at + 1, {"name": name, "columns": [{"header": "x"}, {"header": "y"}]})
            sheet.write_row(1, 4 * at, [at, name])
            sheet.write(3, 4 * at, f"below {name}")
    data = out.getvalue()
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        elements = sum(len(re.findall(rb"<[A-Za-z]", parts.read(part))) for part in parts.namelist())
    enough_for_each_call = ReadingLimits(elements=elements)  # and not for all of them
    tables = WorkbookTables(data, file="x.xlsx", limits=enough_for_each_call)
    assert [item.code for item in tables.read(("four",))[1]] == ["F007"]
    for name in ("one", "two", "three") * 3:
        book_, findings = tables.read((name,))
        assert (book_, findings) == read_tables(data, (name,), file="x.xlsx")
        assert book_ is not None
        assert book_.tables[name].stray_count == 1
