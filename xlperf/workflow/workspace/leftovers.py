"""Hidden files and folders that a crash left behind, removed once no process can still be writing them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from xlperf.durable import MAKING, machine_tag, maker_of
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.folder import PACKS
from xlperf.workflow.workspace.holder import process_exists

_DAY = 24 * 60 * 60.0


def tidy(workspace: Workspace) -> None:
    """Remove half-written files that are certainly nobody's any more. The received folders are not even looked into.

    Folders of files not yet in place stay: the ledger has to say which of those count; see `unfinished`.
    """
    now = share_time(workspace)
    for path in _hidden(workspace):
        if not path.name.endswith(MAKING) and is_abandoned(path, now):
            if path.is_dir():
                remove_folder(path)
            else:
                with suppress(OSError):
                    path.unlink()


def is_abandoned(path: Path, now: float) -> bool:
    """Whether nobody can still be writing this.

    On this machine: its process has ended, or is ours (we hold the lock and have written nothing yet). Files of another
    machine are left for a day, measured by the share's own clock (`now`), so no two machines' clocks are compared.
    """
    made = maker_of(path.name)
    if made is None:
        return False
    tag, process = made
    if tag == machine_tag():
        return process == os.getpid() or not process_exists(process)
    try:
        return now - path.lstat().st_mtime > _DAY
    except OSError:
        return False


def share_time(workspace: Workspace) -> float:
    """The share's clock, from the newest modification time at the top of the workspace; 0.0 if it cannot be read."""
    with suppress(OSError), os.scandir(workspace.root) as entries:
        return max((entry.stat(follow_symlinks=False).st_mtime for entry in entries), default=0.0)
    return 0.0


def remove_folder(folder: Path) -> None:
    """Remove a hidden folder with what is in it, as far as that goes."""
    shutil.rmtree(folder, ignore_errors=True)


def _hidden(workspace: Workspace) -> Iterator[Path]:
    """Everything with a hidden name of ours in the folders that xlperf writes to."""
    yield from _below(workspace.root, deep=False)
    ours = (
        workspace.root / "ledger",
        workspace.returns,
        workspace.backups,
        workspace.root / "editions",
        workspace.root / PACKS,
    )
    for folder in (*ours, workspace.notes):
        yield from _below(folder)


def _below(folder: Path, deep: bool = True) -> Iterator[Path]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if maker_of(entry.name) is not None:
            yield Path(entry.path)
        elif deep and entry.name != "received" and entry.is_dir(follow_symlinks=False):
            yield from _below(Path(entry.path))
