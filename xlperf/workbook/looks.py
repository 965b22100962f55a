"""How the cells and rows of a table look: the usual look of each column, and what a person changed in single cells.

If a cell differs from its column in fill, font or border, a person changed it, and that goes with its row. How a number
is shown always follows the column, even in a cell that somebody has coloured.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlperf.workbook.a1 import column_number
from xlperf.workbook.cellxml import style_attribute
from xlperf.workbook.parts import TablePart
from xlperf.workbook.rowxml import StyledCells
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.stylesheet import StyleSheet

_USUAL_CELL = re.compile(rb'<c r="([A-Z]+)[0-9]+"(?: s="([0-9]+)")?[ />]')
_ANY_CELL = re.compile(
    rb"<(?:[^\s>/:]+:)?c(?=\s)(?=[^<>]*\sr=[\"']([A-Z]+)[0-9]+[\"'])(?:(?=[^<>]*\ss=[\"']([0-9]+)[\"'])|)"
)
"""The column and the style of a cell; a cell without a style has the workbook's first."""
_OWN_NUMBER = re.compile(rb'^<[^\s>]+|\s(?:r|spans)="[^"]*"|/?>$')
_FILTERED = frozenset({"hidden"})
_OF_ONE_ROW = frozenset({"hidden", "outlineLevel", "collapsed"})
"""What is set for a single row, and does not apply to rows like it."""


_Styled = tuple[int, Sequence[int]]
"""A style, and rows of which the cells in a column have it."""


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks of a table's body, before its rows are replaced.

    `columns` are style attributes by column of the sheet, as ` s="5"`; `cells` those of single cells that are a
    person's, by column and row; `row` is what is said of most rows, `rows` of each.
    """

    columns: Mapping[int, str]
    cells: Mapping[tuple[int, int], str]
    row: bytes
    rows: Mapping[int, bytes]


def looks_of_first_row(sheet: SheetXml, table: TablePart) -> Looks:
    """The looks of a template, in which the first row is a sample for all others."""
    first, area = table.first_row, table.area
    columns = {column: style_attribute(sheet.style_of(column, first)) for column in range(area.left, area.right + 1)}
    return Looks(columns, {}, sheet.row_attributes(first, without=_FILTERED), {})


def looks_of(sheet: SheetXml, table: TablePart, styles: StyleSheet) -> Looks:
    """The looks of a table that people work in; rows that a filter has hidden are shown again."""
    numbers = [number for number in range(table.first_row, table.last_row + 1) if number in sheet.rows]
    columns, cells = _of_cells(sheet, table, styles, numbers)
    usual_row, rows = _of_rows(sheet, table, numbers)
    return Looks(columns, cells, usual_row, rows)


def _of_cells(
    sheet: SheetXml, table: TablePart, styles: StyleSheet, numbers: Sequence[int]
) -> tuple[dict[int, str], dict[tuple[int, int], str]]:
    """The look of each column, and of the cells that differ from it."""
    first, area = table.first_row, table.area
    by_column: dict[int, list[_Styled]] = {column: [] for column in range(area.left, area.right + 1)}
    alike: dict[StyledCells, list[int]] = defaultdict(list)
    for number in numbers:
        row = sheet.rows[number]
        alike[row.styled or _styled(row.raw)].append(number)
    for styled, rows_alike in alike.items():
        for letters, number_of_style in zip(*styled, strict=True):
            column = column_number(letters.decode())
            if column in by_column:
                by_column[column].append((int(number_of_style or 0), rows_alike))
    columns: dict[int, str] = {}
    cells: dict[tuple[int, int], str] = {}
    for (column, styled_rows), differential in zip(by_column.items(), table.looks, strict=True):
        if not styled_rows:
            columns[column] = style_attribute(sheet.style_of(column, first))
            continue
        look = _look(styled_rows, styles, styles.declared_fill(differential))
        columns[column] = style_attribute(str(look))
        for style, numbers_alike in styled_rows:
            if style != look and styles.differs(style, look):
                attribute = style_attribute(str(styles.numbered_like(style, look)))
                cells.update(((column, number), attribute) for number in numbers_alike)
    return columns, cells


def _of_rows(sheet: SheetXml, table: TablePart, numbers: Sequence[int]) -> tuple[bytes, dict[int, bytes]]:
    """What is set for most rows, and for each."""
    kept = _FILTERED if table.is_filtered else frozenset[str]()
    rows: dict[int, bytes] = {}
    usual_rows = Counter[bytes]()
    seen: dict[bytes, tuple[bytes, bytes]] = {}
    for number in numbers:
        raw = sheet.rows[number].raw
        start_tag = _OWN_NUMBER.sub(b"", raw[: raw.index(b">") + 1])
        if start_tag not in seen:
            seen[start_tag] = tuple(sheet.row_attributes(number, without=each) for each in (kept, _OF_ONE_ROW))  # type: ignore[assignment]
        rows[number], usual_row = seen[start_tag]
        usual_rows[usual_row] += 1
    return max(usual_rows, key=usual_rows.__getitem__, default=b""), rows


def _styled(row: bytes) -> StyledCells:
    """The column and style of each cell of a row."""
    usual = _USUAL_CELL.findall(row)
    cells = usual if len(usual) == row.count(b"<c ") else _ANY_CELL.findall(row)
    return tuple(letters for letters, _ in cells), tuple(style for _, style in cells)


_FEW = 3
"""Rows of which the look of most does not say that it is the column's."""


def _look(styled_rows: Sequence[_Styled], styles: StyleSheet, declared: str | None) -> int:
    """The look of a column, from the styles of its cells and the fill that the table declares for it.

    If some cells have that fill, it is the look of most of these. If none has, somebody gave the column another fill
    that the table does not know of. But with only one or two filled cells, nobody can say that the column was meant.
    """
    counts = Counter[int]()
    for style, rows_alike in styled_rows:
        counts[style] += len(rows_alike)
    usual = counts.most_common()
    if declared is None:
        return usual[0][0]
    plain = next((style for style, _ in usual if styles.fill(style) == declared), None)
    if plain is not None:
        return plain
    return styles.unfilled(usual[0][0]) if counts.total() < _FEW and not declared else usual[0][0]
