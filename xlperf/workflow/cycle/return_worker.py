"""A process that writes returns for its parent, as many as that sends.

    python -E -P -m xlperf.workflow.cycle.return_worker

First message in: the writer. Then for each batch one message in, and one out: that all of it is on the disk. It ends
when its parent closes the pipe, and at the first thing that goes wrong, which the parent then meets itself.
What it unpickles comes from its parent alone.
"""

from __future__ import annotations

import os
import pickle

from xlperf.workbook.isolated.frames import receive, send
from xlperf.workflow.cycle.return_writing import DONE, Writer

_IN, _OUT = 0, 1


def main() -> None:
    """Serve until the parent has gone."""
    try:
        writer: Writer = pickle.loads(receive(_IN))  # noqa: S301 - from the parent
        while True:
            writer.write(pickle.loads(receive(_IN)))  # noqa: S301 - from the parent
            send(_OUT, DONE)
    except (EOFError, OSError):  # the parent has gone, or the disk is full
        os._exit(0)


if __name__ == "__main__":
    main()
