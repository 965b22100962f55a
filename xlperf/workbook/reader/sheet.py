"""One pass over the XML of a sheet, in which every element is checked and cells go to the sheet's grid."""

from __future__ import annotations

from collections.abc import Iterable

from xlperf.workbook.reader.gate import CheckedPackage
from xlperf.workbook.reader.grid import SheetGrid
from xlperf.workbook.reader.ordinary import is_read_as_ordinary
from xlperf.workbook.reader.ordinary_sheet import read_cells
from xlperf.workbook.reader.parsing import MAIN, check_root, local_name
from xlperf.workbook.reader.reading_limits import ReadingLimits, check_count
from xlperf.workbook.reader.refused import Refused
from xlperf.workbook.reader.styles import CellFormats
from xlperf.workbook.reader.table_ranges import TableRange
from xlperf.workbook.reader.texts import RichText
from xlperf.workbook.reader.workbook_part import WorksheetPart

_SHEET_DATA, _ROW, _CELL, _MERGE = MAIN + "sheetData", MAIN + "row", MAIN + "c", MAIN + "mergeCell"
_VALUE, _FORMULA, _INLINE = MAIN + "v", MAIN + "f", MAIN + "is"
_EXTENSIONS, _EXTENSION = MAIN + "extLst", MAIN + "ext"


def read_sheet(
    package: CheckedPackage, sheet: WorksheetPart, tables: Iterable[TableRange], formats: CellFormats
) -> set[int]:
    """Fill in the rows and stray cells of the sheet's wanted tables; returns the shared strings they need."""
    here = list(tables)
    grid = SheetGrid(sheet.name, here, formats)

    def read_quickly() -> bool:
        around = read_cells(package, sheet.part, _around, grid, formats)
        return around is not None and around.has_data

    if is_read_as_ordinary(package, read_quickly):
        return grid.needed
    for table in here:
        table.forget()
    handler = _SheetPart(SheetGrid(sheet.name, here, formats), package.limits)
    package.parse(sheet.part, handler)
    if not handler.has_data:
        raise Refused("F010", "A sheet of the workbook has no cells at all.", sheet=sheet.name)
    return handler.grid.needed


def _around(limits: ReadingLimits) -> _SheetPart:
    """What is to see a sheet without its cells."""
    return _SheetPart(SheetGrid("", (), {}), limits)


class _SheetPart(RichText):
    """What stands around the cells, and each of them as the file has it."""

    def __init__(self, grid: SheetGrid, limits: ReadingLimits) -> None:
        super().__init__(limits)
        self.grid = grid
        self.has_data = False
        self._merges = 0
        self._in_data = False
        self._is_kept = False
        self._attributes: dict[str, str] = {}
        self._value: str | None = None
        self._is_formula = False
        self._in_inline = False

    def start(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        if not self._in_data:
            self._start_outside(tag, depth)
        elif depth == 5:
            self._start_content(tag)
        elif depth == 4:
            self._start_cell(tag, attributes)
        elif depth == 3:
            if tag != _ROW:
                raise self._strange(tag)
            self.grid.start_row(attributes.get("r"))
        elif self._in_inline:
            self.start_text(tag)
        elif self.is_open:
            raise self._strange(tag)

    def end(self, tag: str, depth: int) -> None:
        if not self._in_data:
            return
        if depth == 5:
            self._end_content(tag)
        elif depth == 4:
            if self._is_kept:
                kind, style = self._attributes.get("t", "n"), self._attributes.get("s")
                self.grid.keep(kind, style, self._value, is_formula=self._is_formula)
        elif depth == 2:
            self._in_data = False
        elif depth > 5 and self._in_inline:
            self.end_text(tag)

    def _start_outside(self, tag: str, depth: int) -> None:
        if depth == 1:
            check_root(tag, "worksheet")
        elif tag == _SHEET_DATA:
            # Data anywhere else, or twice, would be read by some programs and not by others.
            if depth != 2 or self.has_data:
                raise self._strange(tag)
            self._in_data = self.has_data = True
        elif tag == _MERGE:
            self._merges += 1
            check_count("merged cells", self._merges, self._limits.merges)

    def _start_cell(self, tag: str, attributes: dict[str, str]) -> None:
        self._is_kept = False
        if tag != _CELL:
            if tag != _EXTENSIONS:
                raise self._strange(tag)
            return
        self._is_kept = self.grid.start_cell(attributes.get("r"))
        self._attributes, self._value, self._is_formula = attributes, None, False

    def _start_content(self, tag: str) -> None:
        if tag in (_VALUE, _INLINE):
            if not self._is_kept:
                return
            is_inline = tag == _INLINE
            if self._value is not None or (is_inline and self._attributes.get("t") != "inlineStr"):
                raise self._strange(tag)
            self._value, self._in_inline, self.is_open = "", is_inline, not is_inline
        elif tag == _FORMULA:
            self._is_formula = True
        elif tag not in (_EXTENSIONS, _EXTENSION):
            raise self._strange(tag)

    def _end_content(self, tag: str) -> None:
        if self._is_kept and tag in (_VALUE, _INLINE):
            self._value = self.take()
            self.is_open = self._in_inline = False

    def _strange(self, tag: str) -> Refused:
        return self.grid.refused("A sheet is not built as Excel builds it.", local_name(tag))
