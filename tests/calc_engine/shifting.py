"""Putting cells in, taking them out and moving them, with Excel's refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.calc_engine import a1
from tests.calc_engine.comerror import refusal
from tests.calc_engine.links import take_off
from tests.calc_engine.structs import enum

if TYPE_CHECKING:
    from tests.calc_engine.ranges import Range

_DOWN_OR_UP = {"DOWN": "ROWS", "UP": "ROWS", "RIGHT": "COLUMNS", "LEFT": "COLUMNS"}
"""What is put in or taken out where the cells are whole rows or columns."""


def put_in(cells: Range, shift: str | None) -> None:
    """Put in blank cells; what stands there moves down or right. Raises ComError."""
    mode = {"down": "DOWN", "right": "RIGHT", None: "DOWN" if cells.box[3] >= cells.box[2] else "RIGHT"}[shift]
    _refuse(cells, mode)
    if cells.sheet.book.app.copied is not None:
        raise NotImplementedError("Excel would put in what was copied, as long as it is marked")
    cells.sheet.uno.insertCells(cells.cells.RangeAddress, enum("sheet.CellInsertMode", _whole_lines(cells, mode)))
    cells.sheet.book.app.shifts += 1
    take_off(cells.cells)  # what Calc takes for a look, and copies from above


def take_out(cells: Range, shift: str | None) -> None:
    """Take cells out; what stands below or to the right moves up or left. Raises ComError."""
    mode = {"up": "UP", "left": "LEFT", None: "UP" if cells.box[3] >= cells.box[2] else "LEFT"}[shift]
    _refuse(cells, mode)
    cells.sheet.uno.removeRange(cells.cells.RangeAddress, enum("sheet.CellDeleteMode", _whole_lines(cells, mode)))
    cells.sheet.book.app.shifts += 1


def move(cells: Range, destination: Range) -> None:
    """Cut cells and paste them with their upper left corner at `destination`. Raises ComError."""
    target = destination.sheet.range((*destination.box[:2], *cells.box[2:]))
    for each in (cells, target):
        each.refuse_if_protected()
    cells.sheet.uno.moveRange(destination.cells.getCellByPosition(0, 0).CellAddress, cells.cells.RangeAddress)
    cells.sheet.book.app.shifts += 1


def _whole_lines(cells: Range, mode: str) -> str:
    lines = _DOWN_OR_UP[mode]
    is_whole = cells.box[3] == a1.LAST_COLUMN if lines == "ROWS" else cells.box[2] == a1.LAST_ROW
    return lines if is_whole else mode


def _refuse(cells: Range, mode: str) -> None:
    """Raise ComError where Excel would: a protected sheet, a table that would be torn, cells merged across the edge."""
    cells.refuse_if_protected(shape=True)
    if _DOWN_OR_UP[mode] != "ROWS":
        return
    row, column, _, columns = cells.box
    for table in cells.sheet.tables:
        top, left, height, width = table.range.box
        is_touched = top + height > row and left < column + columns and column < left + width
        if is_touched and not (column <= left and left + width <= column + columns):
            raise refusal(
                "This operation is not allowed. The operation is attempting to shift cells in a table on your "
                "worksheet."
            )
    for left, right in ((column - 2, column - 1), (column + columns - 2, column + columns - 1)):
        if left >= 0 and right < a1.LAST_COLUMN and _is_merged_across(cells, left, right):
            raise refusal("To do this, all the merged cells need to be the same size.")


def _is_merged_across(cells: Range, left: int, right: int) -> bool:
    """Whether cells below are merged across the edge between two columns, counted from 0."""
    sheet, top = cells.sheet.uno, cells.box[0] - 1
    used = sheet.createCursor()
    used.gotoEndOfUsedArea(False)
    bottom = used.RangeAddress.EndRow
    if bottom < top or not sheet.getCellRangeByPosition(left, top, right, bottom).getIsMerged():
        return False
    for row in range(top, bottom + 1):
        cursor = sheet.createCursorByRange(sheet.getCellRangeByPosition(left, row, left, row))
        cursor.collapseToMergedArea()
        area = cursor.RangeAddress
        if area.StartColumn <= left and area.EndColumn >= right:
            return True
    return False
