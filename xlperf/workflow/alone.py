"""One thing at a time: a second click while the first is still at work must not do the same again beside it."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from xlperf.errors import WorkspaceError
from xlperf.workflow.workspace import Workspace


@contextmanager
def alone(workspace: Workspace) -> Iterator[None]:
    """Keep other clicks of this person on this computer away from a workspace; the system ends it with the process.

    Two collations in one open workbook would each take the other's settings of Excel for its user's, and leave it with
    screen updating switched off; two clicks on Generate would issue every return twice.

    Raises WorkspaceError where another is at work.
    """
    place = os.path.normcase(workspace.root.absolute())
    # On this computer's disk, as a share or a synced folder may not know locks.
    path = Path(tempfile.gettempdir()) / f"xlperf-{hashlib.sha256(place.encode()).hexdigest()[:16]}.lock"
    try:
        file = path.open("ab")
    except OSError:  # no reason not to work at all
        yield
        return
    with file:
        if not _locked(file):
            raise WorkspaceError(
                "xlperf is still at work on an earlier click; wait until it says how that went, then do this again"
            )
        yield  # closing the file unlocks it


def _locked(file: BinaryIO) -> bool:
    """Whether the lock could be had; it is not waited for."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
