"""Exact byte positions of XML elements in the rows of a sheet: what is changed is changed there, and nowhere else.

All other parts, and a sheet without its rows, are trees (see `xmltree`). Rows are not: as trees the thousands of them
take several times as long and as much memory, and those that nobody touches are to stay as they came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from xml.parsers import expat

from xlperf.errors import WorkbookError
from xlperf.workbook.xmltree import REPAIR, declaration

Edit = tuple[int, int, bytes]
"""(start, end, replacement): bytes start..end give way to the replacement."""

_TAG_NAME = re.compile(rb"<[^\s/>]+")
_ATTRIBUTE = re.compile(rb"\s+([^\s=]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_START_TAG = re.compile(rb"<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>")


@dataclass(slots=True)
class Element:
    """One element: `data[start:end]` is all of it, `data[tag_end:close]` what is between its tags."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    start: int
    tag_end: int = 0
    close: int = 0
    end: int = 0
    text: str = ""

    @property
    def local(self) -> str:
        """The tag without its namespace prefix."""
        return self.tag.rpartition(":")[2]

    @property
    def prefix(self) -> str:
        """The namespace prefix with its colon, or nothing."""
        return self.tag[: -len(self.local)]

    @property
    def depth(self) -> int:
        """1 for the root."""
        return 1 if self.parent is None else self.parent.depth + 1

    def has_parent(self, local: str) -> bool:
        """Return True where the element stands directly inside one called `local`."""
        return self.parent is not None and self.parent.local == local


def parse(data: bytes, where: str) -> list[Element]:
    """Return all elements in document order; for single rows and cells. Raises WorkbookError."""
    elements: list[Element] = []
    stack: list[Element] = []
    parser = new_parser(data, where)

    def start(tag: str, attributes: dict[str, str]) -> None:
        element = Element(tag, attributes, stack[-1] if stack else None, parser.CurrentByteIndex)
        elements.append(element)
        stack.append(element)

    def end(_tag: str) -> None:
        element = stack.pop()
        element.tag_end = end_of_start_tag(data, element.start)
        element.close, element.end = closing_span(data, element.start, parser.CurrentByteIndex)

    def characters(text: str) -> None:
        stack[-1].text += text

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    run_parser(parser, data, where)
    return elements


def check(data: bytes, where: str) -> None:
    """Raise WorkbookError unless `data` is well-formed XML that can be edited."""
    run_parser(new_parser(data, where), data, where)


def new_parser(data: bytes, where: str) -> expat.XMLParserType:
    """Make a parser for `data`, which it takes for UTF-8. Raises WorkbookError for a DTD or another encoding."""
    declaration(data, where)
    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    return parser


def run_parser(parser: expat.XMLParserType, data: bytes, where: str) -> None:
    """Parse all of `data`. Raises WorkbookError where it is not well-formed."""
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise WorkbookError(f"{where}: is damaged ({error}); {REPAIR}") from error


def end_of_start_tag(data: bytes, start: int) -> int:
    """Return where the start tag that begins at `start` ends."""
    match = _START_TAG.match(data, start)
    if match is None:  # cannot happen in what expat accepted
        raise WorkbookError(f"no start tag at byte {start}")
    return match.end()


def closing_span(data: bytes, start: int, index: int) -> tuple[int, int]:
    """Return where the content ends and where the element ends, from expat's index at the end of an element.

    For `<c/>` expat reports the end of the tag, for `<c></c>` the beginning of `</c>`.
    """
    if data[index - 2 : index] == b"/>" and end_of_start_tag(data, start) == index:
        return index, index
    return index, data.index(b">", index) + 1


def splice(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Return `data` with every edit made; the edits must not overlap."""
    pieces: list[bytes] = []
    position = 0
    for start, end, replacement in sorted(edits):
        pieces += (data[position:start], replacement)
        position = end
    pieces.append(data[position:])
    return b"".join(pieces)


def attribute_edit(data: bytes, element: Element, name: str, value: str | None) -> Edit:
    """Return the edit that sets one attribute of a start tag; a `value` of None takes the attribute away."""
    new = b"" if value is None else f' {name}="{escape_attribute(value)}"'.encode()
    for start, end, attribute in _raw_attributes(data, element.start):
        if attribute == name.encode():
            return start, end, new
    before_bracket = element.tag_end - (2 if data[element.tag_end - 2 : element.tag_end] == b"/>" else 1)
    return before_bracket, before_bracket, new


def attributes_except(data: bytes, start: int, leaves_out: Callable[[str], bool]) -> bytes:
    """Return the attributes of the start tag at `start` as they are written, but for those that `leaves_out` names."""
    kept = (data[s:e] for s, e, name in _raw_attributes(data, start) if not leaves_out(name.decode()))
    return b"".join(kept)


def _raw_attributes(data: bytes, start: int) -> Iterable[tuple[int, int, bytes]]:
    name = _TAG_NAME.match(data, start)
    position = name.end() if name else start
    while match := _ATTRIBUTE.match(data, position):
        yield match.start(), match.end(), match[1]
        position = match.end()


def escape_text(text: str) -> str:
    """Escape text for between tags; CR as a character reference, since a bare one is read as LF."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def escape_attribute(text: str) -> str:
    """Escape text for inside double quotes."""
    return escape_text(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


@contextmanager
def located(where: str) -> Iterator[None]:
    """Put a place before the message of a WorkbookError that knows only what is wrong."""
    try:
        yield
    except WorkbookError as error:
        raise WorkbookError(f"{where}, {error}" if str(error).startswith("cell ") else f"{where}: {error}") from error


def whole_number(text: str, where: str) -> int:
    """Return the number that an attribute holds. Raises WorkbookError naming `where` if it is none."""
    if not (text.isascii() and text.isdigit()):
        raise WorkbookError(f"{where}: the file has {text!r} where there should be a number; {REPAIR}")
    return int(text)
