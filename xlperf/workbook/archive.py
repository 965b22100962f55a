"""A workbook's file is a zip archive of its parts: taken apart, and put together again."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence

from xlperf.errors import WorkbookError

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the same parts make the same file
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, KeyError, RuntimeError, ValueError
)  # fmt: skip


def unzipped(data: bytes, file: str) -> dict[str, bytes]:
    """The parts in the bytes of a file called `file`, by name, in file order.

    Raises WorkbookError where it is no such archive, or holds a part twice.
    """
    return dict(each_part(data, file))


def each_part(data: bytes, file: str) -> Iterator[tuple[str, bytes]]:
    """The parts in the bytes of a file, one after another; see `unzipped`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if any(entry.compress_type not in _METHODS for entry in entries):
                raise zipfile.BadZipFile("compressed in a way that Excel does not use")
            _check_names([entry.filename for entry in entries], file)
            for entry in entries:
                yield entry.filename, archive.read(entry)
    except _UNREADABLE as error:
        raise WorkbookError(
            f"{file}: is not an .xlsx workbook, or is damaged or password-protected ({error}); "
            "open it in Excel and save it as an Excel workbook without a password"
        ) from error


def _check_names(names: Sequence[str], file: str) -> None:
    if len({name.casefold() for name in names}) != len(names):
        raise WorkbookError(f"{file}: holds a part twice; open it in Excel and save it again")


def zipped(parts: Mapping[str, bytes], *, is_compressed: bool) -> bytes:
    """The bytes of a file that holds the parts in their order."""
    buffer = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if is_compressed else zipfile.ZIP_STORED
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.compress_type = method
            entry.create_system = 0
            archive.writestr(entry, data)
    return buffer.getvalue()
