"""A table's rows written anew in a file, and all that goes with them: looks, what is attached, print areas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from xlperf.rows import RowsByColumn
from xlperf.workbook.attached import Places, move_attached
from xlperf.workbook.drawings import move_hanging
from xlperf.workbook.looks import Looks, looks_of, looks_of_first_row
from xlperf.workbook.package import Package
from xlperf.workbook.parts import TablePart, declare, resize
from xlperf.workbook.printareas import move_print_areas
from xlperf.workbook.rowheights import heights
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.stylesheet import StyleSheet
from xlperf.workbook.tablewriter import TableContent, replace_rows, sample_formulas
from xlperf.workbook.xmlsplice import located


@dataclass(frozen=True, slots=True)
class NewRows:
    """The rows that a table is to have.

    Attributes:
        rows: by header.
        moved: where rows of the sheet that stay will be; None where none is known to be the one it was.
        is_sampled: whether the table comes from a template, so that its rows look like its first.
        has_sample: whether that first row is there still, and its formulas are those of the columns.
    """

    rows: RowsByColumn
    moved: Mapping[int, int] | None
    is_sampled: bool
    has_sample: bool


def rewrite(package: Package, sheet: SheetXml, table: TablePart, new: NewRows) -> bool:
    """Write the rows of a table; returns whether a formula came or went. A failed call changes nothing.

    Raises WorkbookError for a value no cell can hold, or no room to grow.
    """
    others = package.tables_beside(table)
    sample = sample_formulas(sheet, table) if new.has_sample else {}
    table = replace(table, formulas={**table.formulas, **sample})
    moved = new.moved or {}
    with located(f"{package.file}, sheet '{table.sheet.name}'"):
        looks = _looks(package, sheet, table, new)
        content = TableContent(new.rows, looks, moved, heights(sheet, table, looks.columns, package))
        last_row, formula_changed = replace_rows(sheet, table, others, content, package.date_1904)
    if new.moved is not None:
        totals = {table.last_row + 1: last_row + 1} if table.totals_rows else {}
        whole = replace(table.body, bottom=table.last_row + len(totals))
        places = Places(whole, {**moved, **totals})
        move_attached(package, sheet, table.sheet.part, places)
        move_hanging(package, table.sheet.part, places)
    with package.changing(table.part) as root:
        resize(root, table, last_row)
        declare(root, sample)
    with package.changing(package.workbook_part) as root:
        move_print_areas(root, table, last_row)
    return formula_changed


def _looks(package: Package, sheet: SheetXml, table: TablePart, new: NewRows) -> Looks:
    if new.moved is None or new.is_sampled:
        return looks_of_first_row(sheet, table)
    styles = StyleSheet.of(package)
    looks = looks_of(sheet, table, styles)
    styles.write()
    return looks
