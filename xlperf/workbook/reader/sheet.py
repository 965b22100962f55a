"""One pass over a sheet, in which every place is checked and only the cells of wanted tables are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from xlperf.workbook.a1 import LAST_COLUMN, LAST_ROW, column_letters, column_number
from xlperf.workbook.numberstyle import NumberFormat, format_of_built_in
from xlperf.workbook.reader.cells import Stored, shared_index
from xlperf.workbook.reader.gate import CheckedPackage
from xlperf.workbook.reader.parsing import MAIN, check_root, local_name
from xlperf.workbook.reader.reading_limits import ReadingLimits, check_count
from xlperf.workbook.reader.refused import Refused
from xlperf.workbook.reader.table_ranges import TableRange
from xlperf.workbook.reader.texts import RichText
from xlperf.workbook.reader.workbook_part import WorksheetPart

MOST_STRAY = 50
"""Cells around one table that are reported; of more it is said how many."""

_SHEET_DATA, _ROW, _CELL, _MERGE = MAIN + "sheetData", MAIN + "row", MAIN + "c", MAIN + "mergeCell"
_VALUE, _FORMULA, _INLINE = MAIN + "v", MAIN + "f", MAIN + "is"
_EXTENSIONS, _EXTENSION = MAIN + "extLst", MAIN + "ext"

_ROW_NUMBER = re.compile("[1-9][0-9]{0,6}")
_MOST_LETTERS = 3
_LETTERS = re.compile("[A-Z]{1,3}")
_GENERAL = format_of_built_in(0)


def read_sheet(
    package: CheckedPackage, sheet: WorksheetPart, tables: Iterable[TableRange], formats: Mapping[str, NumberFormat]
) -> set[int]:
    """Fill in the rows and stray cells of the sheet's wanted tables; returns the shared strings they need."""
    handler = _SheetPart(sheet.name, tables, formats, package.limits)
    package.parse(sheet.part, handler)
    if not handler.has_data:
        raise Refused("F010", "A sheet of the workbook has no cells at all.", sheet=sheet.name)
    return handler.needed


class _SheetPart(RichText):
    """One pass over a sheet: every place is checked, and only cells in, below or beside a wanted table are kept.

    Rows come in order, so the table that a column belongs to is the last one whose top was passed.
    """

    def __init__(
        self, name: str, tables: Iterable[TableRange], formats: Mapping[str, NumberFormat], limits: ReadingLimits
    ) -> None:
        super().__init__(limits)
        self.needed: set[int] = set()
        self.has_data = False
        self._name = name
        self._coming = sorted(tables, key=lambda table: table.top, reverse=True)
        self._owners: dict[int, TableRange] = {}
        """The last table that was entered in each column."""
        self._open: list[TableRange] = []
        """The wanted tables that the row goes through."""
        self._formats = formats
        self._merges = 0
        self._in_data = False
        self._row = 0
        self._row_text = ""
        self._column = 0
        self._owner: TableRange | None = None
        self._ref = ""
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
            self._start_row(tag, attributes)
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
            self._end_cell()
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

    def _start_row(self, tag: str, attributes: dict[str, str]) -> None:
        if tag != _ROW:
            raise self._strange(tag)
        text = attributes.get("r")
        if text is None:
            row, text = self._row + 1, str(self._row + 1)
        else:
            row = int(text) if _ROW_NUMBER.fullmatch(text) else 0
        if not 0 < row <= LAST_ROW:
            raise self._misplaced(f"row {text}")
        if row <= self._row:
            raise self._unordered(f"row {row} after row {self._row}")
        self._row, self._row_text, self._column = row, text, 0
        if self._open:
            self._open = [table for table in self._open if table.bottom >= row]
        while self._coming and self._coming[-1].top <= row:
            self._enter(self._coming.pop())

    def _enter(self, table: TableRange) -> None:
        for column in range(table.left, table.right + 1):
            above = self._owners.get(column)
            if above is not None and above.bottom >= table.top:
                raise self._refused("Two tables of a sheet lie over one another.", table.name)
            self._owners[column] = table
        if table.is_wanted and table.bottom >= self._row:
            self._open.append(table)

    def _start_cell(self, tag: str, attributes: dict[str, str]) -> None:
        self._owner = None
        if tag != _CELL:
            if tag != _EXTENSIONS:
                raise self._strange(tag)
            return
        ref = attributes.get("r")
        if ref is None:
            column = self._column + 1
        else:
            letters = ref.removesuffix(self._row_text)
            column = _column(letters) if letters != ref and len(letters) <= _MOST_LETTERS else 0
        if not 0 < column <= LAST_COLUMN:
            raise self._misplaced(ref or f"a cell after XFD{self._row}")
        if column <= self._column:
            raise self._unordered(f"cell {ref}")
        self._column = column
        owner = self._owners.get(column)
        if self._open and (owner is None or (not owner.is_wanted and owner.bottom < self._row)):
            owner = self._open[0]  # whichever it is, the cell is read; most turn out to be blank
        if owner is not None and owner.is_wanted:
            self._owner = owner
            self._ref = ref or column_letters(column) + self._row_text
            self._attributes = attributes
            self._value = None
            self._is_formula = False

    def _beside(self) -> TableRange:
        """Give the table that a cell in no table's column stands beside: the nearest on its left, if there is one."""
        return max(self._open, key=lambda table: (table.right < self._column, table.right))

    def _start_content(self, tag: str) -> None:
        if tag in (_VALUE, _INLINE):
            if self._owner is None:
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
        if self._owner is not None and tag in (_VALUE, _INLINE):
            self._value = self.take()
            self.is_open = self._in_inline = False

    def _end_cell(self) -> None:
        owner = self._owner
        if owner is None or (self._value is None and not self._is_formula):
            return
        kind = self._attributes.get("t", "n")
        if kind == "n" and not self._value and not self._is_formula:
            return
        number_format = self._formats.get(self._attributes.get("s", "0"))
        if number_format is None:
            if kind == "n" and self._value and "s" in self._attributes:
                message = "The format of a number is missing from the workbook: it may be a percentage or a date."
                raise Refused("F010", message, sheet=self._name, cell=self._ref, found=self._value)
            number_format = _GENERAL
        stored = Stored(self._ref, kind, self._value, self._is_formula, number_format)
        is_beside = not owner.left <= self._column <= owner.right
        if is_beside:
            owner = self._beside()
        is_shared = kind == "s" and bool(self._value or not self._is_formula)
        if self._row <= owner.last_row and not is_beside:
            owner.rows.setdefault(self._row, {})[self._column] = stored
        elif self._row <= owner.bottom and not is_beside and (self._is_formula or kind != "n"):
            return  # the totals and their label; a number typed there is a figure in the wrong place
        elif len(owner.stray) < MOST_STRAY:
            owner.stray.append(stored)
        elif is_shared:
            owner.more_stray_texts[shared_index(stored, self._name)] += 1
        else:
            owner.more_stray += self._is_formula or bool((self._value or "").strip())
        if is_shared:
            self.needed.add(shared_index(stored, self._name))

    def _strange(self, tag: str) -> Refused:
        return self._refused("A sheet is not built as Excel builds it.", local_name(tag))

    def _misplaced(self, place: str) -> Refused:
        message = "A row or cell of a sheet has an address that is not possible there."
        return self._refused(message, place, "A1 to XFD1048576, every cell in its own row")

    def _unordered(self, place: str) -> Refused:
        message = "Rows or cells of a sheet are out of order or there twice."
        return self._refused(message, place, "rows from top to bottom, cells from left to right")

    def _refused(self, message: str, quoted: str, expected: str = "") -> Refused:
        return Refused("F010", message, sheet=self._name, found=quoted, expected=expected)


@lru_cache(maxsize=LAST_COLUMN)
def _column(letters: str) -> int:
    """Give the number of a column, A = 1; 0 where there is no such column."""
    number = column_number(letters) if _LETTERS.fullmatch(letters) else 0
    return number if number <= LAST_COLUMN else 0
