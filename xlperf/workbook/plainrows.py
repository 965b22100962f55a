"""The rows of a sheet that is written as most programs write it, without a call for each of its cells.

A master of 1,000 returns has two million cells, and its rows are alike: the same columns, in the same styles. Once
such a row has come twice, one pattern tells the next. What is written in any other way is left to `rowscan`, which
takes several times as long and says what is wrong with a sheet that makes no sense.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from xlperf.errors import WorkbookError
from xlperf.workbook.a1 import LAST_COLUMN, LAST_ROW, column_number
from xlperf.workbook.rowxml import RowXml, StyledCells
from xlperf.workbook.xmlsplice import check, new_parser, run_parser

_SHEET_DATA, _END, _END_OF_ROW = b"<sheetData>", b"</sheetData>", b"</row>"
_ELSEWHERE = (b"<!", b"<?", b"<c>", b"<c/>", b"<c\t", b"<c\n", b"<c\r")
"""With one of these in a row, its cells cannot be told by how they begin; no pattern made from a row lets one in."""
_ROW = rb'<row r="([1-9][0-9]{0,6})"((?: [A-Za-z][A-Za-z0-9:]*="[^"<>&]*")*)'
"""The start of a row: its number, and what else is set of it."""
_ANY_ROW = re.compile(_ROW + rb"(/?)>")
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]+)"(?: s="([0-9]+)")?(?: (?:t|cm|vm|ph)="[^"<>&]*")*/?>')
_CHARACTERS = rb"[^<>&\x00-\x08\x0b\x0c\x0e-\x1f]*"
_TEXT = _CHARACTERS + rb"(?:&(?:amp|lt|gt|quot|apos|#9|#10|#13);" + _CHARACTERS + rb")*"
_VALUE = rb"<v>" + _TEXT + rb'</v>|<is><t(?: xml:space="preserve")?>' + _TEXT + rb"</t></is>"
_FORMULA = rb"|<f>" + _TEXT + rb"</f>(?:<v>" + _TEXT + rb"</v>)?"
_MOST_TRIED, _MOST_MADE = 6, 24
"""How many patterns are tried on a row, and how many are made for a sheet: one takes as long as fifty rows without."""
_NEVER_IN_XML = b"\xef\xbf"
"""The first bytes of two characters that UTF-8 has and XML has not, and of some that both have."""


class PlainRows(NamedTuple):
    """The rows of a sheet, and the bytes before and after them; no tag has a prefix."""

    head: bytes
    rows: Sequence[RowXml]
    tail: bytes
    prefix: str = ""


def plain_rows(data: bytes, where: str) -> PlainRows | None:
    """The rows of a sheet; None where it is written in another way, or makes no sense."""
    start = data.find(_SHEET_DATA)
    content, end = start + len(_SHEET_DATA), data.rfind(_END)
    if start < 0 or end < content or data.count(_SHEET_DATA) != 1:
        return None
    head, tail = data[:content], data[end:]
    if not _is_in_its_place(head + tail, where):
        return None
    rows = _Rows(data, content, end, where)
    in_order = tuple(rows)
    return PlainRows(head, in_order, tail) if rows.is_whole else None


def _is_in_its_place(frame: bytes, where: str) -> bool:
    """Whether the element with the rows stands directly in the sheet, which is well-formed but for these."""
    depth, place = 0, 0
    parser = new_parser(frame, where)

    def begin(tag: str, _attributes: dict[str, str]) -> None:
        nonlocal depth, place
        depth += 1
        place = depth if tag == "sheetData" else place

    def finish(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = begin, finish
    try:
        run_parser(parser, frame, where)
    except WorkbookError:
        return False
    return place == 2


class _Rows:
    """Goes through the rows between two bytes; `is_whole` says afterwards that they are all there is."""

    def __init__(self, data: bytes, start: int, end: int, where: str) -> None:
        self._data, self._start, self._end, self._where = data, start, end, where
        self._alike: dict[StyledCells, StyledCells] = {}
        self._patterns: list[tuple[re.Pattern[bytes], StyledCells, tuple[int, int], bool]] = []
        self._made = 0
        self._sound = set[bytes]()
        """What was set of rows, and is known to be as XML has it: nothing twice, no character that XML has not."""
        self.is_whole = False

    def __iter__(self) -> Iterator[RowXml]:
        at, previous = self._start, 0
        while at < self._end:
            row = self._like_one_before(at) or self._new(at)
            if row is None or not previous < row.number <= LAST_ROW:
                return
            yield row
            at, previous = at + len(row.raw), row.number
        self.is_whole = True

    def _like_one_before(self, at: int) -> RowXml | None:
        for place, (pattern, styled, span, is_plain) in enumerate(self._patterns):
            row = pattern.match(self._data, at, self._end)
            if row is not None and _is_text(row[0]) and self._is_sound(row[2]):
                if place:
                    self._patterns.insert(0, self._patterns.pop(place))
                return RowXml(int(row[1]), row[0], *span, styled=styled, is_surely_plain=is_plain)
        return None

    def _new(self, at: int) -> RowXml | None:
        """A row that is not like one before; None where it is not as most programs write one."""
        tag = _ANY_ROW.match(self._data, at, self._end)
        if tag is None:
            return None
        bottom = tag.end() if tag[3] else self._data.find(_END_OF_ROW, at, self._end) + len(_END_OF_ROW)
        raw = self._data[at:bottom]
        if any(mark in raw for mark in _ELSEWHERE):
            return None
        cells = _CELL.findall(raw)
        if bottom <= at or len(cells) != raw.count(b"<c ") or b"<extLst" in raw or not self._is_well_formed(raw):
            return None
        if not cells:
            return RowXml(int(tag[1]), raw, 0, 0)
        letters, numbers, styles = zip(*cells, strict=True)
        span = _span(letters)
        if numbers.count(tag[1]) != len(numbers) or span is None:
            return None
        styled = (letters, styles)
        if styled in self._alike and self._made < _MOST_MADE:
            is_plain = b"<f" not in raw
            self._patterns.insert(0, (_pattern(styled, is_plain), self._alike[styled], span, is_plain))
            del self._patterns[_MOST_TRIED:]
            self._made += 1
        return RowXml(int(tag[1]), raw, *span, styled=self._alike.setdefault(styled, styled))

    def _is_sound(self, attributes: bytes) -> bool:
        if attributes not in self._sound:
            if not self._is_well_formed(b'<row r="1"' + attributes + b"/>"):
                return False
            self._sound.add(attributes)
        return True

    def _is_well_formed(self, raw: bytes) -> bool:
        try:
            check(raw, self._where)
        except WorkbookError:
            return False
        return True


@lru_cache(maxsize=32)
def _pattern(styled: StyledCells, is_plain: bool) -> re.Pattern[bytes]:
    """What tells a whole row with such cells, all of one number; it is then well-formed but for its encoding.

    If it `is_plain`, it tells no row in which a cell holds a formula.
    """
    rest = rb'(?: t="[A-Za-z]+")?(?:/>|>(?:' + _VALUE + (b"" if is_plain else _FORMULA) + rb")?</c>)"
    cells = [
        b'<c r="' + letters + rb'\1"' + (b' s="' + style + b'"' if style else b"") + rest
        for letters, style in zip(*styled, strict=True)
    ]
    return re.compile(_ROW + b">" + b"".join(cells) + b"</row>")


def _is_text(raw: bytes) -> bool:
    """Whether all characters of a row are such as XML has."""
    if raw.isascii():
        return True
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return _NEVER_IN_XML not in raw


@lru_cache(maxsize=256)
def _span(letters: Sequence[bytes]) -> tuple[int, int] | None:
    """The first and last column of cells, by their letters; None where they are not in order."""
    columns = [column_number(each.decode()) for each in letters]
    in_order = all(first < second for first, second in pairwise(columns)) and columns[-1] <= LAST_COLUMN
    return (columns[0], columns[-1]) if in_order else None
