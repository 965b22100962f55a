"""Adding columns to a table in a sheet: what has to be free, and what the new cells look like."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from xlperf.errors import WorkbookError
from xlperf.workbook.a1 import LAST_COLUMN, Area, column_letters, split_areas
from xlperf.workbook.cellxml import style_attribute, value_xml
from xlperf.workbook.package import Package
from xlperf.workbook.parts import TablePart
from xlperf.workbook.port import Look
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.stylesheet import StyleSheet
from xlperf.workbook.tablewriter import in_the_way
from xlperf.workbook.validation import add_validation
from xlperf.workbook.xmltree import add, is_set, remove

_MARGIN = 0.7109375
"""What Excel adds to a width in characters for the space beside them."""


def widen(package: Package, sheet: SheetXml, table: TablePart, looks: Mapping[str, Look]) -> None:
    """Put headers and blank cells at the right of a table, each as wide as, and looking like, the column it is to.

    Args:
        package: the workbook, whose styles get what number formats they lack.
        sheet: the sheet of the table.
        table: as it is before.
        looks: what each new column looks like, by its header.

    Raises:
        WorkbookError: cells, merged cells or a table stand there; nothing has changed.
    """
    area = table.area
    new = Area(area.right + 1, area.top, area.right + len(looks), area.bottom)
    _check_room(sheet, table, package.tables_beside(table), new, tuple(looks))
    styles = StyleSheet.of(package)
    like = [area.left + table.columns.index(look.like) for look in looks.values()]
    for number in range(area.top, area.bottom + 1):
        cells = []
        for column, model, (header, look) in zip(range(new.left, new.right + 1), like, looks.items(), strict=True):
            style = sheet.style_of(model, number)
            is_body = number >= table.first_row
            if is_body and look.number_format:
                style = str(styles.formatted(int(style or 0), look.number_format))
            text = None if is_body else header
            reference = f"{column_letters(column)}{number}"
            cells.append(value_xml(sheet.prefix, reference, style_attribute(style), text, date_1904=False))
        sheet.put(Area(new.left, number, new.right, number), "".join(cells).encode())
    styles.write()
    date_1904 = package.date_1904
    for column, model, look in zip(range(new.left, new.right + 1), like, looks.values(), strict=True):
        _set_width(sheet, column, model, look.width)
    _set_rules(sheet, table, new.left, looks.values(), date_1904=date_1904)


def _check_room(
    sheet: SheetXml, table: TablePart, others: Sequence[TablePart], new: Area, headers: Sequence[str]
) -> None:
    quoted = ", ".join(f"'{header}'" for header in headers)
    named = f"table '{table.name}' gets {'a column' if len(headers) == 1 else 'columns'} {quoted}"
    if new.right > LAST_COLUMN:
        raise WorkbookError(f"{named}, and the sheet has no column left; take one of your own away")
    covered = in_the_way(sheet, others, new)
    if covered:
        raise WorkbookError(f"{named} and would cover {covered}; move them away from beside the table")


def _set_width(sheet: SheetXml, column: int, model: int, characters: float) -> None:
    """Set the width of a column, or copy that of another, unless somebody has set it; and make the column visible."""
    _show(sheet, column)
    settings = sheet.columns()
    width = next((col.get("width") for first, last, col in settings if first <= model <= last), None)
    if width is not None and characters:
        width = str(characters + _MARGIN)
    if width is None or any(first <= column <= last for first, last, _ in settings):
        return
    new = {"min": str(column), "max": str(column), "width": width, "customWidth": "1"}
    after = next((col for first, _, col in settings if first > column), None)
    with sheet.changing_frame() as frame:
        add(frame.find("{*}cols"), "col", new, before=after)


def _show(sheet: SheetXml, column: int) -> None:
    """Make a column visible if all to the right of the table is hidden, as on a tidy sheet; the rest stays."""
    hidden = next(
        (each for each in sheet.columns() if each[0] <= column <= each[1] and is_set(each[2], "hidden")), None
    )
    if hidden is None:
        return
    first, last, col = hidden
    with sheet.changing_frame() as frame:
        holder = frame.find("{*}cols")
        for part_first, part_last in ((first, column - 1), (column + 1, last)):
            if part_first <= part_last:
                attributes = {**col.attrib, "min": str(part_first), "max": str(part_last)}
                add(holder, "col", attributes, before=col if part_first == first else col.getnext())
        remove([col])


def _set_rules(sheet: SheetXml, table: TablePart, first: int, looks: Collection[Look], *, date_1904: bool) -> None:
    """Apply to new columns, from `first` on, the rules over whole rows, and the rules that each is to have."""
    models = {
        column: table.area.left + table.columns.index(look.rules_of) if look.rules_of else 0
        for column, look in enumerate(looks, first)
    }
    last_row = table.last_row
    with sheet.changing_frame() as frame:
        for rule in frame.iter("{*}conditionalFormatting", "{*}dataValidation"):
            before = split_areas(rule.get("sqref", ""))
            areas = list(before)
            for column, model in models.items():
                _reach(areas, table, column, model)
            if areas != before:
                rule.set("sqref", " ".join(map(str, areas)))
            last_row = max(last_row, *(each.bottom for each in areas if each.holds(each.left, table.first_row)), 0)
        for column, look in enumerate(looks, first):
            if look.typing is not None:  # as far down as the others reach, as a template's table has one row
                add_validation(
                    frame,
                    Area(column, table.first_row, column, last_row),
                    look.typing,
                    date_1904=date_1904,
                )


def _reach(areas: list[Area], table: TablePart, column: int, model: int) -> None:
    """Have the areas of a rule reach a new column too, where they cover the rows of the table, or of `model`."""
    for at, area in enumerate(areas):
        is_beside = area.top <= table.last_row and table.first_row <= area.bottom
        if is_beside and area.left <= table.area.left and area.right == column - 1:
            areas[at] = replace(area, right=column)
            return
        if is_beside and area.left <= model <= area.right:
            areas.append(replace(area, left=column, right=column))
            return
