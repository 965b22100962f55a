"""Rows that change places, are new or go: what is a person's goes with its row, in a file and in an open Excel alike.

LibreOffice Calc stands for Excel. It has no threads of comments, so of these nothing is shown here: see
docs/excel-acceptance.md.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from tests.calc_engine.comerror import refusal
from tests.calc_engine.fixture import Calc
from tests.calc_engine.ranges import Range
from xlperf.errors import WorkbookError
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.formulafill import Moves
from xlperf.workbook.live import LiveWorkbook
from xlperf.workbook.port import Attached, Pointer, WorkbookPort

REFS = ("V1", "L1", "C1", "P1")
TOP = 4
OLD = {ref: number for number, ref in enumerate(REFS, TOP)}
"""The table is B3:D7; its rows begin in row 4."""
ORDERS = {
    "as they were": REFS,
    "turned round": ("P1", "C1", "L1", "V1"),
    "one up": ("C1", "V1", "L1", "P1"),
    "one down": ("L1", "C1", "P1", "V1"),
    "new among them": ("V1", "N1", "N2", "L1", "C1", "P1"),
    "new at both ends": ("N1", "V1", "L1", "C1", "P1", "N2"),
    "new at the end": (*REFS, "N1", "N2"),
    "first gone": ("L1", "C1", "P1"),
    "last gone": ("V1", "L1", "C1"),
    "all at once": ("N1", "P1", "N2", "V1", "C1", "N3"),
    "one left": ("C1",),
    "none left": ("N1", "N2"),
}
NOTES = {"V1": "ask the ward about V1", "C1": "C1 again?"}
YELLOW = "FFFFEE00"
Change = Callable[[Any, Any], None]
Open = Callable[[bytes], WorkbookPort]
Saved = Callable[[WorkbookPort], Any]


def master(*, totals: bool = False, below: bool = False, change: Change | None = None) -> bytes:
    """A table as people work in it, and a sheet of theirs that points at it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, mine = book.add_worksheet("KPIs"), book.add_worksheet("Mine")
        columns: list[dict[str, Any]] = [{"header": header} for header in ("Ref", "Actual", "Who")]
        columns[0]["total_string"], columns[1]["total_function"] = "All", "sum"
        table = {"name": "tbl_k", "columns": columns, "total_row": totals}
        sheet.add_table(2, 1, 6 + totals, 3, table)
        for at, ref in enumerate(REFS):
            sheet.write_row(TOP - 1 + at, 1, [ref, at + 1, f"{ref}'s owner"])
        sheet.write_url("B5", "https://example.org/l1", string="L1")
        sheet.write("D6", "C1's owner", book.add_format({"bg_color": "#FFEE00", "bold": True}))
        sheet.set_row(4, 40)
        for ref, text in NOTES.items():
            sheet.write_comment(f"C{OLD[ref]}", text)
        sheet.write("F5", "beside")
        sheet.write_comment("F5", "beside the table")
        if below:
            sheet.write(f"B{8 + totals}", "agreed on 9 July")
            sheet.write_comment(f"C{8 + totals}", "about what is below")
        mine.write_formula("A1", "=KPIs!C5")
        mine.write_formula("A2", "=SUM(KPIs!C4:C7)")
        mine.write_formula("A3", "=KPIs!F5")
        book.define_name("actual_of_c1", "=KPIs!$C$6")
        book.define_name("all_actuals", "=KPIs!$C$4:$C$7")
        if change is not None:
            change(book, sheet)
    return out.getvalue()


@pytest.fixture(params=["file", pytest.param("live", marks=pytest.mark.libreoffice)])
def door(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Open, Saved]:
    """How a workbook is opened, and how it is read by others once it was saved."""
    if request.param == "file":
        return lambda data: FileWorkbook.open(data), lambda book: _loaded(book.to_bytes())
    return _open_door(request.getfixturevalue("calc"), tmp_path / "master.xlsx")


def _open_door(calc: Calc, path: Path) -> tuple[Open, Saved]:
    def open_(data: bytes) -> WorkbookPort:
        path.write_bytes(data)
        return LiveWorkbook(calc.open(path))

    def saved(book: WorkbookPort) -> Any:
        book.save(path)
        return _loaded(path.read_bytes())

    return open_, saved


def _loaded(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def brought(book: WorkbookPort, refs: Sequence[str]) -> tuple[list[Pointer], Mapping[str, str]]:
    """Write the rows of `refs` as a collation does; returns what cannot follow, and which tables were left."""
    book.read_table("tbl_k")
    assert list(book.make_room("tbl_k", len(refs))) == []
    sheet, body = book.body("tbl_k")
    rows = {OLD[ref]: TOP + at for at, ref in enumerate(refs) if ref in OLD}
    moves = Moves(sheet, body, rows, TOP + len(refs) - 1, totals=1 if book.totals("tbl_k") else 0)
    left = book.bring_rows({"tbl_k": moves})
    on_sheet = [] if left else [moves]
    lost = book.follow(lambda name: on_sheet if name is None or name.casefold() == "kpis" else [])
    if not left:
        book.write_table(
            "tbl_k", [{"Ref": ref, "Actual": 10 + at, "Who": f"{ref}'s"} for at, ref in enumerate(refs)], rows
        )
    return list(lost), left


def row_of(refs: Sequence[str], ref: str) -> int | None:
    return TOP + refs.index(ref) if ref in refs else None


def _cases() -> Iterator[Any]:
    """Every order with and without totals and a note below; in an open Excel, each order with one of the four.

    The other 36 of an open Excel, which take a second each, are for the long tier.
    """
    for number, (order, refs) in enumerate(ORDERS.items()):
        for which, (totals, below) in enumerate(product([False, True], repeat=2)):
            name = f"{order}-{'totals' if totals else 'no totals'}-{'a note below' if below else 'nothing below'}"
            yield pytest.param("file", refs, totals, below, id=f"{name}-file")
            marks = [pytest.mark.libreoffice, *([] if number % 4 == which else [pytest.mark.long])]
            yield pytest.param("live", refs, totals, below, marks=marks, id=f"{name}-live")


@pytest.mark.parametrize(("door", "refs", "totals", "below"), list(_cases()), indirect=["door"])
def test_what_is_a_persons_goes_with_its_row(
    door: tuple[Open, Saved], refs: tuple[str, ...], totals: bool, below: bool
) -> None:
    book = door[0](master(totals=totals, below=below))
    lost, left = brought(book, refs)
    assert left == {}
    workbook = door[1](book)
    sheet, mine = workbook["KPIs"], workbook["Mine"]
    last = TOP + len(refs) - 1
    grown = max(len(refs) - len(REFS), 0)
    at_below = 8 + totals + grown
    # Rows and what hangs on them.
    assert [sheet[f"B{TOP + at}"].value for at in range(len(refs))] == list(refs)
    assert [sheet[f"C{TOP + at}"].value for at in range(len(refs))] == [10 + at for at in range(len(refs))]
    notes = {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    expected = {f"C{row_of(refs, ref)}": text for ref, text in NOTES.items() if ref in refs}
    assert notes == {**expected, "F5": "beside the table", **({f"C{at_below}": "about what is below"} if below else {})}
    linked = {cell.coordinate: cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert linked == ({f"B{row_of(refs, 'L1')}": "https://example.org/l1"} if "L1" in refs else {})
    yellow = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == YELLOW}
    assert yellow == ({f"D{row_of(refs, 'C1')}"} if "C1" in refs else set())
    assert {cell.coordinate for row in sheet[f"B4:D{last}"] for cell in row if cell.font.b} == yellow
    tall = {row for row in range(TOP, last + 1) if (sheet.row_dimensions[row].height or 15) > 35}
    assert tall == ({row_of(refs, "L1")} if "L1" in refs else set())
    # What points at them.
    assert mine["A2"].value == f"=SUM(KPIs!C4:C{last})"
    assert mine["A3"].value == "=KPIs!F5"
    names = {name: value.attr_text.replace("'", "") for name, value in workbook.defined_names.items()}
    assert names["all_actuals"] == f"KPIs!$C$4:$C${last}"
    assert mine["A1"].value == f"=KPIs!C{row_of(refs, 'L1') or 5}"
    assert names["actual_of_c1"] == f"KPIs!$C${row_of(refs, 'C1') or 6}"
    told = {each.text for each in lost}
    assert told == ({"=KPIs!C5"} if "L1" not in refs else set()) | ({"KPIs!$C$6"} if "C1" not in refs else set())
    # The table, and what is below and beside it.
    assert sheet.tables["tbl_k"].ref == f"B3:D{last + totals}"
    assert sheet["F5"].value == "beside"
    if totals:
        assert sheet[f"B{last + 1}"].value == "All"
        assert str(sheet[f"C{last + 1}"].value).startswith("=SUBTOTAL(109,")
    column = [sheet[f"B{row}"].value for row in range(1, 20)]
    assert column.count("All") == totals
    if below:
        assert sheet[f"B{at_below}"].value == "agreed on 9 July"
    assert column.count("agreed on 9 July") == below


def test_what_hangs_on_cells_is_told(door: tuple[Open, Saved]) -> None:
    assert list(door[0](master()).read_attached("tbl_k")) == [
        Attached(4, "Actual", "note", NOTES["V1"]),
        Attached(5, "Ref", "link", "https://example.org/l1"),
        Attached(6, "Actual", "note", NOTES["C1"]),
    ]


def test_a_table_beside_that_new_rows_would_tear_is_named(door: tuple[Open, Saved]) -> None:
    def beside(book: Any, sheet: Any) -> None:
        sheet.add_table("H2:I12", {"name": "tbl_beside"})

    book = door[0](master(below=True, change=beside))
    with pytest.raises(WorkbookError, match=r"would cover B8; the table 'tbl_beside' beside it would be torn"):
        book.make_room("tbl_k", 6)
    assert door[1](book)["KPIs"]["B8"].value == "agreed on 9 July"


# An open Excel that refuses ------------------------------------------------------------------------------------------


@pytest.fixture
def refusing(calc: Calc, tmp_path: Path) -> tuple[LiveWorkbook, Saved]:
    open_, saved = _open_door(calc, tmp_path / "master.xlsx")
    book = open_(master())
    assert isinstance(book, LiveWorkbook)
    return book, saved


def as_it_was(workbook: Any) -> None:
    """Check that the table is as `master` made it."""
    sheet = workbook["KPIs"]
    assert [sheet[f"B{row}"].value for row in range(4, 8)] == list(REFS)
    notes = {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert notes == {"C4": NOTES["V1"], "C6": NOTES["C1"], "F5": "beside the table"}
    assert sheet["B5"].hyperlink.target == "https://example.org/l1"
    assert sheet["D6"].fill.fgColor.rgb == YELLOW
    assert sheet.tables["tbl_k"].ref == "B3:D7"
    assert workbook["Mine"]["A1"].value == "=KPIs!C5"
    assert workbook["Mine"]["A2"].value == "=SUM(KPIs!C4:C7)"


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    ("step", "at", "refs"),
    [
        ("insert", 1, ORDERS["all at once"]),
        ("insert", 2, ("P1", "V1", "N1", "L1", "C1")),
        ("move", 1, ORDERS["all at once"]),
        ("move", 2, ORDERS["turned round"]),
        ("delete", 1, ORDERS["one left"]),
        ("delete", 1, ORDERS["turned round"]),
    ],
)
def test_whichever_step_excel_refuses_the_table_is_as_it_was(
    refusing: tuple[LiveWorkbook, Saved], monkeypatch: pytest.MonkeyPatch, step: str, at: int, refs: tuple[str, ...]
) -> None:
    book, saved = refusing
    plain, calls = getattr(Range, step), 0

    def refuses(cells: Range, *arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at:
            raise refusal("We can't do that to a merged cell.")
        return plain(cells, *arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Range, step, refuses)
        _, left = brought(book, refs)
    assert left == {
        "tbl_k": "sheet 'KPIs', table 'tbl_k': its rows could not be brought to their places (We can't do that to a "
        "merged cell), so it was left as it was"
    }
    as_it_was(saved(book))
    assert brought(book, refs)[1] == {}
    assert [row["Ref"].raw for row in book.read_table("tbl_k").rows] == list(refs)


@pytest.mark.libreoffice
def test_where_rows_have_gone_and_excel_goes_no_further_every_row_is_still_whole(
    refusing: tuple[LiveWorkbook, Saved], monkeypatch: pytest.MonkeyPatch
) -> None:
    book, saved = refusing
    plain, calls = Range.delete, 0

    def refuses(cells: Range, shift: str | None = None) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise refusal("no")
        plain(cells, shift)

    monkeypatch.setattr(Range, "delete", refuses)
    with pytest.raises(WorkbookError, match=r"Excel refused \(no\)\. Do it again"):
        brought(book, ("L1", "P1"))
    sheet = saved(book)["KPIs"]
    about = {sheet[f"B{row}"].value: sheet[f"C{row}"].comment for row in range(4, 8)}
    assert about["L1"] is None
    assert about["V1"].text == NOTES["V1"]


@pytest.mark.libreoffice
def test_a_table_below_that_reaches_beyond_is_named(calc: Calc, tmp_path: Path) -> None:
    def wider(book: Any, sheet: Any) -> None:
        sheet.add_table("A12:E14", {"name": "tbl_wider"})

    open_, saved = _open_door(calc, tmp_path / "master.xlsx")
    book = open_(master(change=wider))
    _, left = brought(book, ("P1", "C1", "L1", "V1"))
    assert "the table 'tbl_wider' below it reaches beyond its columns" in left["tbl_k"]
    as_it_was(saved(book))


@pytest.mark.libreoffice
def test_a_protected_sheet_is_said_before_anything_moves(refusing: tuple[LiveWorkbook, Saved]) -> None:
    book, saved = refusing
    book.book.sheets["KPIs"].impl.uno.protect("")
    with pytest.raises(WorkbookError, match="is protected, so it cannot be brought up to date"):
        brought(book, ("P1", "C1", "L1", "V1"))
    book.book.sheets["KPIs"].impl.uno.unprotect("")
    as_it_was(saved(book))


@pytest.mark.long
@pytest.mark.libreoffice
def test_a_fault_at_any_call_parts_no_row_from_what_hangs_on_it_and_the_next_time_all_is_right(
    calc: Calc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refs = ORDERS["all at once"]
    data, path = master(totals=True), tmp_path / "master.xlsx"
    stopped, at = 0, 1
    while True:
        book = _open_door(calc, path)[0](data)
        assert isinstance(book, LiveWorkbook)
        with monkeypatch.context() as patch:
            counted = failing_at(patch, at)
            try:
                stopped += bool(brought(book, refs)[1])
            except WorkbookError:
                stopped += 1
        if counted() < at:
            break
        sheet = book.book.sheets["KPIs"]
        about = {note.location.address: note.text for note in sheet.notes}
        for row in LiveWorkbook(book.book).read_table("tbl_k").rows:
            if row["Ref"].raw:
                assert about.get(f"$C${row.number}") == NOTES.get(row["Ref"].raw), (at, row.number)
        again = LiveWorkbook(book.book)
        rows = {number: key for number, (key,) in again.read_keys("tbl_k", ["Ref"]).items()}
        moved = {number: TOP + refs.index(key) for number, key in rows.items() if key in refs}
        again.write_table("tbl_k", [{"Ref": ref} for ref in refs], moved)
        table = again.read_table("tbl_k")
        assert [row["Ref"].raw for row in table.rows] == list(refs), at
        notes = {note.location.address: note.text for note in sheet.notes if note.location.column == 3}
        assert notes == {f"$C${row_of(refs, ref)}": text for ref, text in NOTES.items() if ref in refs}, at
        book.book.close()
        at += 5
    assert stopped > 0


def failing_at(patch: pytest.MonkeyPatch, at: int) -> Callable[[], int]:
    """Have one call to Excel refused; returns how many there have been."""
    calls = 0

    def counting(plain: Any) -> Any:
        def counted(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == at:
                raise refusal("Application-defined error")
            return plain(*arguments, **named)

        return counted

    for name in ("insert", "delete", "move", "copy", "paste"):
        patch.setattr(Range, name, counting(getattr(Range, name)))
    for name in ("raw_value", "formula", "color", "number_format"):
        plain = getattr(Range, name)
        patch.setattr(Range, name, property(counting(plain.fget), counting(plain.fset)))
    return lambda: calls
