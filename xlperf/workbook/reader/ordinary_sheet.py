"""The cells of a sheet that is written as programs ordinarily write it: piece by piece instead of a call an element."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from xlperf.workbook.reader.cells import HeldCell
from xlperf.workbook.reader.gate import CheckedPackage
from xlperf.workbook.reader.grid import SheetGrid
from xlperf.workbook.reader.ordinary import begins_ordinarily, elements_in, without_printed_texts
from xlperf.workbook.reader.ordinary_cells import CELL_BEGINS, PREFIX, ROW_ENDS, Edges, Pieces, pieces_of
from xlperf.workbook.reader.parsing import Handler
from xlperf.workbook.reader.reading_limits import ReadingLimits
from xlperf.workbook.reader.styles import CellFormats

H = TypeVar("H", bound=Handler)
_FIRST_TAG = re.compile(b"<[a-z][^>]*")
_ATTRIBUTE = re.compile(b' ([^ =]+)="[^"]*"')
_OPEN, _CLOSE, _DATA = b"<sheetData>", b"</sheetData>", b"sheetData"


def read_cells(
    package: CheckedPackage, part: str, around: Callable[[ReadingLimits], H], grid: SheetGrid, formats: CellFormats
) -> H | None:
    """What is around the cells of a sheet, if all of it was ordinary; its cells are then in the grid. Else None.

    Raises Refused, as the parser might for something that comes before.

    Args:
        package: whose part it is.
        part: its name.
        around: makes what is to see the rest of the sheet.
        grid: takes the cells.
        formats: the cell formats of the workbook.
    """
    data = package.whole(part)
    if data is None or not begins_ordinarily(data):
        return None
    begins, ends = data.find(_OPEN) + len(_OPEN), data.rfind(_CLOSE)
    if not len(_OPEN) < begins <= ends:
        return None
    head, tail = data[:begins], data[ends:]
    if head.count(_DATA) != 1 or tail.count(_DATA) != 1:
        return None
    handler = package.pieces_parsed((head, without_printed_texts(tail)), around, package.limits)
    pieces = pieces_of(formats, package.limits.text_chars, has_prefix=_is_prefix_bound(head))
    elements = _take_cells(data[begins:ends], grid, pieces)
    return handler if elements is not None and package.count_elements(elements) else None


def _is_prefix_bound(head: bytes) -> bool:
    """Whether the outermost element, the first in the text, says what the prefix stands for."""
    root = _FIRST_TAG.search(head)
    return root is not None and b"'" not in root[0] and f"xmlns:{PREFIX}".encode() in _ATTRIBUTE.findall(root[0])


def _take_cells(cells: bytes, grid: SheetGrid, pieces: Pieces) -> int | None:
    """Put the cells into the grid: how many elements there were, or None where not all is ordinary. Raises Refused."""
    first, *others = cells.split(CELL_BEGINS)
    edges, read = pieces.edges(first), [pieces[piece] for piece in others]
    rows = _Rows(grid)
    if edges is None or None in read or not rows.cross(edges):
        return None
    elements, last_column = elements_in(first), 0
    for of_piece, column, row, stored, held, edges in read:  # type: ignore[misc]  # none of them is None
        elements += of_piece
        if row != rows.row or column <= last_column:
            return None
        last_column = column
        if held is not None and stored is not None:
            if rows.left <= column <= rows.right:
                rows.cells[column] = held
            elif grid.start_cell(stored.ref):
                grid.keep_stored(stored)
        if edges:
            if not rows.cross(edges):
                return None
            last_column = 0
    return None if rows.row else elements


class _Rows:
    """The rows of a sheet, one after another.

    `row` is the number of the one that is open, 0 between two. Its `cells` from `left` to `right` are those of a table.
    """

    def __init__(self, grid: SheetGrid) -> None:
        self.row = 0
        self.left, self.right = 0, -1
        self.cells: dict[int, HeldCell] = {}
        self._grid = grid

    def cross(self, edges: Edges) -> bool:
        """Go over these edges: can they stand here? Raises Refused."""
        for edge in edges:
            if (edge == ROW_ENDS) != bool(self.row):
                return False
            if edge == ROW_ENDS:
                if self.cells:
                    self._grid.keep_row(self.cells)
                    self.cells = {}
                self.row, self.left, self.right = 0, 0, -1
            else:
                self._grid.start_row(str(edge))
                self.row = edge
                self.left, self.right = self._grid.columns_of_row()
        return True
