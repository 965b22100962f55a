"""Saving the workbook that is open in Excel: itself, under its own name, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlperf.errors import WorkbookError, WorkbookInUse
from xlperf.workbook.live.faults import native_flag, patiently

if TYPE_CHECKING:
    import xlwings as xw


def save(book: xw.Book, name: str, path: Path) -> None:
    """Save the open workbook, which `path` must mean.

    Raises WorkbookInUse where it is open read-only; WorkbookError where it was never saved, or cannot be.
    """
    own = _own_path(book)
    is_elsewhere = path.is_absolute() and own is not None and not _is_same_file(own, path)
    if path.name.casefold() != name.casefold() or is_elsewhere:
        raise WorkbookError(f"{name} is what is open in Excel, and only it can be saved there, not {path}")
    if not Path(name).suffix:
        raise WorkbookError(f"{name} has never been saved; save it once in Excel, under a name of its own")
    if patiently(native_flag, book, "ReadOnly"):
        raise WorkbookInUse(
            f"{name} is open read-only, as somebody else has it open, so it was not saved; what was read "
            "is in the ledger. Close it, open it when they have finished, and collate again"
        )
    patiently(book.save)


def save_and_close(book: xw.Book, name: str) -> Path:
    """Save and close the open workbook; returns the path of its file. Raises as `save`; then it is still open."""
    path = _own_path(book)
    if path is None:
        raise WorkbookError(
            f"{name} has no path on this computer (it was never saved, or lies on the web), so it cannot be closed "
            "and opened again from here; close it, run xlperf collate in its folder, and open it"
        )
    save(book, name, path)
    patiently(book.close)
    return path


def _own_path(book: xw.Book) -> Path | None:
    """Where the open workbook lies; None where that is not known, as on OneDrive, whose paths are URLs."""
    try:
        full = patiently(getattr, book, "fullname")
    except Exception:  # noqa: BLE001  xlwings raises whatever it likes where it cannot turn a URL into a path
        return None
    return Path(full) if Path(full).is_absolute() else None


def _is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to the same file, one perhaps by a drive letter and the other by a share's name."""
    try:
        return one == other or one.samefile(other)
    except OSError:
        return False
