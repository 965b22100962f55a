"""Put the add-in where Excel starts it, and take it away again.

What was made is noted in the add-in's own settings and sealed with a hash: so no other file lies in the startup folder
(Excel would open it), two people can share a workspace, and uninstall knows what a person has changed since.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path
from subprocess import list2cmdline

from xlperf import __version__
from xlperf.desktop import windows
from xlperf.desktop.addin_file import AddinSettings, is_as_written, read_settings, write_settings
from xlperf.errors import UsageError, WorkbookError, WorkspaceError
from xlperf.workbook.isolated.starting import SWITCHES
from xlperf.workflow.workspace import Workspace, shipped

ADDIN, SHORTCUT = "xlperf.xlam", "xlperf collate.lnk"
STORE_PYTHON = (
    "Windows keeps what a Store program writes from other programs, so Excel would not see the add-in. Have Python "
    "installed from python.org or by the IT department, and xlperf in it"
)
_NEXT = "Start Excel again and look for the tab Performance; if it is not there: xlperf doctor"


@dataclass(frozen=True, slots=True)
class Installed:
    """Where the add-in is, what it starts, for which workspace, and what could not be done."""

    addin: Path
    python: Path
    workspace: Path
    shortcut: Path | None
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [
            f"The add-in {__version__} is in {self.addin}",
            f"It starts {self.python} for the workspace {self.workspace}",
        ]
        lines += [f'Start menu: "{self.shortcut.stem}" does the same without the ribbon'] if self.shortcut else []
        return "\n".join([*lines, *self.notes, _NEXT])


@dataclass(frozen=True, slots=True)
class Uninstalled:
    """What was taken away, and what was left and why."""

    removed: tuple[Path, ...]
    left: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"Removed {path}" for path in self.removed] + [f"Left: {reason}" for reason in self.left]
        return "\n".join(lines) or "There was nothing to remove."


def install(
    workspace: Workspace, *, xlstart: Path | None = None, python: Path | None = None, start_menu: Path | None = None
) -> Installed:
    """Copy the add-in that ships with xlperf into Excel's startup folder, set to a workspace. Repeating it is harmless.

    Args:
        workspace: what the buttons work on.
        xlstart: Excel's startup folder; found by itself on Windows.
        python: the program that the buttons start; the Python this runs in, without a console window.
        start_menu: where the shortcut goes; on Windows the user's Start menu, elsewhere none is made.

    Raises:
        UsageError: the startup folder is not known, or this Python cannot be used for it.
        WorkspaceError: there is a file of that name which is not ours or was changed, or a folder cannot be made.
        WorkbookInUse: Excel has the add-in open.
    """
    if windows.is_store_python(sys.base_prefix):
        raise UsageError(f"this Python is the one from the Microsoft Store. {STORE_PYTHON}")
    folder = _folder(xlstart)
    addin, program, root = folder / ADDIN, python or _without_console(Path(sys.executable)), workspace.root.absolute()
    if not program.is_file():
        raise UsageError(f"{program}: there is no such program; name the Python that xlperf is installed in")
    before = _ours(addin)
    made = before.folder_made if before else _first_missing(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkspaceError(f"{folder}: cannot be made ({error.strerror or error})") from error
    kept = (before.shortcut, before.shortcut_sha256) if before else ("", "")

    def write(shortcut: str, sha256: str) -> None:
        write_settings(
            shipped("macros") / ADDIN,
            to=addin,
            python=program,
            workspace=root,
            shortcut=shortcut,
            shortcut_sha256=sha256,
            folder_made=made,
        )

    write(*kept)
    _forget_origin(addin)
    shortcut, note = _make_shortcut(start_menu or windows.start_menu(), kept, program, root)
    if shortcut is not None:
        write(str(shortcut), _sha256(shortcut))
    return Installed(addin, program, root, shortcut, (note,) if note else ())


def uninstall(*, xlstart: Path | None = None) -> Uninstalled:
    """Take away the add-in, its shortcut and the folders made for it; what somebody has changed since is left.

    Raises:
        UsageError: the startup folder is not known.
        WorkspaceError: the file there is not ours, or cannot be removed (Excel has it open).
    """
    folder = _folder(xlstart)
    addin = folder / ADDIN
    if not addin.exists():
        return Uninstalled((), (f"{addin} is not there; nothing was done",))
    settings = _settings(addin)
    removed: list[Path] = []
    left: list[str] = []
    if is_as_written(addin):
        _remove(addin)
        removed.append(addin)
    else:
        left.append(f"{addin} was changed since it was installed; delete it yourself if you do not want it")
    if settings.shortcut:
        shortcut = Path(settings.shortcut)
        if not shortcut.exists():
            left.append(f"{shortcut} had gone already")
        elif _sha256(shortcut) != settings.shortcut_sha256:
            left.append(f"{shortcut} was changed since it was made; delete it yourself if you do not want it")
        else:
            _remove(shortcut)
            removed.append(shortcut)
    if settings.folder_made:
        removed += _remove_empty(folder, Path(settings.folder_made))
    return Uninstalled(tuple(removed), tuple(left))


def _folder(xlstart: Path | None) -> Path:
    folder = xlstart or windows.startup_folder()
    if folder is None:
        raise UsageError(
            "Excel's startup folder is known by itself on Windows only; name it with --xlstart. The buttons work on "
            "Windows; on a Mac, 'xlperf collate --live' does the same without them"
        )
    return folder.absolute()


def _ours(addin: Path) -> AddinSettings | None:
    """The settings of the add-in that is there; None if none is. Raises WorkspaceError if it may not be replaced."""
    if not addin.exists():
        return None
    settings = _settings(addin)
    if not is_as_written(addin):
        raise WorkspaceError(f"{addin} was changed since it was installed; move it away, then install again")
    return settings


def _settings(addin: Path) -> AddinSettings:
    try:
        return read_settings(addin)
    except WorkbookError as error:
        raise WorkspaceError(
            f"{addin} is not an add-in of xlperf, so it was left unchanged; move it away ({error})"
        ) from error


def _without_console(python: Path) -> Path:
    """The pythonw.exe beside a python.exe; the program itself where there is none."""
    beside = python.with_name("pythonw.exe")
    return beside if beside.is_file() else python


def _first_missing(folder: Path) -> str:
    """The outermost folder that has to be made for a folder to be there; "" if it is there."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    return str(missing[-1]) if missing else ""


def _make_shortcut(folder: Path | None, kept: tuple[str, str], program: Path, root: Path) -> tuple[Path | None, str]:
    """Make the shortcut, or say why not; one that we did not make, or that was changed, is never overwritten."""
    if folder is None:
        return None, ""
    shortcut = folder / SHORTCUT
    if shortcut.exists() and (str(shortcut), _sha256(shortcut)) != kept:
        return None, f"{shortcut} was there already and is not as xlperf made it, so it was left unchanged"
    # The root of a drive ends in a backslash, which before a quotation mark would hide it.
    arguments = list2cmdline(
        [*SWITCHES, "-m", "xlperf.addin", "collate", f"--workspace={root}", f"--version={__version__}"]
    )
    try:
        windows.make_shortcut(shortcut, program, arguments, "Collate into the master that is open in Excel")
    except OSError as error:
        return None, f"No shortcut was made ({error}); 'xlperf collate --live' on a command line does the same"
    return shortcut, ""


def _forget_origin(addin: Path) -> None:
    try:
        windows.forget_origin(addin)
    except OSError as error:
        raise WorkspaceError(
            f"{addin}: its mark of the web cannot be removed ({error}); in its Properties tick Unblock"
        ) from error


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError as error:
        raise WorkspaceError(
            f"{path}: cannot be removed ({error.strerror or error}); close Excel and try again"
        ) from error


def _remove_empty(folder: Path, outermost: Path) -> list[Path]:
    """Remove a folder and those around it up to the outermost, as far as they are empty."""
    removed: list[Path] = []
    for each in (folder, *folder.parents):
        if not each.is_relative_to(outermost) or not each.is_dir() or any(each.iterdir()):
            break
        each.rmdir()
        removed.append(each)
    return removed
