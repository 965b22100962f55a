"""References in formulas: copied as Excel copies them, and followed to where the rows that they name have gone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from xlperf.workbook.a1 import Area
from xlperf.workbook.formulafill import Moves, copied, followed

# Rows 2 to 9 of columns A to T become rows 2 to 10: some stay, some go elsewhere, and what was in row 9 is gone.
MOVES = Moves("KPIs", Area(1, 2, 20, 9), {2: 2, 3: 3, 4: 7, 5: 9, 6: 4, 7: 5, 8: 6}, 10)


def moves_on(sheet: str | None) -> Sequence[Moves]:
    return [MOVES] if sheet is None or sheet.casefold() == "kpis" else []


@pytest.mark.parametrize(
    ("formula", "now"),
    [
        ("K5*100+1", "K9*100+1"),
        ("k5+$K$5+K$5+$K5", "k9+$K$9+K$9+$K9"),
        ("K4-K5", "K7-K9"),
        ("KPIs!K5+'KPIs'!K6+kpis!K4", "KPIs!K9+'KPIs'!K4+kpis!K7"),
        ("SUM(J5:K5)", "SUM(J9:K9)"),
        ("SUM(K6:K8)/K2", "SUM(K4:K6)/K2"),
        ("K5/SUM($K$2:$K$9)", "K9/SUM($K$2:$K$10)"),
        ("COUNT(K1:K9)+SUM(K9:K2)", "COUNT(K1:K10)+SUM(K10:K2)"),
        ("INDEX(K2:K1000,MATCH(A5,A:A,0))", "INDEX(K2:K1000,MATCH(A9,A:A,0))"),
        ("SUM(K2:K3)+K2", "SUM(K2:K3)+K2"),
        ("_xlfn.ANCHORARRAY(K5)+@K5+_xlfn._xlws.SORT(K5#)", "_xlfn.ANCHORARRAY(K9)+@K9+_xlfn._xlws.SORT(K9#)"),
        ('"K5"&K5&"say ""K5"" twice"', '"K5"&K9&"say ""K5"" twice"'),
        ("LOG10(K5)+DEC2BIN(5)+Q1_2026+tax.K5+K5.x+\\K5", "LOG10(K9)+DEC2BIN(5)+Q1_2026+tax.K5+K5.x+\\K5"),
        ("R5C3+XFE5+1E5+Rate2026", "R5C3+XFE5+1E5+Rate2026"),
        ("t[[#This Row],[K5]]+T[K5]+[@[it's K5]]+K5", "t[[#This Row],[K5]]+T[K5]+[@[it's K5]]+K9"),
        ("'It''s K5'!A5+Other!K5+[1]KPIs!K5", "'It''s K5'!A5+Other!K5+[1]KPIs!K5"),
        ("'C:\\x\\[B.xlsx]KPIs'!K5+K5", "'C:\\x\\[B.xlsx]KPIs'!K5+K9"),
        ("K5\r\n+K6", "K9\r\n+K4"),
        ("AZ5+#REF!+K1", "AZ5+#REF!+K1"),
        ('INDIRECT2(K5)&"INDIRECT(K5)"', 'INDIRECT2(K9)&"INDIRECT(K5)"'),
    ],
)  # fmt: skip
def test_a_reference_goes_where_its_cell_goes(formula: str, now: str) -> None:
    assert followed(formula, "KPIs", moves_on) == now


@pytest.mark.parametrize(
    "formula",
    [
        "K9",  # gone
        "K2:K5",  # no longer one range
        "SUM(K$2:K5)",
        "K5:AZ5",  # what is beside the table stays behind
        "5:5",
        "K10",  # below the table, which grows over it
        "SUM(KPIs:Other!K5)",
        "K5:INDEX(K2:K9,3)",
        "OFFSET(K2,1,0)",
        'indirect("K"&5)',
    ],
)
def test_what_cannot_be_followed_is_refused(formula: str) -> None:
    assert followed(formula, "KPIs", moves_on) is None


@pytest.mark.parametrize("formula", ["K5+SUM(K$2:K5)+OFFSET(K5,-1,0)+5:5+K5:AZ5+SUM(KPIs:Other!K5)", "K2:K9"])
def test_where_nothing_moves_everything_stays(formula: str) -> None:
    still = Moves("KPIs", Area(1, 2, 20, 9), {row: row for row in range(2, 10)}, 9)
    assert followed(formula, "KPIs", lambda _: [still]) == formula


def test_a_table_of_one_row_is_the_whole_column_to_a_range_down_it() -> None:
    only = Moves("KPIs", Area(1, 2, 20, 2), {2: 3}, 4)
    formula, now = "K2/SUM(K$2:K$2)+SUM(J2:K2)+SUM(K1:K2)", "K3/SUM(K$2:K$4)+SUM(J3:K3)+SUM(K1:K4)"
    assert followed(formula, "KPIs", lambda _: [only]) == now


def test_a_formula_is_copied_as_excel_copies_it() -> None:
    assert copied('A1+$A$1+B$2:$C3+5:6+LOG10(A1)+"A1"+XFE1', 3, 2) == 'C4+$A$1+D$2:$C6+8:9+LOG10(C4)+"A1"+XFE1'
    assert (
        copied("SUM(A:A)+Mine!B:$C+$A:$A+A:XFE+A:INDEX(B:B,2)", 3, 2) == "SUM(C:C)+Mine!D:$C+$A:$A+A:XFE+A:INDEX(D:D,2)"
    )
    assert copied("A5+B6", -5, 0) == "#REF!+B1"
    assert copied("SUM(A:B)", 0, -1) == "SUM(#REF!)"
