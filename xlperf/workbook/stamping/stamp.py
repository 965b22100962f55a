"""The template taken apart, and a copy put together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from xlperf.workbook.a1 import column_letters
from xlperf.workbook.archive import assembled
from xlperf.workbook.cellxml import style_attribute
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.filling import CellPlaceholder, Placeholder
from xlperf.workbook.package import Package
from xlperf.workbook.parts import Sheet, TablePart
from xlperf.workbook.properties import set_title
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.stamping.slots import CellSlot, Filling, PageTextSlot, RowsSlot, Slot, TitleSlot
from xlperf.workbook.stamping.stamped_part import (
    MARK,
    Body,
    StampedPart,
    as_it_is,
    mark,
    of_sheet,
    of_table,
    of_workbook,
    with_marks,
)

_IN_ASCII = re.compile(rb"(?i)[^>]{0,100}encoding\s*=\s*[\"']us-ascii")


class Unstampable(Exception):
    """A template has something that copies cannot be stamped with; the editor fills it."""


class Stamp:
    """A template taken apart, of which copies are made."""

    def __init__(self, template: FileWorkbook, tables: Sequence[str]) -> None:
        """Take a template apart. The object given is written to, and not to be used any more.

        Args:
            template: a template, open, and not filled yet.
            tables: the names of the tables that are filled.

        Raises:
            Unstampable: only the editor can fill it.
            TableNotFound, TemplateError, WorkbookError: nor can the editor.
        """
        package = template.package
        _check_parts(package)
        if not set(tables) <= set(package.tables):
            raise Unstampable("it lacks a table, or has its name in other letters")
        _check_tables(package, [package.table(each) for each in tables])
        placeholders = _write_specimen(template, tables)
        filled = [package.table(each) for each in tables]
        slots: list[Slot] = [_slot(package, each) for each in placeholders]
        slots += [TitleSlot(), *(_rows_slot(package, each) for each in filled)]
        marks = _marks(package, placeholders, slots, filled)
        self._parts = [
            StampedPart(name, body, of, slots)
            for name in package.part_names
            for body, of in [_body(package, name, filled, marks.get(name, {}))]
        ]

    def stamped(self, filling: Filling) -> bytes:
        """A copy, as the bytes of a file. Raises TemplateError, WorkbookError."""
        return assembled([part.packed(filling) for part in self._parts])


# ---- what cannot be stamped --------------------------------------------------------------------------------------


def _check_parts(package: Package) -> None:
    for name in package.part_names:
        if MARK.encode() in package.part(name):
            raise Unstampable("the mark of a slot stands in it")
        if _IN_ASCII.match(package.part(name)):
            raise Unstampable("a part of it is in ASCII, where what is not has to be written as a reference")


def _check_tables(package: Package, tables: Sequence[TablePart]) -> None:
    """Each has one row, with nothing beside or below it, so that nothing has to move for what the copies have."""
    if len({each.sheet for each in tables}) < len(tables):
        raise Unstampable("two of its tables are on one sheet")
    for table in tables:
        sheet, first = _sheet(package, table.sheet), table.first_row
        row = sheet.rows.get(first)
        is_alone = row is None or not row.first or table.area.left <= row.first <= row.last <= table.area.right
        ends = [each.area.bottom for each in package.tables_beside(table)]
        ends += [each.bottom for each in sheet.merged_areas()]
        if table.area.bottom != first or max([*sheet.rows, *ends]) > first or not is_alone:
            raise Unstampable(f"its table {table.name} has more than one row, or something is beside or below it")


# ---- the specimen ------------------------------------------------------------------------------------------------


def _write_specimen(template: FileWorkbook, tables: Sequence[str]) -> list[Placeholder]:
    """Have the editor fill a template with marks, and each of its tables with one blank row; the placeholders."""
    placeholders: list[Placeholder] = []
    bodies = [template.body(each) for each in tables]

    def marked(placeholder: Placeholder) -> str:
        if isinstance(placeholder, CellPlaceholder) and any(
            placeholder.sheet.name == sheet and body.holds(placeholder.column, placeholder.row)
            for sheet, body in bodies
        ):
            raise Unstampable("a placeholder stands in the row of a table")
        placeholders.append(placeholder)
        return mark(len(placeholders) - 1)

    template.fill_by(marked)
    set_title(template.package, mark(len(placeholders)))
    for each in tables:
        template.write_table(each, [{}])
    template.to_bytes()  # from here on the package has it all
    return placeholders


def _sheet(package: Package, sheet: Sheet) -> SheetXml:
    return SheetXml(package.part(sheet.part), package.where(sheet.part))


def _slot(package: Package, placeholder: Placeholder) -> CellSlot | PageTextSlot:
    if not isinstance(placeholder, CellPlaceholder):
        return PageTextSlot(placeholder)
    sheet = _sheet(package, placeholder.sheet)
    style = style_attribute(sheet.style_of(placeholder.column, placeholder.row))
    return CellSlot(placeholder, sheet.prefix, f"{column_letters(placeholder.column)}{placeholder.row}", style)


def _rows_slot(package: Package, table: TablePart) -> RowsSlot:
    return RowsSlot(package, _sheet(package, table.sheet), table)


def _marks(
    package: Package, placeholders: Sequence[Placeholder], slots: Sequence[Slot], tables: Sequence[TablePart]
) -> dict[str, dict[bytes, bytes]]:
    """By part, what stands in the slots of the specimen that are more than a text, and the mark of each.

    Raises Unstampable where it does not stand there as the slot would write it.
    """
    marks: dict[str, dict[bytes, bytes]] = {}
    for number, (placeholder, slot) in enumerate(zip(placeholders, slots, strict=False)):
        if isinstance(placeholder, CellPlaceholder) and isinstance(slot, CellSlot):
            of_part = marks.setdefault(placeholder.sheet.part, {})
            of_part[slot.holding(mark(number))] = mark(number).encode()
    blank = Filling({}, "", {each.name: () for each in tables})
    for number, table in enumerate(tables, len(placeholders) + 1):
        marks.setdefault(table.sheet.part, {})[slots[number].written(blank)] = mark(number).encode()
    for part, of_part in marks.items():
        if any(package.part(part).count(content) != 1 for content in of_part):
            raise Unstampable(f"its part {part} is not written as it was expected")
    return marks


def _body(
    package: Package, name: str, tables: Sequence[TablePart], marks: Mapping[bytes, bytes]
) -> tuple[Body, Sequence[TablePart]]:
    """The body of a part of the copies, and the tables whose numbers of rows it depends on."""
    data, where = package.part(name), package.where(name)
    if name == package.workbook_part:
        return of_workbook(data, where, tables), tables
    for table in tables:
        if name == table.part:
            return of_table(data, where, table), [table]
        if name == table.sheet.part:
            return of_sheet(data, where, table, marks), [table]
    return as_it_is(with_marks(data, marks)), ()
