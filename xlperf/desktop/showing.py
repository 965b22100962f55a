"""What is shown on the desktop itself, beside Excel: a folder, and a message where Excel cannot show one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from xlperf.errors import UsageError


def show_folder(folder: Path) -> None:
    """Show a folder in the desktop's own window. Raises UsageError where the desktop has no way to."""
    try:
        if sys.platform == "win32":
            os.startfile(folder)  # noqa: S606  a folder, never a file that could run
        else:
            opener = "open" if sys.platform == "darwin" else "xdg-open"
            subprocess.run([opener, str(folder)], check=True, capture_output=True, timeout=20)
    except (OSError, subprocess.SubprocessError) as error:
        raise UsageError(f"the folder cannot be shown here; it is {folder}") from error


def say_outside(text: str) -> None:
    """Say something where no workbook can be reached: in a window of its own on Windows, else on the error stream."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, text, "xlperf", 0x10000)  # MB_SETFOREGROUND: not behind Excel
    else:
        print(f"xlperf: {text}", file=sys.stderr)
