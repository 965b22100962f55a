"""Installing the add-in, and taking it away again: what is put where, and what is left alone."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

import pytest

import xlperf
from tests.conftest import tree
from xlperf.desktop import windows
from xlperf.desktop.addin_file import code_sha256, is_as_written, read_settings, write_settings
from xlperf.desktop.install import ADDIN, SHORTCUT, install, uninstall
from xlperf.errors import UsageError, WorkspaceError
from xlperf.workbook.file import FileWorkbook
from xlperf.workflow.workspace import Workspace, shipped

BUILT = shipped("macros") / ADDIN


@pytest.fixture
def xlstart(tmp_path: Path) -> Path:
    folder = tmp_path / "Excel" / "XLSTART"
    folder.mkdir(parents=True)
    return folder


def change(addin: Path) -> None:
    """Play a person who types into the add-in and saves it."""
    book = FileWorkbook.open(addin)
    book.write_name("python", r"C:\other\pythonw.exe")
    book.save(addin)


# ---- install --------------------------------------------------------------------------------------------------------


def test_the_installed_add_in_starts_this_python_for_this_workspace(workspace: Workspace, xlstart: Path) -> None:
    done = install(workspace, xlstart=xlstart)
    settings = read_settings(xlstart / ADDIN)
    assert (settings.python, settings.workspace, settings.version) == (
        sys.executable, str(workspace.root), xlperf.__version__,
    )  # fmt: skip
    assert code_sha256(xlstart / ADDIN) == code_sha256(BUILT)
    assert is_as_written(xlstart / ADDIN)
    assert str(xlstart / ADDIN) in str(done)
    assert str(workspace.root) in str(done)


def test_nothing_else_lies_in_the_startup_folder_afterwards(workspace: Workspace, xlstart: Path) -> None:
    """Excel opens whatever lies there."""
    install(workspace, xlstart=xlstart)
    assert [path.name for path in xlstart.iterdir()] == [ADDIN]


def test_a_python_without_a_console_is_preferred(
    workspace: Workspace, xlstart: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("python.exe", "pythonw.exe"):
        (tmp_path / name).touch()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python.exe"))
    assert install(workspace, xlstart=xlstart).python == tmp_path / "pythonw.exe"


def test_a_relative_workspace_is_written_in_full(
    workspace: Workspace, xlstart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace.root)
    install(Workspace(Path()), xlstart=xlstart)
    assert read_settings(xlstart / ADDIN).workspace == str(workspace.root)


def test_installing_twice_is_as_installing_once(workspace: Workspace, xlstart: Path) -> None:
    install(workspace, xlstart=xlstart)
    once = tree(xlstart)
    install(workspace, xlstart=xlstart)
    assert tree(xlstart) == once


def test_installing_again_changes_the_workspace(workspace: Workspace, xlstart: Path, tmp_path: Path) -> None:
    install(workspace, xlstart=xlstart)
    install(Workspace(tmp_path / "other"), xlstart=xlstart)
    assert read_settings(xlstart / ADDIN).workspace == str(tmp_path / "other")
    assert is_as_written(xlstart / ADDIN)


def test_a_missing_startup_folder_is_made(workspace: Workspace, tmp_path: Path) -> None:
    install(workspace, xlstart=tmp_path / "a" / "XLSTART")
    assert (tmp_path / "a" / "XLSTART" / ADDIN).is_file()


@pytest.mark.parametrize("source", ["master.xlsx", None])
def test_a_file_that_is_not_ours_is_never_overwritten(workspace: Workspace, xlstart: Path, source: str | None) -> None:
    if source:
        shutil.copy(shipped("workbook_templates") / source, xlstart / ADDIN)
    else:
        (xlstart / ADDIN).write_bytes(b"somebody's own")
    before = tree(xlstart)
    for act in (lambda: install(workspace, xlstart=xlstart), lambda: uninstall(xlstart=xlstart)):
        with pytest.raises(WorkspaceError, match="is not an add-in of xlperf, so it was left unchanged"):
            act()
        assert tree(xlstart) == before


def test_an_add_in_that_somebody_changed_is_not_overwritten(workspace: Workspace, xlstart: Path) -> None:
    install(workspace, xlstart=xlstart)
    change(xlstart / ADDIN)
    before = tree(xlstart)
    with pytest.raises(WorkspaceError, match="was changed since it was installed; move it away"):
        install(workspace, xlstart=xlstart)
    assert tree(xlstart) == before


def test_the_mark_of_the_web_is_taken_from_our_copy(workspace: Workspace, xlstart: Path) -> None:
    """On NTFS `file:Zone.Identifier` is the stream that holds it; here it is a file of that name."""
    mark = Path(f"{xlstart / ADDIN}:Zone.Identifier")
    mark.write_text("[ZoneTransfer]\nZoneId=3\n")
    install(workspace, xlstart=xlstart)
    assert not mark.exists()


def test_a_python_that_is_not_there_is_refused(workspace: Workspace, xlstart: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such program"):
        install(workspace, xlstart=xlstart, python=tmp_path / "pythonw.exe")
    assert tree(xlstart) == {}


def test_a_store_python_is_known_by_its_folder() -> None:
    store = r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12_qbz5n2kfra8p0"
    assert windows.is_store_python(store)
    assert not windows.is_store_python(r"C:\Users\a\AppData\Local\Programs\Python\Python312")


@pytest.mark.skipif(windows.IS_WINDOWS, reason="on Windows the startup folder is known")
def test_where_the_startup_folder_is_not_known_it_has_to_be_named(workspace: Workspace) -> None:
    for act in (lambda: install(workspace), lambda: uninstall()):
        with pytest.raises(UsageError, match="name it with --xlstart"):
            act()


# ---- the shortcut ---------------------------------------------------------------------------------------------------


@pytest.mark.skipif(windows.IS_WINDOWS, reason="on Windows a shortcut can be made")
def test_where_no_shortcut_can_be_made_it_says_so_and_the_add_in_is_there(
    workspace: Workspace, xlstart: Path, tmp_path: Path
) -> None:
    done = install(workspace, xlstart=xlstart, start_menu=tmp_path)
    assert done.shortcut is None
    assert "No shortcut was made" in str(done)
    assert "xlperf collate --live" in str(done)
    assert (xlstart / ADDIN).is_file()


def test_somebody_s_shortcut_of_that_name_is_left_alone(workspace: Workspace, xlstart: Path, tmp_path: Path) -> None:
    (tmp_path / SHORTCUT).write_bytes(b"theirs")
    done = install(workspace, xlstart=xlstart, start_menu=tmp_path)
    assert (tmp_path / SHORTCUT).read_bytes() == b"theirs"
    assert "left unchanged" in str(done)
    assert read_settings(xlstart / ADDIN).shortcut == ""


def test_the_shortcut_hands_over_a_workspace_that_is_the_root_of_a_drive(
    workspace: Workspace, xlstart: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Windows cuts a command line into arguments, a backslash before a quotation mark hides it."""
    told: list[str] = []

    def make(shortcut: Path, program: Path, arguments: str, description: str) -> None:
        told.append(arguments)
        shortcut.write_bytes(b"a shortcut")

    monkeypatch.setattr(windows, "make_shortcut", make)
    root = tmp_path / "our share\\"
    root.mkdir()
    install(Workspace(root), xlstart=xlstart, start_menu=tmp_path)
    assert told == [f'-E -P -m xlperf.addin collate "--workspace={root}\\" --version={xlperf.__version__}']


def with_shortcut(workspace: Workspace, xlstart: Path, shortcut: Path) -> None:
    """The state after an install on Windows: the shortcut, and its hash in the add-in's settings."""
    shortcut.write_bytes(b"a shortcut")
    install(workspace, xlstart=xlstart)
    write_settings(
        xlstart / ADDIN,
        python=sys.executable,
        workspace=workspace.root,
        shortcut=str(shortcut),
        shortcut_sha256=hashlib.sha256(b"a shortcut").hexdigest(),
    )


def test_uninstall_takes_the_shortcut_away(workspace: Workspace, xlstart: Path, tmp_path: Path) -> None:
    with_shortcut(workspace, xlstart, tmp_path / SHORTCUT)
    done = uninstall(xlstart=xlstart)
    assert not (tmp_path / SHORTCUT).exists()
    assert done.removed == (xlstart / ADDIN, tmp_path / SHORTCUT)
    assert done.left == ()


def test_a_shortcut_that_somebody_changed_is_left(workspace: Workspace, xlstart: Path, tmp_path: Path) -> None:
    with_shortcut(workspace, xlstart, tmp_path / SHORTCUT)
    (tmp_path / SHORTCUT).write_bytes(b"now it starts something else")
    done = uninstall(xlstart=xlstart)
    assert (tmp_path / SHORTCUT).exists()
    assert not (xlstart / ADDIN).exists()
    assert "was changed since it was made" in str(done)


def test_a_shortcut_that_has_gone_is_no_failure(workspace: Workspace, xlstart: Path, tmp_path: Path) -> None:
    with_shortcut(workspace, xlstart, tmp_path / SHORTCUT)
    (tmp_path / SHORTCUT).unlink()
    assert "had gone already" in str(uninstall(xlstart=xlstart))


def test_installing_again_keeps_the_record_of_the_shortcut(workspace: Workspace, xlstart: Path, tmp_path: Path) -> None:
    with_shortcut(workspace, xlstart, tmp_path / SHORTCUT)
    install(workspace, xlstart=xlstart)
    uninstall(xlstart=xlstart)
    assert not (tmp_path / SHORTCUT).exists()


# ---- uninstall ------------------------------------------------------------------------------------------------------


def test_uninstall_leaves_no_trace(workspace: Workspace, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    for _ in range(2):  # the second still knows which folders the first had to make
        install(workspace, xlstart=tmp_path / "a" / "b" / "XLSTART")
    done = uninstall(xlstart=tmp_path / "a" / "b" / "XLSTART")
    assert sorted(tmp_path.rglob("*")) == before
    assert "Removed" in str(done)


def test_a_startup_folder_that_was_there_stays(workspace: Workspace, xlstart: Path) -> None:
    install(workspace, xlstart=xlstart)
    uninstall(xlstart=xlstart)
    assert xlstart.is_dir()
    assert tree(xlstart) == {}


def test_what_others_put_there_stays(workspace: Workspace, tmp_path: Path) -> None:
    xlstart = tmp_path / "a" / "XLSTART"
    install(workspace, xlstart=xlstart)
    (xlstart / "PERSONAL.XLSB").write_bytes(b"macros of theirs")
    uninstall(xlstart=xlstart)
    assert tree(xlstart) == {"PERSONAL.XLSB": b"macros of theirs"}


def test_an_add_in_that_somebody_changed_is_left_and_it_says_so(workspace: Workspace, xlstart: Path) -> None:
    install(workspace, xlstart=xlstart)
    change(xlstart / ADDIN)
    done = uninstall(xlstart=xlstart)
    assert (xlstart / ADDIN).exists()
    assert done.removed == ()
    assert "was changed since it was installed" in str(done)


def test_uninstalling_what_is_not_there_does_nothing(xlstart: Path) -> None:
    assert "is not there; nothing was done" in str(uninstall(xlstart=xlstart))


def test_the_workspace_itself_is_never_touched(workspace: Workspace, xlstart: Path) -> None:
    before = tree(workspace.root)
    install(workspace, xlstart=xlstart)
    uninstall(xlstart=xlstart)
    assert tree(workspace.root) == before
