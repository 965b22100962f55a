"""The gate: an untrusted .xlsx as checked parts, each inflated and parsed in small pieces within limits.

The parts are inflated here, because what counts is the bytes that come out, not the sizes in the headers. Nothing is
written to disk, and nothing outside of the given bytes is followed.
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from copy import copy
from functools import lru_cache
from typing import Any, TypeVar, cast

from xlperf.workbook.reader.directory import Part, damaged, part_key, read_directory
from xlperf.workbook.reader.file_kind import check_contents, check_first_bytes, other_package
from xlperf.workbook.reader.parsing import Enough, Handler, Parser
from xlperf.workbook.reader.reading_limits import ReadingLimits, check_count, too_large
from xlperf.workbook.reader.refused import Refused

H = TypeVar("H", bound=Handler)
_CHUNK = 64 * 1024
_MOST_REMEMBERED = 64 * 1024
"""Bytes of a part that is remembered for the next workbook."""
_MOST_WHOLE = 16 * 1024 * 1024
"""Bytes of a part that is held in memory as a whole."""
_CONTENT_TYPES = "[Content_Types].xml"
_XML = (".xml", ".rels", ".vml")


class CheckedPackage:
    """The parts of a workbook, by name in any case. Raises Refused for whatever is wrong with them."""

    def __init__(self, data: bytes, limits: ReadingLimits, *, is_quick: bool = True) -> None:
        """`is_quick`: whether parts of ordinary XML may be read without a parser; the result is the same."""
        check_first_bytes(data)
        self.is_quick = is_quick
        if len(data) > limits.file_bytes:
            raise too_large("bytes in the file", limits.file_bytes, len(data))
        self.limits = limits
        self._data = memoryview(data)
        self._parts = read_directory(data, limits)
        self._inflated = 0
        self._parsed: set[str] = set()
        self._parser = Parser(limits)
        if _CONTENT_TYPES not in self:
            raise other_package(self._parts)
        types = self.parsed(_CONTENT_TYPES, _ContentTypes)
        check_contents(" ".join(types.found), self._parts)

    def unread(self) -> CheckedPackage:
        """The same package as it was before any of its parts was asked for: nothing is counted yet."""
        unread = copy(self)
        unread._parsed, unread._parser = set(self._parsed), copy(self._parser)
        return unread

    def __contains__(self, name: str) -> bool:
        return part_key(name) in self._parts

    def __iter__(self) -> Iterator[str]:
        """The names of all parts, in lower case."""
        return iter(self._parts)

    def parse(self, name: str, handler: Handler) -> None:
        """Stream the part through `handler`, which may end it by raising Enough."""
        key = part_key(name)
        part = self._parts.get(key)
        if part is None:
            raise Refused("F010", "A part that the workbook refers to is not in the file.", found=name)
        self._parsed.add(key)
        chunks = self._inflate(part)
        try:
            self._parser.parse(part.name, chunks, handler)
        except Refused as refused:
            if refused.code == "F010":
                # Read on to the checksum: when it is wrong, the file is damaged, and that is the better thing to say.
                deque(chunks, maxlen=0)
            raise

    def parsed(self, name: str, kind: Callable[..., H], *arguments: Hashable) -> H:
        """What the part is to a handler of this kind, made with these arguments. It must not be changed.

        Returns of one template have most of their parts in common, and these are parsed once.
        """
        handler = self.remembered(name, kind, *arguments)
        if handler is None:
            handler = kind(*arguments)
            self.parse(name, handler)
        return handler

    def remembered(self, name: str, kind: Callable[..., H], *arguments: Hashable) -> H | None:
        """The same where the part is sound, and not too large to be remembered by its bytes; else None."""
        part = self._parts.get(part_key(name))
        if not self.is_quick or part is None or part.size > _MOST_REMEMBERED:
            return None
        with suppress(Refused):  # whoever asked parses it, and says what is wrong
            packed = bytes(self._data[part.start : part.start + part.packed_size])
            about = (packed, part.size, part.checksum, part.is_deflated)
            handler, elements = _parsed_packed(about, self.limits, cast("Hashable", kind), *arguments)
            if self._may_count(part.size, elements):
                self._parsed.add(part_key(name))
                return cast("H", handler)
        return None

    def whole(self, name: str) -> bytes | None:
        """All of a part at once; None where it is missing, or so large that it is better streamed. Raises Refused."""
        part = self._parts.get(part_key(name))
        if part is None or part.size > _MOST_WHOLE:
            return None
        self._parsed.add(part_key(name))
        if part.size <= self.limits.ratio_from and self._may_count(part.size, 0):
            packed = self._data[part.start : part.start + part.packed_size]
            return _inflated_at_once(packed, part, self.limits)
        return b"".join(self._inflate(part))

    def pieces_parsed(self, pieces: tuple[bytes, ...], kind: Callable[..., H], *arguments: Hashable) -> H | None:
        """What pieces of a part come to, as `parsed` has it; None where there are too many elements. Raises Refused."""
        is_small = sum(map(len, pieces)) <= _MOST_REMEMBERED
        parse = _parsed_pieces if is_small else _parsed_pieces.__wrapped__
        handler, elements = parse(pieces, self.limits, cast("Hashable", kind), *arguments)
        return cast("H", handler) if self._may_count(0, elements) else None

    def _may_count(self, size: int, elements: int) -> bool:
        """Count what was inflated and parsed elsewhere, if there may be so much of it."""
        if self._inflated + size > self.limits.total_bytes or elements > self._parser.elements_left:
            return False
        self._inflated += size
        self._parser.elements_left -= elements
        return True

    def count_elements(self, elements: int) -> bool:
        """Count elements that were read without the parser: may there be so many?"""
        self._parser.elements_left -= elements
        return self._parser.elements_left >= 0

    @property
    def counts(self) -> tuple[int, int]:
        """The bytes inflated so far, and the elements that may still come: to be set back where a part is read anew."""
        return self._inflated, self._parser.elements_left

    @counts.setter
    def counts(self, counts: tuple[int, int]) -> None:
        self._inflated, self._parser.elements_left = counts

    def parse_if_sound(self, name: str, handler: Handler) -> bool:
        """Parse a part that the figures do not depend on: damage is not worth a refusal, but an attack is."""
        if name not in self:
            return False
        try:
            self.parse(name, handler)
        except Refused as refused:
            if refused.code not in ("F002", "F004", "F010"):
                raise
            return False
        return True

    def check_rest(self) -> None:
        """Refuse a document type in the parts that nobody asked for; it can only stand before the first element."""
        for name in self._parts:
            if name.endswith(_XML) and name not in self._parsed and self.remembered(name, _Prolog) is None:
                self.parse_if_sound(name, _Prolog())

    def _inflate(self, part: Part) -> Iterator[bytes]:
        """Inflate the part in pieces of at most 64 KB, counted as they come; the checksum is checked last."""
        packed = self._data[part.start : part.start + part.packed_size]
        size = checksum = 0
        try:
            for chunk, taken in _deflated(packed) if part.is_deflated else _stored(packed):
                size += len(chunk)
                self._inflated += len(chunk)
                check_count("bytes in one part of the workbook", size, self.limits.part_bytes)
                # By what went in so far, not by the whole: a bomb is known by its first megabyte.
                most = max(self.limits.ratio_from, self.limits.ratio * taken)
                check_count("bytes unpacked from few", size, most)
                check_count("bytes in the unpacked workbook", self._inflated, self.limits.total_bytes)
                checksum = zlib.crc32(chunk, checksum)
                yield chunk
        except zlib.error as error:
            raise damaged(part.name) from error
        if size != part.size or checksum != part.checksum:
            raise damaged(part.name)


def _inflated_at_once(packed: bytes | memoryview, part: Part, limits: ReadingLimits) -> bytes:
    """A part of no more bytes than may come out of any, however few went in. Raises Refused."""
    check_count("bytes in one part of the workbook", part.size, limits.part_bytes)
    if not part.is_deflated:
        data = bytes(packed)
    else:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = stream.decompress(packed, part.size + 1)
        except zlib.error as error:
            raise damaged(part.name) from error
        if not stream.eof or stream.unused_data:
            raise damaged(part.name)
    if len(data) != part.size or zlib.crc32(data) != part.checksum:
        raise damaged(part.name)
    return data


_PackedPart = tuple[bytes, int, int, bool]
"""The packed bytes of a part, and how many they come to, their checksum, and whether they are deflated."""


@lru_cache(maxsize=256)
def _parsed_packed(about: _PackedPart, limits: ReadingLimits, kind: Any, *arguments: Hashable) -> tuple[Handler, int]:
    """A handler of this kind that has seen the whole part, and how many elements that took. Raises Refused."""
    packed, size, checksum, is_deflated = about
    part = Part("", 0, len(packed), size, checksum, is_deflated)
    if size > limits.ratio_from:
        raise damaged()  # it is streamed, so that a bomb is known by its first bytes
    return _parsed_pieces.__wrapped__((_inflated_at_once(packed, part, limits),), limits, kind, *arguments)


@lru_cache(maxsize=128)
def _parsed_pieces(
    pieces: tuple[bytes, ...], limits: ReadingLimits, kind: Any, *arguments: Hashable
) -> tuple[Handler, int]:
    """A handler of this kind that has seen these pieces of a part, and how many elements that took. Raises Refused."""
    parser, handler = Parser(limits), kind(*arguments)
    parser.parse("", pieces, handler)
    return handler, limits.elements - parser.elements_left


class _ContentTypes(Handler):
    """All content types of the package."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        self.found.append(attributes.get("ContentType", ""))


class _Prolog(Handler):
    """What stands before the first element."""

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        raise Enough


def _stored(packed: memoryview) -> Iterator[tuple[bytes, int]]:
    """Yield the part in pieces, each with how many packed bytes were taken so far."""
    for at in range(0, len(packed), _CHUNK):
        chunk = bytes(packed[at : at + _CHUNK])
        yield chunk, at + len(chunk)


def _deflated(packed: memoryview) -> Iterator[tuple[bytes, int]]:
    """Inflate the part in pieces, each with how many packed bytes were taken so far."""
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
        yield chunk, at - len(stream.unconsumed_tail)
    if at < len(packed) or stream.unused_data:
        raise zlib.error("something stands behind the stream")
