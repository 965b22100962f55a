"""Importing figures kept before xlperf."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.conftest import BY, Q1, Q4, Team, at, fill, kpi_in, tree
from xlperf.errors import UsageError, WorkbookError
from xlperf.workflow.history import ImportResult, import_history

V1_BEFORE = ("V1", "TRUST", Q4)
HEAD = "kpi,org,period,actual,numerator,denominator,milestone,commentary\n"


def take(team: Team, file: Path) -> ImportResult:
    return import_history(team.workspace, file, now=at("2026-06-01"), by=BY)


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
    from datetime import datetime

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


def test_the_same_figure_twice_is_refused_the_second_time(team: Team) -> None:
    done = take(team, csv(team, f"{HEAD}V1,TRUST,{Q4},88,,,,\nV1,TRUST,{Q4},89,,,,\n"))
    assert (done.taken, done.refused) == (1, 1)
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
    done = import_history(team.workspace, path, now=at("2026-04-01"), by="analyst")
    assert (done.taken, done.refused, [item.code for item in done.findings]) == (1, 1, ["R004"])
    (figure,) = [current.now for current in team.state.figures.values()]
    assert (figure.actual, figure.numerator) == (93.5, None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("kpi,org,period,actual\nV1,TRUST,2025-26-Q4,9,432\n", "thousands comma"),
        ("kpi,org,period,actual,Actual\nV1,TRUST,2025-26-Q4,90,91\n", "twice"),
    ],
)
def test_a_file_that_could_be_read_two_ways_is_refused_whole(team: Team, tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "old.csv"
    path.write_text(text)
    with pytest.raises(WorkbookError, match=says):
        import_history(team.workspace, path, now=at("2026-06-01"), by=BY)
    assert team.state.figures == {}


@pytest.mark.parametrize("row", ["V1,NORTH,2025-26-Q4,90", "V1,TRUST,2027-28-Q4,90"])
def test_an_org_that_does_not_report_it_and_a_period_to_come_are_refused(team: Team, tmp_path: Path, row: str) -> None:
    path = tmp_path / "old.csv"
    path.write_text(f"kpi,org,period,actual\n{row}\n")
    done = import_history(team.workspace, path, now=at("2026-06-01"), by=BY)
    assert (done.taken, done.refused, [item.code for item in done.findings]) == (0, 1, ["R025"])


def test_columns_that_are_not_read_and_parts_that_disagree_are_said(team: Team, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_text("kpi,org,period,actual,numerator,denominator,target\nP1,TRUST,2025-26-Q4,80,90,100,95\n")
    done = import_history(team.workspace, path, now=at("2026-06-01"), by=BY)
    assert sorted(item.code for item in done.findings) == ["R031", "R033"]
    (figure,) = [current.now for current in team.state.figures.values()]
    assert figure.actual == 90
