"""The settings of an installed add-in: what install writes and the macros read."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import xlperf
from xlperf.desktop.addin_file import AddinSettings, code_sha256, is_as_written, read_settings, write_settings
from xlperf.errors import WorkbookError
from xlperf.workbook.file import FileWorkbook
from xlperf.workflow.workspace import shipped

BUILT = shipped("macros") / "xlperf.xlam"


@pytest.fixture
def xlam(tmp_path: Path) -> Path:
    return Path(shutil.copy(BUILT, tmp_path / "xlperf.xlam"))


@pytest.mark.parametrize(
    ("python", "workspace"),
    [
        (r"C:\Program Files\Python 3.12\pythonw.exe", r"\\server\Perf & Planning\2026-27"),
        (r"C:\Users\Siân\AppData\Local\Python\pythonw.exe", "P:\\"),
        ("/usr/bin/python3", "/home/o'neill/<perf>"),
    ],
)
def test_what_is_written_is_read_back(xlam: Path, python: str, workspace: str) -> None:
    written = write_settings(xlam, AddinSettings(python, workspace, shortcut="s.lnk", shortcut_sha256="ab"))
    assert read_settings(xlam) == written
    assert (written.python, written.workspace, written.version) == (python, workspace, xlperf.__version__)
    assert (written.shortcut, written.shortcut_sha256) == ("s.lnk", "ab")


def test_it_can_be_written_elsewhere_and_leaves_the_shipped_one_alone(tmp_path: Path) -> None:
    before = BUILT.read_bytes()
    write_settings(BUILT, AddinSettings("p", "w"), to=tmp_path / "mine.xlam")
    assert BUILT.read_bytes() == before
    assert read_settings(tmp_path / "mine.xlam").workspace == "w"


def test_macros_and_ribbon_stay_byte_for_byte(xlam: Path) -> None:
    write_settings(xlam, AddinSettings("p", "w"))
    with zipfile.ZipFile(BUILT) as old, zipfile.ZipFile(xlam) as new:
        assert old.namelist() == new.namelist()
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert changed <= {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}
    assert code_sha256(xlam) == code_sha256(BUILT)


def test_writing_the_same_twice_gives_the_same_file(xlam: Path) -> None:
    write_settings(xlam, AddinSettings("p", "w"))
    once = xlam.read_bytes()
    write_settings(xlam, AddinSettings("p", "w"))
    assert xlam.read_bytes() == once


def test_a_person_s_change_is_noticed(xlam: Path) -> None:
    write_settings(xlam, AddinSettings("p", "w"))
    assert is_as_written(xlam)
    book = FileWorkbook.open(xlam)
    book.write_name("workspace", "elsewhere")
    book.save(xlam)
    assert not is_as_written(xlam)


def test_changed_macros_are_noticed(xlam: Path) -> None:
    write_settings(xlam, AddinSettings("p", "w"))
    book = FileWorkbook.open(xlam)
    book.package.set_part("customUI/customUI.xml", book.package.part("customUI/customUI.xml") + b"<!-- mine -->")
    book.save(xlam)
    assert not is_as_written(xlam)


def test_the_shipped_file_is_not_taken_for_an_installed_one() -> None:
    assert not is_as_written(BUILT)


@pytest.mark.parametrize(
    ("python", "workspace"),
    [
        ('C:\\a".exe', "w"),
        ("p", 'C:\\a" --x'),
        ("p", "C:\\a\nb"),
        ("p", r"C:\%TEMP%\w"),
        (r"C:\100%\p.exe", r"C:\5%\w"),
    ],
)
def test_a_path_that_a_command_line_cannot_hold_is_refused(xlam: Path, python: str, workspace: str) -> None:
    before = xlam.read_bytes()
    with pytest.raises(WorkbookError, match="cannot be given to the add-in; rename the folder"):
        write_settings(xlam, AddinSettings(python, workspace))
    assert xlam.read_bytes() == before


def test_one_per_cent_sign_is_harmless(xlam: Path) -> None:
    assert write_settings(xlam, AddinSettings("p", r"C:\100% perf")).workspace == r"C:\100% perf"


def test_another_workbook_is_not_taken_for_the_add_in(tmp_path: Path) -> None:
    master = shipped("workbook_templates") / "master.xlsx"
    with pytest.raises(WorkbookError, match=r"master\.xlsx is not an add-in of xlperf"):
        read_settings(master)
    with pytest.raises(WorkbookError, match="is not an add-in of xlperf"):
        write_settings(master, AddinSettings("p", "w"), to=tmp_path / "x.xlam")
    assert not (tmp_path / "x.xlam").exists()


def test_it_needs_nothing_that_only_developers_have(xlam: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from xlperf.desktop.addin_file import AddinSettings, write_settings\n"
        f"write_settings(Path({str(xlam)!r}), AddinSettings('p', 'w'))\n"
        "print(sorted({'pyopenvba', 'oletools', 'xlwings', 'pandas', 'openpyxl'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert read_settings(xlam).python == "p"


def test_settings_of_a_fresh_file_are_empty_but_for_the_version() -> None:
    assert read_settings(BUILT) == AddinSettings(version=xlperf.__version__)
