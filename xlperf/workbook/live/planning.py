"""Plans what goes into every cell of a table, and in which number format.

Excel treats what it is given as if somebody had typed it: "001" becomes 1, "1/2" a day in February, "=1+1" a formula.
Two things keep a text a text: the number format `@`, or an apostrophe before it, which Excel does not show.

    - A column of nothing but texts gets `@`, so that it stays text when somebody edits it.
    - In any other column a text gets the apostrophe, so that dates, percentages and numbers keep the column's format.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlperf.errors import WorkbookError
from xlperf.workbook.cellxml import LONGEST_TEXT, clean_number, clean_text
from xlperf.workbook.formulafill import filled_down
from xlperf.workbook.live.cells_from_excel import GENERAL, CellBlock, Sample, is_a_formula, number_of
from xlperf.workbook.port import CellValue

TEXT = "@"
_LONGEST_SHOWN_AS_TEXT = 255  # of more than that in an @ cell, older versions of Excel show only ####
_BEGINS_LIKE_A_FORMULA = ("=", "+", "-", "@", "'", "\t", "\r", "\n")

Given = str | float | bool
"""What is handed to Excel for a cell: "" for an empty one, a formula with its `=`, a text, or a number (also for a
date).
"""


@dataclass(frozen=True, slots=True)
class Carried:
    """A cell that a person filled, for the row it goes to: `code` is its number format.

    `is_bare` where `given` is to be taken as if it were typed: a formula, an error. `dynamic` and `array` are the
    formula where it has to be given once more, as one that knows dynamic arrays, or as an array; else "".
    """

    given: Given
    code: str
    is_bare: bool = False
    dynamic: str = ""
    array: str = ""


LiveRow = Mapping[str, CellValue | Carried]


@dataclass(frozen=True, slots=True)
class Plan:
    """Columns' number formats, and the cells row by row. Places are (row, column), counted from 0."""

    formats: tuple[str, ...]
    cells: list[list[Given]]
    odd: dict[tuple[int, int], str]
    """Cells that need another number format than their column."""
    dynamic: dict[tuple[int, int], str]
    """Formulas that Excel reads correctly only if it is told that they use dynamic arrays."""
    arrays: dict[tuple[int, int], str] = field(default_factory=dict)
    """Formulas that are to be entered as arrays."""


def plan_table(samples: Sequence[Sample], rows: Sequence[LiveRow], first_row: int, date_1904: bool) -> Plan:
    """Plan the cells; `first_row` is the sheet row of the first of `rows`.

    Raises WorkbookError for a value that no cell can hold.
    """
    columns = [_column(sample, rows, first_row, date_1904) for sample in samples]
    dynamic = {
        (row, at): _filled_down(sample.dynamic, row)
        for at, sample in enumerate(samples)
        for row, given in enumerate(rows)
        if sample.dynamic and sample.header not in given
    }
    carried = {
        (row, at): cell
        for at, sample in enumerate(samples)
        for row, given in enumerate(rows)
        if isinstance(cell := given.get(sample.header), Carried)
    }
    dynamic |= {place: cell.dynamic for place, cell in carried.items() if cell.dynamic}
    return Plan(
        tuple(code for code, _, _ in columns),
        [list(cells) for cells in zip(*(cells for _, cells, _ in columns), strict=True)],
        {(row, at): code for at, (_, _, odd) in enumerate(columns) for row, code in odd.items()},
        dynamic,
        {place: cell.array for place, cell in carried.items() if cell.array},
    )


def plan_cell(value: CellValue, code: str, ref: str, date_1904: bool) -> tuple[Given, str]:
    """What to hand to Excel for a single cell of some number format, and the format it needs. Raises WorkbookError."""
    given = _clean(value, ref, date_1904)
    if given == "" or (code == TEXT and isinstance(given, str) and not given.startswith("'")):
        return given, code
    return _marked(given) if isinstance(given, str) else given, GENERAL if code == TEXT else code


def _column(
    sample: Sample, rows: Sequence[LiveRow], first_row: int, date_1904: bool
) -> tuple[str, list[Given], dict[int, str]]:
    """One column: its number format, its cells, and those of them that need another format."""
    carried = {at: cell for at, row in enumerate(rows) if isinstance(cell := row.get(sample.header), Carried)}
    is_formula = [
        carried[at].is_bare if at in carried else bool(sample.formula) and sample.header not in row
        for at, row in enumerate(rows)
    ]
    cells: list[Given] = [
        _given(sample, row, at, f"{sample.letters}{first_row + at}", date_1904) for at, row in enumerate(rows)
    ]
    code, is_text = _format(sample.format, cells, any(is_formula))
    odd: dict[int, str] = {}
    for at, cell in enumerate(cells):
        if at in carried and cell != "" and (is_formula[at] or not isinstance(cell, str)):
            own = GENERAL if carried[at].code == TEXT else carried[at].code
            if own != code:
                odd[at] = own
        if not isinstance(cell, str) or not cell or is_formula[at]:
            continue
        if is_text and cell.startswith("'"):  # whether an @ cell takes it for a mark or for text, nobody says
            odd[at] = GENERAL
        if not is_text or cell.startswith("'"):
            cells[at] = _marked(cell)
    return code, cells, odd


def _given(sample: Sample, row: LiveRow, at: int, ref: str, date_1904: bool) -> Given:
    value = row.get(sample.header)
    if isinstance(value, Carried):
        return value.given
    if sample.formula and sample.header not in row:
        return _filled_down(sample.formula, at)
    return _clean(value, ref, date_1904)


def _format(code: str, cells: Sequence[Given], has_formula: bool) -> tuple[str, bool]:
    """A column's number format, and whether that format makes everything in the column text."""
    texts = [cell for cell in cells if isinstance(cell, str) and cell]
    if has_formula or any(not isinstance(cell, str) for cell in cells):
        return GENERAL if code == TEXT else code, False
    if code == TEXT:
        return TEXT, True
    is_full = bool(cells) and len(texts) == len(cells)  # what somebody types into an empty cell is theirs to format
    if code == GENERAL and is_full and max(map(len, texts)) <= _LONGEST_SHOWN_AS_TEXT:
        return TEXT, True
    return code, False


def _filled_down(formula: str, rows: int) -> str:
    return "=" + filled_down(formula.removeprefix("="), rows)


def _clean(value: CellValue, ref: str, date_1904: bool) -> Given:
    if value is None:
        return ""
    if isinstance(value, str):
        return clean_text(value, ref)
    if isinstance(value, bool):
        return value
    try:
        return float(clean_number(value, ref, date_1904))
    except OverflowError:
        raise WorkbookError(
            f"cell {ref}: the number is too large for Excel; correct the figure it comes from"
        ) from None


def _marked(text: str) -> str:
    """A text with the apostrophe. The longest texts go without it where they can, because there is no room for it."""
    if len(text) >= LONGEST_TEXT and not text.startswith(_BEGINS_LIKE_A_FORMULA):
        return text
    return f"'{text}"


def stands_already(plan: Plan, block: CellBlock, date_1904: bool) -> bool:
    """Whether a block already holds what is planned for it, cell for cell, so that nothing has to be written."""
    return next(other_cells(plan, block, date_1904), None) is None


def other_cells(plan: Plan, block: CellBlock, date_1904: bool) -> Iterator[tuple[int, int, int]]:
    """Where a block, which is as long as the plan, differs from it: a row, and the first and last such column of it."""
    odd_rows = {row for row, _ in plan.odd}
    for i, (cells, values, formulas) in enumerate(zip(plan.cells, block.values, block.formulas, strict=True)):
        codes = [plan.odd.get((i, j), code) for j, code in enumerate(plan.formats)] if i in odd_rows else plan.formats
        each = zip(cells, values, formulas, codes, strict=True)
        columns = [j for j, cell in enumerate(each) if not _same(*cell, date_1904)]
        if columns:
            yield i, columns[0], columns[-1]


def _same(cell: Given, value: Any, formula: str, code: str, date_1904: bool) -> bool:
    if cell == "" or value is None or value == "":
        return cell == "" and not value and not formula
    if isinstance(cell, bool) or isinstance(value, bool):
        return cell is value and not is_a_formula(value, formula)
    if isinstance(cell, str):
        if code != TEXT and cell.startswith("="):
            return formula == cell and is_a_formula(value, formula)
        text = cell.removeprefix("'") if code != TEXT else cell
        return bool(value == text) and not is_a_formula(value, formula)
    if isinstance(value, (str, int)) or is_a_formula(value, formula):
        return False
    return number_of(value, formula, date_1904) == cell
