"""Good returns changed at random, at four levels: bytes, zip, XML, cells. A tape of bytes decides what is changed.

Hypothesis writes the tape in the tests, atheris by hand (`fuzz_atheris.py`), so both try the same changes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeVar
from xml.sax.saxutils import escape, quoteattr

from tests.hostile.case import Cells, cells_of
from tests.hostile.good import SHEET, STRINGS, Return
from tests.hostile.zips import Entry, entries_of, entry, packed, zipped
from xlperf.findings import KINDS, Finding, Severity
from xlperf.returns import layout
from xlperf.tables import Book
from xlperf.workbook.reader import read_tables

_T = TypeVar("_T")


class Tape:
    """Bytes that decide: the same tape, the same changes. An end of the tape is zeros."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, below: int) -> int:
        """Give a number from 0."""
        length = 1 if below <= 256 else 2 if below <= 65_536 else 4
        taken = self._data[self._at : self._at + length]
        self._at += length
        return int.from_bytes(taken, "big") % below

    def choose(self, items: Sequence[_T]) -> _T:
        """Give one of them."""
        return items[self.number(len(items))]


@dataclass(frozen=True)
class Mutated:
    """A changed return, and the cells that must still be as they were, if it is read at all."""

    what: str
    data: bytes
    same: Cells


@cache
def _good() -> tuple[dict[str, bytes], Cells]:
    parts = Return().parts
    book, _ = read_tables(packed(parts), layout.TABLES)
    if book is None:
        raise AssertionError("the good return is not read")
    return parts, cells_of(book)


def mutated(tape: Tape) -> Mutated:
    """A good return, changed as the tape says."""
    return tape.choose((_bytes, _zip, _xml, _cell))(tape)


def outcome(data: bytes) -> tuple[Book | None, list[Finding]]:
    """Read it, and check what must be true whatever it is: a book or a reason, known codes, nothing endless."""
    book, findings = read_tables(data, layout.TABLES, file="return.xlsx")
    assert read_tables(data, layout.TABLES, file="return.xlsx", is_quick=False) == (book, findings)
    rejects = [item for item in findings if item.severity is Severity.REJECT_RETURN]
    assert (book is None) == bool(rejects)
    assert len(findings) < 200
    for item in findings:
        assert item.code in KINDS
        assert item.location.file == "return.xlsx"
        for text in (item.message, item.found, item.expected, item.location.sheet, item.location.cell):
            assert len(text) <= 3_000
            assert text.isprintable()
    if book is not None:
        assert set(book.tables) == set(layout.TABLES)
    return book, findings


def check(made: Mutated) -> str:
    """Read a changed return; returns the code of the refusal, or "read". Raises AssertionError."""
    book, findings = outcome(made.data)
    if book is None:
        return findings[0].code
    cells = cells_of(book)
    wrong = {place: cells.get(place) for place, cell in made.same.items() if cells.get(place) != cell}
    assert not wrong, (made.what, wrong)
    return "read"


# ---- bytes: the checksums are not put right, so what is read is as it was ------------------------------------------


def _bytes(tape: Tape) -> Mutated:
    parts, cells = _good()
    data = bytearray(packed(parts, stored=bool(tape.number(2))))
    for _ in range(1 + tape.number(4)):
        at = tape.number(len(data))
        length = 1 + tape.number(256)
        action = tape.number(6)
        if action == 0:
            data[at] ^= 1 << tape.number(8)
        elif action == 1:
            data[at] = tape.number(256)
        elif action == 2:
            del data[at : at + length]
        elif action == 3:
            data[at:at] = data[at : at + length]
        elif action == 4:
            data[at : at + length] = bytes(len(data[at : at + length]))
        elif at:
            del data[at:]
    return Mutated("bytes", bytes(data), cells)


# ---- zip: an entry lies; the parts are as they were ----------------------------------------------------------------

_NUMBERS = (0, 1, 8, 10, 99, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)
_SHORT = (0, 1, 8, 9, 12, 14, 93, 99, 0x800, 0x2041, 0xFFFF)
_LONG_FIELDS = (
    "size", "checksum", "packed_size", "local_size", "local_packed_size", "local_checksum", "offset"
)  # fmt: skip
_SHORT_FIELDS = ("method", "flags", "local_method", "local_flags")
_NAMES = ("x", "", "..", "xl/", "XL/WORKBOOK.XML", "xl\\workbook.xml", "xl/worksheets/sheet%32.xml", "/x", "é", "\0")
_BLOBS = (
    b"", b"PK\x03\x04", b"PK\x07\x08" + bytes(12), b"\x01\0\x10\0" + bytes(16), b"PK\x05\x06" + bytes(18), b"\xff" * 9
)  # fmt: skip


def _zip(tape: Tape) -> Mutated:
    parts, cells = _good()
    entries = entries_of(parts, stored=bool(tape.number(2)))
    for _ in range(1 + tape.number(2)):
        at = tape.number(len(entries))
        action = tape.number(6)
        if action == 5:
            entries.insert(at, entry(tape.choose((*_NAMES, *parts)), tape.choose(_BLOBS)))
        else:
            entries[at] = replace(entries[at], **_lie(tape, entries[at], action))  # type: ignore[arg-type]
    end = ("count", "directory_size", "directory_offset")
    lies: dict[str, Any] = {tape.choose(end): tape.choose(_SHORT)} if tape.number(8) == 1 else {}
    end64 = {"x": 0} if tape.number(8) == 1 else None
    return Mutated("zip", zipped(entries, behind=tape.choose(_BLOBS), end64=end64, **lies), cells)


def _lie(tape: Tape, item: Entry, action: int) -> dict[str, object]:
    if action == 0:
        return {tape.choose(_LONG_FIELDS): tape.choose((*_NUMBERS, item.size, len(item.data)))}
    if action == 1:
        return {tape.choose(_SHORT_FIELDS): tape.choose(_SHORT)}
    if action == 2:
        return {tape.choose(("name", "local_name")): tape.choose(_NAMES)}
    if action == 3:
        return {tape.choose(("extra", "local_extra", "after")): tape.choose(_BLOBS)}
    return {"data": item.data[: tape.number(len(item.data) + 1)] + tape.choose(_BLOBS)}


# ---- XML: a part says something else, with the right checksums -----------------------------------------------------

_TOKEN = re.compile(rb"<[^>]*>|[^<]+")
_VALUE = re.compile(rb'"[^"]*"')
_TEXTS = (
    "", "0", "1", "-1", "1048577", "4294967297", "XFD1048576", "ZZZZZZ1", "A1:XFD1048576", "n/a", "1_000", "NaN",
    "1e999", "9" * 40, "9" * 500, "x" * 40_000, "_x0000_", "_xD800_", "\u202e", "../../x", "s", "str", "inlineStr", "e",
    "b", "d", "#REF!", "TRUE", "٣", "rId1", "tbl_return", "tbl_identity", " ", "\ufffd", "1.5", "0.1234567890123456789",
)  # fmt: skip
_TOKENS = (
    b"<!DOCTYPE x>", b"<!--x-->", b"<?x y?>", b"<![CDATA[97]]>", b"&amp;", b"&e;", b"&#0;", b"<row/>", b"<c/>",
    b"<sheetData>", b"</sheetData>", b"<x>", b"</x>", b'<row r="7"/>', b'<c r="H7"><v>1</v></c>', b"<f>1</f>", b"\xff",
    b'<c r="H7" t="s"><v>1</v></c>', b"<is><t>x</t></is>", b"<extLst/>", b'<x xmlns="urn:x"/>', b"<sheets/>", b"\0",
    b"<v>1</v>", b"<si/>",
)  # fmt: skip
# Whose cells a part may change; the parts that are not here change none.
_DEPEND = {
    "xl/worksheets/sheet1.xml": {layout.SIGN_OFF_TABLE},
    "xl/tables/table1.xml": {layout.SIGN_OFF_TABLE},
    SHEET: {layout.TABLE},
    "xl/tables/table2.xml": {layout.TABLE},
    "xl/worksheets/sheet4.xml": {layout.IDENTITY_TABLE},
    "xl/tables/table4.xml": {layout.IDENTITY_TABLE},
    STRINGS: set(layout.TABLES),
}


def _xml(tape: Tape) -> Mutated:
    parts, cells = _good()
    name = tape.choose((SHEET, *parts))
    tokens = _TOKEN.findall(parts[name])
    for _ in range(1 + tape.number(3)):
        at = tape.number(max(1, len(tokens)))
        other = tape.number(max(1, len(tokens)))
        action = tape.number(6)
        if action == 0:
            del tokens[at : at + 1 + tape.number(3)]
        elif action == 1:
            tokens.insert(other, tokens[at])
        elif action == 2:
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif action == 3:
            tokens.insert(at, tape.choose(_TOKENS))
        elif tokens[at].startswith(b"<"):
            tokens[at] = _with_value(tape, tokens[at])
        else:
            tokens[at] = escape(tape.choose(_TEXTS)).encode()
        if not tokens:
            break
    same = {place: cell for place, cell in cells.items() if place[0] not in _DEPEND.get(name, set())}
    return Mutated(f"XML of {name}", packed(parts | {name: b"".join(tokens)}), same)


def _with_value(tape: Tape, tag: bytes) -> bytes:
    values = list(_VALUE.finditer(tag))
    if not values:
        return tape.choose(_TOKENS)
    where = tape.choose(values)
    return tag[: where.start()] + quoteattr(tape.choose(_TEXTS)).encode() + tag[where.end() :]


# ---- cells: one of the figures table says something else -----------------------------------------------------------

_KINDS = ("n", "str", "inlineStr", "s", "e", "b", "d", "x", "")


def _cell(tape: Tape) -> Mutated:
    parts, cells = _good()
    ref = tape.choose(sorted(ref for table, ref in cells if table == layout.TABLE))
    kind, text = tape.choose(_KINDS), tape.choose(_TEXTS)
    formula = tape.choose(("", "", "<f>1+1</f>", "<f/>"))
    value = f"<is><t>{escape(text)}</t></is>" if kind == "inlineStr" else f"<v>{escape(text)}</v>"
    xml = f'<c r="{ref}" t="{kind}">{formula}{value}</c>'
    same = {place: cell for place, cell in cells.items() if place != (layout.TABLE, ref)}
    if text.strip() and "_x" not in text and kind in ("n", "str", "inlineStr"):
        same[(layout.TABLE, ref)] = ("number" if kind == "n" else "text", text)  # as it was typed, to the letter
    return Mutated(f"cell {xml[:80]}", Return(packed(parts, stored=True)).cell(ref, xml).zip(stored=True), same)
