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
from xlperf.workbook.xmltree import Node, local

_LONGEST_PAGE_TEXT = 255


@dataclass(frozen=True, slots=True)
class FilledCell:
    """A cell that had a placeholder, and its text now."""

    sheet: Sheet
    column: int
    row: int
    text: str


@dataclass(frozen=True, slots=True)
class FilledPageText:
    """A header or footer that had a placeholder: the sheet it is on, its element, and its text now."""

    xml: SheetXml
    element: Node
    text: str


def filled(
    package: Package,
    sheet_xml: Callable[[Sheet], SheetXml],
    is_data: Callable[[Sheet, int, int], bool],
    context: Mapping[str, object],
) -> tuple[list[FilledCell], list[FilledPageText]]:
    """Every cell, header and footer with a placeholder, rendered; nothing is changed.

    Args:
        package: the template.
        sheet_xml: one of its sheets, taken apart.
        is_data: whether a cell, by sheet, column and row, holds data, which is never rendered.
        context: what the placeholders stand for.

    Raises:
        TemplateError: a placeholder cannot be rendered, or stands in a table's heading; it names sheet and cell.
    """
    cells, page_texts = list[FilledCell](), list[FilledPageText]()
    for sheet in package.sheets:
        if sheet.is_worksheet:
            cells += _cells(package, sheet, sheet_xml, is_data, context)
            page_texts += _page_texts(package, sheet, sheet_xml(sheet), context)
    return cells, page_texts


def _cells(
    package: Package,
    sheet: Sheet,
    sheet_xml: Callable[[Sheet], SheetXml],
    is_data: Callable[[Sheet, int, int], bool],
    context: Mapping[str, object],
) -> Iterator[FilledCell]:
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
                yield FilledCell(sheet, cell.column, number, render(text, context, where))


def _page_texts(
    package: Package, sheet: Sheet, xml: SheetXml, context: Mapping[str, object]
) -> Iterator[FilledPageText]:
    for element in xml.frame.iterfind(".//{*}headerFooter/{*}*"):
        if has_placeholder(element.text or ""):
            where = f"{package.file}, sheet '{sheet.name}', {local(element)}"
            text = render_header(element.text, context, where)
            if len(text) > _LONGEST_PAGE_TEXT:
                raise TemplateError(
                    f"{where}: {len(text)} characters, and Excel allows {_LONGEST_PAGE_TEXT}; shorten it"
                )
            yield FilledPageText(xml, element, text)


def _refuse_heading(package: Package, sheet: Sheet, column: int, row: int, where: str) -> None:
    for table in package.tables.values():
        if table.sheet == sheet and row < table.first_row and table.area.holds(column, row):
            raise TemplateError(f"{where}: a table's heading cannot hold a placeholder; take it out")
