"""What the cells and rows of a table look like: each column as most of it does, and what a person did to single cells.

A cell that differs from its column in fill, font or border was made so by a person, and goes with its row. How a number
is shown is the column's own affair, whoever made the cell yellow.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from xlperf.workbook.a1 import column_number
from xlperf.workbook.cellxml import style_attribute
from xlperf.workbook.parts import TablePart
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.stylesheet import StyleSheet

_CELL = re.compile(
    rb"<(?:[^\s>/:]+:)?c(?=\s)(?=[^<>]*\sr=[\"']([A-Z]+)[0-9]+[\"'])(?:(?=[^<>]*\ss=[\"']([0-9]+)[\"'])|)"
)
"""The column and the style of a cell; a cell without a style has the workbook's first."""
_FILTERED = frozenset({"hidden"})
_OF_ONE_ROW = frozenset({"hidden", "outlineLevel", "collapsed"})
"""What is said of a single row, and not of rows like it."""


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
    """The looks of a template, in which the first row is a sample for all."""
    first, area = table.first_row, table.area
    columns = {column: style_attribute(sheet.style_of(column, first)) for column in range(area.left, area.right + 1)}
    return Looks(columns, {}, sheet.row_attributes(first, without=_FILTERED), {})


def looks_of(sheet: SheetXml, table: TablePart, styles: StyleSheet, keep_hidden: bool) -> Looks:
    """The looks of a table that people work in; `keep_hidden` says that a row may stay hidden."""
    first, area = table.first_row, table.area
    numbers = [number for number in range(first, table.last_row + 1) if number in sheet.rows]
    by_column: dict[int, dict[int, int]] = {column: {} for column in range(area.left, area.right + 1)}
    columns_of: dict[bytes, int] = {}
    for number in numbers:
        for letters, style in _CELL.findall(sheet.rows[number].raw):
            if letters not in columns_of:
                columns_of[letters] = column_number(letters.decode())
            column = columns_of[letters]
            if column in by_column:
                by_column[column][number] = int(style or 0)
    columns: dict[int, str] = {}
    cells: dict[tuple[int, int], str] = {}
    for (column, by_row), differential in zip(by_column.items(), table.looks, strict=True):
        if not by_row:
            columns[column] = style_attribute(sheet.style_of(column, first))
            continue
        look = _look(by_row, styles, styles.declared_fill(differential))
        columns[column] = style_attribute(str(look))
        for number, style in by_row.items():
            if style != look and styles.differs(style, look):
                cells[column, number] = style_attribute(str(styles.numbered_like(style, look)))
    rows = {
        number: sheet.row_attributes(number, without=frozenset() if keep_hidden else _FILTERED) for number in numbers
    }
    usual_row = Counter(sheet.row_attributes(number, without=_OF_ONE_ROW) for number in numbers).most_common(1)
    return Looks(columns, cells, usual_row[0][0] if usual_row else b"", rows)


_FEW = 3
"""Rows of which the look of most does not say that it is the column's."""


def _look(by_row: Mapping[int, int], styles: StyleSheet, declared: str | None) -> int:
    """The look of a column, from the styles of its cells and the fill that the table declares for it.

    Where some cells have that fill, it is what most of these look like; where none has, somebody gave the column
    another without the table knowing. But of one or two cells that are filled nobody can say that the column was meant.
    """
    usual = Counter(by_row.values()).most_common()
    if declared is None:
        return usual[0][0]
    plain = next((style for style, _ in usual if styles.fill(style) == declared), None)
    if plain is not None:
        return plain
    return styles.unfilled(usual[0][0]) if len(by_row) < _FEW and not declared else usual[0][0]
