"""Checks what a worker says before it is believed. A worker that a hostile file has taken over may say anything.

Shapes are checked strictly by pydantic against the dataclasses themselves, so that new fields are checked too. Whatever
else callers rely on, such as that the text of a number is a number, is checked here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from math import isfinite
from typing import ClassVar, Literal

from pydantic import TypeAdapter, ValidationError

from xlperf.findings import KINDS, Finding, Severity, plain
from xlperf.tables import Book, Cell, CellKind, Table, asked_for
from xlperf.workbook.a1 import LAST_ROW

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_LONGEST_NUMBER = 400  # characters; 309 is the longest that any program writes out
_REFERENCE = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}")
_LETTERS = re.compile("[A-Z]{1,3}")
_BOOLEANS = ("TRUE", "FALSE")
_LONGEST = 2_000  # characters in one part of a finding
_MOST_FINDINGS = 10_000


class Unsound(Exception):
    """The answer is not one that our reader would give."""


@dataclass(frozen=True, slots=True)
class WorkerAnswer:
    """What a worker says about file `number`: as `read_tables`, or the fault that kept it from reading."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    number: int
    book: Book | None = None
    findings: tuple[Finding, ...] = ()
    fault: Literal["", "memory", "size", "error"] = ""
    what: str = ""


_ANSWER = TypeAdapter(WorkerAnswer)


def checked(raw_answer: bytes, number: int, wanted: Collection[str] | None, file: str) -> WorkerAnswer:
    """The answer about a file. Raises Unsound for anything that our own reader would not say about it."""
    try:
        answer = _ANSWER.validate_json(raw_answer, strict=True)
    except (ValidationError, ValueError, RecursionError) as error:
        raise Unsound from error
    if not all(_doubts_settled(answer, number, wanted, file)):
        raise Unsound
    if answer.book is not None and answer.book.saved_at is not None:
        book = replace(answer.book, saved_at=answer.book.saved_at.astimezone(UTC))
        return replace(answer, book=book)
    return answer


def _doubts_settled(answer: WorkerAnswer, number: int, wanted: Collection[str] | None, file: str) -> Iterator[bool]:
    yield answer.number == number
    yield not answer.what or (answer.what.isidentifier() and len(answer.what) <= 100)
    yield len(answer.findings) <= _MOST_FINDINGS and all(_is_finding(item, file) for item in answer.findings)
    if answer.fault:
        yield answer.book is None
    elif answer.book is None:
        yield any(item.severity is Severity.REJECT_RETURN for item in answer.findings)
    else:
        yield _is_book(answer.book, wanted)


def _is_finding(item: Finding, file: str) -> bool:
    texts = (item.message, item.found, item.expected, item.fix, item.location.sheet, item.location.cell)
    return (
        item.code in KINDS
        and item.severity is KINDS[item.code].severity
        and item.location.file == plain(file)
        and all(len(text) <= _LONGEST and plain(text) == text for text in texts)
    )


def _is_book(book: Book, wanted: Collection[str] | None) -> bool:
    return (
        (wanted is None or _are_wanted(set(book.tables), wanted))
        and all(name == table.name and _is_table(table) for name, table in book.tables.items())
        and (book.saved_at is None or book.saved_at.utcoffset() == timedelta(0))
    )


def _are_wanted(names: set[str], wanted: Collection[str]) -> bool:
    must, may = asked_for(wanted)
    return set(must) <= names <= {*must, *may}


def _is_table(table: Table) -> bool:
    columns = set(table.columns)
    numbers = [row.number for row in table.rows]
    return (
        len(columns) == len(table.columns)
        and (not table.letters or len(table.letters) == len(table.columns))
        and all(map(_LETTERS.fullmatch, table.letters))
        and all(first < second for first, second in zip([0, *numbers], [*numbers, LAST_ROW + 1], strict=True))
        and all(row.cells.keys() <= columns and all(map(_is_cell, row.cells.values())) for row in table.rows)
        and all(map(_is_cell, table.stray))
        and table.stray_count >= len(table.stray)
    )


def _is_cell(cell: Cell) -> bool:
    if cell.ref and not _REFERENCE.fullmatch(cell.ref):
        return False
    match cell.kind:
        case CellKind.NUMBER:
            return len(cell.raw) <= _LONGEST_NUMBER and bool(_NUMBER.fullmatch(cell.raw)) and isfinite(float(cell.raw))
        case CellKind.BOOLEAN:
            return cell.raw in _BOOLEANS
        case CellKind.BLANK | CellKind.UNCALCULATED:
            return not cell.raw
        case _:
            return True
