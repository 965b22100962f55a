"""The workbook open in Excel, on LibreOffice Calc, which xlwings takes for Excel (see tests/calc_engine)."""

from __future__ import annotations

import os
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwings as xw

from tests.calc_engine.comerror import busy, refusal
from tests.calc_engine.fixture import Calc
from xlperf.errors import WorkbookError, WorkbookInUse
from xlperf.tables import Cell, CellKind, Table
from xlperf.workbook import live
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.live import LiveWorkbook, writing
from xlperf.workbook.port import CellValue
from xlperf.workflow.master.door import must_be_master

pytestmark = pytest.mark.libreoffice

COLUMNS = ("Ref", "Words", "Share", "Due", "Twice", "Note")
OLD: list[dict[str, CellValue]] = [
    {"Ref": f"K{i}", "Words": f"words {i}", "Share": i / 8, "Due": date(2026, 7, i), "Note": f"note of K{i}"}
    for i in range(1, 5)
]
HOSTILE = (
    "=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")', "+1", "-1", "-", "@SUM(A1)", "@x", "\tx", "'quoted'",
    "'", "'=1+1", "001", "1/2", "1-2", "1E5", "12%", "£5", "1,000", "10:30", "1 Jan 2026", "Mar-26", "2026-07-31",
    "TRUE", "false", "#N/A", "#DIV/0!", "(5)", " 5 ", "  ", "<&>\"'", "_x0041_", "{{ owner }}", "a\nb", "é🙂",
    "x" * 300, "x" * 32_767,
)  # fmt: skip


def make(path: Path, rows: int = 4) -> Path:
    """A workbook as people have it: a table with their column in it, notes beside it, a sheet of their own."""
    with xlsxwriter.Workbook(str(path)) as book:
        text, rate, day = (book.add_format({"num_format": code}) for code in ("@", "0.0%", "dd/mm/yyyy"))
        name = book.add_format({"bg_color": "#E8EDEE", "border": 1, "bold": True})
        sheet = book.add_worksheet("Figures")
        columns: list[dict[str, Any]] = [{"header": header} for header in COLUMNS]
        columns[4]["formula"] = "=tbl_figures[[#This Row],[Share]]*2"
        sheet.add_table(3, 1, 3 + rows, 6, {"name": "tbl_figures", "columns": columns})
        for at, row in enumerate(OLD[:rows], 4):
            sheet.set_row(at, 33)
            sheet.write(at, 1, row["Ref"], text)
            sheet.write(at, 2, row["Words"], name)
            sheet.write(at, 3, row["Share"], rate)
            sheet.write_datetime(at, 4, datetime(2026, 7, at - 3), day)
            sheet.write(at, 6, row["Note"])
        sheet.write("A5", "beside")
        sheet.write("I6", "mine")
        sheet.write_comment("I6", "a note")
        sheet.print_area(0, 0, 3 + rows, 8)
        other = book.add_worksheet("Ann's own, sheet")
        other.write_formula("A1", "=SUM(Figures!D5:D8)", None, 1.25)
        other.write_row("A2", ["001", 5, True])
        other.add_table("C4:D6", {"name": "tbl_upper", "columns": [{"header": "Key"}, {"header": "Value"}]})
        other.add_table("C12:C13", {"name": "tbl_lower", "columns": [{"header": "Other"}], "data": [["x"]]})
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Figures!$D$5:$D$8"})
        other.insert_chart("H2", chart)
        book.define_name("owner", "=Figures!$A$1")
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make(tmp_path / "Master.xlsx")


@pytest.fixture
def book(calc: Calc, path: Path) -> LiveWorkbook:
    """The workbook of `make`, open."""
    return LiveWorkbook(calc.open(path))


def cells(table: Table) -> list[dict[str, tuple[CellKind, str | float, bool]]]:
    """What stands in the rows; the results of formulas are left out, and each number is taken as one however spelt."""
    return [{header: _told(cell) for header, cell in row.cells.items()} for row in table.rows]


def _told(cell: Cell) -> tuple[CellKind, str | float, bool]:
    if cell.is_formula:
        return CellKind.UNCALCULATED, "", True
    return cell.kind, float(cell.raw) if cell.kind is CellKind.NUMBER else cell.raw, False


def saved(book: LiveWorkbook) -> FileWorkbook:
    """The workbook as it is in its file after saving."""
    path = Path(book.book.fullname)
    book.save(path)
    return FileWorkbook.open(path)


# Both doors -----------------------------------------------------------------------------------------------------------


def _rows_of_hostile_text() -> list[dict[str, CellValue]]:
    """Every hostile text in a column of text, of percentages, of dates, and in one of no format."""
    rows: list[dict[str, CellValue]] = [{header: text for header in COLUMNS if header != "Twice"} for text in HOSTILE]
    rows += [{"Ref": "001", "Words": "=2", "Share": 0.5, "Due": date(2026, 7, 31), "Note": "+1"}, {"Ref": "=3"}]
    return rows


@pytest.mark.parametrize("mixed", [False, True], ids=["text only", "mixed with values"])
def test_both_doors_write_the_same_cells(calc: Calc, tmp_path: Path, mixed: bool) -> None:
    rows = _rows_of_hostile_text()
    if mixed:
        rows += [
            {"Ref": 1, "Words": True, "Share": -1e-9, "Due": datetime(2026, 4, 1, 12), "Note": 1e300, "Twice": "=no"}
        ]
    (tmp_path / "file").mkdir()
    file = FileWorkbook.open(make(tmp_path / "file.xlsx"))
    file.write_table("tbl_figures", rows)
    open_book = LiveWorkbook(calc.open(make(tmp_path / "live.xlsx")))
    open_book.write_table("tbl_figures", rows)
    expected = cells(file.read_table("tbl_figures"))
    assert len(expected) == len(rows)
    for row, as_open, as_saved in zip(
        expected,
        cells(open_book.read_table("tbl_figures")),
        cells(saved(open_book).read_table("tbl_figures")),
        strict=True,
    ):
        assert as_open == row
        assert as_saved == row


def test_what_is_read_is_what_the_saved_file_holds(calc: Calc, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "all.xlsx")) as made:
        formats = [made.add_format({"num_format": code}) for code in ("@", "0.0%", "dd/mm/yyyy", "£#,##0.00", "hh:mm")]
        text, rate, day, money, time = formats
        sheet = made.add_worksheet("Sheet 1")
        sheet.add_table("B2:C20", {"name": "tbl_all", "columns": [{"header": "A"}, {"header": "B"}]})
        for at, (value, look) in enumerate(
            (
                (0.1, rate),
                (46113, day),
                (46113.5, day),
                (1234.56789, money),
                (0.1 + 0.2, money),
                (0.25, time),
                (7, None),
            ),
            start=2,
        ):
            sheet.write_number(at, 1, value, look)
        sheet.write_string("B10", "=1+1", text)
        sheet.write_string("B11", "001")
        for at, formula in enumerate(
            ("=1/0", "=NA()", '=""', "=1=1", '="=1+1"', "=DATE(2026,4,1)", "=nobody"), start=2
        ):
            sheet.write_formula(at, 2, formula, day if "DATE" in formula else None)
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.write("B22", "below")
        sheet.write("D22", "not in its columns")
    open_book = LiveWorkbook(calc.open(tmp_path / "all.xlsx"))
    table = open_book.read_table("tbl_all")
    assert [row["A"].raw for row in table.rows[:4]] == ["0.1", "46113", "46113.5", "1234.56789"]
    assert [cell.raw for cell in table.stray] == ["below"]
    assert table.rows[0]["B"] == Cell(CellKind.ERROR, "#DIV/0!", "C3", is_formula=True)
    assert table == saved(open_book).read_table("tbl_all")


def test_what_belongs_to_people_stays(book: LiveWorkbook, path: Path) -> None:
    before = _people(book, path)
    book.write_table("tbl_figures", [{"Ref": "=x", "Words": "001"}] * 9)
    book.write_table("tbl_figures", [{"Ref": "y"}])
    book.write_name("owner", "=Ann")
    assert _people(book, path) == before
    assert before[0] == 1
    assert ("Ann's own, sheet", "A2", "001") in before[2]


def _people(book: LiveWorkbook, path: Path) -> tuple[int, list[str], set[tuple[str, str, object]]]:
    """How many charts, which notes, and every cell outside the table and the named cell."""
    book.save(path)
    charts = sum(name.startswith("xl/charts/chart") for name in zipfile.ZipFile(path).namelist())
    workbook = openpyxl.load_workbook(path)
    notes = [cell.comment.text for sheet in workbook for row in sheet for cell in row if cell.comment]
    table, others = workbook["Figures"], workbook["Ann's own, sheet"]
    mine: set[tuple[str, str, object]] = {
        (sheet.title, cell.coordinate, cell.value)
        for sheet in (table, others)
        for row in sheet
        for cell in row
        if cell.value is not None and (sheet is others or cell.column not in range(2, 8)) and cell.coordinate != "A1"
    }
    return charts, notes, mine


# Looks ----------------------------------------------------------------------------------------------------------------


def test_new_rows_look_like_the_first(book: LiveWorkbook, path: Path) -> None:
    book.write_table("tbl_figures", [{**OLD[0], "Ref": f"K{i}"} for i in range(9)])
    saved(book)
    sheet = openpyxl.load_workbook(path)["Figures"]
    for row in range(6, 14):
        for column in range(2, 8):
            first, cell = sheet.cell(5, column), sheet.cell(row, column)
            looks = [(c.font.b, c.fill.fgColor.rgb, c.border.left.style) for c in (first, cell)]
            assert looks[0] == looks[1], cell.coordinate
        assert sheet.row_dimensions[row].height == pytest.approx(33, abs=0.5)
    assert sheet["C13"].font.b
    assert [book.book.sheets["Figures"].range(f"{column}13").number_format for column in "BDE"] == [
        "@",
        "0.0%",
        "dd/mm/yyyy",
    ]
    assert sheet.tables["tbl_figures"].ref == "B4:G13"
    assert sheet.print_area == "'Figures'!$A$1:$I$13"


@pytest.mark.parametrize("left", [3, 1])
def test_shrinking_leaves_no_remains(book: LiveWorkbook, path: Path, left: int) -> None:
    book.write_table("tbl_figures", OLD[:left])
    assert book.read_table("tbl_figures").stray == ()
    saved(book)
    sheet = openpyxl.load_workbook(path)["Figures"]
    for row in range(5 + left, 9):
        for column in range(2, 8):
            cell = sheet.cell(row, column)
            assert (cell.value, cell.border.bottom.style, cell.fill.fill_type) == (None, None, None), cell.coordinate
    assert sheet["C5"].border.bottom.style == "thin"
    assert sheet["A5"].value == "beside"
    assert sheet.tables["tbl_figures"].ref == f"B4:G{4 + left}"
    assert sheet.print_area == f"'Figures'!$A$1:$I${4 + left}"


def test_columns_keep_their_number_formats_and_texts_stay_texts_when_edited(book: LiveWorkbook) -> None:
    sheet = book.book.sheets["Figures"]
    book.write_table("tbl_figures", [{"Ref": "1", "Words": "2", "Share": "n/a", "Due": "soon", "Note": None}] * 3)
    assert [sheet.range(f"{column}5:{column}7").number_format for column in "BCDEG"] == [
        "@", "@", "0.0%", "dd/mm/yyyy", "General",
    ]  # fmt: skip
    book.write_table("tbl_figures", [{"Ref": 1, "Words": None, "Share": 0.5, "Due": date(2026, 7, 1), "Note": "x"}] * 2)
    assert [sheet.range(f"{column}5:{column}6").number_format for column in "BCDEG"] == [
        "General", "@", "0.0%", "dd/mm/yyyy", "@",
    ]  # fmt: skip
    assert sheet.range("B5").value == 1.0


@pytest.mark.parametrize("is_filtered", [True, False])
def test_no_row_stays_hidden_when_it_says_something_else(book: LiveWorkbook, is_filtered: bool) -> None:
    sheet = book.book.sheets["Figures"]
    sheet.tables["tbl_figures"].show_autofilter = is_filtered
    sheet.range("B6:B7").rows.hidden = True
    new: list[dict[str, CellValue]] = [{"Ref": f"N{i}"} for i in range(4)]
    book.write_table("tbl_figures", new)
    assert [row["Ref"].raw for row in book.read_table("tbl_figures").rows] == ["N0", "N1", "N2", "N3"]
    assert [sheet.range(f"B{row}").rows.hidden for row in range(5, 9)] == [False] * 4
    assert sheet.tables["tbl_figures"].show_autofilter is is_filtered


def test_a_very_long_table_is_written_in_parts(book: LiveWorkbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_AT_ONCE", 13)  # two rows at a time
    for count in (9, 2, 5):
        book.write_table("tbl_figures", [{"Ref": f"N{i}", "Note": "=1"} for i in range(count)])
        table = book.read_table("tbl_figures")
        assert [(row["Ref"].raw, row["Note"].raw) for row in table.rows] == [(f"N{i}", "=1") for i in range(count)]
        assert table.stray == ()


# What is refused ------------------------------------------------------------------------------------------------------


def refused(book: LiveWorkbook, act: Callable[[], None], message: str) -> None:
    """Check that something is refused with a message, in one line, and that the tables stay as they were."""
    before = [book.read_table(name) for name in book.table_names()]
    with pytest.raises(WorkbookError, match=message) as caught:
        act()
    assert "\n" not in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert [book.read_table(name) for name in book.table_names()] == before


def test_growing_over_filled_cells_is_refused(book: LiveWorkbook) -> None:
    book.book.sheets["Figures"].range("C11").value = "mine"
    book.book.sheets["Figures"].range("G12").formula = "=1+1"
    refused(
        book,
        lambda: book.write_table("tbl_figures", [{}] * 9),
        r"^Master\.xlsx, sheet 'Figures': table 'tbl_figures' has to grow to row 13 and would cover C11, G12; move",
    )
    book.write_table("tbl_figures", [{}] * 6)


def test_growing_over_another_table_is_refused(book: LiveWorkbook) -> None:
    refused(book, lambda: book.write_table("tbl_upper", [{}] * 8), r"would cover table 'tbl_lower', C12; move them")


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_totals_row_stays_at_the_end(calc: Calc, tmp_path: Path, count: int) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "Master.xlsx")) as made:
        columns = [{"header": "A", "total_string": "All"}, {"header": "B", "total_function": "sum"}]
        made.add_worksheet("S").add_table("A1:B4", {"name": "t", "total_row": True, "columns": columns})
    book = LiveWorkbook(calc.open(tmp_path / "Master.xlsx"))
    book.write_table("t", [{"A": f"r{i}", "B": i} for i in range(count)])
    sheet = book.book.sheets["S"]
    assert sheet.tables["t"].range.address == f"$A$1:$B${count + 2}"
    assert sheet.tables["t"].show_totals
    assert [row["A"].raw for row in book.read_table("t").rows] == [f"r{i}" for i in range(count)]
    assert sheet.range(f"A{count + 2}").value == "All"
    assert str(sheet.range(f"B{count + 2}").formula).startswith("=SUBTOTAL(109,")


def test_cells_of_a_lower_table_are_not_stray(book: LiveWorkbook) -> None:
    book.book.sheets["Ann's own, sheet"].range("D14").value = "stray"
    book.book.sheets["Ann's own, sheet"].range("C15").value = "below the lower one"
    assert [cell.ref for cell in book.read_table("tbl_upper").stray] == ["D14"]
    assert [cell.ref for cell in book.read_table("tbl_lower").stray] == ["C15"]


def protect(book: LiveWorkbook) -> None:
    book.book.sheets["Figures"].impl.uno.protect("")


def test_a_protected_sheet_is_refused(book: LiveWorkbook) -> None:
    protect(book)
    for rows in (OLD[:1], OLD * 2, [{"Ref": "new"}] * 4):
        refused(
            book,
            lambda rows=rows: book.write_table("tbl_figures", rows),  # type: ignore[misc]
            r"^Master\.xlsx, sheet 'Figures' is protected, .*Unprotect Sheet",
        )
    refused(book, lambda: book.write_name("owner", "x"), "is protected")


def test_what_stands_there_already_is_not_written_even_on_a_protected_sheet(book: LiveWorkbook) -> None:
    book.write_table("tbl_figures", OLD)
    protect(book)
    book.write_table("tbl_figures", OLD)
    for change in ({"Share": 0.126}, {"Note": None}, {"Due": date(2026, 8, 1)}, {"Words": "1"}, {"Twice": 0.25}):
        with pytest.raises(WorkbookError, match="protected"):
            book.write_table("tbl_figures", [{**OLD[0], **change}, *OLD[1:]])


@pytest.mark.parametrize(
    "value", [float("nan"), float("-inf"), "x" * 32_768, date(1899, 12, 30), 10**400], ids=lambda value: str(value)[:9]
)
def test_what_no_cell_can_hold_is_refused(book: LiveWorkbook, value: CellValue) -> None:
    refused(book, lambda: book.write_table("tbl_figures", [{}, {"Due": value}]), r"^Master\.xlsx, sheet 'Figures': ")


def test_a_template_is_not_filled_here(book: LiveWorkbook) -> None:
    refused(book, lambda: book.fill({"owner": "Ann"}), "placeholders are filled in a template")


def test_a_closed_workbook_is_one_plain_message(book: LiveWorkbook) -> None:
    book.book.close()
    for act in (lambda: book.read_table("tbl_figures"), lambda: book.write_table("tbl_figures", []), book.table_names):
        with pytest.raises(WorkbookError, match=r"^Master\.xlsx") as caught:
            act()
        assert "\n" not in str(caught.value)


def test_what_somebody_types_meanwhile_is_not_written_over(book: LiveWorkbook) -> None:
    sheet = book.book.sheets["Figures"]
    for address, typed in (("G6", "typed meanwhile"), ("C5", None), ("E9", "below")):
        book.read_table("tbl_figures")
        sheet.range(address).value = typed
        with pytest.raises(WorkbookError, match="somebody typed into table 'tbl_figures' while it was being"):
            book.write_table("tbl_figures", [{"Ref": "new"}])
        assert sheet.range(address).value == typed
    sheet.range("E9").value = None
    book.read_table("tbl_figures")
    sheet.range("C11").value = "in no column of the table's rows, but below it"
    sheet.range("I7").value = "beside it"
    book.read_table("tbl_figures")
    sheet.range("I8").value = "beside it, meanwhile"
    book.write_table("tbl_figures", [{"Ref": "new"}])
    assert book.read_table("tbl_figures").rows[0]["Ref"].raw == "new"


def test_a_formula_with_dynamic_arrays_is_given_as_one(book: LiveWorkbook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given as a plain formula, Excel would put @ into it, and it would mean something else."""
    plain: Any = xw.Range.formula2
    given: list[tuple[str, object]] = []

    def read(cells: xw.Range) -> object:
        formulas = plain.fget(cells)
        return tuple(tuple(f.replace("*2", "*SUM(D5*{1,1})") for f in row) for row in formulas)

    def write(cells: xw.Range, formulas: object) -> None:
        given.append((cells.address, formulas))

    monkeypatch.setattr(xw.Range, "formula2", property(read, write))
    book.write_table("tbl_figures", [{"Ref": "a"}, {"Ref": "b"}, {"Twice": 5}, {"Ref": "c"}])
    formula = "=tbl_figures[[#This Row],[Share]]*SUM(D{}*{{1,1}})"
    assert given == [
        ("$F$5:$F$6", [[formula.format(5)], [formula.format(6)]]),
        ("$F$8", [[formula.format(8)]]),
    ]


# Saving ---------------------------------------------------------------------------------------------------------------


def test_nothing_is_saved_but_by_save(book: LiveWorkbook, path: Path) -> None:
    before = path.read_bytes()
    book.write_table("tbl_figures", OLD[:2])
    book.write_name("owner", "Ann")
    assert path.read_bytes() == before
    book.save(path)
    assert FileWorkbook.open(path).read_name("owner") == "Ann"


def test_only_the_open_workbook_itself_is_saved(book: LiveWorkbook, path: Path) -> None:
    before = path.read_bytes()
    for other in (path.with_name("copy.xlsx"), path.parent / "elsewhere" / path.name):
        with pytest.raises(WorkbookError, match=r"Master\.xlsx is what is open in Excel"):
            book.save(other)
    assert [entry.name for entry in path.parent.iterdir() if "lock" not in entry.name] == [path.name]
    assert path.read_bytes() == before
    book.save(Path(path.name))  # all that a caller knows of a workbook whose own path is a URL


def test_a_workbook_never_saved_is_not_saved(calc: Calc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    new = LiveWorkbook(calc.app.books.add())
    with pytest.raises(WorkbookError, match="has never been saved"):
        new.save(Path(new.name))
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_workbook_is_not_saved(calc: Calc, path: Path) -> None:
    book = LiveWorkbook(calc.app.books.open(str(path), read_only=True))
    with pytest.raises(WorkbookInUse, match="read-only"):
        book.save(path)


# Attaching ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Master.xlsx", "master", "MASTER.XLSX", None])
def test_attaching_finds_the_open_workbook(calc: Calc, path: Path, name: str | None) -> None:
    other = calc.open(make(path.with_name("Other.xlsx")))
    calc.open(path)
    assert live.attach(name).name == "Master.xlsx"
    other.activate()
    assert live.attach().name == "Other.xlsx"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "nobody.xlsx",
            r"no workbook named 'nobody\.xlsx' is open in Excel; open are (Master\.xlsx, Book1|Book1, Master\.xlsx)",
        ),
        ("Mast", r"no workbook named 'Mast' is open"),
        ("a=b.xlsx", r"'a=b\.xlsx': a workbook's name must have no ="),
    ],
)
def test_attaching_says_what_is_wrong(calc: Calc, path: Path, name: str, message: str) -> None:
    calc.open(path)
    calc.app.books.add()
    with pytest.raises(WorkbookError, match=message):
        live.attach(name)


def test_attaching_to_an_excel_without_workbooks(calc: Calc) -> None:
    for name in (None, "Master.xlsx"):
        with pytest.raises(WorkbookError, match="not running, or no workbook is open in it"):
            live.attach(name)


def test_attaching_where_there_is_no_excel(calc: Calc) -> None:
    xw.engines.active = None
    with pytest.raises(WorkbookError, match="Excel cannot be reached here"):
        live.attach()


def test_attaching_where_two_programs_have_it(calc: Calc, path: Path) -> None:
    calc.open(path)
    second = xw.apps.add(add_book=False)
    second.books.open(str(path), read_only=True)
    with pytest.raises(WorkbookError, match=r"'Master\.xlsx' is open in more than one Excel"):
        live.attach("Master.xlsx")


def test_the_workbook_whose_button_was_clicked(book: LiveWorkbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xw.Book, "_mock_caller", book.book, raising=False)  # as set_mock_caller does, but undone
    monkeypatch.setattr(sys, "argv", ["addin", "collate", "--wb=Master.xlsx"])
    assert live.from_caller().name == "Master.xlsx"
    monkeypatch.setattr(sys, "argv", ["addin", "collate", "--wb=a=b.xlsx"])
    with pytest.raises(WorkbookError, match=r"'a=b\.xlsx': a workbook's name must have no ="):
        live.from_caller()
    monkeypatch.undo()
    monkeypatch.setattr(sys, "argv", ["addin", "collate", "--wb=Gone.xlsx"])
    with pytest.raises(WorkbookError, match=r"'Gone\.xlsx' cannot be found in Excel"):
        live.from_caller()


def test_only_a_master_is_a_master(book: LiveWorkbook) -> None:
    with pytest.raises(WorkbookError, match=r"Master\.xlsx is not an xlperf master: it has no table tbl_about\. Open"):
        must_be_master(book, book.name)


# Quiet ----------------------------------------------------------------------------------------------------------------


def settings(calc: Calc) -> tuple[object, ...]:
    app = calc.app
    return app.screen_updating, app.calculation, app.enable_events, app.status_bar


def test_excel_is_quiet_and_then_as_it_was(calc: Calc, book: LiveWorkbook) -> None:
    calc.app.calculation = "semiautomatic"
    before = settings(calc)
    with live.quiet(book):
        live.status(book, "reading")
        assert settings(calc) == (False, "manual", False, "reading")
    assert settings(calc) == before
    live.status(book, None)
    live.message(book, "3 files read")
    assert calc.status_messages[-1] is False
    assert [alert.prompt for alert in calc.alerts] == ["3 files read"]


def test_excel_is_as_it_was_after_a_failure_and_the_failure_passes(calc: Calc, book: LiveWorkbook) -> None:
    before = settings(calc)
    with pytest.raises(ZeroDivisionError), live.quiet(book):
        raise ZeroDivisionError
    assert settings(calc) == before


@contextmanager
def failing(setting: str, value: object) -> Iterator[None]:
    """An Excel that refuses to give a setting a certain value."""
    plain: Any = getattr(xw.App, setting)

    def set_(app: xw.App, wanted: object) -> None:
        if wanted == value:
            raise refusal(f"Unable to set the {setting} property of the Application class")
        plain.fset(app, wanted)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xw.App, setting, property(plain.fget, set_))
        yield


@pytest.mark.parametrize(
    ("setting", "was"),
    [("screen_updating", True), ("calculation", "automatic"), ("enable_events", True), ("status_bar", False)],
)
def test_a_setting_that_cannot_be_put_back_keeps_no_other_from_it(
    calc: Calc, book: LiveWorkbook, setting: str, was: object
) -> None:
    before = dict(zip(("screen_updating", "calculation", "enable_events", "status_bar"), settings(calc), strict=True))

    def fail() -> None:
        with live.quiet(book):
            live.status(book, "at work")
            raise ZeroDivisionError

    with failing(setting, was), pytest.raises(ZeroDivisionError):
        fail()
    after = dict(zip(before, settings(calc), strict=True))
    assert {name for name in before if after[name] != before[name]} == {setting}
    setattr(calc.app, setting, was)
    if setting != "status_bar":
        with failing(setting, was), pytest.raises(WorkbookError, match="would not put back"), live.quiet(book):
            pass
        setattr(calc.app, setting, was)
        both = pytest.raises(WorkbookError, match=r"it is protected; and Excel would not put back")
        with failing(setting, was), both, live.quiet(book):
            raise WorkbookError("it is protected")


def test_a_setting_that_cannot_be_made_leaves_all_as_it_was(calc: Calc, book: LiveWorkbook) -> None:
    before = settings(calc)
    refused = pytest.raises(WorkbookError, match=r"^Master\.xlsx: Excel refused")
    with failing("calculation", "manual"), refused, live.quiet(book):
        pytest.fail("must not come here")
    assert settings(calc) == before


# Failure at every call ------------------------------------------------------------------------------------------------

CALLS: Mapping[type, tuple[str, ...]] = {
    xw.Range: ("raw_value", "formula", "number_format", "row_height", "copy", "paste", "color", "rows"),
    xw.main.Table: ("range", "show_headers", "show_totals", "show_autofilter", "resize"),
    xw.Sheet: ("name", "names", "tables", "page_setup"),
    xw.Name: ("name", "refers_to"),
}
"""What LiveWorkbook asks of xlwings, reading or setting."""


class Counted:
    """Counts the calls to Excel, and has one of them fail."""

    def __init__(self, fails_at: int, error: Callable[[], Exception]) -> None:
        self.calls, self._fails_at, self._error = 0, fails_at, error

    def call(self) -> None:
        self.calls += 1
        if self.calls == self._fails_at:
            raise self._error()

    def wrapped(self, plain: Any) -> Any:
        if not isinstance(plain, property):
            return self._counting(plain)
        setter = self._counting(plain.fset) if plain.fset else None
        return property(self._counting(plain.fget), setter)

    def _counting(self, plain: Any) -> Any:
        @wraps(plain)
        def counting(*arguments: Any, **named: Any) -> Any:
            self.call()
            return plain(*arguments, **named)

        return counting


@contextmanager
def a_fault(at: int, error: Callable[[], Exception] = lambda: refusal("Application-defined error")
            ) -> Iterator[Counted]:  # fmt: skip
    counted = Counted(at, error)
    with pytest.MonkeyPatch.context() as patch:
        for owner, names in CALLS.items():
            for name in names:
                patch.setattr(owner, name, counted.wrapped(getattr(owner, name)))
        yield counted


EVERY = int(os.environ.get("XLPERF_EVERY", "2"))
"""Every how manyth call fails, one in a round; 1 by hand."""


@pytest.mark.long
@pytest.mark.parametrize("count", [2, 6], ids=["shrinks", "grows"])
def test_a_fault_at_any_call_leaves_a_usable_workbook_that_the_next_write_puts_right(
    calc: Calc, book: LiveWorkbook, count: int
) -> None:
    new: list[dict[str, CellValue]] = [
        {"Ref": f"N{i}", "Words": "=1", "Share": i, "Due": "n/a", "Note": f"note of N{i}"} for i in range(count)
    ]
    whole = {(str(row["Ref"]), str(row["Note"])) for row in [*OLD, *new]} | {("", "")}
    book.write_table("tbl_figures", new)
    expected = book.read_table("tbl_figures")
    quiet_before, lower = settings(calc), book.read_table("tbl_lower")
    at, messages = 1 - EVERY if count == 2 else 0, []  # where every second: the odd ones here, the even ones there
    while True:
        LiveWorkbook(book.book).write_table("tbl_figures", OLD)  # each is a click of its own, and remembers no other
        at += EVERY
        try:
            with a_fault(at) as counted, live.quiet(book):
                LiveWorkbook(book.book).write_table("tbl_figures", new)
        except WorkbookError as error:
            messages.append(str(error))
        assert settings(calc) == quiet_before
        left = LiveWorkbook(book.book).read_table("tbl_figures")
        assert {(row["Ref"].raw, row["Note"].raw) for row in left.rows} <= whole, (
            f"a note beside another row, call {at}"
        )
        assert left.stray == ()
        LiveWorkbook(book.book).write_table("tbl_figures", new)
        assert LiveWorkbook(book.book).read_table("tbl_figures") == expected, f"not put right after call {at}"
        if counted.calls < at:
            break
    assert len(messages) > 10
    for message in messages:
        assert re.fullmatch(
            r"(Master\.xlsx|the workbook)[^\n]*Excel refused \(Application-defined error\)\. Do it again.*", message
        )
    assert book.read_table("tbl_lower") == lower


def test_a_cell_being_edited_is_waited_for(book: LiveWorkbook) -> None:
    for at in range(1, 30, 4):
        with a_fault(at, busy):
            LiveWorkbook(book.book).write_table("tbl_figures", [{"Ref": f"{at}"}] * (at % 5 + 1))
        assert [row["Ref"].raw for row in book.read_table("tbl_figures").rows] == [f"{at}"] * (at % 5 + 1)
