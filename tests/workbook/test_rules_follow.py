"""Conditional formats and lists on and beside a table whose rows move, and what hangs on its totals row."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import openpyxl
import pytest
import xlsxwriter

from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.formulafill import Moves

REFS = ("V1", "L1", "C1", "P1")
OLD = {ref: number for number, ref in enumerate(REFS, 2)}
"""The table's body is A2:C5 of the sheet KPIs."""
ORDERS = [("P1", "C1", "L1", "V1"), ("NEW", "V1", "L1", "NEW2", "C1", "P1"), ("C1", "V1")]


class Shown(NamedTuple):
    """A workbook once the rows of its table are others."""

    data: bytes
    rules: list[tuple[str, str, str]]
    """Each conditional format and list: its sheet, its cells, its formula."""
    lost: list[str]

    def part(self, name: str) -> str:
        return zipfile.ZipFile(io.BytesIO(self.data)).read(name).decode()


def shown(refs: Sequence[str], change: Callable[[Any, Any], None], *, total: bool = False) -> Shown:
    """Let somebody do something on the sheet of the table and on another, then write rows in another order."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        kpis, mine = book.add_worksheet("KPIs"), book.add_worksheet("Mine")
        columns: list[dict[str, Any]] = [{"header": header} for header in ("Ref", "Actual", "Who")]
        columns[0]["total_string"] = "Total"
        kpis.add_table(f"A1:C{5 + total}", {"name": "tbl_k", "total_row": total, "columns": columns})
        for ref, row in OLD.items():
            kpis.write(row - 1, 0, ref)
        change(kpis, mine)
    return follow(out.getvalue(), refs)


def follow(data: bytes, refs: Sequence[str]) -> Shown:
    """Write rows of these refs into the table."""
    book = FileWorkbook.open(data)
    rows = {OLD[ref]: number for number, ref in enumerate(refs, 2) if ref in OLD}
    sheet, body = book.body("tbl_k")
    moves = Moves(sheet, body, rows, len(refs) + 1, totals=1 if book.totals("tbl_k") else 0)
    lost = book.follow(lambda name: [moves] if name is None or name.casefold() == "kpis" else [])
    book.write_table("tbl_k", [{"Ref": ref} for ref in refs], rows)
    found = []
    for each in openpyxl.load_workbook(io.BytesIO(book.to_bytes())):
        found += [(each.title, str(e.sqref), e.rules[0].formula[0]) for e in each.conditional_formatting]
        found += [(each.title, str(e.sqref), e.formula1) for e in each.data_validations.dataValidation]
    return Shown(book.to_bytes(), found, [each.text for each in lost])


@pytest.mark.parametrize("refs", ORDERS)
def test_a_rule_for_a_whole_column_goes_on_speaking_of_the_row_that_it_colours(refs: tuple[str, ...]) -> None:
    def change(kpis: Any, mine: Any) -> None:
        kpis.conditional_format("C2:C5", {"type": "formula", "criteria": "=$B2>3"})
        kpis.data_validation("B2:B5", {"validate": "custom", "value": "=A2>$B$4"})

    found = shown(refs, change)
    assert ("KPIs", f"C2:C{len(refs) + 1}", "$B2>3") in found.rules
    assert ("KPIs", f"B2:B{len(refs) + 1}", f"A2>$B${refs.index('C1') + 2}") in found.rules
    assert found.lost == []


@pytest.mark.parametrize("refs", ORDERS)
def test_a_rule_for_one_row_goes_with_it_and_names_what_it_named(refs: tuple[str, ...]) -> None:
    def change(kpis: Any, mine: Any) -> None:
        kpis.conditional_format("A4:XFD4", {"type": "formula", "criteria": "=AND($B4>$B2,Mine!A4>1)"})
        mine.conditional_format("A2", {"type": "formula", "criteria": "=KPIs!B4>1"})

    row, first = refs.index("C1") + 2, refs.index("V1") + 2
    found = shown(refs, change)
    assert ("KPIs", f"A{row}:XFD{row}", f"AND($B{row}>$B{first},Mine!A4>1)") in found.rules
    assert ("Mine", "A2", f"KPIs!B{row}>1") in found.rules
    assert found.lost == []


def test_a_rule_for_a_row_that_has_gone_is_not_on_another_row() -> None:
    def change(kpis: Any, mine: Any) -> None:
        kpis.conditional_format("A3:C3", {"type": "formula", "criteria": "=$B3>3"})
        kpis.data_validation("B3", {"validate": "list", "source": ["a", "b"]})
        kpis.data_validation("B4", {"validate": "list", "source": ["c", "d"]})

    found = shown(("C1", "V1"), change)
    assert found.rules == [("KPIs", "B2", '"c,d"')]
    assert '<dataValidations count="1">' in found.part("xl/worksheets/sheet1.xml")
    assert "<dataValidations" not in shown(("V1",), change).part("xl/worksheets/sheet1.xml")


def test_a_rule_on_another_sheet_for_many_rows_that_no_longer_stand_alike_is_told() -> None:
    def change(kpis: Any, mine: Any) -> None:
        mine.conditional_format("A2:A5", {"type": "formula", "criteria": "=KPIs!$B2>5"})
        mine.conditional_format("B2:B5", {"type": "formula", "criteria": "=KPIs!$B$2>$A2"})

    found = shown(ORDERS[0], change)
    assert found.rules == [("Mine", "A2:A5", "KPIs!$B2>5"), ("Mine", "B2:B5", "KPIs!$B$5>$A2")]
    assert found.lost == ["KPIs!$B2>5"]


@pytest.mark.parametrize("refs", ORDERS)
def test_what_hangs_on_the_totals_row_goes_with_it(refs: tuple[str, ...]) -> None:
    def change(kpis: Any, mine: Any) -> None:
        kpis.conditional_format("B6", {"type": "formula", "criteria": "=B6>SUM(B2:B5)"})
        kpis.write_comment("B6", "agreed with finance")
        kpis.write_url("C6", "https://example.org/total")
        kpis.write_comment("B1", "on the header")
        mine.write_formula("A1", "=KPIs!B6+SUM(KPIs!B1:B6)")

    found, end = shown(refs, change, total=True), len(refs) + 2
    assert found.rules == [("KPIs", f"B{end}", f"B{end}>SUM(B2:B{end - 1})")]
    book = openpyxl.load_workbook(io.BytesIO(found.data))
    assert book["KPIs"][f"B{end}"].comment.text == "agreed with finance"
    assert book["KPIs"][f"C{end}"].hyperlink.target == "https://example.org/total"
    assert book["KPIs"]["B1"].comment.text == "on the header"
    assert book["Mine"]["A1"].value == f"=KPIs!B{end}+SUM(KPIs!B1:B{end})"
    assert re.findall(r"<x:Row>(\d+)<", found.part("xl/drawings/vmlDrawing1.vml")) == ["0", str(end - 1)]
    assert found.lost == []


@pytest.mark.parametrize(
    ("refs", "cells"), [(ORDERS[0], ["A3:A5"]), (ORDERS[1], ["A3:A4", "A6"]), (ORDERS[2], ["A2:A3"])]
)
def test_a_link_on_several_rows_stays_on_those(refs: tuple[str, ...], cells: list[str]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        one = shown(REFS, lambda kpis, mine: kpis.write_url("A2", "https://example.org/"))
        before = zipfile.ZipFile(io.BytesIO(one.data))
        for name in before.namelist():
            book.writestr(name, before.read(name).replace(b'<hyperlink ref="A2"', b'<hyperlink ref="A2:A4"'))
    attached = FileWorkbook.open(out.getvalue()).read_attached("tbl_k")
    assert [each.row for each in attached] == [2, 3, 4]
    found = follow(out.getvalue(), refs)
    assert re.findall(r'<hyperlink ref="(\S+)"', found.part("xl/worksheets/sheet1.xml")) == cells


@pytest.mark.parametrize(
    ("refs", "cells"),
    [(ORDERS[0], "A2:XFD4 A6:XFD1048576"), (ORDERS[1], "A4:XFD4 A6:XFD1048576"), (ORDERS[2], "A2:XFD2 A6:XFD1048576")],
)
def test_a_rule_down_to_the_end_of_the_sheet_is_on_no_cell_twice(refs: tuple[str, ...], cells: str) -> None:
    def change(kpis: Any, mine: Any) -> None:
        for _ in range(100):  # the million rows below are not gone through
            kpis.conditional_format("A3:XFD1048576", {"type": "formula", "criteria": "=$B3>3"})
        mine.write_formula("A1", "=SUM(KPIs!B4:B1048576)")

    found = shown(refs, change)
    assert found.rules[0][1] == cells
    formula = openpyxl.load_workbook(io.BytesIO(found.data))["Mine"]["A1"].value
    if refs == ORDERS[1]:
        assert formula == "=SUM(KPIs!B6:B1048576)"
    else:
        assert (formula, found.lost) == ("=SUM(KPIs!B4:B1048576)", ["=SUM(KPIs!B4:B1048576)"])
