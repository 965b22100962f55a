"""The cover of the master: what it says, that its links lead to the sheets, and where an old master gets it."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Team, at
from tests.workflow.test_chart import master_of
from tests.workflow.test_lists import TRUST, V1, Book, figure
from xlperf.assessment import Assessment
from xlperf.report import layout
from xlperf.report.views import SHEETS
from xlperf.workbook.file import FileWorkbook
from xlperf.workflow.master.refresh import MasterContent, show
from xlperf.workflow.workspace import Workspace, shipped

RELEASED = Path(__file__).parent.parent / "released" / "0.1.0"


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    return Book().figures(figure(V1, TRUST, "2026-27-Q2", 90.0)).assessment("2026-27-Q2")


def cover(book: FileWorkbook) -> dict[str, str]:
    return {row["What"].raw: row["Which"].raw for row in book.read_table(layout.CONTENTS).rows}


def opened(book: FileWorkbook) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(book.to_bytes()))


def test_a_new_master_opens_at_its_cover_which_says_what_it_is(assessment: Assessment) -> None:
    book = master_of(assessment)
    catalogue = assessment.catalogue
    said = cover(book)
    assert said["Organisation"] == catalogue.organisation
    assert catalogue.board in said["For"]
    assert said["Period"] == assessment.period.label
    assert catalogue.version in said["Catalogue"]
    assert catalogue.contact.email in said["Questions to"]
    workbook = opened(book)
    assert workbook.sheetnames[0] == workbook.active.title == "Contents"
    assert assessment.period.label in workbook["Contents"]["A1"].value


def test_every_sheet_that_people_see_is_on_it_with_a_line_and_a_link(assessment: Assessment) -> None:
    book = master_of(assessment)
    workbook = opened(book)
    seen = [sheet.title for sheet in workbook if sheet.sheet_state == "visible" and sheet.title != "Contents"]
    said = cover(book)
    assert [what for what in said if what in seen] == seen
    assert all(said[sheet].endswith(".") and len(said[sheet]) < 120 for sheet in seen)
    assert all(sheet.shows for sheet in SHEETS if sheet.name in seen)
    rows = workbook["Contents"].iter_rows(min_row=5)
    links = {row[0].value: row[3].value for row in rows if row[2].value == layout.SHEET_ROW}
    assert list(links) == seen
    assert all(re.match(r"=IF\(.*HYPERLINK\(", formula) for formula in links.values())


def test_a_sheet_that_people_renamed_stands_on_it_by_the_name_it_has(assessment: Assessment) -> None:
    workbook = opened(master_of(assessment))
    workbook["Returns"].title = "Who's in"
    saved = io.BytesIO()
    workbook.save(saved)
    book = FileWorkbook.open(saved.getvalue())
    show(book, MasterContent(assessment, []), [])
    assert "Who's in" in cover(book)
    assert "Returns" not in cover(book)


def test_an_old_master_gets_it_behind_its_dashboard_and_opens_where_it_did(tmp_path: Path) -> None:
    shutil.copytree(RELEASED, tmp_path / "workspace")
    team = Team(Workspace(tmp_path / "workspace"))
    before = openpyxl.load_workbook(team.workspace.master)
    team.collate(at("2026-10-26"))
    after = openpyxl.load_workbook(team.workspace.master)
    assert after.sheetnames[0] == before.sheetnames[0]
    assert after.active.title == before.active.title
    assert after.sheetnames.index("Contents") == after.sheetnames.index("Dashboard") + 1


def test_the_titles_and_language_of_what_xlperf_makes_are_set(assessment: Assessment) -> None:
    about = opened(master_of(assessment)).properties
    assert about.title == f"{assessment.catalogue.title} · {assessment.catalogue.organisation}"
    assert about.language == "en-GB"
    for name in ("master.xlsx", "return.xlsx"):
        assert openpyxl.load_workbook(shipped("workbook_templates") / name).properties.language == "en-GB"


def test_a_title_that_a_person_gave_stays_and_ours_follows_the_catalogue(assessment: Assessment) -> None:
    book = master_of(assessment)
    book.set_title("Another")
    assert opened(book).properties.title == "Another"
    workbook = opened(book)
    workbook.properties.title, workbook.properties.language = "Ann's", "cy-GB"
    saved = io.BytesIO()
    workbook.save(saved)
    theirs = FileWorkbook.open(saved.getvalue())
    show(theirs, MasterContent(assessment, []), [])
    about = opened(theirs).properties
    assert (about.title, about.language) == ("Ann's", "cy-GB")
