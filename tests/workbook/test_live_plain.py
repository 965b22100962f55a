"""What of the open workbook needs no spreadsheet program: Excel's refusals, planning, and a machine without Excel."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from xlperf.errors import TableNotFound, WorkbookError, WorkbookInUse
from xlperf.tables import BLANK, Cell, CellKind, NumberStyle
from xlperf.workbook.a1 import Area
from xlperf.workbook.live import faults, from_caller
from xlperf.workbook.live.cells_from_excel import CellBlock, Sample, to_cell, value_of
from xlperf.workbook.live.meanwhile import Meanwhile
from xlperf.workbook.live.places import Place
from xlperf.workbook.live.planning import Carried, Given, LiveRow, Plan, plan_cell, plan_table, stands_already
from xlperf.workbook.live.saving import save
from xlperf.workbook.port import CellValue

WHERE = "master.xlsx, sheet 'Data'"


class ComError(Exception):
    """As `pywintypes.com_error`, which is on Windows only."""

    def __init__(self, hresult: int, words: str | None = None, scode: int | None = None) -> None:
        self.hresult, self.strerror, self.argerror = hresult, "Exception occurred.", None
        self.excepinfo = (0, "Microsoft Excel", words, "xlmain11.chm", 0, scode) if words or scode else None
        super().__init__(hresult, self.strerror, self.excepinfo, None)


class ExcelBusyError(Exception):
    """As xlwings' own."""


OCCURRED, APPLICATION_DEFINED = -2147352567, -2146827284
BUSY = (ComError(-2147418111), ComError(-2147417846), ComError(OCCURRED, None, -2146777998), ExcelBusyError())
GONE = tuple(map(ComError, (-2147417848, -2147417851, -2147220995, -2147023174, -2147023170)))
PROTECTED = ComError(OCCURRED, "The cell you're trying to change is on a protected\nsheet.", APPLICATION_DEFINED)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        *((error, "Excel is busy: somebody is typing in a cell") for error in BUSY),
        *((error, "was closed, or Excel has stopped") for error in GONE),
        (PROTECTED, "is protected, so it cannot be brought up to date; on the Review tab choose Unprotect Sheet"),
        (
            ComError(OCCURRED, "Resize method of\nListObject class failed.", APPLICATION_DEFINED),
            "Excel refused (Resize",
        ),
        (ComError(OCCURRED), "Excel refused (Exception occurred)"),
        (AttributeError("<unknown>.Range"), "Excel refused (<unknown>.Range)"),
        (RuntimeError(), "Excel refused (RuntimeError)"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else type(value).__name__,
)
def test_every_refusal_of_excel_is_one_plain_sentence(error: Exception, said: str) -> None:
    with pytest.raises(WorkbookError) as caught, faults.plainly(WHERE):
        raise error
    message = str(caught.value)
    assert message.startswith(WHERE)
    assert said in message
    assert "\n" not in message
    assert "hresult" not in message
    assert "-21" not in message
    assert caught.value.__cause__ is error


def test_our_own_errors_and_a_stop_pass_as_they_are() -> None:
    for error in (TableNotFound("tbl_x", ()), KeyboardInterrupt()):
        with pytest.raises(type(error)) as caught, faults.plainly(WHERE):
            raise error
        assert caught.value is error


@pytest.mark.parametrize("error", BUSY, ids=repr)
def test_a_busy_excel_is_waited_for(error: Exception) -> None:
    answers: Iterator[Exception | str] = iter((error, error, "done"))

    def act(mark: str) -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer + mark

    assert faults.patiently(act, "!") == "done!"


def test_patience_ends_and_is_for_a_busy_excel_only() -> None:
    calls = []

    def act(error: Exception) -> None:
        calls.append(error)
        raise error

    with pytest.raises(ComError):
        faults.patiently(act, BUSY[0], seconds=0.25)
    assert 2 <= len(calls) <= 4
    for error in (*GONE, PROTECTED, ValueError("x")):
        calls.clear()
        with pytest.raises(type(error)):
            faults.patiently(act, error)
        assert len(calls) == 1


def test_what_is_for_looks_is_let_go_but_not_that_excel_is_gone() -> None:
    def act(error: Exception) -> str:
        with faults.for_looks():
            raise error
        return "let go"  # type: ignore[unreachable]

    assert act(PROTECTED) == "let go"
    with pytest.raises(ComError):
        act(GONE[0])


def test_xlwings_is_kept_from_trying_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    windows: Any = ModuleType("xlwings._xlwindows")
    windows.cleanup = print
    windows.N_COM_ATTEMPTS = 0  # "try indefinitely"
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", windows)
    faults.tame_xlwings()
    assert windows.N_COM_ATTEMPTS == 1


@pytest.mark.parametrize(
    ("refusal", "said"), [(BUSY[0], "somebody is typing in a cell"), (PROTECTED, "cannot be found in Excel")]
)
def test_a_busy_excel_is_not_taken_for_one_without_the_workbook(
    monkeypatch: pytest.MonkeyPatch, refusal: Exception, said: str
) -> None:
    def caller() -> None:
        try:
            raise refusal
        except ComError:
            raise KeyError("master.xlsx")  # noqa: B904  as xlwings does it, whatever was refused

    monkeypatch.setattr("xlwings.Book.caller", caller)
    monkeypatch.setattr("xlperf.workbook.live.attaching.patiently", lambda act, *given: act(*given))
    monkeypatch.setattr(sys, "argv", ["addin", "--wb=master.xlsx", "--from_xl=1", "--hwnd=1"])
    with pytest.raises(WorkbookError, match=said):
        from_caller()


def test_a_flag_that_is_not_there_is_not_set() -> None:
    class Sheet:
        class api:  # noqa: N801
            ProtectContents = True
            Reference = object()

    assert faults.native_flag(Sheet, "ProtectContents") is True
    assert faults.native_flag(Sheet, "Reference") is False
    assert faults.native_flag(Sheet, "Nobody") is False
    assert faults.native_flag(object(), "ProtectContents") is False


# Reading --------------------------------------------------------------------------------------------------------------

NOON = datetime(2026, 7, 31, 12, tzinfo=UTC)  # pywin32's dates have a time zone


@pytest.mark.parametrize(
    ("value", "formula", "cell"),
    [
        (None, "", BLANK),
        ("", "", BLANK),
        ("", '=""', Cell(CellKind.TEXT, "", "B2", is_formula=True)),
        (None, "=A1", Cell(CellKind.UNCALCULATED, "", "B2", is_formula=True)),
        ("x", "x", Cell(CellKind.TEXT, "x", "B2")),
        ("=1+1", "=1+1", Cell(CellKind.TEXT, "=1+1", "B2")),
        (2.0, "=1+1", Cell(CellKind.NUMBER, "2", "B2", is_formula=True)),
        (0.1, "0.1", Cell(CellKind.NUMBER, "0.1", "B2")),
        (0.1 + 0.2, "0.3", Cell(CellKind.NUMBER, "0.30000000000000004", "B2")),
        (1e300, "1E+300", Cell(CellKind.NUMBER, "1e+300", "B2")),
        (True, "TRUE", Cell(CellKind.BOOLEAN, "TRUE", "B2")),
        (False, "=1=2", Cell(CellKind.BOOLEAN, "FALSE", "B2", is_formula=True)),
        (-2146826281, "=1/0", Cell(CellKind.ERROR, "#DIV/0!", "B2", is_formula=True)),
        (-2146826246, "#N/A", Cell(CellKind.ERROR, "#N/A", "B2")),
        (-2146826243, "=A1#", Cell(CellKind.ERROR, "#SPILL!", "B2", is_formula=True)),
        ("#N/A", "#N/A", Cell(CellKind.TEXT, "#N/A", "B2")),
        (NOON, "46234.5", Cell(CellKind.NUMBER, "46234.5", "B2")),
        (NOON, "46234.5000012345", Cell(CellKind.NUMBER, "46234.5000012345", "B2")),
        (NOON, "=NOW()", Cell(CellKind.NUMBER, "46234.5", "B2", is_formula=True)),
        (Decimal("1234.5679"), "1234.56789", Cell(CellKind.NUMBER, "1234.56789", "B2")),
        (Decimal("2.5"), "=A1", Cell(CellKind.NUMBER, "2.5", "B2", is_formula=True)),
    ],
)
def test_what_com_hands_out_becomes_the_cell_that_a_file_would_give(value: object, formula: str, cell: Cell) -> None:
    assert to_cell(value, formula, "B2", NumberStyle.GENERAL, date_1904=False) == cell


def test_a_date_read_from_one_cell_is_of_the_workbook_s_own_calendar() -> None:
    cell = Cell(CellKind.NUMBER, "46234", "B2", NumberStyle.DATE)
    assert value_of(cell, False, WHERE) == date(2026, 7, 31)
    assert value_of(cell, True, WHERE) == date(2030, 8, 1)


def test_what_somebody_typed_since_a_table_was_read_is_not_overwritten() -> None:
    class Cells:
        raw_value: Any = "as it was"
        formula = "as it was"

        def range(self, *_: object) -> Cells:
            return self

    cells: Any = Cells()
    meanwhile = Meanwhile()
    place = Place("tbl_kpis", cells, "KPIs", None, Area(2, 4, 2, 5), ("A",), True, False)
    meanwhile.read(place)
    cells.raw_value = "worked out anew"
    meanwhile.check(place, WHERE)
    cells.formula = "typed since"
    with pytest.raises(WorkbookError, match="somebody typed into table 'tbl_kpis'"):
        meanwhile.check(place, WHERE)


@pytest.mark.parametrize(
    ("was", "now", "is_typed"),
    [
        ("=SUM(KPIs!B4:B6)*2", "=SUM(KPIs!B5:B7)*2", False),
        ("=KPIs!$B$4", "=KPIs!#REF!", False),
        ("='two words'!B4&\" B4\"", '=#REF!&" B4"', False),
        ("=B4*2", "=B5*3", True),
        ("=B4", "12", True),
        ("=B4", "", True),
        ('="old"&B4', '="new"&B4', True),
        ("=SUM(B4:B6)", "=AVERAGE(B4:B6)", True),
        ("12", "=B4", True),
        ("B4", "B5", True),
    ],
)
def test_where_rows_were_moved_a_formula_that_follows_them_is_told_from_one_that_somebody_typed(
    was: str, now: str, is_typed: bool
) -> None:
    class Cells:
        raw_value: Any = 1
        formula = was

        def range(self, *_: object) -> Cells:
            return self

    cells: Any = Cells()
    meanwhile = Meanwhile()
    place = Place("tbl_kpis", cells, "KPIs", None, Area(2, 4, 2, 5), ("A",), True, False)
    meanwhile.read(place)
    meanwhile.read_again(place)
    cells.formula = now
    refused = pytest.raises(WorkbookError, match="somebody typed") if is_typed else contextlib.nullcontext()
    with refused:
        meanwhile.check(place, WHERE)


def test_a_workbook_open_read_only_is_not_saved() -> None:
    class Book:
        fullname = str(Path("/w/master.xlsx"))
        saved = 0

        class api:  # noqa: N801
            ReadOnly = True

        def save(self) -> None:
            self.saved += 1

    book: Any = Book()
    with pytest.raises(WorkbookInUse, match="open read-only"):
        save(book, "master.xlsx", Path("/w/master.xlsx"))
    assert book.saved == 0
    book.api.ReadOnly = False
    save(book, "master.xlsx", Path("/w/master.xlsx"))
    assert book.saved == 1


# Planning -------------------------------------------------------------------------------------------------------------


def planned(code: str, *values: CellValue, formula: str = "") -> tuple[str, list[object], dict[tuple[int, int], str]]:
    """Number format, cells and odd cells of one column whose first cell has a number format."""
    missing = object()
    rows = [{} if value is missing else {"A": value} for value in values]
    plan = plan_table([Sample("A", "B", code, formula)], rows, 5, date_1904=False)
    return plan.formats[0], [row[0] for row in plan.cells], plan.odd


@pytest.mark.parametrize(
    ("code", "values", "expected"),
    [
        ("@", ("=1", "001"), ("@", ["=1", "001"])),
        ("@", ("=1", None), ("@", ["=1", ""])),
        ("General", ("=1", "001"), ("@", ["=1", "001"])),
        ("General", ("=1", None), ("General", ["'=1", ""])),
        ("General", ("=1", 2), ("General", ["'=1", 2.0])),
        ("General", ("x" * 300, "001"), ("General", ["'" + "x" * 300, "'001"])),
        ("@", ("x" * 300, "001"), ("@", ["x" * 300, "001"])),
        ("@", ("001", 2), ("General", ["'001", 2.0])),
        ("@", ("001", True), ("General", ["'001", True])),
        ("0.0%", ("n/a", "001"), ("0.0%", ["'n/a", "'001"])),
        ("dd/mm/yyyy", ("soon", date(2026, 7, 31)), ("dd/mm/yyyy", ["'soon", 46234.0])),
        ("dd/mm/yyyy", (datetime(2026, 7, 31, 12), None), ("dd/mm/yyyy", [46234.5, ""])),
        ("General", (None, None), ("General", ["", ""])),
        ("0.0%", ("x" * 32_767,), ("0.0%", ["x" * 32_767])),
        ("0.0%", ("=" + "x" * 32_766,), ("0.0%", ["'=" + "x" * 32_766])),
    ],
)
def test_what_keeps_texts_texts_and_columns_their_format(
    code: str, values: tuple[CellValue, ...], expected: tuple[str, list[object]]
) -> None:
    assert planned(code, *values) == (*expected, {})


def test_in_a_text_column_a_text_with_an_apostrophe_gets_a_cell_of_its_own_format() -> None:
    assert planned("@", "a", "'b", "c") == ("@", ["a", "''b", "c"], {(1, 0): "General"})


def test_a_person_s_number_is_never_put_back_as_text() -> None:
    rows: list[LiveRow] = [{"A": "001"}, {"A": Carried(5.0, "@")}, {"A": Carried(0.5, "0%")}]
    plan = plan_table([Sample("A", "B", "@", "")], rows, 5, date_1904=False)
    assert (plan.formats, plan.cells, plan.odd) == (("General",), [["'001"], [5.0], [0.5]], {(2, 0): "0%"})


@pytest.mark.parametrize(("planned_cell", "value", "formula", "stands"), [
    (True, True, "TRUE", True), (True, 1.0, "1", False), (1.0, True, "TRUE", False), (1.0, 1.0, "1", True),
    (1.0, 1.0, "=A1", False), ("1", 1.0, "1", False), ("", None, "", True),
])  # fmt: skip
def test_only_what_stands_there_cell_for_cell_is_not_written_again(
    planned_cell: Given, value: object, formula: str, stands: bool
) -> None:
    plan = Plan(("General",), [[planned_cell]], {}, {})
    assert stands_already(plan, CellBlock(Area(1, 2, 1, 2), [[value]], [[formula]]), date_1904=False) is stands


def test_a_column_with_formulas_is_never_formatted_as_text() -> None:
    plan = plan_table([Sample("A", "B", "@", "=C5*2")], [{}, {"A": "=x"}, {}], 5, date_1904=False)
    assert (plan.formats, plan.cells) == (("General",), [["=C5*2"], ["'=x"], ["=C7*2"]])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), date(1899, 1, 1), "x" * 32_768, 10**400])
def test_what_no_cell_can_hold_is_refused_with_its_place(value: CellValue) -> None:
    with pytest.raises(WorkbookError, match="cell B6" if not isinstance(value, date) else "before the first day"):
        planned("General", 1, value)


@pytest.mark.parametrize(
    ("value", "code", "given", "needed"),
    [
        ("=1", "General", "'=1", "General"),
        ("001", "@", "001", "@"),
        ("'001", "@", "''001", "General"),
        (5, "@", 5.0, "General"),
        (None, "@", "", "@"),
        (date(2026, 7, 31), "dd mmm yyyy", 46234.0, "dd mmm yyyy"),
    ],
)
def test_a_single_cell_is_given_what_it_is_to_hold(value: CellValue, code: str, given: object, needed: str) -> None:
    assert plan_cell(value, code, "C3", date_1904=False) == (given, needed)
