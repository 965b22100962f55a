"""What is read without a parser is what the parser reads; and what programs ordinarily write is read without one."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.worksheet.table import Table as ExcelTable

from tests.conftest import Q1, Team, fill
from tests.hostile.good import SHEET, STRINGS, Return
from tests.hostile.zips import packed
from tests.workbook.test_reader import MAIN, sheet
from tests.workbook.test_reader import packed as zipped
from tests.workbook.test_reader import parts as small_parts
from xlperf.returns import layout
from xlperf.workbook.reader import ReadingLimits, read_tables
from xlperf.workbook.reader import sheet as sheet_reading
from xlperf.workbook.reader.gate import CheckedPackage
from xlperf.workbook.reader.ordinary import is_read_as_ordinary
from xlperf.workbook.reader.reading_limits import DEFAULT_LIMITS

_PIECES = (
    "<c", "</c>", "<v>", "</v>", "<f>", "</f>", "<row", "</row>", ' r="B3"', ' r="A1"', ' s="1"', ' s="99999"',
    ' t="s"', ' t="inlineStr"', "<is>", "<t>", "</t>", "</is>", "&", "&amp;", "&#13;", "&#10;", "&#0;", "&evil;",
    "]]>", "<![CDATA[", "<!-- ", "-->", "<?x ?>", "\r", "\r\n", "\t", "\x01", "\ufffe", "\ufffd", "é", "_x0041_",
    "_xD83D_", " ", "/", ">", "<", '"', "'", 'xmlns="evil"', 'xmlns:x14ac="evil"', ' x14ac:dyDescent="0.25"',
    ' r="1"', "<sheetData>", "</sheetData>", "<sheetData/>", "<mergeCell/>", "<extLst/>", "<si>", "</si>", "<r>",
    "1E999", "-0", "007", "0.1", "#N/A", "TRUE", "",
)  # fmt: skip
"""What a change puts in place of a piece of XML."""
_SPLICE = st.tuples(
    st.sampled_from((SHEET, STRINGS)),
    st.integers(0, 1_000_000),
    st.sampled_from((0, 0, 1, 5, 30)),
    st.sampled_from(_PIECES),
)


def _both(data: bytes, limits: ReadingLimits = DEFAULT_LIMITS) -> None:
    quick = read_tables(data, None, file="return.xlsx", limits=limits)
    assert quick == read_tables(data, None, file="return.xlsx", limits=limits, is_quick=False)


@given(st.lists(_SPLICE, min_size=1, max_size=3))
@example([(SHEET, 0, 0, "")])
def test_whatever_is_changed_in_the_xml_both_ways_read_the_same(splices: list[tuple[str, int, int, str]]) -> None:
    parts = dict(Return().parts)
    for name, at, length, piece in splices:
        text = parts[name].decode()
        # At the edge of a tag, where a change matters most, or anywhere.
        edges = [match.start() for match in re.finditer("[<>]", text)]
        where = edges[at % len(edges)] + at % 2 if at % 3 else at % len(text)
        parts[name] = (text[:where] + piece + text[where + length :]).encode()
    _both(packed(parts))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("<sheetData>", '<sheetData xmlns="evil">'),
        ("<sheetData>", "<!-- <sheetData> --><sheetData>"),
        ("<worksheet ", '<worksheet xmlns:x14ac="x" '),
        ("</sheetData>", "</sheetData><sheetData></sheetData>"),
        (
            "</sheetData>",
            "</sheetData><x:sheetData xmlns:x='http://schemas.openxmlformats.org/spreadsheetml/2006/main'/>",
        ),
        ("</worksheet>", "<mergeCells>" + '<mergeCell ref="A1:B1"/>' * 50_001 + "</mergeCells></worksheet>"),
        ("</worksheet>", "<x>" * 70 + "</x>" * 70 + "</worksheet>"),
        ("</worksheet>", "</worksheet><!DOCTYPE x>"),
        ("<?xml", "\ufeff<?xml"),
        ('encoding="UTF-8"', 'encoding="ISO-8859-1"'),
        ('encoding="UTF-8"', 'encoding="EBCDIC"'),
        ("</row>", "</row></row>"),
        ("</row>", "</row><row r='1'/>"),
    ],
)
def test_what_stands_around_the_cells_is_judged_the_same(was: str, becomes: str) -> None:
    parts = dict(Return().parts)
    assert was in parts[SHEET].decode(), "the change changes nothing"
    parts[SHEET] = parts[SHEET].decode().replace(was, becomes, 1).encode()
    _both(packed(parts))


@pytest.mark.parametrize("first", ["<si/>", "<si></si>", "<si ><t>a</t></si>", "<si\n/>", "<si><r><t>a</t></r></si>"])
def test_a_text_that_is_written_otherwise_counts_wherever_it_stands(first: str) -> None:
    """Cells name a text by its place in the list, so one that is passed over would give each cell another's."""
    rows = '<row r="2"><c r="A2" t="s"><v>1</v></c></row>'
    text = f'<sst xmlns="{MAIN}">{first}<si><t>b</t></si><si><t>c</t></si></sst>'
    data = zipped(small_parts(rows, **{STRINGS: text}))
    _both(data)
    book, _ = read_tables(data, None)
    assert book is not None
    (read,) = [each for row in book.tables["Return"].rows for each in row.cells.values()]
    assert read.raw == "b"


@pytest.mark.parametrize(
    "attribute",
    ['xmlns="evil"', 'xmlns=""', '1a="2"', 'x14ac:="1"', 'x14ac:a:b="1"', 'x14ac:1="1"', ':a="1"', 'x14ac:a="1"'],
)
@pytest.mark.parametrize("root", ["", ' xmlns:x14ac="x"', " a=' xmlns:x14ac=\"x\"'", ' a=" xmlns:x14ac=" b="1"'])
def test_what_may_not_stand_on_a_row_is_refused(attribute: str, root: str) -> None:
    parts = dict(Return().parts)
    text = parts[SHEET].decode().replace('<row r="3"', f'<row r="3" {attribute}', 1)
    parts[SHEET] = text.replace("<worksheet ", f"<worksheet{root} ", 1).encode()
    _both(packed(parts))


@pytest.mark.parametrize(
    "formula", ["<f/>", "<f></f>", "<f>1</f>", '<f t="shared" si="0"/>', "<f/><v></v>", "<f/><v>7</v>"]
)
@pytest.mark.parametrize("cell", ["B2", "A3"])
def test_a_formula_is_one_however_short_it_is_written(cell: str, formula: str) -> None:
    rows = f'<row r="{cell[1]}"><c r="{cell}">{formula}</c></row>'
    data = sheet(rows)
    _both(data)
    book, _ = read_tables(data, None)
    assert book is not None
    (read,) = [each for row in book.tables["Return"].rows for each in row.cells.values()]
    assert (read.ref, read.is_formula) == (cell, True)


@pytest.mark.parametrize(
    "limits",
    [
        ReadingLimits(elements=elements) for elements in (60, 200, 300, 400, 600, 1_000)
    ]
    + [
        ReadingLimits(text_chars=5),
        ReadingLimits(strings=3),
        ReadingLimits(depth=4),
        ReadingLimits(attributes=2),
        ReadingLimits(token_bytes=40),
        ReadingLimits(part_bytes=2_000),
        ReadingLimits(total_bytes=9_000),
        ReadingLimits(rows=1),
    ],
    ids=str,
)  # fmt: skip
def test_limits_hold_either_way(limits: ReadingLimits) -> None:
    _both(packed(Return().parts), limits)


def test_a_part_that_is_remembered_is_still_counted_and_checked() -> None:
    parts = Return().parts
    whole = packed(parts)
    assert read_tables(whole, layout.TABLES)[0] is not None
    elements = sum(content.count(b"<") - content.count(b"</") for content in parts.values())
    _both(whole, ReadingLimits(elements=elements // 2))
    damaged = bytearray(packed(parts, stored=True))
    at = damaged.find(b"<cellXfs")
    damaged[at + 1] ^= 1
    _both(bytes(damaged))


def _tables_of_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Id", "Figure"], ["a & b < c", 0.1], ["=1+1", 2]):
        sheet.append(row)
    sheet.add_table(ExcelTable(displayName="Return", ref="A1:B3"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _tables_of_xlsxwriter() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.add_table("A1:B3", {"name": "Return", "columns": [{"header": "Id"}, {"header": "Figure"}]})
    sheet.write_row("A2", ["a & b < c", 0.1])
    sheet.write_row("A3", ["é\nnext line", True])
    book.close()
    return out.getvalue()


def _sheets_left_to_the_parser(data: bytes, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many sheets of a workbook were not read as ordinary."""
    answers: list[bool] = []

    def ask(package: CheckedPackage, read: Callable[[], bool]) -> bool:
        answers.append(is_read_as_ordinary(package, read))
        return answers[-1]

    with monkeypatch.context() as patch:
        patch.setattr(sheet_reading, "is_read_as_ordinary", ask)
        assert read_tables(data, None)[0] is not None
    assert answers
    return answers.count(False)


@pytest.mark.parametrize("made", [_tables_of_openpyxl, _tables_of_xlsxwriter])
def test_what_a_library_writes_is_ordinary(made: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    data = made()
    assert _sheets_left_to_the_parser(data, monkeypatch) == 0
    _both(data)


def test_a_return_is_ordinary_as_it_is_issued_and_filled_in(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    team.issue()
    issued = team.issued(Q1)["alpha"]
    assert _sheets_left_to_the_parser(issued.read_bytes(), monkeypatch) == 0
    fill(issued)
    for received in team.root.rglob("received/*.xlsx"):
        assert _sheets_left_to_the_parser(received.read_bytes(), monkeypatch) == 0
        _both(received.read_bytes())
