"""What works here, what stands in the way, and the remedy. Nothing raises; what cannot be seen is unknown."""

from __future__ import annotations

import hashlib
import os
import platform
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from xml.parsers import expat

from xlperf import __version__
from xlperf.desktop import windows, windows_policies
from xlperf.desktop.addin_file import code_sha256, is_as_written, read_settings
from xlperf.desktop.install import ADDIN, STORE_PYTHON
from xlperf.desktop.windows_policies import Check
from xlperf.documents.libreoffice import libreoffice
from xlperf.errors import WorkbookError, WorkspaceError, XlperfError
from xlperf.workbook.isolated.starting import SWITCHES
from xlperf.workflow.workspace import CATALOGUE, document, open_workspace, shipped

__all__ = ["Check", "doctor"]

PACKAGES = ("jinja2", "lxml", "openpyxl", "pandas", "psutil", "pydantic", "PyYAML", "rich", "typer")
"""What xlperf needs anywhere; beside an Excel it also needs xlwings."""
_OLDEST_PYTHON = (3, 11)
_EXPAT = (2, 7, 2)
_SECONDS = 60
"""For a Python to start and load xlperf, on a slow disk that is scanned."""
_PAGES = {  # in the order in which people come to need them
    windows_policies.IT_REQUEST: "for the IT department",
    "security.md": "for whoever approves it",
    "method.md": "how figures are judged",
    "findings.md": "every finding",
    "columns.md": "every column of the master",
    "limits.md": "the most that is opened of a return",
    "excel-acceptance.md": "trying it in Excel",
}
_INSTALL = "Close Excel, then: xlperf addin install"


def doctor(workspace: Path | None = None, *, xlstart: Path | None = None) -> list[Check]:
    """Look at everything the Excel side depends on.

    Args:
        workspace: the workspace folder; its own checks are left out where it is not given.
        xlstart: Excel's startup folder; found by itself on Windows.
    """
    startup = xlstart or windows.startup_folder()
    looks: list[tuple[str, Callable[[], Iterator[Check]]]] = [
        ("Python", _python),
        ("Packages", _packages),
        ("Parser of returns", _parser),
        ("Add-in", lambda: _addin(startup)),
        ("Excel", lambda: _excel(startup)),
        ("Workspace", lambda: _workspace(workspace)),
        ("Ledger", lambda: _ledger(workspace)),
        ("Returns folder", lambda: _returns(workspace)),
        ("Place of the workspace", lambda: _place(workspace)),
        ("PDF", _pdf),
        ("Documents", _documents),
    ]
    return [check for name, look in looks for check in _without_fail(name, look)]


def _without_fail(name: str, look: Callable[[], Iterator[Check]]) -> list[Check]:
    """What a look found; where it broke off, what it had found until then and one that is unknown."""
    checks: list[Check] = []
    try:
        for check in look():
            checks.append(check)
    except Exception as error:  # noqa: BLE001  a doctor that falls ill on one desktop is no help there
        checks.append(Check(name, None, f"could not be looked at ({error or type(error).__name__})"))
    return checks


def _python() -> Iterator[Check]:
    bits = struct.calcsize("P") * 8
    what = f"{platform.python_version()}, {bits}-bit, {sys.executable}"
    if sys.version_info[:2] >= _OLDEST_PYTHON:
        yield Check("Python", True, what)
    else:
        yield Check("Python", False, what, f"xlperf needs Python {'.'.join(map(str, _OLDEST_PYTHON))} or newer")
    if windows.is_store_python(sys.base_prefix):
        yield Check("Python", False, "it is the one from the Microsoft Store", STORE_PYTHON)
    elif windows.IS_WINDOWS and not Path(sys.executable).with_name("pythonw.exe").is_file():
        yield Check(
            "Python", False, "it has no pythonw.exe, so a button shows a black window", "Install Python from python.org"
        )


def _packages() -> Iterator[Check]:
    wanted = (*PACKAGES, *(("xlwings",) if sys.platform in ("win32", "darwin") else ()))
    missing = []
    for package in wanted:
        try:
            metadata.version(package)
        except metadata.PackageNotFoundError:
            missing.append(package)
    if missing:
        yield Check("Packages", False, f"missing: {', '.join(missing)}", f"pip install {' '.join(missing)}")
    else:
        yield Check("Packages", True, ", ".join(f"{package} {metadata.version(package)}" for package in wanted))


def _parser() -> Iterator[Check]:
    """The parser that reads untrusted files; versions from 2.7.2 on know the attacks that are known today."""
    version = f"expat {'.'.join(map(str, expat.version_info))}"
    if expat.version_info >= _EXPAT:
        yield Check("Parser of returns", True, version)
        return
    remedy = (
        f"update Python to its latest {sys.version_info.major}.{sys.version_info.minor} (on Linux also the system's "
        "expat); until then a harmful file can cost time, within the limits, but no figure"
    )
    yield Check("Parser of returns", False, f"{version} is older than {'.'.join(map(str, _EXPAT))}", remedy)


def _addin(startup: Path | None) -> Iterator[Check]:
    built = shipped("macros") / ADDIN
    code = code_sha256(built)
    yield Check(
        "Add-in as shipped",
        True,
        f"version {read_settings(built).version}; sha256 of the file {hashlib.sha256(built.read_bytes()).hexdigest()}, "
        f"of its macros and ribbon {code}",
    )
    if startup is None:
        yield Check("Startup folder", None, "Excel's startup folder is known on Windows only")
        return
    if not startup.is_dir():
        yield Check("Startup folder", False, f"{startup} is not there", "xlperf addin install makes it")
        return
    yield _writable("Startup folder", startup)
    installed = startup / ADDIN
    if not installed.exists():
        yield Check("Add-in", False, f"it is not in {startup}", _INSTALL)
        return
    try:
        settings = read_settings(installed)
    except WorkbookError as error:
        yield Check("Add-in", False, f"{installed} is not ours ({error})", "Move it away, then: xlperf addin install")
        return
    if settings.version != __version__:
        what = f"the add-in is {settings.version or 'unknown'}, xlperf is {__version__}"
        yield Check("Versions", False, what, _INSTALL)
    else:
        yield Check("Versions", True, f"add-in and xlperf are both {__version__}")
    if not is_as_written(installed):
        yield Check("Add-in", False, f"{installed} was changed since it was installed", f"Move it away. {_INSTALL}")
    else:
        yield Check("Add-in", True, f"{installed}; sha256 of its macros and ribbon {code_sha256(installed)}")
    if not Path(settings.python).is_file():
        yield Check("Its Python", False, f"{settings.python or 'none'} is not there", _INSTALL)
    elif not _starts(settings.python):
        yield Check(
            "Its Python",
            False,
            f"{settings.python} does not load xlperf when it is started as the buttons start it",
            "Install xlperf in that Python (pip install); to name it in PYTHONPATH is not enough",
        )
    elif not Path(settings.workspace).is_dir():
        yield Check("Its workspace", False, f"{settings.workspace} is not there", f"{_INSTALL} --workspace DIR")
    else:
        yield Check("Its settings", True, f"{settings.python}, for {settings.workspace}")


def _starts(python: str) -> bool:
    """Whether a button would get as far as to our own code: tried, because pythonw.exe would end without a word."""
    try:
        done = subprocess.run(
            [python, *SWITCHES, "-c", "import xlperf.addin"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _excel(startup: Path | None) -> Iterator[Check]:
    if not windows.IS_WINDOWS:
        yield Check("Excel", None, "its installation and policies can be looked at on Windows only")
        return
    read, keys = windows.registry_value, windows.registry_keys
    yield windows_policies.excel(read)
    trusted = None
    if startup is not None:
        check = _one("Trusted location", lambda: windows_policies.trusted_location(read, keys, str(startup)))
        trusted = check.ok
        yield check
    yield _one("Macros", lambda: windows_policies.macros(read, is_trusted=trusted))
    yield _one("Add-ins", lambda: windows_policies.add_ins(read))
    yield _one("Programs started by Excel", lambda: windows_policies.child_processes(read))


def _one(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except OSError as error:
        return Check(name, None, f"the registry may not be read here ({error})")


def _workspace(workspace: Path | None) -> Iterator[Check]:
    if workspace is None:
        yield Check("Workspace", None, "none was named", "xlperf doctor --workspace DIR")
        return
    if not (workspace / CATALOGUE).is_file():
        yield Check("Workspace", False, f"{workspace} has no {CATALOGUE}", "xlperf init DIR makes a workspace")
        return
    yield _writable("Workspace", workspace)
    try:
        catalogue = open_workspace(workspace).catalogue()
    except XlperfError as error:
        yield Check("Catalogue", False, str(error), f"xlperf check --workspace {workspace}")
        return
    yield Check("Catalogue", True, f"{catalogue.framework} {catalogue.version}, {len(catalogue.kpis)} KPIs")


def _ledger(workspace: Path | None) -> Iterator[Check]:
    if workspace is None or not (workspace / CATALOGUE).is_file():
        return
    try:
        state = open_workspace(workspace).ledger().state()
    except XlperfError as error:
        yield Check(
            "Ledger", False, str(error), "xlperf ledger verify names what is wrong; bring that back from a backup"
        )
        return
    yield Check("Ledger", True, f"{len(state.runs)} runs, all of them readable")


def _returns(workspace: Path | None) -> Iterator[Check]:
    if workspace is None or not (workspace / CATALOGUE).is_file():
        return
    folder = workspace / "returns"
    if not folder.is_dir():
        yield Check(
            "Returns folder", False, f"{folder} is not there", "xlperf generate makes it, with the period's returns"
        )
        return
    received = [path for each in sorted(folder.glob("*/received")) for path in each.iterdir() if path.is_file()]
    yield Check("Returns folder", True, f"{folder.absolute()}: {len(received)} files received")


def _place(workspace: Path | None) -> Iterator[Check]:
    if workspace is None:
        return
    given = str(workspace)
    where = given if given.casefold().startswith("http") else str(workspace.absolute())
    read, keys = windows.registry_value, windows.registry_keys
    synced: tuple[str, ...] = ()
    with suppress(OSError):
        synced = windows_policies.synced_folders(read, keys, os.environ)
    yield windows_policies.place(where, synced)
    files = [str(path) for path in workspace.absolute().rglob("*.xlsx")]
    longest = max(files, key=len, default=str(workspace.absolute()))
    yield windows_policies.path_lengths(
        longest, read(r"HKLM\SYSTEM\CurrentControlSet\Control\FileSystem", "LongPathsEnabled")
    )


def _pdf() -> Iterator[Check]:
    program = libreoffice()
    if program is None:
        yield Check("PDF", None, "no LibreOffice to make PDFs with", "Print the Dashboard sheet in Excel instead")
    else:
        yield Check("PDF", True, program)


def _documents() -> Iterator[Check]:
    """The pages that messages and the catalogue speak of: in an installation nobody would know where to look."""
    try:
        folder, *_ = [document(name).parent for name in _PAGES]
    except WorkspaceError as error:
        yield Check("Documents", False, str(error))
        return
    yield Check("Documents", True, f"{folder}: {', '.join(f'{name} ({about})' for name, about in _PAGES.items())}")


def _writable(name: str, folder: Path) -> Check:
    """Whether a file can be made in a folder: tried, because on a share nothing else tells."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return Check(
            name, False, f"{folder} cannot be written to ({error.strerror or error})", "Ask for write access to it"
        )
    return Check(name, True, f"{folder} can be written to")
