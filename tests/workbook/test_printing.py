"""The copy that is printed: what is in it, which cells are printed, and the room a column gets."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from xlperf.errors import TableNotFound
from xlperf.workbook.package import Package
from xlperf.workbook.printing import Page, PrintCopy, print_copy

PRIVATE = "Zaleplon"
NAME = "The 'page', 1"
QUOTED = "'The ''page'', 1'"
PAGE = Page("tbl_page", columns=("Ref", "Drawn", "Note"), names=("heading",), fitted={"Drawn": 0.77}, title="A & B")

Change = Callable[[Worksheet], object]


def workbook(change: Change = lambda sheet: None) -> Package:
    """A heading in B1 and a table in B3:E6, its last column hidden; before that sheet one with what is private."""
    book = Workbook()
    private = book.worksheets[0]
    private.title = "Private"
    for row in (["Secret"], [PRIVATE], [PRIVATE]):
        private.append(row)
    private.add_table(Table(displayName="tbl_private", ref="A1:A3"))
    private.print_area, private.print_title_rows = "A1:C9", "1:1"
    private.oddHeader.center.text = PRIVATE
    private["A2"].comment = Comment(PRIVATE, PRIVATE)
    sheet = book.create_sheet(NAME)
    sheet["B1"] = "Heading"
    for number, values in enumerate((["Ref", "Drawn", "Note", "Row"], *[["K", "█" * 12, "note", "kpi"]] * 3), 3):
        for letter, value in zip("BCDE", values, strict=True):
            sheet[f"{letter}{number}"] = value
    sheet.add_table(Table(displayName="tbl_page", ref="B3:E6"))
    sheet.column_dimensions["C"].width = 10
    sheet.column_dimensions["E"].hidden = True
    sheet.print_area = "B1:D6"
    book.defined_names["heading"] = DefinedName("heading", attr_text=f"{QUOTED}!$B$1")
    book.defined_names["private"] = DefinedName("private", attr_text="Private!$A$2")
    book.properties.creator = book.properties.keywords = PRIVATE
    change(sheet)
    saved = io.BytesIO()
    book.save(saved)
    return Package(saved.getvalue())


def opened(copy: PrintCopy) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(copy.package.to_bytes()))


def holding(package: Package, text: str) -> list[str]:
    return [part for part in package.part_names if text.encode() in package.part(part)]


def test_the_copy_holds_one_sheet_and_no_word_of_the_others() -> None:
    package = workbook()
    before = package.to_bytes()

    copy = print_copy(package, PAGE)

    assert opened(copy).sheetnames == [NAME]
    assert holding(copy.package, PRIVATE) == []
    assert package.to_bytes() == before


def test_the_copy_says_its_title_and_nothing_else_of_itself() -> None:
    about = opened(print_copy(workbook(), PAGE)).properties
    assert (about.title, about.keywords) == ("A & B", None)
    assert about.creator in (None, "openpyxl")


def test_notes_links_filters_and_views_of_the_sheet_stay_behind() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["B4"].comment = Comment(PRIVATE, PRIVATE)
        sheet["B5"].hyperlink = f"https://example.org/{PRIVATE}"
        sheet.page_setup.cellComments = "atEnd"
        sheet.oddFooter.left.text = "&Z&F &&Z"
        sheet.sheet_view.showFormulas = True
        sheet.tables["tbl_page"].autoFilter = AutoFilter(ref="B3:E6")
        sheet.freeze_panes = "C4"

    copy = print_copy(workbook(change), PAGE)

    (sheet,) = opened(copy).worksheets
    assert sheet["B4"].comment is None
    assert sheet["B5"].hyperlink is None
    assert sheet.page_setup.cellComments is None
    assert sheet.oddFooter.left.text == "&F &&Z"
    assert not sheet.sheet_view.showFormulas
    assert sheet.tables["tbl_page"].autoFilter is None
    assert [part for part in holding(copy.package, PRIVATE) if "vmlDrawing" not in part] == []


def test_the_view_keeps_what_matters_on_paper() -> None:
    def change(sheet: Worksheet) -> None:
        sheet.sheet_view.showZeros = False
        sheet.sheet_view.rightToLeft = True

    (sheet,) = opened(print_copy(workbook(change), PAGE)).worksheets

    assert (sheet.sheet_view.showZeros, sheet.sheet_view.rightToLeft, sheet.sheet_view.tabSelected) == (
        False,
        True,
        True,
    )


def test_a_sheet_that_is_only_looked_at_may_name_its_folder_in_a_footer() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["B2"] = "=Private!A2"
        sheet.parent["Private"].oddFooter.left.text = "&Z&F"

    assert opened(print_copy(workbook(change), PAGE))["Private"].oddFooter.left.text is None


def test_a_custom_view_stays_behind() -> None:
    package = workbook()
    guid = "{11111111-2222-3333-4444-555555555555}"
    part = package.sheets[1].part
    footer = f"<headerFooter><oddFooter>&amp;Z{PRIVATE}</oddFooter></headerFooter>"
    view = f'<customSheetViews><customSheetView guid="{guid}">{footer}</customSheetView></customSheetViews>'
    package.set_part(part, package.part(part).replace(b"<pageMargins", view.encode() + b"<pageMargins"))
    views = f'<customWorkbookViews><customWorkbookView name="{PRIVATE}" guid="{guid}"/></customWorkbookViews>'
    book = package.part(package.workbook_part)
    package.set_part(package.workbook_part, book.replace(b"</workbook>", views.encode() + b"</workbook>"))

    assert holding(print_copy(package, PAGE).package, PRIVATE) == []


# ---- what is printed -----------------------------------------------------------------------------------------------

WHOLE = f"{QUOTED}!$B$1:$D$6"
AREAS = {
    "no print area": ("", WHOLE),
    "the table alone": (f"{QUOTED}!$B$3:$D$6", f"{QUOTED}!$B$3:$D$6"),
    "more than the table": (f"{QUOTED}!$A$1:$H$60", f"{QUOTED}!$B$1:$E$6"),
    "whole columns": (f"{QUOTED}!$B:$D", WHOLE),
    "whole rows, in other case": (f"{QUOTED.upper()}!$1:$6", f"{QUOTED}!$B$1:$E$6"),
    "two areas that cover it": (f"{QUOTED}!$B$1:$D$4,{QUOTED}!$A$5:$H$9", f"{QUOTED}!$B$1:$D$4,{QUOTED}!$B$5:$E$6"),
    "an area of its own beside it": (f"{QUOTED}!$B$1:$D$6,{QUOTED}!$R$1:$Z$70", WHOLE),
    "rows left out": (f"{QUOTED}!$B$1:$D$5", WHOLE),
    "a gap between two areas": (f"{QUOTED}!$B$1:$D$4,{QUOTED}!$B$6:$D$9", WHOLE),
    "a column left out": (f"{QUOTED}!$B$1:$C$6", WHOLE),
    "another sheet": ("Private!$A$1:$H$60", WHOLE),
    "another sheet as well": (f"{QUOTED}!$B$1:$D$6,Private!$A$1:$H$60", WHOLE),
    "a reference that has gone": ("#REF!", WHOLE),
    "worked out": (f"OFFSET({QUOTED}!$A$1,0,0,9,9)", WHOLE),
}


COVERED = ("whole columns", "an area of its own beside it")
"""Those that cover the table, and of which just the whole is printed."""


@pytest.mark.parametrize("case", AREAS)
def test_the_print_area_is_followed_where_it_covers_the_table_and_never_beyond(case: str) -> None:
    asked, printed = AREAS[case]
    package = workbook()
    data = package.part(package.workbook_part).decode()
    old = re.search(r'(?<=<definedName name="_xlnm.Print_Area" localSheetId="1")[^<]*', data)
    assert old is not None
    new = f">{asked}" if asked else ">#REF!"
    package.set_part(package.workbook_part, data.replace(old[0], new).encode())

    copy = print_copy(package, PAGE)

    (name,) = [n for n in copy.package.defined_names if n.name == "_xlnm.Print_Area"]
    assert (name.text, name.sheet_index) == (printed, 0)
    covers = case in ("the table alone", *(each for each in AREAS if AREAS[each][1] != WHOLE), *COVERED)
    assert bool(copy.area_replaced) is not covers
    assert copy.area_cut == ""  # nothing stands beyond


def test_rows_repeated_on_every_page_are_never_from_beside_it() -> None:
    copy = print_copy(workbook(lambda sheet: setattr(sheet, "print_title_rows", "80:81")), PAGE)
    titles = [n.text for n in copy.package.defined_names if n.name == "_xlnm.Print_Titles"]
    assert titles == [f"{QUOTED}!$3:$3"]


def test_a_text_beside_the_page_does_not_run_into_it() -> None:
    def change(sheet: Worksheet) -> None:
        for address, place in (("A2", "general"), ("F2", "right"), ("H4", "centerContinuous"), ("A5", "center")):
            sheet[address] = "note " * 50
            sheet[address].alignment = Alignment(horizontal=place, textRotation=45)

    (sheet,) = opened(print_copy(workbook(change), PAGE)).worksheets

    assert [sheet[address].alignment.horizontal for address in ("A2", "A5", "F2", "H4")] == ["right"] * 2 + ["left"] * 2
    assert sheet["H4"].alignment.textRotation == 0


def test_a_table_that_is_not_there_is_named() -> None:
    with pytest.raises(TableNotFound, match="tbl_gone"):
        print_copy(workbook(), Page("tbl_gone", columns=()))


# ---- what looks at other sheets ------------------------------------------------------------------------------------


def chart(sheet: Worksheet) -> None:
    drawn = BarChart()
    drawn.add_data(Reference(sheet.parent["Private"], min_col=1, min_row=1, max_row=3))
    sheet.add_chart(drawn, "B2")


def condition(sheet: Worksheet) -> None:
    rule = openpyxl.formatting.rule.FormulaRule(formula=['private<>""'], font=Font(bold=True))
    sheet.conditional_formatting.add("B4:B6", rule)


LOOKING: dict[str, Change] = {
    "a formula": lambda sheet: sheet.__setitem__("B2", "=Private!A2"),
    "an array formula": lambda sheet: sheet.__setitem__("B2", ArrayFormula("B2", "=Private!A2")),
    "a condition, by name": condition,
    "a chart": chart,
}


@pytest.mark.parametrize("what", LOOKING)
def test_what_the_page_looks_at_is_in_the_copy_as_cells_that_cannot_be_printed(what: str) -> None:
    copy = print_copy(workbook(LOOKING[what]), PAGE)

    book = opened(copy)
    private = book["Private"]
    assert private["A2"].value == PRIVATE
    assert private.sheet_state == "veryHidden"
    assert private["A2"].comment is None
    assert not private.print_area
    assert not private.print_title_rows
    assert private.oddHeader.center.text is None
    assert book.active.title == NAME
    assert "private" in book.defined_names
    assert book[NAME].print_area == WHOLE
    assert [sheet.sheet_state for sheet in book] == ["veryHidden", "visible"]


# ---- a column whose texts are printed whole ------------------------------------------------------------------------


def layout_of(package: Package) -> tuple[float, float]:
    """The width of the column that draws, and of both side margins, in points."""
    (sheet,) = opened(print_copy(package, PAGE)).worksheets
    assert sheet["C4"].alignment.shrinkToFit
    return sheet.column_dimensions["C"].width * 5.25, (sheet.page_margins.left + sheet.page_margins.right) * 72


def test_a_column_gets_the_room_that_it_needs_from_the_side_margins() -> None:
    width, margins = layout_of(workbook())
    assert width > 12 * 0.77 * 11
    assert width - 10 * 5.25 == pytest.approx(2 * 0.75 * 72 - margins, abs=0.1)


def test_a_column_with_room_enough_stays_as_it_is() -> None:
    package = workbook(lambda sheet: setattr(sheet.column_dimensions["C"], "width", 40))
    assert layout_of(package) == pytest.approx((40 * 5.25, 2 * 0.75 * 72))


def test_margins_keep_what_a_printer_needs() -> None:
    def change(sheet: Worksheet) -> None:
        sheet.page_margins.left, sheet.page_margins.right = 0.3, 0.22

    width, margins = layout_of(workbook(change))
    assert margins == pytest.approx(0.48 * 72, abs=0.1)
    assert width == pytest.approx(10 * 5.25 + 0.04 * 72, abs=0.1)


def test_columns_that_share_a_width_keep_it() -> None:
    package = workbook()
    part = package.sheets[1].part
    data = re.sub(
        rb"<cols>.*</cols>", b'<cols><col min="2" max="5" width="9" customWidth="1"/></cols>', package.part(part)
    )
    package.set_part(part, data)

    copy = print_copy(package, PAGE)

    cols = re.findall(r'<col min="(\d)" max="(\d)"[^>]* width="([\d.]+)"', copy.package.part(part).decode())
    assert [(first, last) for first, last, _ in cols] == [("2", "2"), ("3", "3"), ("4", "5")]
    assert [float(width) > 9 for *_, width in cols] == [False, True, False]


def test_a_look_that_forbids_shrinking_gives_way_and_the_rest_of_it_stays() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["C4"].alignment = Alignment(horizontal="fill", vertical="top", wrap_text=True, textRotation=90, indent=2)
        sheet["C4"].font = Font(bold=True, size=14)
        sheet["C5"].alignment = Alignment(horizontal="right")

    (sheet,) = opened(print_copy(workbook(change), PAGE)).worksheets

    first, second = sheet["C4"], sheet["C5"]
    assert first.alignment.shrinkToFit
    assert not first.alignment.wrapText
    assert (first.alignment.vertical, first.alignment.textRotation, first.font.size) == ("top", 0, 14)
    assert first.font.bold
    assert (second.alignment.shrinkToFit, second.alignment.horizontal) == (True, "right")
