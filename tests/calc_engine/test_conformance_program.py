"""The program and its workbooks and sheets are to xlwings what Excel's are."""

from __future__ import annotations

import sys
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw

from tests.calc_engine.comerror import ComError
from tests.calc_engine.fixture import Calc

pytestmark = pytest.mark.libreoffice


# ---- the program ---------------------------------------------------------------------------------------------------


def test_a_program_without_a_workbook_cannot_be_found_as_with_excel(calc: Calc) -> None:
    assert list(xw.apps) == []
    book = calc.app.books.add()
    assert xw.apps.keys() == [calc.app.pid]
    assert xw.apps.active == calc.app
    assert xw.books.active.name == book.name == "Book1"


def test_status_bar_alerts_and_switches_are_kept_for_the_test_to_see(calc: Calc) -> None:
    app = calc.app

    def switches() -> tuple[object, ...]:
        return app.status_bar, app.screen_updating, app.calculation

    assert switches() == (False, True, "automatic")
    with app.properties(status_bar="Reading 3 of 9", screen_updating=False, calculation="manual"):
        assert switches() == ("Reading 3 of 9", False, "manual")
    assert switches() == (False, True, "automatic")
    assert calc.status_messages == ["Reading 3 of 9", False]

    calc.answers.append("no")
    assert app.alert("Go on?", title="xlperf", buttons="yes_no") == "no"
    assert app.alert("Done.") == "ok"
    assert [alert.prompt for alert in calc.alerts] == ["Go on?", "Done."]


def test_manual_calculation_leaves_results_standing_until_calculate(calc: Calc, sheet: xw.Sheet) -> None:
    sheet["A1:A2"].value = [[1], ["=A1*10"]]
    calc.app.calculation = "manual"
    sheet["A1"].value = 2
    assert sheet["A2"].value == 10
    calc.app.calculate()
    assert sheet["A2"].value == 20
    calc.app.calculation = "automatic"
    sheet["A1"].value = 3
    assert sheet["A2"].value == 30


def test_the_calling_book_is_found_by_the_arguments_of_the_ribbon(
    calc: Calc, workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calc.open(workbook)
    calc.app.books.add()
    monkeypatch.setattr(sys, "argv", ["xlperf.addin", "collate", f"--wb={workbook.name}", *calc.arguments])
    assert xw.Book.caller().fullname == str(workbook)


def test_a_module_runs_in_a_process_of_its_own_as_from_the_ribbon(calc: Calc, workbook: Path, tmp_path: Path) -> None:
    (tmp_path / "clicked.py").write_text(
        "import sys\n"
        "import xlwings as xw\n"
        "assert sys.argv[1:2] == ['collate'], sys.argv\n"
        "book = xw.Book.caller()\n"
        "book.app.status_bar = 'Working'\n"
        "book.sheets['My Data']['B2'].value = 77\n"
        "book.app.alert(f'{book.name}: done', title='xlperf')\n"
        "raise SystemExit(3)\n"
    )
    book = calc.open(workbook)
    calc.app.books.add()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(tmp_path))
        ran = calc.run("clicked", "collate", f"--wb={book.name}", *calc.arguments)
    assert (ran.code, ran.status_messages) == (3, ["Working"]), ran.output
    assert [(alert.prompt, alert.title) for alert in ran.alerts] == [("Figures.xlsx: done", "xlperf")]
    assert book.sheets["My Data"]["B2"].value == 77


def test_a_busy_excel_rejects_calls_and_then_takes_them_again(calc: Calc, workbook: Path) -> None:
    cell = calc.open(workbook).sheets["My Data"]["B2"]
    calc.reject(2)
    for _ in range(2):
        with pytest.raises(ComError, match="rejected") as caught:
            cell.value = 5
        assert caught.value.hresult == -2147418111
    assert cell.value == 1
    cell.value = 5
    assert cell.value == 5


def test_a_workbook_closed_and_a_program_ended_are_told_apart(calc: Calc, workbook: Path) -> None:
    closed, open_still = calc.open(workbook), calc.app.books.add()
    cell, other = closed.sheets["My Data"]["B2"], open_still.sheets[0]["A1"]
    closed.close()
    for touch in (lambda: cell.value, lambda: closed.name, lambda: closed.save()):
        with pytest.raises(ComError, match="disconnected"):
            touch()
    assert other.value is None
    calc.impl.office.kill()
    with pytest.raises(ComError, match="unavailable"):
        _ = other.value


# ---- workbooks -----------------------------------------------------------------------------------------------------


def test_the_workbook_opened_or_activated_last_is_the_active_one(calc: Calc, workbook: Path) -> None:
    first, second = calc.open(workbook), calc.app.books.add()
    assert calc.app.books.active.name == second.name
    first.activate()
    assert calc.app.books.active.name == xw.books.active.name == "Figures.xlsx"
    assert calc.app.books["figures.XLSX"].fullname == str(workbook)
    first.close()
    assert [book.name for book in calc.app.books] == [second.name]
    with pytest.raises(KeyError):
        calc.app.books["Figures.xlsx"]


def test_save_keeps_the_name_and_save_as_takes_the_new_one(calc: Calc, workbook: Path, tmp_path: Path) -> None:
    book = calc.open(workbook)
    book.sheets["My Data"]["B2"].value = 41
    assert openpyxl.load_workbook(workbook)["My Data"]["B2"].value == 1
    book.save()
    assert openpyxl.load_workbook(workbook)["My Data"]["B2"].value == 41

    copy = tmp_path / "other name.xlsx"
    book.sheets["My Data"]["B2"].value = 42
    book.save(copy)
    assert (book.name, book.fullname) == ("other name.xlsx", str(copy))
    assert openpyxl.load_workbook(workbook)["My Data"]["B2"].value == 41
    assert openpyxl.load_workbook(copy)["My Data"]["B2"].value == 42


def test_a_workbook_opened_read_only_cannot_be_saved_in_place(calc: Calc, workbook: Path, tmp_path: Path) -> None:
    book = calc.app.books.open(workbook, read_only=True)
    assert book.api.ReadOnly is True
    with pytest.raises(ComError, match="read-only"):
        book.save()
    book.save(tmp_path / "copy.xlsx")


def test_two_workbooks_of_one_name_cannot_be_open(calc: Calc, workbook: Path, tmp_path: Path) -> None:
    calc.open(workbook)
    other = calc.app.books.add()
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(ComError, match="same name"):
        other.save(tmp_path / "elsewhere" / workbook.name)


def test_a_pdf_is_made_without_renaming_the_workbook(calc: Calc, workbook: Path, tmp_path: Path) -> None:
    book = calc.open(workbook)
    book.to_pdf(tmp_path / "board.pdf", include=["Totals"])
    assert (tmp_path / "board.pdf").read_bytes().startswith(b"%PDF")
    assert book.fullname == str(workbook)
    assert [sheet.name for sheet in book.sheets if sheet.visible] == ["My Data", "Totals"]


def test_sheets_by_name_and_order_with_their_visibility(calc: Calc, workbook: Path) -> None:
    book = calc.open(workbook)
    assert book.sheet_names == ["My Data", "Totals", "Hidden"]
    assert [bool(sheet.visible) for sheet in book.sheets] == [True, True, False]
    assert (book.sheets["totals"].index, book.sheets[1].name) == (2, "Totals")
    book.sheets["Totals"].activate()
    assert book.sheets.active.name == "Totals"
    with pytest.raises(ComError):
        book.sheets["Hidden"].activate()
    with pytest.raises(ComError):
        book.sheets["No such"]
    assert book.sheets["My Data"].used_range.address == "$A$1:$F$4"


def test_a_print_area_is_a_name_of_its_sheet_as_well(calc: Calc, workbook: Path) -> None:
    sheet = calc.open(workbook).sheets["My Data"]
    assert sheet.page_setup.print_area == "$A$1:$C$4"
    assert len(sheet.names) == 1
    name = sheet.names["Print_Area"]
    assert (name.name, name.refers_to) == ("'My Data'!Print_Area", "='My Data'!$A$1:$C$4")
    name.refers_to = "='My Data'!$A$1:$C$9"
    assert sheet.page_setup.print_area == "$A$1:$C$9"
    sheet.book.save()
    assert openpyxl.load_workbook(workbook)["My Data"].print_area == "'My Data'!$A$1:$C$9"
    sheet.page_setup.print_area = None
    assert (sheet.page_setup.print_area, [name.name for name in sheet.names]) == (None, [])


def test_a_program_that_died_is_replaced_in_the_next_test_one(calc: Calc) -> None:
    calc.app.books.add()
    calc.impl.office.kill()
    assert not calc.impl.office.is_alive


def test_a_program_that_died_is_replaced_in_the_next_test_two(calc: Calc) -> None:
    assert calc.app.books.add().sheets[0]["A1"].value is None
