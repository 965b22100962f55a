"""`xlwings.Note` over Calc: a remark on a cell, as Excel called one before there were threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from tests.calc_engine.structs import cells_of

if TYPE_CHECKING:
    from tests.calc_engine.ranges import Range
    from tests.calc_engine.sheets import Sheet


_NOTES = 8  # com.sun.star.sheet.CellFlags


class Note(base_classes.Note):
    """One note, known by its cell."""

    def __init__(self, cell: Range) -> None:
        self._cell = cell

    @property
    def api(self) -> Any:
        return self._cell.cells.getCellByPosition(0, 0).getAnnotation()

    @property
    def text(self) -> str:
        return str(self.api.String)

    @text.setter
    def text(self, value: str) -> None:
        self.api.String = value

    @property
    def author(self) -> str:
        return str(self.api.Author)

    @property
    def location(self) -> Range:
        return self._cell

    def delete(self) -> None:
        annotations = self._cell.sheet.uno.getAnnotations()
        at = self._cell.cells.getCellByPosition(0, 0).CellAddress
        for index in range(annotations.Count):
            place = annotations.getByIndex(index).Position
            if (place.Row, place.Column) == (at.Row, at.Column):
                annotations.removeByIndex(index)
                return


def note_on(cell: Range) -> Note | None:
    """The note on a cell; None where it has none."""
    return Note(cell) if cell.cells.getCellByPosition(0, 0).getAnnotation().String else None


def add_note(cell: Range, text: str) -> Note:
    """Put a note on a cell that has none."""
    cell.sheet.uno.getAnnotations().insertNew(cell.cells.getCellByPosition(0, 0).CellAddress, text)
    return Note(cell)


@contextmanager
def kept(cells: Any) -> Iterator[None]:
    """Keep the notes on some cells: Calc takes them off where a block of values is put in, Excel does not."""
    noted = list(cells_of(cells.queryContentCells(_NOTES).getRangeAddresses()))
    top, left = cells.RangeAddress.StartRow, cells.RangeAddress.StartColumn
    texts = [cells.getCellByPosition(column - left, row - top).getAnnotation().String for row, column in noted]
    yield
    for (row, column), text in zip(noted, texts, strict=True):
        cells.Spreadsheet.getAnnotations().insertNew(
            cells.getCellByPosition(column - left, row - top).CellAddress, text
        )


def notes_of(sheet: Sheet) -> list[Note]:
    """All notes of a sheet."""
    found = sheet.uno.queryContentCells(_NOTES).getRangeAddresses()
    return [Note(sheet.range((row + 1, column + 1))) for row, column in cells_of(found)]
