"""What only a checkout of xlperf can do, as an installed one has no macros and no tools."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import xlperf
from xlperf.errors import UsageError


def build_addin(out: Path) -> Path:
    """Put the add-in together from the checkout's macros; returns where it is.

    Raises UsageError outside a checkout, or where pyOpenVBA is not installed; WorkbookError where it cannot be built.
    """
    root = Path(xlperf.__file__).parents[1]
    if not (root / "tools" / "addin" / "assemble.py").is_file():
        raise UsageError(
            f"the add-in is built in a checkout of xlperf, and {root} is none. An installed xlperf brings it ready "
            "made: use 'xlperf addin install'"
        )
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    built: Path = import_module("tools.addin.assemble").build(out)
    return built
