"""Which xlperf is at work, for what is kept of an earlier run and must be from the same."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import xlperf


@cache
def program() -> str:
    """The version of xlperf; in a checkout with a hash of its code, which there changes without a new version."""
    package = Path(xlperf.__file__).parent
    if not (package.parent / "pyproject.toml").exists():
        return xlperf.__version__
    code = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        code.update(path.read_bytes())
    return f"{xlperf.__version__} {code.hexdigest()}"
