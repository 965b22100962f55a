"""Checks what a worker says before it is believed. A worker that a hostile file has taken over may say anything.

Shapes are checked strictly by pydantic against the dataclasses themselves, so that new fields are checked too. Whatever
else callers rely on, such as that the text of a number is a number, is checked here. A cell that was believed once is
known: the cells of one return are for the most part those of the next.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import isfinite
from typing import ClassVar, Literal, NamedTuple

from pydantic import TypeAdapter, ValidationError

from xlperf.findings import KINDS, Finding, Severity, plain
from xlperf.tables import Book, Cell, CellKind, Row, Table, asked_for
from xlperf.workbook.a1 import LAST_COLUMN, LAST_ROW, column_letters, column_number
from xlperf.workbook.isolated.cell_codes import TRAITS

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_LONGEST_NUMBER = 400  # characters; 309 is the longest that any program writes out
_REFERENCE = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}")
_LETTERS = re.compile("[A-Z]{1,3}")
_BOOLEANS = ("TRUE", "FALSE")
_LONGEST = 2_000  # characters in one part of a finding
_MOST_FINDINGS = 10_000
_MOST_OF_HEADERS = 10_000  # characters of the headers of a table that is remembered
_LONGEST_KNOWN = 500  # characters of a cell
_MOST_KNOWN = 3_000_000  # characters of all cells


class Unsound(Exception):
    """The answer is not one that our reader would give."""


_CLOSED: dict[str, str] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """A table. `cells` has for each of its `rows` the filled cells, `filled` the columns they are in, counted from 0.

    A cell is a letter of `TRAITS`, and its text. Its address is that of its row and column; a stray one brings its own.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _CLOSED

    sheet: str
    columns: tuple[str, ...]
    letters: tuple[str, ...]
    rows: tuple[int, ...]
    filled: tuple[tuple[int, ...], ...]
    cells: tuple[tuple[str, ...], ...]
    stray: tuple[tuple[str, str], ...]
    stray_count: int


@dataclass(frozen=True, slots=True)
class BookAnswer:
    """A book, as `Book` has it."""

    __pydantic_config__: ClassVar[dict[str, str]] = _CLOSED

    tables: dict[str, TableAnswer]
    saved_at: datetime | None
    date_1904: bool
    sheets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkerAnswer:
    """What a worker says about file `number`: as `read_tables`, or the fault that kept it from reading."""

    __pydantic_config__: ClassVar[dict[str, str]] = _CLOSED

    number: int
    book: BookAnswer | None = None
    findings: tuple[Finding, ...] = ()
    fault: Literal["", "memory", "size", "error"] = ""
    what: str = ""


class CheckedAnswer(NamedTuple):
    """An answer that is believed."""

    book: Book | None
    findings: tuple[Finding, ...]
    fault: Literal["", "memory", "size", "error"]
    what: str


_ANSWER = TypeAdapter(WorkerAnswer)


def checked(raw_answer: bytes, number: int, wanted: Collection[str] | None, file: str) -> CheckedAnswer:
    """The answer about a file. Raises Unsound for anything that our own reader would not say about it."""
    try:
        answer = _ANSWER.validate_json(raw_answer, strict=True)
        if not all(_doubts_settled(answer, number, wanted, file)):
            raise Unsound
        book = None if answer.book is None else _book(answer.book)
    except (ValidationError, ValueError, LookupError, RecursionError) as error:
        raise Unsound from error
    return CheckedAnswer(book, answer.findings, answer.fault, answer.what)


def _doubts_settled(answer: WorkerAnswer, number: int, wanted: Collection[str] | None, file: str) -> Iterator[bool]:
    yield answer.number == number
    yield not answer.what or (answer.what.isidentifier() and len(answer.what) <= 100)
    yield len(answer.findings) <= _MOST_FINDINGS and all(_is_finding(item, file) for item in answer.findings)
    if answer.fault:
        yield answer.book is None
    elif answer.book is None:
        yield any(item.severity is Severity.REJECT_RETURN for item in answer.findings)
    else:
        yield wanted is None or _are_wanted(set(answer.book.tables), wanted)


def _are_wanted(names: set[str], wanted: Collection[str]) -> bool:
    must, may = asked_for(wanted)
    return set(must) <= names <= {*must, *may}


def _is_finding(item: Finding, file: str) -> bool:
    texts = (item.message, item.found, item.expected, item.fix, item.location.sheet, item.location.cell)
    return (
        item.code in KINDS
        and item.severity is KINDS[item.code].severity
        and item.location.file == plain(file)
        and all(len(text) <= _LONGEST and plain(text) == text for text in texts)
    )


def _book(said: BookAnswer) -> Book:
    """The book that was said. Raises ValueError, LookupError for one that our reader would not say."""
    if said.saved_at is not None and said.saved_at.utcoffset() != timedelta(0):
        raise ValueError("a time in no zone of ours")
    tables = {name: _table(name, table) for name, table in said.tables.items()}
    return Book(tables, said.saved_at and said.saved_at.astimezone(UTC), said.date_1904, said.sheets)


def _table(name: str, said: TableAnswer) -> Table:
    columns, letters = said.columns, said.letters
    are_in_order = all(
        first < second for first, second in zip((0, *said.rows), (*said.rows, LAST_ROW + 1), strict=True)
    )
    if len(set(columns)) != len(columns) or letters != _letters_from(letters[0], len(columns)) or not are_in_order:
        raise ValueError("columns or rows that no sheet has")
    stray = tuple(_KNOWN["", ref, coded] for ref, coded in said.stray)
    if said.stray_count < len(stray):
        raise ValueError("fewer cells than are shown")
    places_of = _places if sum(map(len, columns)) <= _MOST_OF_HEADERS else _places.__wrapped__
    rows = []
    for number, filled, cells in zip(said.rows, said.filled, said.cells, strict=True):
        at = str(number)
        places = places_of(columns, letters, filled)
        read = {header: _KNOWN[letter, at, coded] for (header, letter), coded in zip(places, cells, strict=True)}
        rows.append(Row(number, read))
    return Table(name, said.sheet, columns, tuple(rows), letters, stray, said.stray_count)


@lru_cache(maxsize=256)
def _letters_from(first: str, count: int) -> tuple[str, ...]:
    """The letters of so many columns, one beside the other."""
    left = column_number(first) if _LETTERS.fullmatch(first) else 0
    if not 0 < left <= left + count - 1 <= LAST_COLUMN:
        raise ValueError("letters that are none")
    return tuple(column_letters(left + index) for index in range(count))


@lru_cache(maxsize=64)
def _places(columns: Sequence[str], letters: Sequence[str], filled: Sequence[int]) -> Sequence[tuple[str, str]]:
    """The headers and letters of the columns that a row is filled in: of most rows the same."""
    if not all(first < second for first, second in zip((-1, *filled), (*filled, len(columns)), strict=True)):
        raise ValueError("cells in no column")
    return [(columns[index], letters[index]) for index in filled]


class _KnownCells(dict[tuple[str, str, str], Cell]):
    """Cells that were believed, by the two parts of their address, and by what was said of them."""

    _characters = 0

    def __missing__(self, said: tuple[str, str, str]) -> Cell:
        column, row, coded = said
        kind, style, is_formula = TRAITS[coded[:1]]
        cell = Cell(kind, coded[1:], column + row, style, is_formula)
        if not _is_cell(cell):
            raise ValueError("a cell that no sheet has")
        if len(coded) <= _LONGEST_KNOWN:
            self._characters += len(coded)
            if self._characters > _MOST_KNOWN:
                self.clear()
                self._characters = len(coded)
            self[said] = cell
        return cell


_KNOWN = _KnownCells()


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
