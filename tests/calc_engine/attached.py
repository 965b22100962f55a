"""Run a module as the ribbon's button does, in a process of its own, on the workbooks open in a test's LibreOffice.

    python -m tests.calc_engine.attached PIPE PID REPORT MODULE [ARGUMENT ...]

REPORT is a file that is written at the end: what would have been shown, as JSON. Tests call `Calc.run`.
"""

from __future__ import annotations

import json
import runpy
import sys
from dataclasses import asdict
from pathlib import Path

from tests.calc_engine.engine import engine
from tests.calc_engine.fixture import use_engine
from tests.calc_engine.office import Office


def main() -> None:
    """Attach, run the module as the main program, and write the report however it ends."""
    pipe, pid, report, module, *arguments = sys.argv[1:]
    use_engine()
    app = engine.apps.adopt(Office.attach(pipe, int(pid)))
    sys.argv = [module, *arguments]
    try:
        runpy.run_module(module, run_name="__main__")  # the bridge keeps its state in the real main module
    finally:
        shown = {"alerts": [asdict(alert) for alert in app.alerts], "status_messages": app.status_messages}
        Path(report).write_text(json.dumps(shown), encoding="utf-8")


if __name__ == "__main__":
    main()
