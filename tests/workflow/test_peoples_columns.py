"""What people typed into columns of their own: it stays with the row it is about, or a finding tells it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.table import TableColumn, TableFormula

from tests.conftest import Q1, Team, at, draws, fill
from xlperf.findings import plain
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workflow.master.peoples import with_peoples_columns

RED: Mapping[str, Mapping[str, float]] = {
    "P1": {"Numerator": 10, "Denominator": 100},
    "V1": {"Actual": 60},
    "L1": {"Actual": 25},
    "C1": {"Actual": 40},
}

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")


def alpha(team: Team, red: Sequence[str], name: str, day: str) -> Any:
    """Collate the return of an owner of whose KPIs some are Red."""
    typed: dict[Any, dict[str, CellValue]] = {(kpi, "TRUST", Q1): {**RED[kpi], "Commentary": "x"} for kpi in red}
    fill(team.issued()["alpha"], typed, name=name, saved=at(day))
    return team.collate(at(day))


def keys(team: Team, table: str) -> dict[str, int]:
    return {row["Ref"].raw: row.number for row in team.table(table).rows if row["Ref"].raw}


def type_in(team: Team, table: str, header: str, typed: Mapping[str, Any], declared: str = "") -> None:
    """Play a person who types into an added column, by the Ref of the row; `{r}` is the row's number, `{V1}` V1's."""
    rows = keys(team, table)
    sheet_name = team.table(table).sheet
    book = openpyxl.load_workbook(team.workspace.master)
    sheet = book[sheet_name]
    about = sheet.tables[table]
    left, top, right, bottom = (edge or 0 for edge in range_boundaries(about.ref))
    headers = [column.name for column in about.tableColumns]
    if header not in headers:
        right += 1
        about.ref = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
        about.autoFilter.ref = about.ref
        formula = TableFormula(attr_text=declared) if declared else None
        number = max(column.id for column in about.tableColumns) + 1
        about.tableColumns.append(TableColumn(id=number, name=header, calculatedColumnFormula=formula))
        headers.append(header)
        sheet.cell(top, right, header)
    column = left + headers.index(header)
    for ref, value in typed.items():
        text = value.format(r=rows[ref], **rows) if isinstance(value, str) else value
        sheet.cell(rows[ref], column, text)
    book.save(team.workspace.master)


def shown(team: Team, table: str, header: str) -> dict[str, Any]:
    """What stands in a person's column, by the Ref of the row, with `{r}` for the row's own number; blanks left out."""
    read = team.table(table)
    sheet = openpyxl.load_workbook(team.workspace.master)[read.sheet]
    column = read.letters[read.columns.index(header)]
    found = {}
    for row in read.rows:
        value = sheet[f"{column}{row.number}"].value
        if value is not None:
            found[row["Ref"].raw] = value
    return found


def lost(done: Any) -> list[str]:
    return [item.message for item in done.findings if item.code == "D003"]


@pytest.fixture
def listed(issued_team: Team) -> Team:
    """P1, V1 and C1 are Red, so that they are listed in Exceptions."""
    alpha(issued_team, ["P1", "V1", "C1"], "one.xlsx", "2026-07-08")
    return issued_team


def test_the_formula_of_a_whole_column_goes_on_naming_the_same_row(listed: Team) -> None:
    """As V1's figure in each row, which is in another row once others are not listed; and so in rows that are new."""
    row = keys(listed, "tbl_exceptions")
    formula = f"$F${row['V1']}*2+SUM(KPIs!F:F)"
    type_in(listed, "tbl_exceptions", "Mine", dict.fromkeys(row, f"={formula}"), declared=formula)
    done = alpha(listed, ["L1", "V1"], "two.xlsx", "2026-07-09")
    now = keys(listed, "tbl_exceptions")
    assert now["V1"] != row["V1"], "nothing has moved"
    assert shown(listed, "tbl_exceptions", "Mine") == dict.fromkeys(now, f"=$F${now['V1']}*2+SUM(KPIs!F:F)")
    assert lost(done) == []


def test_each_rows_formula_goes_with_its_row_and_follows_it(listed: Team) -> None:
    typed = {"P1": '=F{r}&" K2 "&LOG10({r})', "C1": "=F{r}*100+1", "V1": "=ROUND(13.4*2,1)"}
    type_in(listed, "tbl_exceptions", "Mine", typed)
    before = keys(listed, "tbl_exceptions")
    done = alpha(listed, ["C1", "V1"], "two.xlsx", "2026-07-09")
    now = keys(listed, "tbl_exceptions")
    assert (now["V1"], now["C1"]) != (before["V1"], before["C1"]), "the case needs rows that move"
    assert shown(listed, "tbl_exceptions", "Mine") == {"C1": f"=F{now['C1']}*100+1", "V1": "=ROUND(13.4*2,1)"}
    (told,) = lost(done)
    assert f"'=F{before['P1']}&\" K2 \"&LOG10({before['P1']})'" in told
    assert "P1" in told


def test_where_no_row_moves_nothing_spreads_and_nothing_changes(listed: Team) -> None:
    typed = {"P1": None, "V1": '=K{r}&" first"', "C1": "=K{r}*100+1+SUM(K$2:K{r})+OFFSET(K{r},-1,0)"}
    type_in(listed, "tbl_kpis", "Mine", typed)
    before = shown(listed, "tbl_kpis", "Mine")
    done = listed.collate(at("2026-07-09"))
    assert shown(listed, "tbl_kpis", "Mine") == before
    assert len(before) == 2
    assert lost(done) == []


def test_a_reference_to_another_kpi_goes_on_meaning_that_kpi_in_every_table(listed: Team) -> None:
    rows = keys(listed, "tbl_exceptions")
    type_in(listed, "tbl_exceptions", "Gap", {"C1": "=F{C1}-$F${V1}", "V1": "=F{P1}"})
    from_list = {"G1": f"=Exceptions!$J${rows['V1']}", "T1": f"=Exceptions!F{rows['P1']}"}
    type_in(listed, "tbl_kpis", "From the list", from_list)
    done = alpha(listed, ["L1", "C1", "V1"], "two.xlsx", "2026-07-09")
    now = keys(listed, "tbl_exceptions")
    assert shown(listed, "tbl_exceptions", "Gap") == {"C1": f"=F{now['C1']}-$F${now['V1']}"}
    assert shown(listed, "tbl_kpis", "From the list") == {"G1": f"=Exceptions!$J${now['V1']}"}
    told = lost(done)
    assert len(told) == 2
    assert any(f"'=F{rows['P1']}'" in message for message in told)
    assert any(f"'=Exceptions!F{rows['P1']}'" in message for message in told)


def test_a_declared_formula_fills_new_rows_and_its_exceptions_stay_with_their_rows(listed: Team) -> None:
    length = "LEN(tbl_exceptions[[#This Row],[KPI]])"
    type_in(listed, "tbl_exceptions", "Length", {"P1": f"={length}", "V1": 7, "C1": "=F{r}*2"}, declared=length)
    done = alpha(listed, ["P1", "L1", "C1", "V1"], "two.xlsx", "2026-07-09")
    now = keys(listed, "tbl_exceptions")
    assert shown(listed, "tbl_exceptions", "Length") == {
        "P1": f"={length}", "L1": f"={length}", "V1": 7, "C1": f"=F{now['C1']}*2"
    }  # fmt: skip
    assert lost(done) == []
    done = alpha(listed, ["P1"], "three.xlsx", "2026-07-10")
    assert shown(listed, "tbl_exceptions", "Length") == {"P1": f"={length}"}
    at = "column 'Length'"
    assert sorted(lost(done)) == [f"C1 TRUST, {at}: '=F{now['C1']}*2'.", f"V1 TRUST, {at}: '7'."], (
        "what the table fills in by itself is not lost"
    )


def test_a_declared_formula_that_names_cells_of_its_row_names_those_of_the_row_it_comes_to(listed: Team) -> None:
    first = min(keys(listed, "tbl_exceptions").values())
    rows = dict.fromkeys(("P1", "V1", "C1"), "=F{r}*2")
    type_in(listed, "tbl_exceptions", "Twice", rows, declared=f"F{first}*2")
    before = keys(listed, "tbl_exceptions")
    done = alpha(listed, ["C1", "V1"], "two.xlsx", "2026-07-09")
    now = keys(listed, "tbl_exceptions")
    assert (now["V1"], now["C1"]) != (before["V1"], before["C1"]), "the case needs rows that move"
    assert shown(listed, "tbl_exceptions", "Twice") == {ref: f"=F{now[ref]}*2" for ref in ("V1", "C1")}
    assert lost(done) == []


def test_dates_truth_and_numbers_keep_their_kind_in_their_rows(listed: Team) -> None:
    typed = {"P1": date(2026, 12, 1), "V1": True, "C1": 0.25}
    type_in(listed, "tbl_exceptions", "Asked", typed)
    alpha(listed, ["P1", "L1", "C1", "V1"], "two.xlsx", "2026-07-09")
    asked = shown(listed, "tbl_exceptions", "Asked")
    assert (asked["P1"].date(), asked["V1"], asked["C1"]) == (date(2026, 12, 1), True, 0.25)
    assert asked.keys() == typed.keys()


# ---- whatever is typed, and wherever the rows go ---------------------------------------------------------------------

Key = tuple[str, str]
# The rows of tbl_typed go into whatever order they are given in.
KEYS: Sequence[Key] = [(kpi, org) for kpi in ("A1", "B2", "K5") for org in ("N", "S")]


@dataclass(frozen=True)
class Typed:
    """What a person typed about a key: a value, or a formula about the keys in `about`."""

    form: str
    about: tuple[Key, ...] = ()

    def text(self, rows: Mapping[Key, int], last: int) -> str | None:
        """The formula where the keys have these rows; None where one of them has none."""
        if any(key not in rows for key in self.about):
            return None
        return self.form.format(*(rows[key] for key in self.about), last=last)


FORMS = (
    "=C{0}*2", "=$C${0}+C{0}", '="C{{0}}C5"&C{0}', "=C{0}-C{1}", "=kpis!C{0}", "='KPIs'!$C{1}&LOG10(5)",
    "=C{0}/SUM(C$2:C${last})", "=SUM(C:C)+C5_x", "=tbl_typed[[#This Row],[C5]]", "=1+1", "C5", "note\r\nC5", "'=C5",
)  # fmt: skip


@st.composite
def states(draw: st.DrawFn) -> tuple[list[Key], list[Key], dict[Key, Typed], str]:
    before = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=6, unique=True))
    after = draw(st.lists(st.sampled_from(KEYS), max_size=6, unique=True))
    typed = {}
    for key in before:
        form = draw(st.sampled_from([*FORMS, ""]))
        if form:
            about = (key, draw(st.sampled_from(before)))
            typed[key] = Typed(form, about[: 2 if "{1}" in form else 1 if "{0}" in form else 0])
    return before, after, typed, draw(st.sampled_from(["", "tbl_typed[[#This Row],[C5]]*3"]))


def workbook(rows: Sequence[Key], typed: Mapping[Key, Typed], declared: str) -> FileWorkbook:
    buffer, last = io.BytesIO(), len(rows) + 1
    places = {key: number for number, key in enumerate(rows, 2)}
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("KPIs")
        columns: list[dict[str, Any]] = [{"header": header} for header in ("Ref", "Org", "C5", "Mine", "Declared")]
        columns[4] |= {"formula": f"={declared}"} if declared else {}
        sheet.add_table(0, 0, last - 1, 4, {"name": "tbl_typed", "columns": columns})
        for key, number in places.items():
            sheet.write_row(number - 1, 0, [*key, number])
            text = typed[key].text(places, last) if key in typed else None
            if text and text.startswith("="):
                sheet.write_formula(number - 1, 3, text, None, "")
            elif text:
                sheet.write_string(number - 1, 3, text)
    return FileWorkbook.open(buffer.getvalue())


@draws(60)
@given(states())
def test_every_formula_is_in_its_row_or_told_and_nothing_stands_where_nobody_typed_it(
    state: tuple[list[Key], list[Key], dict[Key, Typed], str],
) -> None:
    before, after, typed, declared = state
    book = workbook(before, typed, declared)
    content, findings = with_peoples_columns(
        book, {"tbl_typed": ["Mine", "Declared"]}, {"tbl_typed": [{"Ref": ref, "Org": org} for ref, org in after]}
    )
    book.write_table("tbl_typed", *content["tbl_typed"])
    told = " ".join(item.message for item in findings)
    sheet = openpyxl.load_workbook(io.BytesIO(book.to_bytes()))["KPIs"]
    old, new = ({key: number for number, key in enumerate(keys, 2)} for keys in (before, after))
    last = max(len(after), 1) + 1
    for number in range(2, max(len(before), len(after), 1) + 2):
        value = sheet.cell(number, 4).value
        key = after[number - 2] if number - 2 < len(after) else None
        wanted = typed[key].text(new, last) if key is not None and key in typed else None
        stands = None if value is None else str(value).replace("_x000D_", "\r")
        if wanted is None:
            assert stands is None
        else:
            assert stands == wanted
        filled = sheet.cell(number, 5).value
        assert filled == (f"={declared}" if declared and number <= last else None)
    for key, typing in typed.items():
        if typing.text(new, last) is None or key not in new:
            assert f"'{plain(str(typing.text(old, len(before) + 1)))}'" in told
