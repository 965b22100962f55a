"""A slot: a place in a part of a template where something stands that differs from copy to copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Protocol

from xlperf.rows import RowsByColumn
from xlperf.workbook.cellxml import value_xml
from xlperf.workbook.filling import CellPlaceholder, PagePlaceholder
from xlperf.workbook.looks import looks_of_first_row
from xlperf.workbook.package import Package
from xlperf.workbook.parts import TablePart
from xlperf.workbook.port import CellValue
from xlperf.workbook.rowheights import heights
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.tablewriter import TableContent, check_rows, row_writer
from xlperf.workbook.xmlsplice import escape_text
from xlperf.workbook.xmltree import storable

Rows = Sequence[Mapping[str, CellValue]]
_MOST_CELLS = 20_000
"""That are remembered: some megabytes."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What one copy of a template is filled with.

    Attributes:
        words: what the placeholders stand for.
        title: what the workbook's properties call it.
        rows: the rows of its tables by header, by the name of the table.
    """

    words: Mapping[str, object]
    title: str
    rows: Mapping[str, Rows]


class Slot(Protocol):
    """A place where something stands that differs from copy to copy."""

    def written(self, filling: Filling) -> bytes:
        """What stands there in a copy. Raises TemplateError, WorkbookError."""
        ...


@dataclass(frozen=True, slots=True)
class CellSlot:
    """A cell with a placeholder; `prefix` and `style` are those of `value_xml`."""

    placeholder: CellPlaceholder
    prefix: str
    reference: str
    style: str

    def written(self, filling: Filling) -> bytes:
        """The cell."""
        return self.holding(self.placeholder.rendered(filling.words))

    def holding(self, text: str) -> bytes:
        """The cell with a text in it."""
        return value_xml(self.prefix, self.reference, self.style, text, date_1904=False).encode()


@dataclass(frozen=True, slots=True)
class PageTextSlot:
    """The text of a header or footer with a placeholder."""

    placeholder: PagePlaceholder

    def written(self, filling: Filling) -> bytes:
        """The text."""
        return escape_text(self.placeholder.rendered(filling.words)).encode()


@dataclass(frozen=True, slots=True)
class TitleSlot:
    """The title in the workbook's properties."""

    def written(self, filling: Filling) -> bytes:
        """The title."""
        return escape_text(storable(filling.title)).encode()


class RowsSlot:
    """The rows of a table, which look like the first of them in the template."""

    def __init__(self, package: Package, sheet: SheetXml, table: TablePart) -> None:
        looks = looks_of_first_row(sheet, table)
        self._table, self._sheet, self._date_1904 = table, sheet, package.date_1904
        self._content = TableContent(RowsByColumn({}, 0), looks, {}, heights(sheet, table, looks.columns, package))
        self._writing = row_writer(sheet, table, looks, {}, package.date_1904)
        self._at = {column.header: at for at, column in enumerate(self._writing.columns)}
        self._blank: dict[int, list[bytes]] = {}
        self._written: dict[object, bytes] = {}
        """Cells by column, row and value: most of what a return says of a KPI stands in the next one too."""

    def written(self, filling: Filling) -> bytes:
        """The rows, from the first to the last."""
        rows = filling.rows[self._table.name] or ({},)
        if len(self._written) > _MOST_CELLS:
            self._written.clear()
        by_column = RowsByColumn.of(rows)
        check_rows(self._table.name, self._table.columns, by_column)
        attributes = replace(self._content, rows=by_column).attributes([0] * len(rows))
        return b"".join(map(self._row, count(self._table.first_row), rows, attributes))

    def _row(self, number: int, row: Mapping[str, CellValue], attributes: bytes) -> bytes:
        cells = self._blank_cells(number).copy()
        for header, value in row.items():
            at = self._at[header]
            column = self._writing.columns[at]
            reference = f"{column.letters}{number}"
            known = (at, number, type(value), value)
            if known not in self._written:
                text = value_xml(self._sheet.prefix, reference, column.style, value, self._date_1904)
                self._written[known] = text.encode()
            cells[at] = self._written[known]
        return self._sheet.rendered_row(number, attributes, b"".join(cells))

    def _blank_cells(self, number: int) -> list[bytes]:
        """The cells of a row of that number without values; where the column has a formula, with that."""
        if number not in self._blank:
            self._blank[number] = self._writing.blank_cells(number)
        return self._blank[number]
