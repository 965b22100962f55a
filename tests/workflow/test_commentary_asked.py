"""Commentary is asked for where something is new or of concern, and by the rule that the return was issued under."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Q1, Q2, Q3, Team, at, fill, key_of
from tests.released.later import RELEASED
from tests.returns import second_engine
from xlperf.ledger.records import Decision, Issued, from_json, to_json
from xlperf.returns import layout
from xlperf.workbook.file import FileWorkbook
from xlperf.workflow.workspace import Workspace

RED: dict[str, Any] = {
    "Actual": 70,
    "Commentary": None,
    "Action": "Second round",
    "Action owner": "Head of service",
    "Action due": at("2027-12-31").date(),
}
EXPLAINED = RED | {"Commentary": "Half the reviewers were ill"}
AMBER, GREEN = RED | {"Actual": 87}, RED | {"Actual": 92}
ON_ISSUE = {Q2: "2026-10-01", Q3: "2027-01-04"}
BACK = {Q1: "2026-07-10", Q2: "2026-10-12", Q3: "2027-01-10"}
ANY_FIGURE = "Blue,Green,Amber,Red,No target"


def asks_when_new(data: dict[str, Any]) -> None:
    data.setdefault("rules", {})["commentary_when"] = "new"


def asks_always(data: dict[str, Any]) -> None:
    data["rules"] = {}


def asked(issued: Path, key: tuple[str, str, str]) -> tuple[str, str]:
    """With which colours a row asks for commentary, and what is to be given."""
    rows = FileWorkbook.open(issued).read_table(layout.TABLE).rows
    (row,) = [row for row in rows if key_of(row) == key]
    return row[layout.COMMENTARY_FOR.header].raw, row[layout.TO_GIVE.header].raw


def give(team: Team, period: str, values: dict[str, Any], kpi_id: str = "V1") -> list[str]:
    """The codes found about a row of the period's return, once its owner has given these values."""
    key = (kpi_id, "TRUST", period)
    back = fill(team.issued(period)["alpha"], {key: values}, saved=at(BACK[period]))
    done = team.collate(at(BACK[period]))
    (received,) = [judged for _, judged in done.judged if judged.file == back.name]
    return [item.code for item in received.findings if item.location.figure_key == key]


@pytest.fixture
def when_new(team: Team) -> Team:
    team.change_catalogue(asks_when_new)
    team.issue(Q1)
    return team


def test_what_has_been_off_target_and_explained_is_not_asked_for_again(when_new: Team) -> None:
    assert give(when_new, Q1, EXPLAINED) == []
    issued = when_new.issue(Q2, at(ON_ISSUE[Q2]))["alpha"]
    assert asked(issued, ("V1", "TRUST", Q2))[0] == ""
    assert asked(issued, ("L1", "TRUST", Q2))[0] == "Amber,Red"
    assert give(when_new, Q2, RED) == []
    # Nothing was said of the second quarter, and the run is explained all the same.
    issued = when_new.issue(Q3, at(ON_ISSUE[Q3]))["alpha"]
    assert asked(issued, ("V1", "TRUST", Q3))[0] == ""


def test_red_after_amber_is_new(when_new: Team) -> None:
    assert give(when_new, Q1, EXPLAINED | {"Actual": 87}) == []
    assert asked(when_new.issue(Q2, at(ON_ISSUE[Q2]))["alpha"], ("V1", "TRUST", Q2))[0] == "Red"
    assert give(when_new, Q2, RED) == ["A001"]


def test_what_was_asked_for_and_not_given_is_asked_for_again(when_new: Team) -> None:
    assert give(when_new, Q1, RED) == ["A001"]
    assert asked(when_new.issue(Q2, at(ON_ISSUE[Q2]))["alpha"], ("V1", "TRUST", Q2))[0] == "Amber,Red"


def test_what_is_in_escalation_is_asked_for_with_any_figure_and_the_return_says_why(when_new: Team) -> None:
    assert give(when_new, Q1, EXPLAINED) == []
    decided = Decision("V1", "TRUST", "enhanced", "Chief Executive", "2026-07-11", "Two years of it")
    when_new.workspace.ledger().append("collate", [decided], at=at("2026-07-11"), by="analyst@test")
    issued = when_new.issue(Q2, at(ON_ISSUE[Q2]))["alpha"]
    colours, to_give = asked(issued, ("V1", "TRUST", Q2))
    assert (colours, to_give) == (ANY_FIGURE, "Actual: one figure, in %. Comment on any figure: in Enhanced.")
    assert give(when_new, Q2, GREEN) == ["A001"]


def test_what_its_owner_expects_to_miss_is_asked_for_with_any_figure(when_new: Team) -> None:
    assert give(when_new, Q1, GREEN | {"Forecast for year end": 80}) == []
    colours, to_give = asked(when_new.issue(Q2, at(ON_ISSUE[Q2]))["alpha"], ("V1", "TRUST", Q2))
    assert colours == ANY_FIGURE
    assert to_give.endswith("Comment on any figure: its owner expects to miss the target at the year end.")


def test_of_the_months_of_a_quarter_only_the_last_is_explained_for_what_is_of_concern(when_new: Team) -> None:
    decided = Decision("T1", "TRUST", "Enhanced", "Chief Executive", "2026-07-11", "Two years of it")
    when_new.workspace.ledger().append("collate", [decided], at=at("2026-07-11"), by="analyst@test")
    issued = when_new.issue(Q2, at(ON_ISSUE[Q2]))["beta"]
    months = [asked(issued, ("T1", "TRUST", month))[0] for month in ("2026-07", "2026-08", "2026-09")]
    assert months == ["Amber,Red", "Amber,Red", ANY_FIGURE]


@pytest.mark.parametrize(("issued_when", "since"), [(asks_when_new, asks_always), (asks_always, asks_when_new)])
def test_a_return_that_is_out_keeps_the_rule_it_was_issued_under(team: Team, issued_when: Any, since: Any) -> None:
    team.change_catalogue(issued_when)
    team.issue(Q1)
    give(team, Q1, EXPLAINED)
    team.issue(Q2, at(ON_ISSUE[Q2]))
    team.change_catalogue(since)
    found = give(team, Q2, RED)
    assert ("A001" in found) is (issued_when is asks_always)


def test_a_record_from_before_says_nothing_of_it_and_a_new_one_is_read_back() -> None:
    issued = Issued("id1", 1, "alpha", Q1, "1", "abc", "1", "1.xlsx", (("V1", "TRUST", Q1), ("L1", "TRUST", Q1)))
    assert "commentary_for" not in to_json(issued)
    recorded = replace(issued, commentary_for=("", "Amber,Red"))
    assert from_json(to_json(recorded), "").commentary_for == ("", "Amber,Red")  # type: ignore[union-attr]


def test_a_restyled_template_of_an_earlier_version_asks_on_screen_what_the_reader_asks(tmp_path: Path) -> None:
    shutil.copytree(RELEASED / "0.1.0", tmp_path / "workspace")
    team = Team(Workspace(tmp_path / "workspace"))
    team.change_catalogue(asks_when_new)
    issued = team.issue(Q3, at(ON_ISSUE[Q3]))["alpha"]
    told = asked(issued, ("V1", "TRUST", Q3))[0]
    for values in (RED, AMBER, GREEN, EXPLAINED):
        key = ("V1", "TRUST", Q3)
        back = fill(issued, {key: values, ("M1", "TRUST", Q3): {"Milestone": "Complete"}}, saved=at(BACK[Q3]))
        screen = second_engine.shown(back, [second_engine.RAG, second_engine.NEEDED])[key]
        done = team.collate(at(BACK[Q3]))
        (received,) = [judged for _, judged in done.judged if judged.file == back.name]
        found = "A001" in [item.code for item in received.findings if item.location.figure_key == key]
        assert ("commentary" in screen[second_engine.NEEDED]) is found
        is_asked = screen[second_engine.RAG] in told.split(",") and not values["Commentary"]
        assert found is is_asked
