"""Ordinary XML: written so plainly that one pattern reads it, with the same result as the parser.

Most of what programs write into a workbook is of this kind. Whatever is not, or may not be, is left to the parser: here
nothing is refused, corrected or guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from xlperf.workbook.reader.gate import CheckedPackage
from xlperf.workbook.reader.refused import Refused

_DECLARATION = re.compile(
    rb"""(?:<\?xml version=["']1\.0["'](?: encoding=["'](?:UTF|utf)-8["'])?"""
    rb"""(?: standalone=["'](?:yes|no)["'])?\?>\s*)?<[a-z]"""
)
_NOT_ORDINARY = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
"""No character of XML, but for the carriage return, which a parser changes."""
_BETWEEN_TAGS = re.compile(b">[^<]+<")
_ENTITY = re.compile("&(?:amp|lt|gt|quot|apos|#10|#xA);")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&#10;": "\n", "&#xA;": "\n", "&amp;": "&"}
_DEEPEST, _MOST_ATTRIBUTES = 8, 24
"""What the patterns let through at most."""


def is_read_as_ordinary(package: CheckedPackage, read: Callable[[], bool]) -> bool:
    """Whether `read` could read something of the package as ordinary XML; if not, nothing of the try is counted.

    Args:
        package: whose parts are inflated and counted.
        read: says whether all of it was ordinary; a refusal is left to the parser, which says what is wrong first.
    """
    limits = package.limits
    if not package.is_quick or limits.depth < _DEEPEST or limits.attributes < _MOST_ATTRIBUTES:
        return False
    before = package.counts
    try:
        if read():
            return True
    except Refused:
        pass
    package.counts = before
    return False


def begins_ordinarily(part: bytes) -> bool:
    """Whether a part is in UTF-8 by its own account, with an element and nothing else behind its declaration."""
    return _DECLARATION.match(part) is not None


def ordinary_text(piece: bytes) -> str | None:
    """The text of a piece whose texts and characters are ordinary ones; else None."""
    try:
        text = piece.decode()
    except UnicodeDecodeError:
        return None
    return text if has_ordinary_characters(text) and has_ordinary_texts(text) else None


def has_ordinary_characters(text: str) -> bool:
    """Whether every character is one of XML, and stays what it is in a parser."""
    return not _NOT_ORDINARY.search(text)


def has_ordinary_texts(text: str) -> bool:
    """Whether in its texts every `&` begins one of the entities that `without_entities` knows, and no CDATA ends."""
    are_known = "&" not in text or text.count("&") == len(_ENTITY.findall(text))
    return are_known and "]]>" not in text


def without_entities(text: str) -> str:
    """The text that some ordinary XML stands for."""
    if "&" not in text:
        return text
    for entity, character in _ENTITIES.items():  # the ampersand last, as what it begins is no entity
        text = text.replace(entity, character)
    return text


def without_printed_texts(around: bytes) -> bytes:
    """What stands behind the cells of a sheet, without the texts that are only printed: a return's names its owner.

    Taken from between two tags, and only where there is neither comment nor CDATA, so it is XML if it was before, and
    not if it was not: a `>` within a tag would leave a tag that no parser takes.
    """
    begins, ends = around.find(b"<headerFooter"), around.find(b"</headerFooter>")
    is_there = 0 <= begins < ends and b"<!" not in around and b"<?" not in around
    if not is_there or ordinary_text(around[begins:ends]) is None:
        return around
    return around[:begins] + _BETWEEN_TAGS.sub(b"><", around[begins:ends]) + around[ends:]


def elements_in(text: bytes) -> int:
    """How many elements begin in some ordinary XML without a declaration."""
    return text.count(b"<") - text.count(b"</")
