"""The board's PDF holds the dashboard, all of it and nothing else, whatever state the master was last saved in."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Alignment
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.views import BookView
from openpyxl.worksheet.filters import AutoFilter, FilterColumn, Filters

from tests.conftest import BY, Q1, Team, at, fill
from xlperf.report import layout
from xlperf.workbook.pdf import libreoffice
from xlperf.workbook.port import CellValue
from xlperf.workflow.publish import publish
from xlperf.workflow.workspace import Workspace

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(libreoffice() is None, reason="LibreOffice is not installed: nothing to print with"),
    pytest.mark.skipif(
        not (shutil.which("pdfinfo") and shutil.which("pdftotext")),
        reason="pdfinfo and pdftotext (poppler-utils) are not installed: no PDF can be looked into",
    ),
]

PRIVATE = "Zaleplon"
"""Stands wherever the board must not look."""


@dataclass(frozen=True)
class Printed:
    """What a PDF shows, and what it says of itself."""

    text: str
    about: str
    raw: bytes
    told: tuple[str, ...]

    @property
    def pages(self) -> int:
        return self.text.count("\f")


@pytest.fixture(scope="module")
def collated(tmp_path_factory: pytest.TempPathFactory, _issued_once: Path) -> Path:
    """A workspace whose master has private words in a decision."""
    root = tmp_path_factory.mktemp("printed") / "workspace"
    shutil.copytree(_issued_once, root)
    team = Team(Workspace(root))
    for issued in team.issued().values():
        fill(issued)
    team.collate()
    decided: dict[str, CellValue] = {"Decided stage": "Enhanced", "Decided by": "CE", "Decided on": date(2026, 7, 10)}
    master = team.master
    master.write_table("tbl_escalation", [{"Ref": "V1", "Org": "TRUST", **decided, "Rationale": PRIVATE}])
    master.save(team.workspace.master)
    team.collate(at("2026-07-11"))
    return root


def printed(root: Path, into: Path) -> Printed:
    """Publish the master as it lies in `root`, and look into its PDF."""
    told: list[str] = []
    done = publish(Workspace(root), Q1, now=at("2026-07-24"), by=BY, pdf=True, tell=told.append)
    assert done.pdf is not None
    return Printed(
        _said("pdftotext", "-layout", done.pdf, "-"), _said("pdfinfo", done.pdf), done.pdf.read_bytes(), tuple(told)
    )


def _said(program: str, *arguments: object) -> str:
    done = subprocess.run([program, *map(str, arguments)], check=True, capture_output=True, timeout=60)
    return done.stdout.decode()


@pytest.fixture(scope="module")
def plain(collated: Path, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """The PDF of a master as xlperf leaves it."""
    root = tmp_path_factory.mktemp("plain") / "workspace"
    shutil.copytree(collated, root)
    page = printed(root, root)
    assert page.pages == 1
    assert PRIVATE not in page.text
    rows = Team(Workspace(root)).table(layout.DASHBOARD).rows
    for row in rows:
        if row[layout.KIND].raw == layout.KPI_ROW:
            assert re.search(rf"^ *{row['Ref'].raw} +{re.escape(row['Indicator'].raw)}", page.text, re.MULTILINE)
    return page


# ---- states that a master can be saved in --------------------------------------------------------------------------


def sheet_in_front(book: Workbook) -> None:
    book.active = book.sheetnames.index("Escalation")


def sheets_grouped(book: Workbook) -> None:
    for sheet in book:
        sheet.sheet_view.tabSelected = True
    book.active = book.sheetnames.index("Data")


def own_tab_first(book: Workbook) -> None:
    sheet = book.create_sheet("Chair's 'own' Übersicht", 0)
    sheet["A1"] = PRIVATE
    sheet.print_area = "A1:C3"
    sheet.print_title_rows = "1:1"
    sheet.oddHeader.center.text = PRIVATE
    book.active = 0


def dashboard_hidden(book: Workbook) -> None:
    book["Dashboard"].sheet_state = "hidden"
    book["Glossary"].sheet_state = "hidden"
    book["xlperf"].sheet_state = "visible"
    book.active = book.sheetnames.index("xlperf")


def hidden_sheet_in_front(book: Workbook) -> None:
    sheet = book.create_sheet("DASHBOARD 2")
    sheet["A1"] = PRIVATE
    sheet.sheet_state = "veryHidden"
    sheet.print_area = "A1:B2"
    for name in ("Escalation", "Exceptions"):
        book[name].sheet_state = "hidden"
        book[name].print_area = "A1:W9"
    book.active = book.sheetnames.index("DASHBOARD 2")


def several_windows(book: Workbook) -> None:
    book.views = [BookView(activeTab=3), BookView(activeTab=2, firstSheet=2)]


def chart_sheet_in_front(book: Workbook) -> None:
    chart = BarChart()
    chart.title = PRIVATE
    chart.add_data(Reference(book["Data"], min_col=8, min_row=2, max_row=6))
    sheet = book.create_chartsheet("Chart", 0)
    sheet.add_chart(chart)
    book.active = 0


def dashboard_renamed_and_last(book: Workbook) -> None:
    sheet = book["Dashboard"]
    book.move_sheet(sheet, len(book.sheetnames))
    sheet.title = "Board's page (Übersicht)"
    for name in (layout.TITLE, layout.SUBTITLE, layout.SUMMARY):
        address = book.defined_names[name].attr_text.rpartition("!")[2]
        book.defined_names[name].attr_text = f"'Board''s page (Übersicht)'!{address}"
    book.active = 0


def notes_are_printed(book: Workbook) -> None:
    sheet = book["Dashboard"]
    sheet["B8"].comment = Comment(f"{PRIVATE} says", PRIVATE)
    sheet.page_setup.cellComments = "atEnd"
    book["Exceptions"].page_setup.cellComments = "asDisplayed"


def words_about_the_file(book: Workbook) -> None:
    about = book.properties
    about.creator = about.title = about.subject = about.keywords = about.description = PRIVATE
    about.lastModifiedBy = about.category = PRIVATE


def notes_beside_and_below(book: Workbook) -> None:
    sheet = book["Dashboard"]
    for address in ("R1", "R4", "R9", "B60", "Z3"):
        sheet[address] = f"{PRIVATE} " * 30
        sheet[address].alignment = Alignment(horizontal="right" if address != "Z3" else "center")
    sheet["S7"].hyperlink = f"https://example.org/{PRIVATE}"


def heading_repeated_from_elsewhere(book: Workbook) -> None:
    book["Dashboard"]["A80"] = PRIVATE
    book["Dashboard"].print_title_rows = "80:81"


def filter_left_on(book: Workbook) -> None:
    table = book["Dashboard"].tables[layout.DASHBOARD]
    table.autoFilter = AutoFilter(ref=table.ref)
    table.autoFilter.filterColumn.append(FilterColumn(colId=5, filters=Filters(filter=["Red"])))
    for row in range(7, 12):
        book["Dashboard"].row_dimensions[row].hidden = True


def formulas_shown(book: Workbook) -> None:
    view = book["Dashboard"].sheet_view
    view.showFormulas, view.view, view.zoomScale = True, "pageBreakPreview", 60


def link_on_a_kpi(book: Workbook) -> None:
    book["Dashboard"]["B8"].hyperlink = f"file:///S:/{PRIVATE}.xlsx"


def names_that_print(book: Workbook) -> None:
    book.defined_names["Print_Area"] = DefinedName("Print_Area", attr_text="Escalation!$A$1:$S$40")
    book["Escalation"].print_area = "A1:S40"
    book["Escalation"].print_title_rows = "1:2"


def print_area_gone(book: Workbook) -> None:
    notes_beside_and_below(book)
    book["Dashboard"].print_area = None


def print_area_of_a_few_rows(book: Workbook) -> None:
    notes_beside_and_below(book)
    book["Dashboard"].print_area = "A1:O8"


def print_area_of_notes_only(book: Workbook) -> None:
    notes_beside_and_below(book)
    book["Dashboard"].print_area = "R1:Z60"


Change = Callable[[Workbook], None]

MASTERS: dict[str, tuple[Change, ...]] = {
    "front": (sheet_in_front, words_about_the_file),
    "grouped": (sheets_grouped, notes_beside_and_below, notes_are_printed),
    "own tab first": (own_tab_first, link_on_a_kpi, heading_repeated_from_elsewhere),
    "dashboard hidden": (dashboard_hidden, filter_left_on),
    "hidden in front": (hidden_sheet_in_front, names_that_print),
    "windows": (several_windows, formulas_shown),
    "chart sheet": (chart_sheet_in_front,),
    "renamed and last": (dashboard_renamed_and_last,),
}
"""Masters, and what people did to each before they saved it."""

ODD_PRINT_AREAS: dict[str, Change] = {
    "gone": print_area_gone,
    "of a few rows": print_area_of_a_few_rows,
    "of notes only": print_area_of_notes_only,
}


@pytest.fixture
def root(collated: Path, tmp_path: Path) -> Path:
    """A copy of the collated workspace, whose master a person opens."""
    shutil.copytree(collated, tmp_path / "workspace")
    return tmp_path / "workspace"


def saved(root: Path, *changes: Change) -> Path:
    """Play a person: change the master, and save it."""
    book = openpyxl.load_workbook(root / "master.xlsx")
    for change in changes:
        change(book)
    book.save(root / "master.xlsx")
    return root / "master.xlsx"


def says_nothing_else(page: Printed) -> None:
    """Neither in its text, nor in what it says of itself, nor in links, notes or bookmarks."""
    assert PRIVATE not in page.text + page.about
    assert PRIVATE.encode() not in page.raw
    assert PRIVATE.encode("utf-16-be").hex() not in page.raw.decode("latin-1").casefold()
    assert not re.search(rb"/Annots|/EmbeddedFile", page.raw)
    assert page.raw.count(b"/Outlines") <= 1


@pytest.mark.parametrize("state", MASTERS)
def test_the_page_is_the_same_whatever_state_the_master_was_saved_in(root: Path, plain: Printed, state: str) -> None:
    saved(root, *MASTERS[state])

    page = printed(root, root)

    assert page.text == plain.text
    says_nothing_else(page)
    assert "Performance dashboard" in page.about


@pytest.mark.parametrize("state", ODD_PRINT_AREAS)
def test_without_a_print_area_that_covers_the_table_the_whole_table_is_printed(
    root: Path, plain: Printed, state: str
) -> None:
    saved(root, ODD_PRINT_AREAS[state])

    page = printed(root, root)

    assert page.text == plain.text
    says_nothing_else(page)
    assert bool(page.told) is (state != "gone")
