"""What an owner sees of a return without scrolling, on a laptop of 1366 by 768 pixels at 100 %."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.conftest import Q1, Team, at
from xlperf.returns import fields, layout
from xlperf.workflow.cycle.import_history import import_history
from xlperf.workflow.workspace.run import Run

WIDTH, HEIGHT = 1366, 768
ROW_NUMBERS, SCROLL_BAR = 34, 20
RIBBON, BELOW = 250, 24 + 24 + 40
"""The ribbon and the formula bar; the tabs, the status bar and the task bar."""
DIGIT, PADDING = 7, 5
"""Pixels of a digit, and beside the text of a cell; the width in the file has both, in digits."""
USUAL_HEIGHT = 15.0


@pytest.fixture
def sheet(team: Team) -> Worksheet:
    """The sheet of a return as issued."""
    return openpyxl.load_workbook(team.issue(Q1, at("2026-07-01"))["alpha"])["Return"]


def ends(sheet: Worksheet) -> Mapping[str, int]:
    """The pixel at which each column ends, by header."""
    found, reached = {}, ROW_NUMBERS
    head = header_row(sheet)
    for cell in sheet[head]:
        column = sheet.column_dimensions[cell.column_letter]
        if not column.hidden:
            reached += round(column.width * DIGIT)
        found[str(cell.value)] = reached
    return found


def header_row(sheet: Worksheet) -> int:
    """The row of the table's headers."""
    return int("".join(filter(str.isdigit, str(sheet.tables[layout.TABLE].ref).split(":")[0])))


def test_what_is_asked_the_cells_for_it_and_what_comes_of_it_are_on_the_first_screen(sheet: Worksheet) -> None:
    shown = [header for header, end in ends(sheet).items() if end <= WIDTH - SCROLL_BAR]
    assert shown[: len(layout.FIRST_SCREEN)] == [column.header for column in layout.FIRST_SCREEN]
    assert {layout.KPI.header, layout.TO_GIVE.header, layout.RAG.header, layout.NEEDED.header} <= set(shown)
    assert {column.header for column in layout.FIGURES if column is not fields.NOT_APPLICABLE} <= set(shown)


def test_several_rows_are_under_the_headers_there(sheet: Worksheet) -> None:
    head = header_row(sheet)
    heights = [sheet.row_dimensions[row].height or USUAL_HEIGHT for row in range(1, head + 4)]
    assert sum(heights) * 4 / 3 <= HEIGHT - RIBBON - BELOW


def test_what_stays_in_place_as_one_scrolls_leaves_room_for_the_widest_cell(sheet: Worksheet) -> None:
    assert sheet.freeze_panes == f"E{header_row(sheet) + 1}", "org and period tell the rows of a KPI apart"
    frozen = ends(sheet)[fields.PERIOD.header]
    widest = max(int(column.width * DIGIT + PADDING) for column in layout.COLUMNS)
    assert frozen + widest <= WIDTH - SCROLL_BAR
    assert frozen <= WIDTH * 0.3


def test_the_list_can_be_filtered_though_the_sheet_is_protected(sheet: Worksheet) -> None:
    assert sheet.protection.sheet
    assert not sheet.protection.autoFilter
    assert sheet.tables[layout.TABLE].autoFilter is not None


def test_the_figures_before_and_a_year_ago_are_shown_with_a_small_chart_of_them(team: Team, tmp_path: Path) -> None:
    history = tmp_path / "history.csv"
    periods = [f"{year}-{(year + 1) % 100}-Q{quarter}" for year in (2024, 2025) for quarter in (1, 2, 3, 4)]
    rows = [f"V1,TRUST,{period},{60 + number}" for number, period in enumerate(periods)]
    history.write_text("\n".join(["kpi,org,period,actual", *rows]), encoding="utf-8")
    import_history(team.workspace, history, Run(at("2026-06-30"), "analyst"))
    issued = team.issue(Q1, at("2026-07-01"))["alpha"]
    (row,) = [each for each in values(issued) if each["Ref"] == "V1"]
    assert [row[header] for header in ("Third last", "Second last", "Last", "A year ago")] == [
        "65.0", "66.0", "67.0", "64.0",
    ]  # fmt: skip
    assert row["Last 12 periods"] == "····▁▁▁▁▁▁▁▁"  # all of them far below the target


def values(path: Path) -> list[dict[str, object]]:
    """The rows of a return, by header."""
    sheet = openpyxl.load_workbook(path)["Return"]
    head = header_row(sheet)
    headers = [cell.value for cell in sheet[head]]
    return [dict(zip(headers, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=head + 1)]


def test_a_border_marks_each_cell_to_fill_as_well_as_its_colour(sheet: Worksheet) -> None:
    head = header_row(sheet)
    asked = {column.header for column in layout.COLUMNS if column.role is fields.Role.INPUT}
    cells = [sheet.cell(head + 1, cell.column) for cell in sheet[head] if cell.value in asked]
    assert len(cells) == len(asked)
    for cell in cells:
        assert not cell.protection.locked
        for edge in (cell.border.left, cell.border.right, cell.border.top, cell.border.bottom):
            assert edge.style
            assert contrast(edge.color.rgb, cell.fill.fgColor.rgb) >= 3
            assert contrast(edge.color.rgb, "FFFFFFFF") >= 3


def test_no_other_cell_of_a_row_has_that_border(sheet: Worksheet) -> None:
    head = header_row(sheet)
    shown = {column.header for column in layout.COLUMNS if column.role in (fields.Role.SHOWN, fields.Role.FORMULA)}
    for cell in (sheet.cell(head + 1, cell.column) for cell in sheet[head] if cell.value in shown):
        assert cell.protection.locked
        assert contrast(cell.border.left.color.rgb, "FFFFFFFF") < 3


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG reckons it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (2, 4, 6)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_result_too_long_for_its_column_is_made_smaller_and_does_not_become_hashes(sheet: Worksheet) -> None:
    (head,) = [cell for cell in sheet[header_row(sheet)] if cell.value == layout.RESULT.header]
    assert sheet.cell(head.row + 1, head.column).alignment.shrink_to_fit
