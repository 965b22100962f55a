"""Texts of a workbook: runs joined, Excel's escapes decoded, and the list of texts that its sheets share."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from xlperf.workbook.reader.gate import Package
from xlperf.workbook.reader.limits import Limits, check_count, too_large
from xlperf.workbook.reader.parsing import MAIN, Handler, check_root

_ITEM, _TEXT, _PHONETIC = MAIN + "si", MAIN + "t", MAIN + "rPh"
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_SURROGATE = re.compile("[\ud800-\udfff]")


class RichText(Handler):
    """Collects the text of a string item: its runs joined, without the phonetic guide."""

    def __init__(self, limits: Limits) -> None:
        self.pieces: list[str] = []
        self.is_open = False
        self._limits = limits
        self._in_phonetic = False
        self._length = 0

    def start_text(self, tag: str) -> None:
        """Take the opening of an element within the item."""
        if tag == _PHONETIC:
            self._in_phonetic = True
        elif tag == _TEXT:
            self.is_open = not self._in_phonetic

    def end_text(self, tag: str) -> None:
        """Take the closing of an element within the item."""
        self.is_open = False
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
    def __init__(self, needed: Collection[int], limits: Limits) -> None:
        super().__init__(limits)
        self.strings: dict[int, str] = {}
        self._needed = needed
        self._index = -1

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        if depth == 1:
            check_root(tag, "sst")
        elif depth == 2:
            self._index += tag == _ITEM
            check_count("texts", self._index + 1, self._limits.strings)
        elif self._index in self._needed:
            self.start_text(tag)

    def end(self, tag: str, depth: int) -> None:
        if depth > 2:
            self.end_text(tag)
        elif tag == _ITEM and self._index in self._needed:
            self.strings[self._index] = unescaped(self.take())


def read_strings(package: Package, part: str, needed: Collection[int]) -> Mapping[int, str]:
    """Read the shared strings whose index is needed; an index that the list does not have is left out."""
    if not needed or not part:
        return {}
    handler = _SharedStrings(needed, package.limits)
    package.parse(part, handler)
    return handler.strings


def unescaped(text: str) -> str:
    """Decode Excel's _xHHHH_ escapes; half a surrogate pair, which no file can hold, is replaced."""
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
