"""Editing a workbook file changes what it has to and leaves every other byte as it was."""

from __future__ import annotations

import csv
import io
import re
import shutil
import struct
import subprocess
import warnings
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.table import Table as OpenpyxlTable

from xlperf.errors import WorkbookError
from xlperf.tables import CellKind
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workbook.printareas import moved_print_area

RETURN_SHEET = "xl/worksheets/sheet1.xml"
RETURN_TABLE = "xl/tables/table1.xml"
FORMULA = "tbl_return[[#This Row],[Actual]]-tbl_return[[#This Row],[Target]]"
ROWS: list[Mapping[str, CellValue]] = [
    {"KPI": f"K{i:02}", "Actual": i / 3, "Target": i, "Comment": f"=row {i} & <so> on"} for i in range(9)
]


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A workbook with a bit of everything that people put into one."""
    picture = tmp_path_factory.mktemp("picture") / "dot.png"
    picture.write_bytes(_png())
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        wrapped = book.add_format({"text_wrap": True, "bg_color": "#E8EDEE", "border": 1})
        percent = book.add_format({"num_format": "0.0%", "font_color": "#005EB8"})
        sheet = book.add_worksheet("Return")
        columns = [{"header": h} for h in ("KPI", "Actual", "Target")]
        columns += [{"header": "Gap", "formula": FORMULA}, {"header": "Comment"}]
        sheet.add_table("B4:F7", {"name": "tbl_return", "columns": columns, "style": "Table Style Medium 2"})
        sheet.set_row(4, 33)
        for row in range(4, 7):
            sheet.write_row(row, 1, [f"old {row}", 0.5], percent)
            sheet.write(row, 3, 0.4, percent)
            sheet.write(row, 5, "old comment", wrapped)
            sheet.write(row, 0, f"left {row}")
            sheet.write_formula(row, 7, "=ROW()*2", None, row * 2)
        sheet.write("H20", "far below")
        sheet.add_sparkline("I5", {"range": "Return!C5:C7"})
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Return!$C$5:$C$7", "categories": "=Return!$B$5:$B$7"})
        sheet.insert_chart("K2", chart)
        sheet.insert_textbox("K20", "read me")
        sheet.insert_image("K30", picture)
        sheet.conditional_format("C5:C500", {"type": "data_bar", "data_bar_2010": True})
        sheet.conditional_format("D5:D500", {"type": "cell", "criteria": ">", "value": 1, "format": percent})
        sheet.data_validation("F5:F500", {"validate": "list", "source": ["yes", "no"], "input_message": "{{ x }}"})
        sheet.write_comment("B5", "a note")
        sheet.print_area("A1:H7")
        sheet.repeat_rows(3)
        sheet.freeze_panes(4, 2)
        sheet.set_header("&CReturn & more")
        other = book.add_worksheet("Notes")
        other.add_table("A1:B3", {"name": "tbl_notes", "columns": [{"header": "Key"}, {"header": "Value"}]})
        other.write_row("A2", ["a", 1])
        own = book.add_worksheet("Ann's own, sheet")
        own.write_formula("A1", "=SUM(Return!C5:C7)", None, 1.5)
        own.write_array_formula("B1:B2", "{=Return!C5:C6*2}", None, 1)
        own.print_area("A1:D40")
        book.define_name("owner", "=Notes!$E$2")
        book.define_name("Return!local", "=Return!$A$1")
    return buffer.getvalue()


@pytest.fixture
def edited(rich: bytes) -> FileWorkbook:
    book = FileWorkbook.open(rich)
    book.write_table("tbl_return", ROWS)
    return book


def loaded(data: bytes) -> openpyxl.Workbook:
    with warnings.catch_warnings():  # of what openpyxl would lose on saving
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data))


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def frame(sheet: bytes) -> bytes:
    """A sheet without its rows and its dimension."""
    return re.sub(rb'<sheetData>.*</sheetData>|<dimension ref="[^"]*"/>', b"", sheet, flags=re.DOTALL)


def sheet_rows(sheet: bytes) -> dict[int, bytes]:
    return {int(m[1]): m[0] for m in re.finditer(rb'<row r="(\d+)".*?(?:</row>|(?<=/)>)', sheet, re.DOTALL)}


def test_every_other_part_is_byte_identical(rich: bytes, edited: FileWorkbook) -> None:
    before, after = parts_of(rich), parts_of(edited.to_bytes())
    assert list(before) == list(after)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {RETURN_SHEET, RETURN_TABLE, "xl/workbook.xml"}


def test_inside_the_sheet_only_the_rows_of_the_table_change(rich: bytes, edited: FileWorkbook) -> None:
    before, after = parts_of(rich)[RETURN_SHEET], parts_of(edited.to_bytes())[RETURN_SHEET]
    assert frame(before) == frame(after)
    untouched = {4, 20}
    assert {n: row for n, row in sheet_rows(before).items() if n in untouched} == {
        n: row for n, row in sheet_rows(after).items() if n in untouched
    }
    for address in ("A5", "A6", "A7", "H5", "H6", "H7"):
        cell = re.search(rf'<c r="{address}".*?</c>'.encode(), before)
        assert cell
        assert cell[0] in after
    assert b'<dimension ref="A4:H20"/>' in after


def test_inside_table_and_workbook_only_the_places_change(rich: bytes, edited: FileWorkbook) -> None:
    before, after = parts_of(rich), parts_of(edited.to_bytes())
    assert after[RETURN_TABLE] == before[RETURN_TABLE].replace(b"B4:F7", b"B4:F13")
    expected = before["xl/workbook.xml"].replace(b"Return!$A$1:$H$7", b"Return!$A$1:$H$13")
    assert b'fullCalcOnLoad="1"' in expected
    assert after["xl/workbook.xml"] == expected


def test_every_row_looks_like_the_first(edited: FileWorkbook) -> None:
    sheet = loaded(edited.to_bytes())["Return"]
    for row in range(5, 14):
        assert sheet.row_dimensions[row].height == 33
        assert [sheet.cell(row, column).style_id for column in range(2, 7)] == [
            sheet.cell(5, column).style_id for column in range(2, 7)
        ]
        assert sheet.cell(row, 5).value == f"={FORMULA}"
        assert sheet.cell(row, 6).value == ROWS[row - 5]["Comment"]
        assert sheet.cell(row, 6).data_type == "s"


def test_the_edited_workbook_passes_the_open_xml_audit(edited: FileWorkbook, tmp_path: Path) -> None:
    openxml_audit = pytest.importorskip("openxml_audit")
    edited.write_name("owner", "Ann")
    edited.save(tmp_path / "edited.xlsx")
    result = openxml_audit.OpenXmlValidator().validate(str(tmp_path / "edited.xlsx"))
    assert [str(error) for error in result.errors] == []


@pytest.mark.parametrize("counts", [(9, 9), (1, 9, 1), (3, 0, 14, 3)])
def test_writing_the_same_rows_again_gives_identical_bytes(rich: bytes, counts: tuple[int, ...]) -> None:
    book = FileWorkbook.open(rich)
    book.write_table("tbl_return", (ROWS * 3)[: max(counts)])  # rows the table has left keep its row height
    seen: dict[int, dict[str, bytes]] = {}
    for count in counts * 2:
        book.write_table("tbl_return", (ROWS * 3)[:count])
        data = book.to_bytes()
        assert parts_of(data) == seen.setdefault(count, parts_of(data))
        book = FileWorkbook.open(data)


def test_shrinking_keeps_neighbours_and_removes_empty_rows(rich: bytes) -> None:
    book = FileWorkbook.open(rich)
    book.write_table("tbl_notes", [])
    book.write_table("tbl_return", ROWS[:1])
    parts = parts_of(book.to_bytes())
    rows = sheet_rows(parts[RETURN_SHEET])
    assert sorted(rows) == [4, 5, 6, 7, 20]
    assert re.findall(rb'<c r="([A-Z]+)', rows[6]) == [b"A", b"H"]
    assert b'ref="B4:F5"' in parts[RETURN_TABLE]
    assert sorted(sheet_rows(parts["xl/worksheets/sheet2.xml"])) == [1, 2]
    assert b'ref="A1:B2"' in parts["xl/tables/table2.xml"]


def test_cells_and_rows_stay_in_order(rich: bytes) -> None:
    book = FileWorkbook.open(rich)
    for count in (12, 1, 7):
        book.write_table("tbl_return", (ROWS * 2)[:count])
        sheet = parts_of(book.to_bytes())[RETURN_SHEET]
        rows = [int(n) for n in re.findall(rb'<row r="(\d+)"', sheet)]
        assert rows == sorted(set(rows))
        for row in sheet_rows(sheet).values():
            columns = [(len(c), c) for c in re.findall(rb'<c r="([A-Z]+)', row)]
            assert columns == sorted(set(columns))


def test_nothing_changes_where_nothing_is_written(rich: bytes) -> None:
    book = FileWorkbook.open(rich)
    book.read_table("tbl_return")
    book.read_name("owner")
    assert book.to_bytes() == rich


def test_growing_over_filled_cells_names_at_most_five(rich: bytes) -> None:
    book = loaded(rich)
    for row in range(9, 17):
        book["Return"].cell(row, 3, "in the way")
    buffer = io.BytesIO()
    book.save(buffer)
    workbook = FileWorkbook.open(buffer.getvalue())
    workbook.write_table("tbl_return", [{}] * 4)
    with pytest.raises(WorkbookError, match=r"'Return'.*C9, C10, C11, C12, C13 and 3 more; move them"):
        workbook.write_table("tbl_return", [{}] * 20)


def test_styled_but_empty_cells_below_are_overwritten(rich: bytes) -> None:
    book = loaded(rich)
    book["Return"]["C9"].style = "Percent"
    buffer = io.BytesIO()
    book.save(buffer)
    workbook = FileWorkbook.open(buffer.getvalue())
    workbook.write_table("tbl_return", ROWS)
    assert loaded(workbook.to_bytes())["Return"]["C9"].value == ROWS[4]["Actual"]


def test_a_table_grows_over_a_row_of_which_only_the_height_was_set(rich: bytes) -> None:
    book = loaded(rich)
    book["Return"].row_dimensions[9].height = 40
    buffer = io.BytesIO()
    book.save(buffer)
    workbook = FileWorkbook.open(buffer.getvalue())
    workbook.write_table("tbl_return", ROWS)
    assert loaded(workbook.to_bytes())["Return"]["C9"].value == ROWS[4]["Actual"]


def test_growing_over_another_table_or_merged_cells_is_refused() -> None:
    def build(below: str) -> FileWorkbook:
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer) as book:
            sheet = book.add_worksheet()
            sheet.add_table("A1:B2", {"name": "upper"})
            if below == "merged":
                sheet.merge_range("B6:C6", "")
            else:
                sheet.add_table("B6:C7", {"name": "lower", "header_row": False})
        return FileWorkbook.open(buffer.getvalue())

    for below, message in (("merged", "merged cells B6:C6"), ("table", "table 'lower'")):
        book = build(below)
        book.write_table("upper", [{}] * 4)
        with pytest.raises(WorkbookError, match=message):
            book.write_table("upper", [{}] * 5)


def test_the_formulas_of_a_templates_first_row_are_filled_down() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.add_table("A1:B2", {"name": "t", "columns": [{"header": "A"}, {"header": "B"}]})
        sheet.write_formula("B2", '=A2*$D$1+LOG10(A2)+t[[#This Row],[A]]&"A2"')
    workbook = FileWorkbook.open(buffer.getvalue())
    workbook.fill({})
    workbook.write_table("t", [{"A": 1}, {"A": 2}])
    again = FileWorkbook.open(workbook.to_bytes())  # now it is no template: the table itself declares what fills down
    again.write_table("t", [{"A": 1}, {"A": 2}, {"A": 3}])
    for row, data in ((3, workbook.to_bytes()), (4, again.to_bytes())):
        sheet = loaded(data).active
        assert sheet is not None
        assert sheet[f"B{row}"].value == f'=A{row}*$D$1+LOG10(A{row})+t[[#This Row],[A]]&"A2"'


def test_the_calculation_chain_goes_when_formulas_change(rich: bytes) -> None:
    data = _with_calculation_chain(rich)
    book = FileWorkbook.open(data)
    book.write_table("tbl_notes", [{"Key": "no formula here"}])
    assert "xl/calcChain.xml" in parts_of(book.to_bytes())
    book.write_table("tbl_return", ROWS)
    after = parts_of(book.to_bytes())
    assert "xl/calcChain.xml" not in after
    for part in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        assert after[part] == parts_of(rich)[part]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Return!$A$1:$H$10", "Return!$A$1:$H$13"),
        ("Return!$A$1:$H$25", "Return!$A$1:$H$28"),
        ("Return!$A$1:$H$9", "Return!$A$1:$H$9"),
        ("Return!$A$12:$H$25", "Return!$A$12:$H$25"),
        ("Return!$J$1:$K$25", "Return!$J$1:$K$25"),  # beside the table
        (
            "'Ann''s own, sheet'!$A$1:$H$10,Return!$J$1:$K$5",
            "'Ann''s own, sheet'!$A$1:$H$13,Return!$J$1:$K$5",
        ),
        ("OFFSET(Return!$A$1,0,0,10,8)", "OFFSET(Return!$A$1,0,0,10,8)"),
        ("Return!$A:$H", "Return!$A:$H"),
    ],
)
def test_the_bottom_edge_of_the_print_area_moves_with_the_table(text: str, expected: str) -> None:
    assert moved_print_area(text, 10, 13, 1, 8) == expected


def test_the_print_area_shrinks_with_the_table_but_never_to_nothing() -> None:
    assert moved_print_area("Return!$A$1:$H$13", 13, 10) == "Return!$A$1:$H$10"
    assert moved_print_area("Return!$A$12:$H$13", 13, 2) == "Return!$A$12:$H$12"


# -- files that other programs wrote --


def rewrite(data: bytes, part: str, *replacements: tuple[bytes, bytes]) -> bytes:
    parts = parts_of(data)
    for old, new in replacements:
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new)
    return zipped(parts)


def zipped(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def texts(book: FileWorkbook, name: str) -> list[dict[str, str]]:
    return [{h: c.raw for h, c in row.cells.items()} for row in book.read_table(name).rows]


def made_by_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Data"
    for row in (["KPI", "Actual"], ["a", 1], ["b", 2]):
        sheet.append(row)
    sheet["D2"] = "outside"
    sheet.add_table(OpenpyxlTable(displayName="tbl_data", ref="A1:B3"))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_prefixes(data: bytes) -> bytes:
    """The same workbook with `x:` before every element of its sheet."""
    parts = parts_of(data)
    sheet = parts[RETURN_SHEET]
    sheet = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", sheet).replace(b"xmlns=", b"xmlns:x=")
    return zipped({**parts, RETURN_SHEET: sheet})


def without_references(data: bytes) -> bytes:
    """The same workbook with no `r` on rows and cells, as some programs write it."""
    parts = parts_of(data)
    sheet = re.sub(rb'(<(?:row|c)) r="[A-Z0-9]+"', rb"\1", parts[RETURN_SHEET].replace(b'r="D2"', b'r="C2"'))
    return zipped({**parts, RETURN_SHEET: sheet})


@pytest.mark.parametrize("change", [lambda d: d, with_prefixes], ids=["plain", "prefixes"])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_file_written_by_openpyxl(change: type[bytes], count: int) -> None:
    book = FileWorkbook.open(change(made_by_openpyxl()))
    rows: Sequence[Mapping[str, CellValue]] = [{"KPI": f"k{i}", "Actual": i} for i in range(count)]
    book.write_table("tbl_data", rows)
    assert texts(book, "tbl_data") == [{"KPI": f"k{i}", "Actual": str(i)} for i in range(count)]
    sheet = loaded(book.to_bytes())["Data"]
    assert sheet["D2"].value == "outside"
    assert sheet.tables["tbl_data"].ref == f"A1:B{count + 1}"


@pytest.mark.parametrize("count", [1, 2, 5])
def test_rows_and_cells_without_references(count: int) -> None:
    book = FileWorkbook.open(without_references(made_by_openpyxl()))
    book.write_table("tbl_data", [{"KPI": f"k{i}"} for i in range(count)])
    sheet = loaded(book.to_bytes())["Data"]
    assert [sheet.cell(row, 1).value for row in range(1, 7)] == [
        "KPI", *[f"k{i}" for i in range(count)], *[None] * (5 - count)
    ]  # fmt: skip
    assert sheet["C2"].value == "outside"


@pytest.mark.parametrize("empty", [b"<sheetData/>", b"<sheetData />", b"<sheetData></sheetData>"])
def test_a_sheet_without_any_row(empty: bytes) -> None:
    parts = parts_of(made_by_openpyxl())
    sheet = re.sub(rb"<sheetData>.*</sheetData>", empty, parts[RETURN_SHEET], flags=re.DOTALL)
    book = FileWorkbook.open(zipped({**parts, RETURN_SHEET: sheet}))
    book.write_table("tbl_data", [{"Actual": 1}])
    assert (
        b'<sheetData><row r="2"><c r="A2"/><c r="B2"><v>1</v></c></row></sheetData>'
        in parts_of(book.to_bytes())[RETURN_SHEET]
    )


def test_white_space_comments_and_odd_text_between_elements() -> None:
    data = rewrite(
        made_by_openpyxl(),
        RETURN_SHEET,
        (b"<sheetData>", b"<sheetData>\n  <!-- <row r='9'> -->"),
        (b"</row>", b"\n  </row>\n"),
        (b"</c>", b"</c >\n"),
    )
    book = FileWorkbook.open(data)
    book.write_table("tbl_data", [{"KPI": f"k{i}"} for i in range(4)])
    after = parts_of(book.to_bytes())[RETURN_SHEET]
    assert b"<sheetData>\n  <!-- <row r='9'> -->" in after
    assert [row["KPI"] for row in texts(book, "tbl_data")] == ["k0", "k1", "k2", "k3"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<row r="2"', b'<row r="3"'),
        (b'r="B2"', b'r="A2"'),
        (b'r="B2"', b'r="B3"'),
        (b'<row r="2"', b'<row r="x"'),
        (b"</sheetData>", b""),
        (b"<worksheet", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet"),
    ],
)
def test_a_damaged_sheet_is_an_error_with_advice(old: bytes, new: bytes) -> None:
    book = FileWorkbook.open(rewrite(made_by_openpyxl(), RETURN_SHEET, (old, new)))
    with pytest.raises(WorkbookError, match=r"sheet1\.xml: "):
        book.write_table("tbl_data", [])


@pytest.mark.parametrize("data", [b"", b"PK", b"\xd0\xcf\x11\xe0" * 200, b"a,b\n1,2\n"])
def test_what_is_no_workbook_is_an_error(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "odd.xlsx"
    path.write_bytes(data)
    with pytest.raises(WorkbookError, match=r"odd\.xlsx: is not an \.xlsx workbook"):
        FileWorkbook.open(path)


def test_a_workbook_with_a_missing_part_is_an_error() -> None:
    parts = parts_of(made_by_openpyxl())
    for part in (RETURN_SHEET, RETURN_TABLE, "xl/workbook.xml", "_rels/.rels"):
        with pytest.raises(WorkbookError):
            FileWorkbook.open(zipped({k: v for k, v in parts.items() if k != part})).table_names()


def test_dates_count_from_1904_where_the_workbook_does() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"date_1904": True}) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_datetime("A1", datetime(2026, 7, 31), book.add_format({"num_format": "d mmm yyyy"}))
        book.define_name("day", "=Data!$A$1")
    workbook = FileWorkbook.open(buffer.getvalue())
    assert workbook.read_name("day") == datetime(2026, 7, 31).date()
    workbook.write_name("day", datetime(2027, 1, 1, 8, 30))
    assert workbook.read_name("day") == datetime(2027, 1, 1, 8, 30)


def test_a_named_error_or_a_range_is_refused() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_formula("A1", "=1/0", None, "#DIV/0!")
        book.define_name("broken", "=Data!$A$1")
        book.define_name("wide", "=Data!$A$1:$B$1")
    workbook = FileWorkbook.open(buffer.getvalue())
    with pytest.raises(WorkbookError, match=r"sheet 'Data', cell A1 \(broken\): holds #DIV/0!"):
        workbook.read_name("broken")
    with pytest.raises(WorkbookError, match=r"'wide' means .* not one cell"):
        workbook.write_name("wide", 1)


def test_the_time_of_saving_can_be_set(rich: bytes) -> None:
    book = FileWorkbook.open(rich)
    book.set_saved(datetime(2026, 7, 31, 9, 30), "Ann & Bob")
    properties = loaded(book.to_bytes()).properties
    assert properties.modified == datetime(2026, 7, 31, 9, 30)
    assert properties.lastModifiedBy == "Ann & Bob"


# -- a real LibreOffice --


def convert(path: Path, to: str) -> Path:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("soffice is not on PATH")
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    folder = path.parent / "converted"
    command = [soffice, profile, "--headless", "--convert-to", to, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / path.with_suffix(f".{to}").name


@pytest.mark.libreoffice
def test_libreoffice_reads_what_was_written(edited: FileWorkbook, tmp_path: Path) -> None:
    edited.save(tmp_path / "edited.xlsx")
    with convert(tmp_path / "edited.xlsx", "csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[1] for row in rows[4:13]] == [row["KPI"] for row in ROWS]
    assert [row[5] for row in rows[4:13]] == [row["Comment"] for row in ROWS]
    assert rows[4][4] != ""  # the formula was calculated


@pytest.mark.libreoffice
def test_a_file_written_by_libreoffice(rich: bytes, tmp_path: Path) -> None:
    (tmp_path / "rich.xlsx").write_bytes(rich)
    book = FileWorkbook.open(convert(tmp_path / "rich.xlsx", "xlsx"))
    assert book.table_names() == ("tbl_return", "tbl_notes")
    book.fill({})  # of what a table declares LibreOffice keeps nothing: only a template says it, by its first row
    book.write_table("tbl_return", ROWS)
    first = book.read_table("tbl_return")
    assert [row["KPI"].raw for row in first.rows] == [row["KPI"] for row in ROWS]
    assert {row["Gap"].kind for row in first.rows} == {CellKind.UNCALCULATED}
    loaded(book.to_bytes())


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _with_calculation_chain(data: bytes) -> bytes:
    parts = parts_of(data)
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/calcChain.xml"] = b'<calcChain xmlns="' + main + b'"><c r="E5" i="1"/></calcChain>'
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>", b'<Override PartName="/xl/calcChain.xml" ContentType="' + kind + b'"/></Types>'
    )
    relation = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="' + relation + b'" Target="calcChain.xml"/></Relationships>',
    )
    return zipped(parts)
