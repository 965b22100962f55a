"""In 0.1.0 a milestone said to be on track was Green even past its date. It is missed, and that is not slipped in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import BY, Q2, Team, at
from xlperf.ledger import Edition
from xlperf.report.past_words import past_lines
from xlperf.workflow.workspace import Workspace

NOW = at("2026-10-26")
M1 = ("M1", "TRUST", Q2)


@pytest.fixture
def team(tmp_path: Path) -> Team:
    """The team of a workspace of 0.1.0. Its milestone was due at the end of the quarter, and is said to be on track."""
    shutil.copytree(Path(__file__).parent / "0.1.0", tmp_path / "workspace")
    return Team(Workspace(tmp_path / "workspace"))


def colour(team: Team) -> str:
    (row,) = [row for row in team.sheet("tbl_data") if (row["Ref"], row["Org"], row["Period"]) == M1]
    return row["RAG"]


def shown_to_the_board(team: Team) -> None:
    """The edition of the quarter is frozen, as 0.1.0 recorded it."""
    edition = Edition(Q2, {f"{Q2} edition.xlsx": "0" * 64})
    team.workspace.ledger().append("publish", [edition], at=at("2026-10-24"), by=BY)


def test_what_the_board_saw_green_is_not_made_red_before_somebody_accepts_it(team: Team) -> None:
    shown_to_the_board(team)
    before = team.workspace.master.read_bytes()
    done = team.collate(NOW)
    assert done.past.must_be_accepted
    assert any("M1" in line for line in past_lines(done.past))
    assert team.workspace.master.read_bytes() == before
    assert colour(team) == "Green"
    team.collate(NOW, accepts=True)
    assert colour(team) == "Red"
    assert team.state.accepted_catalogues[-1].token


def test_a_quarter_that_no_board_has_seen_is_judged_anew_without_a_question(team: Team) -> None:
    team.collate(NOW)
    assert colour(team) == "Red"
