"""The macros run, in LibreOffice, as a click on each button runs them; what they did stands on the add-in's own sheet.

LibreOffice has no WScript.Shell, so here every start ends as on a desktop that forbids it: the command line is written
down, then the message says what to do instead. If a module did not compile, every call would silently do nothing; so
effects are asserted.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

import xlperf
from tests.calc_engine.office import NoLibreOffice, Office, uno_module
from xlperf.desktop.addin_file import ITEMS, AddinSettings, write_settings
from xlperf.workflow.workspace import shipped

pytestmark = pytest.mark.libreoffice

BUTTONS = {
    "Generate": "generate",
    "Collate": "collate",
    "Status": "status",
    "Chase": "chase",
    "Publish": "publish",
    "Packs": "packs",
    "OpenFolder": "open-folder",
    "Help": "help",
}
PYTHON, WORKSPACE = r"C:\Program Files\Python312\pythonw.exe", r"\\server\Perf & Planning\2026-27"
FORBIDDEN = "This computer does not let Excel start xlperf"


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    try:
        running = Office.start()
    except NoLibreOffice as reason:
        pytest.skip(str(reason))
    yield running
    running.kill()


class Desk:
    """A spreadsheet program with the add-in loaded, and workbooks open beside it."""

    def __init__(self, office: Office, folder: Path, python: str = PYTHON, workspace: str = WORKSPACE) -> None:
        self._office = office
        self._documents: list[Any] = []
        xlam = folder / "xlperf.xlam"
        if python:
            write_settings(shipped("macros") / "xlperf.xlam", AddinSettings(python, workspace), to=xlam)
        else:
            shutil.copy(shipped("macros") / "xlperf.xlam", xlam)
        always = 4  # com.sun.star.document.MacroExecMode.ALWAYS_EXECUTE_NO_WARN
        self._addin = self._load(xlam, Hidden=True, FilterName="Calc MS Excel 2007 VBA XML", MacroExecutionMode=always)

    def open(self, workbook: Path) -> None:
        """Open a workbook; it is then the active one."""
        self._load(workbook)

    def press(self, sub: str) -> None:
        """Run one Sub of the add-in, without arguments."""
        self._run(sub, ())

    def click(self, callback: str) -> None:
        """Run a callback of the ribbon as a click does, with a control; here any object stands for it."""
        self._run(callback, (self._addin,))

    def _run(self, sub: str, arguments: tuple[Any, ...]) -> None:
        for item in ("last_command", "last_message"):
            self._cell(item).String = ""
        url = f"vnd.sun.star.script:VBAProject.{sub}?language=Basic&location=document"
        self._addin.getScriptProvider().getScript(url).invoke(arguments, (), ())

    def setting(self, item: str) -> str:
        """What stands on the add-in's sheet of settings."""
        return str(self._cell(item).String)

    def close(self) -> None:
        """Close everything, unsaved."""
        for document in reversed(self._documents):
            document.close(True)

    def _cell(self, item: str) -> Any:
        return self._addin.Sheets.getByName("settings").getCellByPosition(1, ITEMS.index(item))

    def _load(self, path: Path, **options: Any) -> Any:
        values = []
        for name, value in options.items():
            values.append(uno_module().createUnoStruct("com.sun.star.beans.PropertyValue"))
            values[-1].Name, values[-1].Value = name, value
        document = self._office.desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, tuple(values))
        assert document is not None, f"{path.name} did not open"
        self._documents.append(document)
        return document


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(office, tmp_path)
    yield made
    made.close()


def master(folder: Path, name: str = "master.xlsx") -> Path:
    return Path(shutil.copy(shipped("workbook_templates") / "master.xlsx", folder / name))


def a_return(folder: Path) -> Path:
    return Path(shutil.copy(shipped("workbook_templates") / "return.xlsx", folder / "return.xlsx"))


def command_line(button: str, book: str = "master.xlsx", python: str = PYTHON, workspace: str = WORKSPACE) -> str:
    return (
        f'"{python}" -E -P -m xlperf.addin {button} "--wb={book}" --from_xl=1 --hwnd=0 '
        f'"--workspace={workspace}" --version={xlperf.__version__}'
    )


# ---- what each button starts ----------------------------------------------------------------------------------------


def test_a_button_starts_the_python_of_its_settings(desk: Desk, tmp_path: Path) -> None:
    desk.open(master(tmp_path))
    started = {}
    for sub in BUTTONS:
        desk.press(f"Buttons.{sub}")
        started[sub] = desk.setting("last_command")
    assert started == {sub: command_line(button) for sub, button in BUTTONS.items()}


def test_the_ribbon_s_callbacks_reach_the_buttons(desk: Desk, tmp_path: Path) -> None:
    desk.open(master(tmp_path))
    started = {}
    for sub in BUTTONS:
        desk.click(f"Ribbon.On{sub}")
        started[sub] = desk.setting("last_command")
    assert started == {sub: command_line(button) for sub, button in BUTTONS.items()}


def test_where_starting_programs_is_forbidden_one_message_names_the_shortcut(desk: Desk, tmp_path: Path) -> None:
    desk.open(master(tmp_path))
    desk.press("Buttons.Collate")
    said = desk.setting("last_message")
    assert said.startswith(FORBIDDEN)
    assert '"xlperf collate" in the Start menu' in said
    assert "xlperf doctor" in said


@pytest.mark.parametrize("name", ["Master – Q1 (final) & co.xlsx", "Meistr perfformiad Ebrill ŵ.xlsx"])
def test_a_workbook_s_name_reaches_the_command_line_as_it_is(desk: Desk, tmp_path: Path, name: str) -> None:
    desk.open(master(tmp_path, name))
    desk.press("Buttons.Collate")
    assert desk.setting("last_command") == command_line("collate", book=name)


def test_the_root_of_a_drive_does_not_swallow_the_quote_after_it(office: Office, tmp_path: Path) -> None:
    desk = Desk(office, tmp_path, workspace="P:\\")
    desk.open(master(tmp_path))
    desk.press("Buttons.Collate")
    assert desk.setting("last_command") == command_line("collate", workspace="P:\\\\")
    desk.close()


def test_a_workbook_with_settings_of_its_own_redirects_nothing(desk: Desk, tmp_path: Path) -> None:
    """A returned workbook may hold anything, a sheet `settings` and our names included."""
    planted = tmp_path / "planted.xlsx"
    book = xlsxwriter.Workbook(str(planted))
    sheet = book.add_worksheet("settings")
    for row, item in enumerate(ITEMS):
        sheet.write(row, 1, r"C:\evil.exe")
        book.define_name(item, f"=settings!$B${row + 1}")
    book.define_name("dash_title", "=settings!$A$1")
    book.close()
    desk.open(planted)
    desk.press("Buttons.Collate")
    assert desk.setting("last_command") == command_line("collate", book="planted.xlsx")


# ---- guards ---------------------------------------------------------------------------------------------------------


def test_with_no_workbook_open_nothing_is_started(desk: Desk) -> None:
    for sub in BUTTONS:
        desk.press(f"Buttons.{sub}")
        assert desk.setting("last_command") == ""
        assert desk.setting("last_message") == "No workbook is open. Open the master, then press the button again."


def test_what_needs_a_master_refuses_another_workbook(desk: Desk, tmp_path: Path) -> None:
    desk.open(a_return(tmp_path))
    for sub in ("Collate", "Publish", "Packs"):
        desk.press(f"Buttons.{sub}")
        assert desk.setting("last_command") == ""
        assert desk.setting("last_message").startswith("return.xlsx is not a master. Click on the master")


def test_the_other_buttons_work_from_any_workbook(desk: Desk, tmp_path: Path) -> None:
    desk.open(a_return(tmp_path))
    for sub in set(BUTTONS) - {"Collate", "Publish", "Packs"}:
        desk.press(f"Buttons.{sub}")
        assert desk.setting("last_command") == command_line(BUTTONS[sub], book="return.xlsx")


@pytest.mark.parametrize("name", ["a=b.xlsx", 'say "master".xlsx', "%TEMP%.xlsx"])
def test_a_name_that_cannot_be_passed_on_is_refused(desk: Desk, tmp_path: Path, name: str) -> None:
    desk.open(master(tmp_path, name))
    desk.press("Buttons.Collate")
    assert desk.setting("last_command") == ""
    assert desk.setting("last_message").startswith('The name of this workbook has one of = % " in it')


def test_an_add_in_that_was_not_set_up_says_so(office: Office, tmp_path: Path) -> None:
    desk = Desk(office, tmp_path, python="")
    desk.open(master(tmp_path))
    desk.press("Buttons.Collate")
    assert desk.setting("last_command") == ""
    assert "xlperf addin install" in desk.setting("last_message")
    desk.close()


def test_the_next_click_is_judged_afresh(desk: Desk, tmp_path: Path) -> None:
    desk.press("Buttons.Collate")
    desk.open(master(tmp_path))
    desk.press("Buttons.Collate")
    assert desk.setting("last_command") == command_line("collate")
    assert desk.setting("last_message").startswith(FORBIDDEN)
