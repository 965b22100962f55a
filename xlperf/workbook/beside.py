"""What people have on blank cells right beside a table where new columns are to come: it would become the columns'."""

from __future__ import annotations

from collections import Counter

from xlperf.errors import WorkbookError
from xlperf.workbook.a1 import LAST_ROW, Area, column_letters, split_areas
from xlperf.workbook.attached import hangs_in
from xlperf.workbook.drawings import hung_over
from xlperf.workbook.package import Package
from xlperf.workbook.parts import TablePart
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.stylesheet import StyleSheet
from xlperf.workbook.xmltree import Node, local

_RULES = {"conditionalFormatting": "conditional format", "dataValidation": "list or rule"}
_MOST_NAMED = 5
_FEW = 2


def check_blank_cells(package: Package, sheet: SheetXml, table: TablePart, count: int) -> None:
    """Raise WorkbookError where notes, threads, links, pictures or rules are on the cells that columns are to take.

    A rule that is on cells of the table too, or on the sheet's whole columns, is about more than these cells and stays.
    """
    area = table.area
    new = Area(area.right + 1, area.top, area.right + count, area.bottom)
    part = table.sheet.part
    in_the_way = [*hangs_in(package, sheet, part, new), *hung_over(package, part, new)]
    for element in sheet.frame.iter(*(f"{{*}}{name}" for name in _RULES)):
        areas = [each for each in _areas(element) if each.bottom < LAST_ROW]
        if any(each.meets(new) for each in areas) and not any(each.meets(area) for each in areas):
            in_the_way += [f"the {_RULES[local(element)]} on {' '.join(map(str, areas))}"]
    in_the_way += [f"the look of {place}" for place in _marked(package, sheet, table, new)]
    if in_the_way:
        more = f" and {len(in_the_way) - _MOST_NAMED} more" if len(in_the_way) > _MOST_NAMED else ""
        raise WorkbookError(
            f"table '{table.name}' gets {'a column' if count == 1 else f'{count} columns'} at its right and would take "
            f"over {', '.join(in_the_way[:_MOST_NAMED])}{more}; move them away from beside the table"
        )


def _marked(package: Package, sheet: SheetXml, table: TablePart, new: Area) -> list[str]:
    """The blank cells beside a table's rows to which somebody has given another look than most of their column."""
    styles, columns = StyleSheet.of(package), range(new.left, new.right + 1)
    usual = {column: Counter[int]() for column in columns}
    style_of = dict[tuple[int, int], int]()
    rows = [row for number in range(table.first_row, table.last_row + 1) if (row := sheet.rows.get(number)) is not None]
    for row in rows:
        for cell in sheet.cells_in(row, columns) if row.last >= new.left else ():
            style_of[cell.column, row.number] = cell.style
            usual[cell.column][cell.style] += 1
    for column in columns:
        blank = len(rows) - usual[column].total()
        usual[column][sheet.column_style(column)] += blank
    # Of two rows nobody can say what most of them look like.
    most = {
        column: counted.most_common(1)[0][0] if len(rows) > _FEW else sheet.column_style(column)
        for column, counted in usual.items()
        if rows
    }
    return [
        f"{column_letters(column)}{row}"
        for (column, row), style in style_of.items()
        if style != most[column] and styles.differs(style, most[column])
    ]


def _areas(element: Node) -> list[Area]:
    holder = next(element.iter("{*}sqref"), None)
    return split_areas(element.get("sqref", "") if holder is None else holder.text or "")
