"""Copies of the master in the same folder, into which somebody may have typed."""

from __future__ import annotations

import os
from pathlib import Path

from xlperf.errors import WorkspaceError
from xlperf.workflow.workspace import Workspace


def copies_of_master(workspace: Workspace) -> list[Path]:
    """Workbooks beside the master that are named after it, in the ways that syncing services and people name copies.

    Raises WorkspaceError if the folder cannot be listed; Path.glob would return nothing.
    """
    master = workspace.master
    try:
        with os.scandir(master.parent) as entries:
            files = [Path(entry) for entry in entries if entry.is_file(follow_symlinks=False)]
    except OSError as error:
        raise WorkspaceError(
            f"{master.parent}: cannot be listed ({error}); copies of the master may lie there"
        ) from error
    own = master.name.casefold()
    stem, suffix = master.stem.casefold(), master.suffix.casefold()
    names = {path: path.name.casefold() for path in files}
    return sorted(p for p, name in names.items() if name.startswith(stem) and name.endswith(suffix) and name != own)
