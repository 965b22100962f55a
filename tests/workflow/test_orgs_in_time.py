"""Orgs that open, close and are taken over, as every sheet, list and draft shows them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import BY, Q1, Q2, Q3, Q4, at, catalogue_data, kpi_in
from xlperf.assessment import Assessment
from xlperf.catalogue import Catalogue
from xlperf.ledger import Decision, Imported
from xlperf.ledger.folder_ledger import FolderLedger
from xlperf.period import Frequency, Period
from xlperf.report import layout
from xlperf.report.views import SHEET_OF
from xlperf.returns.figure import Figure
from xlperf.returns.still_due import is_still_due

CLOSES = {"until": "2026-06-30", "succeeded_by": "EAST"}
Rows = list[dict[str, Any]]
Said = Mapping[tuple[str, str], float]
"""Percentages of S1 by org and quarter: up to 4 is Green, up to 5 Amber."""


def catalogue(**south: str) -> Catalogue:
    """S1 of the small catalogue, rolled up by its parts; EAST takes over from SOUTH after Quarter 1."""
    data = catalogue_data()
    data["orgs"] = [
        {"code": "TRUST", "name": "Small Trust"},
        {"code": "NORTH", "name": "North site", "parent": "TRUST"},
        {"code": "SOUTH", "name": "South site", "parent": "TRUST", **south},
        {"code": "EAST", "name": "East site", "parent": "TRUST", "from": "2026-07-01"},
    ]
    kpi = kpi_in(data, "S1") | {"orgs": ["NORTH", "SOUTH", "EAST"], "roll_up": {"orgs": "parts", "time": "parts"}}
    return Catalogue.model_validate(data | {"kpis": [kpi]})


class Desk:
    """A ledger of figures and decisions, and what the sheets say of it."""

    def __init__(self, folder: Path, of: Catalogue) -> None:
        self.ledger, self.catalogue = FolderLedger(folder / "ledger"), of

    def report(self, said: Said) -> None:
        figures = tuple(
            Figure("S1", org, period, actual=value, numerator=value, denominator=100.0)
            for (org, period), value in said.items()
        )
        self.ledger.append("import", [Imported(repr(said), "f.csv", figures)], at=at("2026-11-01"), by=BY)

    def decide(self, org: str, stage: str) -> None:
        decision = Decision("S1", org, stage, "Chief Executive", "2026-08-01", book="master.xlsx")
        self.ledger.append("collate", [decision], at=at("2026-11-02"), by=BY)

    def sheet(self, table: str, period: str = Q2) -> Rows:
        reporting = Period.parse(period, Frequency.QUARTERLY)
        assessment = Assessment(self.catalogue, self.ledger.state(), reporting, at("2026-11-03"))
        sheet = SHEET_OF[table]
        return [dict(row) for row in sheet.rows(assessment)]

    def row(self, table: str, org: str, period: str = Q2) -> dict[str, Any]:
        (row,) = [row for row in self.sheet(table, period) if row["Org"] == org]
        return row


RED = {("NORTH", Q4): 3.0, ("SOUTH", Q4): 8.0, ("NORTH", Q1): 3.0, ("SOUTH", Q1): 9.0, ("NORTH", Q2): 3.0}
RED |= {("EAST", Q2): 2.0}
"""SOUTH is Red in its last two quarters, which leads into Enhanced; then EAST reports."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path, catalogue(**CLOSES))
    desk.report(RED)
    return desk


def test_a_closed_org_is_said_to_be_closed_and_by_whom_it_is_succeeded(desk: Desk) -> None:
    row = desk.row(layout.KPIS, "SOUTH")
    assert (row["RAG"], row["Actual"], row["As at"]) == ("Closed", 9.0, "Q1 26-27")
    assert row["Commentary"] == "(closed on 30 June 2026, succeeded by EAST)"
    assert (row["Escalation"], row["Flag"]) == ("", "")


def test_its_sum_is_complete_without_it(desk: Desk) -> None:
    row = desk.row(layout.KPIS, "TRUST")
    assert (row["RAG"], row["Reported by"], row["Shown"]) == ("Green", "2 of 2 parts", "2.5")
    assert desk.row(layout.KPIS, "TRUST", Q1)["Reported by"] == "2 of 2 parts"


def test_its_figures_stay_in_data(desk: Desk) -> None:
    periods = [row["Period"] for row in desk.sheet(layout.DATA) if row["Org"] == "SOUTH"]
    assert sorted(periods) == [Q4, Q1]


def test_a_closed_org_is_no_exception_and_is_not_on_the_dashboard(desk: Desk) -> None:
    assert "SOUTH" not in [row["Org"] for row in desk.sheet(layout.EXCEPTIONS)]
    assert not [row for row in desk.sheet(layout.DASHBOARD) if "South site" in (row["Indicator"] or "")]


def test_it_is_proposed_for_a_stage_while_it_is_open_and_not_when_it_has_closed(desk: Desk) -> None:
    assert desk.row(layout.ESCALATION, "SOUTH", Q1)["Proposed stage"] == "Enhanced"
    assert "SOUTH" not in [row["Org"] for row in desk.sheet(layout.ESCALATION, Q2)]


def test_what_was_decided_of_a_closed_org_is_said_until_a_person_takes_it_out(desk: Desk) -> None:
    desk.decide("SOUTH", "Enhanced")
    row = desk.row(layout.ESCALATION, "SOUTH")
    assert (row["Proposed stage"], row["Status"]) == ("Enhanced", "Closed; stands until you take it out")
    assert row["Reason"] == "Stays until a person takes it out: closed on 30 June 2026, succeeded by EAST."
    assert row["What would take it out"] == "a decision, as no figure is due any more"
    listed = desk.row(layout.EXCEPTIONS, "SOUTH")
    assert listed["RAG"] == "Closed"
    assert listed["Why it is listed"].startswith("Closed on 30 June 2026, succeeded by EAST; Red in Q1 26-27")
    (printed,) = [row for row in desk.sheet(layout.DASHBOARD) if "South site" in (row["Indicator"] or "")]
    assert (printed["RAG"], printed["Escalation"]) == ("Closed", "Enhanced")
    assert printed["Note"] == "closed on 30 June 2026, succeeded by EAST; was Red"
    desk.decide("SOUTH", "None")
    assert "SOUTH" not in [row["Org"] for row in desk.sheet(layout.EXCEPTIONS)]


def with_section_stages(of: Catalogue) -> Catalogue:
    data = of.model_dump(mode="json", by_alias=True)
    stage = {"id": "q1", "name": "Watched", "enter": {"red_kpis": 1}, "leave": {"periods_without": 1}}
    return Catalogue.model_validate(data | {"escalation": data["escalation"] | {"section_stages": [stage]}})


def test_a_section_is_not_proposed_for_a_stage_because_of_a_kpi_that_its_org_reported_before_it_closed(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path, with_section_stages(catalogue(**CLOSES)))
    desk.report(RED)
    proposed = {row["Ref"]: row["Proposed stage"] for row in desk.sheet(layout.ESCALATION, Q1) if row["Org"] == "SOUTH"}
    assert proposed == {"S1": "Enhanced", "money": "Watched"}
    assert [row for row in desk.sheet(layout.ESCALATION, Q2) if row["Org"] == "SOUTH"] == []


def test_a_stage_of_a_section_of_a_closed_org_stays_until_a_person_takes_it_out(tmp_path: Path) -> None:
    desk = Desk(tmp_path, with_section_stages(catalogue(**CLOSES)))
    desk.report(RED)
    decided = Decision("money", "SOUTH", "Watched", "Chief Executive", "2026-08-01", book="master.xlsx")
    desk.ledger.append("collate", [decided], at=at("2026-11-02"), by=BY)
    row = desk.row(layout.ESCALATION, "SOUTH")
    assert (row["Proposed stage"], row["Status"]) == ("Watched", "Closed; stands until you take it out")
    assert row["Reason"] == "Stays until a person takes it out: closed on 30 June 2026, succeeded by EAST."


def test_a_section_does_not_count_a_kpi_that_its_org_reports_no_longer(tmp_path: Path) -> None:
    data = catalogue_data()
    kpi = kpi_in(data, "S1") | {"orgs": ["NORTH", {"org": "SOUTH", "until": "2026-06-30"}]}
    desk = Desk(tmp_path, with_section_stages(Catalogue.model_validate(data | {"kpis": [kpi]})))
    desk.report({("SOUTH", Q1): 9.0})
    assert [row["Ref"] for row in desk.sheet(layout.ESCALATION, Q1)] == ["money"]
    assert desk.sheet(layout.ESCALATION, Q2) == []


def test_an_org_that_has_not_opened_is_not_listed(desk: Desk) -> None:
    assert [row["Org"] for row in desk.sheet(layout.KPIS, Q1)] == ["TRUST", "NORTH", "SOUTH"]
    assert [row["Org"] for row in desk.sheet(layout.KPIS, Q2)] == ["TRUST", "NORTH", "SOUTH", "EAST"]


def test_what_a_closed_org_gives_anyway_is_shown_and_counts(desk: Desk) -> None:
    desk.report({("SOUTH", Q2): 10.0})
    assert (desk.row(layout.KPIS, "SOUTH")["RAG"], desk.row(layout.KPIS, "SOUTH")["As at"]) == ("Red", "Q2 26-27")
    row = desk.row(layout.KPIS, "TRUST")
    assert (row["Reported by"], row["Shown"]) == ("3 of 3 parts", "5.0")


def test_a_figure_that_a_closed_org_gives_anyway_is_said_to_be_its_and_is_not_celebrated(desk: Desk) -> None:
    desk.report({("SOUTH", Q2): 2.0})
    row = desk.row(layout.KPIS, "SOUTH")
    assert (row["RAG"], row["Commentary"]) == ("Green", "(closed on 30 June 2026, succeeded by EAST)")
    (printed,) = [each for each in desk.sheet(layout.DASHBOARD) if "South site" in str(each["Indicator"])]
    assert printed["Note"].startswith("closed on 30 June 2026")
    assert "SOUTH" not in [each["Org"] for each in desk.sheet(layout.EXCEPTIONS)]


def test_an_org_is_closed_in_the_quarter_in_which_it_closes_whatever_it_gave_for_the_months_before(
    tmp_path: Path,
) -> None:
    data = catalogue_data()
    kpi = kpi_in(data, "S1") | {"frequency": "monthly", "orgs": ["NORTH", {"org": "SOUTH", "until": "2026-08-15"}]}
    desk = Desk(tmp_path, Catalogue.model_validate(data | {"kpis": [kpi]}))
    months = ("2026-06", "2026-07", "2026-08", "2026-09")
    desk.report({("NORTH", month): 3.0 for month in months} | {("SOUTH", month): 9.0 for month in months[:2]})
    row = desk.row(layout.KPIS, "SOUTH")
    assert (row["RAG"], row["Actual"], row["As at"]) == ("Closed", 9.0, "Jul 2026")
    assert "SOUTH" not in [each["Org"] for each in desk.sheet(layout.EXCEPTIONS)]


def test_an_org_that_is_open_and_has_no_figure_is_still_not_returned(desk: Desk) -> None:
    assert desk.row(layout.KPIS, "NORTH", Q3)["RAG"] == "Not returned"
    assert desk.row(layout.KPIS, "SOUTH", Q3)["RAG"] == "Closed"


def test_where_only_the_kpi_ends_for_an_org_that_is_said(tmp_path: Path) -> None:
    data = catalogue_data()
    kpi = kpi_in(data, "S1") | {"orgs": ["NORTH", {"org": "SOUTH", "until": "2026-06-30"}]}
    desk = Desk(tmp_path, Catalogue.model_validate(data | {"kpis": [kpi]}))
    desk.report({("NORTH", Q2): 3.0, ("SOUTH", Q1): 3.0})
    row = desk.row(layout.KPIS, "SOUTH")
    assert (row["RAG"], row["Commentary"]) == ("Closed", "(reported until 30 June 2026)")


def test_when_all_of_its_orgs_have_closed_what_they_rolled_up_into_has_too(tmp_path: Path) -> None:
    data = catalogue_data()
    for org in data["orgs"][1:]:
        org["until"] = "2026-06-30"
    kpi = kpi_in(data, "S1") | {"roll_up": {"orgs": "parts"}}
    desk = Desk(tmp_path, Catalogue.model_validate(data | {"kpis": [kpi]}))
    desk.report({("NORTH", Q1): 3.0, ("SOUTH", Q1): 3.0})
    assert {row["Org"]: row["RAG"] for row in desk.sheet(layout.KPIS, Q2)} == dict.fromkeys(
        ("TRUST", "NORTH", "SOUTH"), "Closed"
    )
    assert desk.sheet(layout.EXCEPTIONS, Q2) == []


@pytest.mark.parametrize(("period", "orgs"), [(Q1, ["NORTH", "SOUTH"]), (Q2, ["NORTH", "EAST"])])
def test_a_return_asks_for_the_orgs_that_are_open(period: str, orgs: list[str]) -> None:
    of = catalogue(**CLOSES)
    due = of.due_from(of.owner_by_id["beta"], Period.parse(period, Frequency.QUARTERLY))
    assert [org.code for _, org, _ in due] == orgs


def test_a_figure_that_was_asked_for_before_the_org_was_closed_is_due_no_longer() -> None:
    of = catalogue(**CLOSES)
    assert is_still_due(of, ("S1", "SOUTH", Q1))
    assert not is_still_due(of, ("S1", "SOUTH", Q2))


JOINED = CLOSES | {"series": "joined"}
SEEN = "figures before 1 July 2026 are those of SOUTH"


@pytest.fixture
def joined(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path, catalogue(**JOINED))
    desk.report(RED | {("EAST", Q2): 9.5})
    return desk


def test_a_joined_series_is_said_to_go_on_from_another_org_s_wherever_it_is_shown(joined: Desk) -> None:
    row = joined.row(layout.KPIS, "EAST")
    assert (row["Actual"], row["RAG"], row["Change"], row["Changed by"]) == (9.5, "Red", "worse", 0.5)
    assert row["Series joined"] == f"{SEEN}; trend and SPC begin anew"
    listed = joined.row(layout.EXCEPTIONS, "EAST")
    assert "off target for 3 periods, since at least Q4 25-26, the first figure" in listed["Why it is listed"]
    assert SEEN in listed["Why it is listed"]
    (printed,) = [each for each in joined.sheet(layout.DASHBOARD) if "East site" in str(each["Indicator"])]
    assert (printed["Note"], len(printed["Last periods"])) == (SEEN, 3)
    assert joined.row(layout.ESCALATION, "EAST")["Proposed stage"] == "Enhanced"


def test_joining_moves_no_figure_and_counts_none_twice(joined: Desk, tmp_path: Path) -> None:
    separate = Desk(tmp_path / "separate", catalogue(**CLOSES))
    separate.report(RED | {("EAST", Q2): 9.5})
    for period in (Q1, Q2, Q3):
        for table in (layout.ROLL_UP, layout.RETURNS):
            assert joined.sheet(table, period) == separate.sheet(table, period)
        keys = [(row["Org"], row["Period"], row["Actual"], row["RAG"]) for row in joined.sheet(layout.DATA, period)]
        assert keys == [
            (row["Org"], row["Period"], row["Actual"], row["RAG"]) for row in separate.sheet(layout.DATA, period)
        ]
    assert joined.row(layout.KPIS, "SOUTH") == separate.row(layout.KPIS, "SOUTH")
    assert joined.row(layout.KPIS, "TRUST") == separate.row(layout.KPIS, "TRUST")


def test_a_red_stays_on_the_list_under_the_org_that_took_over_until_it_reports(tmp_path: Path) -> None:
    desk = Desk(tmp_path, catalogue(**JOINED))
    desk.report({key: value for key, value in RED.items() if key[0] != "EAST"})
    row = desk.row(layout.KPIS, "EAST")
    assert (row["RAG"], row["Actual"], row["As at"]) == ("Not returned", 9.0, "Q1 26-27")
    why = desk.row(layout.EXCEPTIONS, "EAST")["Why it is listed"]
    assert "Red in Q1 26-27 and off target for 2 periods, since at least Q4 25-26, the first figure" in why
    assert SEEN in why
    assert "SOUTH" not in [each["Org"] for each in desk.sheet(layout.EXCEPTIONS)]


def test_a_red_of_the_org_before_that_is_said_not_to_apply_stays_on_the_list_of_the_one_that_took_over(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path, catalogue(**JOINED))
    desk.report({("SOUTH", Q1): 9.0})
    says_not_so = Figure("S1", "SOUTH", Q1, not_applicable=True, reason_not_applicable="None fell due")
    desk.ledger.append("import", [Imported("again", "f.csv", (says_not_so,))], at=at("2026-11-01"), by=BY)
    why = desk.row(layout.EXCEPTIONS, "EAST")["Why it is listed"]
    assert "Red in Q1 26-27" in why
    assert SEEN in why
