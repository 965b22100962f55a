"""Turns cells as Excel hands them out over COM into the cells that the workbook's file would give.

Excel hands out None for an empty cell, float for every number, bool, str, a datetime where the format shows a date, a
Decimal (of four places) where it shows money, and an int for an error. What a datetime or Decimal has lost is taken
from the cell's formula, which for a constant is the number itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from xlperf.errors import WorkbookError
from xlperf.tables import BLANK, Cell, CellKind, NumberStyle
from xlperf.workbook.a1 import Area, column_letters
from xlperf.workbook.cellxml import date_of, serial_of
from xlperf.workbook.formulafill import filled_down
from xlperf.workbook.live.faults import is_busy, is_gone
from xlperf.workbook.live.places import Place, grid, range_of
from xlperf.workbook.numberstyle import format_of_built_in, format_of_code, styled
from xlperf.workbook.port import CellValue

if TYPE_CHECKING:
    import xlwings as xw

GENERAL = "General"

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_FIRST_ERROR = -2146828288  # COM's number for an error is this and Excel's own
_ERRORS = {
    2000: "#NULL!", 2007: "#DIV/0!", 2015: "#VALUE!", 2023: "#REF!", 2029: "#NAME?", 2036: "#NUM!", 2042: "#N/A",
    2043: "#GETTING_DATA", 2045: "#SPILL!", 2046: "#CONNECT!", 2047: "#BLOCKED!", 2048: "#UNKNOWN!", 2049: "#FIELD!",
    2050: "#CALC!",
}  # fmt: skip


Texts = list[list[str]]
"""Of a rectangle, row by row: the formula of each cell, else what was typed into it; "" for an empty one."""


@dataclass(frozen=True, slots=True)
class CellBlock:
    """What is in a rectangle of cells: values and formulas, row by row, as Excel hands them out."""

    area: Area
    values: list[list[Any]]
    formulas: Texts


def read_block(sheet: xw.Sheet, area: Area) -> CellBlock:
    """Read a rectangle in two calls."""
    cells = range_of(sheet, area)
    size = area.bottom - area.top + 1, area.right - area.left + 1
    return CellBlock(area, grid(cells.raw_value, *size), read_formulas(sheet, area))


def read_formulas(sheet: xw.Sheet, area: Area) -> Texts:
    """Formulas of a rectangle, and bare values where there is none; "" for an empty cell."""
    handed_out: Any = range_of(sheet, area).formula
    rows = grid(handed_out, area.bottom - area.top + 1, area.right - area.left + 1)
    return [["" if formula is None else str(formula) for formula in row] for row in rows]


@dataclass(frozen=True, slots=True)
class Sample:
    """What a column's cells have in common: the first one's number format, and a formula with its `=` ("" where none).

    Excel does not say which formula a table declares for a column. So it is the one that every filled row has, if more
    than one row is filled.
    """

    header: str
    letters: str
    format: str
    formula: str
    dynamic: str = ""
    """The formula as an Excel with dynamic arrays writes it, where that differs; else ""."""


def read_cells(sheet: xw.Sheet, area: Area, date_1904: bool) -> list[list[Cell]]:
    """Read a rectangle; `BLANK` where a cell is empty."""
    return cells_of(sheet, read_block(sheet, area), date_1904)


def cells_of(sheet: xw.Sheet, block: CellBlock, date_1904: bool) -> list[list[Cell]]:
    """The cells of a rectangle that has been read, with the number formats that they have now."""
    area = block.area
    shown = [[format_of_built_in(0)] * len(row) for row in block.values]
    for part, code in formats(sheet, area):
        here = [format_of_code(code)] * (part.right - part.left + 1)
        for row in range(part.top - area.top, part.bottom - area.top + 1):
            shown[row][part.left - area.left : part.right - area.left + 1] = here
    columns = [column_letters(column) for column in range(area.left, area.right + 1)]
    return [
        [
            styled(to_cell(value, formula, f"{letters}{row}", NumberStyle.GENERAL, date_1904), number_format)
            for letters, value, formula, number_format in zip(columns, values, formulas, here, strict=True)
        ]
        for row, values, formulas, here in zip(
            range(area.top, area.bottom + 1), block.values, block.formulas, shown, strict=True
        )
    ]


def formats(sheet: xw.Sheet, area: Area) -> Iterator[tuple[Area, str]]:
    """Cut a rectangle into pieces of one number format each; Excel says None for a mixture."""
    code: str | None = range_of(sheet, area).number_format
    if code is not None or area.is_one_cell:
        yield area, code or GENERAL
    elif area.left < area.right:  # a format mostly belongs to a column
        for column in range(area.left, area.right + 1):
            yield from formats(sheet, Area(column, area.top, column, area.bottom))
    else:
        middle = (area.top + area.bottom) // 2
        yield from formats(sheet, Area(area.left, area.top, area.right, middle))
        yield from formats(sheet, Area(area.left, middle + 1, area.right, area.bottom))


def read_samples(place: Place, body: CellBlock) -> list[Sample]:
    """What the rows, as they were read, say about the columns."""
    first = place.rows(place.first_row, place.first_row)
    codes = {at: code for area, code in formats(place.sheet, first) for at in range(area.left, area.right + 1)}
    formulas_declared = [
        formula if is_a_formula(value, formula) and fills(body, at) else ""
        for at, (value, formula) in enumerate(zip(body.values[0], body.formulas[0], strict=True))
    ]
    dynamic = (
        dynamic_formulas(place.sheet, first, [formulas_declared])[0] if any(formulas_declared) else formulas_declared
    )
    return [
        Sample(header, column_letters(at), codes[at], formula, other if formula and other != formula else "")
        for at, (header, formula, other) in enumerate(
            zip(place.columns, formulas_declared, dynamic, strict=True), place.area.left
        )
    ]


def fills(body: CellBlock, column: int) -> bool:
    """Whether every filled row of a table's body, if there are several, has a column's first formula.

    One row is enough if it has nothing but formulas: it is then the blank row of an empty table.
    """
    cells = [
        (values[column], formulas[column], at)
        for at, (values, formulas) in enumerate(zip(body.values, body.formulas, strict=True))
        if any(formulas)  # no row of anybody's stands in one that was added before Excel refused to go on
    ]
    first = body.formulas[0][column].removeprefix("=")
    top = zip(body.values[0], body.formulas[0], strict=True)
    is_blank = all(not formula or is_a_formula(value, formula) for value, formula in top)
    return (len(cells) > 1 or is_blank) and all(
        is_a_formula(value, formula) and formula == "=" + filled_down(first, at) for value, formula, at in cells
    )


def dynamic_formulas(sheet: xw.Sheet, area: Area, plain: list[list[str]]) -> list[list[str]]:
    """The formulas of a rectangle as an Excel with dynamic arrays spells them; `plain` from one without."""
    try:
        handed_out: Any = range_of(sheet, area).formula2
    except Exception as error:
        if is_busy(error) or is_gone(error):
            raise
        return plain
    return [[str(formula) for formula in row] for row in grid(handed_out, len(plain), len(plain[0]))]


def has_array(sheet: xw.Sheet, area: Area) -> bool:
    """Whether a formula in the rectangle was entered as an array, as with Ctrl+Shift+Enter."""
    try:
        return range_of(sheet, area).has_array is not False
    except (AttributeError, NotImplementedError):
        return False


def to_cell(value: Any, formula: str, ref: str, style: NumberStyle, date_1904: bool) -> Cell:
    """One cell as a file would give it."""
    is_formula = is_a_formula(value, formula)
    if value is None or (value == "" and not is_formula):
        return Cell(CellKind.UNCALCULATED, "", ref, style, is_formula=True) if is_formula else BLANK
    if isinstance(value, bool):
        return Cell(CellKind.BOOLEAN, str(value).upper(), ref, style, is_formula)
    if isinstance(value, str):
        return Cell(CellKind.TEXT, value, ref, style, is_formula)
    error = error_of(value)
    if error:
        return Cell(CellKind.ERROR, error, ref, style, is_formula)
    return Cell(CellKind.NUMBER, number_text(number_of(value, formula, date_1904)), ref, style, is_formula)


def is_a_formula(value: Any, formula: str) -> bool:
    """Whether it is a formula, not a text that looks like one: then Excel hands out the text as both."""
    return formula.startswith("=") and value != formula


def error_of(value: Any) -> str:
    """`#DIV/0!` for COM's number for it; "" for anything that is not an error."""
    if not isinstance(value, int) or isinstance(value, bool) or not 2000 <= value - _FIRST_ERROR < 2100:
        return ""
    return _ERRORS.get(value - _FIRST_ERROR, f"#ERROR {value - _FIRST_ERROR}")


def number_of(value: Any, formula: str, date_1904: bool) -> float:
    """The number in the cell, a date's too."""
    if isinstance(value, (date, Decimal)) and _NUMBER.fullmatch(formula):
        return float(formula)
    if isinstance(value, datetime):
        return serial_of(value.replace(tzinfo=None), date_1904)
    return float(value)


def number_text(number: float) -> str:
    """A number as it stands in a file."""
    return repr(number).removesuffix(".0")


def value_of(cell: Cell, date_1904: bool, where: str) -> CellValue:
    """What a cell holds. Raises WorkbookError for an error value and an uncalculated formula."""
    if cell.kind is CellKind.ERROR:
        raise WorkbookError(f"{where}: holds {cell.raw}; correct its formula")
    if cell.kind is CellKind.UNCALCULATED:
        raise WorkbookError(f"{where}: holds a formula that has not been calculated; press F9 in Excel")
    if cell.kind is CellKind.BLANK:
        return None
    if cell.kind is CellKind.TEXT:
        return cell.raw
    if cell.kind is CellKind.BOOLEAN:
        return cell.raw == "TRUE"
    number = float(cell.raw)
    if cell.style is NumberStyle.DATE and number >= 0:
        return date_of(number, date_1904)
    return int(number) if number.is_integer() and "e" not in cell.raw else number
