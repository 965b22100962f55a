"""The board's PDF holds the dashboard, all of it and nothing else, whatever state the master was last saved in."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.views import BookView
from openpyxl.worksheet.filters import AutoFilter, FilterColumn, Filters
from openpyxl.worksheet.table import TableColumn

from tests.conftest import BY, Q1, Team, at, fill
from xlperf.documents.libreoffice import libreoffice
from xlperf.report import layout
from xlperf.report.sheets import dashboard
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.edition_files import Output, print_dashboard
from xlperf.workflow.cycle.publish import publish
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Run

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


def printed(root: Path) -> Printed:
    """Publish the master as it lies in `root`, and look into its PDF."""
    told: list[str] = []
    done = publish(Workspace(root), Q1, Run(at("2026-07-24"), BY, tell=told.append), outputs=[Output.SHEET])
    pdf = done.files[Output.SHEET]
    return Printed(_said("pdftotext", "-layout", pdf, "-"), _said("pdfinfo", pdf), pdf.read_bytes(), tuple(told))


def _said(program: str, *arguments: object) -> str:
    done = subprocess.run([program, *map(str, arguments)], check=True, capture_output=True, timeout=60)
    return done.stdout.decode()


@pytest.fixture(scope="module")
def plain(collated: Path, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """The PDF of a master as xlperf leaves it."""
    root = tmp_path_factory.mktemp("plain") / "workspace"
    shutil.copytree(collated, root)
    page = printed(root)
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


def custom_view_of_other_sheets(book: Workbook) -> None:
    """As Excel keeps the print areas of a custom view: by hidden names."""
    for sheet, area in (("Dashboard", "$A$60:$C$90"), ("Escalation", "$A$1:$S$90")):
        name = "Z_11111111_2222_3333_4444_555555555555_.wvu.PrintArea"
        book[sheet].defined_names[name] = DefinedName(name, hidden=True, attr_text=f"{sheet}!{area}")


def path_in_the_footer(book: Workbook) -> None:
    book["Dashboard"].oddHeader.right.text = "&Z"


Change = Callable[[Workbook], None]

MASTERS: dict[str, tuple[Change, ...]] = {
    "a sheet in front": (sheet_in_front, words_about_the_file, notes_are_printed, filter_left_on),
    "grouped": (sheets_grouped, notes_beside_and_below, custom_view_of_other_sheets),
    "own tab first": (own_tab_first, link_on_a_kpi, heading_repeated_from_elsewhere, names_that_print),
    "dashboard hidden": (dashboard_hidden, path_in_the_footer, print_area_gone),
    "hidden sheet in front": (hidden_sheet_in_front, several_windows, formulas_shown),
    "renamed and last, chart sheet in front": (dashboard_renamed_and_last, chart_sheet_in_front),
}
"""Masters, and what people did to each before they saved it; several things at once, as each print takes seconds."""


@pytest.fixture
def root(collated: Path, tmp_path: Path) -> Path:
    """A copy of the collated workspace, whose master a person opens."""
    shutil.copytree(collated, tmp_path / "workspace")
    return tmp_path / "workspace"


def save_master(root: Path, *changes: Change) -> None:
    """Play a person: change the master, and save it."""
    book = openpyxl.load_workbook(root / "master.xlsx")
    for change in changes:
        change(book)
    book.save(root / "master.xlsx")


def says_nothing_else(page: Printed) -> None:
    """Neither in its text, nor in what it says of itself, nor in links and notes."""
    assert PRIVATE not in page.text + page.about
    assert PRIVATE.encode() not in page.raw
    assert PRIVATE.encode("utf-16-be").hex() not in page.raw.decode("latin-1").casefold()
    assert not re.search(rb"/Annots|/EmbeddedFile", page.raw)


@pytest.mark.parametrize("state", MASTERS)
def test_the_page_is_the_same_whatever_state_the_master_was_saved_in(root: Path, plain: Printed, state: str) -> None:
    save_master(root, *MASTERS[state])

    page = printed(root)

    assert page.text == plain.text
    says_nothing_else(page)
    assert page.told == ()


def test_a_print_area_that_leaves_out_a_part_of_the_dashboard_is_not_followed_and_named(
    root: Path, plain: Printed
) -> None:
    save_master(root, print_area_of_a_few_rows)

    page = printed(root)

    assert page.text == plain.text
    says_nothing_else(page)
    (told,) = page.told
    assert "print area" in told
    assert "Dashboard" in told


@pytest.mark.parametrize("area", ["A1:Z70", "A1:N70", "A1:N43,R1:Z70"])
def test_what_stands_beside_the_dashboard_is_not_for_the_board_whatever_the_print_area(
    root: Path, plain: Printed, area: str
) -> None:
    def wider(book: Workbook) -> None:
        notes_beside_and_below(book)
        sheet = book["Dashboard"]
        last = int(re.findall(r"\d+$", sheet.tables[layout.DASHBOARD].ref)[0])
        sheet.print_area = area.replace("43", str(last))

    save_master(root, wider)

    page = printed(root)

    if area.startswith("A1:N"):  # else it takes in a column of the table that the page does not have
        assert page.text == plain.text
    says_nothing_else(page)
    (told,) = page.told
    assert "beyond its table" in told


def test_a_figure_in_a_narrow_column_is_printed_whole(root: Path) -> None:
    """Cut at its left edge, 51,933 would be 1,933."""

    def narrow(book: Workbook) -> None:
        for letter in "DEFI":
            book["Dashboard"].column_dimensions[letter].width = 4

    save_master(root, narrow)

    page = printed(root)

    rows = [row for row in Team(Workspace(root)).table(layout.DASHBOARD).rows if row[layout.KIND].raw == layout.KPI_ROW]
    assert rows
    for row in rows:
        lines = [line for line in page.text.splitlines() if line.split()[:1] == [row["Ref"].raw]]
        assert lines
        for figure in (row[header].raw for header in layout.FIGURES_ON_DASHBOARD):
            assert re.search(rf"(?<![\d,.]){re.escape(figure)}(?!\d)", page.text), figure


def test_what_is_worked_out_on_the_dashboard_from_other_sheets_is_printed_with_its_value(root: Path) -> None:
    def worked_out(book: Workbook) -> None:
        sheet = book["Dashboard"]
        table = sheet.tables[layout.DASHBOARD]
        last = int(re.findall(r"\d+$", table.ref)[0])
        table.tableColumns.append(TableColumn(id=17, name="From KPIs"))
        table.ref = table.ref.replace(":P", ":Q")
        sheet["Q5"] = "From KPIs"
        for row in range(6, last + 1):
            sheet[f"Q{row}"] = f'=IFERROR("is "&VLOOKUP(A{row},KPIs!A:K,2,FALSE),"")'
        sheet["O1"] = '="Stage "&stage_list_2'
        sheet.print_area = f"A1:Q{last}"
        book.defined_names["stage_list_2"] = DefinedName("stage_list_2", attr_text="xlperf!$K$2")
        book.calculation.calcMode = "manual"
        sheet_in_front(book)
        names_that_print(book)
        words_about_the_file(book)

    save_master(root, worked_out)

    page = printed(root)

    assert page.pages == 1
    stage = Team(Workspace(root)).sheet(layout.STAGES)[0]["Stage"]
    assert f"Stage {stage}" in page.text
    for row in Team(Workspace(root)).table(layout.DASHBOARD).rows:
        if row[layout.KIND].raw == layout.KPI_ROW:
            assert re.search(rf"^ *{row['Ref'].raw} .* is \w", page.text, re.MULTILINE)
    says_nothing_else(page)


# ---- the drawing of a series ---------------------------------------------------------------------------------------

BARS = "▁▂▃▄▅▆▇█"


def drawings() -> Iterator[str]:
    """Drawings of every length: the widest bar, a gap before the last, every height."""
    for length in range(1, dashboard.SPARK_PERIODS + 1):
        yield "█" * length
        yield ("·█" * length)[-length:]
        yield (BARS * 2)[length : 2 * length]


def narrow_as_made_by_0_1_0(book: Workbook) -> None:
    sheet = book["Dashboard"]
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.column_dimensions["J"].width = 13.28515625
    for row in sheet["J6:J60"]:
        row[0].alignment = Alignment(horizontal="left", vertical="center")


def narrowed_and_wrapped_by_a_person(book: Workbook) -> None:
    sheet = book["Dashboard"]
    sheet.column_dimensions["J"].width = 6
    for row in sheet["J6:J60"]:
        row[0].alignment = Alignment(horizontal="fill", wrap_text=True)
        row[0].font = Font(name="A font that is nowhere", size=14)


COLUMNS: dict[str, tuple[Change, str, bool]] = {
    "as made": (lambda book: None, "", True),
    "made by 0.1.0": (narrow_as_made_by_0_1_0, "", True),
    "made by 0.1.0, without DejaVu": (narrow_as_made_by_0_1_0, "Liberation Sans", True),
    "a person's": (narrowed_and_wrapped_by_a_person, "", False),
}
"""A dashboard's column, the one font of the machine ("" for all it has), and whether it can have the room it needs."""


@pytest.mark.parametrize("column", COLUMNS)
def test_every_bar_of_every_drawing_is_printed(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, column: str
) -> None:
    change, font, has_room = COLUMNS[column]
    if font:
        monkeypatch.setenv("FONTCONFIG_FILE", str(only_font(font, tmp_path)))
    save_master(root, change)
    book = Team(Workspace(root)).master
    drawn = {f"Z{number:02}": text for number, text in enumerate(drawings())}
    rows = [{"Ref": ref, layout.LAST_PERIODS: text, layout.KIND: layout.KPI_ROW} for ref, text in drawn.items()]
    book.write_table(layout.DASHBOARD, [{**row, "Indicator": "x", "Variation": "steady"} for row in rows])
    book.save(tmp_path / "book.xlsx")

    print_dashboard(tmp_path / "book.xlsx", tmp_path / "page.pdf", "Dashboard")

    text = _said("pdftotext", "-layout", tmp_path / "page.pdf", "-")
    lines = {line.split()[0]: line for line in text.splitlines() if line.strip()}
    assert {ref: "".join(re.findall(f"[{BARS}·]", lines[ref])) for ref in drawn} == drawn
    if has_room:  # then none is smaller than the others
        words = re.findall(
            rf'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">[{BARS}]+<',
            _said("pdftotext", "-bbox", tmp_path / "page.pdf", "-"),
        )
        assert len({round(float(bottom) - float(top), 1) for top, bottom in words}) == 1


def only_font(family: str, folder: Path) -> Path:
    """Settings of fontconfig by which a machine has one font."""
    found = _said("fc-list", family, "file") if shutil.which("fc-list") else ""
    if not found:
        pytest.skip(f"{family} is not installed")
    (folder / "fonts").mkdir()
    for line in found.splitlines():
        shutil.copy(line.strip().rstrip(":"), folder / "fonts")
    settings = f"<fontconfig><dir>{folder}/fonts</dir><cachedir>{folder}/font cache</cachedir></fontconfig>"
    (folder / "fonts.conf").write_text(f"<?xml version='1.0'?>{settings}")
    return folder / "fonts.conf"
