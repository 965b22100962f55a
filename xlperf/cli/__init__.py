"""The command line: parse, call one use case, print.

Exit codes: 0 clean; 1 done, with rejected returns or failed checks; 2 wrong usage; 3 could not run.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper

from xlperf.cli import cycle, desktop, ledger  # noqa: F401  importing them adds their commands
from xlperf.cli.app import app, err
from xlperf.errors import CatalogueError, XlperfError


def main() -> None:
    """Run the command line; a failure is one plain message, never a traceback."""
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


def _fail(error: XlperfError) -> None:
    err.print(f"xlperf: {error}")
    sys.exit(error.exit_code)
