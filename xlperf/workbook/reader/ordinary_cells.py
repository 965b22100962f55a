"""The cells of a sheet in pieces, each from one `<c r="` to the next; a piece that was seen before is not read again.

What a piece says depends on its text alone, and returns of one template have nearly all their pieces in common: the
texts that were issued, the formulas, the empty cells.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from xlperf.tables import Cell
from xlperf.workbook.a1 import LAST_COLUMN, LAST_ROW, column_number
from xlperf.workbook.reader.cells import GENERAL, SharedText, Stored, is_long_number, to_cell
from xlperf.workbook.reader.ordinary import ordinary_text, without_entities
from xlperf.workbook.reader.refused import Refused
from xlperf.workbook.reader.styles import CellFormats

CELL_BEGINS = b'<c r="'
_CELL = re.compile(
    r'([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]{1,9})")?(?: t="([A-Za-z]{1,9})")?(?:/>|>'
    r'(?:<f((?: [A-Za-z][A-Za-z0-9]{0,3}="[A-Za-z0-9:$]{0,40}")*+)(?:/>|>[^<]*+</f>))?'
    r'(?:<v>([^<]*+)</v>|<is><t(?: xml:space="preserve")?>([^<]*+)</t></is>)?</c>)'
)
_ATTRIBUTE = r' (?!xmlns)(?:[A-Za-z][A-Za-z0-9]{0,19}:)?[A-Za-z][A-Za-z0-9]{0,19}="[A-Za-z0-9:. -]{0,40}"'
_EDGE = re.compile(rf'</row>|<row r="([1-9][0-9]{{0,6}})"((?:{_ATTRIBUTE})*+)(/?)>')
_NAME = re.compile(' ([^=]+)="')
_FORMULA_ATTRIBUTES = 8
_ROW_ATTRIBUTES = 20
PREFIX = "x14ac"
"""The one prefix on rows that Excel itself writes."""

ROW_ENDS = 0
Edges = tuple[int, ...]
"""What stands between two cells: the numbers of rows that begin, and `ROW_ENDS`."""

_LONGEST = 4_096
"""Bytes of a piece that is remembered."""
_MOST_BYTES = 6_000_000
"""Bytes of all pieces that are remembered: some 40 times those of a return of twelve KPIs."""


class Piece(NamedTuple):
    """A cell, and the edges of rows behind it; `stored` and `held` are None where the cell is empty."""

    elements: int
    column: int
    row: int
    stored: Stored | None
    held: Cell | SharedText | None
    edges: Edges


class Pieces(dict[bytes, "Piece | None"]):
    """What every piece comes to, by its bytes: None for one that is not ordinary."""

    def __init__(self, formats: CellFormats, most_characters: int, *, has_prefix: bool) -> None:
        super().__init__()
        self._bytes = 0
        self._formats = formats
        self._most_characters = most_characters
        self._has_prefix = has_prefix

    def __missing__(self, data: bytes) -> Piece | None:
        text = ordinary_text(data)
        piece = None if text is None else self._read(text)
        if len(data) <= _LONGEST:
            self._bytes += len(data)
            if self._bytes > _MOST_BYTES:
                self.clear()
                self._bytes = len(data)
            self[data] = piece
        return piece

    def edges(self, data: bytes) -> Edges | None:
        """The edges of rows that some bytes are made of; None where they are of anything else."""
        text = ordinary_text(data)
        return None if text is None else self._edges(text, 0)

    def _edges(self, text: str, start: int) -> Edges | None:
        edges: list[int] = []
        while start < len(text):
            match = _EDGE.match(text, start)
            if match is None:
                return None
            start = match.end()
            row, attributes, is_closed = match.groups()
            if row is None:
                edges.append(ROW_ENDS)
                continue
            if attributes and not _are_rows(attributes, has_prefix=self._has_prefix):
                return None
            edges += [int(row), ROW_ENDS] if is_closed else [int(row)]
        return tuple(edges)

    def _read(self, text: str) -> Piece | None:
        match = _CELL.match(text)
        edges = None if match is None else self._edges(text, match.end())
        if match is None or edges is None:
            return None
        letters, digits, style, kind, formula, value, inline = match.groups()
        column, row = column_number(letters), int(digits)
        if column > LAST_COLUMN or row > LAST_ROW:
            return None
        if (inline is not None and kind != "inlineStr") or (formula and not _are_formulas(formula)):
            return None
        raw, kind, is_formula = value if inline is None else inline, kind or "n", formula is not None
        elements = 1 + text.count("<") - text.count("</")
        if not is_formula and (raw is None or (kind == "n" and not raw)):
            return Piece(elements, column, row, None, None, edges)
        number_format = self._formats.get(style or "0", None if style else GENERAL)
        if number_format is None or (raw is not None and len(raw) > self._most_characters):
            return None
        stored = Stored(letters + digits, kind, raw and without_entities(raw), is_formula, number_format)
        held = _known(stored)
        return None if held is None else Piece(elements, column, row, stored, held, edges)


def _known(stored: Stored) -> Cell | SharedText | None:
    """What is known of a cell by itself; None where it is not as Excel writes it, or somebody is told of it."""
    if stored.type == "s" and (stored.value or not stored.is_formula):
        value = stored.value or ""
        is_index = value.isascii() and value.isdecimal() and len(value) < 10
        return SharedText(stored, int(value)) if is_index else None
    try:
        cell = to_cell(stored, {}, "")
    except Refused:
        return None
    return None if is_long_number(cell) else cell


@lru_cache(maxsize=4)
def pieces_of(formats: CellFormats, most_characters: int, *, has_prefix: bool) -> Pieces:
    """What is remembered of sheets with these formats; `has_prefix`: whether the sheet declares `PREFIX`."""
    return Pieces(formats, most_characters, has_prefix=has_prefix)


@lru_cache(maxsize=1024)
def _are_formulas(attributes: str) -> bool:
    names = _NAME.findall(attributes)
    return len(set(names)) == len(names) <= _FORMULA_ATTRIBUTES


@lru_cache(maxsize=1024)
def _are_rows(attributes: str, *, has_prefix: bool) -> bool:
    names = ["r", *_NAME.findall(attributes)]
    prefixes = {name.partition(":")[0] for name in names if ":" in name}
    are_bound = not prefixes or (has_prefix and prefixes == {PREFIX})
    return are_bound and len(set(names)) == len(names) <= _ROW_ATTRIBUTES
