"""A person's cells in a table that is written anew: kept where they are asked for, as they stand, in every door."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.calc_engine.fixture import Calc
from tests.workbook.memory import MemoryCell, MemoryTable, MemoryWorkbook, Typed
from xlperf.errors import WorkbookError
from xlperf.tables import Cell, CellKind, NumberStyle
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.live import LiveWorkbook
from xlperf.workbook.port import Kept, WorkbookPort
from xlperf.workflow.master.peoples import with_peoples_columns

HEADERS = ("Ref", "Actual", "Note", "Twice")
DECLARED = "tbl_k[[#This Row],[Actual]]*2"
NOTES = ("B5&\" first\"", "B6*100+1", None, datetime(2026, 12, 1))  # fmt: skip


def in_file(twice: tuple[object, ...] = ("=", "=", "=", "=")) -> bytes:
    """A table with what a person typed: two formulas, nothing, a date; and a column with a formula of its own."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("K")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        columns = [{"header": header} for header in HEADERS]
        columns[3]["formula"] = DECLARED
        sheet.add_table("A4:D8", {"name": "tbl_k", "columns": columns})
        for at, note in enumerate(NOTES):
            sheet.write_row(4 + at, 0, (f"K{at}", at))
            if isinstance(note, datetime):
                sheet.write_datetime(4 + at, 2, note, day)
            elif note:
                sheet.write_formula(4 + at, 2, f"={note}", None, "")
            if twice[at] != "=":
                sheet.write(4 + at, 3, twice[at])
    return buffer.getvalue()


@pytest.fixture(params=["memory", "file", pytest.param("live", marks=pytest.mark.libreoffice)])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> WorkbookPort:
    if request.param == "memory":
        notes = [None if note is None else note if isinstance(note, datetime) else Typed(note) for note in NOTES]
        rows: list[dict[str, MemoryCell]] = [
            {"Ref": f"K{at}", "Actual": at, "Note": note} for at, note in enumerate(notes)
        ]
        return MemoryWorkbook({"tbl_k": MemoryTable("K", HEADERS, rows, "A", 5, frozenset({"Twice"}))})
    if request.param == "file":
        return FileWorkbook.open(in_file())
    (tmp_path / "k.xlsx").write_bytes(in_file())
    return LiveWorkbook(request.getfixturevalue("calc").open(tmp_path / "k.xlsx"))


def notes_of(book: WorkbookPort) -> dict[int, str]:
    return {row: formula.text for (row, _), formula in book.read_formulas("tbl_k", ["Note"]).items()}


def test_a_tables_body_is_its_rows(book: WorkbookPort) -> None:
    sheet, area = book.body("tbl_k")
    assert (sheet, str(area)) == ("K", "A5:D8")


def test_formulas_are_read_with_their_text_and_the_tables_own_is_told_apart(book: WorkbookPort) -> None:
    assert notes_of(book) == {5: NOTES[0], 6: NOTES[1]}
    found = book.read_formulas("tbl_k", ["Note", "Twice"])
    assert {place for place, formula in found.items() if formula.is_columns} == {(row, "Twice") for row in range(5, 9)}


def test_what_a_person_typed_into_single_cells_spreads_nowhere(book: WorkbookPort) -> None:
    book.write_table("tbl_k", [{"Ref": f"N{at}"} for at in range(6)])
    assert notes_of(book) == {}
    assert all(row["Note"].is_blank for row in book.read_table("tbl_k").rows)
    assert [row["Twice"].is_formula for row in book.read_table("tbl_k").rows] == [True] * 6


def test_a_kept_cell_comes_into_its_row_with_its_kind(book: WorkbookPort) -> None:
    kept = [Kept(8), Kept(7), None, Kept(6, "B8*100+1")]
    book.write_table("tbl_k", [{"Ref": f"N{at}", "Actual": at, "Note": note} for at, note in enumerate(kept)])
    assert notes_of(book) == {8: "B8*100+1"}
    first, second, third, _ = book.read_table("tbl_k").rows
    assert first["Note"] == Cell(CellKind.NUMBER, "46357", "C5", NumberStyle.DATE)
    assert second["Note"].is_blank
    assert third["Note"].is_blank


@pytest.mark.libreoffice
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 0), (1, 4, 0, 2, 3), ()])
def test_both_doors_put_the_same_formulas_into_the_same_rows(
    calc: Calc, tmp_path: Path, order: tuple[int, ...]
) -> None:
    typed = ("=C2*2", "=C3-C2", "", '="C4"&$C$5&" "&SUM(C$2:C$5)')
    path = tmp_path / "kpis.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet("KPIs")
        columns = [{"header": header} for header in ("Ref", "Org", "Actual", "Mine")]
        sheet.add_table("A1:D5", {"name": "tbl_typed", "columns": columns})
        for at, formula in enumerate(typed):
            sheet.write_row(at + 1, 0, (f"K{at}", "T", at + 0.5))
            if formula:
                sheet.write_formula(at + 1, 3, formula)
    new = {"tbl_typed": [{"Ref": f"K{at}", "Org": "T", "Actual": at + 0.5} for at in order]}
    results = []
    for book in (FileWorkbook.open(path), LiveWorkbook(calc.open(path))):
        content, findings = with_peoples_columns(book, {"tbl_typed": ["Mine"]}, new)
        book.write_table("tbl_typed", *content["tbl_typed"])
        formulas = {place: one.text for place, one in book.read_formulas("tbl_typed", ["Mine"]).items()}
        results.append((formulas, [item.message for item in findings]))
    assert results[0] == results[1]
    assert len(results[0][0]) + len(results[0][1]) == 3


@pytest.mark.libreoffice
def test_a_formula_typed_meanwhile_is_not_overwritten(calc: Calc, tmp_path: Path) -> None:
    (tmp_path / "k.xlsx").write_bytes(in_file())
    book = LiveWorkbook(calc.open(tmp_path / "k.xlsx"))
    texts = notes_of(book)
    book.book.sheets["K"].range("C6").formula = "=B6*200"
    with pytest.raises(WorkbookError, match="somebody typed"):
        book.write_table("tbl_k", [{"Ref": "a", "Note": Kept(6, texts[6])}])
    assert notes_of(book)[6] == "B6*200"


def sheet_of(data: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")


def cell_of(data: bytes, ref: str) -> bytes:
    sheet = sheet_of(data)
    start = sheet.index(f'<c r="{ref}"'.encode())
    return sheet[start : sheet.index(b">", sheet.index(b"</c>", start)) + 1]


def with_cells(*changes: tuple[bytes, bytes]) -> bytes:
    """The workbook of `in_file` with other XML in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(in_file())) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.namelist():
            data = old.read(item)
            for before, after in changes if item == "xl/worksheets/sheet1.xml" else ():
                assert before in data
                data = data.replace(before, after)
            new.writestr(item, data)
    return out.getvalue()


FIRST, SECOND = b'<f>B5&amp;" first"</f>', b"<f>B6*100+1</f>"
SHARED = with_cells(
    (FIRST, b'<f t="shared" ref="C5:C6" si="0">B5&amp;" first"&amp;$A5</f>'), (SECOND, b'<f t="shared" si="0"/>')
)


def write(book: FileWorkbook, *notes: Kept | None) -> FileWorkbook:
    book.write_table("tbl_k", [{"Ref": f"N{at}", "Note": note} for at, note in enumerate(notes)])
    return FileWorkbook.open(book.to_bytes())


def stay(book: FileWorkbook) -> list[Kept]:
    return [Kept(row, notes_of(book).get(row)) for row in range(5, 9)]


@pytest.mark.parametrize(
    "change",
    [
        (SECOND, b'<f ca="1" xml:space="preserve"> B6&#10;*  100+1</f>'),
        (SECOND, b'<f t="array" ref="C6" aca="false">SUM(B5:B6*1)</f>'),
        (SECOND, b'<f t="array" ref="C6:C7">B6:B7</f>'),
        (SECOND, b'<f t="dataTable" ref="C6:C7" dt2D="0" dtr="0" r1="A1"/>'),
    ],
)
def test_a_formula_whose_row_stays_is_the_same_to_the_byte(change: tuple[bytes, bytes]) -> None:
    book = FileWorkbook.open(with_cells(change))
    again = write(book, *stay(book))
    assert change[1] in cell_of(again.to_bytes(), "C6")


def test_a_shared_formula_stays_shared_where_its_rows_stay() -> None:
    book = FileWorkbook.open(SHARED)
    assert notes_of(book) == {5: 'B5&" first"&$A5', 6: 'B6&" first"&$A6'}
    again = write(book, *stay(book))
    assert b'<f t="shared" si="0"/>' in cell_of(again.to_bytes(), "C6")
    assert notes_of(again) == notes_of(book)


@pytest.mark.parametrize("rows", [(6, 5), (7, 6), (6, 7), (5, 7, 6)])
def test_a_shared_formula_has_a_text_of_its_own_once_a_row_moves(rows: tuple[int, ...]) -> None:
    book = FileWorkbook.open(SHARED)
    texts = notes_of(book)
    again = write(book, *(Kept(row, texts.get(row)) for row in rows))
    assert notes_of(again) == {at: texts[row] for at, row in enumerate(rows, 5) if row in texts}
    sheet = openpyxl.load_workbook(io.BytesIO(again.to_bytes()))["K"]
    assert [sheet.cell(at, 3).value for at, row in enumerate(rows, 5) if row in texts] == [
        f"={texts[row]}" for row in rows if row in texts
    ]


def test_an_array_formula_is_one_in_its_new_row() -> None:
    book = FileWorkbook.open(with_cells((SECOND, b'<f t="array" ref="C6">SUM(B5:B6*1)</f>')))
    again = write(book, None, None, None, Kept(6, "SUM(B7:B8*1)"))
    assert b'<f t="array" ref="C8">SUM(B7:B8*1)</f>' in cell_of(again.to_bytes(), "C8")


def test_a_formula_does_not_go_on_showing_a_result_of_other_figures() -> None:
    book = FileWorkbook.open(with_cells((SECOND + b"<v></v>", SECOND + b"<v>777</v>")))
    for again in (write(book, *stay(book)), write(book, Kept(6, "B5*100+1"))):
        (cell,) = [row["Note"] for row in again.read_table("tbl_k").rows if row["Note"].is_formula][-1:]
        assert cell.kind is CellKind.UNCALCULATED


def test_in_a_template_the_first_row_is_a_sample_and_ever_after_what_the_table_declares() -> None:
    book = FileWorkbook.open(in_file())
    book.fill({})
    book.write_table("tbl_k", [{"Ref": "a"}, {"Ref": "b"}])
    made = FileWorkbook.open(book.to_bytes())
    assert notes_of(made) == {5: 'B5&" first"', 6: 'B6&" first"'}
    made.write_table("tbl_k", [{"Ref": "a"}, {"Ref": "b"}, {"Ref": "c"}])
    assert notes_of(made)[7] == 'B7&" first"'
