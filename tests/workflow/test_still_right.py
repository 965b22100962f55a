"""An owner says that last time's words are still right: what is kept, what is not, and that it stays what it was."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Q1, Q2, Q3, Team, at, fill, key_of
from tests.released.later import RELEASED
from tests.returns import second_engine
from xlperf.ledger import Issued
from xlperf.ledger.records import from_json, to_json
from xlperf.returns import layout
from xlperf.returns.figure import Figure
from xlperf.workbook.file import FileWorkbook
from xlperf.workflow.cycle.import_history import import_history
from xlperf.workflow.integrity.verify import verify
from xlperf.workflow.workspace import Workspace
from xlperf.workflow.workspace.run import Run

SAID: dict[str, Any] = {
    "Commentary": "Half the reviewers were ill",
    "Cause": "Vacancies",
    "Action": "Second round",
    "Action owner": "Head of service",
    "Action due": at("2026-12-31").date(),
    "Forecast for year end": 82,
}
LAST_TIME = {
    "commentary": "Half the reviewers were ill",
    "cause": "Vacancies",
    "action": "Second round",
    "action_owner": "Head of service",
    "action_due": "2026-12-31",
    "forecast": 82.0,
}
RED = {"Actual": 70}
KEPT = RED | {"Still right": "Yes"}
ON_ISSUE = {Q1: "2026-07-01", Q2: "2026-10-01", Q3: "2027-01-04"}
BACK = {Q1: "2026-07-10", Q2: "2026-10-12", Q3: "2027-01-10"}


def give(team: Team, period: str, values: Mapping[str, Any], name: str = "", day: str = "") -> list[tuple[str, str]]:
    """What is found about V1 once its owner has given these values; (code, message)."""
    now = at(day or BACK[period])
    back = fill(team.issued(period)["alpha"], {("V1", "TRUST", period): values} | done_by(period), name=name, saved=now)
    done = team.collate(now)
    (received,) = [judged for _, judged in done.judged if judged.file == back.name]
    return [(item.code, item.message) for item in received.findings]


def done_by(period: str) -> dict[Any, Any]:
    """The milestone is due on the last day of the second quarter."""
    return {} if period == Q1 else {("M1", "TRUST", period): {"Milestone": "Complete"}}


def v1(team: Team, period: str = Q2) -> Figure:
    return team.state.now["V1", "TRUST", period]


def words(figure: Figure) -> dict[str, Any]:
    """What is said with a figure."""
    return {name: figure.answer(name) for name in LAST_TIME if figure.answer(name) not in (None, "")}


def row_of(issued: Path, period: str) -> Mapping[str, str]:
    table = FileWorkbook.open(issued).read_table(layout.TABLE)
    (row,) = [row for row in table.rows if key_of(row) == ("V1", "TRUST", period)]
    return {header: row[header].raw for header in table.columns}


@pytest.fixture
def second(team: Team) -> Team:
    """V1 was Red in the first quarter and explained; the returns of the second are out."""
    team.issue(Q1)
    assert give(team, Q1, RED | SAID) == []
    team.issue(Q2, at(ON_ISSUE[Q2]))
    return team


def test_an_unchanged_row_is_the_figure_data_validated_and_still_right(second: Team) -> None:
    typed = second.issued(Q2)["alpha"]
    assert give(second, Q2, KEPT) == []  # the tests' owner says Data validated in every row
    assert words(v1(second)) == LAST_TIME
    assert v1(second).as_record()["still_right"] is True
    (row,) = [each for each in second.sheet("tbl_data") if each["Ref"] == "V1" and each["Period"] == Q2]
    assert (row["Commentary"], row["Action"], row["Still right"]) == (SAID["Commentary"], SAID["Action"], "yes")
    (exception,) = [each for each in second.sheet("tbl_exceptions") if each["Ref"] == "V1"]
    assert SAID["Commentary"] in exception["Commentary"]
    assert row_of(typed, Q2)["Last commentary"] == f"Q1 26-27: {SAID['Commentary']}"


@pytest.mark.parametrize(
    ("typed", "changed"),
    [
        ({"Commentary": "They are back"}, {"commentary": "They are back"}),
        ({"Cause": "A new system"}, {"cause": "A new system"}),
        ({"Forecast for year end": 85}, {"forecast": 85.0}),
        ({"Action due": at("2027-03-31").date()}, {"action_due": "2027-03-31"}),
        ({"Action owner": "Deputy head"}, {"action_owner": "Deputy head"}),
        (
            {"Action": "Third round", "Action owner": "Deputy head", "Action due": at("2027-03-31").date()},
            {"action": "Third round", "action_owner": "Deputy head", "action_due": "2027-03-31"},
        ),
    ],
)
def test_what_is_typed_counts_instead_and_the_rest_is_kept(
    second: Team, typed: dict[str, Any], changed: dict[str, Any]
) -> None:
    assert give(second, Q2, KEPT | typed) == []
    assert words(v1(second)) == LAST_TIME | changed


def test_another_action_has_neither_the_owner_nor_the_date_of_the_last_one(second: Team) -> None:
    found = give(second, Q2, KEPT | {"Action": "Third round"})
    assert found == [("A003", "Red: action owner is missing."), ("A003", "Red: action due date is missing.")]
    without = {name: value for name, value in LAST_TIME.items() if not name.startswith("action")}
    assert words(v1(second)) == without | {"action": "Third round"}


def test_an_action_whose_date_has_passed_needs_a_new_one(team: Team) -> None:
    team.issue(Q1)
    give(team, Q1, RED | SAID | {"Action due": at("2026-10-15").date()})
    team.issue(Q2, at(ON_ISSUE[Q2]))  # due on 16 October
    # It is read on the 12th, before the action's own date; what counts is the day on which the return falls due.
    assert give(team, Q2, KEPT) == [("A004", "Red: action due date (the last has passed) is missing.")]
    assert words(v1(team)) == LAST_TIME | {"action_due": "2026-10-15"}
    assert give(team, Q2, KEPT | {"Action due": at("2027-01-31").date()}, "again.xlsx", day="2026-10-13") == []
    assert words(v1(team)) == LAST_TIME | {"action_due": "2027-01-31"}


def test_an_action_that_is_due_with_the_return_is_still_right(team: Team) -> None:
    team.issue(Q1)
    give(team, Q1, RED | SAID | {"Action due": at("2026-10-16").date()})
    team.issue(Q2, at(ON_ISSUE[Q2]))

    def later(data: dict[str, Any]) -> None:
        (entry,) = [each for each in data["calendar"]["periods"] if each["period"] == Q2]
        entry["return_deadline"] = "2026-10-20"

    team.change_catalogue(later)  # the return says the 16th, and goes by that
    assert [code for code, _ in give(team, Q2, KEPT)] == ["I005"]
    assert words(v1(team)) == LAST_TIME | {"action_due": "2026-10-16"}


def test_the_screen_asks_for_the_same(team: Team) -> None:
    team.issue(Q1)
    give(team, Q1, RED | SAID | {"Action due": at("2026-10-15").date()})
    issued = team.issue(Q2, at(ON_ISSUE[Q2]))["alpha"]
    key = ("V1", "TRUST", Q2)

    def needed(values: Mapping[str, Any]) -> str:
        back = fill(issued, {key: values}, saved=at(BACK[Q2]))
        return second_engine.shown(back, [second_engine.NEEDED])[key][second_engine.NEEDED]

    assert needed(RED) == "commentary, action, action owner, action due date"
    assert needed(KEPT) == "action due date (the last has passed)"
    assert needed(KEPT | {"Action due": at("2027-01-31").date()}) == ""
    assert needed(KEPT | {"Action": "Third round"}) == "action owner, action due date"


def test_what_the_return_showed_is_kept_whatever_is_accepted_afterwards(second: Team) -> None:
    # After the second quarter's returns are out, the first quarter's comes once more with other words.
    others = RED | SAID | {"Commentary": "It was the heating", "Forecast for year end": 60}
    give(second, Q1, others, "again.xlsx", day="2026-10-05")
    assert v1(second, Q1).commentary == "It was the heating"
    assert give(second, Q2, KEPT)[1:] == []
    assert words(v1(second)) == LAST_TIME
    assert verify(second.workspace).is_clean


def test_a_file_sent_twice_says_the_same_and_the_ledger_is_read_again_alike(second: Team) -> None:
    give(second, Q2, KEPT)
    first = v1(second)
    give(second, Q2, KEPT | {"Actual": 71}, name="again.xlsx", day="2026-10-13")
    assert words(v1(second)) == words(first) == LAST_TIME
    assert (first.actual, v1(second).actual) == (70, 71)
    assert not verify(second.workspace).findings


def test_a_return_issued_again_is_filled_in_as_it_was_kept(second: Team) -> None:
    give(second, Q2, KEPT | {"Cause": "A new system"})
    before = v1(second)
    row = row_of(second.issue(Q2, at("2026-10-13"), again=True)["alpha"], Q2)
    assert (row["Still right"], row["Cause"], row["Commentary"], row["Action due"]) == ("Yes", "A new system", "", "")
    fill(second.issued(Q2)["alpha"], done_by(Q2), only=True, saved=at("2026-10-14"))
    second.collate(at("2026-10-14"))
    assert v1(second).with_answers({}).values == before.values
    assert words(v1(second)) == words(before)


def test_where_a_word_has_changed_since_the_one_that_was_kept_is_filled_in(second: Team) -> None:
    give(second, Q2, KEPT)
    give(second, Q1, RED | SAID | {"Commentary": "It was the heating"}, "again.xlsx", day="2026-10-13")
    row = row_of(second.issue(Q2, at("2026-10-14"), again=True)["alpha"], Q2)
    assert row["Last commentary"] == "Q1 26-27: It was the heating"
    assert (row["Still right"], row["Commentary"], row["Action"]) == ("Yes", SAID["Commentary"], "")
    fill(second.issued(Q2)["alpha"], done_by(Q2), only=True, saved=at("2026-10-15"))
    second.collate(at("2026-10-15"))
    assert words(v1(second)) == LAST_TIME


def test_kept_words_can_be_kept_again(second: Team) -> None:
    give(second, Q2, KEPT | {"Action due": at("2027-02-28").date()})
    issued = second.issue(Q3, at(ON_ISSUE[Q3]))["alpha"]
    assert row_of(issued, Q3)["Last commentary"] == f"Q2 26-27: {SAID['Commentary']}"
    assert give(second, Q3, KEPT) == []
    assert words(v1(second, Q3)) == LAST_TIME | {"action_due": "2027-02-28"}


def test_where_nothing_was_said_there_is_nothing_to_keep_and_nothing_is_lost(team: Team) -> None:
    team.issue(Q1)
    give(team, Q1, {})
    issued = team.issue(Q2, at(ON_ISSUE[Q2]))["alpha"]
    assert row_of(issued, Q2)["Last commentary"] == ""
    nothing = ("R058", "Still right: nothing was said last time, so there is nothing to keep.")
    assert give(team, Q2, KEPT | SAID) == [nothing]
    assert words(v1(team)) == LAST_TIME
    assert "still_right" not in v1(team).as_record()
    found = give(team, Q2, KEPT, "again.xlsx", day="2026-10-13")
    assert [code for code, _ in found] == ["R058", "A001", "A002", "A003", "A003"]


def test_of_a_return_whose_last_words_were_not_recorded_nothing_is_kept_and_that_is_said(second: Team) -> None:
    issued = second.state.latest_issue["alpha", Q2]
    forgotten = from_json(to_json(replace(issued, last_words=(), due="", at="")), "")
    assert "last_words" not in to_json(forgotten)
    second.workspace.ledger().append("generate", [forgotten], at=at("2026-10-02"), by="analyst@test")
    found = give(second, Q2, KEPT)
    assert found[0] == (
        "R058",
        "Still right: what was said last time was not recorded with the return, so nothing is kept.",
    )
    assert [code for code, _ in found[1:]] == ["A001"]  # the action of last time is still to be done, so none is asked
    assert words(v1(second)) == {}


@pytest.mark.parametrize("says", ["yes ", "YES", "y", True])
def test_yes_in_any_of_its_spellings(second: Team, says: Any) -> None:
    assert give(second, Q2, RED | {"Still right": says}) == []
    assert words(v1(second)) == LAST_TIME


@pytest.mark.parametrize("says", ["as before", 5, "=1/0", "Yes, but see the commentary"])
def test_anything_else_keeps_nothing_and_is_asked_about(second: Team, says: Any) -> None:
    found = give(second, Q2, RED | {"Still right": says})
    assert [code for code, _ in found] == ["R028", "A001"]
    assert words(v1(second)) == {}


def test_no_is_an_answer_too(second: Team) -> None:
    assert [code for code, _ in give(second, Q2, RED | {"Still right": "No"})] == ["A001"]


def test_words_too_long_to_be_shown_are_kept_whole(team: Team) -> None:
    long = "ä𝄞" * 10_000
    team.issue(Q1)
    give(team, Q1, RED | SAID | {"Commentary": long})
    issued = team.issue(Q2, at(ON_ISSUE[Q2]))["alpha"]
    assert len(row_of(issued, Q2)["Last commentary"].encode("utf-16-le")) / 2 <= 32_767
    give(team, Q2, KEPT)
    assert v1(team).commentary == v1(team, Q1).commentary == long


def test_text_that_looks_like_a_formula_is_kept_as_text(team: Team) -> None:
    team.issue(Q1)
    give(team, Q1, RED | SAID | {"Commentary": "=HYPERLINK(1)", "Cause": "+44 1685"})
    team.issue(Q2, at(ON_ISSUE[Q2]))
    assert give(team, Q2, KEPT) == []
    assert (v1(team).commentary, v1(team).cause) == ("=HYPERLINK(1)", "+44 1685")


def test_a_forecast_of_a_year_that_is_over_is_not_kept(team: Team, tmp_path: Path) -> None:
    last_year = "2025-26-Q4"
    team.issue(last_year, at("2026-04-02"))
    fill(team.issued(last_year)["alpha"], {("V1", "TRUST", last_year): RED | SAID}, saved=at("2026-04-10"))
    team.collate(at("2026-04-12"))
    row = row_of(team.issue(Q1)["alpha"], Q1)
    assert row["Last forecast"] == "Q4 25-26: 82 (for a year that is over)"
    give(team, Q1, KEPT)
    assert words(v1(team, Q1)) == {name: value for name, value in LAST_TIME.items() if name != "forecast"}


def test_where_commentary_is_asked_for_when_it_is_news_what_was_kept_has_been_said(team: Team) -> None:
    team.change_catalogue(lambda data: data.setdefault("rules", {}).update(commentary_when="new"))
    team.issue(Q1)
    give(team, Q1, {"Actual": 87} | SAID | {"Forecast for year end": None})
    team.issue(Q2, at(ON_ISSUE[Q2]))
    assert give(team, Q2, KEPT) == []  # Red after Amber is news; its owner says that the words hold for it
    row = row_of(team.issue(Q3, at(ON_ISSUE[Q3]))["alpha"], Q3)
    assert row[layout.COMMENTARY_FOR.header] == ""


def test_without_a_figure_it_is_said_that_it_was_not_taken(second: Team) -> None:
    found = give(second, Q2, {"Actual": None, "Still right": "Yes"})
    assert found == [("R005", "no figure was given; not taken without one: Still right.")]


def test_history_has_no_such_column(team: Team, tmp_path: Path) -> None:
    history = tmp_path / "history.csv"
    history.write_text(f"kpi,org,period,actual,still right\nV1,TRUST,{Q1},70,Yes\n", encoding="utf-8")
    imported = import_history(team.workspace, history, Run(at("2026-07-05"), "analyst"))
    assert [(item.code, item.message) for item in imported.findings] == [("R033", "'still right' is not read.")]
    assert words(v1(team, Q1)) == {}


class TestReleased:
    """The workspace of the first version, with returns out that do not have the column, and a restyled template."""

    @pytest.fixture
    def older(self, tmp_path: Path) -> Team:
        shutil.copytree(RELEASED / "0.1.0", tmp_path / "workspace")
        return Team(Workspace(tmp_path / "workspace"))

    def test_a_return_that_is_out_is_judged_as_before(self, older: Team) -> None:
        assert isinstance(older.state.latest_issue["alpha", Q2], Issued)
        found = give(older, Q2, RED, day="2026-10-20")
        assert [code for code, _ in found] == ["A001", "A002", "A003", "A003"]

    def test_a_restyled_template_asks_and_what_is_kept_is_taken(self, older: Team) -> None:
        give(older, Q2, RED | SAID | {"Action due": at("2027-12-31").date()}, day="2026-10-20")
        issued = older.issue(Q3, at(ON_ISSUE[Q3]))["alpha"]
        row = row_of(issued, Q3)
        assert (row["Still right"], row["Last cause"]) == ("", "Q2 26-27: Vacancies")
        assert give(older, Q3, KEPT) == []
        assert words(v1(older, Q3)) == LAST_TIME | {"action_due": "2027-12-31"}
