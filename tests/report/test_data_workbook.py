"""The data workbook of an edition can be followed by a screen reader, and has what the board's page is made of."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.conftest import at
from tests.workbook.open_xml_sdk import faults, has_open_xml_sdk
from tests.workflow.test_lists import TRUST, V1, Book
from xlperf.assessment import Assessment
from xlperf.period import Period
from xlperf.report.data_workbook import NONE, data_workbook
from xlperf.workbook.plainbook import HEADER_ROW, plain_workbook

FIRST = Period.parse("2023-24-Q1")
GIVEN = {str(FIRST.next(step)): 92.0 + step % 3 for step in range(14)}
PRIVATE = "Told in confidence"


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    book = Book().series(V1, TRUST, GIVEN).decide("Enhanced", "2026-07-10", rationale=PRIVATE)
    return book.assessment("2026-27-Q2")


@pytest.fixture(scope="module")
def made(assessment: Assessment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "data.xlsx"
    path.write_bytes(plain_workbook(data_workbook(assessment), "Performance: data", at("2026-10-24")))
    return path


def test_each_sheet_has_a_title_and_one_table_with_one_row_of_headings_and_no_blank(made: Path) -> None:
    book = openpyxl.load_workbook(made)
    assert book.sheetnames[:2] == ["Cover", "Notes"]
    assert (book.properties.title, book.properties.language) == ("Performance: data", "en-GB")
    for sheet in book:
        assert sheet["A1"].style == "Heading 1"
        assert not sheet.merged_cells.ranges
        (table,) = sheet.tables.values()
        assert table.ref.startswith(f"A{HEADER_ROW}:")
        assert sheet.max_row == int(table.ref.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        for row in sheet.iter_rows(min_row=HEADER_ROW):
            assert all(cell.value not in (None, "") for cell in row)
            assert all(cell.fill.fill_type is None and not cell.font.i for cell in row)


def test_the_figures_are_numbers_and_dates_and_those_of_the_ledger(made: Path) -> None:
    sheet = openpyxl.load_workbook(made)["Figures over time"]
    head, *rows = sheet.iter_rows(min_row=HEADER_ROW, values_only=True)
    figures = [dict(zip(head, row, strict=True)) for row in rows]
    of_v1 = [row for row in figures if (row["Ref"], row["Org"]) == (V1, TRUST)]
    assert {row["Period"]: row["Actual"] for row in of_v1} == GIVEN
    assert of_v1[0]["Period ends"].date() == FIRST.last_day
    assert {row["Target value to"] for row in of_v1} == {NONE}


def test_nothing_of_the_teams_own_is_in_it(made: Path) -> None:
    texts = {str(cell) for sheet in openpyxl.load_workbook(made) for row in sheet.values for cell in row}
    assert not any(PRIVATE in text or ("?" in text.removesuffix("?") and "Enhanced" in text) for text in texts)
    assert not any(text.startswith("No decision") for text in texts)


def test_the_same_edition_gives_the_same_bytes(assessment: Assessment, made: Path) -> None:
    assert plain_workbook(data_workbook(assessment), "Performance: data", at("2026-10-24")) == made.read_bytes()


@pytest.mark.openxmlsdk
@has_open_xml_sdk
def test_the_open_xml_sdk_has_nothing_against_it(made: Path) -> None:
    assert faults(made) == [[]]
