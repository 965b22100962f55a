"""Writing a file wholly or not at all: beside its place, flushed to the disk, read back, then renamed.

Whoever looks, at any moment and after any crash, sees the old file or the whole new one. A crash leaves at most a
hidden file beside it, which `is_left_over` knows.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path

_PREFIX, _SUFFIX = ".xlperf-", ".part"
_TRIES, _PAUSE = 5, 0.1  # a virus scanner may hold a file for a moment after it was closed


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path`, whose folder exists; its permissions stay as they were.

    Raises:
        OSError: it could not be written, or what reached the disk is something else; the old file is untouched.
    """
    beside = path.with_name(f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if beside.read_bytes() != data:
            raise OSError(f"what reached the disk is not what was written to {path.name}")
        with suppress(FileNotFoundError):
            shutil.copymode(path, beside)
        _replace(beside, path)
    except BaseException:
        with suppress(OSError):  # where the share has gone, so has this file
            beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _replace(beside: Path, path: Path) -> None:
    for left in reversed(range(_TRIES)):
        try:
            os.replace(beside, path)
            return
        except PermissionError:
            if not left or os.name != "nt":
                raise
            time.sleep(_PAUSE)


def is_left_over(name: str) -> bool:
    """Whether a file of this name is what a crash in `write_whole` leaves; it holds nothing that counts."""
    return name.startswith(_PREFIX) and name.endswith(_SUFFIX)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder last through a power cut; Windows has no such call, and some shares refuse it."""
    if os.name == "nt":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
