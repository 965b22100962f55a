"""Every sheet of a new master begins with its title, for people who listen to it; a table has one header row."""

from __future__ import annotations

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from xlperf.report import layout
from xlperf.report.sheets import hidden
from xlperf.report.views import SHEETS
from xlperf.workflow.workspace.folder import shipped

MASTER = openpyxl.load_workbook(shipped("workbook_templates/master.xlsx"))
FILLED_LATER = {layout.CONTENTS, layout.DASHBOARD}
"""Their titles are written by a collation: they name the period."""
NAMES = [sheet.name for sheet in SHEETS if sheet.name not in hidden.NAMES and sheet.table not in FILLED_LATER]


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_has_its_title_in_its_first_cell_and_its_table_below(name: str) -> None:
    sheet: Worksheet = MASTER[name]
    assert sheet["A1"].value == name
    assert sheet["A1"].font.b
    assert sheet["A1"].font.sz > 11
    for table in sheet.tables.values():
        _, top, _, _ = range_boundaries(table.ref)
        assert top > 1
        assert table.headerRowCount == 1


@pytest.mark.parametrize("name", NAMES)
def test_what_is_repeated_on_paper_and_stays_on_the_screen_is_the_header_row(name: str) -> None:
    sheet: Worksheet = MASTER[name]
    (table,) = sheet.tables.values()
    _, top, _, _ = range_boundaries(table.ref)
    if table.name != layout.CHART:
        assert sheet.print_title_rows == f"${top}:${top}"
        assert sheet.freeze_panes == f"{'C' if len(table.tableColumns) > 2 else 'A'}{top + 1}"
