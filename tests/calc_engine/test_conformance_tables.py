"""Tables, names and protected sheets are to xlwings what Excel's are."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.calc_engine.comerror import ComError
from tests.calc_engine.fixture import Calc
from xlperf.workbook.file import FileWorkbook

pytestmark = pytest.mark.libreoffice


# ---- inserting and deleting ----------------------------------------------------------------------------------------


def test_cells_inserted_into_a_table_push_down_and_make_it_longer(calc: Calc, workbook: Path) -> None:
    sheet = calc.open(workbook).sheets["My Data"]
    table = sheet.tables["tbl_figures"]
    sheet["A3:C4"].insert("down")
    assert table.range.address == "$A$1:$C$6"
    assert sheet["A1:A6"].value == ["Ref", "001", None, None, "002", "003"]
    assert sheet["E2"].value == 6, "cells beside the table stay"
    assert sheet["A3"].number_format == "@", "new cells look as those above"
    sheet["A3:C4"].delete("up")
    assert table.range.address == "$A$1:$C$4"
    assert sheet["A1:A4"].value == ["Ref", "001", "002", "003"]
    sheet["1:2"].insert("down")
    assert table.range.address == "$A$3:$C$6"
    assert sheet["E5"].options(err_to_str=True).value == "#DIV/0!"


def test_rows_that_are_cut_take_along_what_hangs_on_them_and_what_points_at_them(
    calc: Calc, workbook: Path, tmp_path: Path
) -> None:
    book = calc.open(workbook)
    sheet = book.sheets["My Data"]
    sheet["B2"].add_note("one")
    sheet["B2"].color = (255, 255, 0)
    sheet["A4:C4"].insert("down")
    sheet["A2:C2"].move(sheet["A4"])
    assert [(note.location.address, note.text) for note in sheet.notes] == [("$B$4", "one")]
    assert [sheet["B4"].value, sheet["B4"].color, sheet["B2"].color] == [1, (255, 255, 0), None]
    assert sheet["E2"].formula == "=Totals!A1+'My Data'!B4"
    assert str(book.names["first_actual"].refers_to).endswith("$B$4")
    sheet["A4:C4"].raw_value = (("new", 5.0, "x"),)
    assert sheet["B4"].note is not None, "a note stays where something else is put in"
    sheet["A4:C4"].delete("up")
    assert list(sheet.notes) == []


def test_a_link_stays_on_its_cell_whatever_is_put_in_and_goes_where_the_cell_goes(calc: Calc, tmp_path: Path) -> None:
    path = tmp_path / "links.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        made.add_worksheet("S").write_url("A1", "https://example.org/1", string="one")
    book = calc.open(path)
    sheet = book.sheets["S"]
    sheet["A1"].raw_value = "other"
    sheet["A1"].move(sheet["B3"])
    sheet["B3"].copy()
    sheet["C3"].paste("formats")
    (link,) = sheet.api.Hyperlinks
    assert (link.Range.Row, link.Range.Column, link.Address) == (3, 2, "https://example.org/1")
    book.save()
    saved = openpyxl.load_workbook(path)["S"]
    assert (saved["B3"].value, saved["B3"].hyperlink.target) == ("other", "https://example.org/1")
    assert saved["C3"].hyperlink is None


def test_what_would_tear_a_table_or_merged_cells_is_refused(calc: Calc, workbook: Path) -> None:
    sheet = calc.open(workbook).sheets["My Data"]
    with pytest.raises(ComError, match="attempting to shift cells in a table"):
        sheet["A1:B1"].insert("down")
    sheet["A1:C1"].insert("down")
    sheet["C9"].value = "title"
    sheet.impl.uno.getCellRangeByName("C9:D9").merge(True)
    with pytest.raises(ComError, match="merged cells"):
        sheet["A3:C3"].delete("up")
    sheet["F1"].copy()
    with pytest.raises(NotImplementedError, match="what was copied"):
        sheet["F9"].insert("down")


# ---- tables --------------------------------------------------------------------------------------------------------


def test_tables_of_a_file_with_their_parts(calc: Calc, workbook: Path) -> None:
    book = calc.open(workbook)
    assert [table.name for sheet in book.sheets for table in sheet.tables] == ["tbl_figures", "tbl_sums"]
    table = book.sheets["My Data"].tables["TBL_figures"]
    assert table.header_row_range is not None
    assert table.data_body_range is not None
    assert table.header_row_range.value == ["Ref", "Actual", "Twice"]
    assert (table.range.address, table.data_body_range.address) == ("$A$1:$C$4", "$A$2:$C$4")
    assert (table.show_autofilter, table.show_totals, table.totals_row_range) == (True, False, None)
    assert "tbl_sums" not in book.sheets["My Data"].tables
    with pytest.raises(KeyError):
        book.sheets["My Data"].tables["tbl_sums"]


def test_a_resized_table_is_saved_as_a_table_and_formulas_follow_it(calc: Calc, workbook: Path) -> None:
    book = calc.open(workbook)
    sheet = book.sheets["My Data"]
    table = sheet.tables["tbl_figures"]
    table.resize(sheet["A1:C6"])
    sheet["A5:A6"].number_format = "@"
    sheet["A5:B6"].value = [["004", 4], ["005", 5]]
    calc.app.calculate()
    assert sheet["E1"].value == 15
    book.save()
    book.close()

    saved = FileWorkbook.open(workbook).read_table("tbl_figures")
    assert [row["Ref"].raw for row in saved.rows] == ["001", "002", "003", "004", "005"]
    assert "tbl_sums" in FileWorkbook.open(workbook).table_names()
    assert openpyxl.load_workbook(workbook)["My Data"]["E1"].value == "=SUM(tbl_figures[Actual])"


def test_a_table_cannot_be_resized_off_its_header_or_over_another(calc: Calc, workbook: Path) -> None:
    book = calc.open(workbook)
    sheet = book.sheets["My Data"]
    table = sheet.tables["tbl_figures"]
    for wrong in ("A2:C6", "E1:F4", "A1:C1"):
        with pytest.raises(ComError):
            table.resize(sheet[wrong])
    sheet["A10:B10"].value = ["One", "Two"]
    sheet.tables.add(source=sheet["A10:B11"], name="tbl_below")
    with pytest.raises(ComError, match="overlap"):
        table.resize(sheet["A1:C10"])
    assert table.range.address == "$A$1:$C$4"


def test_a_filter_taken_off_shows_the_rows_again(calc: Calc, workbook: Path) -> None:
    sheet = calc.open(workbook).sheets["My Data"]
    table = sheet.tables["tbl_figures"]
    sheet["A3"].rows.hidden = True
    assert sheet["A1:B4"].value[2] == ["002", 2], "hidden rows are read all the same"
    table.show_autofilter = False
    assert (table.show_autofilter, sheet["A3"].rows.hidden) == (False, False)


# ---- names ---------------------------------------------------------------------------------------------------------


def test_names_and_what_they_mean(calc: Calc, workbook: Path) -> None:
    book = calc.open(workbook)
    assert {name.name for name in book.names} >= {"first_actual", "Totals!own", "a_constant"}
    name = book.names["first_actual"]
    assert (name.refers_to, name.refers_to_range.address) == ("='My Data'!$B$2", "$B$2")
    assert name.refers_to_range.sheet.name == "My Data"
    name.refers_to_range.value = 9
    assert book.sheets["My Data"]["B2"].value == 9
    assert "FIRST_ACTUAL" in book.names
    assert "no_such" not in book.names
    with pytest.raises(ComError):
        book.names["no_such"]
    with pytest.raises(ComError):
        _ = book.names["a_constant"].refers_to_range
    assert book.sheets["Totals"].names["own"].refers_to_range.value == 5
    book.names.add("new_name", "='My Data'!$A$1:$A$2")
    assert book.names["new_name"].refers_to_range.value == ["Ref", "001"]
    assert book.sheets["My Data"].range("first_actual").value == 9


# ---- protection ----------------------------------------------------------------------------------------------------


def test_a_protected_sheet_refuses_changes_but_for_its_unlocked_cells(calc: Calc, workbook: Path) -> None:
    sheet = calc.open(workbook).sheets["Totals"]

    def write() -> None:
        sheet["A1"].value = 6

    def write_across() -> None:
        sheet["A2:A3"].value = [[6], [6]]

    def clear() -> None:
        sheet["A1"].clear_contents()

    def colour() -> None:
        sheet["A2"].color = (1, 2, 3)

    def number_format() -> None:
        sheet["A2"].number_format = "@"

    def insert() -> None:
        sheet["A1"].insert("down")

    def delete() -> None:
        sheet["1:1"].delete("up")

    def resize() -> None:
        sheet.tables["tbl_sums"].resize(sheet["C1:D9"])

    assert sheet.api.ProtectContents is True
    for change in (write, write_across, clear, colour, number_format, insert, delete, resize):
        with pytest.raises(ComError, match="protected sheet"):
            change()
    assert sheet["A1"].value == 5
    sheet["A2"].value = "typed"
    assert sheet["A2"].value == "typed"
