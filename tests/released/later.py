"""A later xlperf goes on with a copy of the first version's workspace, as a program of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

RELEASED = Path(__file__).parent


def goes_on(module: str, workspace: Path, *more: Path) -> dict[str, Any]:
    """Run a module of `tests.released` on a copy, put into `workspace`; what it prints of what came of it."""
    shutil.copytree(RELEASED / "0.1.0", workspace)
    ran = subprocess.run(
        [sys.executable, "-m", f"tests.released.{module}", str(workspace), *map(str, more)],
        cwd=RELEASED.parent.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
    printed: dict[str, Any] = json.loads(ran.stdout)
    return printed
