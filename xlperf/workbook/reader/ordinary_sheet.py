"""The cells of a sheet that is written as programs ordinarily write it: one pattern instead of a call an element."""

from __future__ import annotations

import re
from functools import lru_cache

from xlperf.workbook.reader.gate import CheckedPackage
from xlperf.workbook.reader.grid import SheetGrid
from xlperf.workbook.reader.ordinary import elements_in, has_ordinary_texts, ordinary_text, without_entities
from xlperf.workbook.reader.parsing import Handler

_OPEN, _CLOSE = "<sheetData>", "</sheetData>"
_CELL = (
    r'<c r="([A-Z]{1,3}[1-9][0-9]{0,6})"(?: s="([0-9]{1,9})")?(?: t="([A-Za-z]{1,9})")?(?:/>|>'
    r'(?:<f((?: [A-Za-z][A-Za-z0-9]{0,3}="[A-Za-z0-9:$]{0,40}")*+)(?:/>|>[^<]*+</f>))?'
    r'(?:<v>([^<]*+)</v>|<is><t(?: xml:space="preserve")?>([^<]*+)</t></is>)?</c>)'
)
_ATTRIBUTE = r' (?!xmlns)(?:[A-Za-z][A-Za-z0-9]{0,19}:)?[A-Za-z][A-Za-z0-9]{0,19}="[A-Za-z0-9:. -]{0,40}"'
_ROW = rf'<row r="([1-9][0-9]{{0,6}})"((?:{_ATTRIBUTE})*+)(/?)>'
_TOKEN = re.compile(f"{_CELL}|{_ROW}|</row>")
_NAME = re.compile(' ([^=]+)="')
_FIRST_TAG = re.compile("<[a-z][^>]*")
_WRITTEN_ATTRIBUTE = re.compile(' ([^ =]+)="[^"]*"')
_FORMULA_ATTRIBUTES = 8
_ROW_ATTRIBUTES = 20
_PREFIX = "x14ac"
"""The one prefix on rows that Excel itself writes."""


def read_cells(package: CheckedPackage, part: str, around: Handler, grid: SheetGrid) -> bool:
    """Whether all of a sheet was ordinary; its cells are then in the grid, and what is around them went to `around`.

    Raises Refused, as the parser might for something that comes before.
    """
    data = package.whole(part)
    text = None if data is None else ordinary_text(data)
    if text is None or text.count("sheetData") != 2:
        return False
    opens, closes = text.find(_OPEN), text.find(_CLOSE)
    if not 0 < opens < closes:
        return False
    cells, start = text[opens + len(_OPEN) : closes], opens + len(_OPEN)
    if not has_ordinary_texts(cells) or not package.count_elements(elements_in(cells)):
        return False
    package.parse_pieces(part, (text[:start].encode(), text[closes:].encode()), around)
    return _take_cells(cells, grid, package.limits.text_chars, has_prefix=_is_prefix_bound(text))


def _is_prefix_bound(text: str) -> bool:
    """Whether the outermost element, the first in the text, says what the prefix stands for."""
    root = _FIRST_TAG.search(text)
    return root is not None and "'" not in root[0] and f"xmlns:{_PREFIX}" in _WRITTEN_ATTRIBUTE.findall(root[0])


def _take_cells(cells: str, grid: SheetGrid, most_characters: int, *, has_prefix: bool) -> bool:
    at, in_row = 0, False
    for match in _TOKEN.finditer(cells):
        if match.start() != at:
            return False
        at = match.end()
        ref, style, kind, formula, value, inline, row, row_attributes, is_closed = match.groups()
        if ref is not None:
            if not in_row or (inline is not None and kind != "inlineStr") or (formula and not _are_formulas(formula)):
                return False
            stored = value if inline is None else inline
            if not grid.start_cell(ref) or (stored is None and formula is None):
                continue
            if stored is not None:
                if len(stored) > most_characters:
                    return False
                stored = without_entities(stored)
            grid.keep(kind or "n", style, stored, is_formula=formula is not None)
        elif row is not None:
            if in_row or (row_attributes and not _are_rows(row_attributes, has_prefix)):
                return False
            grid.start_row(row)
            in_row = not is_closed
        elif in_row:
            in_row = False
        else:
            return False
    return at == len(cells) and not in_row


@lru_cache(maxsize=1024)
def _are_formulas(attributes: str) -> bool:
    names = _NAME.findall(attributes)
    return len(set(names)) == len(names) <= _FORMULA_ATTRIBUTES


@lru_cache(maxsize=1024)
def _are_rows(attributes: str, has_prefix: bool) -> bool:
    names = ["r", *_NAME.findall(attributes)]
    prefixes = {name.partition(":")[0] for name in names if ":" in name}
    are_bound = not prefixes or (has_prefix and prefixes == {_PREFIX})
    return are_bound and len(set(names)) == len(names) <= _ROW_ATTRIBUTES
