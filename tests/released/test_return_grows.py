"""A return template restyled from an earlier version's is given, in memory, the columns it lacks at its right end."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Team, at, fill
from tests.released.later import RELEASED
from xlperf.returns import layout
from xlperf.returns.fields import Role
from xlperf.workflow.workspace import Workspace

Q3 = "2026-27-Q3"
V1, P1 = ("V1", "TRUST", Q3), ("P1", "TRUST", Q3)
FIGURES = {("M1", "TRUST", Q3): {"Milestone": "Complete"}}


@pytest.fixture
def team(tmp_path: Path) -> Team:
    shutil.copytree(RELEASED / "0.1.0", tmp_path / "workspace")
    return Team(Workspace(tmp_path / "workspace"))


def test_it_has_what_is_shown_and_what_is_asked_at_its_right_end_and_its_own_order_stays(team: Team) -> None:
    template = team.workspace.template("return.xlsx")
    before = openpyxl.load_workbook(template)["Return"]
    bytes_before = template.read_bytes()
    sheet = openpyxl.load_workbook(team.issue(Q3, at("2027-01-04"))["alpha"])["Return"]
    headers = [cell.value for cell in sheet[6]]
    old = [cell.value for cell in before[6]]
    assert headers[: len(old)] == old
    added = {str(header): sheet.cell(7, len(old) + 1 + number) for number, header in enumerate(headers[len(old) :])}
    # Helpers of newer formulas are not added: the template has its own formulas.
    wanted = {each.header: each.role for each in layout.COLUMNS if each.since == 3 and each.role is not Role.HELPER}
    assert {header: not cell.protection.locked for header, cell in added.items() if header in wanted} == {
        header: role is Role.INPUT for header, role in wanted.items()
    }
    assert added["What to give"].value.startswith("Numerator: ")
    assert template.read_bytes() == bytes_before


def test_it_is_taken_back_without_a_word_about_its_locked_cells(team: Team) -> None:
    issued = team.issue(Q3, at("2027-01-04"))["alpha"]
    back = fill(issued, FIGURES, saved=at("2027-01-06"))
    done = team.collate(at("2027-01-10"))
    (received,) = [judged for _, judged in done.judged if judged.file == back.name]
    assert (received.outcome, [item.code for item in received.findings]) == ("Accepted", [])


def test_the_figure_alone_may_be_given_in_it_too(team: Team) -> None:
    alone = {"Numerator": None, "Denominator": None, "Actual": 97, "Why no parts": "The supplier gives the rate alone"}
    issued = team.issue(Q3, at("2027-01-04"))["alpha"]
    back = fill(issued, {**FIGURES, P1: alone}, saved=at("2027-01-06"))
    done = team.collate(at("2027-01-10"))
    (received,) = [judged for _, judged in done.judged if judged.file == back.name]
    assert [item.code for item in received.findings] == ["R057"]
    assert team.state.now[P1].actual == 97
