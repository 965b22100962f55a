"""The cells of one sheet as they are met: every place is checked, and only those of wanted tables are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from xlperf.workbook.a1 import LAST_COLUMN, LAST_ROW, column_letters, column_number
from xlperf.workbook.numberstyle import NumberFormat
from xlperf.workbook.reader.cells import GENERAL, HeldCell, SharedText, Stored, shared_index
from xlperf.workbook.reader.refused import Refused
from xlperf.workbook.reader.table_ranges import TableRange

MOST_STRAY = 50
"""Cells around one table that are reported; of more it is said how many."""

_ROW_NUMBER = re.compile("[1-9][0-9]{0,6}")
_MOST_LETTERS = 3
_LETTERS = re.compile("[A-Z]{1,3}")


class SheetGrid:
    """Takes the rows and cells of a sheet in their order; keeps cells in, below or beside a wanted table.

    Rows come in order, so the table that a column belongs to is the last one whose top was passed.
    """

    def __init__(self, name: str, tables: Iterable[TableRange], formats: Mapping[str, NumberFormat]) -> None:
        self.needed: set[int] = set()
        """The shared strings of the cells that are kept."""
        self._name = name
        self._coming = sorted(tables, key=lambda table: table.top, reverse=True)
        self._owners: dict[int, TableRange] = {}
        """The last table that was entered in each column."""
        self._open: list[TableRange] = []
        """The wanted tables that the row goes through."""
        self._formats = formats
        self._row = 0
        self._row_text = ""
        self._column = 0
        self._owner: TableRange | None = None
        self._ref = ""

    def start_row(self, text: str | None) -> None:
        """Begin a row of this number; None where the file does not say it. Raises Refused."""
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
                raise self.refused("Two tables of a sheet lie over one another.", table.name)
            self._owners[column] = table
        if table.is_wanted and table.bottom >= self._row:
            self._open.append(table)

    def start_cell(self, ref: str | None) -> bool:
        """Begin a cell of the row, at an address or else the next column: is what is in it kept? Raises Refused."""
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
        if owner is None or not owner.is_wanted:
            return False
        self._owner = owner
        self._ref = ref or column_letters(column) + self._row_text
        return True

    def keep(self, kind: str, style: str | None, value: str | None, *, is_formula: bool) -> None:
        """Keep what is in the cell that `start_cell` has just said True of. Raises Refused.

        Args:
            kind: its type, as written on the cell; "n" where none is.
            style: the index of its format; None where none is written.
            value: its text as stored; None where it has none.
            is_formula: whether it has one.
        """
        owner = self._owner
        if owner is None or (value is None and not is_formula):
            return
        if kind == "n" and not value and not is_formula:
            return
        number_format = self._formats.get(style or "0")
        if number_format is None:
            if kind == "n" and value and style is not None:
                message = "The format of a number is missing from the workbook: it may be a percentage or a date."
                raise Refused("F010", message, sheet=self._name, cell=self._ref, found=value)
            number_format = GENERAL
        self.keep_stored(Stored(self._ref, kind, value, is_formula, number_format))

    def columns_of_row(self) -> tuple[int, int]:
        """From which column to which the row's cells are all those of one table, for `keep_row`; (0, -1) if from none.

        They are where it is above the totals of the only wanted table that it goes through.
        """
        if len(self._open) != 1 or self._row > self._open[0].last_row:
            return 0, -1
        return self._open[0].left, self._open[0].right

    def keep_row(self, cells: dict[int, HeldCell]) -> None:
        """Keep those cells, by column."""
        self._open[0].rows[self._row] = cells
        self.needed.update(each.index for each in cells.values() if isinstance(each, SharedText))

    def keep_stored(self, stored: Stored) -> None:
        """Keep a cell that `start_cell` has just said True of. Raises Refused."""
        owner = self._owner
        if owner is None:
            return
        is_beside = not owner.left <= self._column <= owner.right
        if is_beside:
            owner = self._beside()
        is_shared = stored.type == "s" and bool(stored.value or not stored.is_formula)
        if self._row <= owner.last_row and not is_beside:
            owner.rows.setdefault(self._row, {})[self._column] = stored
        elif self._row <= owner.bottom and not is_beside and (stored.is_formula or stored.type != "n"):
            return  # the totals and their label; a number typed there is a figure in the wrong place
        elif len(owner.stray) < MOST_STRAY:
            owner.stray.append(stored)
        elif is_shared:
            owner.more_stray_texts[shared_index(stored, self._name)] += 1
        else:
            owner.more_stray += stored.is_formula or bool((stored.value or "").strip())
        if is_shared:
            self.needed.add(shared_index(stored, self._name))

    def _beside(self) -> TableRange:
        """Give the table that a cell in no table's column stands beside: the nearest on its left, if there is one."""
        return max(self._open, key=lambda table: (table.right < self._column, table.right))

    def _misplaced(self, place: str) -> Refused:
        message = "A row or cell of a sheet has an address that is not possible there."
        return self.refused(message, place, "A1 to XFD1048576, every cell in its own row")

    def _unordered(self, place: str) -> Refused:
        message = "Rows or cells of a sheet are out of order or there twice."
        return self.refused(message, place, "rows from top to bottom, cells from left to right")

    def refused(self, message: str, quoted: str, expected: str = "") -> Refused:
        """Make a refusal that names the sheet."""
        return Refused("F010", message, sheet=self._name, found=quoted, expected=expected)


@lru_cache(maxsize=LAST_COLUMN)
def _column(letters: str) -> int:
    """Give the number of a column, A = 1; 0 where there is no such column."""
    number = column_number(letters) if _LETTERS.fullmatch(letters) else 0
    return number if number <= LAST_COLUMN else 0
