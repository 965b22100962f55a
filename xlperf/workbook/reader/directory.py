"""Where the parts of a package are. `zipfile` lists them; here it is checked that nobody could read the list otherwise.

Two programs that disagree about what a file holds are how a figure gets in that nobody has seen. So whatever stands
twice in a zip (the list and each part's own header, the end record and its 64-bit twin) has to say the same, and
nothing may stand before, between or behind that another program could take for a part.
"""

from __future__ import annotations

import io
import struct
import unicodedata
import warnings
import zipfile
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from xlperf.workbook.reader.file_kind import ZIP
from xlperf.workbook.reader.reading_limits import ReadingLimits, too_large
from xlperf.workbook.reader.refused import Refused

_ENTRY, _END, _DESCRIPTOR = b"PK\x01\x02", b"PK\x05\x06", b"PK\x07\x08"
_END64, _LOCATOR64 = b"PK\x06\x06", b"PK\x06\x07"
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_END_RECORD = struct.Struct("<4s4H2LH")
_END_RECORD_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_SIZE = 20
_FULL_16, _FULL_32 = 0xFFFF, 0xFFFFFFFF  # "see the 64-bit twin"
_ENCRYPTED, _HAS_DESCRIPTOR, _UTF8 = 0x2041, 0x8, 0x800  # flags of a part
_LONGEST_NAME = 1_000
_UNICODE_NAME = 0x7075  # an extra field with a second name
# What zipfile raises over one damaged directory or another.
_ZIPFILE_ERRORS = (zipfile.BadZipFile, struct.error, ValueError, OverflowError, NotImplementedError, EOFError, OSError)


class Part(NamedTuple):
    """Where a part's packed bytes are, and what they must come to."""

    name: str
    start: int
    packed_size: int
    size: int
    checksum: int
    is_deflated: bool


def part_key(name: str) -> str:
    """Give what two names of the same part have in common, in whatever case or encoding they are written."""
    if len(name) > _LONGEST_NAME:  # no part has it, and to put accents in order takes quadratic time
        return name
    return _key(name)


@lru_cache(maxsize=1024)  # the parts of one workbook are called as those of the next
def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", unquote(name)).casefold()


def damaged(name: str = "") -> Refused:
    """Make the refusal for a file that is not as it was saved."""
    return Refused("F002", "The file is damaged, or only half of it was saved or copied.", found=name)


def read_directory(data: bytes, limits: ReadingLimits) -> dict[str, Part]:
    """Locate all parts, by `part_key`. Raises Refused."""
    entries, end = _entries(data, limits)
    parts: dict[str, Part] = {}
    previous_end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        part = _part(data, entry)
        if entry.header_offset < previous_end:
            raise Refused("F006", "Parts of the workbook lie over one another.", found=part.name)
        # The first part stands at the very beginning, as the magic number there has shown.
        _check_gap(data, previous_end, entry.header_offset)
        previous_end = part.start + part.packed_size
        if previous_end > end:
            raise damaged(part.name)
        if part_key(part.name) in parts:
            message = "The workbook holds the same part twice; programs differ in which one they read."
            raise Refused("F006", message, found=part.name)
        parts[part_key(part.name)] = part
    _check_gap(data, previous_end, end)
    return parts


def _entries(data: bytes, limits: ReadingLimits) -> tuple[list[zipfile.ZipInfo], int]:
    """List the entries of the package, and say where its parts end."""
    # zipfile makes an object of every entry before anything can be asked, so look first how many there are.
    # Ten times the limit, because a workbook may hold another package whose entries are counted here too.
    if data.count(_ENTRY) > 10 * limits.parts:
        raise too_large("parts in the package", limits.parts)
    try:
        with warnings.catch_warnings(), zipfile.ZipFile(io.BytesIO(data)) as archive:
            warnings.simplefilter("ignore")  # what there is to say is said below
            entries, start = archive.infolist(), archive.start_dir
    except _ZIPFILE_ERRORS as error:
        raise damaged() from error
    # One wrong length in an entry makes it swallow the next ones, and tables would be missing without a word.
    if data.count(_ENTRY, start) != len(entries):
        raise damaged()
    _check_end(data, start, len(entries))
    if len(entries) > limits.parts:
        raise too_large("parts in the package", limits.parts, len(entries))
    return entries, start


def _check_end(data: bytes, start: int, count: int) -> None:
    """Check the end record: one only, at the end, and saying of the list what is there."""
    at = data.rfind(_END)  # as zipfile does
    if data.count(_END, start) != 1:
        raise _another_inside()
    if at < start or len(data) < at + _END_RECORD.size:
        raise damaged()
    _, _, _, on_disk, in_all, size, offset, comment = _END_RECORD.unpack_from(data, at)
    behind = at + _END_RECORD.size + comment
    # Some mail systems fill a file up with zeros.
    if behind > len(data) or data[behind:].strip(b"\0\r\n "):
        raise Refused("F002", "Something stands behind the end of the workbook: the file was changed on its way.")
    list_end = at
    locator = at - _LOCATOR_SIZE
    if data[max(locator, 0) : at].startswith(_LOCATOR64):
        list_end = locator - _END_RECORD_64.size
        (stated_at,) = struct.unpack_from("<Q", data, locator + 8)
        if list_end < start or stated_at != list_end or not data.startswith(_END64, list_end):
            raise damaged()
        _, _, _, _, _, _, on_disk_64, in_all_64, size_64, offset_64 = _END_RECORD_64.unpack_from(data, list_end)
        if (on_disk_64, in_all_64, size_64) != (count, count, list_end - start):
            raise damaged()
        _check_offset(data, offset_64, start)
    for stated, actual, full in (
        (on_disk, count, _FULL_16),
        (in_all, count, _FULL_16),
        (size, list_end - start, _FULL_32),
    ):
        if stated not in (actual, full):
            raise damaged()
    if offset != _FULL_32:
        _check_offset(data, offset, start)


def _check_offset(data: bytes, stated: int, start: int) -> None:
    # zipfile makes up for bytes in front; other programs read what stands where the list is said to be.
    if stated != start:
        raise _another_inside() if data.startswith(_ENTRY, stated) else damaged()


def _check_gap(data: bytes, start: int, end: int) -> None:
    """Check that nothing, which only other programs would see, stands between two parts or behind the last."""
    if any(data.find(magic, start, end) >= 0 for magic in (ZIP, _ENTRY, _END)):
        message = "The file holds something that is not in its list of parts; some programs would read it."
        raise Refused("F006", message)


def _another_inside() -> Refused:
    return Refused("F006", "The file holds a second package that some programs would read in place of the workbook.")


def _part(data: bytes, entry: zipfile.ZipInfo) -> Part:
    """Locate the part, after its two headers were compared."""
    # `filename` is cut at NUL and differs between systems; `orig_filename` is what stands in the file.
    name = entry.orig_filename.replace("\\", "/")
    _check_name(name, entry.extra)
    try:
        header = _LOCAL_HEADER.unpack_from(data, entry.header_offset)
    except (struct.error, OverflowError) as error:
        raise damaged(name) from error
    magic, _, flags, method, _, _, checksum, packed_size, size, name_length, extra_length = header
    if entry.header_offset < 0 or magic != ZIP:
        raise damaged(name)
    if (entry.flag_bits | flags) & _ENCRYPTED:
        raise Refused("F006", "A part of the workbook is encrypted.", found=name)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused("F002", "A part of the workbook is packed in a way that Excel does not use.", found=name)
    name_at = entry.header_offset + _LOCAL_HEADER.size
    start = name_at + name_length + extra_length
    listed = entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF8 else "cp437")
    if data[name_at : name_at + name_length] != listed or method != entry.compress_type:
        raise damaged(name)
    stated, actual = (checksum, packed_size, size), (entry.CRC, entry.compress_size, entry.file_size)
    is_later = bool(flags & _HAS_DESCRIPTOR)  # the numbers stand behind the part, and may be 0 here
    if stated != actual:
        instead = (_FULL_32, 0) if is_later else (_FULL_32,)
        if any(one != other and one not in instead for one, other in zip(stated, actual, strict=True)):
            raise damaged(name)
    if is_later:
        _check_descriptor(data, start + entry.compress_size, entry)
    return Part(name, start, entry.compress_size, entry.file_size, entry.CRC, method == zipfile.ZIP_DEFLATED)


def _check_name(name: str, extra: bytes) -> None:
    if len(name) > _LONGEST_NAME or not _is_safe(name) or _has_second_name(extra):
        raise Refused("F006", "The name of a part of the workbook is not a safe one.", found=name)


@lru_cache(maxsize=1024)  # as above
def _is_safe(name: str) -> bool:
    plain = unquote(name)
    # The last segment is empty in the name of a folder.
    segments = plain.removesuffix("/").split("/")
    return ":" not in plain and "\0" not in plain and {"", ".", ".."}.isdisjoint(segments)


def _has_second_name(extra: bytes) -> bool:
    at = 0
    while at + 4 <= len(extra):
        field, length = struct.unpack_from("<HH", extra, at)
        if field == _UNICODE_NAME:
            return True
        at += 4 + length
    return False


def _check_descriptor(data: bytes, at: int, entry: zipfile.ZipInfo) -> None:
    """Check the numbers behind a part, where they are marked as such; some writers leave them out."""
    if not data.startswith(_DESCRIPTOR, at):
        return
    numbers = (entry.CRC, entry.compress_size, entry.file_size)
    short, long = struct.pack("<3L", *numbers), struct.pack("<L2Q", *numbers)
    if not data.startswith((short, long), at + len(_DESCRIPTOR)):
        raise damaged(entry.orig_filename)
