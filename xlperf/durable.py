"""Atomic writing of files: written beside the target, flushed to disk, read back, then renamed.

At any moment, and after a crash, there is either the old file or the complete new one. A crash leaves at most a hidden
file or folder, whose name has the process and the machine that made it; see `maker_of`.
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
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

PART, MAKING = ".part", ".making"
"""The endings of the names of a half-written file, and of a folder of files not yet in place."""

IS_WINDOWS = os.name == "nt"
_OURS = re.compile(rf"\.xlperf-([0-9a-f]{{8}})-(\d+)-[0-9a-f]{{12}}({re.escape(PART)}|{re.escape(MAKING)})")
_TRIES, _PAUSE = 5, 0.1  # a virus scanner may lock a file for a moment after it was closed
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


def hidden_name(ending: str) -> str:
    """A new name for an unfinished file or folder, with this machine and process in it."""
    return f".xlperf-{machine_tag()}-{os.getpid()}-{secrets.token_hex(6)}{ending}"


def machine_tag() -> str:
    """Eight characters that stand for this machine, made from its name."""
    return hashlib.sha256(platform.node().casefold().encode()).hexdigest()[:8]


def maker_of(name: str) -> tuple[str, int] | None:
    """(machine tag, process id) in a name made by `hidden_name`; None for other names."""
    match = _OURS.fullmatch(name)
    return (match[1], int(match[2])) if match else None


def replace_file(path: Path, data: bytes, *, just_before: Callable[[], None] | None = None) -> None:
    """Write `data` to `path`, whose folder exists; its permissions stay as they were, and a link stays a link.

    Args:
        path: the file, which may exist already.
        data: its contents.
        just_before: called when everything is ready and the old file is about to be replaced; if it raises, the old
            file stays.

    Raises:
        OSError: the file could not be written, or the disk returned other bytes; the old file is untouched.
    """
    if path.is_symlink():  # else the link would become a file of its own, and its target would no longer be updated
        path = Path(os.path.realpath(path))
    part_file = path.with_name(hidden_name(PART))
    try:
        _write(part_file, data, path.name)
        with suppress(FileNotFoundError):
            shutil.copymode(path, part_file)
        if just_before is not None:
            just_before()
        _with_retry(os.replace, part_file, path)
    except BaseException:
        _unlink(part_file)
        raise
    sync_folder(path.parent)


def write_new(path: Path, data: bytes) -> None:
    """Write `data` to a new file; if two processes do so at once, one of them succeeds.

    Raises:
        FileExistsError: `path` exists already; it is untouched.
        OSError: it could not be written; there is no new file.
    """
    part_file = path.with_name(hidden_name(PART))
    try:
        _write(part_file, data, path.name)
        move_new(part_file, path)
    except BaseException:
        _unlink(part_file)
        raise
    sync_folder(path.parent)


def write_unseen(files: Mapping[Path, bytes]) -> None:
    """Write files in a hidden folder, over what an attempt that broke off may have left of them.

    Nobody looks in there, so a file needs no other name until it is complete. All are written before the first is
    flushed, which lets most file systems flush them together. The folder is to be flushed once, when all its files are
    there: see `sync_folder`.

    Raises:
        OSError: one could not be written, or the disk returned other bytes.
    """
    with ExitStack() as opened:
        written = [opened.enter_context(path.open("wb")) for path in files]
        for file, data in zip(written, files.values(), strict=True):
            file.write(data)
            file.flush()
        for file in written:
            os.fsync(file.fileno())
    for path, data in files.items():
        _check_it_came_back(path, data, path.name)


def move_new(source: Path, target: Path) -> None:
    """Rename a file, never over another. Raises FileExistsError or OSError; the file is then where it was."""
    if IS_WINDOWS:  # where renaming never overwrites
        _with_retry(os.rename, source, target)
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
    """As `move_new`, on a share without hard links. If two processes use one name at the same moment, the later wins.

    Reserving the name with an empty file would prevent that, but a crash would leave the empty file: in a ledger, a
    damaged run. Names that two processes could both use are written under the lock; all others are unique.
    """
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    os.replace(source, target)


def _write(path: Path, data: bytes, name_in_error: str) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    _check_it_came_back(path, data, name_in_error)


def _check_it_came_back(path: Path, data: bytes, name_in_error: str) -> None:
    if path.read_bytes() != data:
        raise OSError(
            f"{name_in_error}: the disk returned other bytes than were written; check the disk or share, and try again"
        )


def _with_retry(rename: Callable[[Path, Path], None], source: Path, target: Path) -> None:
    for tries_left in reversed(range(_TRIES)):
        try:
            rename(source, target)
            return
        except PermissionError:
            if not tries_left or not IS_WINDOWS:
                raise
            time.sleep(_PAUSE)


def _unlink(path: Path) -> None:
    with suppress(OSError):  # if the share is gone, the file is out of reach too
        path.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Flush renames in a folder to disk, so that they survive a power cut; Windows and some shares cannot do this."""
    if IS_WINDOWS:
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
