"""The placeholders of a template: which cells and page texts have one, and what stands there instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from xlperf.errors import TemplateError
from xlperf.workbook.a1 import column_letters
from xlperf.workbook.cellxml import text_of
from xlperf.workbook.package import Package
from xlperf.workbook.parts import Sheet
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.template import has_placeholder, render, render_header
from xlperf.workbook.xmltree import Node, local, storable

_LONGEST_PAGE_TEXT = 255


@dataclass(frozen=True, slots=True)
class CellPlaceholder:
    """A cell with a placeholder: where it is, also in words, and its text."""

    sheet: Sheet
    column: int
    row: int
    text: str
    where: str

    def rendered(self, context: Mapping[str, object]) -> str:
        """Its text, filled. Raises TemplateError."""
        return render(self.text, context, self.where)


@dataclass(frozen=True, slots=True)
class PagePlaceholder:
    """A header or footer with a placeholder: the sheet it is on, its element and its text, and where it is in words."""

    xml: SheetXml
    element: Node
    text: str
    where: str

    def rendered(self, context: Mapping[str, object]) -> str:
        """Its text, filled. Raises TemplateError, also where the text is longer than Excel allows."""
        text = render_header(self.text, context, self.where)
        if len(text) > _LONGEST_PAGE_TEXT:
            raise TemplateError(
                f"{self.where}: {len(text)} characters, and Excel allows {_LONGEST_PAGE_TEXT}; shorten it"
            )
        return storable(text)


Placeholder = CellPlaceholder | PagePlaceholder


def placeholders(
    package: Package, sheet_xml: Callable[[Sheet], SheetXml], is_data: Callable[[Sheet, int, int], bool]
) -> Iterator[Placeholder]:
    """Every cell, header and footer with a placeholder, sheet by sheet.

    Args:
        package: the template.
        sheet_xml: one of its sheets, taken apart.
        is_data: whether a cell, by sheet, column and row, holds data, which is never rendered.

    Raises:
        TemplateError: a placeholder stands in a table's heading; it names sheet and cell.
    """
    for sheet in package.sheets:
        if sheet.is_worksheet:
            yield from _in_cells(package, sheet, sheet_xml, is_data)
            yield from _in_page_texts(package, sheet, sheet_xml(sheet))


def _in_cells(
    package: Package,
    sheet: Sheet,
    sheet_xml: Callable[[Sheet], SheetXml],
    is_data: Callable[[Sheet, int, int], bool],
) -> Iterator[CellPlaceholder]:
    strings = package.shared_strings
    if not any(map(has_placeholder, strings)) and b"inlineStr" not in package.part(sheet.part):
        return
    xml = sheet_xml(sheet)
    for number, row in xml.rows.items():
        for cell in xml.cells(row):
            text = text_of(cell, strings)
            if text and has_placeholder(text) and not is_data(sheet, cell.column, number):
                where = f"{package.file}, sheet '{sheet.name}', cell {column_letters(cell.column)}{number}"
                _refuse_heading(package, sheet, cell.column, number, where)
                yield CellPlaceholder(sheet, cell.column, number, text, where)


def _in_page_texts(package: Package, sheet: Sheet, xml: SheetXml) -> Iterator[PagePlaceholder]:
    for element in xml.frame.iterfind(".//{*}headerFooter/{*}*"):
        if has_placeholder(element.text or ""):
            where = f"{package.file}, sheet '{sheet.name}', {local(element)}"
            yield PagePlaceholder(xml, element, element.text, where)


def _refuse_heading(package: Package, sheet: Sheet, column: int, row: int, where: str) -> None:
    for table in package.tables.values():
        if table.sheet == sheet and row < table.first_row and table.area.holds(column, row):
            raise TemplateError(f"{where}: a table's heading cannot hold a placeholder; take it out")
