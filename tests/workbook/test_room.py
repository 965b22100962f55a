"""What stands below a table makes way when it grows, and a totals row stays at its end."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from xlperf.errors import WorkbookError
from xlperf.workbook.a1 import LAST_ROW, Area
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.formulafill import Moves


def master(change: Callable[[Any, Any], None], total: str = "") -> FileWorkbook:
    """A table of two rows in A1:B3, or with a totals row A1:B4, and what a person put on its sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("KPIs")
        columns: list[dict[str, Any]] = [{"header": "Ref", "total_string": "Sum"}, {"header": "Actual"}]
        if total:
            columns[1]["total_function" if total == "sum" else "total_string"] = total
        options = {"name": "tbl_k", "columns": columns, "total_row": bool(total)}
        sheet.add_table(f"A1:B{4 if total else 3}", options)
        sheet.write_column("A2", ["V1", "L1"])
        sheet.write_column("B2", [1.5, 2.5])
        change(book, sheet)
    return FileWorkbook.open(out.getvalue())


def grown(book: FileWorkbook, rows: int) -> Any:
    """The workbook once the table has so many rows."""
    assert list(book.make_room("tbl_k", rows)) == []
    sheet, body = book.body("tbl_k")
    kept = {row: row for row in range(body.top, min(body.bottom, body.top + rows - 1) + 1)}
    moves = Moves(sheet, body, kept, body.top + rows - 1, totals=1 if book.totals("tbl_k") else 0)
    lost = book.follow(lambda name: [moves] if name is None or name.casefold() == "kpis" else [])
    assert lost == []
    book.write_table("tbl_k", [{"Ref": f"N{at}", "Actual": at} for at in range(rows)], kept)
    return openpyxl.load_workbook(io.BytesIO(book.to_bytes()))


def test_a_note_right_below_moves_down_with_all_that_points_at_it() -> None:
    def note(book: Any, sheet: Any) -> None:
        other = book.add_worksheet("Mine")
        sheet.write("A4", "Agreed with the board on 9 July")
        sheet.write("B6", 7)
        sheet.write_formula("B7", "=B6*2+B$2")
        sheet.write("D5", "beside and below")
        sheet.write("D2", "beside")
        sheet.merge_range("A9:B9", "merged")
        sheet.write_comment("B6", "seven")
        sheet.write_url("A7", "https://example.org")
        sheet.set_row(5, 40)
        sheet.data_validation("B6", {"validate": "list", "source": ["a"]})
        sheet.conditional_format("B6:B7", {"type": "cell", "criteria": ">", "value": "$B$6", "format": None})
        book.define_name("seven", "=KPIs!$B$6")
        other.write_formula("A1", "=KPIs!B6+SUM(KPIs!B6:B7)+KPIs!B2")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=KPIs!$B$6:$B$7"})
        sheet.insert_chart("D12", chart)

    book = grown(master(note), 5)
    sheet = book["KPIs"]
    assert sheet.tables["tbl_k"].ref == "A1:B6"
    assert [sheet[f"A{row}"].value for row in range(2, 8)] == [
        "N0", "N1", "N2", "N3", "N4", "Agreed with the board on 9 July",
    ]  # fmt: skip
    assert (sheet["B9"].value, sheet["B10"].value) == (7, "=B9*2+B$2")
    assert (sheet["D8"].value, sheet["D2"].value) == ("beside and below", "beside")
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A12:B12"]
    assert sheet["B9"].comment.text == "seven"
    assert sheet["A10"].hyperlink.target == "https://example.org"
    assert (sheet.row_dimensions[9].height, sheet.row_dimensions[6].height) == (39.75, None)
    assert str(sheet.data_validations.dataValidation[0].sqref) == "B9"
    assert [(str(each.sqref), each.rules[0].formula) for each in sheet.conditional_formatting] == [("B9:B10", ["$B$9"])]
    assert book.defined_names["seven"].attr_text == "KPIs!$B$9"
    assert book["Mine"]["A1"].value == "=KPIs!B9+SUM(KPIs!B9:B10)+KPIs!B2"
    anchor = sheet._charts[0].anchor
    assert anchor._from.row == 14


def test_a_table_of_ones_own_below_moves_down_whole() -> None:
    def table(book: Any, sheet: Any) -> None:
        sheet.add_table("A5:B7", {"name": "tbl_mine", "columns": [{"header": "Mine"}, {"header": "Twice"}]})
        sheet.write_column("A6", [10, 20])
        sheet.write_formula("B6", "=A6*2")

    book = grown(master(table), 6)
    sheet = book["KPIs"]
    assert sheet.tables["tbl_mine"].ref == "A9:B11"
    assert [sheet[cell].value for cell in ("A9", "A10", "A11", "B10")] == ["Mine", 10, 20, "=A10*2"]


def test_nothing_moves_where_there_is_room() -> None:
    def far(book: Any, sheet: Any) -> None:
        sheet.write("A30", "far below")
        sheet.write("D4", "beside")

    sheet = grown(master(far), 5)["KPIs"]
    assert (sheet["A30"].value, sheet["D4"].value) == ("far below", "beside")


def test_a_last_row_in_which_nothing_is_does_not_stop_it() -> None:
    """LibreOffice writes one into every sheet that it saves."""

    def note(book: Any, sheet: Any) -> None:
        bold = book.add_format({"bold": True})
        sheet.write("A4", "note")
        sheet.set_row(LAST_ROW - 1, 12.8)
        sheet.write_blank(LAST_ROW - 2, 0, None, bold)

    book = grown(master(note), 5)
    assert [book["KPIs"][f"A{row}"].value for row in (6, 7)] == ["N4", "note"]
    assert book["KPIs"].max_row < LAST_ROW


def test_what_new_rows_would_push_over_the_end_of_the_sheet_is_named_and_nothing_changes() -> None:
    def last(book: Any, sheet: Any) -> None:
        sheet.write("A4", "note")
        sheet.write(LAST_ROW - 1, 2, "the end")

    book = master(last)
    before = book.to_bytes()
    with pytest.raises(WorkbookError, match="would cover A4; new rows would push C1048576 over the end of the sheet"):
        book.make_room("tbl_k", 5)
    assert book.to_bytes() == before


def test_a_table_that_rows_would_tear_is_named_and_nothing_changes() -> None:
    def beside(book: Any, sheet: Any) -> None:
        sheet.write("A4", "note")
        sheet.add_table("D2:E9", {"name": "tbl_beside"})

    book = master(beside)
    before = book.to_bytes()
    with pytest.raises(WorkbookError, match=r"would cover A4; the table 'tbl_beside' beside it would be torn"):
        book.make_room("tbl_k", 5)
    assert book.to_bytes() == before


@pytest.mark.parametrize("rows", [1, 2, 3, 6])
def test_a_totals_row_stays_at_the_end_and_goes_on_adding_up(rows: int) -> None:
    def points(book: Any, sheet: Any) -> None:
        sheet.set_row(3, 33)
        sheet.write_formula("D1", "=B4/2")
        sheet.write("A8", "below")

    book = grown(master(points, total="sum"), rows)
    sheet = book["KPIs"]
    last = rows + 2
    table = sheet.tables["tbl_k"]
    assert (table.ref, table.totalsRowCount, table.autoFilter.ref) == (f"A1:B{last}", 1, f"A1:B{last - 1}")
    assert (sheet[f"A{last}"].value, sheet[f"B{last}"].value) == ("Sum", "=SUBTOTAL(109,[Actual])")
    assert sheet["D1"].value == f"=B{last}/2"
    below = [cell.value for cell in sheet["A"] if cell.value == "below"]
    assert below == ["below"]
    assert [sheet[f"A{row}"].value for row in range(2, last)] == [f"N{at}" for at in range(rows)]
    assert [sheet[f"A{row}"].value for row in range(last + 1, 8) if row > last] == [None] * max(7 - last, 0)


def test_a_totals_row_that_the_sheet_has_no_room_for_is_refused_and_nothing_changes() -> None:
    book = master(lambda book, sheet: None, total="sum")
    before = book.to_bytes()
    with pytest.raises(WorkbookError, match="would need 1,048,576 rows and a sheet has 1,048,576"):
        book.write_table("tbl_k", [{}] * (LAST_ROW - 1))
    assert book.to_bytes() == before


def test_a_table_without_a_totals_row_has_none() -> None:
    assert master(lambda book, sheet: None).totals("tbl_k") is None
    assert master(lambda book, sheet: None, total="sum").totals("tbl_k") == Area(1, 4, 2, 4)


@pytest.mark.filterwarnings("ignore:Sparkline Group")  # openpyxl, which only reads here, keeps none
@pytest.mark.parametrize("what", ["note", "sparkline"])
def test_what_hangs_on_a_blank_cell_below_makes_way_too(what: str) -> None:
    def hang(book: Any, sheet: Any) -> None:
        if what == "note":
            sheet.write_comment("B4", "agree these with finance")
        else:
            sheet.add_sparkline("B4", {"range": "KPIs!B2:B3"})

    book = master(hang)
    assert grown(book, 5)["KPIs"].tables["tbl_k"].ref == "A1:B6"
    data = zipfile.ZipFile(io.BytesIO(book.to_bytes()))
    if what == "note":
        assert b'<comment ref="B7"' in data.read("xl/comments1.xml")
    else:
        assert b"<xm:f>KPIs!B2:B6</xm:f><xm:sqref>B7</xm:sqref>" in data.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("total", ["", "sum"])
@pytest.mark.parametrize(
    ("covered", "rows", "expected"),
    [
        ("A1:B9", 5, "A1:B12"),  # the table, and what stands below it
        ("A7:B9", 5, "A10:B12"),  # a second area, which has only that
        ("D1:E9", 5, "D1:E12"),  # what stands beside: rows were put in there as well
        ("A1:B9", 2, "A1:B9"),
    ],
)
def test_what_is_printed_goes_on_being_what_was_printed(covered: str, rows: int, expected: str, total: str) -> None:
    def note(book: Any, sheet: Any) -> None:
        sheet.write("A5" if total else "A4", "in the way")
        sheet.write("A7", "below")
        sheet.print_area(covered)

    book = master(note, total)
    assert grown(book, rows)["KPIs"].print_area == f"'KPIs'!{_absolute(expected)}"


def _absolute(area: str) -> str:
    return ":".join(f"${cell[0]}${cell[1:]}" for cell in area.split(":"))
