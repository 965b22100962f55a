"""Starts the programs beside this file, for the tests: a process each, as they fork and are killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
BY_HAND = int(os.environ.get("XLPERF_KILLS", "0"))
"""How many kills at random moments in each scene, by hand."""
_HANGS = 900 + 5 * BY_HAND  # seconds: a limit that turns a hang into a failure, nothing more


def harm(program: str, *arguments: str, folder: Path) -> dict[str, Any]:
    """What a program beside this file says; its faults are the test's."""
    command = [sys.executable, "-W", "error", "-m", f"tests.crash.{program}", *arguments, "--folder", str(folder)]
    # One thread, as it forks: numpy would make some of its own.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=_HANGS, check=False
    )
    assert done.stdout, done.stderr[-3000:]
    said: dict[str, Any] = json.loads(done.stdout)
    print(said)
    assert said["wrong"] == []
    assert done.returncode == 0
    return said
