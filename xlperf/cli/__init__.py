"""The command line: parse, call one use case, print.

Exit codes: 0 clean; 1 done, with rejected returns or failed checks; 2 wrong usage; 3 could not run.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path

from xlperf.cli import cycle, desktop, publishing, upkeep  # noqa: F401  importing them adds their commands
from xlperf.cli.app import app, err
from xlperf.errors import CatalogueError, XlperfError


def main() -> None:
    """Run the command line; a failure is one plain message, never a traceback."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed, as by a scheduler
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  for as long as we run
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a file or a console of an old code page cannot show every letter
            stream.reconfigure(errors="replace")
    try:
        app()
    except CatalogueError as error:
        if len(error.findings) > 1:  # a single one is the message itself
            for item in error.findings[:20]:
                err.print(str(item))
        _fail(error)
    except XlperfError as error:
        _fail(error)
    except KeyboardInterrupt:
        err.print("Stopped. Nothing half-done is left; run it again.")
        sys.exit(3)
    except Exception as error:  # noqa: BLE001  Python would exit with 1, which here says that the work was done
        import traceback

        from xlperf.findings import plain

        last = traceback.extract_tb(error.__traceback__)[-1]
        message = (
            f"xlperf: something went wrong that should not have ({type(error).__name__}: {error}; "
            f"{Path(last.filename).name}, line {last.lineno}). Nothing that was returned or decided is lost; run it "
            "again, and if it happens again, send this message to whoever looks after xlperf."
        )
        print(plain(message), file=sys.stderr)  # not by rich, which may be what failed
        sys.exit(3)


def _fail(error: XlperfError) -> None:
    err.print(f"xlperf: {error}")
    sys.exit(error.exit_code)
