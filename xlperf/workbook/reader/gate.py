"""The gate: an untrusted .xlsx as checked parts, each inflated and parsed in small pieces within limits.

`zipfile` only lists the parts. They are inflated here, because what counts is the bytes that come out, not the sizes
in the headers. Nothing is written to disk, and nothing outside of the given bytes is followed.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from xlperf.workbook.reader.kind import ZIP, check_contents, check_first_bytes, other_package
from xlperf.workbook.reader.limits import Limits, check_count, too_large
from xlperf.workbook.reader.parsing import Handler, Parser
from xlperf.workbook.reader.refused import Refused

_CHUNK = 64 * 1024
_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_CONTENT_TYPES = "[Content_Types].xml"
# What zipfile raises over one damaged directory or another.
_ZIPFILE_ERRORS = (zipfile.BadZipFile, struct.error, ValueError, OverflowError, NotImplementedError, EOFError, OSError)


class Package:
    """The parts of a workbook, by name in any case. Raises Refused for whatever is wrong with them."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        check_first_bytes(data)
        if len(data) > limits.file_bytes:
            raise too_large("bytes in the file", limits.file_bytes, len(data))
        self.limits = limits
        self._data = memoryview(data)
        self._parts = _parts(data, limits)
        self._inflated = 0
        self._parser = Parser(limits)
        if _CONTENT_TYPES not in self:
            raise other_package(self._parts)
        types = _ContentTypes()
        self.parse(_CONTENT_TYPES, types)
        check_contents(" ".join(types.found), self._parts)

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._parts

    def parse(self, name: str, handler: Handler) -> None:
        """Stream the part through `handler`."""
        part = self._parts.get(name.casefold())
        if part is None:
            raise Refused("F010", "A part that the workbook refers to is not in the file.", found=name)
        chunks = self._inflate(part)
        try:
            self._parser.parse(part.name, chunks, handler)
        except Refused as refused:
            if refused.code == "F010":
                # Read on to the checksum: when it is wrong, the file is damaged, and that is the better thing to say.
                deque(chunks, maxlen=0)
            raise

    def parse_if_sound(self, name: str, handler: Handler) -> bool:
        """Parse a part that the figures do not depend on: damage is not worth a refusal, but an attack is."""
        if name not in self:
            return False
        try:
            self.parse(name, handler)
        except Refused as refused:
            if refused.code not in ("F002", "F010"):
                raise
            return False
        return True

    def _inflate(self, part: _Part) -> Iterator[bytes]:
        """Inflate the part in pieces of at most 64 KB, counted as they come; the checksum is checked last."""
        packed = self._data[part.start : part.start + part.packed_size]
        most = min(self.limits.part_bytes, max(self.limits.ratio_from, self.limits.ratio * part.packed_size))
        size = checksum = 0
        try:
            for chunk in _deflated(packed) if part.is_deflated else _stored(packed):
                size += len(chunk)
                self._inflated += len(chunk)
                check_count("bytes in one part of the workbook", size, most)
                check_count("bytes in the unpacked workbook", self._inflated, self.limits.total_bytes)
                checksum = zlib.crc32(chunk, checksum)
                yield chunk
        except zlib.error as error:
            raise _damaged(part.name) from error
        if size != part.size or checksum != part.checksum:
            raise _damaged(part.name)


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    start: int
    packed_size: int
    size: int
    checksum: int
    is_deflated: bool


class _ContentTypes(Handler):
    """All content types of the package."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        self.found.append(attributes.get("ContentType", ""))


def _parts(data: bytes, limits: Limits) -> dict[str, _Part]:
    """Locate all parts, by casefolded name."""
    entries, end = _directory(data, limits)
    if len(entries) > limits.parts:
        raise too_large("parts in the package", limits.parts, len(entries))
    parts: dict[str, _Part] = {}
    previous_end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        part = _part(data, entry)
        # The first part stands at the very beginning: otherwise this is one zip behind another, and programs
        # differ in which of the two they read.
        if entry.header_offset < previous_end or (not parts and entry.header_offset):
            raise Refused("F006", "Parts of the workbook lie over one another.", found=part.name)
        previous_end = part.start + part.packed_size
        if previous_end > end:
            raise _damaged(part.name)
        if part.name.casefold() in parts:
            message = "The workbook holds the same part twice; programs differ in which one they read."
            raise Refused("F006", message, found=part.name)
        parts[part.name.casefold()] = part
    return parts


def _directory(data: bytes, limits: Limits) -> tuple[list[zipfile.ZipInfo], int]:
    """List the entries of the package, and say where its parts end."""
    # zipfile makes an object of every entry before anything can be asked, so look first how many there are.
    # Ten times the limit, because a workbook may hold another package whose entries are counted here too.
    if data.count(_ENTRY) > 10 * limits.parts:
        raise too_large("parts in the package", limits.parts)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries, start = archive.infolist(), archive.start_dir
    except _ZIPFILE_ERRORS as error:
        raise _damaged() from error
    # One wrong length in an entry makes it swallow the next ones, and tables would be missing without a word.
    if data.count(_ENTRY, start) != len(entries):
        raise _damaged()
    return entries, start


def _part(data: bytes, entry: zipfile.ZipInfo) -> _Part:
    """Locate the part, after its two headers were compared."""
    # `filename` is cut at NUL and differs between systems; `orig_filename` is what stands in the file.
    name = entry.orig_filename.replace("\\", "/")
    if name.startswith("/") or ":" in name or "\0" in name or ".." in name.split("/"):
        raise Refused("F006", "The name of a part of the workbook is not a safe one.", found=name)
    if entry.flag_bits & 0x41:
        raise Refused("F006", "A part of the workbook is encrypted.", found=name)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused("F002", "A part of the workbook is packed in a way that Excel does not use.", found=name)
    try:
        header = _LOCAL_HEADER.unpack_from(data, entry.header_offset)
    except (struct.error, OverflowError) as error:
        raise _damaged(name) from error
    name_at = entry.header_offset + _LOCAL_HEADER.size
    start = name_at + header[-2] + header[-1]
    listed = entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
    if entry.header_offset < 0 or header[0] != ZIP or data[name_at : name_at + header[-2]] != listed:
        raise _damaged(name)
    is_deflated = entry.compress_type == zipfile.ZIP_DEFLATED
    return _Part(name, start, entry.compress_size, entry.file_size, entry.CRC, is_deflated)


def _stored(packed: memoryview) -> Iterator[bytes]:
    for at in range(0, len(packed), _CHUNK):
        yield bytes(packed[at : at + _CHUNK])


def _deflated(packed: memoryview) -> Iterator[bytes]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    at = 0
    while not stream.eof:
        block: bytes | memoryview = stream.unconsumed_tail
        if not block:
            block = packed[at : at + _CHUNK]
            at += len(block)
        chunk = stream.decompress(block, _CHUNK)
        if not chunk and not block:
            raise zlib.error("the stream ends too early")
        yield chunk
    if at < len(packed) or stream.unused_data:
        raise zlib.error("something stands behind the stream")


def _damaged(name: str = "") -> Refused:
    return Refused("F002", "The file is damaged, or only half of it was saved or copied.", found=name)
