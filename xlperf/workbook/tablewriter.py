"""Replacing the rows of a table: rows keep their looks, the table grows or shrinks, neighbours stay."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from xlperf.errors import WorkbookError
from xlperf.rows import RowsByColumn
from xlperf.workbook.a1 import LAST_ROW, Area, column_letters, parse_area
from xlperf.workbook.looks import Looks
from xlperf.workbook.parts import Formula, TablePart
from xlperf.workbook.port import Kept
from xlperf.workbook.rowheights import Heights, with_height
from xlperf.workbook.rowwriter import RowWriter, WrittenColumn
from xlperf.workbook.rowxml import CellXml
from xlperf.workbook.sheetformulas import ColumnAndRow, Lender, formulas, kept_xml, lenders, shares
from xlperf.workbook.sheetxml import SheetXml


@dataclass(frozen=True, slots=True)
class TableContent:
    """What is written into a table: its rows, the looks of the table before, and where rows that stay will be.

    `heights` says how high rows have to be; None where no text of the table wraps.
    """

    rows: RowsByColumn
    looks: Looks
    moved: Mapping[int, int]
    heights: Heights | None = None

    def attributes(self, old_rows: Iterable[int]) -> Iterator[bytes]:
        """What is set of each sheet row, by the number of the row that it was; 0 for a new one."""
        given = (self.looks.rows.get(old, self.looks.row) for old in old_rows)
        return map(with_height, given, self.heights(self.rows)) if self.heights else given


def check_rows(name: str, columns: Sequence[str], rows: RowsByColumn) -> None:
    """Raise WorkbookError for a header the table does not have."""
    unknown = next((header for header in rows.columns if header not in columns), None)
    if unknown is not None:
        raise WorkbookError(f"table '{name}' has no column '{unknown}'; its columns are {', '.join(columns)}")


def sample_formulas(sheet: SheetXml, table: TablePart) -> dict[str, Formula]:
    """The formulas in the first row of a table, which in a template are those of their columns."""
    row = sheet.rows.get(table.first_row)
    return {
        table.columns[cell.column - table.area.left]: Formula(
            cell.formula.text, cell.formula.attributes.get("t") == "array"
        )
        for cell in (sheet.cells(row) if row else ())
        if table.area.left <= cell.column <= table.area.right and cell.formula is not None and cell.formula.text
    }


def replace_rows(
    sheet: SheetXml,
    table: TablePart,
    others: Sequence[TablePart],
    content: TableContent,
    date_1904: bool,
) -> tuple[int, bool]:
    """Write the rows into the sheet; `others` are the other tables on it. Either all is done or nothing.

    Returns (the table's new last row, whether a formula came or went). Raises WorkbookError.
    """
    if not content.rows:  # a table has one row at least
        content = replace(content, rows=RowsByColumn({}, 1))
    rows, first, old_last = content.rows, table.first_row, table.last_row
    new_last = first + len(rows) - 1
    _check_room(sheet, table, others, new_last)
    came_from = {new: old for old, new in content.moved.items()}
    kept, in_place = _kept(sheet, table, rows)
    writer = row_writer(sheet, table, content.looks, kept, date_1904)
    old_rows = [came_from.get(number, 0) for number in range(first, new_last + 1)]
    rendered = deque(zip(writer.all_cells(rows, old_rows), content.attributes(old_rows), strict=True))
    totals = _totals(sheet, table, new_last - old_last)
    has_no_formula = not kept and not any(column.formula for column in writer.columns)
    touched = range(first, max(old_last, new_last) + 1)
    _check_shared_formulas(sheet, table, in_place)
    had_formula = any(number in sheet.rows and sheet.rows[number].has_formula for number in touched)
    for number in range(first, new_last + 1):
        cells, attributes = rendered.popleft()  # of a long table, what has been put need not be held twice
        area = Area(table.area.left, number, table.area.right, number)
        sheet.put(area, cells, attributes, is_surely_plain=has_no_formula)
    for number in range(new_last + 1, touched.stop):
        sheet.put(Area(table.area.left, number, table.area.right, number), b"")
    if new_last != old_last:
        for number in range(old_last + 1, table.area.bottom + 1):
            if number > new_last:
                sheet.put(Area(table.area.left, number, table.area.right, number), b"")
        for number, cells in totals.items():
            sheet.put(Area(table.area.left, number, table.area.right, number), cells)
    return new_last, had_formula or any(column.formula for column in writer.columns)


def _totals(sheet: SheetXml, table: TablePart, down: int) -> dict[int, bytes]:
    """The cells of the totals row, by the row in which they will be."""
    totals = {}
    for number in range(table.last_row + 1, table.area.bottom + 1) if table.totals_rows else ():
        row = sheet.rows.get(number)
        cells = [cell for cell in sheet.cells(row) if table.area.holds(cell.column, number)] if row else []
        own = {place: formula.text for place, formula in formulas(sheet, table.area, {cell.column for cell in cells})}
        totals[number + down] = b"".join(
            kept_xml(cell, number + down, own.get((cell.column, number)), sheet.where) for cell in cells
        )
    return totals


def _check_room(sheet: SheetXml, table: TablePart, others: Sequence[TablePart], new_last: int) -> None:
    if new_last <= table.last_row:
        return
    if new_last + table.totals_rows > LAST_ROW:
        raise WorkbookError(f"table '{table.name}' would need {new_last:,} rows and a sheet has {LAST_ROW:,}")
    grown = Area(table.area.left, table.area.bottom + 1, table.area.right, new_last + table.totals_rows)
    covered = in_the_way(sheet, others, grown)
    if covered:
        raise no_room(table.name, new_last, covered)


def no_room(table: str, last: int, covered: str, torn: str = "", pushed_off: str = "") -> WorkbookError:
    """The refusal of a table that would grow over something.

    New sheet rows would tear the table `torn`, or push the cell `pushed_off` over the end of the sheet; "" for none.
    """
    why_not_below = f"; the table '{torn}' beside it would be torn by new rows" if torn else ""
    if pushed_off:
        why_not_below += f"; new rows would push {pushed_off} over the end of the sheet"
    what = f"would cover {covered}" if covered else "needs new rows above what is below it"
    return WorkbookError(
        f"table '{table}' has to grow to row {last} and {what}{why_not_below}; move them away from below the table"
    )


def in_the_way(sheet: SheetXml, others: Sequence[TablePart], area: Area) -> str:
    """What stands in an area that a table is to take, in words: tables, merged cells, filled cells; "" for nothing."""
    in_the_way_words = [f"table '{other.name}'" for other in others if other.area.meets(area)]
    in_the_way_words += [f"the merged cells {merged}" for merged in sheet.merged_areas() if merged.meets(area)]
    in_the_way_words += _filled_cells(sheet, area)
    more = f" and {len(in_the_way_words) - 5} more" if len(in_the_way_words) > 5 else ""
    return f"{', '.join(in_the_way_words[:5])}{more}"


def _filled_cells(sheet: SheetXml, area: Area) -> list[str]:
    return [
        f"{column_letters(cell.column)}{number}"
        for number, row in sorted(sheet.rows.items())
        if area.top <= number <= area.bottom and row.first <= area.right and area.left <= row.last
        for cell in sheet.cells(row)
        if area.holds(cell.column, number) and cell.is_filled
    ]


def _kept(
    sheet: SheetXml, table: TablePart, rows: RowsByColumn
) -> tuple[dict[tuple[str, int], bytes], set[ColumnAndRow]]:
    """The cells that are kept, by header and new row, as they are to be written; and those that stay as they are."""
    position_of = {header: position for position, header in enumerate(table.columns, table.area.left)}
    wanted = [
        (number, position_of[header], header, value)
        for header, values in rows.columns.items()
        if Kept in set(map(type, values))
        for number, value in enumerate(values, table.first_row)
        if isinstance(value, Kept)
    ]
    wanted.sort(key=itemgetter(0))
    if not wanted:
        return {}, set()
    positions = {position for _, position, _, _ in wanted}
    cells: dict[ColumnAndRow, CellXml] = {}
    for old in {value.row for _, _, _, value in wanted}:
        row = sheet.rows.get(old)
        cells.update({(cell.column, old): cell for cell in (sheet.cells_in(row, positions) if row else ())})
    own = table.body
    texts = {place: formula.text for place, formula in formulas(sheet, own, positions)}
    in_place = {
        (position, number)
        for number, position, _, value in wanted
        if value.row == number and value.formula == texts.get((position, number))
    }
    shared = lenders(sheet)
    written = {}
    for number, position, header, value in wanted:
        cell = cells.get((position, value.row))
        if cell is None:
            if value.row == number:
                written[header, number] = b""
            continue
        stays = (position, number) in in_place and _keeps_its_lender(cell, own, in_place, shared)
        written[header, number] = kept_xml(cell, number, None if stays else value.formula, sheet.where)
    return written, in_place


def _keeps_its_lender(
    cell: CellXml, own: Area, in_place: Collection[ColumnAndRow], shared: Mapping[str, Lender]
) -> bool:
    """Whether the cell from which a cell has the text of its formula, if it has it from another, goes on having it."""
    number = shares(cell)
    lender = None if number is None else shared.get(number)
    return lender is None or lender.place in in_place or not own.holds(*lender.place)


def _check_shared_formulas(sheet: SheetXml, table: TablePart, in_place: Collection[ColumnAndRow]) -> None:
    """Raise WorkbookError where a cell that stays borrows its formula's text from a cell that goes."""
    own = table.body
    there = (sheet.rows[n] for n in range(own.top, own.bottom + 1) if n in sheet.rows)
    rows = [row for row in there if not row.is_surely_plain and b"shared" in row.raw]
    lent = {
        cell.formula.attributes.get("si"): cell
        for row in rows
        for cell in sheet.cells(row)
        if cell.formula is not None
        and own.holds(cell.column, row.number)
        and (cell.column, row.number) not in in_place
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


def row_writer(
    sheet: SheetXml, table: TablePart, looks: Looks, kept: Mapping[tuple[str, int], bytes], date_1904: bool
) -> RowWriter:
    """What writes the rows of a table on a sheet, with these looks; `kept` are whole cells that stay."""
    columns = [
        WrittenColumn(header, position, column_letters(position), looks.columns[position], table.formulas.get(header))
        for position, header in enumerate(table.columns, table.area.left)
    ]
    return RowWriter(sheet.prefix, table.first_row, columns, looks.cells, kept, date_1904)
