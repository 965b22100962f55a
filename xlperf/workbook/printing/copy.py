"""What is printed of a workbook: one sheet in a copy of its own, whatever state the workbook was saved in.

Hiding the other sheets is not enough. Which sheets a program prints depends on which was in front, which were grouped,
on custom views, on print areas, on notes set to print, on filters. So the copy is made anew of what a page needs, and
nothing else is in it: of the workbook its looks and one sheet; of the sheet its cells, page set-up and pictures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlperf.workbook.a1 import Area, absolute
from xlperf.workbook.cellxml import text_of
from xlperf.workbook.package import Package
from xlperf.workbook.parts import TablePart
from xlperf.workbook.printing.area import (
    PRINT_AREA,
    PRINT_TITLES,
    built_in_name,
    hidden_rows,
    is_filled_between,
    is_in,
    print_area,
    print_titles,
    quoted,
)
from xlperf.workbook.printing.fitting import Fitted, make_room, shrinking
from xlperf.workbook.printing.page import Page, PrintCopy
from xlperf.workbook.printing.strip import (
    forget_other_texts,
    looks_at_other_sheets,
    strip_properties,
    strip_sheet,
    strip_workbook,
)
from xlperf.workbook.rowxml import CellXml
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.stylesheet import StyleSheet
from xlperf.workbook.xmlsplice import attribute_edit, parse, splice


def print_copy(workbook: Package, page: Page) -> PrintCopy:
    """Return a workbook that holds a page and nothing else; `workbook` stays as it is.

    The print area of the sheet is followed where it covers the table, and never beyond the table and the cells that
    belong to it: what people keep beside them is not for the page. Where it does not, or there is none, the table is
    printed with the cells that belong to it. Only where the page has formulas, or charts, that may look at other sheets
    are those in the copy too: their bare cells, hidden for good, without anything that could bring them on paper.

    Raises TableNotFound, WorkbookError.
    """
    package = Package(workbook.to_bytes(), workbook.file)
    table = package.table(page.table)
    sheet = SheetXml(package.part(table.sheet.part), package.where(table.sheet.part))
    followed, areas = print_area(package, table, sheet, page)
    printed = ",".join(f"{quoted(table.sheet.name)}!{absolute(area)}" for area in areas)
    set_by_person = built_in_name(package, table.sheet, PRINT_AREA)
    titles = print_titles(package, table, areas)
    looks_elsewhere = looks_at_other_sheets(package, table.sheet, sheet)
    is_cut = is_filled_between(sheet, areas, followed)
    kept = [each for each in package.sheets if each == table.sheet or (looks_elsewhere and each.is_worksheet)]

    _restyle(package, sheet, table, areas, page.fitted)
    package.set_part(table.sheet.part, sheet.to_bytes())
    if not looks_elsewhere:
        forget_other_texts(package, sheet)
    for each in kept:
        strip_sheet(package, each, is_page=each == table.sheet)
    strip_workbook(package, kept, table.sheet, {PRINT_AREA: printed, PRINT_TITLES: titles}, looks_elsewhere)
    strip_properties(package, page.title)
    package.drop_unreachable()
    return PrintCopy(
        package,
        area_replaced="" if followed else set_by_person,
        area_cut=set_by_person if is_cut else "",
        rows_hidden=hidden_rows(sheet, table),
    )


def _restyle(
    package: Package, sheet: SheetXml, table: TablePart, areas: Sequence[Area], ems: Mapping[str, float]
) -> None:
    """Make the texts of some columns fit, and keep what stands beside the page from running into it."""
    columns = {table.area.left + table.columns.index(header): ems[header] for header in ems if header in table.columns}
    styles = StyleSheet.of(package)
    fitted: list[Fitted] = []

    def look(cell: CellXml, row: int) -> Mapping[str, str] | None:
        if not cell.is_filled:
            return None
        if not is_in(areas, cell.column, row):
            return {"horizontal": _away_from(areas, cell.column)}
        if cell.column in columns and table.first_row <= row <= table.area.bottom:
            length = len(text_of(cell, package.shared_strings) or "")
            fitted.append(Fitted(cell.column, length, columns[cell.column], styles.font_size(cell.style)))
            return shrinking(styles.alignment(cell.style))
        return None

    for number, row in list(sheet.rows.items()):
        cells = list(sheet.cells(row))
        looks = [look(cell, number) for cell in cells]
        if any(looks):
            raw = b"".join(
                cell.raw if wanted is None else _styled(cell, styles.aligned(cell.style, wanted))
                for cell, wanted in zip(cells, looks, strict=True)
            )
            sheet.put(Area(row.first, number, row.last, number), raw)
    make_room(sheet, fitted)
    styles.write()


def _away_from(areas: Sequence[Area], column: int) -> str:
    """How a text beside the page has to be aligned so that it does not run into it."""
    if all(area.right < column for area in areas):
        return "left"
    return "right" if all(column < area.left for area in areas) else "fill"


def _styled(cell: CellXml, style: int) -> bytes:
    element = parse(cell.raw, "cell")[0]
    return splice(cell.raw, [attribute_edit(cell.raw, element, "s", str(style))])
