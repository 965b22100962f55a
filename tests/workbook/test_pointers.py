"""What points at cells of a table by address goes on pointing at the same, wherever their rows come to stand."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from tests.workbook.memory import MemoryWorkbook
from xlperf.workbook.a1 import Area
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.formulafill import Moves
from xlperf.workbook.port import Pointer

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group")  # openpyxl, which only reads here, keeps none

REFS = ("V1", "L1", "C1", "P1")
OLD = {ref: number for number, ref in enumerate(REFS, 2)}
"""The table's body is A2:C5 of the sheet KPIs."""


def master() -> bytes:
    """A table, and a person's sheet with a chart, names, formulas, sparklines, a list and colours that point at it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        kpis, mine = book.add_worksheet("KPIs"), book.add_worksheet("Mine")
        kpis.add_table("A1:C5", {"name": "tbl_k", "columns": [{"header": h} for h in ("Ref", "Actual", "Mine")]})
        for ref, row in OLD.items():
            kpis.write_row(row - 1, 0, [ref, row * 1.5])
            kpis.add_sparkline(row - 1, 5, {"range": f"KPIs!B{row}:C{row}"})  # beside the table, a row each
        book.define_name("L1_actual", "=KPIs!$B$3")
        book.define_name("all_actuals", "=KPIs!$B$2:$B$5")
        mine.write_formula("A1", "=KPIs!B4*2")
        mine.write_formula("A2", "=SUM(KPIs!$B$2:$B$5)")
        mine.write_formula("A3", "=SUM(B1:B9)")
        mine.write_formula("A4", "=SUM(KPIs!B2:B3)")
        mine.write_url("A6", "internal:KPIs!A5")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"name": "=KPIs!$A$4", "values": "=KPIs!$B$4"})
        chart.add_series({"name": "All", "values": "=KPIs!$B$2:$B$5"})
        mine.insert_chart("D2", chart)
        red = book.add_format({"bg_color": "#FF0000"})
        kpis.conditional_format("C2:C5", {"type": "cell", "criteria": ">", "value": "$B$3", "format": red})
        kpis.conditional_format("B4", {"type": "formula", "criteria": "=B4>A4", "format": red})
        kpis.data_validation("C2:C5", {"validate": "list", "source": ["a", "b"]})
    return out.getvalue()


def moved(refs: Sequence[str]) -> Moves:
    rows = {OLD[ref]: number for number, ref in enumerate(refs, 2) if ref in OLD}
    return Moves("KPIs", Area(1, 2, 3, 5), rows, max(len(refs), 1) + 1)


def rewritten(refs: Sequence[str], data: bytes = b"") -> tuple[bytes, list[Pointer]]:
    book, moves = FileWorkbook.open(data or master()), moved(refs)
    lost = book.follow(lambda sheet: [moves] if sheet is None or sheet.casefold() == "kpis" else [])
    book.write_table("tbl_k", [{"Ref": ref} for ref in refs], moves.rows)
    return book.to_bytes(), lost


def part(data: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode()


ORDERS = [("P1", "C1", "L1", "V1"), ("NEW", "V1", "L1", "NEW2", "C1", "P1"), (*REFS, "NEW")]


@pytest.mark.parametrize("refs", ORDERS)
def test_what_points_at_one_row_points_at_the_same_kpi(refs: tuple[str, ...]) -> None:
    data, _ = rewritten(refs)
    row = {ref: refs.index(ref) + 2 for ref in REFS}
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.defined_names["L1_actual"].attr_text == f"KPIs!$B${row['L1']}"
    assert book["Mine"]["A1"].value == f"=KPIs!B{row['C1']}*2"
    assert book["Mine"]["A6"].hyperlink.location == f"KPIs!A{row['P1']}"
    chart = part(data, "xl/charts/chart1.xml")
    assert re.findall(r"<c:f>(.*?)</c:f>", chart)[:2] == [f"KPIs!$A${row['C1']}", f"KPIs!$B${row['C1']}"]
    rules = {str(each.sqref): each.rules[0].formula for each in book["KPIs"].conditional_formatting}
    assert rules[f"B{row['C1']}"] == [f"B{row['C1']}>A{row['C1']}"]


@pytest.mark.parametrize("refs", ORDERS)
def test_what_points_at_a_whole_column_grows_with_the_table(refs: tuple[str, ...]) -> None:
    data, _ = rewritten(refs)
    last = len(refs) + 1
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.defined_names["all_actuals"].attr_text == f"KPIs!$B$2:$B${last}"
    assert book["Mine"]["A2"].value == f"=SUM(KPIs!$B$2:$B${last})"
    assert re.findall(r"<c:f>(.*?)</c:f>", part(data, "xl/charts/chart1.xml"))[2] == f"KPIs!$B$2:$B${last}"
    rules = {str(each.sqref): each.rules[0].formula for each in book["KPIs"].conditional_formatting}
    assert rules[f"C2:C{last}"] == [f"$B${refs.index('L1') + 2}"]
    assert str(book["KPIs"].data_validations.dataValidation[0].sqref) == f"C2:C{last}"


@pytest.mark.parametrize("refs", ORDERS)
def test_a_sparkline_draws_the_row_that_it_stands_in(refs: tuple[str, ...]) -> None:
    data, _ = rewritten(refs)
    sheet = part(data, "xl/worksheets/sheet1.xml")
    drawn = re.findall(r"<xm:f>KPIs!B(\d+):C(\d+)</xm:f><xm:sqref>F(\d+)</xm:sqref>", sheet)
    assert sorted(drawn) == sorted((str(refs.index(ref) + 2),) * 3 for ref in REFS)


def test_what_points_elsewhere_and_a_table_that_stays_are_left_alone() -> None:
    data, lost = rewritten(REFS)
    assert lost == []
    for name in ("xl/charts/chart1.xml", "xl/worksheets/sheet2.xml"):
        assert part(data, name) == part(master(), name)
    assert openpyxl.load_workbook(io.BytesIO(rewritten(ORDERS[0])[0]))["Mine"]["A3"].value == "=SUM(B1:B9)"


def test_what_cannot_follow_is_told_and_stays_as_it_is() -> None:
    data, lost = rewritten(("C1", "NEW", "V1"))
    told = {(each.where, each.text) for each in lost}
    assert ("the name 'L1_actual'", "KPIs!$B$3") in told
    assert ("the link in Mine!A6", "KPIs!A5") in told
    assert any(where == "the sparkline in KPIs!F3" for where, _ in told)
    assert openpyxl.load_workbook(io.BytesIO(data)).defined_names["L1_actual"].attr_text == "KPIs!$B$3"


def test_a_range_inside_the_table_takes_in_what_comes_to_stand_inside_it() -> None:
    data, lost = rewritten(("V1", "NEW", "L1", "C1", "P1"))
    assert openpyxl.load_workbook(io.BytesIO(data))["Mine"]["A4"].value == "=SUM(KPIs!B2:B4)"
    assert lost == []


def test_a_workbook_without_pointers_has_none_to_tell_of() -> None:
    assert MemoryWorkbook().follow(lambda sheet: []) == ()


def with_more(change: Callable[[Any, Any, Any], None], put: Mapping[str, tuple[str, str]]) -> bytes:
    """The table, what somebody does in XlsxWriter, and what that cannot do put in by replacing a text of a part."""
    out, done = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        kpis, mine = book.add_worksheet("KPIs"), book.add_worksheet("Mine")
        kpis.add_table("A1:C5", {"name": "tbl_k", "columns": [{"header": h} for h in ("Ref", "Actual", "Mine")]})
        kpis.write_column("A2", REFS)
        change(book, kpis, mine)
    with zipfile.ZipFile(out) as before, zipfile.ZipFile(done, "w") as after:
        for name in before.namelist():
            old, new = put.get(name, ("", ""))
            text = before.read(name).decode()
            assert old in text
            after.writestr(name, text.replace(old, new, 1))
        for name in put.keys() - set(before.namelist()):
            after.writestr(name, put[name][1])
    return done.getvalue()


_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.mark.parametrize("refs", ORDERS)
def test_text_boxes_controls_pivot_tables_and_dates_of_sparklines_follow_too(refs: tuple[str, ...]) -> None:
    def change(book: Any, kpis: Any, mine: Any) -> None:
        mine.insert_textbox("D2", "1.5", {"textlink": "=KPIs!$B$4"})
        mine.add_sparkline("A1", {"range": "KPIs!B4:C4", "date_axis": "KPIs!A4:B4"})
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=KPIs!$B$4"})
        mine.insert_chart("H2", chart)

    link = f'<Relationship Id="rId90" Type="{_REL}/ctrlProp" Target="../ctrlProps/ctrlProp1.xml"/></Relationships>'
    cache = f'<Relationship Id="rId91" Type="{_REL}/pivotCacheDefinition" Target="p/cache.xml"/></Relationships>'
    hidden = '<c:extLst><c:ext><c15:sqref xmlns:c15="x">KPIs!$B$4</c15:sqref></c:ext></c:extLst></c:lineChart>'
    source = f'<pivotCacheDefinition xmlns="{_MAIN}"><worksheetSource ref="A1:C5" sheet="kpis"/></pivotCacheDefinition>'
    book = FileWorkbook.open(
        with_more(
            change,
            {
                "xl/worksheets/_rels/sheet2.xml.rels": ("</Relationships>", link),
                "xl/_rels/workbook.xml.rels": ("</Relationships>", cache),
                "xl/charts/chart1.xml": ("</c:lineChart>", hidden),
                "xl/ctrlProps/ctrlProp1.xml": ("", '<formControlPr xmlns="x" fmlaLink="KPIs!$C$4" fmlaRange="$B$2"/>'),
                "xl/p/cache.xml": ("", source),
            },
        )
    )
    moves, row = moved(refs), refs.index("C1") + 2
    assert book.follow(lambda sheet: [moves] if sheet is None or sheet.casefold() == "kpis" else []) == []
    data = book.to_bytes()
    assert f'textlink="KPIs!$B${row}"' in part(data, "xl/drawings/drawing1.xml")
    assert f'fmlaLink="KPIs!$C${row}" fmlaRange="$B$2"' in part(data, "xl/ctrlProps/ctrlProp1.xml")
    assert f'ref="A1:C{len(refs) + 1}" sheet="kpis"' in part(data, "xl/p/cache.xml")
    assert f">KPIs!$B${row}</c15:sqref>" in part(data, "xl/charts/chart1.xml")
    assert re.findall(r"<xm:f>KPIs!(\S+?)</xm:f>", part(data, "xl/worksheets/sheet2.xml")) == [
        f"A{row}:B{row}",
        f"B{row}:C{row}",
    ]


@pytest.mark.parametrize("refs", [("C1", "V1"), ("V1",)])
def test_no_two_sparklines_come_to_stand_in_one_cell(refs: tuple[str, ...]) -> None:
    data, lost = rewritten(refs)
    drawn = re.findall(
        r"<xm:f>KPIs!B(\d+):C\d+</xm:f><xm:sqref>F(\d+)</xm:sqref>", part(data, "xl/worksheets/sheet1.xml")
    )
    assert sorted(drawn) == [(str(row), str(row)) for row in range(2, len(refs) + 2)]
    assert sum("sparkline" in each.where for each in lost) == len(REFS) - len(refs)


def test_no_group_of_sparklines_is_left_with_none() -> None:
    def change(book: Any, kpis: Any, mine: Any) -> None:
        kpis.add_sparkline("F3", {"range": "KPIs!B3:C3"})

    book, moves = FileWorkbook.open(with_more(change, {})), moved(("V1",))
    book.follow(lambda sheet: [moves] if sheet is None or sheet.casefold() == "kpis" else [])
    sheet = part(book.to_bytes(), "xl/worksheets/sheet1.xml")
    assert "parkline" not in sheet
    assert "extLst" not in sheet
