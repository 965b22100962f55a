"""The formulas that stand in a sheet, each with its own text, and a cell put into another row with its formula."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape

from xlperf.workbook.a1 import Area, column_letters, parse_area
from xlperf.workbook.addresses import may_point_at
from xlperf.workbook.formulafill import copied, filled_down
from xlperf.workbook.parts import TablePart
from xlperf.workbook.port import TypedFormula
from xlperf.workbook.rowxml import CellXml, RowXml
from xlperf.workbook.sheetxml import SheetXml
from xlperf.workbook.xmlsplice import Edit, attribute_edit, attributes_except, escape_text, parse, splice

_LENDS = re.compile(rb"<(?:[^\s>/:]+:)?f\s[^<>/]*shared[^<>/]*>")

_TEXT = re.compile(rb"<(?:[^\s<>/:]+:)?f(?:\s[^<>]*)?>([^<]+)<")
_ELSEWHERE = (b"<!", b"shared", b"dataTable")
"""In a row with one of these, what a formula says need not stand there as text."""

ColumnAndRow = tuple[int, int]
"""(column, row)."""


@dataclass(frozen=True, slots=True)
class Lender:
    """A cell whose formula others share: only there does its text stand."""

    place: ColumnAndRow
    text: str


def may_have_pointers(row: RowXml, sheet: str, bodies: Mapping[str, Sequence[Area]]) -> bool:
    """Whether a formula of a row may point at rows of tables, which are given by sheet in small letters.

    To ask takes a tenth of the time of taking the row apart. See `addresses.may_point_at`.
    """
    return any(mark in row.raw for mark in _ELSEWHERE) or any(
        may_point_at(unescape(text[1].decode()), sheet, bodies) for text in _TEXT.finditer(row.raw)
    )


def lenders(sheet: SheetXml) -> dict[str, Lender]:
    """The cells that lend their formula to others, by the number that they share."""
    lenders_by_index: dict[str, Lender] = {}
    for number, row in sheet.rows.items():
        for cell in sheet.cells(row) if b"shared" in row.raw and _LENDS.search(row.raw) else ():
            formula = cell.formula
            if formula is not None and formula.attributes.get("t") == "shared" and formula.text:
                lenders_by_index.setdefault(
                    formula.attributes.get("si", ""), Lender((cell.column, number), formula.text)
                )
    return lenders_by_index


def formulas(sheet: SheetXml, area: Area, columns: Collection[int]) -> Iterator[tuple[ColumnAndRow, TypedFormula]]:
    """The formulas in some columns of an area."""
    shared = lenders(sheet)
    for number in range(area.top, area.bottom + 1):
        row = sheet.rows.get(number)
        if row is None or not row.has_formula:
            continue
        for cell in sheet.cells_in(row, columns):
            formula = _formula(cell, number, shared)
            if formula is not None:
                yield (cell.column, number), formula


def typed_formulas(sheet: SheetXml, table: TablePart, headers: Collection[str]) -> dict[tuple[int, str], TypedFormula]:
    """The formulas in some columns of a table, by sheet row and header; each says whether it is its column's own."""
    header_of = {table.area.left + at: header for at, header in enumerate(table.columns) if header in headers}
    typed = {}
    for (column, row), formula in formulas(sheet, table.body, header_of):
        declared = table.formulas.get(header_of[column])
        is_columns = declared is not None and filled_down(declared.text, row - table.body.top) == formula.text
        typed[row, header_of[column]] = replace(formula, is_columns=is_columns)
    return typed


def _formula(cell: CellXml, row: int, shared: dict[str, Lender]) -> TypedFormula | None:
    element = cell.formula
    if element is None:
        return None
    kind, text = element.attributes.get("t", "normal"), element.text
    if kind == "array":
        return TypedFormula(text, can_move=parse_area(element.attributes.get("ref", "")) == _one(cell.column, row))
    if kind == "dataTable":
        cells = ",".join(element.attributes.get(name, "") for name in ("r1", "r2"))
        return TypedFormula(text or f"TABLE({cells})", can_move=False)
    if kind == "shared" and not text:
        lender = shared.get(element.attributes.get("si", ""))
        if lender is None:
            return TypedFormula("", can_move=False)
        column, top = lender.place
        text = copied(lender.text, row - top, cell.column - column)
    return TypedFormula(text) if text else None


def _one(column: int, row: int) -> Area:
    return Area(column, row, column, row)


def shares(cell: CellXml) -> str | None:
    """The number under which a cell shares a formula; None where it shares none."""
    formula = cell.formula
    return None if formula is None or formula.attributes.get("t") != "shared" else formula.attributes.get("si", "")


def kept_xml(cell: CellXml, row: int, formula: str | None, where: str) -> bytes:
    """Write a cell as it stands into a row; its formula, where it has one, gets `formula` as a text of its own.

    With None the formula stays as it is written. Either way the result that it showed is left out: it was worked out
    from figures that have changed since.
    """
    raw, reference = cell.raw, f"{column_letters(cell.column)}{row}"
    if cell.formula is None and cell.attributes.get("r") == reference:
        return raw
    elements = parse(raw, where)
    start = elements[0]
    edits: list[Edit] = []
    if start.attributes.get("r") != reference:
        edits.append(attribute_edit(raw, start, "r", reference))
    old = next((e for e in elements if e.local == "f" and e.parent is start), None)
    if old is not None and formula is not None:
        attributes = attributes_except(raw, old.start, lambda name: name in {"t", "ref", "si"})
        if old.attributes.get("t") == "array":
            attributes += f' t="array" ref="{reference}"'.encode()
        tag = old.tag.encode()
        text = escape_text(formula).encode()
        edits.append((old.start, old.end, b"<" + tag + attributes + b">" + text + b"</" + tag + b">"))
    if old is not None and cell.value:
        edits += [(e.start, e.end, b"") for e in elements if e.local == "v" and e.parent is start]
        if "t" in start.attributes:
            edits.append(attribute_edit(raw, start, "t", None))
    return splice(raw, edits)
