"""What a program with xlwings in it does as it starts and ends, where there is no Excel."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_xlwings_is_kept_from_killing_an_excel_that_shows_no_window_when_we_end(tmp_path: Path) -> None:
    killed = tmp_path / "killed"
    program = f"""
import atexit, pathlib, sys, types
windows = types.ModuleType("xlwings._xlwindows")
windows.cleanup = atexit.register(lambda: pathlib.Path({str(killed)!r}).touch())
sys.modules[windows.__name__] = windows
from xlperf.workbook.live import faults, from_caller
faults.tame_xlwings()
"""
    subprocess.run([sys.executable, "-c", program], check=True)
    assert not killed.exists()


def test_without_excel_there_is_one_plain_message_and_xlwings_is_loaded_only_then() -> None:
    code = (
        "import sys, xlperf.workbook.live as live\n"
        "assert 'xlwings' not in sys.modules\n"
        "from xlperf.errors import WorkbookError\n"
        "for act in (live.attach, lambda: live.attach('m.xlsx'), live.from_caller):\n"
        "    try: act()\n"
        "    except WorkbookError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, second, third = done.stdout.splitlines()
    assert first == second
    assert first.startswith("Excel cannot be reached here (")
    assert third.startswith("the workbook that the button belongs to cannot be found in Excel; open the master")
