"""What a crash leaves: hidden files and folders that never came into their place, removed when nobody makes them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from xlperf.durable import MAKING, machine_tag, maker_of
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.holder import runs

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
    """Whether what has a hidden name is certainly being made by nobody.

    That is so where its process was on this machine and has ended, or is this one, which holds the lock and has not
    begun yet. Of another machine's we cannot know, so it is left alone for a day, `now` being the time of the disk that
    it lies on: no two machines' clocks are compared.
    """
    made = maker_of(path.name)
    if made is None:
        return False
    tag, process = made
    if tag == machine_tag():
        return process == os.getpid() or not runs(process)
    try:
        return now - path.lstat().st_mtime > _DAY
    except OSError:
        return False


def share_time(workspace: Workspace) -> float:
    """What time it is for the disk that the workspace is on: when its newest file or folder at the top was changed."""
    with suppress(OSError), os.scandir(workspace.root) as entries:
        return max((entry.stat(follow_symlinks=False).st_mtime for entry in entries), default=0.0)
    return 0.0


def remove_folder(folder: Path) -> None:
    """Remove a hidden folder with what is in it, as far as that goes."""
    shutil.rmtree(folder, ignore_errors=True)


def _hidden(workspace: Workspace) -> Iterator[Path]:
    """Everything with a hidden name of ours in the folders that xlperf writes to."""
    yield from _below(workspace.root, deep=False)
    for folder in (workspace.root / "ledger", workspace.returns, workspace.backups, workspace.root / "editions"):
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
