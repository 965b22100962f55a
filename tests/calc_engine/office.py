"""One LibreOffice of our own: found, started with its own profile and pipe, watched and ended.

`uno` is LibreOffice's Python bridge. It belongs to the system's Python, whose other packages must not get onto the
path of ours, so its two files are loaded by their place. It works only under a Python of the same minor version.
"""

from __future__ import annotations

import atexit
import builtins
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

START_SECONDS = 90
_ASK = "import uno, pyuno, sys; print(*sys.version_info[:2], uno.__file__, pyuno.__file__, sep='\\n')"
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
{items}</oor:items>
"""
_ITEM = (
    '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
)


class NoLibreOffice(Exception):
    """LibreOffice or its Python bridge is not here, or does not start; the message says which."""


class Office:
    """A running LibreOffice: `desktop` opens and lists documents, `create` makes any of its services."""

    def __init__(
        self, pipe: str, pid: int, process: subprocess.Popen[bytes] | None = None, folder: Path | None = None
    ) -> None:
        self.pipe = pipe
        self.pid = pid
        self.process = process
        self.folder = folder
        self._context = _connect(pipe, process)
        self.desktop = self.create("com.sun.star.frame.Desktop")

    @classmethod
    def start(cls) -> Office:
        """Start a LibreOffice with a fresh profile. Raises NoLibreOffice."""
        program = shutil.which("soffice") or shutil.which("libreoffice")
        if program is None:
            raise NoLibreOffice("LibreOffice (soffice) is not on the path")
        uno_module()
        folder = Path(tempfile.mkdtemp(prefix="calc-"))
        _write_settings(folder / "profile" / "user")
        pipe = f"calc-{uuid.uuid4().hex}"
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext",
            *("--headless", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard", "--nolockcheck"),
        ]
        process = subprocess.Popen(
            command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            office = cls(pipe, process.pid, process, folder)
        except BaseException:
            _kill(process, folder)
            raise
        atexit.register(office.kill)
        return office

    @classmethod
    def attach(cls, pipe: str, pid: int) -> Office:
        """Join a LibreOffice that another process has started. Raises NoLibreOffice."""
        return cls(pipe, pid)

    @property
    def is_alive(self) -> bool:
        """Whether it still answers."""
        if self.process is not None and self.process.poll() is not None:
            return False
        try:
            self.desktop.getCurrentComponent()
        except Exception:  # noqa: BLE001 - whatever the bridge raises, it means the other end is gone
            return False
        return True

    def create(self, service: str) -> Any:
        """Make one of LibreOffice's services by its full name."""
        return self._context.ServiceManager.createInstanceWithContext(service, self._context)

    def kill(self) -> None:
        """End it at once, with all it has open, and remove its profile. An attached one is left running."""
        if self.process is not None:
            _kill(self.process, self.folder)


def _kill(process: subprocess.Popen[bytes], folder: Path | None) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)  # the group: soffice is a script that starts the real program
        process.wait(timeout=30)
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def _connect(pipe: str, process: subprocess.Popen[bytes] | None) -> Any:
    local = uno_module().getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    give_up = time.monotonic() + START_SECONDS
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception as error:
            if process is not None and process.poll() is not None:
                raise NoLibreOffice(f"LibreOffice ended with code {process.returncode} when started") from error
            if time.monotonic() > give_up or process is None:
                raise NoLibreOffice(f"LibreOffice did not answer within {START_SECONDS} seconds") from error
            time.sleep(0.1)


def _write_settings(user: Path) -> None:
    """English (US) as Excel's own object model; every formula computed on opening, as Excel does for our files."""
    items = (
        ("Setup/L10N", "ooSetupSystemLocale", "en-US"),
        ("Office.Calc/Formula/Load", "OOXMLRecalcMode", "0"),
        ("Office.Calc/Formula/Syntax", "Grammar", "1"),  # FormulaLocal takes Excel's spelling
        ("Office.Common/Misc", "FirstRun", "false"),
        ("Office.Common/Save/Document", "WarnAlienFormat", "false"),
    )
    user.mkdir(parents=True)
    text = "".join(_ITEM.format(path=path, name=name, value=value) + "\n" for path, name, value in items)
    (user / "registrymodifications.xcu").write_text(_SETTINGS.format(items=text), encoding="utf-8")


# ---- the bridge ----------------------------------------------------------------------------------------------------


def uno_module() -> Any:
    """Import `uno`. Raises NoLibreOffice, saying why, where this Python cannot have it."""
    if "uno" not in sys.modules:
        plain_import = builtins.__import__
        for name, path in zip(("pyuno", "uno"), _bridge_files(), strict=True):
            spec = importlib.util.spec_from_file_location(name, path)
            if spec is None or spec.loader is None:
                raise NoLibreOffice(f"LibreOffice's Python bridge cannot be loaded from {path}")
            sys.modules[name] = module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        builtins.__import__ = plain_import  # uno replaces it to allow `from com.sun.star...`, which we never write
    return sys.modules["uno"]


def _bridge_files() -> tuple[Path, Path]:
    """Where pyuno.so and uno.py are, as a Python that can import them says."""
    wanted = sys.version_info[:2]
    found = []
    for python in _pythons():
        done = subprocess.run([python, "-c", _ASK], capture_output=True, text=True, timeout=60, check=False)
        if done.returncode == 0:
            major, minor, uno_file, pyuno_file = done.stdout.splitlines()
            if (int(major), int(minor)) == wanted:
                return Path(pyuno_file).resolve(), Path(uno_file).resolve()
            found.append(f"{major}.{minor}")
    there = f"only for Python {', '.join(sorted(set(found)))}" if found else "nowhere"
    raise NoLibreOffice(
        f"LibreOffice's Python bridge (package python3-uno) for Python {wanted[0]}.{wanted[1]}: {there}"
    )


def _pythons() -> list[str]:
    """Every Python that may have the bridge: those on the path, the system's, and the one beside LibreOffice."""
    folders = [*os.environ.get("PATH", "").split(os.pathsep), *os.defpath.split(os.pathsep)]
    program = shutil.which("soffice")
    if program:
        folders.append(str(Path(program).resolve().parent))
    names = ("python3", "python")
    pythons = [found for folder in folders if folder for name in names if (found := shutil.which(name, path=folder))]
    return list(dict.fromkeys(pythons))
