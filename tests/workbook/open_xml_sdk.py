"""Microsoft's own judge of workbooks and Word files, the Open XML SDK, which an npm package brings along and node runs.

`tools/setup.sh` installs the package beside Python's, in `node_modules` of the virtual environment.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

_BESIDE = Path(sys.prefix)
_SCRIPT = Path(__file__).with_suffix(".mjs")


def _missing() -> str:
    """What the Open XML SDK lacks here to run, with what to do; nothing where it can."""
    if shutil.which("node") is None:
        return "there is no Node.js, in which the Open XML SDK runs: install version 20 or newer, then tools/dev setup"
    if not (_BESIDE / "node_modules" / "@ooxml-tools" / "validate").is_dir():
        return f"the Open XML SDK (npm package @ooxml-tools/validate) is not in {_BESIDE}: run tools/dev setup"
    return ""


has_open_xml_sdk = pytest.mark.skipif(bool(_missing()), reason=_missing())


def faults(*files: Path, kind: str = "xlsx") -> list[list[str]]:
    """What the Open XML SDK has against each file; in one process, since it takes seconds to warm up."""
    command = [str(shutil.which("node")), str(_SCRIPT), str(_BESIDE), kind, *map(str, files)]
    done = subprocess.run(command, capture_output=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    found: list[list[str]] = json.loads(done.stdout)
    return found


def faults_added(before: Path, *after: Path) -> list[str]:
    """What it has against later workbooks and not, or not as often, against the one before: that alone is ours."""
    old, *later = faults(before, *after)
    return [fault for found in later for fault in _more_than(old, found)]


def _more_than(old: list[str], new: list[str]) -> list[str]:
    """The faults of a kind of which there are more now; a kind is a fault without the numbers of its place."""
    had, has = (Counter(map(_kind, found)) for found in (old, new))
    return [fault for fault in new if has[_kind(fault)] > had[_kind(fault)]]


def _kind(fault: str) -> str:
    return re.sub(r"\d+", "n", fault)
