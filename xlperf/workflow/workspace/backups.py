"""Backups of the master: one before each change of it, thinned out as they grow old."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from xlperf.durable import write_new
from xlperf.errors import WorkbookError
from xlperf.workflow.workspace.settings import KeptBackups

_T = TypeVar("_T")
_STAMP = "%Y-%m-%d %H%M%S"
_MOST_IN_A_SECOND = 100


def back_up(data: bytes, stem: str, folder: Path, at: datetime, kept: KeptBackups) -> None:
    """Keep the bytes of a master as `<stem> <time>.xlsx`, never over another backup, and delete the oldest.

    Raises WorkbookError if no backup could be made. A backup that cannot be deleted stays.
    """
    name = f"{stem} {at:{_STAMP}}"
    try:
        folder.mkdir(exist_ok=True)
        made = _keep(
            data, [folder / f"{name}.xlsx", *(folder / f"{name} {n}.xlsx" for n in range(2, _MOST_IN_A_SECOND))]
        )
        names = [path.name for path in folder.iterdir()]
    except OSError as error:
        raise WorkbookError(f"{folder}: no backup could be made ({error}), so the master was left unchanged") from error
    for old in to_delete(names, stem, kept):
        if old != made:  # which is the oldest where the clock was put back
            with suppress(OSError):
                (folder / old).unlink()


def _keep(data: bytes, names: Iterable[Path]) -> str:
    for path in names:
        try:
            write_new(path, data)
            return path.name
        except FileExistsError:
            if path.read_bytes() == data:  # of a run that was broken off after its backup
                return path.name
    raise OSError("too many in one second")


def to_delete(names: Iterable[str], stem: str, kept: KeptBackups) -> list[str]:
    """The names of backups that are to be deleted. Pure; only names that backups have are looked at.

    The newest are kept, then the last of each of the latest days that have one, then the last of each month. Days are
    counted by the backups themselves, so a clock that is fast deletes nothing.
    """
    ours = sorted((moment, name) for name in names if (moment := _moment(name, stem)) is not None)
    last_of_day = {moment[:10]: name for moment, name in ours}
    last_of_month = {moment[:7]: name for moment, name in ours}
    keep = {name for _, name in _latest(ours, kept.newest)}
    keep |= set(_latest(list(last_of_day.values()), kept.days))
    keep |= set(_latest(list(last_of_month.values()), kept.months))
    return [name for _, name in ours if name not in keep]


def _latest(things: list[_T], most: int) -> list[_T]:
    return things[len(things) - most :] if most < len(things) else things


def _moment(name: str, stem: str) -> str | None:
    """The time and number in a backup's name, which sort as they were made; None for a name of something else."""
    match = re.fullmatch(rf"{re.escape(stem)} (\d{{4}}-\d\d-\d\d \d{{6}})( \d+)?\.xlsx", name)
    if match is None:
        return None
    try:
        datetime.strptime(match[1], _STAMP)
    except ValueError:
        return None
    return f"{match[1]}{match[2] or '':>4}"
