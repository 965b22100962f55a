"""An executive's words typed into the master that is open: the button reads them, and they stay with their figure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from tests.addin.two_doors import click, differences, said, saved, tables
from tests.calc_engine.fixture import Calc
from tests.conftest import Q1, Team, copy_of, fill, kpi_in, new_team
from xlperf.report import layout
from xlperf.workbook.live import LiveWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workflow.workspace.run import now

pytestmark = pytest.mark.libreoffice

TYPED: Mapping[str, CellValue] = {
    layout.WORDS: "=Both wards, and typed live",
    layout.APPROVED_BY: "Director of Finance",
    layout.APPROVED_ON: date(2026, 7, 14),
}


@pytest.fixture
def team(tmp_path: Path) -> Team:
    """A team whose master shows the trust's sickness absence: Red, as it is made of a Red and a Green."""
    team = new_team(tmp_path / "workspace")
    team.change_catalogue(lambda data: kpi_in(data, "S1").update(roll_up={"orgs": "parts"}))
    fill(team.issue()["beta"], {("S1", "NORTH", Q1): {"Numerator": 80, "Denominator": 1000}})
    team.collate(now())
    return team


def test_words_typed_live_are_recorded_with_their_figure_and_both_doors_show_them_alike(calc: Calc, team: Team) -> None:
    book = calc.open(team.workspace.master)
    table = LiveWorkbook(book).read_table(layout.NARRATIVE)
    sheet = book.sheets["Narrative"]
    for header, value in TYPED.items():
        cell = sheet.range(table.address(table.rows[0], header))
        if isinstance(value, str):
            cell.number_format = "@"
        cell.value = value
    said(click(calc, team, "collate"))
    (typed,) = team.state.words["S1", "TRUST", Q1].history
    assert typed.cells == ("=Both wards, and typed live", "Director of Finance", "2026-07-14")
    assert (typed.figure, typed.members) == ("5.5 (Red)", "NORTH 8.0 (Red); SOUTH 3.0 (Green)")
    (row,) = LiveWorkbook(book).read_table(layout.NARRATIVE).rows
    assert row["Status"].raw == "Approved by Director of Finance on 14 July 2026"
    assert (row[layout.WORDS].raw, row[layout.WORDS].is_formula) == (TYPED[layout.WORDS], False)
    live = tables(saved(calc, team))
    file = copy_of(team.root, team.root.parent / "file door")
    file.workspace.master.unlink()
    file.collate(now())
    made = tables(file.workspace.master)
    for name in (layout.NARRATIVE, layout.TYPED_WORDS):
        assert differences({name: live[name]}, {name: made[name]}) == []
