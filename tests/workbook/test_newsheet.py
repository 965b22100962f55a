"""A sheet taken from another workbook is what it was there, and nothing else in the workbook changes."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table as OpenpyxlTable

from tests.workbook.open_xml_sdk import faults_added, has_open_xml_sdk
from xlperf.errors import WorkbookError
from xlperf.workbook.file import FileWorkbook

NAME = "Promises"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A workbook whose middle sheet has everything that a sheet of ours may have."""
    path = tmp_path / "template.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("Before").write("A1", "a text of its own")
    sheet = book.add_worksheet(NAME)
    head = book.add_format({"bold": True, "bg_color": "#003087", "font_color": "#FFFFFF"})
    day = book.add_format({"num_format": "dd mmm yyyy", "border": 1})
    odd = book.add_format({"num_format": "0.0\\x", "italic": True, "indent": 1})
    red = book.add_format({"bg_color": "#E8A29A"})
    sheet.write("A1", "{{ organisation }}: promises", head)
    sheet.write_rich_string("A2", "it was ", book.add_format({"bold": True}), "said", " by whom")
    columns = [
        {"header": "Action"},
        {"header": "Due", "format": day},
        {"header": "Times moved", "format": odd},
        {"header": "Twice", "formula": "=[@[Times moved]]*2"},
    ]
    sheet.add_table("A4:D6", {"name": "tbl_promises", "columns": columns, "style": "Table Style Medium 4"})
    sheet.write("A5", "sample")
    sheet.conditional_format("C5:C100", {"type": "cell", "criteria": ">", "value": 2, "format": red})
    sheet.conditional_format("A5:A100", {"type": "formula", "criteria": "=$B5<TODAY()", "format": red})
    sheet.data_validation("A5:A100", {"validate": "list", "source": "=kinds"})
    sheet.write_comment("A5", "what was promised")
    sheet.write_url("F1", "https://example.org/promises", string="framework")
    sheet.insert_image("H1", "pixel.png", {"image_data": io.BytesIO(PIXEL)})
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": f"={NAME}!$C$5:$C$6", "categories": f"={NAME}!$A$5:$A$6"})
    sheet.insert_chart("F4", chart)
    sheet.set_column("A:A", 44, day)
    sheet.set_row(0, 30)
    sheet.autofilter("F20:G22")  # Excel keeps where it is in a hidden name
    sheet.repeat_rows(3)
    sheet.print_area("A1:D6")
    sheet.set_landscape()
    sheet.set_footer("&L{{ classification }}")
    sheet.freeze_panes(4, 1)
    book.define_name("kinds", f"={NAME}!$K$1:$K$3")
    sheet.activate()
    book.add_worksheet("After")
    book.close()
    return path


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """Somebody's workbook of another make, with styles, a table and names of its own."""
    path = tmp_path / "theirs.xlsx"
    book = openpyxl.Workbook()
    first, last = book.active, book.create_sheet("Last")
    assert first is not None
    first.title = "First"
    first["A1"], first["B1"], first["A2"] = "Key", "Value", "x"
    first["B2"].fill, first["B2"].font = PatternFill("solid", fgColor="FF00FF00"), Font(name="Courier New", size=17)
    first["B2"].number_format = '0.00" each"'
    first["B2"].comment = Comment("a note", "Ann")
    first.add_table(OpenpyxlTable(displayName="tbl_first", ref="A1:B2"))
    last["A1"] = "=First!B2"
    last.print_title_rows = "1:1"
    book.defined_names["mine"] = DefinedName("mine", attr_text="Last!$A$1")
    book.active = 1
    book.save(path)
    return path


def taken(theirs: Path, template: Path, after: str | None = "First") -> Path:
    source = FileWorkbook.open(template)
    source.fill({"organisation": "Trust", "classification": "Official"})
    book = FileWorkbook.open(theirs)
    book.add_sheet(source.to_bytes(), NAME, after)
    grown = theirs.with_name("grown.xlsx")
    book.save(grown)
    return grown


def look(cell: Any) -> tuple[Any, ...]:
    font, fill, border = cell.font, cell.fill, cell.border
    return (
        font.name, font.sz, font.b, font.i, font.color and font.color.rgb, fill.fgColor.rgb, border.left.style,
        cell.number_format, cell.alignment.indent,
    )  # fmt: skip


def test_every_cell_says_and_looks_what_it_did(theirs: Path, template: Path) -> None:
    new, old = (openpyxl.load_workbook(path, rich_text=True)[NAME] for path in (taken(theirs, template), template))
    for row in old.iter_rows(1, 8, 1, 8):
        for cell in row:
            there = new[cell.coordinate]
            assert look(there) == look(cell), cell.coordinate
            if cell.coordinate != "A1":
                assert str(there.value) == str(cell.value), cell.coordinate
    assert new["A1"].value == "Trust: promises"
    assert (new.column_dimensions["A"].width, new.row_dimensions[1].height) == (
        old.column_dimensions["A"].width,
        old.row_dimensions[1].height,
    )
    assert look(new["A50"]) == look(old["A50"])  # by its column's style


def test_rules_lists_notes_links_pictures_and_print_setup_come_with_it(theirs: Path, template: Path) -> None:
    grown = taken(theirs, template)
    new, old = (openpyxl.load_workbook(path)[NAME] for path in (grown, template))

    def rules(sheet: Any) -> list[tuple[str, Any, Any]]:
        return [
            (str(area.sqref), rule.formula, rule.dxf.fill.bgColor.rgb)
            for area in sheet.conditional_formatting
            for rule in area.rules
        ]

    assert rules(new) == rules(old)
    assert len(rules(new)) == 2
    assert [(str(each.sqref), each.formula1) for each in new.data_validations.dataValidation] == [("A5:A100", "kinds")]
    assert new["A5"].comment.text == "what was promised"
    assert new["F1"].hyperlink.target == "https://example.org/promises"
    assert len(new._charts) == 1
    assert zipfile.ZipFile(grown).read("xl/media/image1.png") == PIXEL
    assert b"image1.png" in zipfile.ZipFile(grown).read("xl/drawings/_rels/drawing1.xml.rels")
    assert (new.print_title_rows, new.print_area) == ("$4:$4", "'Promises'!$A$1:$D$6")
    assert new.page_setup.orientation == "landscape"
    assert new.oddFooter.left.text == "Official"
    assert new.freeze_panes == "B5"
    assert re.findall(
        r"<definedName[^>]*_FilterDatabase[^>]*>", zipfile.ZipFile(grown).read("xl/workbook.xml").decode()
    ) == ['<definedName name="_xlnm._FilterDatabase" localSheetId="1" hidden="1">']


def test_what_was_there_stays_byte_for_byte(theirs: Path, template: Path) -> None:
    grown = taken(theirs, template)
    before, after = (zipfile.ZipFile(path) for path in (theirs, grown))
    touched = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    for name in set(before.namelist()) - touched:
        assert after.read(name) == before.read(name), name
    book = openpyxl.load_workbook(grown)
    assert look(book["First"]["B2"]) == look(openpyxl.load_workbook(theirs)["First"]["B2"])


@pytest.mark.parametrize(
    ("after", "order", "front"),
    [
        (None, [NAME, "First", "Last"], "Last"),
        ("First", ["First", NAME, "Last"], "Last"),
        ("Last", ["First", "Last", NAME], "Last"),
    ],
)
def test_it_stands_where_it_belongs_and_what_tells_sheets_by_their_number_means_the_same(
    after: str | None, order: list[str], front: str, theirs: Path, template: Path
) -> None:
    book = openpyxl.load_workbook(taken(theirs, template, after))
    assert book.sheetnames == order
    assert book.active is not None
    assert book.active.title == front
    assert book["Last"].print_title_rows == "$1:$1"
    assert book["First"].print_title_rows is None
    assert book.defined_names["mine"].attr_text == "Last!$A$1"
    assert book.defined_names["kinds"].attr_text == f"{NAME}!$K$1:$K$3"
    assert not book[NAME].sheet_view.tabSelected


def test_its_table_is_written_like_one_of_a_template(theirs: Path, template: Path) -> None:
    book = FileWorkbook.open(taken(theirs, template))
    source = FileWorkbook.open(template)
    source.fill({"organisation": "Trust", "classification": "Official"})
    book = FileWorkbook.open(theirs)
    book.add_sheet(source.to_bytes(), NAME, None)
    book.write_table("tbl_promises", [{"Action": f"Promise {number}", "Times moved": number} for number in range(7)])
    table = FileWorkbook.open(book.to_bytes()).read_table("tbl_promises")
    assert [row["Action"].raw for row in table.rows] == [f"Promise {number}" for number in range(7)]
    assert all(row["Twice"].is_formula for row in table.rows)
    names = [each.name for each in FileWorkbook.open(book.to_bytes()).package.tables.values()]
    assert names == ["tbl_promises", "tbl_first"]


def test_taking_it_twice_or_over_what_somebody_has_is_refused_and_changes_nothing(theirs: Path, template: Path) -> None:
    data = template.read_bytes()
    for spoilt, said in (
        (lambda book: book.create_sheet("PROMISES"), "has a sheet 'PROMISES' of your own"),
        (
            lambda book: book.defined_names.add(DefinedName("Kinds", attr_text="First!$A$1")),
            "has a name 'Kinds' of your own",
        ),
        (
            lambda book: setattr(book["First"].tables["tbl_first"], "displayName", "TBL_Promises"),
            "has a table 'TBL_Promises' of your own",
        ),
    ):
        workbook = openpyxl.load_workbook(theirs)
        spoilt(workbook)
        workbook.save(theirs.with_name("spoilt.xlsx"))
        book = FileWorkbook.open(theirs.with_name("spoilt.xlsx"))
        before = book.to_bytes()
        with pytest.raises(WorkbookError, match=re.escape(said)):
            book.add_sheet(data, NAME, "First")
        assert book.to_bytes() == before


def test_a_sheet_that_points_at_one_that_is_not_there_is_refused(theirs: Path, tmp_path: Path) -> None:
    path = tmp_path / "pointing.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("Last one")
    book.add_worksheet(NAME).write_formula("A1", "=SUM('Last one'!A1:A3)")
    book.close()
    with pytest.raises(WorkbookError, match="points at a sheet 'Last one', which it does not have; give that sheet"):
        FileWorkbook.open(theirs).add_sheet(path.read_bytes(), NAME, None)


def test_a_sheet_with_a_pivot_table_is_refused_by_name(theirs: Path, template: Path) -> None:
    """A template that somebody has put one into: what it stands on belongs to the whole workbook."""
    parts = {name: zipfile.ZipFile(template).read(name) for name in zipfile.ZipFile(template).namelist()}
    rels = "xl/worksheets/_rels/sheet2.xml.rels"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/pivotTable"
    parts[rels] = parts[rels].replace(
        b"</Relationships>",
        f'<Relationship Id="rId99" Type="{kind}" Target="../theme/theme1.xml"/></Relationships>'.encode(),
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    with pytest.raises(WorkbookError, match=r"cannot be taken to another workbook \(pivotTable\); take it out"):
        FileWorkbook.open(theirs).add_sheet(data.getvalue(), NAME, None)


@pytest.mark.openxmlsdk
@has_open_xml_sdk
def test_the_open_xml_sdk_finds_nothing_wrong_with_it(theirs: Path, template: Path) -> None:
    assert faults_added(theirs, taken(theirs, template)) == []
