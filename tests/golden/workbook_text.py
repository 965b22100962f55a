"""A workbook as text that a person can read in a diff: what each sheet says, then how it is laid out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

IDS = re.compile(r"(?<=')[0-9a-f]{16}(?=')|(?<=\.\d{6}Z-)[0-9a-f]{8}\b")
"""Of returns and runs, which are others each time."""


def text_of(path: Path, sheets: Collection[str] = ()) -> str:
    """Every cell, and every setting that a user sees, in the order of the sheets: of all of them, or of those named."""
    book = openpyxl.load_workbook(path)
    lines = [f"name {name} = {defined.attr_text}" for name, defined in sorted(book.defined_names.items())]
    for sheet in book.worksheets:
        lines.append(f"\n=== {sheet.title} ({sheet.sheet_state})")
        if not sheets or sheet.title in sheets:
            lines += [*_cells(sheet), *_layout(sheet)]
    return IDS.sub("(id)", "\n".join(line.rstrip() for line in lines)).strip() + "\n"


def _cells(sheet: Worksheet) -> Iterator[str]:
    for row in sheet.iter_rows():
        said = [f"{cell.coordinate} {_shown(cell.value)}" for cell in row if cell.value is not None]
        if said:
            yield " | ".join(said)


def _shown(value: Any) -> str:
    value = getattr(value, "text", value)  # an array formula
    return repr(value) if isinstance(value, str) else str(value)


def _layout(sheet: Worksheet) -> Iterator[str]:
    for table in sheet.tables.values():
        yield f"table {table.name} {table.ref}"
    for merged in sorted(map(str, sheet.merged_cells.ranges)):
        yield f"merged {merged}"
    for letter, column in sorted(sheet.column_dimensions.items(), key=lambda item: (len(item[0]), item[0])):
        yield f"column {letter} width {column.width:g}{' hidden' if column.hidden else ''}"
    for ranges, rules in sheet.conditional_formatting._cf_rules.items():
        for rule in rules:
            said = rule.formula[0] if rule.formula else f"{rule.operator} {rule.text}"
            yield f"coloured {ranges.sqref}: {rule.type} {said}"
    for validation in sheet.data_validations.dataValidation:
        yield f"asked {validation.sqref}: {validation.type} {validation.formula1} {validation.formula2 or ''}"
        yield f"  says {validation.promptTitle!r} {validation.prompt!r}; else {validation.error!r}"
    looks = Counter(_look(cell) for row in sheet.iter_rows() for cell in row if cell.value is not None)
    for look, count in sorted(looks.items()):
        yield f"look {look}: {count} cells"
    page = sheet.page_setup
    yield f"page {page.orientation}, paper {page.paperSize}, fit {page.fitToWidth} x {page.fitToHeight}"
    yield f"printed {sheet.print_area or 'all'}, titles {sheet.print_title_rows or ''}"
    for place, edge in (("header", sheet.oddHeader), ("footer", sheet.oddFooter)):
        yield f"{place} {edge.left.text!r} {edge.center.text!r} {edge.right.text!r}"
    yield f"frozen {sheet.freeze_panes or 'nowhere'}, {'protected' if sheet.protection.sheet else 'open'}"


def _look(cell: Any) -> str:
    font, fill = cell.font, cell.fill
    said = [f"{font.name} {font.sz:g}{' bold' if font.b else ''}", cell.number_format]
    said += [f"fill {fill.fgColor.rgb}" if fill.fill_type else "", "locked" if cell.protection.locked else "open"]
    return ", ".join(filter(None, said))
