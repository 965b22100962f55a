"""What crosses from a worker to its parent: every book unchanged, and nothing that our reader would not say."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlperf.findings import KINDS, Finding, Location, finding, plain
from xlperf.tables import Book, Cell, CellKind, NumberStyle, Row, Table
from xlperf.workbook.a1 import column_letters
from xlperf.workbook.isolated.answers import Unsound, checked
from xlperf.workbook.isolated.cell_codes import CODES, TRAITS
from xlperf.workbook.isolated.worker import as_json

texts = st.text(max_size=12)
names = st.text(min_size=1, max_size=8).filter(lambda name: not name.endswith("?"))  # which is asked for if it is there
letters = st.text("ABCXYZ", min_size=1, max_size=2)
refs = st.one_of(st.just(""), st.builds("{}{}".format, letters, st.integers(1, 1_048_576)))
numbers = st.one_of(st.floats(allow_nan=False, allow_infinity=False).map(repr), st.integers().map(str))
raws = {
    CellKind.BLANK: st.just(""),
    CellKind.UNCALCULATED: st.just(""),
    CellKind.NUMBER: numbers,
    CellKind.TEXT: texts,
    CellKind.ERROR: st.sampled_from(["#DIV/0!", "#N/A", "#VALUE!"]),
    CellKind.BOOLEAN: st.sampled_from(["TRUE", "FALSE"]),
}
cells = st.sampled_from(list(CellKind)).flatmap(
    lambda kind: st.builds(Cell, st.just(kind), raws[kind], refs, st.sampled_from(list(NumberStyle)), st.booleans())
)


@st.composite
def rows_of(draw: st.DrawFn, columns: Sequence[str], at_letters: Sequence[str], number: int) -> dict[str, Cell]:
    filled = sorted(draw(st.sets(st.integers(0, len(columns) - 1), max_size=3)))
    return {columns[index]: replace(draw(cells), ref=f"{at_letters[index]}{number}") for index in filled}


@st.composite
def tables(draw: st.DrawFn, name: str) -> Table:
    columns = tuple(draw(st.lists(names, min_size=1, max_size=4, unique=True)))
    at = sorted(draw(st.sets(st.integers(1, 1_048_576), max_size=4)))
    left = draw(st.integers(1, 16_380))
    at_letters = tuple(column_letters(left + index) for index in range(len(columns)))
    rows = tuple(Row(number, draw(rows_of(columns, at_letters, number))) for number in at)
    stray = tuple(draw(st.lists(cells, max_size=2)))
    return Table(name, draw(texts), columns, rows, at_letters, stray, len(stray) + draw(st.integers(0, 99)))


@st.composite
def books(draw: st.DrawFn) -> Book:
    wanted = draw(st.lists(names, max_size=3, unique=True))
    saved_at = draw(st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))))
    sheets = tuple(draw(st.lists(texts, max_size=3)))
    return Book({name: draw(tables(name)) for name in wanted}, saved_at, draw(st.booleans()), sheets)


faults = st.builds(
    finding,
    st.sampled_from(sorted(KINDS)),
    texts,
    st.builds(Location, file=st.just("a.xlsx"), sheet=texts, cell=texts),
    found=texts,
    expected=texts,
)


@settings(max_examples=150)
@given(book=books(), found=st.lists(faults, max_size=3))
def test_a_book_and_its_findings_come_back_exactly(book: Book, found: list[Finding]) -> None:
    answer = checked(as_json(7, book=book, findings=found), 7, list(book.tables), "a.xlsx")
    assert (answer.book, list(answer.findings), answer.fault) == (book, found, "")
    if book.saved_at is not None:
        assert answer.book is not None
        assert answer.book.saved_at is not None
        assert answer.book.saved_at.tzinfo is UTC


def test_every_field_of_a_book_is_in_what_is_tried_above() -> None:
    """A field that a dataclass gains goes through of itself; whether it does is tried only if it is drawn."""
    drawn = {
        Book: ["tables", "saved_at", "date_1904", "sheets"],
        Table: ["name", "sheet", "columns", "rows", "letters", "stray", "stray_count"],
        Row: ["number", "cells"],
        Cell: ["kind", "raw", "ref", "style", "is_formula"],
    }
    assert drawn == {kind: [field.name for field in fields(kind)] for kind in drawn}


BOOK = Book(
    {
        "T": Table(
            "T",
            "Sheet",
            ("Id", "Figure"),
            (Row(2, {"Id": Cell(CellKind.TEXT, "x", "A2"), "Figure": Cell(CellKind.NUMBER, "1", "B2")}), Row(3, {})),
            ("A", "B"),
        )
    }
)


def said(change: Callable[[Any], object], book: Book | None = BOOK) -> bytes:
    """A good answer in which something has been changed."""
    answer = json.loads(as_json(1, book=book, findings=[] if book else [finding("F002", "x.", Location("a.xlsx"))]))
    change(answer)
    return json.dumps(answer).encode()


def table(answer: Any) -> Any:
    return answer["book"]["tables"]["T"]


def say(kind: CellKind, raw: str) -> Callable[[Any], object]:
    """A lie about the cell B2."""

    def change(answer: Any) -> None:
        table(answer)["cells"][0][1] = CODES[kind, NumberStyle.GENERAL, False] + raw

    return change


def test_a_letter_says_of_a_cell_all_that_it_can_be() -> None:
    assert len(TRAITS) == len(CODES) == len(CellKind) * len(NumberStyle) * 2


LIES: dict[str, Callable[[Any], object]] = {
    "about another file": lambda a: a.update(number=2),
    "a field more": lambda a: a.update(more=1),
    "a field of the book more": lambda a: a["book"].update(more=1),
    "a field of a table more": lambda a: table(a).update(more=1),
    "a cell of nothing": lambda a: table(a)["cells"][0].__setitem__(1, ""),
    "an unknown kind of cell": lambda a: table(a)["cells"][0].__setitem__(1, "~1"),
    "a number for a cell": lambda a: table(a)["cells"][0].__setitem__(1, 1),
    "a cell less": lambda a: table(a)["cells"][0].pop(),
    "a cell more": lambda a: table(a)["cells"][0].append("a"),
    "a row of cells less": lambda a: table(a)["cells"].pop(),
    "a number that is none": say(CellKind.NUMBER, "1_000"),
    "a number in other digits": say(CellKind.NUMBER, "\N{ARABIC-INDIC DIGIT ONE}"),
    "a number beyond any": say(CellKind.NUMBER, "1e999"),
    "a number that takes for ever": say(CellKind.NUMBER, "1" * 5_000),
    "a truth that is neither": say(CellKind.BOOLEAN, "maybe"),
    "a blank with a text": say(CellKind.BLANK, "x"),
    "half a character": say(CellKind.TEXT, "\ud800"),
    "an address that is none": lambda a: table(a).update(stray=[["=B2", table(a)["cells"][0][1]]], stray_count=1),
    "a cell in no column": lambda a: table(a)["filled"].__setitem__(0, [0, 2]),
    "a cell before all columns": lambda a: table(a)["filled"].__setitem__(0, [-1, 1]),
    "a column of a row there twice": lambda a: table(a)["filled"].__setitem__(0, [1, 1]),
    "rows out of order": lambda a: table(a)["rows"].reverse(),
    "a row there twice": lambda a: table(a).update(rows=[2, 2]),
    "a row beyond the sheet": lambda a: table(a).update(rows=[2, 1_048_577]),
    "a row above the sheet": lambda a: table(a).update(rows=[0, 3]),
    "a truth for a row": lambda a: table(a).update(rows=[True, 3]),
    "a column there twice": lambda a: table(a).update(columns=["Id", "Figure", "Id"]),
    "a letter too few": lambda a: table(a).update(letters=["A"]),
    "letters that are none": lambda a: table(a).update(letters=["A", "1"]),
    "letters of columns apart": lambda a: table(a).update(letters=["A", "C"]),
    "letters beyond the sheet": lambda a: table(a).update(letters=["XFD", "XFE"]),
    "no letters": lambda a: table(a).update(letters=[]),
    "fewer stray cells than are shown": lambda a: table(a).update(stray=[["B9", table(a)["cells"][0][1]]]),
    "a table called otherwise": lambda a: a["book"].update(tables={"U": table(a)}),
    "a table that nobody wanted": lambda a: a["book"]["tables"].update(U=table(a)),
    "no table": lambda a: a["book"].update(tables={}),
    "a time without a zone": lambda a: a["book"].update(saved_at="2026-07-01T00:00:00"),
    "a time that is none": lambda a: a["book"].update(saved_at="yesterday"),
    "neither book nor reason": lambda a: a.update(book=None),
    "both book and fault": lambda a: a.update(fault="memory"),
    "an unknown fault": lambda a: a.update(book=None, fault="tired"),
    "a fault with a story": lambda a: a.update(book=None, fault="error", what="a\nb"),
    "findings that are no list": lambda a: a.update(findings={}),
}


def test_the_answer_that_the_lies_are_made_of_is_believed() -> None:
    assert checked(said(lambda answer: None), 1, ["T"], "a.xlsx").book == BOOK
    assert checked(said(lambda answer: None, None), 1, ["T"], "a.xlsx").book is None


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_what_our_reader_would_not_say_is_not_believed(lie: Callable[[Any], object]) -> None:
    with pytest.raises(Unsound):
        checked(said(lie), 1, ["T"], "a.xlsx")


@pytest.mark.parametrize(
    "change",
    [
        {"code": "F999"},
        {"severity": "note"},
        {"severity": "none"},
        {"message": "\x1b[2J"},
        {"message": "x" * 100_000},
        {"found": plain("a") + "\N{RIGHT-TO-LEFT OVERRIDE}"},
        {"location": {"file": "another.xlsx"}},
        {"location": "a.xlsx"},
        {"more": ""},
    ],
    ids=str,
)
def test_a_finding_that_is_none_of_ours_is_not_believed(change: dict[str, Any]) -> None:
    with pytest.raises(Unsound):
        checked(said(lambda answer: answer["findings"][0].update(change), None), 1, ["T"], "a.xlsx")


@pytest.mark.parametrize(
    "said", [b"", b"null", b"[]", b"{}", b"\x80\x04K*.", b'{"number":1', b"\xff\xfe", b"[" * 100_000, b"1" * 100_000]
)
def test_what_is_no_answer_is_not_believed(said: bytes) -> None:
    with pytest.raises(Unsound):
        checked(said, 1, ["T"], "a.xlsx")


@settings(max_examples=200)
@given(data=st.binary(max_size=200))
def test_no_bytes_do_anything_else(data: bytes) -> None:
    with pytest.raises(Unsound):
        checked(data, 1, ["T"], "a.xlsx")
