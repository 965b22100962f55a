"""Replacing the rows of a table: the first row is the sample, the table grows or shrinks, neighbours stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from xlperf.errors import WorkbookError
from xlperf.workbook.a1 import LAST_ROW, Area, column_letters, parse_area
from xlperf.workbook.cellxml import formula_xml, style_attribute, value_xml
from xlperf.workbook.parts import Formula, TablePart
from xlperf.workbook.port import CellValue
from xlperf.workbook.sheetxml import SheetXml

_NOT_COPIED = frozenset({"hidden"})


@dataclass(frozen=True, slots=True)
class _Column:
    """What every cell written in a column gets."""

    header: str
    letters: str
    style: str
    formula: Formula | None


def check_rows(name: str, columns: Sequence[str], has_totals: bool, rows: Sequence[Mapping[str, CellValue]]) -> None:
    """Raise WorkbookError for a header the table does not have, and for a table we cannot resize."""
    if has_totals:
        raise WorkbookError(f"table '{name}': totals row not supported: turn it off")
    headers = set(columns)
    for row in rows:
        if not row.keys() <= headers:
            unknown = next(header for header in row if header not in headers)
            raise WorkbookError(f"table '{name}' has no column '{unknown}'; its columns are {', '.join(columns)}")


def replace_rows(
    sheet: SheetXml,
    table: TablePart,
    others: Sequence[TablePart],
    rows: Sequence[Mapping[str, CellValue]],
    date_1904: bool,
) -> tuple[int, bool]:
    """Write the rows into the sheet; `others` are the other tables on it. Either all is done or nothing.

    Returns (the table's new last row, whether a formula came or went). Raises WorkbookError.
    """
    first, old_last = table.first_row, table.area.bottom
    new_last = first + max(len(rows), 1) - 1
    _check_room(sheet, table, others, new_last)
    columns = _sample(sheet, table)
    attributes = sheet.row_attributes(first, without=_NOT_COPIED)
    rendered = [
        _render(sheet.prefix, columns, first, first + offset, row, date_1904).encode()
        for offset, row in enumerate(rows or [{}])
    ]
    touched = range(first, max(old_last, new_last) + 1)
    _check_shared_formulas(sheet, table)
    had_formula = any(number in sheet.rows and sheet.rows[number].has_formula for number in touched)
    for number, cells in zip(touched, rendered, strict=False):
        sheet.put(Area(table.area.left, number, table.area.right, number), cells, attributes)
    for number in islice(touched, len(rendered), None):
        sheet.put(Area(table.area.left, number, table.area.right, number), b"")
    return new_last, had_formula or any(column.formula for column in columns)


def _check_room(sheet: SheetXml, table: TablePart, others: Sequence[TablePart], new_last: int) -> None:
    if new_last <= table.area.bottom:
        return
    if new_last > LAST_ROW:
        raise WorkbookError(f"table '{table.name}' would need {new_last:,} rows and a sheet has {LAST_ROW:,}")
    grown = Area(table.area.left, table.area.bottom + 1, table.area.right, new_last)
    in_the_way = [f"table '{other.name}'" for other in others if other.area.meets(grown)]
    in_the_way += [f"the merged cells {area}" for area in sheet.merged_areas() if area.meets(grown)]
    in_the_way += _filled_cells(sheet, grown)
    if in_the_way:
        more = f" and {len(in_the_way) - 5} more" if len(in_the_way) > 5 else ""
        raise WorkbookError(
            f"table '{table.name}' has to grow to row {new_last} and would cover "
            f"{', '.join(in_the_way[:5])}{more}; move them away from below the table"
        )


def _filled_cells(sheet: SheetXml, area: Area) -> list[str]:
    return [
        f"{column_letters(cell.column)}{number}"
        for number, row in sorted(sheet.rows.items())
        if area.top <= number <= area.bottom
        for cell in sheet.cells(row)
        if area.holds(cell.column, number) and cell.is_filled
    ]


def _check_shared_formulas(sheet: SheetXml, table: TablePart) -> None:
    """Raise WorkbookError where a cell that stays borrows its formula's text from a cell that goes."""
    own = Area(table.area.left, table.first_row, table.area.right, table.area.bottom)
    rows = [sheet.rows[n] for n in range(own.top, own.bottom + 1) if n in sheet.rows and b"shared" in sheet.rows[n].raw]
    lent = {
        cell.formula.attributes.get("si"): cell
        for row in rows
        for cell in sheet.cells(row)
        if cell.formula is not None
        and own.holds(cell.column, row.number)
        and (area := parse_area(cell.formula.attributes.get("ref", "")))
        and not (own.holds(area.left, area.top) and own.holds(area.right, area.bottom))
    }
    if not lent:
        return
    for row in sheet.rows.values():
        for cell in sheet.cells(row) if b"shared" in row.raw else ():
            if own.holds(cell.column, row.number) or cell.formula is None:
                continue
            if cell.formula.attributes.get("si") in lent:
                raise WorkbookError(
                    f"cell {column_letters(cell.column)}{row.number} shares its formula with "
                    f"table '{table.name}'; type that formula again"
                )


def _sample(sheet: SheetXml, table: TablePart) -> list[_Column]:
    row = sheet.rows.get(table.first_row)
    cells = {cell.column: cell for cell in sheet.cells(row)} if row else {}
    columns = []
    for position, header in enumerate(table.columns, table.area.left):
        style = (
            sheet.style_of(position, table.first_row) if position not in cells else cells[position].attributes.get("s")
        )
        element = cells[position].formula if position in cells else None
        formula = table.formulas.get(header)
        if element is not None and element.text:
            formula = Formula(element.text, element.attributes.get("t") == "array")
        columns.append(_Column(header, column_letters(position), style_attribute(style), formula))
    return columns


def _render(
    prefix: str,
    columns: Sequence[_Column],
    first: int,
    number: int,
    row: Mapping[str, CellValue],
    date_1904: bool,
) -> str:
    return "".join(
        formula_xml(prefix, f"{column.letters}{number}", column.style, column.formula, number - first)
        if column.formula is not None and column.header not in row
        else value_xml(prefix, f"{column.letters}{number}", column.style, row.get(column.header), date_1904)
        for column in columns
    )
