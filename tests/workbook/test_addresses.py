"""What a formula names by address: one that may point at no row of ours stays what it is, however they are moved."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlperf.workbook.a1 import Area
from xlperf.workbook.addresses import addresses, may_point_at, reaches_by_place
from xlperf.workbook.formulafill import Moves, followed

MOVING = (
    Moves("KPIs", Area(3, 4, 6, 9), {4: 4, 5: 8, 6: 5, 8: 6}, 7),
    Moves("Bob's & Co", Area(1, 2, 3, 5), {2: 5, 3: 4, 4: 3, 5: 2}, 11, totals=1),
)
SHEETS = ("KPIs", "Bob's & Co", "Other")

columns = st.sampled_from(["A", "B", "C", "$D", "F", "G", "$H", "AZ", "XFD", "d"])
row_numbers = st.sampled_from(["1", "2", "$3", "4", "5", "$6", "9", "10", "$12", "500", "1048576"])
cells = st.builds("".join, st.tuples(columns, row_numbers))
places = st.one_of(
    cells,
    st.builds("{}:{}".format, cells, cells),
    st.sampled_from(["A:C", "$D:$D", "4:6", "$1:$2", "C5#", "Table[Rows]", "tbl[[#This Row],[D5]]", "Rate26", "#REF!"]),
)
prefixes = st.sampled_from(
    ["", "", "KPIs!", "kpis!", "'KPIs'!", "'Bob''s & Co'!", "Other!", "[1]KPIs!", "KPIs:Other!", "'C:\\[B.xlsx]KPIs'!"]
)
references = st.builds("{}{}".format, prefixes, places)
terms = st.one_of(
    references,
    references.map("SUM({})".format),
    references.map("INDEX({},2)".format),
    references.map("OFFSET({},1,0)".format),
    references.map('INDIRECT("{}")'.format),
    references.map('"say {}"'.format),
    references.map('HYPERLINK("#{}","go")'.format),
    references.map('HYPERLINK("#"&"{}")'.format),
    references.map("{}:INDEX(A1:A9,2)".format),
)
formulas = st.lists(terms, min_size=1, max_size=3).map("+".join)


def moves_on(sheet: str | None) -> Sequence[Moves]:
    return [table for table in MOVING if sheet is None or table.sheet.casefold() == sheet.casefold()]


@given(formulas, st.sampled_from(SHEETS))
def test_a_formula_that_may_point_at_no_row_stays_as_it_is(formula: str, sheet: str) -> None:
    bodies = {table.sheet.casefold(): [table.body] for table in MOVING}
    if not may_point_at(formula, sheet, bodies):
        assert followed(formula, sheet, moves_on) == formula


@pytest.mark.parametrize("formula", ["SUM(Other!A1:B9)", "$P$5+R4", "tbl_data[Ref]", "KPIs!A1", "KPIs!H5", '"KPIs!D5"'])
def test_a_formula_beside_above_or_elsewhere_points_at_no_row(formula: str) -> None:
    assert not may_point_at(formula, "Chart", {"kpis": [Area(3, 4, 6, 9)]})


def test_the_areas_are_told_with_the_sheet_that_is_named() -> None:
    told = addresses("A1+'Bob''s & Co'!$B$2:C3+SUM(KPIs:Other!D4)+[1]KPIs!E5")
    assert told == (("", Area(1, 1, 1, 1)), ("Bob's & Co", Area(2, 2, 3, 3)), (None, Area(4, 4, 4, 4)))


@pytest.mark.parametrize(
    "formula", ["INDIRECT(A1)", "1+offset(A1,1,1)", "'a\"b'!Z1+INDIRECT(A1)", 'tbl[5" pipes]*INDIRECT(A1)']
)
def test_a_function_that_reaches_by_place_is_seen_behind_a_quotation_mark(formula: str) -> None:
    assert reaches_by_place(formula)


@pytest.mark.parametrize("formula", ['"INDIRECT(A1)"', "tbl[INDIRECT(]", "'OFFSET(x'!A1", "MY.OFFSET(A1)"])
def test_a_text_that_names_such_a_function_reaches_nothing(formula: str) -> None:
    assert not reaches_by_place(formula)
