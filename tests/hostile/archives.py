"""Zips that lie: about sizes, checksums, names, and about what is in them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from tests.hostile.case import Case, read, refused
from tests.hostile.good import SHEET, STRINGS, STYLES, TABLE, WORKBOOK, Return, good_return
from tests.hostile.zips import Entry, entries_of, entry, packed, with_lie, zipped

_DESCRIPTOR = 8
_UNICODE_NAME = struct.pack("<HHBL", 0x7075, 9, 1, 0) + b"evil"
_END_AS_EXTRA = struct.pack("<HH", 0x9999, 22) + b"PK\x05\x06" + bytes(18)
_EVIL = b"<sheet/>"


def cases() -> Iterator[Case]:
    """All of them."""
    parts = Return().parts
    sheet = entry(SHEET, parts[SHEET])

    def lie(name: str, why: str, code: str = "F002", **said: object) -> Case:
        return refused(code, f"zip-{name}", why, lambda: with_lie(parts, SHEET, said))

    def zip_of(name: str, why: str, code: str, **said: object) -> Case:
        return refused(code, f"zip-{name}", why, lambda: zipped(entries_of(parts), **said))  # type: ignore[arg-type]

    def added(name: str, why: str, code: str, *more: Entry, first: bool = False) -> Case:
        return refused(
            code,
            f"zip-{name}",
            why,
            lambda: zipped([*more, *entries_of(parts)] if first else [*entries_of(parts), *more]),
        )

    yield lie("crc", "the checksum is another part's", checksum=1)
    yield lie("crc-local", "the two checksums differ", local_checksum=1)
    yield lie("size-small", "said to be small", size=10)
    yield lie("size-large", "said to be large", size=0xFFFFFFF0)
    yield lie("size-local", "the two sizes differ", local_size=10)
    yield lie("packed-small", "the packed size is too small", packed_size=100)
    yield lie("packed-large", "the packed size is beyond the file", packed_size=0x7FFFFFFF)
    yield lie("packed-local", "the two packed sizes differ", local_packed_size=100)
    yield lie("method-bzip2", "packed as Excel does not", method=12)
    yield lie("method-lzma", "packed as Excel does not", method=14)
    yield lie("method-deflate64", "packed as Excel does not", method=9)
    yield lie("method-zstd", "packed as Excel does not", method=93)
    yield lie("method-unknown", "packed as nobody does", method=77)
    yield lie("method-local", "packed in one way in the list, in another at the part", local_method=0)
    yield lie("stored-for-deflated", "said to be unpacked", method=0)
    yield lie("name-local", "another name at the part", local_name="xl/worksheets/sheet9.xml")
    yield lie("name-local-length", "a longer name at the part", local_name=SHEET + "x")
    yield lie("encrypted", "a part with a password", "F006", flags=1)
    yield lie("encrypted-local", "a password at the part only", "F006", local_flags=1)
    yield lie("encrypted-strongly", "a part with strong encryption", "F006", flags=0x41)
    yield lie("masked", "headers that are masked", "F006", flags=0x2000)
    yield lie("second-name", "a second name for the part", "F006", extra=_UNICODE_NAME)
    yield lie("offset-zero", "the part is where another is", offset=0)
    yield lie("offset-seven", "the part is in the middle of another", offset=7)
    yield lie("offset-beyond", "the part is beyond the end", "F006", offset=0x7FFFFFFF)
    yield lie("descriptor", "other numbers behind the part", local_flags=_DESCRIPTOR, after=b"PK\x07\x08" + bytes(12))
    yield lie("trailing-in-stream", "something behind the packed stream", data=sheet.data + b"12345")
    yield lie("stream-cut", "the packed stream ends early", data=sheet.data[:-20])
    yield lie("stream-noise", "not a packed stream at all", data=b"\xff" * 100)
    yield lie("hidden-between", "a part that is not in the list", "F006", after=_hidden())
    yield zip_of("count-small", "fewer parts than there are", "F002", count=3)
    yield zip_of("count-large", "more parts than there are", "F002", count=400)
    yield zip_of("list-size", "a shorter list", "F002", directory_size=100)
    yield zip_of("list-offset", "the list is said to be elsewhere", "F002", directory_offset=10)
    yield zip_of("list-offset-beyond", "the list is beyond the end", "F002", directory_offset=0x7FFFFFFF)
    yield zip_of("end64-count", "the 64-bit list has fewer parts", "F002", end64={"count": 2})
    yield zip_of("end64-size", "the 64-bit list is shorter", "F002", end64={"size": 60})
    yield zip_of("end64-start", "the 64-bit list is elsewhere", "F002", end64={"start": 1 << 40})
    yield zip_of("end64-at", "the 64-bit end is elsewhere", "F002", end64={"at": 1 << 62})
    yield zip_of("behind-text", "text behind the end", "F002", behind=b"Scanned by mail gateway")
    yield refused(
        "F002",
        "zip-comment-cut",
        "a comment that is not all there",
        lambda: zipped(entries_of(parts), comment=b"xy")[:-1],
    )
    yield refused("F006", "zip-behind-zip", "two zips, one behind the other", lambda: good_return() + good_return())
    yield zip_of("in-comment", "a second zip in the comment", "F002", comment=packed({"xl/x.xml": _EVIL})[:60_000])
    yield lie("end-in-list", "an end record inside the list", "F006", extra=_END_AS_EXTRA)
    yield refused("F002", "zip-two-ends", "a second end record in the comment", lambda: _two_ends(parts, lists=1))
    yield refused("F006", "zip-two-lists", "a second list of the same parts", lambda: _two_ends(parts, lists=2))
    yield zip_of("before-text", "text before the zip", "F001", before=b"#!/bin/sh\n")
    yield zip_of("before-zip", "a zip before the zip", "F006", before=packed({WORKBOOK: _EVIL}))
    yield added("twice", "the sheet twice", "F006", entry(SHEET, _EVIL))
    yield added("twice-first", "the sheet twice, the false one first", "F006", entry(SHEET, _EVIL), first=True)
    for name, twin in _TWINS.items():
        yield added(f"twin-{name}", f"another name of the sheet: {twin}", "F006", entry(twin, _EVIL))
    for name, unsafe in _UNSAFE.items():
        yield added(f"name-{name}", f"a name that leads elsewhere: {unsafe!r}", "F006", entry(unsafe, b"x"))
    yield added(
        "name-accents", "a name of 30,000 accents out of order", "F006", entry("a" + "\u0315\u0300" * 15_000, b"x")
    )
    yield added("nul-in-name", "a name that ends early", "F006", entry(f"{SHEET}\0.png", b"x"))
    yield added("many", "two thousand parts", "F005", *(entry(f"xl/media/{n}", b"") for n in range(2_000)))
    yield added("very-many", "twelve thousand parts", "F005", *(entry(f"{n}", b"") for n in range(12_000)))
    yield refused("F006", "zip-overlap", "one part within another", _overlap)
    yield refused("F002", "zip-same-bytes", "two parts of the same bytes", lambda: _shared_bytes(parts))
    yield refused("F002", "zip-list-cut", "an entry of the list that swallows the next", lambda: _swallowing(parts))
    for part in (WORKBOOK, SHEET, STRINGS, TABLE, STYLES, "[Content_Types].xml"):
        code = "F001" if part.startswith("[") else "F010"
        yield refused(code, f"zip-without-{part.rpartition('/')[2]}", "a part is gone", partial(_without, part))
    yield read("zip-stored", "nothing is packed", lambda: packed(parts, stored=True))
    yield read("zip-end64", "an honest 64-bit end", lambda: zipped(entries_of(parts), end64={}))
    yield read("zip-comment", "a comment at the end", lambda: zipped(entries_of(parts), comment=b"Made by a person"))
    yield read("zip-behind-zeros", "filled up with zeros", lambda: zipped(entries_of(parts), behind=bytes(600)))
    yield read("zip-descriptors", "sizes behind the parts, as from Java", lambda: _with_descriptors(parts))
    yield read("zip-descriptors-zip64", "sizes as .NET writes them", lambda: _with_descriptors(parts, full=True))
    yield read(
        "zip-folders", "folders are listed too", lambda: zipped([*entries_of(parts), entry("xl/", b"", stored=True)])
    )
    yield read("zip-backslashes", "names as old programs write them", lambda: _with_backslashes(parts))


_TWINS = {
    "case": "xl/worksheets/SHEET2.xml",
    "backslash": "xl\\worksheets\\sheet2.xml",
    "percent": "xl/worksheets/sheet%32.xml",
    "full-width": "xl/worksheets/sheet２.xml",
    "ligature": "xl/workſheets/sheet2.xml",
}
_UNSAFE = {
    "parent": "../sheet2.xml",
    "parent-inside": "xl/../../x.xml",
    "parent-percent": "xl/%2e%2e/x.xml",
    "parent-backslash": "xl\\..\\..\\x.xml",
    "absolute": "/etc/passwd",
    "drive": "C:\\x.xml",
    "stream": "xl/workbook.xml:evil",
    "here": "xl/./workbook.xml",
    "double-slash": "xl//workbook.xml",
}


def _hidden() -> bytes:
    whole = zipped([entry("xl/worksheets/sheet2.xml", _EVIL)])
    return whole[: whole.index(b"PK\x01\x02")]


def _overlap() -> bytes:
    inner = _hidden().replace(b"sheet2", b"sheetX")
    first = entry("xl/media/a.bin", inner, stored=True)
    second = entry("xl/worksheets/sheetX.xml", _EVIL)
    at = 30 + len(first.name)
    made = [*entries_of(Return().parts)]
    whole = zipped([first, *made])
    return zipped([first, *made, replace(second, offset=at)]) if whole else b""


def _shared_bytes(parts: dict[str, bytes]) -> bytes:
    first = entry("xl/media/1.bin", b"\x01" * 5_000)
    return zipped(
        [first, *entries_of(parts), replace(first, name="xl/media/2.bin", local_name="xl/media/1.bin", offset=0)]
    )


def _swallowing(parts: dict[str, bytes]) -> bytes:
    data = bytearray(packed(parts))
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"PK\x01\x02"))
    data[at + 30 : at + 32] = struct.pack("<H", len(data) - data.rindex(b"PK\x01\x02") - 22)
    return bytes(data)


def _two_ends(parts: dict[str, bytes], lists: int) -> bytes:
    """Two end records, each of which is the right one for some programs; the first has the other in its comment."""
    whole = packed(parts)
    start, end = whole.index(b"PK\x01\x02"), whole.rindex(b"PK\x05\x06")
    second = whole[end:]
    if lists == 2:
        second = whole[start:end] + second[:16] + struct.pack("<LH", len(whole), 0)
    return whole[:-2] + struct.pack("<H", len(second)) + second


def _without(part: str) -> bytes:
    made = Return()
    del made.parts[part]
    return made.zip()


def _with_descriptors(parts: dict[str, bytes], *, full: bool = False) -> bytes:
    made = []
    for item in entries_of(parts):
        sizes = (item.checksum, len(item.data), item.size)
        made.append(
            replace(
                item,
                flags=_DESCRIPTOR,
                local_checksum=0,
                local_size=0xFFFFFFFF if full else 0,
                local_packed_size=0xFFFFFFFF if full else 0,
                local_extra=struct.pack("<HHQQ", 1, 16, 0, 0) if full else b"",
                after=b"PK\x07\x08" + struct.pack("<LQQ" if full else "<LLL", *sizes),
            )
        )
    return zipped(made)


def _with_backslashes(parts: dict[str, bytes]) -> bytes:
    return packed({name.replace("/", "\\"): content for name, content in parts.items()})
