"""What people did to the looks of cells and rows in a table: it stays with what the row is about."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.worksheet.filters import FilterColumn, Filters
from openpyxl.worksheet.table import Table

from xlperf.workbook.file import FileWorkbook

YELLOW, GREEN = (PatternFill("solid", fgColor=f"FF{colour}") for colour in ("FFEE00", "00CC66"))
REFS = ("V1", "L1", "C1", "P1")


def master(change: Callable[[Any], None]) -> FileWorkbook:
    """A table of four rows in A1:C5 as it was written, and what a person did to it since."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Ref", "Actual", "Due"])
    for number, ref in enumerate(REFS, 2):
        sheet.append([ref, number / 2, date(2026, 9, number)])
        sheet.cell(number, 2).number_format = "0.0"
        sheet.cell(number, 3).number_format = "dd mmm yyyy"
        sheet.row_dimensions[number].height = 30
    sheet.add_table(Table(displayName="tbl_k", ref="A1:C5"))
    change(sheet)
    out = io.BytesIO()
    book.save(out)
    return FileWorkbook.open(out.getvalue())


def rewritten(book: FileWorkbook, refs: tuple[str, ...]) -> Any:
    """The sheet once the rows are about these, in this order."""
    old = {ref: number for number, ref in enumerate(REFS, 2)}
    moved = {old[ref]: number for number, ref in enumerate(refs, 2) if ref in old}
    book.write_table("tbl_k", [{"Ref": ref, "Actual": 1.5, "Due": date(2026, 10, 1)} for ref in refs], moved)
    return openpyxl.load_workbook(io.BytesIO(book.to_bytes())).active


def filled(sheet: Any) -> Mapping[str, str]:
    """The colour of each cell that has one."""
    cells = (cell for row in sheet.iter_rows(min_row=2) for cell in row)
    return {cell.coordinate: cell.fill.fgColor.rgb[2:] for cell in cells if cell.fill.fill_type}


ORDERS = [REFS, ("P1", "C1", "L1", "V1"), ("NEW", "V1", "NEW2", "L1", "C1"), ("C1",), ("X1", "X2")]


@pytest.mark.parametrize("refs", ORDERS)
@pytest.mark.parametrize("mine", ["V1", "C1", "P1"])
def test_a_highlight_goes_with_its_row_and_spreads_to_no_other(refs: tuple[str, ...], mine: str) -> None:
    def highlight(sheet: Any) -> None:
        sheet.cell(REFS.index(mine) + 2, 2).fill = YELLOW

    sheet = rewritten(master(highlight), refs)
    assert filled(sheet) == ({f"B{refs.index(mine) + 2}": "FFEE00"} if mine in refs else {})


def test_bold_type_and_a_border_go_with_their_row_too() -> None:
    def mark(sheet: Any) -> None:
        sheet["A2"].font = Font(bold=True)
        sheet["C3"].border = Border(bottom=Side("thick"))

    sheet = rewritten(master(mark), ("C1", "L1", "V1"))
    assert [sheet[f"A{row}"].font.b for row in (2, 3, 4)] == [False, False, True]
    assert [sheet[f"C{row}"].border.bottom.style for row in (2, 3, 4)] == [None, "thick", None]


def test_a_column_that_somebody_restyled_is_restyled_for_new_rows_too() -> None:
    def restyle(sheet: Any) -> None:
        for row in range(2, 6):
            sheet.cell(row, 2).fill = GREEN
        sheet["B4"].fill = YELLOW

    sheet = rewritten(master(restyle), ("NEW", *REFS))
    assert filled(sheet) == {"B2": "00CC66", "B3": "00CC66", "B4": "00CC66", "B5": "FFEE00", "B6": "00CC66"}


def test_how_a_number_is_shown_is_the_columns_affair() -> None:
    def change(sheet: Any) -> None:
        sheet["B2"].number_format = "0.000%"  # only that: no look of a person's
        sheet["B3"].number_format, sheet["B3"].fill = "0.000%", YELLOW

    sheet = rewritten(master(change), ("L1", "V1"))
    assert [sheet[f"B{row}"].number_format for row in (2, 3)] == ["0.0", "0.0"]
    assert filled(sheet) == {"B2": "FFEE00"}


def test_how_high_a_row_is_and_its_group_go_with_it_and_new_rows_are_as_high_as_most() -> None:
    def arrange(sheet: Any) -> None:
        sheet.row_dimensions[2].height = 75
        sheet.row_dimensions[3].outline_level = 1
        sheet.row_dimensions[3].hidden = True

    sheet = rewritten(master(arrange), ("NEW", "L1", "C1", "V1"))
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4, 5)] == [30, 30, 30, 75]
    assert [sheet.row_dimensions[row].outline_level for row in (2, 3, 4, 5)] == [0, 1, 0, 0]
    assert [sheet.row_dimensions[row].hidden for row in (2, 3, 4, 5)] == [False, True, False, False]


def test_a_filter_is_undone_with_its_criterion() -> None:
    def narrow(sheet: Any) -> None:
        table = sheet.tables["tbl_k"]
        table._initialise_columns()
        for column, header in zip(table.tableColumns, ("Ref", "Actual", "Due"), strict=True):
            column.name = header
        table.autoFilter.filterColumn = [FilterColumn(colId=0, filters=Filters(filter=["V1"]))]
        for row in (3, 4, 5):
            sheet.row_dimensions[row].hidden = True

    sheet = rewritten(master(narrow), ("V1", "L1", "NEW"))
    assert not any(sheet.row_dimensions[row].hidden for row in (2, 3, 4))
    table = sheet.tables["tbl_k"]
    assert (table.autoFilter.ref, table.autoFilter.filterColumn) == ("A1:C4", [])


def re_prefixed(text: str) -> str:
    """A sheet as a program writes it that has a prefix for every name."""
    text = text.replace('xmlns="', 'xmlns:x="', 1)
    return re.sub(r"<(/?)(?=[A-Za-z])(?!\?)", r"<\1x:", text)


KEYS = ("V1", "R&D", "  spaced ", "1_x0041_", "", "C1")


@pytest.mark.parametrize("strings", ["shared", "inline"])
@pytest.mark.parametrize("rewrite", [lambda text: text, lambda text: text.replace('<c r="', '<c  r="'), re_prefixed])
def test_keys_are_read_however_a_program_writes_its_cells(strings: str, rewrite: Callable[[str], str]) -> None:
    out = io.BytesIO()
    rows: list[dict[str, Any]] = [{"Ref": key, "Actual": at * 1.5, "Org": f"O{at}"} for at, key in enumerate(KEYS, 1)]
    with xlsxwriter.Workbook(out) as book:
        data = [list(row.values()) for row in rows]
        columns = [{"header": header} for header in rows[0]]
        book.add_worksheet().add_table("A1:C7", {"name": "tbl_k", "columns": columns, "data": data})
    if strings == "inline":  # as this door writes them
        ours = FileWorkbook.open(out.getvalue())
        ours.write_table("tbl_k", rows)
        out = io.BytesIO(ours.to_bytes())
    changed = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, rewrite(text.decode()) if name == "xl/worksheets/sheet1.xml" else text)
    opened = FileWorkbook.open(changed.getvalue())
    table = opened.read_table("tbl_k")
    wanted = {row.number: tuple(row[header].raw.strip() for header in ("Ref", "Actual", "Org")) for row in table.rows}
    assert opened.read_keys("tbl_k", ("Ref", "Actual", "Org")) == wanted
    assert len(wanted) == len(KEYS)
    of_some = opened.read_keys("tbl_k", ("Org", "Ref"), {3, 5, 99})
    assert of_some == {row: (wanted[row][2], wanted[row][0]) for row in (3, 5)}
