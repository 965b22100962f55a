"""Cells do what xlwings over Excel is documented to do, as far as xlperf leans on it."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw

from tests.calc_engine import typed
from tests.calc_engine.comerror import ComError
from tests.calc_engine.fixture import Calc

pytestmark = pytest.mark.libreoffice


def spelt(cells: xw.Range) -> Any:
    """The formulas: a text for one cell, a tuple of rows for more (which xlwings calls lists)."""
    return cells.formula


# ---- where cells are -----------------------------------------------------------------------------------------------


def test_ranges_are_found_and_moved_as_in_xlwings(sheet: xw.Sheet) -> None:
    block = sheet["B2:D5"]
    assert (block.address, block.row, block.column, block.shape, block.size) == ("$B$2:$D$5", 2, 2, (4, 3), 12)
    assert block.resize(1, 2).address == "$B$2:$C$2"
    assert block.offset(1, -1).address == "$A$3:$C$6"
    assert (block[0, 0].address, block[-1, :].address, block[1:3, 1].address) == ("$B$2", "$B$5:$D$5", "$C$3:$C$4")
    assert block.last_cell.address == "$D$5"
    assert block.rows[1].address == "$B$3:$D$3"
    assert block.columns[2].address == "$D$2:$D$5"
    assert sheet.range((1, 1), (3, 2)).address == "$A$1:$B$3"
    assert sheet.range("C3", "A1").address == "$A$1:$C$3"
    assert (sheet["5:7"].address, sheet["A:B"].address) == ("$5:$7", "$A:$B")
    assert block.get_address(row_absolute=False, column_absolute=False) == "B2:D5"
    with pytest.raises(ComError):
        sheet.range("no_such_name")


# ---- values --------------------------------------------------------------------------------------------------------


def test_values_come_back_with_the_types_of_excel(sheet: xw.Sheet) -> None:
    rows = [["text", 1, 2.5, True, None, date(2026, 7, 16), datetime(2026, 7, 16, 9, 30)]]
    sheet["A1"].value = rows
    read = sheet["A1:G1"].value
    assert read == ["text", 1.0, 2.5, True, None, datetime(2026, 7, 16), datetime(2026, 7, 16, 9, 30)]
    assert [type(value) for value in read[1:4]] == [float, float, bool]
    assert sheet["A1"].value == "text"
    assert sheet["A1:B2"].value == [["text", 1.0], [None, None]]
    assert sheet["A1:A2"].options(ndim=2).value == [["text"], [None]]
    assert sheet["B1"].options(numbers=int).value == 1
    assert sheet["F1"].options(dates=date).value == date(2026, 7, 16)


def test_money_comes_back_as_a_decimal_as_over_com(sheet: xw.Sheet) -> None:
    sheet["A1"].value = 12.5
    sheet["A1"].number_format = "£#,##0.00"
    assert sheet["A1"].value == Decimal("12.5")
    assert isinstance(sheet["A1"].value, Decimal)


def test_an_error_is_none_unless_asked_for_as_text(sheet: xw.Sheet) -> None:
    sheet["A1:A7"].value = [["=1/0"], ["=NA()"], ["=nonsense()"], ['=1+"x"'], ["=1E200^2"], ["#N/A"], [7]]
    assert sheet["A1:A7"].value == [None, None, None, None, None, None, 7]
    errors = ["#DIV/0!", "#N/A", "#NAME?", "#VALUE!", "#NUM!", "#N/A"]
    assert sheet["A1:A7"].options(err_to_str=True).value == [*errors, 7]


def test_errors_and_booleans_in_a_file_are_read_and_kept(calc: Calc, tmp_path: Path) -> None:
    path = tmp_path / "constants.xlsx"
    made = openpyxl.Workbook()
    constants: list[Any] = [True, False, "#N/A", "#DIV/0!", "'quoted", "=1=1"]
    for column, value in enumerate(constants, 1):
        made["Sheet"].cell(1, column, value)
    made.save(path)
    assert b't="e"' in zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")
    sheet = calc.open(path).sheets[0]
    assert sheet["A1:F1"].options(err_to_str=True).value == [True, False, "#N/A", "#DIV/0!", "'quoted", True]
    assert spelt(sheet["A1:D1"]) == (("TRUE", "FALSE", "#N/A", "#DIV/0!"),)
    sheet["G1"].value = True
    sheet.book.save()
    assert openpyxl.load_workbook(path)["Sheet"]["G1"].value is True


def test_one_value_fills_a_range_and_a_row_fills_its_rows(sheet: xw.Sheet) -> None:
    sheet["A1:B2"].value = "x"
    assert sheet["A1:B2"].value == [["x", "x"], ["x", "x"]]
    sheet["A1:B2"].value = None
    assert sheet["A1:B2"].value == [[None, None], [None, None]]


@pytest.mark.parametrize(
    ("text", "read", "format_"),
    [
        ("001", 1, "General"),
        ("-5", -5, "General"),
        (" 12 ", 12, "General"),
        ("(5)", -5, "General"),
        ("1,234.5", 1234.5, "#,##0"),
        ("1E5", 100000, "0.00E+00"),
        ("50%", 0.5, "0%"),
        ("£5", Decimal(5), "£#,##0.00"),
        ("true", True, "General"),
        ("16/07/2026", datetime(2026, 7, 16), "dd/mm/yyyy"),
        ("2026-07-16", datetime(2026, 7, 16), "dd/mm/yyyy"),
        ("Mar-2024", datetime(2024, 3, 1), "mmm-yy"),
        ("Mar-45", datetime(1945, 3, 1), "mmm-yy"),
        ("9:30", datetime(1899, 12, 30, 9, 30), "hh:mm"),
        ("=1+1", 2, "General"),
        ("+1+1", 2, "General"),
        ("'=1+1", "=1+1", "General"),
        ("=", "=", "General"),
        ("-", "-", "General"),
        ("n/a", "n/a", "General"),
        ("12 beds", "12 beds", "General"),
        ("2025-26-Q4", "2025-26-Q4", "General"),
        ("1/2/3/4", "1/2/3/4", "General"),
        ("32/13/2026", "32/13/2026", "General"),
        ("A & B\nsecond line", "A & B\nsecond line", "General"),
    ],
)
def test_a_text_is_taken_as_typed_in_a_general_cell(sheet: xw.Sheet, text: str, read: Any, format_: str) -> None:
    sheet["A1"].value = text
    assert sheet["A1"].value == read
    assert type(sheet["A1"].value) in (type(read), float)
    assert sheet["A1"].number_format == format_


def test_a_date_without_a_year_is_this_year() -> None:
    assert typed.read("1/2", 2026) == typed.Typed(typed.serial(date(2026, 2, 1), datetime(1899, 12, 30)), "dd-mmm")
    assert typed.read("Mar-24", 2026) == typed.Typed(typed.serial(date(2026, 3, 24), datetime(1899, 12, 30)), "dd-mmm")
    assert typed.read("10 Jan", 2026) == typed.Typed(typed.serial(date(2026, 1, 10), datetime(1899, 12, 30)), "dd-mmm")


def test_a_cell_formatted_as_text_keeps_what_is_written_as_text(sheet: xw.Sheet) -> None:
    texts = ["=1+1", "001", "1/2", "TRUE", "+44 20 7946 0000", "@home", "'quoted", "#N/A"]
    sheet["A1:H2"].number_format = "@"
    sheet["A1:H1"].value = texts
    assert sheet["A1:H1"].value == texts
    assert list(spelt(sheet["A1:H1"])[0]) == texts
    sheet["A2:C2"].value = [5.0, 0.1 + 0.2, True]
    assert sheet["A2:C2"].value == ["5", "0.3", "TRUE"]
    sheet["D2"].formula = "=1+1"
    assert sheet["D2"].value == "=1+1"


def test_a_boolean_leaves_nothing_behind_for_a_later_number(sheet: xw.Sheet) -> None:
    sheet["A1"].value = True
    sheet["A1"].value = 1
    assert sheet["A1"].value == 1
    assert type(sheet["A1"].value) is float
    sheet["A1"].value = False
    sheet["A1"].clear_contents()
    sheet["A1"].value = 0
    assert type(sheet["A1"].value) is float


def test_a_text_that_no_cell_can_hold_is_refused(sheet: xw.Sheet) -> None:
    sheet["A1"].value = "x" * 32767
    assert len(sheet["A1"].value) == 32767
    with pytest.raises(ComError):
        sheet["A1"].value = "x" * 32768


def test_empty_cells_beside_one_another_are_written_safely(sheet: xw.Sheet) -> None:
    sheet["A1:D1"].value = [1, 2, 3, 4]
    sheet["A1:D2"].value = [[None, None, "", 4], [None, None, None, None]]
    assert sheet["A1:D2"].value == [[None, None, None, 4], [None] * 4]


# ---- formulas ------------------------------------------------------------------------------------------------------


def test_formulas_are_spelt_as_in_excel_both_ways(calc: Calc, workbook: Path) -> None:
    book = calc.open(workbook)
    data = book.sheets["My Data"]
    assert spelt(data["E1:E2"]) == (("=SUM(tbl_figures[Actual])",), ("=Totals!A1+'My Data'!B2",))
    assert data["E1:E2"].value == [6, 6]
    written = [
        ['=IF(Totals!$A$1>1,"a,b!c","")'],
        ["=SUM('My Data'!B2:B4,Totals!A1)"],
        ['=COUNTIFS(tbl_figures[Ref],"00*",tbl_figures[Actual],">1")'],
    ]
    data["H1:H3"].formula = written
    assert spelt(data["H1:H3"]) == tuple(map(tuple, written))
    assert data["H1:H3"].value == ["a,b!c", 11, 2]
    data["H4"].value = "=SUM(B2:B3)"
    assert (spelt(data["H4"]), data["H4"].value) == ("=SUM(B2:B3)", 3)


def test_a_formula_for_a_range_follows_its_cells(sheet: xw.Sheet) -> None:
    sheet["A1:A3"].value = [[1], [2], [3]]
    sheet["B1:B3"].formula = "=A1*$A$3"
    assert sheet["B1:B3"].value == [3, 6, 9]
    assert spelt(sheet["B3"]) == "=A3*$A$3"


def test_this_row_of_a_table_is_understood(calc: Calc, workbook: Path) -> None:
    data = calc.open(workbook).sheets["My Data"]
    data["C2:C4"].formula = "=[@Actual]*10"
    assert data["C2:C4"].value == [10, 20, 30]
    assert spelt(data["C3"]) == "=tbl_figures[[#This Row],[Actual]]*10"


def test_a_formula_that_cannot_be_understood_is_refused(sheet: xw.Sheet) -> None:
    for formula in ("=1+", "=SUM(1 2)", "=)("):
        with pytest.raises(ComError, match="formula"):
            sheet["A1"].formula = formula


def test_the_formula_of_a_plain_cell_is_what_stands_in_it(sheet: xw.Sheet) -> None:
    sheet["A1:E1"].value = ["text", 1.5, True, date(2026, 7, 16), None]
    assert spelt(sheet["A1:E1"]) == (("text", "1.5", "TRUE", "46219", ""),)


# ---- looks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", ["General", "@", "0.00", "0%", "#,##0.######", "dd mmm yyyy", "dd/mm/yyyy hh:mm", "£#,##0.00", "[h]:mm"]
)
def test_number_formats_come_back_as_excel_codes(sheet: xw.Sheet, code: str) -> None:
    sheet["A1:B2"].number_format = code
    assert sheet["A1:B2"].number_format == code


def test_mixed_number_formats_are_none_and_a_bad_one_is_refused(sheet: xw.Sheet) -> None:
    sheet["A1"].number_format = "0.00"
    mixed: Any = sheet["A1:B1"].number_format
    assert mixed is None
    with pytest.raises(ComError):
        sheet["A1"].number_format = "[[bad"


def test_clear_contents_keeps_the_look_and_clear_takes_it(sheet: xw.Sheet) -> None:
    def now() -> tuple[object, ...]:
        return sheet["A1"].value, sheet["A1"].number_format, sheet["A1"].color

    sheet["A1"].value, sheet["A1"].number_format, sheet["A1"].color = "x", "@", (1, 2, 3)
    assert now() == ("x", "@", (1, 2, 3))
    sheet["A1"].clear_contents()
    assert now() == (None, "@", (1, 2, 3))
    sheet["A1"].clear()
    assert now() == (None, "General", None)


def test_lines_and_merged_cells_are_seen_and_taken_off(sheet: xw.Sheet) -> None:
    borders = sheet["A1:B2"].borders
    borders["edge_bottom"].line_style = "continuous"
    borders["inside_vertical"].line_style = "continuous"
    lower_left = sheet["A2"].borders
    assert [lower_left[side].line_style for side in ("edge_bottom", "edge_right", "edge_left")] == [
        "continuous",
        "continuous",
        "none",
    ]
    borders["edge_bottom"].line_style = None
    assert (lower_left["edge_bottom"].line_style, lower_left["edge_right"].line_style) == ("none", "continuous")
    assert sheet["A1:B2"].merge_cells is False
    sheet["A1:B1"].impl.cells.merge(True)
    assert sheet["A1:B2"].merge_cells is True


def test_sizes_are_in_points_and_characters(sheet: xw.Sheet) -> None:
    sheet["A1:B2"].row_height, sheet["A1:B2"].column_width = 30, 20
    assert sheet["A2"].row_height == pytest.approx(30, abs=0.1)
    assert sheet["B1"].column_width == pytest.approx(20, abs=0.1)


def test_pasting_formats_leaves_the_values(calc: Calc, workbook: Path) -> None:
    book = calc.open(workbook)
    source, target = book.sheets["My Data"]["A2:C2"], book.sheets["My Data"]["A10:C12"]
    source.color = (10, 20, 30)
    book.sheets["Totals"].activate()
    target.value = [["a", 1, 2]] * 3
    source.copy()
    target.paste(paste="formats")
    assert target.value == [["a", 1, 2]] * 3
    assert (target.color, book.sheets["My Data"]["A12"].number_format) == ((10, 20, 30), "@")
    assert book.sheets.active.name == "Totals"
    hidden = book.sheets["Hidden"]
    source.copy()
    hidden["A1"].paste(paste="formats")
    assert hidden["C1"].color == (10, 20, 30)
    assert (hidden["A1"].value, bool(hidden.visible)) == (None, False)
    source.copy(hidden["A5"])
    assert hidden["A5:B5"].value == ["001", 1]


def test_many_cells_come_back_as_written(sheet: xw.Sheet) -> None:
    block = [[f"row {i}" if j % 2 else float(i * j) for j in range(25)] for i in range(6000)]
    sheet["A1"].value = block
    assert sheet["A1:Y6000"].value == block
