"""A workbook that is open in Excel, but for its tables: what its names stand for, and saving it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from xlperf.workbook.live.cells_from_excel import read_cells, value_of
from xlperf.workbook.live.faults import native_flag, patiently, plainly, protected
from xlperf.workbook.live.named import meaning, named_cell
from xlperf.workbook.live.saving import save
from xlperf.workbook.live.writing import put_cell
from xlperf.workbook.names import constant
from xlperf.workbook.port import CellValue

if TYPE_CHECKING:
    import xlwings as xw


class OpenBook:
    """That part of `LiveWorkbook`."""

    def __init__(self, book: xw.Book) -> None:
        self.book = book
        with plainly("the workbook"):
            self.name: str = patiently(getattr, book, "name")

    def read_constant(self, name: str) -> str:
        """Return the text that a defined name stands for; see `WorkbookPort`."""
        with plainly(f"{self.name}, {name}"):
            return constant(name, patiently(meaning, self.book, name))

    def read_name(self, name: str) -> CellValue:
        """Return the value of the one cell that a defined name points at.

        Raises WorkbookError if there is no such name, it is not one cell, or the cell holds an error.
        """
        where = f"{self.name}, {name}"
        with plainly(where):
            sheet, area = patiently(named_cell, self.book, name)
            cell = patiently(read_cells, sheet, area, self._date_1904)[0][0]
        return value_of(cell, self._date_1904, where)

    def write_name(self, name: str, value: CellValue) -> None:
        """Put `value` into the one cell that a defined name points at; its style stays.

        Raises WorkbookError if there is no such name, it is not one cell, or no cell can hold the value.
        """
        with plainly(f"{self.name}, {name}"):
            sheet, area = patiently(named_cell, self.book, name)
            if patiently(native_flag, sheet, "ProtectContents"):
                raise protected(f"{self.name}, sheet '{sheet.name}'")
            put_cell(sheet, area, value, self._date_1904)

    def save(self, path: Path) -> None:
        """Save the open workbook itself, under its own name; any other path is refused.

        Raises WorkbookInUse where it is open read-only; WorkbookError where it was never saved, or cannot be.
        """
        with plainly(self.name):
            save(self.book, self.name, path)

    @property
    def is_saved(self) -> bool:
        """Whether Excel says that nothing was changed since the workbook was saved."""
        with plainly(self.name):
            return patiently(native_flag, self.book, "Saved")

    @cached_property
    def _date_1904(self) -> bool:
        return patiently(native_flag, self.book, "Date1904")
