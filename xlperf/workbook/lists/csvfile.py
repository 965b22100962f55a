"""A list in a CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from openpyxl.utils import get_column_letter

from xlperf.errors import WorkbookError
from xlperf.tables import Cell, CellKind
from xlperf.workbook.lists.listfile import ListFile, TornNumber, table_of, too_many_cells

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")

_BEFORE_COMMA = re.compile(r"[-+(£ ]*[0-9]{1,3}")

_AFTER_COMMA = re.compile(r"[0-9]{3}(\.[0-9]+)?[%) ]*")

_BEFORE_DECIMALS = re.compile(r"[-+(£ ]*[0-9]+")

_DECIMALS = re.compile(r"[0-9]+[%) ]*")


def read_csv(text: str, path: Path) -> ListFile:
    """The list in the text of a CSV called `path`. Raises WorkbookError; csv.Error for a quote that is never closed."""
    first = text.partition("\n")[0]
    if first.casefold().startswith("sep="):
        raise WorkbookError(f"{path}: begins with the line '{first.strip()}', which is for Excel; delete that line")
    for mark, called in ((";", "semicolons"), ("\t", "tabs")):
        if mark in first and "," not in first:
            raise WorkbookError(
                f"{path}: its columns stand between {called}; save it with commas, and with points in its numbers, "
                "or save it as .xlsx"
            )
    # Strict: an opening quote that is never closed would take all that follows into one cell.
    lines = list(csv.reader(io.StringIO(text), strict=True))
    rows = [
        [_csv_cell(value, f"{get_column_letter(index)}{number}") for index, value in enumerate(line, start=1)]
        for number, line in enumerate(lines, start=1)
    ]
    for number, line in enumerate(lines[1:], start=2):
        if len(line) > len(lines[0]) and any(is_thousands for _, is_thousands in _torn_numbers(line)):
            raise too_many_cells(path.stem, number)
    torn = {
        number: tuple(
            TornNumber(lines[0][at].strip(), lines[0][at + 1].strip(), is_thousands)
            for at, is_thousands in _torn_numbers(line[: len(lines[0])])
        )
        for number, line in enumerate(lines[1:], start=2)
    }
    return ListFile(table_of(path.stem, rows), torn={number: pairs for number, pairs in torn.items() if pairs})


def _torn_numbers(line: Sequence[str]) -> Iterator[tuple[int, bool]]:
    """Where two neighbours look like one number, and whether like 1 and 234, which thousands are."""
    for at, (one, other) in enumerate(pairwise(line)):
        if _BEFORE_COMMA.fullmatch(one) and _AFTER_COMMA.fullmatch(other):
            yield at, True
        elif _BEFORE_DECIMALS.fullmatch(one) and _DECIMALS.fullmatch(other):
            yield at, False


def _csv_cell(text: str, ref: str) -> Cell:
    if not text.strip():
        return Cell(CellKind.BLANK, "", ref)
    if _NUMBER.fullmatch(text.strip()):
        return Cell(CellKind.NUMBER, text.strip(), ref)
    return Cell(
        CellKind.ERROR if text.startswith("#") and text.endswith(("!", "?", "/A")) else CellKind.TEXT,
        text,
        ref,
    )
