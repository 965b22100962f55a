"""Who has a workbook open, from the small file that Excel or LibreOffice lays beside it."""

from __future__ import annotations

from pathlib import Path

SOMEBODY = "somebody"


def holder_of(path: Path) -> str | None:
    """Name the person who has the workbook open: None if nobody has, `somebody` if the name is unreadable.

    A program that crashed leaves its file behind, so this is a hint for a message, not a lock.
    """
    for beside, name_in in (
        (path.with_name(f"~${path.name}"), _name_in_excel_owner_file),
        (path.with_name(f".~lock.{path.name}#"), _name_in_libreoffice_lock),
    ):
        try:
            data = beside.read_bytes()
        except FileNotFoundError:
            continue
        except OSError:  # Excel keeps its owner file locked on some shares
            return SOMEBODY
        return name_in(data) or SOMEBODY
    return None


def _name_in_excel_owner_file(data: bytes) -> str:
    """Read a length and a name in the Windows code page; from byte 55 on it is there again in UTF-16."""
    length = data[0] if data else 0
    narrow = _printable(data[1 : 1 + length].decode("cp1252", errors="replace"))
    if narrow and "\ufffd" not in narrow and "?" not in narrow:
        return narrow
    wide_length = data[55] if len(data) > 57 else 0
    return _printable(data[57 : 57 + 2 * wide_length].decode("utf-16-le", errors="ignore")) or narrow


def _name_in_libreoffice_lock(data: bytes) -> str:
    fields = data.decode("utf-8", errors="ignore").split(",")
    return next((name for field in fields[:2] if (name := _printable(field))), "")


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable()).strip()
