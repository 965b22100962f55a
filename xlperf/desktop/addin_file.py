"""The settings of the add-in: which Python it starts, for which workspace. They are on a sheet of its own file.

Used on a copy of the built file when it is installed, and by `xlperf doctor`; needs nothing that only developers have.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace
from pathlib import Path

from xlperf.errors import WorkbookError
from xlperf.workbook.file import FileWorkbook

SHEET_PART, VBA_PART, RIBBON_PART = "xl/worksheets/sheet1.xml", "xl/vbaProject.bin", "customUI/customUI.xml"

ITEMS = (
    "python", "workspace", "version", "last_command", "last_message",
    "shortcut", "shortcut_sha256", "folder_made", "seal",
)  # fmt: skip
"""The settings, in row order. Python finds a value by its defined name, the macros by the words before it."""


@dataclass(frozen=True, slots=True)
class AddinSettings:
    """The settings of an add-in file; "" where one has not been set."""

    python: str = ""
    workspace: str = ""
    version: str = ""
    last_command: str = ""
    last_message: str = ""
    shortcut: str = ""
    """The Start-menu shortcut that was made with it, and its hash: what uninstall takes away."""
    shortcut_sha256: str = ""
    folder_made: str = ""
    """The outermost folder that had to be made for it."""
    seal: str = ""
    """A hash of all else, by which a file that somebody changed is known."""


def read_settings(xlam: Path) -> AddinSettings:
    """The settings of an add-in file. Raises WorkbookError where it is not an add-in of ours, or cannot be read."""
    return _settings(FileWorkbook.open(xlam))


def write_settings(
    xlam: Path,
    *,
    python: Path | str,
    workspace: Path | str,
    shortcut: str = "",
    shortcut_sha256: str = "",
    folder_made: str = "",
    to: Path | None = None,
) -> AddinSettings:
    """Put settings into an add-in file, and seal it.

    Args:
        xlam: the file; it must be one of ours. Its version stays.
        python: the Python program that a button starts.
        workspace: the folder of the workspace.
        shortcut: path of the Start-menu shortcut made with it; "" if none.
        shortcut_sha256: hash of that shortcut.
        folder_made: the outermost folder made to hold the add-in; "" if it was there.
        to: the file to write; `xlam` itself where not given.

    Raises:
        WorkbookError: not an add-in of ours, cannot be written, or a path cannot stand in a command line.
        WorkbookInUse: Excel has it open.
    """
    _check_paths(str(python), str(workspace))
    book = FileWorkbook.open(xlam)
    values = replace(
        _settings(book),
        python=str(python),
        workspace=str(workspace),
        last_command="",
        last_message="",
        shortcut=shortcut,
        shortcut_sha256=shortcut_sha256,
        folder_made=folder_made,
        seal="",
    )
    _put(book, values)
    values = replace(values, seal=_seal(book, values))
    _put(book, values)
    book.save(to or xlam)
    return values


def is_as_written(xlam: Path) -> bool:
    """Whether the file is just as `write_settings` left it. Raises as `read_settings`."""
    book = FileWorkbook.open(xlam)
    values = _settings(book)
    return values.seal == _seal(book, values)


def code_sha256(xlam: Path) -> str:
    """A hash of the macros and the ribbon alone: the same in every copy of a version. Raises as `read_settings`."""
    package = FileWorkbook.open(xlam).package
    _settings(FileWorkbook(package))
    return hashlib.sha256(package.part(VBA_PART) + package.part(RIBBON_PART)).hexdigest()


def _settings(book: FileWorkbook) -> AddinSettings:
    values = {}
    for item in ITEMS:
        try:
            value = book.read_name(item)
        except WorkbookError as error:
            raise WorkbookError(f"{book.package.file} is not an add-in of xlperf: {error}") from error
        values[item] = "" if value is None else str(value)
    return AddinSettings(**values)


def _put(book: FileWorkbook, values: AddinSettings) -> None:
    for field in fields(values):
        book.write_name(field.name, getattr(values, field.name) or None)


def _seal(book: FileWorkbook, values: AddinSettings) -> str:
    """A hash of every part but the sheet of the settings, and of the settings but the seal."""
    book.to_bytes()  # what was written reaches the parts
    package, digest = book.package, hashlib.sha256()
    for part in sorted(package.part_names):
        if part != SHEET_PART:
            digest.update(part.encode() + b"\0" + package.part(part) + b"\0")
    for field in fields(values):
        if field.name != "seal":
            digest.update(f"{field.name}={getattr(values, field.name)}\0".encode())
    return digest.hexdigest()


def _check_paths(python: str, workspace: str) -> None:
    """Refuse what the command line of a button cannot hold: Windows puts variables in for what stands between two %."""
    for path in (python, workspace):
        if '"' in path or not path.isprintable():
            raise WorkbookError(
                f"{path!r}: a path with such characters cannot be given to the add-in; rename the folder"
            )
    if (python + workspace).count("%") > 1:
        raise WorkbookError(
            f"{workspace}: a folder with % in its name cannot be given to the add-in; rename the folder"
        )
