"""A part of the copies: packed once, or once for each number of rows, or put together from its slots."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from xlperf.workbook.archive import Packed, packed
from xlperf.workbook.parts import TablePart, resize
from xlperf.workbook.printareas import move_print_areas
from xlperf.workbook.rowxml import RowXml
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.stamping.slots import Filling, Slot
from xlperf.workbook.xmltree import XmlDocument

MARK = "xlperf-slot-"
"""With a number and a semicolon, what stands in a slot of a part until something is written there."""
_MARK = re.compile(re.escape(MARK).encode() + rb"([0-9]+);")

LastRows = Mapping[str, int]
"""The last row of each table, by its name."""
Body = Callable[[LastRows], bytes]
"""The bytes of a part, with marks in its slots, where the tables end in these rows."""


def mark(number: int) -> str:
    """What stands in the slot of that number."""
    return f"{MARK}{number};"


class StampedPart:
    """A part of the copies.

    What lies between its slots can depend on the numbers of rows of some tables, and on nothing else.
    """

    def __init__(self, name: str, body: Body, tables: Sequence[TablePart], slots: Sequence[Slot]) -> None:
        """Nothing is written yet; `slots` are those of all parts, by the number in their mark."""
        self._name, self._body, self._tables, self._slots = name, body, tables, slots
        self._by_last_rows: dict[tuple[int, ...], Packed | list[bytes | Slot]] = {}

    def packed(self, filling: Filling) -> Packed:
        """The part in a copy. Raises TemplateError, WorkbookError."""
        last_rows = {each.name: each.first_row + max(len(filling.rows[each.name]), 1) - 1 for each in self._tables}
        key = tuple(last_rows.values())
        if key not in self._by_last_rows:
            self._by_last_rows[key] = self._prepared(last_rows)
        prepared = self._by_last_rows[key]
        if isinstance(prepared, Packed):
            return prepared
        data = b"".join(each if isinstance(each, bytes) else each.written(filling) for each in prepared)
        return packed(self._name, data)

    def _prepared(self, last_rows: LastRows) -> Packed | list[bytes | Slot]:
        body = self._body(last_rows)
        between = _MARK.split(body)  # what lies between, and the numbers of the marks, in turn
        if len(between) == 1:
            return packed(self._name, body)
        return [self._slots[int(each)] if at % 2 else each for at, each in enumerate(between)]


def as_it_is(data: bytes) -> Body:
    """The body of a part that is the same whatever the numbers of rows."""
    return lambda _: data


def of_workbook(data: bytes, where: str, tables: Sequence[TablePart]) -> Body:
    """The body of the part about the whole workbook: print areas end with the tables."""

    def body(last_rows: LastRows) -> bytes:
        document = XmlDocument(data, where)
        with document.changing() as root:
            for table in tables:
                move_print_areas(root, table, last_rows[table.name])
        return document.data

    return body


def of_table(data: bytes, where: str, table: TablePart) -> Body:
    """The body of the part about one table: it says where the table ends."""

    def body(last_rows: LastRows) -> bytes:
        document = XmlDocument(data, where)
        with document.changing() as root:
            resize(root, table, last_rows[table.name])
        return document.data

    return body


def of_sheet(data: bytes, where: str, table: TablePart, marks: Mapping[bytes, bytes]) -> Body:
    """The body of a sheet whose last row is the one row that a table has in `data`.

    `marks` has what stands in the slots, the row among them, and the mark of each.
    """

    def body(last_rows: LastRows) -> bytes:
        sheet = SheetXml(data, where)
        first = sheet.rows[table.first_row]
        if last_rows[table.name] > table.first_row:
            for number in range(table.first_row + 1, last_rows[table.name] + 1):  # the slot has these
                sheet.rows[number] = RowXml(number, b"", first.first, first.last)
            sheet.changed()
        return with_marks(sheet.to_bytes(), marks)

    return body


def with_marks(data: bytes, marks: Mapping[bytes, bytes]) -> bytes:
    """A part with marks in the place of what stands in its slots."""
    for content, its_mark in marks.items():
        data = data.replace(content, its_mark)
    return data
