"""One pass over a sheet part: where its rows are, and whether they are in order."""

from __future__ import annotations

from xlperf.errors import WorkbookError
from xlperf.workbook.a1 import LAST_COLUMN, LAST_ROW, column_letters, column_number
from xlperf.workbook.rowxml import RowXml
from xlperf.workbook.xmlsplice import (
    closing_span,
    end_of_start_tag,
    new_parser,
    run_parser,
    whole_number,
)
from xlperf.workbook.xmltree import REPAIR


class RowScan:
    """One pass over a sheet part: where its rows are, and whether they are in order."""

    def __init__(self, data: bytes, where: str) -> None:
        self.rows: list[RowXml] = []
        self.prefix = ""
        self._data, self._where = data, where
        self._parser = new_parser(data, where)
        self._depth = 0
        self._inside = False
        self._start, self._content, self._close, self._end = 0, 0, 0, 0
        self._row_start = self._row_end = 0
        self._number = self._column = self._first = 0
        self._is_numbered = True
        self._cell_tag = self._row_tag = ""
        self._parser.StartElementHandler = self._on_start
        self._parser.EndElementHandler = self._on_end
        run_parser(self._parser, data, where)
        if not self._end:
            raise WorkbookError(f"{where}: has no place for cells; open the workbook in Excel and save it")
        self._split()

    def _split(self) -> None:
        data = self._data
        if self._content == self._end:  # <sheetData/> has to be opened
            tag = f"{self.prefix}sheetData"
            start_tag = data[self._start : self._end - 2].rstrip() + b">"
            self.head, self.tail = data[: self._start] + start_tag, f"</{tag}>".encode() + data[self._end :]
        else:
            self.head = data[: self._content]
            self.tail = data[self._row_end or self._content :]

    def _on_start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if not self._inside:
            if self._depth == 2 and tag.rpartition(":")[2] == "sheetData":
                self._enter(tag)
        elif self._depth == 4 and tag == self._cell_tag:
            self._on_cell(attributes.get("r"))
        elif self._depth == 3:
            self._on_row(tag, attributes.get("r"))

    def _enter(self, tag: str) -> None:
        self._inside = True
        self.prefix = tag[: -len("sheetData")]
        self._row_tag, self._cell_tag = f"{self.prefix}row", f"{self.prefix}c"
        self._start = self._parser.CurrentByteIndex
        self._content = end_of_start_tag(self._data, self._start)

    def _on_row(self, tag: str, number: str | None) -> None:
        if tag != self._row_tag:
            raise self._disorder(f"an element {tag} among the rows")
        previous, self._number = self._number, self._number + 1
        if number:
            self._number = whole_number(number, self._where)
        if not previous < self._number <= LAST_ROW:
            raise self._disorder(f"row {self._number} after row {previous}")
        self._is_numbered = number is not None
        self._row_start = self._parser.CurrentByteIndex
        self._column = self._first = 0

    def _on_cell(self, reference: str | None) -> None:
        column = self._column + 1
        if reference:
            letters = reference.rstrip("0123456789")
            column = column_number(letters)
            if reference[len(letters) :] != str(self._number):
                raise self._disorder(f"cell {reference} in row {self._number}")
        if not self._column < column <= LAST_COLUMN:
            raise self._disorder(f"cell {column_letters(column)}{self._number} out of order")
        self._column = column
        self._first = self._first or column

    def _on_end(self, _tag: str) -> None:
        if self._inside and self._depth == 3:
            self._end_row()
        elif self._inside and self._depth == 2:
            self._inside = False
            self._close, self._end = closing_span(self._data, self._start, self._parser.CurrentByteIndex)
        self._depth -= 1

    def _end_row(self) -> None:
        _, end = closing_span(self._data, self._row_start, self._parser.CurrentByteIndex)
        gap = self._data[self._row_end or self._content : self._row_start]
        raw = self._data[self._row_start : end]
        self.rows.append(RowXml(self._number, raw, self._first, self._column, gap, self._is_numbered))
        self._row_end = end

    def _disorder(self, what: str) -> WorkbookError:
        return WorkbookError(f"{self._where}: {what}; {REPAIR}")
