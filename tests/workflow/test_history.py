"""Importing figures kept before xlperf."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.conftest import BY, Q1, Q4, Team, at, fill, kpi_in, tree
from xlperf.errors import UsageError, WorkbookError
from xlperf.workflow.cycle.import_history import ImportResult, import_history
from xlperf.workflow.workspace.run import Run

V1_BEFORE = ("V1", "TRUST", Q4)
HEAD = "kpi,org,period,actual,numerator,denominator,milestone,commentary\n"


def take(team: Team, file: Path) -> ImportResult:
    return import_history(team.workspace, file, Run(at("2026-06-01"), BY))


def csv(team: Team, text: str, name: str = "history.csv") -> Path:
    path = team.root / name
    path.write_text(text, encoding="utf-8")
    return path


def test_figures_of_every_kind_are_taken_and_marked_imported(team: Team) -> None:
    lines = (
        f"V1,TRUST,{Q4},88.5,,,,Half the reviewers were ill\n"
        f"P1,TRUST,{Q4},,412,431,,\n"
        f"M1,TRUST,{Q4},,,,On track,\n"
        "T1,TRUST,2026-03,,150,200,,\n"
    )
    done = take(team, csv(team, HEAD + lines))
    assert (done.taken, done.refused, done.findings) == (4, 0, ())
    figures = team.state.figures
    assert figures[V1_BEFORE].now.actual == 88.5
    assert figures[V1_BEFORE].now.commentary == "Half the reviewers were ill"
    assert figures[V1_BEFORE].is_imported
    assert figures[("P1", "TRUST", Q4)].now.actual == 95.5916473317865
    assert figures[("M1", "TRUST", Q4)].now.milestone == "On track"
    team.collate()
    assert {row["Return"] for row in team.sheet("tbl_data")} == {"imported"}


def test_headings_in_any_order_and_capitals_with_columns_of_no_interest(team: Team) -> None:
    text = f"Comment,PERIOD, Org ,Actual,KPI\nx,{Q4},TRUST,88,V1\n"
    assert take(team, csv(team, text)).taken == 1
    assert team.state.figures[V1_BEFORE].now.actual == 88


def test_an_excel_file_with_percent_cells_and_months_that_excel_made_dates(team: Team) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["KPI", "Org", "Period", "Actual", "Numerator", "Denominator"])
    sheet.append(["V1", "TRUST", Q4, 0.885, None, None])
    sheet["D2"].number_format = "0.0%"
    sheet.append(["T1", "TRUST", datetime(2026, 3, 1), None, 150, 200])
    path = team.root / "history.xlsx"
    book.save(path)
    assert take(team, path).taken == 2
    assert team.state.figures[V1_BEFORE].now.actual == 88.5
    assert team.state.figures[("T1", "TRUST", "2026-03")].now.actual == 75


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f"V1,TRUST,{Q4},about 80,,,,", "R001"),
        (f"V1,TRUST,{Q4},0.88,,,,", "R004"),
        (f"V1,TRUST,{Q4},#DIV/0!,,,,", "R002"),
        (f"V1,TRUST,{Q4},188,,,,", "R009"),
        (f"V1,TRUST,{Q4},,,,,", "R005"),
        (f"P1,TRUST,{Q4},,412,,,", "R006"),
        (f"P1,TRUST,{Q4},,412,0,,", "R007"),
        (f"X9,TRUST,{Q4},88,,,,", "R025"),
        (f"V1,MOON,{Q4},88,,,,", "R025"),
        ("V1,TRUST,2026-03,88,,,,", "R025"),
        (f"C1,TRUST,{Q4},7.5,,,,", "R011"),
        (f"M1,TRUST,{Q4},,,,Nearly,", "R012"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_by_its_line(line: str, code: str, team: Team) -> None:
    done = take(team, csv(team, f"{HEAD}G1,TRUST,{Q4},5,,,,\n{line}\n"))
    assert (done.taken, done.refused) == (1, 1)
    (found,) = done.findings
    assert found.code == code
    assert found.location.line == 3
    assert "history.csv, line 3" in str(found)


def test_a_figure_given_twice_and_otherwise_is_refused_each_time(team: Team) -> None:
    lines = (f"V1,TRUST,{Q4},88,,,,", f"G1,TRUST,{Q4},5,,,,", f"V1,TRUST,{Q4},89,,,,", f"V1,TRUST,{Q4},88,,,,")
    done = take(team, csv(team, HEAD + "\n".join(lines)))
    assert (done.taken, done.refused) == (1, 3)
    assert [item.location.line for item in done.findings] == [2, 4, 5]
    assert {item.code for item in done.findings} == {"R022"}
    assert all("lines 2, 4 and 5" in item.message for item in done.findings)
    assert V1_BEFORE not in team.state.figures


def test_a_figure_given_twice_is_refused_where_one_of_them_cannot_be_read(team: Team) -> None:
    done = take(team, csv(team, f"{HEAD}V1,TRUST,{Q4},about 88,,,,\nV1,TRUST,{Q4},89,,,,\n"))
    assert (done.taken, done.refused) == (0, 2)


def test_a_figure_given_twice_in_the_same_way_is_taken_once_and_said(team: Team) -> None:
    lines = (f"V1,TRUST,{Q4},88,,,,", f"V1,TRUST,{Q4},88.0,,,,", f"V1,TRUST,{Q4},,,,,")
    done = take(team, csv(team, HEAD + "\n".join(lines)))
    assert (done.taken, [item.code for item in done.findings]) == (1, ["R052", "R005"])
    assert "lines 2 and 3" in done.findings[0].message
    assert team.state.figures[V1_BEFORE].now.actual == 88


def test_the_same_file_again_changes_nothing(team: Team) -> None:
    file = csv(team, f"{HEAD}V1,TRUST,{Q4},88,,,,\n")
    take(team, file)
    before = tree(team.root)
    assert take(team, file).already
    assert tree(team.root) == before


def test_rows_refused_for_the_catalogues_sake_are_taken_once_it_is_right(team: Team) -> None:
    file = csv(team, f"{HEAD}V1,TRUST,{Q4},88,,,,\nG1,TRUST,{Q4},5,,,,\n")
    team.change_catalogue(lambda data: kpi_in(data, "V1").update(possible=[0, 50], targets=[], no_target_because="New"))
    assert take(team, file).refused == 1
    team.change_catalogue(lambda data: kpi_in(data, "V1").update(possible=[0, 100]))
    done = take(team, file)
    assert (done.already, done.refused) == (False, 0)
    assert team.state.figures[V1_BEFORE].now.actual == 88


def test_a_return_counts_over_imported_history(issued_team: Team) -> None:
    take(issued_team, csv(issued_team, f"{HEAD}V1,TRUST,{Q1},50,,,,\n"))
    fill(issued_team.issued()["alpha"])
    issued_team.collate()
    take(issued_team, csv(issued_team, f"{HEAD}V1,TRUST,{Q1},51,,,,\n", "later.csv"))
    current = issued_team.state.figures[("V1", "TRUST", Q1)]
    assert (current.now.actual, current.is_imported) == (92, False)


def test_a_missing_column_is_named_with_those_there_may_be(team: Team) -> None:
    before = tree(team.root)
    with pytest.raises(UsageError, match=r"no column org.*numerator"):
        take(team, csv(team, f"kpi,period,actual\nV1,{Q4},88\n"))
    assert team.state.runs == ()
    assert before == {name: data for name, data in tree(team.root).items() if name != "history.csv"}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("gone.csv", None),
        ("notes.txt", b"x"),
        ("bad.xlsx", b"not a workbook"),
        ("latin.csv", "kpi;org\nCaf\xe9".encode("latin-1")),
        ("empty.csv", b""),
        ("zip.xlsx", b"PK\x05\x06" + b"\0" * 18),
    ],
)
def test_a_file_that_cannot_be_read_is_named(name: str, data: bytes | None, team: Team) -> None:
    path = team.root / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(WorkbookError, match=name.partition(".")[0]):
        take(team, path)
    assert team.state.runs == ()


def test_old_percentages_without_their_parts_are_taken(team: Team, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_text("kpi,org,period,actual\nP1,TRUST,2025-26-Q4,93.5\nP1,TRUST,2025-26-Q3,0.93\n")
    done = import_history(team.workspace, path, Run(at("2026-04-01"), "analyst"))
    assert (done.taken, done.refused, [item.code for item in done.findings]) == (1, 1, ["R004"])
    (figure,) = [current.now for current in team.state.figures.values()]
    assert (figure.actual, figure.numerator) == (93.5, None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("kpi,org,period,actual\nV1,TRUST,2025-26-Q4,9,432\n", "write 1,234 as"),
        ("kpi,org,period,actual,commentary,provisional\nG1,TRUST,2025-26-Q4,1,234,,\n", "write 1,234 as"),
        ("kpi,org,period,actual,Actual\nV1,TRUST,2025-26-Q4,90,91\n", "twice"),
    ],
)
def test_a_file_that_could_be_read_two_ways_is_refused_whole(team: Team, tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "old.csv"
    path.write_text(text)
    with pytest.raises(WorkbookError, match=says):
        import_history(team.workspace, path, Run(at("2026-06-01"), BY))
    assert team.state.figures == {}


@pytest.mark.parametrize("row", ["V1,NORTH,2025-26-Q4,90", "V1,TRUST,2027-28-Q4,90"])
def test_an_org_that_does_not_report_it_and_a_period_to_come_are_refused(team: Team, tmp_path: Path, row: str) -> None:
    path = tmp_path / "old.csv"
    path.write_text(f"kpi,org,period,actual\n{row}\n")
    done = import_history(team.workspace, path, Run(at("2026-06-01"), BY))
    assert (done.taken, done.refused, [item.code for item in done.findings]) == (0, 1, ["R025"])


def test_columns_that_are_not_read_and_parts_that_disagree_are_said(team: Team, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_text("kpi,org,period,actual,numerator,denominator,target\nP1,TRUST,2025-26-Q4,80,90,100,95\n")
    done = import_history(team.workspace, path, Run(at("2026-06-01"), BY))
    assert sorted(item.code for item in done.findings) == ["R031", "R033"]
    (figure,) = [current.now for current in team.state.figures.values()]
    assert figure.actual == 90


# --- workbooks ---

COLUMNS = ["kpi", "org", "period", "actual", "numerator", "denominator", "commentary"]


def workbook(team: Team, *rows: list[Any], change: Callable[[Any], None] = lambda book: None) -> Path:
    """A history workbook of these rows, changed as its maker likes."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(COLUMNS)
    for row in rows:
        book.worksheets[0].append(row)
    change(book)
    path = team.root / "history.xlsx"
    book.save(path)
    return path


def actuals(team: Team) -> dict[tuple[str, str], float | None]:
    return {(key[0], key[2]): current.now.actual for key, current in team.state.figures.items()}


@pytest.mark.parametrize(
    ("value", "code", "meant"),
    [
        (0.9, '0.0"%"', 0.9),
        (0.9, r"0.0\%", 0.9),
        (0.9, "0.0%", 90),
        (0.9, "[<1]0%;0.0", 90),
        (91.2, "[<1]0%;0.0", 91.2),
        (91.2, "[<1]h:mm;0.0", 91.2),
        (91.2, "0_%", 91.2),
        (91.2, "[>100]0%;0.0", 91.2),
    ],
)
def test_a_percentage_is_what_its_number_format_shows(team: Team, value: float, code: str, meant: float) -> None:
    def show(book: Any) -> None:
        book.worksheets[0]["D2"].number_format = code

    done = take(team, workbook(team, ["V1", "TRUST", Q4, value], change=show))
    assert (done.taken, done.findings, actuals(team)) == (1, (), {("V1", Q4): meant})


@pytest.mark.parametrize("code", ["0,", "0.0,,", ";;;", '"n/a"', '0"x10"', "h:mm", '0.0"k"', "mmm-yy"])
def test_a_number_that_is_not_shown_as_it_stands_is_refused(team: Team, code: str) -> None:
    def show(book: Any) -> None:
        book.worksheets[0]["D2"].number_format = code

    done = take(team, workbook(team, ["G1", "TRUST", Q4, 41_234], ["C1", "TRUST", Q4, 7], change=show))
    assert (done.taken, done.refused, [item.code for item in done.findings]) == (1, 1, ["R001"])
    assert "format" in done.findings[0].message


def test_the_built_in_dates_of_other_countries_are_dates_too(team: Team) -> None:
    def show(book: Any) -> None:
        book.worksheets[0]["D2"].number_format = "0.00"
        book.worksheets[0]["D2"]._style.numFmtId = 27

    done = take(team, workbook(team, ["G1", "TRUST", Q4, 41_234], change=show))
    assert (done.taken, [item.code for item in done.findings]) == (0, ["R001"])


def test_formulas_never_calculated_errors_and_booleans_are_refused_and_said(team: Team) -> None:
    rows = (["V1", "TRUST", Q4, "=1+1"], ["G1", "TRUST", Q4, "#N/A"], ["C1", "TRUST", Q4, True])
    done = take(team, workbook(team, *rows, ["L1", "TRUST", "=A1", 8]))
    assert (done.taken, done.refused) == (0, 4)
    assert [item.code for item in done.findings] == ["R003", "R002", "R001", "R003"]


def hide_first(book: Any) -> None:
    old = book.create_sheet("old", 0)
    for row in (COLUMNS, ["V1", "TRUST", Q4, 11]):
        old.append(row)
    old.sheet_state = "hidden"


def test_the_first_sheet_that_can_be_seen_is_read_and_others_are_named(team: Team) -> None:
    file = workbook(team, ["V1", "TRUST", Q4, 88], change=hide_first)
    done = take(team, file)
    assert actuals(team) == {("V1", Q4): 88}
    (said,) = done.findings
    assert "'old' (hidden)" in said.message
    assert "--sheet" in said.fix
    import_history(team.workspace, file, Run(at("2026-06-02"), BY), sheet="OLD")
    assert actuals(team) == {("V1", Q4): 11}
    with pytest.raises(UsageError, match=r"no sheet 'older'.*'old' \(hidden\)"):
        import_history(team.workspace, file, Run(at("2026-06-02"), BY), sheet="older")


def test_a_front_sheet_is_not_mistaken_for_the_list_and_two_lists_behind_it_are_asked_about(team: Team) -> None:
    def in_front(book: Any) -> None:
        book.create_sheet("Read me", 0)["A1"] = "Figures before xlperf"
        book.create_sheet("Nothing")

    def two(book: Any) -> None:
        in_front(book)
        book.create_sheet("Other").append(COLUMNS)

    done = take(team, workbook(team, ["V1", "TRUST", Q4, 88], change=in_front))
    assert (done.taken, [item.code for item in done.findings]) == (1, ["F031"])
    with pytest.raises(WorkbookError, match=r"more than one sheet.*'Sheet', 'Other'.*--sheet"):
        take(team, workbook(team, ["V1", "TRUST", Q4, 88], change=two))


def test_nothing_is_read_from_sheets_that_are_all_hidden(team: Team) -> None:
    def hide(book: Any) -> None:
        book.create_sheet("Front")
        book.worksheets[0].sheet_state = "veryHidden"

    with pytest.raises(WorkbookError, match=r"'Sheet' \(hidden\).*--sheet"):
        take(team, workbook(team, ["V1", "TRUST", Q4, 88], change=hide))


def test_hidden_rows_and_columns_are_named(team: Team) -> None:
    def hide(book: Any) -> None:
        sheet = book.worksheets[0]
        sheet.row_dimensions[2].hidden = sheet.row_dimensions[9].hidden = True
        sheet.column_dimensions.group("D", "E", hidden=True)

    done = take(team, workbook(team, ["V1", "TRUST", Q4, 88], ["C1", "TRUST", Q4, 7], change=hide))
    assert done.taken == 2
    assert [item.code for item in done.findings] == ["F032", "F032"]
    assert "row 2 " in done.findings[0].message
    assert "columns D to E " in done.findings[1].message
    assert done.findings[0].location.sheet == "Sheet"


def test_cells_under_no_heading_are_said(team: Team) -> None:
    def add(book: Any) -> None:
        book.worksheets[0]["I2"] = "revised"

    (said,) = take(team, workbook(team, ["V1", "TRUST", Q4, 88], change=add)).findings
    assert (said.code, said.found) == ("R033", "revised")


# --- periods ---


@pytest.mark.parametrize(
    ("kpi", "day", "meant"),
    [
        ("T1", datetime(2025, 5, 1), "2025-05"),
        ("T1", datetime(2025, 5, 31), "2025-05"),
        ("T1", datetime(2025, 5, 14), None),
        ("T1", datetime(2025, 5, 1, 9, 30), None),
        ("V1", datetime(2025, 4, 1), None),
        ("V1", datetime(2026, 3, 31), None),
    ],
)
@pytest.mark.parametrize("is_1904", [False, True])
def test_a_date_is_the_month_that_it_begins_or_ends_and_else_asked_about(
    team: Team, kpi: str, day: datetime, meant: str | None, is_1904: bool
) -> None:
    def count(book: Any) -> None:
        if is_1904:
            book.epoch = CALENDAR_MAC_1904

    done = take(team, workbook(team, [kpi, "TRUST", day, 91.2], change=count))
    assert list(actuals(team)) == ([(kpi, meant)] if meant else [])
    assert done.refused == (meant is None)


@pytest.mark.parametrize(
    ("kpi", "text", "readings"),
    [
        ("T1", "May-25", ("May 2025", "25 May", "2025-05", "Excel")),
        ("T1", "25-May", ("May 2025", "25 May")),
        ("T1", "01/02/2024", ("1 February 2024", "2 January 2024")),
        ("T1", "2009/10", ("October 2009", "academic year 2009/10")),
        ("V1", "2009-10", ("October 2009", "financial year 2009-10")),
        ("V1", "May-25", ("May 2025", "25 May", "2026-27-Q1")),
    ],
)
def test_a_period_that_could_be_two_is_refused_with_both(
    team: Team, kpi: str, text: str, readings: tuple[str, ...]
) -> None:
    done = take(team, csv(team, f"kpi,org,period,actual\n{kpi},TRUST,{text},91.2\n"))
    (said,) = done.findings
    assert (done.taken, done.refused, said.code) == (0, 1, "R051")
    assert all(each in f"{said.message} {said.fix}" for each in readings)


@pytest.mark.parametrize(("frequency", "meant"), [("monthly", 88), ("annual", 88), ("academic-year", None)])
def test_the_frequency_of_the_kpi_settles_what_2009_10_is(team: Team, frequency: str, meant: float | None) -> None:
    team.change_catalogue(lambda data: kpi_in(data, "T1").update(frequency=frequency))
    take(team, csv(team, "kpi,org,period,actual\nT1,TRUST,2009-10,88\n"))
    assert list(actuals(team).values()) == ([] if meant is None else [meant])


# --- CSV ---


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("0.95%", 0.95), ("95%", 95), (" 12 ", 12), ("9.5e1", 95), ("91.20000000000000284", 91.2), ('"1,234"', None)],
)
def test_numbers_of_a_csv_are_never_made_greater(team: Team, typed: str, meant: float | None) -> None:
    take(team, csv(team, f"kpi,org,period,actual\nV1,TRUST,{Q4},{typed}\n"))
    assert list(actuals(team).values()) == ([] if meant is None else [meant])


@pytest.mark.parametrize(
    "text",
    [
        f"kpi,org,period,actual,numerator\nG1,TRUST,{Q4},1,234\n",
        f"kpi,org,period,actual,commentary\nG1,TRUST,{Q4},1,234\n",
        f"kpi,org,period,actual,target\nC1,TRUST,{Q4},7,100\nG1,TRUST,{Q4},1,234\nG1,TRUST,2025-26-Q3,50\n",
        f"kpi,org,period,actual,numerator,denominator\nG1,TRUST,{Q4},12,345,678\n",
        f"kpi,org,period,numerator,denominator,milestone,commentary\nP1,TRUST,{Q4},1,234,1,500\n",
        f"kpi,org,period,actual,commentary\nG1,TRUST,{Q4},91,5\n",
        f"kpi,org,period,actual,notes\nC1,TRUST,{Q4},7,fine\nG1,TRUST,{Q4},1,234\nG1,TRUST,2025-26-Q3,5,ok\n",
        f"kpi,org,period,actual,source\nG1,TRUST,{Q4},1,234\n",
    ],
)
def test_a_number_torn_at_its_thousands_comma_is_never_taken_in_part(team: Team, text: str) -> None:
    done = take(team, csv(team, text))
    assert ("G1", Q4) not in actuals(team)
    assert ("P1", Q4) not in actuals(team)
    assert done.refused
    assert "in quotes" in done.findings[-1].fix


def test_a_column_of_targets_is_no_part_of_the_figures_beside_it(team: Team) -> None:
    text = f"kpi,org,period,actual,target\nC1,TRUST,{Q4},7,100\nC1,TRUST,2025-26-Q3,12,120\n"
    assert take(team, csv(team, text)).taken == 2


@pytest.mark.parametrize(
    "line", [f"P1,TRUST,{Q4},,412,431", f"P1,TRUST,{Q4},95,400,421", f"V1,TRUST,{Q4},95,400,421", f"V1,TRUST,{Q4},95,,"]
)
def test_neighbouring_numbers_that_belong_to_a_figure_are_no_torn_one(team: Team, line: str) -> None:
    assert take(team, csv(team, f"kpi,org,period,actual,numerator,denominator\n{line}\n")).taken == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("kpi;org;period;actual\nV1;TRUST;2025-26-Q4;9,5\n", "semicolon"),
        ("sep=,\nkpi,org,period,actual\nV1,TRUST,2025-26-Q4,95\n", "sep="),
        ('kpi,org,period,actual,commentary\nV1,TRUST,2025-26-Q4,95,"ill\nG1,TRUST,2025-26-Q4,5,\n', "cannot be read"),
    ],
)
def test_a_csv_that_would_lose_something_is_refused_whole(team: Team, text: str, says: str) -> None:
    with pytest.raises(WorkbookError, match=says):
        take(team, csv(team, text))


def test_what_stands_in_columns_that_the_kpi_does_not_use_is_said(team: Team) -> None:
    rows = (f"V1,TRUST,{Q4},88,40,50,,", f"C1,TRUST,{Q4},7,,,On track,", f"P1,TRUST,{Q4},most,9,10,,")
    done = take(team, csv(team, HEAD + "\n".join(rows)))
    assert done.taken == 3
    assert sorted((item.code, item.location.line) for item in done.findings) == [
        ("R031", 2), ("R031", 2), ("R031", 3), ("R031", 4)
    ]  # fmt: skip


def test_a_text_that_may_mean_not_applicable_is_taken_so_and_said(team: Team) -> None:
    done = take(team, csv(team, f"kpi,org,period,actual\nV1,TRUST,{Q4},n/a\n"))
    assert (done.taken, [item.code for item in done.findings]) == (1, ["R053"])
    assert "'n/a' was taken to mean 'not applicable'" in done.findings[0].message
    assert team.state.now["V1", "TRUST", Q4].not_applicable
