"""Writing a file wholly or not at all: beside its place, flushed to the disk, read back, then renamed.

Whoever looks, at any moment and after any crash, sees the old file or the whole new one. A crash leaves at most a
hidden file or folder, whose name says which process on which machine it was; see `maker_of`.
"""

from __future__ import annotations

import errno
import hashlib
import os
import platform
import re
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PART, MAKING = ".part", ".making"
"""How the names of a half-written file and of a folder of files not yet in place end."""

IS_WINDOWS = os.name == "nt"
_OURS = re.compile(r"\.xlperf-([0-9a-f]{8})-(\d+)-[0-9a-f]{12}(\.part|\.making)")
_TRIES, _PAUSE = 5, 0.1  # a virus scanner may hold a file for a moment after it was closed
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


def hidden_name(ending: str) -> str:
    """A new name for something that is not finished, which says who makes it."""
    return f".xlperf-{machine_tag()}-{os.getpid()}-{secrets.token_hex(6)}{ending}"


def machine_tag() -> str:
    """Eight characters for this machine, of its name alone."""
    return hashlib.sha256(platform.node().casefold().encode()).hexdigest()[:8]


def maker_of(name: str) -> tuple[str, int] | None:
    """(machine tag, process id) of what was or is being made under a name of `hidden_name`; None for other names."""
    said = _OURS.fullmatch(name)
    return (said[1], int(said[2])) if said else None


def write_whole(path: Path, data: bytes, *, just_before: Callable[[], None] | None = None) -> None:
    """Write `data` to `path`, whose folder exists; its permissions stay as they were, and a link stays a link.

    Args:
        path: the file, which may be there already.
        data: its contents.
        just_before: called when all is ready and the old file is about to be replaced; what it raises ends the matter.

    Raises:
        OSError: it could not be written, or what reached the disk is something else; the old file is untouched.
    """
    if path.is_symlink():  # else it would become a file of its own, and what others look at would grow old
        path = Path(os.path.realpath(path))
    beside = path.with_name(hidden_name(PART))
    try:
        _write(beside, data, path.name)
        with suppress(FileNotFoundError):
            shutil.copymode(path, beside)
        if just_before is not None:
            just_before()
        _patiently(os.replace, beside, path)
    except BaseException:
        _unlink(beside)
        raise
    sync_folder(path.parent)


def write_new(path: Path, data: bytes) -> None:
    """Write `data` to `path`, where there must be nothing yet: of two who do so at once, one has it.

    Raises:
        FileExistsError: there is something; it is untouched.
        OSError: it could not be written; there is nothing.
    """
    beside = path.with_name(hidden_name(PART))
    try:
        _write(beside, data, path.name)
        move_new(beside, path)
    except BaseException:
        _unlink(beside)
        raise
    sync_folder(path.parent)


def move_new(source: Path, target: Path) -> None:
    """Rename a file, never over another. Raises FileExistsError, and OSError; the file is then where it was."""
    if IS_WINDOWS:  # where a rename refuses by itself
        _patiently(os.rename, source, target)
        return
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _move_without_links(source, target)
    else:
        _unlink(source)


def _move_without_links(source: Path, target: Path) -> None:
    """As `move_new`, on a share that has no links. Of two who take one name at the same moment, the later has it.

    To take the name first with an empty file would keep them apart, and a crash would leave that file: in a ledger, a
    damaged run. What is written under one name by two is written under the lock, or its name is like no other.
    """
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    os.replace(source, target)


def _write(path: Path, data: bytes, name: str) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if path.read_bytes() != data:
        raise OSError(f"what reached the disk is not what was written to {name}")


def _patiently(rename: Callable[[Path, Path], None], source: Path, target: Path) -> None:
    for left in reversed(range(_TRIES)):
        try:
            rename(source, target)
            return
        except PermissionError:
            if not left or not IS_WINDOWS:
                raise
            time.sleep(_PAUSE)


def _unlink(path: Path) -> None:
    with suppress(OSError):  # where the share has gone, so has this file
        path.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder last through a power cut; Windows has no such call, and some shares refuse it."""
    if IS_WINDOWS:
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def is_left_over(name: str) -> bool:
    """Whether a name is that of a half-written file: one being made now, or what a crash has left."""
    return maker_of(name) is not None and name.endswith(PART)
