"""Columns added to a table in a file: what they look like, and what must not stand in their way."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableColumn

from xlperf.errors import WorkbookError
from xlperf.tables import NumberStyle
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import Look


def saved(change: Callable[[Any], None] = lambda sheet: None) -> bytes:
    """A workbook with a table of two columns and two rows in B2:C4, as a person changed its sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row, values in enumerate([("Ref", "Owner"), ("V1", "Ann"), ("L1", "Bob")], 2):
        for column, value in enumerate(values, 2):
            sheet.cell(row, column, value)
    sheet["C2"].font = Font(bold=True)
    sheet["C3"].fill = sheet["C4"].fill = PatternFill("solid", fgColor="FFFFEE00")
    sheet.column_dimensions["C"].width = 33
    sheet.add_table(Table(displayName="tbl_kpis", ref="B2:C4"))
    change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def grown(data: bytes) -> Any:
    book = FileWorkbook.open(data)
    book.add_columns("tbl_kpis", {"Directorate": Look("Owner"), "R&D <code>": Look("Ref")})
    return openpyxl.load_workbook(io.BytesIO(book.to_bytes())).active


def test_a_new_column_looks_like_the_one_named_and_is_as_wide() -> None:
    sheet = grown(saved())
    assert [cell.value for cell in sheet[2]][1:] == ["Ref", "Owner", "Directorate", "R&D <code>"]
    assert sheet["D2"].font.b
    assert not sheet["E2"].font.b
    assert [sheet[f"D{row}"].fill.fgColor.rgb for row in (3, 4)] == ["FFFFEE00"] * 2
    assert sheet["E3"].fill.fill_type is None
    assert sheet.column_dimensions["D"].width == 33


def test_the_table_its_filter_and_its_columns_agree() -> None:
    sheet = grown(saved())
    table = sheet.tables["tbl_kpis"]
    assert (table.ref, table.autoFilter.ref) == ("B2:E4", "B2:E4")
    assert [column.name for column in table.tableColumns] == ["Ref", "Owner", "Directorate", "R&D <code>"]


def test_a_new_column_has_a_number_format_of_its_own_and_else_the_look_of_the_other() -> None:
    book = FileWorkbook.open(saved())
    book.add_columns(
        "tbl_kpis",
        {"Due": Look("Owner", "dd mmm yyyy"), "Limit": Look("Owner", "0.0"), "Ends": Look("Ref", "dd mmm yyyy")},
    )
    book.write_table("tbl_kpis", [{"Ref": "V1", "Due": date(2026, 9, 30), "Limit": 2.5}])
    sheet: Any = openpyxl.load_workbook(io.BytesIO(book.to_bytes())).active
    assert (sheet["D3"].value, sheet["D3"].number_format) == (datetime(2026, 9, 30), "dd mmm yyyy")
    assert (sheet["E3"].value, sheet["E3"].number_format) == (2.5, "0.0")
    assert sheet["F3"].number_format == "dd mmm yyyy"
    assert {sheet[f"{column}3"].fill.fgColor.rgb for column in "CDE"} == {"FFFFEE00"}
    assert sheet["D2"].number_format == sheet["C2"].number_format
    assert book.read_table("tbl_kpis").rows[0]["Due"].style is NumberStyle.DATE


def test_a_width_that_somebody_set_stays() -> None:
    def wide(sheet: Any) -> None:
        sheet.column_dimensions["D"].width = 60

    assert grown(saved(wide)).column_dimensions["D"].width == 60


def test_the_ids_of_columns_go_on_from_the_highest() -> None:
    def numbered(sheet: Any) -> None:
        table = sheet.tables["tbl_kpis"]
        table.tableColumns = [TableColumn(id=7, name="Ref"), TableColumn(id=3, name="Owner")]

    assert [column.id for column in grown(saved(numbered)).tables["tbl_kpis"].tableColumns] == [7, 3, 8, 9]


def a_cell(sheet: Any) -> None:
    sheet["E4"] = "mine"


def merged(sheet: Any) -> None:
    sheet.merge_cells("D3:F3")


def a_table(sheet: Any) -> None:
    for column in "EF":
        sheet[f"{column}4"], sheet[f"{column}5"] = f"head {column}", 1
    sheet.add_table(Table(displayName="tbl_mine", ref="E4:F5"))


@pytest.mark.parametrize(
    ("change", "named"), [(a_cell, "E4"), (merged, "the merged cells D3:F3"), (a_table, "table 'tbl_mine'")]
)
def test_what_stands_in_the_way_is_named_and_the_file_stays_as_it_was(
    change: Callable[[Any], None], named: str
) -> None:
    data = saved(change)
    book = FileWorkbook.open(data)
    with pytest.raises(WorkbookError) as raised:
        book.add_columns("tbl_kpis", {"Directorate": Look("Owner"), "Limit": Look("Owner")})
    assert "table 'tbl_kpis' gets columns 'Directorate', 'Limit' and would cover" in str(raised.value)
    assert named in str(raised.value)
    assert FileWorkbook.open(book.to_bytes()).columns("tbl_kpis") == ("Ref", "Owner")


def test_what_stands_beside_but_not_in_the_way_stays() -> None:
    def beside(sheet: Any) -> None:
        sheet["F3"], sheet["D1"], sheet["D6"] = "right", "above", "below"

    sheet = grown(saved(beside))
    assert (sheet["F3"].value, sheet["D1"].value, sheet["D6"].value) == ("right", "above", "below")


def ruled(sheet: Any) -> None:
    red = PatternFill("solid", bgColor="FFFF0000")
    sheet.conditional_formatting.add("B3:C50", FormulaRule(formula=['$B3="V1"'], fill=red))
    sheet.conditional_formatting.add("C3:C50", CellIsRule(operator="equal", formula=['"Ann"'], fill=red))
    sheet.conditional_formatting.add("B3:B50", CellIsRule(operator="equal", formula=['"L1"'], fill=red))
    sheet.conditional_formatting.add("B60:C70", FormulaRule(formula=["TRUE"], fill=red))
    owners = DataValidation("list", formula1='"Ann,Bob"')
    owners.add("C3:C50")
    sheet.add_data_validation(owners)


def test_rules_over_whole_rows_reach_new_columns_and_those_of_one_column_only_where_that_is_meant() -> None:
    book = FileWorkbook.open(saved(ruled))
    book.add_columns("tbl_kpis", {"Deputy": Look("Owner", rules_of="Owner"), "Since": Look("Owner")})
    sheet = openpyxl.load_workbook(io.BytesIO(book.to_bytes())).active
    assert sheet is not None
    assert sorted(str(each.sqref) for each in sheet.conditional_formatting) == [
        "B3:B50", "B3:E50", "B60:C70", "C3:C50 D3:D50",
    ]  # fmt: skip
    assert [str(each.sqref) for each in sheet.data_validations.dataValidation] == ["C3:C50 D3:D50"]
