"""In each state that a master is saved in, the board's PDF holds the dashboard alone, and the master stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.external_link.external import ExternalBook, ExternalLink, ExternalSheetNames
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.pagebreak import Break

from tests.conftest import BY, Q1, at
from tests.workflow import test_printed
from tests.workflow.test_printed import PRIVATE, Printed, printed, save_master, says_nothing_else
from xlperf.workflow.cycle.publish import publish
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Run

pytestmark = [*test_printed.pytestmark, pytest.mark.long]
collated, plain, root = test_printed.collated, test_printed.plain, test_printed.root
"""Its fixtures."""


def dashboard_very_hidden(book: Workbook) -> None:
    book["Dashboard"].sheet_state = "veryHidden"
    book.active = book.sheetnames.index("Findings")


def only_a_persons_sheet_is_seen(book: Workbook) -> None:
    test_printed.own_tab_first(book)
    for sheet in book.worksheets[1:]:
        sheet.sheet_state = "hidden"


def huge_print_area(book: Workbook) -> None:
    sheet = book.create_sheet("Everything")
    for _ in range(400):
        sheet.append([PRIVATE] * 30)
    sheet.print_area = "A1:XFD1048576"
    sheet.print_title_cols = "A:C"
    book.active = book.sheetnames.index("Everything")


def every_sheet_has_a_print_area(book: Workbook) -> None:
    for sheet in book.worksheets:
        if sheet.title != "Dashboard":
            sheet.print_area = "A1:Z99"
            sheet.sheet_view.tabSelected = True


def pages_broken(book: Workbook) -> None:
    for row in (9, 14):
        book["Dashboard"].row_breaks.append(Break(id=row))
    book["Dashboard"].col_breaks.append(Break(id=6))


def panes_moved(book: Workbook) -> None:
    book["Dashboard"].freeze_panes = "F20"
    book["Dashboard"].sheet_view.topLeftCell = "R40"
    book["Escalation"].freeze_panes = None


def protected(book: Workbook) -> None:
    book["Escalation"].protection.sheet = True
    book.security = WorkbookProtection(lockStructure=True, lockWindows=True)


def rows_hidden_by_hand(book: Workbook) -> None:
    for row in (7, 9, 12):
        book["Dashboard"].row_dimensions[row].hidden = True


def rows_grouped_and_folded(book: Workbook) -> None:
    book["Dashboard"].row_dimensions.group(7, 12, outline_level=1, hidden=True)
    book["Escalation"].column_dimensions.group("A", "D", hidden=True)


def a_column_hidden(book: Workbook) -> None:
    book["Dashboard"].column_dimensions["M"].hidden = True


def zoomed(book: Workbook) -> None:
    for sheet in book.worksheets:
        sheet.sheet_view.zoomScale, sheet.sheet_view.view = 25, "pageLayout"


def addresses_as_r1c1(book: Workbook) -> None:
    book.calculation.refMode, book.calculation.calcMode = "R1C1", "manual"


def names_in_conflict(book: Workbook) -> None:
    for name in ("Print_Titles", "Print_Area", "dash_title", "dash_summary"):
        book["Escalation"].defined_names[name] = DefinedName(name, attr_text="Escalation!$A$1:$S$40")
    book.defined_names["Dashboard"] = DefinedName("Dashboard", attr_text="Escalation!$A$1:$S$40")


def linked_to_another_workbook(book: Workbook) -> None:
    from openpyxl.packaging.relationship import Relationship

    link = ExternalLink(externalBook=ExternalBook(sheetNames=ExternalSheetNames(sheetName=["Sheet1"])))
    link.file_link = Relationship(type="externalLinkPath", Target=f"file:///S:/{PRIVATE}.xlsx", TargetMode="External",
                                  Id="rId1")  # fmt: skip
    book._external_links.append(link)
    sheet = book.create_sheet("Linked", 0)
    sheet["A1"] = "=[1]Sheet1!A1"
    book.active = 0


def a_copy_of_the_dashboard_first(book: Workbook) -> None:
    sheet = book.copy_worksheet(book["Dashboard"])
    sheet.title = "Dashboard (2)"
    sheet["A1"] = PRIVATE
    sheet.print_area = "A1:N60"
    book.move_sheet(sheet, -len(book.sheetnames))
    book.active = 0


def turned_and_on_large_paper(book: Workbook) -> None:
    setup = book["Dashboard"].page_setup
    setup.orientation, setup.paperSize, setup.fitToHeight = "portrait", 8, 3
    book["Dashboard"].sheet_properties.pageSetUpPr.fitToPage = False
    setup.scale = 40


def of_printed(*names: str) -> dict[str, Callable[[Workbook], None]]:
    return {name.replace("_", " "): getattr(test_printed, name) for name in names}


SAME: dict[str, Callable[[Workbook], None]] = {
    **of_printed(
        "sheet_in_front", "sheets_grouped", "own_tab_first", "dashboard_hidden", "hidden_sheet_in_front",
        "several_windows", "chart_sheet_in_front", "dashboard_renamed_and_last", "notes_are_printed",
        "words_about_the_file", "notes_beside_and_below", "heading_repeated_from_elsewhere", "filter_left_on",
        "formulas_shown", "link_on_a_kpi", "names_that_print", "print_area_gone", "custom_view_of_other_sheets",
        "path_in_the_footer",
    ),
    **{each.__name__.replace("_", " "): each for each in (
        dashboard_very_hidden, only_a_persons_sheet_is_seen, huge_print_area, every_sheet_has_a_print_area, panes_moved,
        protected, zoomed, addresses_as_r1c1, names_in_conflict,
        linked_to_another_workbook, a_copy_of_the_dashboard_first,
    )},
}  # fmt: skip
"""States in which the page comes out as if nothing had been done."""
OTHERWISE = {each.__name__.replace("_", " "): each for each in (
    pages_broken, a_column_hidden, turned_and_on_large_paper,
)}  # fmt: skip
"""States in which a person has made another page of the same things."""


@pytest.mark.parametrize("state", [*SAME, *OTHERWISE])
def test_the_pdf_holds_what_was_asked_for_and_the_master_stays(root: Path, plain: Printed, state: str) -> None:
    save_master(root, {**SAME, **OTHERWISE}[state])
    saved = (root / "master.xlsx").read_bytes()

    page = printed(root)
    without = publish(Workspace(root), Q1, Run(at("2026-07-25"), BY))

    assert (root / "master.xlsx").read_bytes() == saved
    assert without.files == {}
    assert len(list(without.workbook.parent.glob("*.pdf"))) == 1
    says_nothing_else(page)
    if state in SAME:
        assert page.text == plain.text
    for ref in re.findall(r"^ *([A-Z]+\d+) ", plain.text, re.MULTILINE):
        assert re.search(rf"^ *{ref} ", page.text, re.MULTILINE)


@pytest.mark.parametrize(("change", "rows"), [(rows_hidden_by_hand, "7, 9, 12"), (rows_grouped_and_folded, "7, 8, 9")])
def test_rows_that_a_person_has_hidden_are_not_on_the_page_and_are_named(
    root: Path, change: Callable[[Workbook], None], rows: str
) -> None:
    save_master(root, change)

    page = printed(root)

    assert any(f"rows {rows}" in told and "hidden in the dashboard's sheet" in told for told in page.told)
    says_nothing_else(page)
