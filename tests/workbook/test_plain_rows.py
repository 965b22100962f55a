"""The quick way to find a sheet's rows sees what the thorough one sees, or leaves the sheet to it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from xlperf.errors import WorkbookError
from xlperf.workbook.plainrows import plain_rows
from xlperf.workbook.rowscan import RowScan
from xlperf.workbook.rowxml import RowXml
from xlperf.workbook.sheetxml import SheetXml

ROOT = Path(__file__).parents[2]
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TEXT = '<c r="{0}{1}" s="3" t="inlineStr"><is><t xml:space="preserve">{2}</t></is></c>'


def sheet(rows: str, before: str = "", after: str = "") -> bytes:
    return f"<worksheet {NAMESPACE}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>".encode()


def alike(number: int, text: str = "words") -> str:
    """A row as a table has thousands of: a text, a number, a blank cell, a formula."""
    return (
        f'<row r="{number}" ht="15">{TEXT.format("B", number, text)}<c r="C{number}" s="4"><v>1.5</v></c>'
        f'<c r="D{number}" s="4"/><c r="E{number}"><f>B{number}*2</f><v>3</v></c></row>'
    )


FOUR = "".join(map(alike, (2, 3, 4, 7)))


def seen(rows: object) -> list[tuple[object, ...]]:
    assert isinstance(rows, list | tuple)
    return [(row.number, row.raw, row.first, row.last, row.gap, row.is_numbered) for row in rows]


def written_sheets() -> Iterator[tuple[str, bytes]]:
    books = [*sorted((ROOT / "workbook_templates").glob("*.xlsx")), *(ROOT / "tests/released").rglob("*.xlsx")]
    for path in books[:12]:
        with zipfile.ZipFile(path) as book:
            for name in book.namelist():
                if name.startswith("xl/worksheets/sheet"):
                    yield f"{path.name} {name}", book.read(name)


def test_it_sees_in_our_templates_and_released_workbooks_what_the_thorough_way_sees() -> None:
    quick = 0
    for name, data in written_sheets():
        plain = plain_rows(data, name)
        if plain is not None:
            thorough = RowScan(data, name)
            assert (plain.head, plain.tail, plain.prefix) == (thorough.head, thorough.tail, thorough.prefix)
            assert seen(plain.rows) == seen(thorough.rows)
            quick += 1
    assert quick > 20


@pytest.mark.parametrize(
    "rows",
    [
        FOUR,
        "",
        '<row r="1" spans="1:3" x="1"/>' + FOUR,
        FOUR.replace("words", "A &amp; B &lt;i&gt; – &#10;é"),
        "".join(alike(number, "w" * number) for number in range(1, 40)),
        "".join(alike(n) if n % 2 else alike(n).replace(' s="4"/>', ' s="9"/>') for n in range(1, 40)),
    ],
)
def test_rows_as_most_programs_write_them_are_seen(rows: str) -> None:
    data = sheet(rows)
    plain = plain_rows(data, "a sheet")
    assert plain is not None
    assert seen(plain.rows) == seen(RowScan(data, "a sheet").rows)
    xml = SheetXml(data, "a sheet")
    for row in plain.rows:
        cells = [
            (b"BCDE"[at : at + 1], cell.attributes.get("s", "").encode()) for at, cell in enumerate(xml.cells(row))
        ]
        assert list(zip(*(row.styled or ((), ())), strict=True)) == cells


def test_a_formula_in_a_row_is_seen_whatever_rows_like_it_hold() -> None:
    cells = ["<v>1</v>", "<v>2</v>", "<f>1+1</f><v>2</v>", "<v>3</v>", "<f>2</f>", "<f>3</f>", "<v>4</v>"]
    data = sheet("".join(f'<row r="{n}"><c r="A{n}" s="1">{cell}</c></row>' for n, cell in enumerate(cells, 2)))
    plain = plain_rows(data, "a sheet")
    assert plain is not None
    assert [row.has_formula for row in plain.rows] == ["<f>" in cell for cell in cells]
    alike = plain_rows(sheet("".join(f'<row r="{n}"><c r="A{n}" s="1"><v>1</v></c></row>' for n in range(1, 9))), "it")
    assert alike is not None
    assert [row.is_surely_plain for row in alike.rows] == [False] * 2 + [True] * 6


@pytest.mark.parametrize(
    "data",
    [
        sheet(FOUR.replace('r="C7"', 'r="C6"')),  # a cell of another row, after rows like it
        sheet(FOUR.replace('<c r="C7" s="4"><v>1.5</v></c><c r="D7" s="4"/>', '<c r="D7" s="4"/><c r="C7" s="4"/>')),
        sheet(FOUR + alike(5)),
        sheet(FOUR + alike(1_048_577)),
        sheet(FOUR.replace('<row r="7" ht="15">', "<row>")),
        sheet(FOUR.replace('<row r="7" ht="15">', '<row r="7" ht="15" ht="15">')),
        sheet(FOUR.replace('<row r="7" ht="15">', '<row r="7" r="7">')),
        sheet(FOUR.replace('<row r="7" ht="15">', '<row r="7" ht="1\x01">')),
        sheet(FOUR.replace("<v>1.5</v></c><c r=\"D4\"", "<v>1.5</v></c><!-- a note --><c r=\"D4\"")),
        sheet(FOUR.replace('<c r="D4" s="4"/>', "<c/>")),
        sheet(FOUR.replace('<c r="D4" s="4"/>', '<c s="4" r="D4"/>')),
        sheet(FOUR.replace("</row>", "</row>\n")),
        sheet(FOUR.replace("row>", "row >")),
        sheet(FOUR, after="<extLst><ext><sheetData></sheetData></ext></extLst>"),
        f"<worksheet {NAMESPACE}><wrapped><sheetData>{FOUR}</sheetData></wrapped></worksheet>".encode(),
        sheet(FOUR).replace(b"<sheetData>", b'<sheetData a="1">'),
        sheet(FOUR).replace(b"sheetData", b"x:sheetData").replace(b"xmlns=", b'xmlns:x="x" xmlns='),
    ],
)  # fmt: skip
def test_a_sheet_that_is_written_otherwise_is_left_to_the_thorough_way(data: bytes) -> None:
    assert plain_rows(data, "a sheet") is None
    assert outcome(data, quick=True) == outcome(data, quick=False)


@pytest.mark.parametrize(
    "text", ["&nbsp;", "&", "&#0;", "a\x01b", "]]>", "</t>", "￾", "\ud800", "<b>bold</b>"], ids=repr
)
@pytest.mark.parametrize("row", [2, 7])
def test_a_text_that_no_xml_has_is_not_taken_for_one(text: str, row: int) -> None:
    data = sheet("").replace(
        b"<sheetData>", b"<sheetData>" + FOUR.replace(alike(row), alike(row, text)).encode("utf-8", "surrogatepass")
    )
    assert outcome(data, quick=True) == outcome(data, quick=False)


def outcome(data: bytes, *, quick: bool) -> object:
    """The rows, or the refusal, by `SheetXml`, which tries the quick way first, or by the thorough way alone."""
    try:
        rows: object = list(SheetXml(data, "a sheet").rows.values()) if quick else RowScan(data, "a sheet").rows
    except WorkbookError as error:
        return str(error)
    assert isinstance(rows, list)
    assert all(isinstance(row, RowXml) for row in rows)
    return seen(rows)
