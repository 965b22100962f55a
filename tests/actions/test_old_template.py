"""Actions in a workspace of an earlier version, whose templates and returns know nothing of them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import Team, at, fill
from tests.released.later import RELEASED
from xlperf.report import layout
from xlperf.returns import action_fields
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workflow.integrity.verify import verify
from xlperf.workflow.workspace import Workspace

Q2, Q3 = "2026-27-Q2", "2026-27-Q3"
V1 = ("V1", "TRUST", Q2)


@pytest.fixture
def team(tmp_path: Path) -> Team:
    shutil.copytree(RELEASED / "0.1.0", tmp_path / "workspace")
    return Team(Workspace(tmp_path / "workspace"))


def test_what_an_old_return_promises_is_followed_up_in_the_next_from_the_old_template(team: Team) -> None:
    issued = team.issued(Q2)["alpha"]
    assert "Actions" not in [sheet.name for sheet in FileWorkbook.open(issued).package.sheets]
    said: Mapping[str, CellValue] = {
        "Actual": 50, "Commentary": "Two posts are empty", "Action": "Hire two nurses", "Action owner": "Matron",
        "Action due": date(2026, 11, 30),
    }  # fmt: skip
    fill(issued, {V1: said}, saved=at("2026-10-10"))
    team.collate(at("2026-10-12"), Q2, accepts=True)
    known = {row["Action"]: row for row in team.sheet(layout.ACTIONS)}
    assert known["Hire two nurses"]["Status"] == "Open"
    number = known["Hire two nurses"][layout.ACTION_ID]
    again = team.issue(Q3, at("2027-01-04"))["alpha"]
    rows = {row["Action no."].raw: row for row in FileWorkbook.open(again).read_table(action_fields.TABLE).rows}
    assert rows[number]["How it stands"].raw == "35 days overdue"
    back = fill(again, {("M1", "TRUST", Q3): {"Milestone": "Complete"}}, saved=at("2027-01-06"))
    book = FileWorkbook.open(back)
    book.write_cells(action_fields.TABLE, {rows[number].number: {"Done": "Yes", "Evidence": "Both are in post"}})
    book.save(back)
    team.collate(at("2027-01-10"), Q3)
    (row,) = [row for row in team.sheet(layout.ACTIONS) if row[layout.ACTION_ID] == number]
    assert (row["Status"], row["Evidence"]) == ("Done", "Both are in post")
    assert verify(team.workspace).is_clean
