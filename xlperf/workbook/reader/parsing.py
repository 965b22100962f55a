"""Expat within limits: a part of the workbook is streamed through a handler, and XML that could harm is refused."""

from __future__ import annotations

from collections.abc import Iterable
from xml.parsers import expat

from xlperf.workbook.reader.file_kind import check_namespace
from xlperf.workbook.reader.reading_limits import ReadingLimits, check_count, too_large
from xlperf.workbook.reader.refused import Refused

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
"""What the tags of a workbook's own elements begin with."""

_LONGEST_NAMESPACE = 500  # characters; expat gives it again with every name, so a long one takes quadratic time

# What expat decodes by itself; for any other name it would ask Python's codecs.
_ENCODINGS = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII", "ISO-8859-1"}


class Enough(Exception):
    """Raised by a handler that has seen all it wants of a part."""


class Handler:
    """What a part is parsed with; the outermost element has depth 1."""

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        """Take the opening of an element; `tag` is "namespace name"."""

    def end(self, tag: str, depth: int) -> None:
        """Take the closing of an element."""

    def text(self, text: str) -> None:
        """Take some text; more may follow."""


class Parser:
    """Parses the parts of one workbook; the limit on elements is for all of them together."""

    def __init__(self, limits: ReadingLimits) -> None:
        self._limits = limits
        self.elements_left = limits.elements
        """How many elements may still come."""

    def parse(self, name: str, chunks: Iterable[bytes], handler: Handler) -> None:
        """Stream the part called `name` through `handler`, until that has enough. Raises Refused."""
        parser = self._expat(handler)
        fed = 0
        try:
            for chunk in chunks:
                parser.Parse(chunk, False)
                fed += len(chunk)
                check_count("bytes in one XML tag", fed - parser.CurrentByteIndex, self._limits.token_bytes)
            parser.Parse(b"", True)
        except Enough:
            return
        except (expat.ExpatError, ValueError, RecursionError) as error:
            raise Refused("F010", "A part of the workbook is not well-formed XML.", found=f"{name}: {error}") from error

    def _expat(self, handler: Handler) -> expat.XMLParserType:
        # The separator is a space: a namespace cannot be mistaken for another, since no local name has one.
        parser = expat.ParserCreate(namespace_separator=" ")
        # Called for every element: local names, and one test for all limits, save a tenth of the time.
        most_depth, most_attributes = self._limits.depth, self._limits.attributes
        take_start, take_end = handler.start, handler.end
        depth, left = 0, self.elements_left

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth, left
            depth += 1
            left -= 1
            if depth > most_depth or left < 0 or len(attributes) > most_attributes:
                raise self._too_much(depth, left)
            if depth == 1:
                check_namespace(tag)
            take_start(tag, attributes, depth)

        def end(tag: str) -> None:
            nonlocal depth
            take_end(tag, depth)
            depth -= 1
            if not depth:
                self.elements_left = left

        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = handler.text
        parser.StartNamespaceDeclHandler = _check_namespace_length
        parser.XmlDeclHandler = _check_encoding
        parser.StartDoctypeDeclHandler = _refuse_dtd
        parser.EntityDeclHandler = _refuse_dtd
        return parser

    def _too_much(self, depth: int, left: int) -> Refused:
        if depth > self._limits.depth:
            return too_large("levels of XML", self._limits.depth)
        if left < 0:
            return too_large("XML elements", self._limits.elements)
        return too_large("attributes of one XML element", self._limits.attributes)


def check_root(tag: str, expected: str) -> None:
    """Refuse a part whose outermost element is not the expected one."""
    if tag != MAIN + expected:
        message = "A part of the workbook is not what it should be."
        raise Refused("F010", message, found=local_name(tag), expected=expected)


def local_name(tag: str) -> str:
    """Give the tag without its namespace."""
    return tag.rpartition(" ")[2]


def _check_encoding(version: str, encoding: str | None, standalone: int) -> None:
    if encoding and encoding.upper() not in _ENCODINGS:
        raise Refused("F010", "A part of the workbook is in an encoding that Excel does not use.", found=encoding)


def _check_namespace_length(prefix: str | None, namespace: str | None) -> None:
    check_count("characters in an XML namespace", len(namespace or ""), _LONGEST_NAMESPACE)


def _refuse_dtd(*declaration: object) -> None:
    raise Refused("F006", "The workbook contains an XML document type, which Excel never writes.", found="DOCTYPE")
