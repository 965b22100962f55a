"""What `xlperf check` says of meetings, and what a meeting covers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Q1, Q2, catalogue_data, dumped, kpi_in
from xlperf.catalogue import Catalogue, Coverage, PackPart
from xlperf.catalogue.load import check_text
from xlperf.report.sheets.glossary import about_kpi
from xlperf.returns.kpi_words import glossary_rows

Change = Callable[[dict[str, Any]], object]


def meeting(**said: Any) -> dict[str, Any]:
    return {"id": "north", "name": "North review", "kind": "division"} | said


def faults(*meetings: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    data = catalogue_data() | {"meetings": list(meetings)} | more
    return [(item.code, item.message) for item in check_text(dumped(data), "kpi_catalogue.yaml")[1]]


def coverage(*covers: dict[str, Any], change: Change = lambda data: None) -> Coverage:
    data = catalogue_data() | {"meetings": [meeting(covers=list(covers))]}
    change(data)
    catalogue = Catalogue.model_validate(data)
    return Coverage(catalogue, catalogue.meetings[0], {"S1": {"TRUST": ("NORTH", "SOUTH")}})


def test_meetings_that_are_as_they_should_be_are_in_order() -> None:
    assert not faults(
        meeting(covers=[{"orgs": ["NORTH"]}], decides=["s1"], periods=[Q1, Q2],
                dates=[{"period": Q1, "on": "2026-07-20"}]),
        meeting(id="south", covers=[{"orgs": ["SOUTH"]}], decides=["s1"], days_before_board=14),
        {"id": "board", "name": "Board", "kind": "board", "parts": ["summary"]},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "code", "says"),
    [
        ({"covers": [{"orgs": ["NORTH"], "sections": ["quality"]}]}, "C025", "no figure is in what North review"),
        ({"covers": [{"executive_owners": ["x1"], "sections": ["money"]}]}, "C025", "no figure"),
        ({"covers": [{"orgs": ["EAST"]}]}, "C004", "unknown org 'EAST'"),
        ({"covers": [{"sections": ["safety"]}]}, "C004", "unknown section 'safety'"),
        ({"covers": [{"directorates": ["Estates"]}]}, "C004", "unknown directorate 'Estates'"),
        ({"covers": [{"executive_owners": ["x9"]}]}, "C004", "unknown executive owner 'x9'"),
        ({"covers": [{"from_stage": "s9"}]}, "C004", "unknown stage 's9'"),
        ({"decides": ["s9"]}, "C004", "unknown stage 's9'"),
        ({"periods": ["2031-32-Q1"]}, "C027", "2031-32-Q1 is no period of the calendar"),
        ({"dates": [{"period": "2031-32-Q1", "on": "2031-08-01"}]}, "C027", "2031-32-Q1 is no period"),
        ({"dates": [{"period": Q1, "on": "2026-06-30"}]}, "C027", "before it has ended (2026-06-30)"),
        ({"days_before_board": 120}, "C027", "before it has ended"),
        ({"periods": [Q2], "dates": [{"period": Q1, "on": "2026-07-20"}]}, "C027", "which its 'periods' do not have"),
        ({"kind": "board"}, "C028", "'board' is 'Board', and its meeting is called 'North review'"),
    ],
)
def test_a_meeting_that_cannot_be_meant_is_named(said: dict[str, Any], code: str, says: str) -> None:
    found = faults(meeting(**said))
    assert any(each == code and says in message for each, message in found), found


def test_two_meetings_that_decide_on_the_same_stage_of_the_same_figure_are_named() -> None:
    first, second = meeting(decides=["s2"]), meeting(id="other", name="Other review", decides=["s1", "s2"])
    assert [code for code, _ in faults(first, second)] == ["C026"]
    assert not faults(first, second | {"on": False})


def test_a_board_is_described_once() -> None:
    board = {"id": "board", "name": "Board", "kind": "board"}
    assert [code for code, _ in faults(board, pack={"exceptions_per_page": 1})] == ["C028"]
    assert [code for code, _ in faults(board, board | {"id": "board2"})] == ["C028"]


def test_a_committee_of_a_kpi_must_be_a_meeting() -> None:
    data = catalogue_data()
    kpi_in(data, "V1")["committee"] = "audit"
    findings = check_text(dumped(data), "kpi_catalogue.yaml")[1]
    assert [(each.code, each.found) for each in findings] == [("C004", "audit")]


def test_without_meetings_the_board_is_as_pack_describes_it() -> None:
    data = catalogue_data() | {"pack": {"parts": ["summary", "glossary"], "sections": ["money"], "logo": "us.png"}}
    board = Catalogue.model_validate(data).board_meeting
    assert (board.name, board.parts, board.logo) == ("Board", (PackPart.SUMMARY, PackPart.GLOSSARY), "us.png")
    assert [scope.sections for scope in board.covers] == [("money",)]


def test_a_meeting_without_lines_covers_everything() -> None:
    assert coverage().is_everything
    assert coverage().has(("anything", "anywhere"))


def test_a_line_means_all_that_it_says_and_a_second_line_adds_to_it() -> None:
    of_both = coverage({"orgs": ["NORTH"], "sections": ["money"]})
    assert of_both.has(("S1", "NORTH"))
    assert not of_both.has(("S1", "SOUTH")), "another org"
    assert not of_both.has(("V1", "NORTH")), "another section"
    added = coverage({"orgs": ["NORTH"]}, {"sections": ["quality"]})
    assert added.has(("S1", "NORTH"))
    assert added.has(("V1", "TRUST"))
    assert not added.has(("S1", "TRUST"))


def test_an_org_is_covered_with_all_below_it() -> None:
    of_trust = coverage({"orgs": ["TRUST"]})
    assert all(of_trust.has(("S1", org)) for org in ("TRUST", "NORTH", "SOUTH"))
    assert of_trust.of_orgs_alone == {"TRUST", "NORTH", "SOUTH"}


def test_a_rolled_up_figure_is_an_executives_if_all_its_parts_are() -> None:
    def one_each(data: dict[str, Any]) -> None:
        kpi_in(data, "S1").update(responsible_owner=None)
        for code, owner in (("NORTH", "alpha"), ("SOUTH", "beta")):
            next(org for org in data["orgs"] if org["code"] == code)["responsible_owner"] = owner

    of_x2 = coverage({"executive_owners": ["x2"]})
    assert of_x2.has(("S1", "TRUST"))
    of_one_part = coverage({"executive_owners": ["x2"]}, change=one_each)
    assert of_one_part.has(("S1", "SOUTH"))
    assert not of_one_part.has(("S1", "NORTH"))
    assert not of_one_part.has(("S1", "TRUST"))
    of_both = coverage({"executive_owners": ["x1", "x2"]}, change=one_each)
    assert of_both.has(("S1", "TRUST"))


def test_what_names_a_meeting_as_its_committee_is_covered_besides_and_else_nothing_is() -> None:
    def named(data: dict[str, Any]) -> None:
        kpi_in(data, "V1")["committee"] = "north"

    alone = coverage(change=named)
    assert alone.has(("V1", "TRUST"))
    assert not alone.has(("G1", "TRUST"))
    besides = coverage({"orgs": ["NORTH"]}, change=named)
    assert besides.has(("V1", "TRUST"))
    assert besides.has(("S1", "NORTH"))
    assert not besides.has(("G1", "TRUST"))


def test_a_meeting_from_a_stage_on_covers_what_is_as_grave() -> None:
    data = catalogue_data() | {"meetings": [meeting(covers=[{"from_stage": "s2"}])]}
    catalogue = Catalogue.model_validate(data)
    stages = {("V1", "TRUST"): 2, ("P1", "TRUST"): 1}
    seen = Coverage(catalogue, catalogue.meetings[0], {}, lambda subject: stages.get(subject, 0))
    assert seen.has(("V1", "TRUST"))
    assert not seen.has(("P1", "TRUST"))


def test_what_the_catalogue_says_of_a_kpi_beside_its_definition_stands_in_the_glossary_and_not_in_returns() -> None:
    data = catalogue_data() | {
        "plan_objectives": [{"id": "beds", "text": "Ten more beds"}],
        "meetings": [meeting(name="North review")],
    }
    said = {"plan_objective": "beds", "outcome_or_process": "process", "risk": "BAF 3", "committee": "north",
            "national_definition": "Set 12"}  # fmt: skip
    kpi_in(data, "V1").update(said)
    catalogue = Catalogue.model_validate(data)
    assert not check_text(dumped(data), "kpi_catalogue.yaml")[1]
    kpi = catalogue.kpi_by_id["V1"]
    told = about_kpi(catalogue, kpi)
    assert told == {
        "Plan objective": "Ten more beds", "Outcome or process": "Process", "National definition": "Set 12",
        "Risk": "BAF 3", "Committee": "North review",
    }  # fmt: skip
    (row,) = glossary_rows(catalogue, ((kpi, catalogue.top_org),), next(iter(catalogue.entry_by_period)))
    assert not row.keys() & told.keys()
    assert Catalogue.model_validate_json(catalogue.canonical) == catalogue


def test_a_plan_objective_must_be_defined() -> None:
    data = catalogue_data()
    kpi_in(data, "V1")["plan_objective"] = "beds"
    assert [(each.code, each.found) for each in check_text(dumped(data), "k.yaml")[1]] == [("C004", "beds")]
