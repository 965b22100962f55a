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
_NOT_PLAIN = bytes(byte for byte in range(0x20) if byte not in b"\t\n")
"""No character of XML, but for the carriage return, which a parser changes."""
_NO_CHARACTERS = ("\ufffe", "\uffff")
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


def ordinary_text(data: bytes) -> str | None:
    """The text of a part in UTF-8 whose every character is one of XML, and stays what it is in a parser."""
    if not _DECLARATION.match(data) or len(data.translate(None, _NOT_PLAIN)) != len(data):
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if any(character in text for character in _NO_CHARACTERS) else text


def has_ordinary_texts(text: str) -> bool:
    """Whether in its texts every `&` begins one of the entities that `without_entities` knows, and no CDATA ends."""
    return text.count("&") == len(_ENTITY.findall(text)) and "]]>" not in text


def without_entities(text: str) -> str:
    """The text that some ordinary XML stands for."""
    if "&" not in text:
        return text
    for entity, character in _ENTITIES.items():  # the ampersand last, as what it begins is no entity
        text = text.replace(entity, character)
    return text


def elements_in(text: str) -> int:
    """How many elements begin in some ordinary XML without a declaration."""
    return text.count("<") - text.count("</")
