"""About how high blocks are on the page, to choose what fits and how high a chart is; what is printed may differ."""

from __future__ import annotations

from collections.abc import Sequence

from xlperf.documents.column_widths import SIZE, widths_within
from xlperf.documents.document import Block, Heading, Items, PageTable, Paragraph, Size, TableRow, Words, plain
from xlperf.documents.fonts import width

_LINE, _AFTER, _IN_ROW, _HEADING, _AROUND_TABLE = 9.6, 1.9, 3.6, 22.0, 11.0
"""In points, as `pack.typ` has them: a line, after a paragraph, around the text of a row, a heading, around tables."""
_ABOVE_HEADING = 10.0
"""Of a heading, unless it is the first on a page."""
_REGULAR = 0.92
"""How wide regular text is, as a share of bold."""
_NOTE = 0.95
"""How large the text of a note is, as a share of that of everything else."""
_EDGES, _ICON = 6.5, 11.5
"""Both edges of a cell, and an icon in it."""


PAGE = 780.0
"""How wide the text of a page is, in points."""
_LOW = 240.0


def is_low(table: PageTable) -> bool:
    """Whether a table is so low that it need not begin a page: where it does not fit the rest of one, it does."""
    return height_of((table,), PAGE) <= _LOW


def height_of(blocks: Sequence[Block], room: float) -> float:
    """About how many points high these blocks are in a column so many points wide; charts are not counted."""
    at_top = _ABOVE_HEADING if blocks and isinstance(blocks[0], Heading) else 0.0
    return sum(_height(block, room) for block in blocks) - at_top


def _height(block: Block, room: float) -> float:
    if isinstance(block, Heading):
        return _HEADING
    if isinstance(block, Paragraph):
        return _of_words(block.words, room / _NOTE if block.size is Size.NOTE else room) + _AFTER
    if isinstance(block, Items):
        return sum(_of_words(item, room) + _AFTER for item in block.items)
    if isinstance(block, PageTable):
        widths = widths_within(block, room)
        rows = sum(_of_row(row, widths) + _IN_ROW for row in block.rows)
        return _AROUND_TABLE + _LINE + _IN_ROW + rows
    return 0.0


def _of_row(row: TableRow, widths: Sequence[float]) -> float:
    """The height of its highest cell, each as wide as the columns that it takes."""
    heights, at = [], 0
    for cell in row.cells:
        wide = sum(widths[at : at + cell.across])
        heights.append(_of_words(cell.words, wide - _EDGES - _ICON * len(cell.icons)))
        at += cell.across
    return max(heights)


def _of_words(all_words: Words, room: float) -> float:
    """The lines that words fill, a word at a time, as a line ends between two of them."""
    lines, filled = 1, 0.0
    for word in plain(all_words).split(" "):
        taken = width(f"{word} ") * SIZE * _REGULAR
        if filled and filled + taken > room:
            lines, filled = lines + 1, 0.0
        filled += taken
    return lines * _LINE
