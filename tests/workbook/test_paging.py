"""Pages of a sheet end where its rows allow, in a file and in an open workbook; a person's own breaks stay theirs."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook
from openpyxl.worksheet.pagebreak import Break

from tests.calc_engine.fixture import Calc
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.live import LiveWorkbook
from xlperf.workbook.printing.paging import PageRoom, Paging, paging, read_record, recorded

ROOM = PageRoom(first=40, others=50, whole=60)


@pytest.mark.parametrize(
    ("heights", "with_next", "pages"),
    [
        ([10] * 4, {0}, Paging()),
        ([10] * 6, {0}, Paging(is_one_page=True)),
        ([10] * 9, set(), Paging(breaks=(4,))),
        ([10] * 9, {3}, Paging(breaks=(3, 8))),
        ([10] * 9, {2, 3}, Paging(breaks=(2, 7))),
        ([10] * 9, {7}, Paging(breaks=(4,))),
        ([10] * 9, {0, 1, 2, 3, 4, 5}, Paging(breaks=(4,))),
        ([100, 10, 10], set(), Paging(breaks=(1,))),
    ],
    ids=["fits", "fits when smaller", "two pages", "a band", "two rows", "the key", "more than a page", "a high row"],
)
def test_a_page_ends_where_no_row_belongs_with_the_next(
    heights: list[float], with_next: set[int], pages: Paging
) -> None:
    assert paging(heights, with_next, ROOM) == pages


def test_what_is_noted_is_read_back_and_nothing_else_is() -> None:
    assert read_record(recorded(ROOM, Paging(True, (3, 40)))) == (ROOM, Paging(True, (3, 40)))
    assert read_record("40 50 60|1") is read_record("") is None


def book_with(rows: int) -> FileWorkbook:
    """A sheet of A4, fitted to a page's width, with a table of so many rows, 12.75 points each."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "default_format_properties": {"font_name": "Arial", "font_size": 9}}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet("Page")
        sheet.set_default_row(12.75)
        sheet.set_column(0, 1, 60)
        sheet.add_table(1, 0, rows + 1, 1, {"name": "tbl_page", "columns": [{"header": "Ref"}, {"header": "Says"}]})
        sheet.print_area(0, 0, rows + 1, 1)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.repeat_rows(1)
        sheet.fit_to_pages(1, 0)
    book = FileWorkbook.open(buffer.getvalue())
    write(book, rows)
    return book


def write(book: FileWorkbook, rows: int) -> None:
    """Write so many rows, of which each stays the row that it was."""
    table = book.read_table("tbl_page")
    moved = {row.number: row.number for row in table.rows if row.number < rows + 3}
    book.write_table("tbl_page", [{"Ref": f"K{number}", "Says": "so"} for number in range(rows)], moved)


def breaks(book: FileWorkbook) -> list[int]:
    return [each.id for each in sheet_of(book).row_breaks.brk]


def sheet_of(book: FileWorkbook):  # type: ignore[no-untyped-def]
    return load_workbook(io.BytesIO(book.to_bytes()))["Page"]


def keep(book: FileWorkbook, with_next: set[int], moved: dict[int, int] | None = None) -> None:
    book.keep_together("tbl_page", with_next, moved or {})


def test_a_table_that_grows_and_shrinks_has_its_pages_anew() -> None:
    book = book_with(60)
    keep(book, set())
    (first,) = breaks(book)
    keep(book, {first - 3})  # rows are counted from 0 below a header in the second row
    assert breaks(book) == [first - 1]
    write(book, 120)
    keep(book, set())
    assert len(breaks(book)) == 3
    write(book, 20)
    keep(book, set())
    assert breaks(book) == []
    assert sheet_of(book).page_setup.fitToHeight == 0


def test_what_nearly_fits_is_made_to_fit_and_is_not_when_it_has_grown() -> None:
    book = book_with(38)
    keep(book, {36})
    assert (sheet_of(book).page_setup.fitToHeight, breaks(book)) == (1, [])
    write(book, 60)
    keep(book, set())
    assert sheet_of(book).page_setup.fitToHeight == 0
    assert len(breaks(book)) == 1


def by_a_person(book: FileWorkbook, *rows: int, tall: int | None = None) -> FileWorkbook:
    """The workbook once a person has set breaks below rows of the sheet, or fitted it to so many pages."""
    opened = load_workbook(io.BytesIO(book.to_bytes()))
    sheet = opened["Page"]
    for row in rows:
        sheet.row_breaks.append(Break(id=row))
    if tall is not None:
        sheet.page_setup.fitToHeight = tall
    saved = io.BytesIO()
    opened.save(saved)
    return FileWorkbook.open(saved.getvalue())


def test_a_persons_breaks_stay_go_with_their_rows_and_are_the_only_ones() -> None:
    book = book_with(60)
    keep(book, set())
    ours = breaks(book)
    book = by_a_person(book, 10, 20)
    keep(book, {8}, {11: 15, 45: 49, ours[0] + 1: ours[0] + 5})
    assert breaks(book) == [14, ours[0] + 4]  # what stood below row 20 has gone with its row


def test_a_sheet_that_a_person_fits_otherwise_is_left_alone() -> None:
    book = by_a_person(book_with(60), tall=3)
    keep(book, {8})
    assert (sheet_of(book).page_setup.fitToHeight, breaks(book)) == (3, [])


@pytest.mark.libreoffice
def test_in_an_open_workbook_the_pages_are_the_same_as_in_its_file(calc: Calc, tmp_path: Path) -> None:
    in_file = book_with(60)
    keep(in_file, set())
    in_file.save(tmp_path / "book.xlsx")
    (first,) = breaks(in_file)
    opened = LiveWorkbook(calc.open(tmp_path / "book.xlsx"))
    opened.keep_together("tbl_page", {first - 3}, {})
    opened.save(tmp_path / "book.xlsx")
    saved = FileWorkbook.open(tmp_path / "book.xlsx")
    assert breaks(saved) == [first - 1]
    keep(saved, set())  # what is noted is what stands there, so that they are still ours
    assert breaks(saved) == [first]


@pytest.mark.libreoffice
def test_in_an_open_workbook_a_persons_breaks_are_left_alone(calc: Calc, tmp_path: Path) -> None:
    in_file = book_with(60)
    keep(in_file, set())
    before = breaks(in_file)
    by_a_person(in_file, 10).save(tmp_path / "book.xlsx")
    opened = LiveWorkbook(calc.open(tmp_path / "book.xlsx"))
    opened.keep_together("tbl_page", {before[0] - 3}, {})
    opened.save(tmp_path / "book.xlsx")
    assert breaks(FileWorkbook.open(tmp_path / "book.xlsx")) == sorted([10, *before])
