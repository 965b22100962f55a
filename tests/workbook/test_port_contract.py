"""What every implementation of the port promises: the docstrings of `WorkbookPort`, line by line."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn, Protocol

import pytest
import xlsxwriter

from tests.calc_engine.fixture import Calc
from tests.workbook.memory import MemoryTable, MemoryWorkbook
from xlperf.errors import TableNotFound, TemplateError, WorkbookError, WorkbookInUse
from xlperf.tables import CellKind
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.live import LiveWorkbook
from xlperf.workbook.port import CellValue, Look, WorkbookPort

COLUMNS = ("KPI", "Actual", "Due", "Comment", "Doubled")
FORMULA = "tbl_return[[#This Row],[Actual]]*2"
FIRST: dict[str, CellValue] = {"KPI": "A01", "Actual": 0.5, "Due": date(2026, 7, 31), "Comment": "fine"}
SECOND: dict[str, CellValue] = {"KPI": "B02", "Actual": 7}
FILLED_BELOW = 12


class Kind(Protocol):
    """How a kind of workbook is made and, once saved, opened again; `path` is where it is to be saved."""

    def make(self, path: Path) -> WorkbookPort: ...

    def open(self, path: Path) -> WorkbookPort: ...

    def kept(self, text: str) -> str:
        """A text as a cell of it keeps it."""
        return text


class TemplateKind(Kind, Protocol):
    """A kind that can be a template: how the text of a cell is looked at."""

    def text(self, book: WorkbookPort, sheet: str, address: str) -> str: ...


class InMemory(Kind):
    def make(self, path: Path) -> WorkbookPort:
        return MemoryWorkbook(
            tables={
                "tbl_notes": MemoryTable("Read me", ("Note",), [{"Note": "x"}], first_row=10),
                "tbl_return": MemoryTable(
                    "Return",
                    COLUMNS,
                    [dict(FIRST), dict(SECOND)],
                    "B",
                    5,
                    frozenset({"Doubled"}),
                    FILLED_BELOW,
                ),
            },
            names={"owner": "Ann", "deadline": date(2026, 7, 31), "serial": None},
            texts={("Read me", "B4"): "By {{ deadline }}, {{ owner }}", ("Read me", "B5"): "As it is"},
        )

    def text(self, book: WorkbookPort, sheet: str, address: str) -> str:
        if not isinstance(book, MemoryWorkbook):
            raise TypeError
        return book.texts[sheet, address]

    def open(self, path: Path) -> WorkbookPort:
        return MemoryWorkbook.saved[path]


class InFile(Kind):
    def make(self, path: Path) -> FileWorkbook:
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer) as book:
            day = book.add_format({"num_format": "dd/mm/yyyy"})
            notes = book.add_worksheet("Read me")
            notes.write("B4", "By {{ deadline }}, {{ owner }}")
            notes.write("B5", "As it is")
            notes.add_table("A9:A10", {"name": "tbl_notes", "columns": [{"header": "Note"}], "data": [["x"]]})
            notes.write("C2", "Ann")
            notes.write_datetime("C3", datetime(2026, 7, 31), day)
            book.define_name("owner", "='Read me'!$C$2")
            book.define_name("deadline", "='Read me'!$C$3")
            book.define_name("serial", "='Read me'!$D$20")
            sheet = book.add_worksheet("Return")
            columns: list[dict[str, Any]] = [{"header": header} for header in COLUMNS]
            columns[4]["formula"] = FORMULA
            sheet.add_table("B4:F6", {"name": "tbl_return", "columns": columns})
            sheet.write_row("B5", ["A01", 0.5])
            sheet.write_datetime("D5", datetime(2026, 7, 31), day)
            sheet.write("E5", "fine")
            sheet.write_row("B6", ["B02", 7])
            sheet.set_row(5, None, None, {"hidden": True})
            sheet.write(FILLED_BELOW - 1, 1, "a footnote")
        workbook = FileWorkbook.open(buffer.getvalue())
        workbook.write_table("tbl_return", [FIRST, SECOND])  # as the memory does: formulas without results
        return workbook

    def text(self, book: WorkbookPort, sheet: str, address: str) -> str:
        if not isinstance(book, FileWorkbook):
            raise TypeError
        openpyxl = pytest.importorskip("openpyxl")
        return str(openpyxl.load_workbook(io.BytesIO(book.to_bytes()))[sheet][address].value)

    def open(self, path: Path) -> WorkbookPort:
        return FileWorkbook.open(path)


class Live(Kind):
    """The workbook of `InFile`, open in Calc."""

    def __init__(self, calc: Calc) -> None:
        self.calc = calc

    def make(self, path: Path) -> LiveWorkbook:
        InFile().make(path).save(path)
        return LiveWorkbook(self.calc.open(path))

    def open(self, path: Path) -> FileWorkbook:
        return FileWorkbook.open(path)

    def kept(self, text: str) -> str:
        return text.replace("\r\n", "\n").replace("\r", "\n")  # Calc knows one kind of line end; Excel keeps both


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the workbook is saved."""
    return tmp_path / "out.xlsx"


@pytest.fixture(params=["memory", "file"])
def template_kind(request: pytest.FixtureRequest) -> TemplateKind:
    return InMemory() if request.param == "memory" else InFile()


@pytest.fixture(params=["memory", "file", pytest.param("live", marks=pytest.mark.libreoffice)])
def kind(request: pytest.FixtureRequest) -> Kind:
    if request.param == "live":
        return Live(request.getfixturevalue("calc"))
    return InMemory() if request.param == "memory" else InFile()


@pytest.fixture
def book(kind: Kind, path: Path) -> WorkbookPort:
    return kind.make(path)


@pytest.fixture
def template(template_kind: TemplateKind, path: Path) -> WorkbookPort:
    return template_kind.make(path)


def raws(book: WorkbookPort, name: str = "tbl_return") -> list[dict[str, str]]:
    """What stands in the rows, formulas left out: a file has no results for them before Excel has seen it."""
    return [
        {header: cell.raw for header, cell in row.cells.items() if not cell.is_formula}
        for row in book.read_table(name).rows
    ]


def test_table_names_come_in_sheet_order(book: WorkbookPort) -> None:
    assert book.table_names() == ("tbl_notes", "tbl_return")


def test_columns_are_those_that_reading_the_table_gives(book: WorkbookPort) -> None:
    for name in book.table_names():
        assert book.columns(name) == book.read_table(name).columns
    with pytest.raises(TableNotFound):
        book.columns("tbl_retrun")


def test_a_table_is_read_as_it_stands_hidden_rows_included(book: WorkbookPort) -> None:
    table = book.read_table("tbl_return")
    assert (table.name, table.sheet, table.columns) == ("tbl_return", "Return", COLUMNS)
    assert [row.number for row in table.rows] == [5, 6]
    assert raws(book) == [
        {"KPI": "A01", "Actual": "0.5", "Due": "46234", "Comment": "fine"},
        {"KPI": "B02", "Actual": "7"},
    ]
    assert table.rows[1]["KPI"].ref == "B6"
    assert [row["Doubled"].is_formula for row in table.rows] == [True, True]


def test_columns_are_added_at_the_right_and_what_was_there_stays(
    template: WorkbookPort, template_kind: TemplateKind, path: Path
) -> None:
    before = raws(template)
    template.add_columns("tbl_return", {"Directorate": Look("Comment"), "Limit": Look("Actual")})
    assert template.columns("tbl_return") == (*COLUMNS, "Directorate", "Limit")
    assert raws(template) == before
    template.write_table("tbl_return", [{"KPI": "A01", "Directorate": "Nursing", "Limit": 90}, {"KPI": "B02"}])
    template.save(path)
    assert raws(template_kind.open(path)) == [
        {"KPI": "A01", "Directorate": "Nursing", "Limit": "90"},
        {"KPI": "B02"},
    ]


@pytest.mark.libreoffice
def test_an_open_workbook_gets_no_column_and_says_what_to_do(calc: Calc, path: Path) -> None:
    book = Live(calc).make(path)
    with pytest.raises(WorkbookError, match=r"lacks the column 'Directorate'.*close it, run xlperf collate"):
        book.add_columns("tbl_return", {"Directorate": Look("Comment")})
    assert book.columns("tbl_return") == COLUMNS


def test_an_unknown_table_is_not_found_and_those_there_are_named(book: WorkbookPort) -> None:
    with pytest.raises(TableNotFound, match="tbl_notes, tbl_return"):
        book.read_table("tbl_missing")
    with pytest.raises(TableNotFound, match="tbl_notes, tbl_return"):
        book.write_table("tbl_missing", [])


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_a_table_grows_and_shrinks_to_fit(book: WorkbookPort, count: int) -> None:
    book.write_table("tbl_return", [{"KPI": f"K{i}"} for i in range(count)])
    assert raws(book) == [{"KPI": f"K{i}"} for i in range(count)]


def test_no_rows_leave_one_blank_row(book: WorkbookPort) -> None:
    book.write_table("tbl_return", [])
    assert raws(book) == [{}]
    book.write_table("tbl_return", [{"KPI": "again"}, {}])
    assert raws(book) == [{"KPI": "again"}, {}]


def test_a_missing_header_leaves_the_cell_blank(book: WorkbookPort) -> None:
    book.write_table("tbl_return", [{"Comment": "only this"}])
    assert raws(book) == [{"Comment": "only this"}]


def test_a_missing_header_fills_the_formula_of_the_first_row_down(book: WorkbookPort) -> None:
    book.write_table("tbl_return", [{"KPI": "a"}, {"KPI": "b"}, {"KPI": "c"}])
    assert [row["Doubled"].is_formula for row in book.read_table("tbl_return").rows] == [True] * 3


def test_a_value_given_wins_over_the_formula(book: WorkbookPort) -> None:
    book.write_table("tbl_return", [{"KPI": "a"}, {"Doubled": 3}, {"KPI": "c", "Doubled": None}])
    cells = [row["Doubled"] for row in book.read_table("tbl_return").rows]
    assert [cell.is_formula for cell in cells] == [True, False, False]
    assert [cell.raw for cell in cells[1:]] == ["3", ""]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\tx",
        "\rx",
        "a\r\nb",
        " spaces ",
        "001",
        "1/2",
        "TRUE",
        "#N/A",
        "<&>\"'",
        "_x0041_",
        "{{ owner }}",
        "=cmd|' /C calc'!A0",
        "é🙂",
    ],
)
def test_text_stays_text_whatever_it_begins_with(kind: Kind, book: WorkbookPort, text: str) -> None:
    book.write_table("tbl_return", [{"Comment": text}])
    book.write_name("owner", text)
    cell = book.read_table("tbl_return").rows[0]["Comment"]
    assert (cell.kind, cell.raw, cell.is_formula) == (CellKind.TEXT, kind.kept(text), False)
    assert book.read_name("owner") == kind.kept(text)


@pytest.mark.parametrize(
    ("value", "cell_kind", "raw"),
    [
        (True, CellKind.BOOLEAN, "TRUE"),
        (False, CellKind.BOOLEAN, "FALSE"),
        (0, CellKind.NUMBER, "0"),
        (-3, CellKind.NUMBER, "-3"),
        (0.1, CellKind.NUMBER, "0.1"),
        (1e300, CellKind.NUMBER, "1e+300"),
        (date(2026, 4, 1), CellKind.NUMBER, "46113"),
        (datetime(2026, 4, 1, 12), CellKind.NUMBER, "46113.5"),
        (None, CellKind.BLANK, ""),
    ],
)
def test_values_keep_their_kind(book: WorkbookPort, value: CellValue, cell_kind: CellKind, raw: str) -> None:
    book.write_table("tbl_return", [{"Due": value}])
    cell = book.read_table("tbl_return").rows[0]["Due"]
    assert (cell.kind, cell.raw) == (cell_kind, raw)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "x" * 32_768])
def test_what_a_cell_cannot_hold_is_refused_and_nothing_changes(book: WorkbookPort, value: CellValue) -> None:
    before = book.read_table("tbl_return")
    with pytest.raises(WorkbookError):
        book.write_table("tbl_return", [{"KPI": "a"}, {"Comment": value}])
    with pytest.raises(WorkbookError):
        book.write_name("owner", value)
    assert book.read_table("tbl_return") == before
    assert book.read_name("owner") == "Ann"


def test_the_longest_text_is_kept(book: WorkbookPort) -> None:
    book.write_name("owner", "x" * 32_767)
    assert book.read_name("owner") == "x" * 32_767


def test_an_unknown_header_is_refused_and_the_columns_are_listed(book: WorkbookPort) -> None:
    before = book.read_table("tbl_return")
    with pytest.raises(WorkbookError, match=r"'Actuall'.*KPI, Actual, Due, Comment, Doubled"):
        book.write_table("tbl_return", [{"KPI": "a"}, {"Actuall": 1}])
    assert book.read_table("tbl_return") == before


def test_growing_over_filled_cells_is_refused_and_nothing_changes(book: WorkbookPort) -> None:
    before = book.read_table("tbl_return")
    with pytest.raises(WorkbookError, match=r"'Return'.*12.*move"):
        book.write_table("tbl_return", [{}] * 8)
    assert book.read_table("tbl_return") == before


def test_other_tables_stay(book: WorkbookPort) -> None:
    before = book.read_table("tbl_notes")
    book.write_table("tbl_return", [{}] * 5)
    assert book.read_table("tbl_notes") == before


@pytest.mark.parametrize("value", ["text", 5, -0.25, True, None])
@pytest.mark.parametrize("name", ["owner", "serial"])
def test_a_named_value_is_read_back_as_written(book: WorkbookPort, name: str, value: CellValue) -> None:
    book.write_name(name, value)
    assert book.read_name(name) == value
    assert type(book.read_name(name)) is type(value)


@pytest.mark.parametrize("value", [date(2027, 1, 31), datetime(2027, 1, 31, 9, 30)])
def test_a_named_date_is_read_back_as_a_date(book: WorkbookPort, value: date) -> None:
    assert book.read_name("deadline") == date(2026, 7, 31)
    book.write_name("deadline", value)
    assert book.read_name("deadline") == value


@pytest.mark.parametrize("act", [lambda b: b.read_name("nobody"), lambda b: b.write_name("nobody", 1)])
def test_an_unknown_name_is_refused_and_those_there_are_named(
    book: WorkbookPort, act: Callable[[WorkbookPort], None]
) -> None:
    with pytest.raises(WorkbookError, match=r"'nobody'.*deadline, owner, serial"):
        act(book)


def test_fill_renders_every_placeholder(template_kind: TemplateKind, template: WorkbookPort) -> None:
    template.fill({"deadline": "31 July", "owner": "=Ann & Bob", "spare": 1})
    assert template_kind.text(template, "Read me", "B4") == "By 31 July, =Ann & Bob"
    assert template_kind.text(template, "Read me", "B5") == "As it is"


def test_an_unknown_placeholder_is_refused_naming_sheet_and_cell(
    template_kind: TemplateKind, template: WorkbookPort
) -> None:
    with pytest.raises(TemplateError, match=r"sheet 'Read me', cell B4: unknown placeholder 'owner'.*deadline"):
        template.fill({"deadline": "31 July"})
    assert template_kind.text(template, "Read me", "B4") == "By {{ deadline }}, {{ owner }}"


def test_a_saved_workbook_holds_what_was_written(kind: Kind, book: WorkbookPort, path: Path) -> None:
    book.write_table("tbl_return", [{"KPI": "saved"}])
    book.write_name("serial", 3)
    book.save(path)
    again = kind.open(path)
    assert raws(again) == [{"KPI": "saved"}]
    assert again.read_name("serial") == 3
    assert [entry.name for entry in path.parent.iterdir() if not entry.name.startswith(".~lock")] == ["out.xlsx"]


def test_a_file_in_use_stays_as_it_was(template: WorkbookPort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise PermissionError(13, "in use")

    target = tmp_path / "out.xlsx"
    target.write_bytes(b"before")
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(WorkbookInUse, match=r"out\.xlsx"):
        template.save(target)
    assert target.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["out.xlsx"]


def test_a_folder_that_is_not_there_is_an_error(template: WorkbookPort, tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="missing"):
        template.save(tmp_path / "missing" / "out.xlsx")
