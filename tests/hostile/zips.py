"""Zip files made by hand, in which every number may be a lie; and bombs, which cost nothing to make."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

_TIME, _DATE = 0, 0x21  # 1 January 1980, as in what xlperf writes
_UTF8 = 0x800
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Entry:
    """A part of a zip; what is None is told as it is, and everything else as said here."""

    name: str
    data: bytes
    """As stored: already packed, where the method is 8."""
    size: int
    checksum: int
    method: int = 8
    flags: int = 0
    local_name: str | None = None
    local_method: int | None = None
    local_flags: int | None = None
    local_size: int | None = None
    local_packed_size: int | None = None
    local_checksum: int | None = None
    packed_size: int | None = None
    local_extra: bytes = b""
    extra: bytes = b""
    after: bytes = b""
    """What stands behind the data."""
    offset: int | None = None


def entry(name: str, content: bytes, *, stored: bool = False) -> Entry:
    """An honest entry."""
    packed = content if stored else deflated(content)
    flags = 0 if name.isascii() else _UTF8
    return Entry(name, packed, len(content), zlib.crc32(content), 0 if stored else 8, flags)


def deflated(content: bytes) -> bytes:
    """The raw deflate stream of some bytes."""
    packer = zlib.compressobj(9 if len(content) < _MEGABYTE else 1, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def bomb(name: str, before: bytes, block: bytes, after: bytes = b"", megabytes: int = 100) -> Entry:
    """A part that unpacks to `before`, so many megabytes of `block` again and again, and `after`.

    The block is packed once; its packed bytes are repeated. The size told is the right one, the checksum is not: no
    reader should come as far as that.
    """
    block = block * max(1, _MEGABYTE // len(block))
    times = megabytes * _MEGABYTE // len(block)
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    head = packer.compress(before) + packer.flush(zlib.Z_FULL_FLUSH)
    packed_block = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    tail = packer.compress(after) + packer.flush()
    size = len(before) + times * len(block) + len(after)
    return Entry(name, head + times * packed_block + tail, size, 0)


def zipped(
    entries: Iterable[Entry],
    *,
    before: bytes = b"",
    behind: bytes = b"",
    comment: bytes = b"",
    count: int | None = None,
    directory_size: int | None = None,
    directory_offset: int | None = None,
    end64: Mapping[str, int] | None = None,
) -> bytes:
    """Put a zip together. `end64` adds the 64-bit end record, with these of its numbers changed."""
    entries = tuple(entries)
    body, listed = bytearray(before), bytearray()
    for item in entries:
        at = len(body)
        body += _local(item)
        listed += _listed(item, at if item.offset is None else item.offset)
    start = len(body)
    body += listed
    if end64 is not None:
        body += _end64(len(body), len(entries), len(listed), start, end64)
    body += struct.pack(
        "<4s4H2LH",
        b"PK\x05\x06",
        0,
        0,
        *[len(entries) if count is None else count] * 2,
        len(listed) if directory_size is None else directory_size,
        start if directory_offset is None else directory_offset,
        len(comment),
    )
    return bytes(body + comment + behind)


def packed(parts: Mapping[str, bytes], *, stored: bool = False) -> bytes:
    """An honest zip of some parts."""
    return zipped(entry(name, content, stored=stored) for name, content in parts.items())


def entries_of(parts: Mapping[str, bytes], *, stored: bool = False) -> list[Entry]:
    """Honest entries of some parts."""
    return [entry(name, content, stored=stored) for name, content in parts.items()]


def with_lie(parts: Mapping[str, bytes], name: str, lie: Mapping[str, object]) -> bytes:
    """A zip in which one part's entry is changed."""
    changed = [
        replace(item, **lie) if item.name == name else item  # type: ignore[arg-type]
        for item in entries_of(parts)
    ]
    return zipped(changed)


def _said(lie: int | None, truth: int) -> int:
    return truth if lie is None else lie


def _local(item: Entry) -> bytes:
    name = (item.name if item.local_name is None else item.local_name).encode()
    header = struct.pack(
        "<4s5H3L2H",
        b"PK\x03\x04",
        20,
        _said(item.local_flags, item.flags),
        _said(item.local_method, item.method),
        _TIME,
        _DATE,
        _said(item.local_checksum, item.checksum),
        _said(item.local_packed_size, len(item.data)),
        _said(item.local_size, item.size),
        len(name),
        len(item.local_extra),
    )
    return header + name + item.local_extra + item.data + item.after


def _listed(item: Entry, offset: int) -> bytes:
    name = item.name.encode()
    header = struct.pack(
        "<4s6H3L5H2L",
        b"PK\x01\x02",
        20,
        20,
        item.flags,
        item.method,
        _TIME,
        _DATE,
        item.checksum,
        _said(item.packed_size, len(item.data)),
        item.size,
        len(name),
        len(item.extra),
        0,
        0,
        0,
        0,
        offset,
    )
    return header + name + item.extra


def _end64(at: int, count: int, size: int, start: int, lies: Mapping[str, int]) -> bytes:
    said = {"count": count, "size": size, "start": start, "at": at} | dict(lies)
    record = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, said["count"], said["count"], said["size"], said["start"]
    )
    return record + struct.pack("<4sLQL", b"PK\x06\x07", 0, said["at"], 1)
