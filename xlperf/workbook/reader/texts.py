"""Texts of a workbook: runs joined, Excel's escapes decoded, and the list of texts that its sheets share."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from xlperf.workbook.reader.gate import CheckedPackage
from xlperf.workbook.reader.ordinary import (
    elements_in,
    has_ordinary_texts,
    is_read_as_ordinary,
    ordinary_text,
    without_entities,
)
from xlperf.workbook.reader.parsing import MAIN, Handler, check_root, local_name
from xlperf.workbook.reader.reading_limits import ReadingLimits, check_count, too_large
from xlperf.workbook.reader.refused import Refused

_ITEM, _TEXT, _PHONETIC, _EXTENSIONS = MAIN + "si", MAIN + "t", MAIN + "rPh", MAIN + "extLst"
_ORDINARY_ITEM = re.compile('<si><t(?: xml:space="preserve")?>([^<]*+)</t></si>')
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_SURROGATE = re.compile("[\ud800-\udfff]")


class RichText(Handler):
    """Collects the text of a string item: its runs joined, without the phonetic guide."""

    def __init__(self, limits: ReadingLimits) -> None:
        self.pieces: list[str] = []
        self.is_open = False
        self._limits = limits
        self._in_phonetic = False
        self._foreign = 0
        """How many elements of other namespaces are open, which programs read or leave as they see fit."""
        self._length = 0

    def start_text(self, tag: str) -> None:
        """Take the opening of an element within the item."""
        if self.is_open or (self._foreign and tag == _TEXT):
            raise _strange(tag)
        self._foreign += not tag.startswith(MAIN)
        if tag == _PHONETIC:
            self._in_phonetic = True
        elif tag == _TEXT:
            self.is_open = not self._in_phonetic

    def end_text(self, tag: str) -> None:
        """Take the closing of an element within the item."""
        self.is_open = False
        self._foreign -= not tag.startswith(MAIN)
        if tag == _PHONETIC:
            self._in_phonetic = False

    def text(self, text: str) -> None:
        """Collect the text, where it is one that shows."""
        if self.is_open:
            self.pieces.append(text)
            self._length += len(text)
            if self._length > self._limits.text_chars:
                raise too_large("characters in one cell", self._limits.text_chars)

    def take(self) -> str:
        """Give the text collected since the last time."""
        text = "".join(self.pieces)
        self.pieces.clear()
        self._length = 0
        return text


class _SharedStrings(RichText):
    def __init__(self, needed: Collection[int], limits: ReadingLimits) -> None:
        super().__init__(limits)
        self.strings: dict[int, str] = {}
        self._needed = needed
        self._index = -1
        self._is_item = False

    @property
    def items(self) -> int:
        """How many items were met."""
        return self._index + 1

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        if depth == 1:
            check_root(tag, "sst")
        elif depth == 2:
            if tag not in (_ITEM, _EXTENSIONS):  # cells name their text by counting the items
                raise _strange(tag)
            self._is_item = tag == _ITEM
            self._index += self._is_item
            check_count("texts", self.items, self._limits.strings)
        elif self._is_item and self._index in self._needed:
            self.start_text(tag)

    def end(self, tag: str, depth: int) -> None:
        if depth > 2:
            if self._is_item and self._index in self._needed:
                self.end_text(tag)
        elif tag == _ITEM and self._index in self._needed:
            self.strings[self._index] = unescaped(self.take())


def read_strings(package: CheckedPackage, part: str, needed: Collection[int]) -> Mapping[int, str]:
    """Read the shared strings whose index is needed; an index that the list does not have is left out."""
    if not needed or not part:
        return {}
    strings: dict[int, str] = {}
    if is_read_as_ordinary(package, lambda: _read_ordinary(package, part, needed, strings)):
        return strings
    handler = _SharedStrings(needed, package.limits)
    package.parse(part, handler)
    return handler.strings


def _read_ordinary(package: CheckedPackage, part: str, needed: Collection[int], strings: dict[int, str]) -> bool:
    """Whether the whole list is ordinary XML; the texts that are needed are then in `strings`."""
    limits = package.limits
    data = package.whole(part)
    text = None if data is None else ordinary_text(data)
    if text is None:
        return False
    opens, closes = text.find("<si>"), text.rfind("</sst>")
    items = text[opens:closes]
    if not 0 < opens < closes or not has_ordinary_texts(items) or not package.count_elements(elements_in(items)):
        return False
    around = _SharedStrings((), limits)
    package.parse_pieces(part, (text[:opens].encode(), text[closes:].encode()), around)
    if around.items:  # one that is written otherwise, as <si/>, stands before the first of these, and counts
        return False
    at = 0
    for index, match in enumerate(_ORDINARY_ITEM.finditer(items), 1):
        if match.start() != at or index > limits.strings or len(match[1]) > limits.text_chars:
            return False
        at = match.end()
        if index - 1 in needed:
            strings[index - 1] = unescaped(without_entities(match[1]))
    return at == len(items)


def _strange(tag: str) -> Refused:
    return Refused("F010", "A text of the workbook is not built as Excel builds it.", found=local_name(tag))


def unescaped(text: str) -> str:
    """Decode Excel's _xHHHH_ escapes; half a surrogate pair, which no file can hold, is replaced."""
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
