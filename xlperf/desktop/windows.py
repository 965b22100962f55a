"""What only Windows can tell or do, each in one small function. Elsewhere nothing is set, and nothing can be made.

The Windows modules are imported by name where they are used: elsewhere there are none, not even for the type checker.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

Value = str | int | None
"""What the registry has: a text, a number, or nothing."""

IS_WINDOWS = os.name == "nt"


def registry_value(key: str, name: str) -> Value:
    r"""A value of the registry, such as `HKCU\Software\…`; None where it is not set. Raises OSError if unreadable."""
    if not IS_WINDOWS:
        return None
    winreg: Any = import_module("winreg")
    try:
        with _opened(winreg, key) as opened:
            value, _ = winreg.QueryValueEx(opened, name)
    except FileNotFoundError:
        return None
    return value if isinstance(value, str | int) else str(value)


def registry_keys(key: str) -> tuple[str, ...]:
    """The names of the keys under a key; none where it is not there. Raises OSError if unreadable."""
    if not IS_WINDOWS:
        return ()
    winreg: Any = import_module("winreg")
    try:
        with _opened(winreg, key) as opened:
            return tuple(winreg.EnumKey(opened, number) for number in range(winreg.QueryInfoKey(opened)[0]))
    except FileNotFoundError:
        return ()


def _opened(winreg: Any, key: str) -> Any:
    """Open a key for reading, always in the 64-bit view, which is where Windows and Office keep policies."""
    root, _, path = key.partition("\\")
    hive = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}[root]
    return winreg.OpenKey(hive, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY)


def is_store_python(prefix: str) -> bool:
    """Whether a Python is the Microsoft Store's, by the folder it is in (`sys.base_prefix`)."""
    return "windowsapps" in prefix.casefold()


def startup_folder() -> Path | None:
    """Excel's own startup folder of this user (XLSTART); None where it is not known, as anywhere but on Windows."""
    roaming = _roaming()
    return roaming / "Microsoft" / "Excel" / "XLSTART" if roaming else None


def start_menu() -> Path | None:
    """The folder of this user's Start-menu entries; None where there is none."""
    roaming = _roaming()
    return roaming / "Microsoft" / "Windows" / "Start Menu" / "Programs" if roaming else None


def _roaming() -> Path | None:
    folder = os.environ.get("APPDATA", "")
    return Path(folder) if IS_WINDOWS and folder else None


def is_remote_drive(root: str) -> bool:
    r"""Whether a drive, such as `H:\`, is a share of another computer. False where that cannot be asked."""
    if not IS_WINDOWS:
        return False
    ctypes: Any = import_module("ctypes")
    return bool(ctypes.windll.kernel32.GetDriveTypeW(root) == 4)  # DRIVE_REMOTE


def make_shortcut(path: Path, program: Path, arguments: str, description: str) -> None:
    """Make a shortcut that runs a program. Raises OSError, saying why not.

    By pywin32, which xlwings brings on Windows, so that no other program has to be started for it.
    """
    if not IS_WINDOWS:
        raise OSError("shortcuts are made on Windows only")
    try:
        com_error: type[Exception] = import_module("pywintypes").com_error
        client: Any = import_module("win32com.client")
    except ImportError as error:
        raise OSError("pywin32 is not installed") from error
    try:
        link = client.Dispatch("WScript.Shell").CreateShortcut(str(path))
        link.TargetPath = str(program)
        link.Arguments = arguments
        link.Description = description
        link.Save()
    except com_error as error:
        raise OSError(f"Windows refused it: {error}") from error


def forget_origin(path: Path) -> None:
    """Take away the mark of the web, by which Office refuses the macros of a file that came by mail or download."""
    try:
        os.remove(f"{path}:Zone.Identifier")
    except FileNotFoundError:
        return
