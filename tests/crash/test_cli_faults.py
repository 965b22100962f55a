"""What a person at a terminal sees when the disk fails: one plain line, exit code 3, and no traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Q1, Team, tree

FAILS = """
import errno, sys
from pathlib import Path
from tests.crash.harm import Harm
from xlperf.cli import main

class Full(Harm):
    def before(self, call):
        if call in ("create", "write", "fsync", "mkdir"):
            raise OSError(errno.ENOSPC, "No space left on device")

Full(Path(sys.argv.pop(1))).arm()
main()
"""


@pytest.mark.parametrize("command", ["collate", "generate", "publish", "chase"])
def test_a_full_disk_is_one_plain_line_and_exit_code_3(command: str, issued_team: Team) -> None:
    before = tree(issued_team.root)
    period = [] if command == "collate" else ["--period", Q1]
    program = [
        sys.executable,
        "-c",
        FAILS,
        str(issued_team.root),
        command,
        *period,
        "--workspace",
        str(issued_team.root),
    ]
    root = Path(__file__).parents[2]
    done = subprocess.run(program, cwd=root, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.startswith("xlperf: ")
    assert done.stderr.count("\n") == 1
    assert "No space left on device" in done.stderr
    assert tree(issued_team.root) == before
