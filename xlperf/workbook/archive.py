"""A workbook's file is a zip archive of its parts: taken apart, and put together again.

`zipped` compresses every part. Of files that have most of their parts in common, `packed` compresses each part once,
and `assembled` puts packed parts together: the bytes are the same.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlperf.errors import WorkbookError

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the same parts make the same file
_FIXED_DATE = (0 << 9) | (1 << 5) | 1  # 1 January 1980, as a zip writes it; the time is 0
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, KeyError, RuntimeError, ValueError
)  # fmt: skip


def unzipped(data: bytes, file: str) -> dict[str, bytes]:
    """The parts in the bytes of a file called `file`, by name, in file order.

    Raises WorkbookError where it is no such archive, or holds a part twice.
    """
    return {packed.name: part for packed, part in each_part(data, file)}


def each_part(data: bytes, file: str) -> Iterator[tuple[Packed, bytes]]:
    """The parts in the bytes of a file, one after another: as each stands there, and what it holds; see `unzipped`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if any(entry.compress_type not in _METHODS for entry in entries):
                raise zipfile.BadZipFile("compressed in a way that Excel does not use")
            _check_names([entry.filename for entry in entries], file)
            for entry in entries:
                yield _as_it_stands(data, entry), archive.read(entry)
    except _UNREADABLE as error:
        raise WorkbookError(
            f"{file}: is not an .xlsx workbook, or is damaged or password-protected ({error}); "
            "open it in Excel and save it as an Excel workbook without a password"
        ) from error


def standing(data: bytes) -> Iterator[Packed]:
    """The parts as they stand in the bytes of a file of ours; what they hold is not looked into."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield from (_as_it_stands(data, entry) for entry in archive.infolist())


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


def _as_it_stands(data: bytes, entry: zipfile.ZipInfo) -> Packed:
    """A part in the bytes of a file, which are not copied."""
    name_length, extra_length = _LENGTHS.unpack_from(data, entry.header_offset + _LOCAL.size - _LENGTHS.size)
    start = entry.header_offset + _LOCAL.size + name_length + extra_length
    compressed = memoryview(data)[start : start + entry.compress_size]
    return Packed(entry.filename, compressed, entry.CRC, entry.file_size, entry.compress_type == zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True)
class Packed:
    """A part as it stands in a file: its name, its bytes there, and the CRC and length of what they hold."""

    name: str
    compressed: bytes | memoryview
    crc: int
    length: int
    is_deflated: bool = True

    def unpacked(self) -> bytes:
        """What it holds."""
        if not self.is_deflated:
            return bytes(self.compressed)
        return zlib.decompress(self.compressed, -zlib.MAX_WBITS, max(self.length, 1))

    def holds(self, data: bytes) -> bool:
        """Whether it holds these bytes, of which no copy is made."""
        if len(data) != self.length or zlib.crc32(data) != self.crc:
            return False
        if not self.is_deflated:
            return self.compressed == data
        inflate, left, at = zlib.decompressobj(-zlib.MAX_WBITS), self.compressed, 0
        while piece := inflate.decompress(left, _PIECE):
            if data[at : at + len(piece)] != piece:
                return False
            left, at = inflate.unconsumed_tail, at + len(piece)
        return at == len(data)


def packed(name: str, data: bytes) -> Packed:
    """A part, compressed."""
    deflate = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Packed(name, deflate.compress(data) + deflate.flush(), zlib.crc32(data), len(data))


# APPNOTE.TXT of PKWARE, 4.3.7, 4.3.12 and 4.3.16: without a zip64, which parts of 4 GiB would need.
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s4B4H3I5H2I")
_PIECE = 1 << 20
"""Bytes that are unpacked at once where a part is compared."""
_LENGTHS = struct.Struct("<2H")
"""Of a part's name, and of what else is said of it, at the end of what stands before it."""
_END = struct.Struct("<4s4H2IH")
_VERSION, _UTF_8_NAME, _OWNER_READS_AND_WRITES = 20, 0x800, 0o600 << 16


def assembled(parts: Sequence[Packed]) -> bytes:
    """The bytes of a file that holds the parts in their order; those of `zipped` of the same parts, byte for byte."""
    local, central, offset = list[bytes | memoryview](), list[bytes](), 0
    for part in parts:
        name, flags = part.name.encode(), 0 if part.name.isascii() else _UTF_8_NAME
        sizes = (part.crc, len(part.compressed), part.length, len(name))
        method = zipfile.ZIP_DEFLATED if part.is_deflated else zipfile.ZIP_STORED
        head = _LOCAL.pack(b"PK\x03\x04", _VERSION, flags, method, 0, _FIXED_DATE, *sizes, 0)
        entry = (_VERSION, 0, _VERSION, 0, flags, method, 0, _FIXED_DATE, *sizes, 0, 0, 0, 0)
        central.append(_CENTRAL.pack(b"PK\x01\x02", *entry, _OWNER_READS_AND_WRITES, offset) + name)
        local += (head, name, part.compressed)
        offset += len(head) + len(name) + len(part.compressed)
    directory = b"".join(central)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(parts), len(parts), len(directory), offset, 0)
    return b"".join((*local, directory, end))
