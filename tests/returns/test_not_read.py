"""What an owner types where nothing is read is never dropped in silence: each has its finding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Team, filled
from tests.returns.test_reading import (
    ALPHA,
    C1,
    L1,
    SHEET,
    V1,
    about,
    add_row,
    area_of,
    codes,
    edited,
    figure,
    header_columns,
    header_row,
    read,
    restating,
    row_of,
)
from xlperf.catalogue import Catalogue
from xlperf.findings import Severity
from xlperf.returns import layout
from xlperf.returns.matching import MOST_LISTED


@pytest.fixture(scope="session")
def green(issued_alpha: Path) -> bytes:
    return filled(issued_alpha)


def add_column(sheet: Any, header: str, values: dict[Any, Any]) -> None:
    """Add a column at the right of the table, as Excel does when somebody types beside it."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import TableColumn

    table, (left, top, right, bottom) = sheet.tables[layout.TABLE], area_of(sheet)
    sheet.cell(top, right + 1).value = header
    for key, value in values.items():
        sheet.cell(row_of(sheet, key), right + 1).value = value
    table.tableColumns.append(TableColumn(id=len(table.tableColumns) + 1, name=header))
    table.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right + 1)}{bottom}"
    if table.autoFilter is not None:
        table.autoFilter.ref = table.ref


def test_a_column_that_was_added_is_said_once_with_how_much_stands_in_it(green: bytes, catalogue: Catalogue) -> None:
    reading = read(edited(green, lambda s: add_column(s, "Notes", {V1: "see mail", C1: "late data"})), catalogue)
    (found,) = reading.findings
    assert (found.code, found.severity, found.location.sheet) == ("R036", Severity.WARNING, SHEET)
    assert found.message == "'Notes' is not read; it has 2 filled cells."
    assert (reading.cells.flagged, reading.cells.refused) == (2, 0)
    assert {f.key for f in reading.figures} == set(ALPHA)


def test_an_added_column_with_nothing_in_it_is_no_matter(green: bytes, catalogue: Catalogue) -> None:
    assert read(edited(green, lambda s: add_column(s, "Notes", {})), catalogue).findings == ()


def test_a_reason_without_a_restated_figure_is_asked_about(issued_alpha: Path, catalogue: Catalogue) -> None:
    reading = read(filled(issued_alpha, {V1: {"Reason for restatement": "Late records"}}), catalogue)
    (found,) = reading.findings
    assert (found.code, found.found) == ("R038", "Late records")
    assert figure(reading, V1).reason_restated == ""


def test_a_restatement_that_cannot_be_read_says_that_its_reason_is_not_kept(
    issued_alpha: Path, catalogue: Catalogue
) -> None:
    (found,) = about(read(filled(issued_alpha, restating(V1, "eighty")), catalogue), V1)
    assert "The reason for it is not kept either." in found.message


def test_answers_beside_a_figure_that_was_not_given_are_named(issued_alpha: Path, catalogue: Catalogue) -> None:
    typed = {"Actual": None, "Commentary": "Not yet known", "Cause": "Illness", "Action": "Recruit"}
    reading = read(filled(issued_alpha, {L1: typed}), catalogue)
    (found,) = reading.findings
    assert found.code == "R005"
    assert "the commentary says: Not yet known" in found.message
    assert "not taken without one: Cause, Action." in found.message


def sign_off_place(sheet: Any, item: str) -> tuple[int, int]:
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == item]
    return cell.row, cell.column


def test_a_line_of_the_sign_off_that_nobody_asked_for_is_said(green: bytes, catalogue: Catalogue) -> None:
    def edit(sheet: Any) -> None:
        read_me = sheet.parent["Read me"]
        row, column = sign_off_place(read_me, layout.SIGNED_OFF_BY)
        read_me.cell(row, column).value = "Checked by"

    reading = read(edited(green, edit), catalogue)
    assert codes(reading.findings) == ["A009", "R039"]
    assert reading.sign_off.signed_off_by == ""
    assert "'Executive owner' is not read." in {item.message for item in reading.findings}


def test_of_a_line_of_the_sign_off_given_twice_the_first_counts_and_the_other_is_said(
    green: bytes, catalogue: Catalogue
) -> None:
    def edit(sheet: Any) -> None:
        read_me = sheet.parent["Read me"]
        row, column = sign_off_place(read_me, layout.SIGNED_OFF_BY)
        read_me.cell(row, column).value = layout.COMPLETED_BY

    reading = read(edited(green, edit), catalogue)
    assert codes(reading.findings) == ["A009", "R039"]
    assert reading.sign_off.completed_by == "Team manager"


def test_thousands_of_added_rows_are_counted_and_not_all_listed(green: bytes, catalogue: Catalogue) -> None:
    def edit(sheet: Any) -> None:
        add_row(sheet, ("X0", "TRUST", "x"), {"Actual": 1})
        first = header_row(sheet) + len(ALPHA) + 1
        columns = header_columns(sheet)
        for number in range(1, 200):
            for header, value in (("Ref", f"X{number}"), ("Actual", number)):
                sheet.cell(first + number, columns[header]).value = value
        table = sheet.tables[layout.TABLE]
        table.ref = table.ref.rstrip("0123456789") + str(first + 199)
        if table.autoFilter is not None:
            table.autoFilter.ref = table.ref

    reading = read(edited(green, edit), catalogue)
    assert codes(reading.findings) == ["R020"] * (MOST_LISTED + 1)
    assert reading.findings[-1].message == "and 180 more rows were not issued."
    assert reading.cells.flagged == 200


def test_more_below_the_table_than_is_listed_is_counted(green: bytes, catalogue: Catalogue) -> None:
    def edit(sheet: Any) -> None:
        below, column = header_row(sheet) + len(ALPHA) + 2, header_columns(sheet)["Commentary"]
        for number in range(70):
            sheet.cell(below + number, column).value = f"note {number}"

    reading = read(edited(green, edit), catalogue)
    assert codes(reading.findings) == ["R023"] * 51
    assert reading.findings[-1].message == "and 20 more."
    assert reading.cells.flagged == 70


def test_a_table_that_was_cut_short_is_one_finding_with_the_right_remedy(green: bytes, catalogue: Catalogue) -> None:
    def edit(sheet: Any) -> None:
        table = sheet.tables[layout.TABLE]
        table.ref = table.ref.rstrip("0123456789") + str(header_row(sheet) + len(ALPHA) - 2)
        if table.autoFilter is not None:
            table.autoFilter.ref = table.ref

    reading = read(edited(green, edit), catalogue)
    assert codes(reading.findings) == ["R040"]
    (item,) = reading.findings
    assert "the 2 rows issued that it lacks stand below it, from row" in item.message
    assert "Resize Table" in item.fix
    assert set(reading.blank) == set(ALPHA[-2:])


def test_a_sheet_that_was_added_is_noted_and_a_renamed_one_is_not(issued_team: Team) -> None:
    def edit(sheet: Any) -> None:
        sheet.title = "Q1 figures"
        sheet.parent.create_sheet("Workings")["A1"] = 12

    (issued_team.received() / "sent.xlsx").write_bytes(edited(filled(issued_team.issued()["alpha"]), edit))
    ((_, received),) = issued_team.collate().judged
    (found,) = received.findings
    assert (found.code, found.severity, received.outcome) == ("R037", Severity.NOTE, "Accepted")
    assert "'Workings'" in found.message
    assert "Q1 figures" not in found.message
