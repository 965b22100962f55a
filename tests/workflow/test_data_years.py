"""`data_years`: how many years the sheet Data shows; every judgement, and the ledger, have all of them."""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import COLLATE_DAY, Q1, Team
from xlperf.errors import WorkbookError, WorkspaceError
from xlperf.period import Period
from xlperf.report import layout
from xlperf.report.views import SHEETS
from xlperf.workbook.a1 import LAST_ROW
from xlperf.workflow.cycle.import_history import import_history
from xlperf.workflow.master.data_years import data_since, must_fit
from xlperf.workflow.workspace.run import Run
from xlperf.workflow.workspace.settings import SETTINGS

QUARTERS = [f"20{year}-{year + 1}-Q{quarter}" for year in (23, 24, 25) for quarter in (1, 2, 3, 4)]


@pytest.fixture
def old_team(team: Team) -> Team:
    """A team with three years of history before the reporting period, collated."""
    rows = "".join(f"V1,TRUST,{quarter},{80 + number}\n" for number, quarter in enumerate(QUARTERS))
    file = team.root / "history.csv"
    file.write_text(f"kpi,org,period,actual\n{rows}", encoding="utf-8")
    import_history(team.workspace, file, Run(COLLATE_DAY, "Ann"))
    team.collate(period=Q1)
    return team


def set_years(team: Team, text: str) -> None:
    (team.root / SETTINGS).write_text(f"data_years: {text}\n", encoding="utf-8")


def periods(team: Team) -> list[str]:
    return [row["Period"] for row in team.sheet(layout.DATA) if row["Ref"] == "V1"]


def test_data_shows_all_years_unless_it_is_set(old_team: Team) -> None:
    assert periods(old_team) == QUARTERS
    assert "Data" not in {row["Item"] for row in old_team.sheet(layout.ABOUT)}


def test_data_shows_the_last_years_and_every_other_sheet_is_the_same(old_team: Team) -> None:
    others = [sheet.table for sheet in SHEETS if sheet.table not in (layout.DATA, layout.ABOUT)]
    before, state = {name: old_team.sheet(name) for name in others}, old_team.state
    rows = {row["Period"]: row for row in old_team.sheet(layout.DATA)}
    set_years(old_team, "2")
    old_team.collate(period=Q1)
    assert periods(old_team) == [*QUARTERS[5:]], "Q1 2026-27 and the seven quarters before it"
    assert {row["Period"]: row for row in old_team.sheet(layout.DATA)}.items() <= rows.items(), "judged as before"
    assert {name: old_team.sheet(name) for name in others} == before
    assert old_team.state.figures == state.figures
    about = {row["Item"]: row["Value"] for row in old_team.sheet(layout.ABOUT)}
    assert about["Data"].startswith("7 of 12 figures, those of periods that end on or after 1 July 2024 (data_years")
    set_years(old_team, "0")
    old_team.collate(period=Q1)
    assert sorted(periods(old_team)) == QUARTERS, "nothing is lost"


@pytest.mark.parametrize("text", ["-1", "yes", "1.5", "ten", "101"])
def test_what_is_no_number_of_years_is_refused(text: str, team: Team) -> None:
    set_years(team, text)
    with pytest.raises(WorkspaceError, match="data_years"):
        team.workspace.settings()


def test_more_figures_than_a_sheet_has_rows_name_the_remedy() -> None:
    must_fit(LAST_ROW - 3, first_row=4)
    with pytest.raises(WorkbookError, match=r"need 1,048,574 rows.*room for 1,048,573.*'data_years: 5'.*all figures"):
        must_fit(LAST_ROW - 2, first_row=4)


def test_years_end_with_the_reporting_period(old_team: Team) -> None:
    set_years(old_team, "1")
    settings = old_team.workspace.settings()
    assert data_since(settings, Period.parse("2026-27-Q1")) == date(2025, 7, 1)
    assert data_since(settings, Period.parse("2025-26-Q3")) == date(2025, 1, 1)
