"""What the master says beyond the colour: roll-up, variation, confidence, comparison, good news, stages and reviews."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from tests.conftest import BY, Q1, Q4, Team, at, fill, kpi_in, make_kpi
from xlperf.period import Frequency, Period
from xlperf.report import layout as master
from xlperf.returns.figure import figure_from_record
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.import_history import import_history
from xlperf.workflow.workspace.run import Run

Change = Callable[[dict[str, Any]], None]
V1 = ("V1", "TRUST", Q1)
NORTH, SOUTH = ("S1", "NORTH", Q1), ("S1", "SOUTH", Q1)


def row(team: Team, table: str, ref: str, org: str = "TRUST", **more: str) -> dict[str, str]:
    found = [
        r
        for r in team.sheet(table)
        if r["Ref"] == ref and r.get("Org", org) == org and all(r[name] == value for name, value in more.items())
    ]
    assert len(found) == 1, found
    return found[0]


def issue(team: Team, *changes: Change) -> dict[str, Any]:
    """Change the catalogue, then generate Quarter 1."""
    for change in changes:
        team.change_catalogue(change)
    return team.issue()


def history(team: Team, rows: Sequence[tuple[object, ...]]) -> None:
    """Import (kpi, org, period, actual, numerator, denominator) kept before xlperf."""
    path = team.root / "history.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("kpi", "org", "period", "actual", "numerator", "denominator"), *rows])
    done = import_history(team.workspace, path, Run(at("2026-07-01"), BY))
    assert done.refused == 0, done.findings


def months(count: int) -> list[str]:
    """The last so many months before Quarter 1 2026-27."""
    last = Period.parse("2026-03", Frequency.MONTHLY)
    return [str(last.previous(back)) for back in range(count - 1, -1, -1)]


# ---- roll-up -------------------------------------------------------------------------------------------------------


def rolls_up(kpi_id: str, **how: object) -> Change:
    return lambda data: kpi_in(data, kpi_id).update(roll_up=how)


def test_a_percentage_is_rolled_up_by_its_parts_and_says_of_how_many_orgs(team: Team) -> None:
    issued = issue(team, rolls_up("S1", orgs="parts"))
    # 10 % of a small site and 1 % of a large one: the mean of the two would be 5.5, Red; of all days 1.8 were lost.
    fill(
        issued["beta"],
        {NORTH: {"Numerator": 10, "Denominator": 100}, SOUTH: {"Numerator": 10, "Denominator": 1000}},
    )
    team.collate()
    trust = row(team, "tbl_rollup", "S1", Span="Latest period")
    assert (trust["Numerator"], trust["Denominator"], trust["Shown"]) == ("20", "1100", "1.8")
    assert (trust["RAG"], trust["Reported"]) == ("Green", "2 of 2 parts")
    printed = [r for r in team.sheet("tbl_dashboard") if r["Ref"] == "S1"]
    assert [(r["Indicator"], r["Latest"], r["RAG"], r["Note"]) for r in printed] == [
        ("Sickness absence: Small Trust", "1.8", "Green", "2 of 2 parts"),
        ("– North site", "10.0", "Red", ""),
        ("– South site", "1.0", "Green", ""),
    ]


def test_a_rolled_up_figure_of_fewer_orgs_says_so(team: Team) -> None:
    issued = issue(team, rolls_up("S1", orgs="parts"))
    fill(issued["beta"], {NORTH: {"Numerator": None, "Denominator": None}})
    team.collate()
    assert row(team, "tbl_kpis", "S1")["Reported by"] == "1 of 2 parts"
    assert row(team, "tbl_kpis", "S1", "NORTH")["RAG"] == "Not returned"


def beds(data: dict[str, Any]) -> None:
    """A count that both sites report, with a target each and one of their sum."""
    data["kpis"].append(
        make_kpi(
            id="B1", name="Delayed discharges", kind="count", direction="lower", orgs=["NORTH", "SOUTH"],
            targets=[{"from": "2024-25", "target": 10}],
            roll_up={"orgs": "sum", "targets": [{"from": "2024-25", "target": 20}]},
        )
    )  # fmt: skip


def test_a_sum_is_judged_by_its_own_target_and_never_while_an_org_is_missing(team: Team) -> None:
    issued = issue(team, beds)
    north, south = ("B1", "NORTH", Q1), ("B1", "SOUTH", Q1)
    fill(issued["alpha"], {north: {"Actual": 12}, south: {"Actual": 7}})
    team.collate()
    # 19 is above the 10 of one site; the target of the sum is 20.
    trust = row(team, "tbl_kpis", "B1")
    assert (trust["Shown"], trust["Target"], trust["RAG"]) == ("19", "20", "Green")


def test_an_incomplete_sum_is_shown_but_has_no_colour(team: Team) -> None:
    issued = issue(team, beds)
    fill(issued["alpha"], {("B1", "NORTH", Q1): {"Actual": 12}})
    team.collate()
    trust = row(team, "tbl_kpis", "B1")
    assert (trust["Shown"], trust["RAG"], trust["Reported by"]) == ("12", "Not returned", "1 of 2 parts")
    assert not [r for r in team.sheet("tbl_exceptions") if (r["Ref"], r["Org"]) == ("B1", "TRUST")]  # not yet late
    team.collate(at("2026-07-20"))
    (listed,) = [r for r in team.sheet("tbl_exceptions") if (r["Ref"], r["Org"]) == ("B1", "TRUST")]
    assert (listed["List"], listed["RAG"]) == ("To act on", "Not returned")
    assert listed["Why it is listed"] == (
        "No complete figure for Q1 26-27; made of the figures of 1 of 2 parts, without South site"
    )


def test_months_become_the_quarter_and_the_year_to_date(team: Team) -> None:
    issued = issue(team, rolls_up("T1", time="parts"))
    fill(
        issued["beta"],
        {
            ("T1", "TRUST", month): {"Numerator": trained, "Denominator": staff}
            for month, trained, staff in (("2026-04", 50, 100), ("2026-05", 90, 100), ("2026-06", 270, 300))
        },
    )
    team.collate()
    for span in ("Quarter", "Year to date"):
        said = row(team, "tbl_rollup", "T1", Span=span)
        assert (said["Numerator"], said["Denominator"], said["Shown"]) == ("410", "500", "82.0")
        assert (said["RAG"], said["Reported"]) == ("Green", "3 of 3 periods")


def test_the_dashboard_of_many_orgs_prints_what_they_roll_up_to(team: Team) -> None:
    issued = issue(
        team, rolls_up("S1", orgs="parts"), lambda data: data.setdefault("rules", {}).update(dashboard_orgs=1)
    )
    fill(issued["beta"], {NORTH: {"Numerator": 100, "Denominator": 1000}})
    team.collate()
    assert [r["Indicator"] for r in team.sheet("tbl_dashboard") if r["Ref"] == "S1"] == [
        "Sickness absence: Small Trust"
    ]
    # What is not printed is still in the exceptions, so a Red site cannot hide behind its trust.
    assert row(team, "tbl_exceptions", "S1", "NORTH")["RAG"] == "Red"


# ---- variation, assurance, trend -----------------------------------------------------------------------------------


def monthly_t1(values: Sequence[int]) -> list[tuple[object, ...]]:
    return [("T1", "TRUST", month, "", value, 200) for month, value in zip(months(len(values)), values, strict=True)]


STEADY = [170, 172, 168, 171, 169, 173, 167, 170, 172, 169, 171, 168]


def test_variation_and_assurance_stand_on_the_dashboard_and_about_names_the_ruleset(team: Team) -> None:
    issued = issue(team)
    history(team, monthly_t1(STEADY))
    fill(issued["beta"])  # three months of 170 of 200: 15 points about 85 %, target 80
    team.collate()
    t1 = row(team, "tbl_dashboard", "T1")
    assert (t1["Variation"], t1["Assurance"], t1["Note"]) == ("no change", "will meet", "")
    kpi = row(team, "tbl_kpis", "T1")
    assert (kpi["Points"], kpi["Trend"]) == ("15 points", "steady")
    about = {r["Item"]: r["Value"] for r in team.sheet("tbl_about")}
    assert "mdc 2023-11" in about["Variation, assurance"]


def test_green_that_deteriorates_is_an_exception_and_says_so(team: Team) -> None:
    issued = issue(team)
    history(team, monthly_t1([196, 195, 197, 196, 198, 195, 197, 196, 190, 186, 182, 178]))
    changes = {
        ("T1", "TRUST", f"2026-0{month}"): {"Numerator": trained, "Denominator": 200}
        for month, trained in ((4, 172), (5, 168), (6, 164))
    }
    fill(issued["beta"], changes)
    team.collate()
    t1 = row(team, "tbl_dashboard", "T1")
    assert (t1["RAG"], t1["Variation"]) == ("Green", "concerning, low")
    assert t1["Note"].startswith("Green, but deteriorating")
    listed = row(team, "tbl_exceptions", "T1")
    assert listed["List"] == master.TO_ACT_ON
    assert "Green, but deteriorating" in listed["Why it is listed"]


def test_the_ruleset_and_a_rebase_are_the_catalogues_to_choose(team: Team) -> None:
    rebase = {"on": "2026-01-01", "reason": "A new way of counting"}
    issued = issue(
        team,
        lambda data: kpi_in(data, "T1").update(rebases=[rebase]),
        lambda data: data.setdefault("rules", {}).update(spc_run_length=6),
    )
    history(team, monthly_t1(STEADY))
    fill(issued["beta"])
    team.collate()
    # Six points since the rebase, which is too few for limits.
    assert row(team, "tbl_kpis", "T1")["Points"] == "6 of 13 points"
    about = {r["Item"]: r["Value"] for r in team.sheet("tbl_about")}
    assert "runs of 6" in about["Variation, assurance"]
    assert "A new way of counting" in row(team, "tbl_glossary", "T1")["Rebased"]


def test_a_small_change_is_none_and_a_seasonal_kpi_is_compared_with_last_year(team: Team) -> None:
    issued = issue(
        team,
        lambda data: kpi_in(data, "V1").update(
            material={"absolute": 2}, seasonal=True, benchmark={"value": 91.5, "source": "All trusts, 2025-26"}
        ),
    )
    history(team, [("V1", "TRUST", "2025-26-Q1", 88, "", ""), ("V1", "TRUST", Q4, 91, "", "")])
    fill(issued["alpha"], {V1: {"Actual": 92.5}})
    team.collate()
    v1 = row(team, "tbl_kpis", "V1")
    assert (v1["Change"], v1["Changed by"], v1["Same period last year"]) == ("same", "1.5", "better")
    assert (v1["Target since"], v1["Benchmark"], v1["Benchmark source"]) == ("2024-25", "91.5", "All trusts, 2025-26")


def test_orgs_are_ranked_with_the_gap_between_best_and_worst(team: Team) -> None:
    issued = issue(team)
    fill(
        issued["beta"],
        {NORTH: {"Numerator": 30, "Denominator": 1000}, SOUTH: {"Numerator": 51, "Denominator": 1000}},
    )
    team.collate()
    north, south = row(team, "tbl_kpis", "S1", "NORTH"), row(team, "tbl_kpis", "S1", "SOUTH")
    assert (north["Rank"], south["Rank"]) == ("1 of 2", "2 of 2")
    assert (north["Best"], north["Worst"], float(north["Gap"])) == ("3.0 (NORTH)", "5.1 (SOUTH)", 2.1)


def test_best_and_worst_are_printed_as_the_figures_themselves_are(team: Team) -> None:
    """4.04 is Amber: printed as 4.0 it would look as if it met the target of 4."""
    issued = issue(team)
    parts = {NORTH: {"Numerator": 404, "Denominator": 10_000}, SOUTH: {"Numerator": 499, "Denominator": 10_000}}
    fill(issued["beta"], parts)
    fill(issued["alpha"])
    team.collate()
    north = row(team, master.KPIS, "S1", "NORTH")
    assert north["Shown"] == "4.04, shown 4.0"
    assert (north["Best"], north["Worst"]) == ("4.04, shown 4.0 (NORTH)", "5.0 (SOUTH)")


# ---- confidence ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signed", "validated", "saved", "word"),
    [
        (True, "Yes", "2026-07-08", "fair"),
        (True, None, "2026-07-17", "fair"),
        (False, None, "2026-07-24", "poor"),
    ],
)
def test_data_quality_stands_beside_the_rag(
    issued_team: Team, signed: bool, validated: str | None, saved: str, word: str
) -> None:
    issued_team.change_catalogue(lambda data: kpi_in(data, "V1").update(data_quality={"systems": "Amber"}))
    typed: Mapping[str, CellValue] = {"Data validated": validated}
    fill(issued_team.issued()["alpha"], {V1: typed}, signed=signed, saved=at(saved))
    issued_team.collate(at("2026-07-30"))
    assert row(issued_team, "tbl_dashboard", "V1")["Data"] == word


def test_a_return_saved_in_time_is_in_time_whenever_it_is_collated(issued_team: Team) -> None:
    fill(issued_team.issued()["alpha"], saved=at("2026-07-15"))
    issued_team.collate(at("2026-08-01"))
    assert row(issued_team, "tbl_dashboard", "V1")["Data"] == "good"
    returned = next(r for r in issued_team.sheet("tbl_returns") if r["Outcome"].startswith("Accepted"))
    assert returned["Days late"] == "0"


def test_a_provisional_figure_is_marked_until_it_is_restated_and_both_figures_are_kept(team: Team) -> None:
    team.issue()
    fill(team.issued()["alpha"], {V1: {"Actual": 92, "Provisional": "Yes"}})
    team.collate()
    assert row(team, "tbl_dashboard", "V1")["Note"] == "provisional"
    issued = team.issue("2026-27-Q2", now=at("2026-10-01"))
    fill(
        issued["alpha"],
        {("V1", "TRUST", "2026-27-Q2"): {"Restated previous figure": 91, "Reason for restatement": "Final count"}},
        saved=at("2026-10-05"),
    )
    team.collate(at("2026-10-06"), period=Q1)
    v1 = row(team, "tbl_kpis", "V1")
    assert (v1["Shown"], v1["Figure is"], v1["First reported"]) == ("91.0", "restated", "92")


# ---- good news -----------------------------------------------------------------------------------------------------


def test_a_target_newly_met_is_celebrated_beside_what_is_off_target(team: Team) -> None:
    issued = issue(team)
    history(team, [("V1", "TRUST", Q4, 80, "", "")])
    fill(issued["alpha"], {V1: {"Actual": 93}, ("L1", "TRUST", Q1): {"Actual": 20}})
    team.collate()
    good = row(team, "tbl_exceptions", "V1")
    assert good["List"] == master.TO_CELEBRATE
    assert good["Why it is listed"] == "newly on target: Green in Q1 26-27 (93.0), Red in Q4 25-26 (80.0)"
    lists = [r["List"] for r in team.sheet("tbl_exceptions")]
    assert lists == sorted(lists, key=[master.TO_ACT_ON, master.TO_CELEBRATE].index)
    assert row(team, "tbl_exceptions", "L1")["List"] == master.TO_ACT_ON


# ---- stages --------------------------------------------------------------------------------------------------------


def test_a_decision_has_a_date_it_is_reviewed_on_and_a_count_of_periods(team: Team) -> None:
    def reviewed(data: dict[str, Any]) -> None:
        data["escalation"].update(review_months=1, told=["Chair"])
        data["escalation"]["stages"][0].update(support=["A written plan"], told=["Chair", "Board"])

    issued = issue(team, reviewed)
    history(team, [("V1", "TRUST", Q4, 60, "", ""), ("V1", "TRUST", "2025-26-Q3", 60, "", "")])
    fill(issued["alpha"], {V1: {"Actual": 61}})
    team.collate()
    v1 = row(team, "tbl_escalation", "V1")
    assert (v1["Proposed stage"], v1["Status"], v1["In force since"]) == ("Enhanced", "No decision yet", "")
    assert (v1["Who decides"], v1["Who is told"], v1["Support"]) == (
        "Chief Executive",
        "Chair; Board",
        "A written plan",
    )
    typed: Mapping[str, CellValue] = {
        "Decided stage": "Enhanced",
        "Decided by": "Chief Executive",
        "Decided on": date(2026, 5, 31),
    }
    team.type_in_master("tbl_escalation", "V1", typed)
    team.collate()
    v1 = row(team, "tbl_escalation", "V1")
    since, review = (date(1899, 12, 30).toordinal() + int(v1[name]) for name in ("In force since", "Next review"))
    assert (date.fromordinal(since), date.fromordinal(review)) == (date(2026, 5, 31), date(2026, 6, 30))
    assert v1["Periods at stage"] == "1"
    assert v1["Status"].endswith("review overdue")


def test_a_section_has_its_own_stage_which_is_decided_and_kept(team: Team) -> None:
    def sections(data: dict[str, Any]) -> None:
        data["escalation"].update(
            no_stage="Routine",
            section_stages=[
                {"id": "w3", "name": "Level 3", "enter": {"red_percent": 40}, "leave": {"periods_without": 2}}
            ],
        )

    issued = issue(team, sections)
    fill(issued["alpha"], {V1: {"Actual": 10}, ("L1", "TRUST", Q1): {"Actual": 20}})
    team.collate()
    quality = row(team, "tbl_escalation", "quality")
    assert (quality["KPI"], quality["Proposed stage"], quality["Status"]) == (
        "Section: Quality",
        "Level 3",
        "No decision yet",
    )
    band = next(r for r in team.sheet("tbl_dashboard") if r["Ref"] == "Quality")
    assert "Level 3" not in band["Escalation"]  # the board decides nothing here, so its page has no proposal
    typed: Mapping[str, CellValue] = {"Decided stage": "Level 3", "Decided by": "Board", "Decided on": date(2026, 7, 9)}
    team.type_in_master("tbl_escalation", "quality", typed)
    team.collate()
    quality = row(team, "tbl_escalation", "quality")
    assert (quality["Decided stage"], quality["Status"]) == ("Level 3", "As proposed")
    assert not [item for item in team.sheet("tbl_findings") if item["Code"] == "D001"]


def test_collating_twice_changes_nothing_of_what_is_judged(team: Team) -> None:
    issued = issue(team, rolls_up("S1", orgs="parts", time="parts"))
    history(team, monthly_t1(STEADY))
    for path in issued.values():
        fill(path)
    team.collate()
    tables = (
        master.DASHBOARD, master.EXCEPTIONS, master.ESCALATION, master.KPIS, master.ROLL_UP, master.DATA,
    )  # fmt: skip
    before = {name: team.sheet(name) for name in tables}
    team.collate()
    assert {name: team.sheet(name) for name in tables} == before


# ---- what is no longer so ------------------------------------------------------------------------------------------


def quarters(count: int, last: str = Q1) -> list[str]:
    """The last so many quarters, up to one."""
    until = Period.parse(last, Frequency.QUARTERLY)
    return [str(until.previous(back)) for back in range(count - 1, -1, -1)]


def summary(team: Team) -> str:
    return str(team.master.read_name(master.SUMMARY))


def decide(team: Team, ref: str, stage: str, on: CellValue, org: str = "TRUST") -> None:
    typed: Mapping[str, CellValue] = {"Decided stage": stage, "Decided by": "Chief Executive", "Decided on": on}
    team.type_in_master("tbl_escalation", ref, typed, org)
    team.collate(period=Q1)


def test_nothing_is_said_of_a_kpi_that_does_not_apply_now_by_the_figures_before(team: Team) -> None:
    issued = issue(team)
    history(team, [("V1", "TRUST", quarter, 95 + n / 10, "", "") for n, quarter in enumerate(quarters(15, Q4))])
    not_now = {"Actual": None, "Not applicable": "Yes", "Reason not applicable": "No reviews fell due"}
    fill(issued["alpha"], {V1: not_now})
    team.collate()
    assert not [r for r in team.sheet("tbl_exceptions") if r["Ref"] == "V1"]
    printed = row(team, "tbl_dashboard", "V1")
    assert (printed["RAG"], printed["Variation"], printed["Assurance"]) == ("Not applicable", "–", "–")
    v1 = row(team, "tbl_kpis", "V1")
    assert (v1["Trend"], v1["Variation"], v1["Process in words"]) == ("", "", "")


def test_no_roll_up_is_celebrated_while_an_org_is_missing(team: Team) -> None:
    # The good site has reported, the bad one has not: of the two together the target would be missed again.
    issue(team, rolls_up("S1", orgs="parts", time="parts"))
    good = [("S1", "NORTH", quarter, "", 20, 1000) for quarter in quarters(3)]
    bad = [("S1", "SOUTH", quarter, "", 200, 1000) for quarter in quarters(2, Q4)]
    history(team, [*good, *bad])
    team.collate()
    assert (row(team, "tbl_kpis", "S1")["RAG"], row(team, "tbl_kpis", "S1")["Reported by"]) == ("Green", "1 of 2 parts")
    # Nor does it come off the list for that: with both sites it was Red.
    listed = row(team, "tbl_exceptions", "S1")
    assert (listed["List"], listed["RAG"]) == (master.TO_ACT_ON, "Green")
    assert listed["Why it is listed"].startswith("Green without every part; Red in Q4 25-26")
    year = row(team, "tbl_rollup", "S1", Span="Year to date")
    assert year["Reported"] == "1 of 1 period, 1 without every part"


def test_a_sum_that_lacks_an_org_is_a_gap_in_the_drawing_and_no_fall(team: Team) -> None:
    issue(team, beds)
    full = [("B1", org, quarter, 10, "", "") for org in ("NORTH", "SOUTH") for quarter in quarters(3, Q4)]
    history(team, [*full, ("B1", "NORTH", Q1, 10, "", "")])
    team.collate()
    trust = next(r for r in team.sheet("tbl_dashboard") if r["Indicator"] == "Delayed discharges: Small Trust")
    assert trust["Last periods"] == "▅▅▅·"


def test_orgs_that_are_not_rolled_up_stay_on_the_dashboard_however_many_there_are(team: Team) -> None:
    def two_trees(data: dict[str, Any]) -> None:
        data["orgs"].append({"code": "OTHER", "name": "Another body"})
        data.setdefault("rules", {}).update(dashboard_orgs=1)
        kpi_in(data, "S1").update(orgs=["NORTH", "SOUTH", "OTHER"], roll_up={"orgs": "parts"})

    issue(team, two_trees)
    history(team, [("S1", org, Q1, "", 20, 1000) for org in ("NORTH", "SOUTH", "OTHER")])
    team.collate()
    printed = [r["Indicator"] for r in team.sheet("tbl_dashboard") if r["Ref"] == "S1"]
    assert printed == ["Sickness absence: Small Trust", "Sickness absence: Another body"]


def test_an_org_that_reports_for_those_below_it_stays_on_the_dashboard(team: Team) -> None:
    def all_report(data: dict[str, Any]) -> None:
        data.setdefault("rules", {}).update(dashboard_orgs=1)
        kpi_in(data, "S1").update(orgs=["TRUST", "NORTH", "SOUTH"], roll_up={"orgs": "parts"})

    issue(team, all_report)
    history(team, [("S1", org, Q1, "", 20, 1000) for org in ("TRUST", "NORTH", "SOUTH")])
    team.collate()
    assert len([r for r in team.sheet("tbl_dashboard") if r["Ref"] == "S1"]) == 3


def test_a_kpi_that_begins_within_the_period_is_listed_although_its_end_is_known(team: Team) -> None:
    issue(team, lambda data: kpi_in(data, "T1").update(reported_from="2026-05", retired_after="2027-03"))
    history(team, [("T1", "TRUST", "2026-06", "", 90, 100)])
    team.collate()
    assert row(team, "tbl_kpis", "T1")["RAG"] == "Green"


def test_the_last_figure_of_a_kpi_is_the_one_before_it_was_retired(team: Team) -> None:
    history(team, [("T1", "TRUST", month, "", 90, 100) for month in ("2026-05", "2026-06")])
    team.change_catalogue(lambda data: kpi_in(data, "T1").update(retired_after="2026-05"))
    team.collate(period=Q1)
    t1 = row(team, "tbl_kpis", "T1")
    assert (t1["As at"], t1["RAG"]) == ("May 2026", "Green")


def test_a_stage_of_what_is_no_longer_reported_says_why_and_is_not_counted(team: Team) -> None:
    history(team, [("V1", "TRUST", quarter, 50, "", "") for quarter in quarters(3)])
    history(team, [("S1", "NORTH", quarter, "", 90, 1000) for quarter in quarters(3)])
    team.collate(period=Q1)
    decide(team, "V1", "Enhanced", date(2026, 7, 9))
    decide(team, "S1", "Enhanced", date(2026, 7, 9), "NORTH")
    assert "2 in escalation" in summary(team)
    team.change_catalogue(lambda data: kpi_in(data, "V1").update(retired_after="2025-26"))
    team.change_catalogue(lambda data: kpi_in(data, "S1").update(orgs=["SOUTH"]))
    team.collate(period=Q1)
    v1, s1 = row(team, "tbl_escalation", "V1"), row(team, "tbl_escalation", "S1", "NORTH")
    assert (v1["KPI"], v1["Decided stage"], v1["Status"]) == (
        "Reviews held on time",
        "Enhanced",
        "Retired after 2025-26",
    )
    assert (s1["KPI"], s1["Status"]) == ("Sickness absence", "NORTH does not report it")
    assert "none in escalation" in summary(team)


@pytest.mark.parametrize(
    ("actual", "status"), [(50, "To decide: not a stage of the ladder"), (95, "Not a stage of the ladder")]
)
def test_a_stage_that_the_ladder_lost_is_said_and_counts_as_none(actual: float, status: str, team: Team) -> None:
    history(team, [("V1", "TRUST", quarter, 50, "", "") for quarter in quarters(3, Q4)])
    team.collate(period=Q4)
    decide(team, "V1", "Enhanced", date(2026, 4, 20))
    history(team, [("V1", "TRUST", Q1, actual, "", "")])
    team.change_catalogue(lambda data: data["escalation"]["stages"][0].update(name="Closer watch"))
    team.collate(period=Q1)
    v1 = row(team, "tbl_escalation", "V1")
    assert (v1["Decided stage"], v1["Status"]) == ("Enhanced", status)
    assert v1["Reason"].startswith("'Enhanced' is no stage here and counts as None.")
    assert "in escalation and" not in summary(team)
    assert "1 in escalation" not in summary(team)


def test_a_stage_that_only_sections_have_is_no_stage_of_a_kpi(team: Team) -> None:
    level = {"id": "w", "name": "Level 3", "enter": {"red_kpis": 1}, "leave": {"periods_without": 1}}
    issue(team, lambda data: data["escalation"].update(section_stages=[level]))
    history(team, [("V1", "TRUST", quarter, 50, "", "") for quarter in quarters(3)])
    team.collate()
    decide(team, "V1", "Level 3", date(2026, 7, 9))
    assert row(team, "tbl_escalation", "V1")["Status"] == "To decide: not a stage of the ladder"
    assert row(team, "tbl_kpis", "V1")["Escalation"] == "Enhanced?", "it is in no stage now"
    assert [r["Found"] for r in team.sheet("tbl_findings") if r["Code"] == "D001"] == ["Level 3"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (date(2026, 7, 9), "Decided otherwise"),
        ("after the board", "Decided otherwise; its date cannot be read"),
        (date(2999, 1, 1), "Decided otherwise; its date cannot be read"),
        (None, "Decided otherwise; without a date"),
    ],
)
def test_a_decision_without_a_day_says_so_since_no_review_can_fall_due(typed: CellValue, said: str, team: Team) -> None:
    history(team, [("V1", "TRUST", quarter, 50, "", "") for quarter in quarters(6)])
    team.collate(period=Q1)
    decide(team, "V1", "Enhanced", typed)
    assert row(team, "tbl_escalation", "V1")["Status"] == said


def test_about_tells_all_that_leads_in_and_out_of_a_stage(team: Team) -> None:
    def ladder(data: dict[str, Any]) -> None:
        enter, leave = {"action_overdue_days": 1}, {"consecutive_green": 1, "no_concern": True, "not_failing": True}
        data["escalation"]["stages"][0].update(enter=enter, leave=leave, review_months=1)
        watch = {"escalated_kpis": 1, "red_kpis": 1, "at_stage": "s2"}
        section = {"id": "w", "name": "Watch", "enter": watch, "leave": {"periods_without": 1}, "review_months": 6}
        data["escalation"].update(section_stages=[section])

    issue(team, ladder)
    team.collate()
    about = {r["Item"]: r["Value"] for r in team.sheet("tbl_about")}
    assert about["Stage: Enhanced"] == (
        "Entered if it is off target with an action more than 1 day overdue. To leave: Green in 1 period running, and "
        "variation not of concern, and its process not expected to miss the target. Reviewed every month."
    )
    assert about["Stage of a section: Watch"] == (
        "Entered with 1 KPI Red, or with 1 KPI at Targeted or graver by decision. To leave: 1 reporting period running "
        "without that. Reviewed every 6 months."
    )


# ---- nothing --------------------------------------------------------------------------------------------------------


def test_a_figure_of_zero_is_a_figure_all_the_way(team: Team) -> None:
    issued = issue(team)
    history(team, [("C1", "TRUST", Q4, 0, "", ""), ("P1", "TRUST", Q4, "", 0, 10)])
    fill(
        issued["alpha"], {("C1", "TRUST", Q1): {"Actual": 0}, ("P1", "TRUST", Q1): {"Numerator": 0, "Denominator": 10}}
    )
    team.collate()
    for period in (Q4, Q1):
        now = team.state.figures["C1", "TRUST", period].now
        parts = team.state.figures["P1", "TRUST", period].now
        assert (now.actual, parts.actual, parts.numerator, parts.denominator) == (0, 0, 0, 10)
    count, share = row(team, "tbl_kpis", "C1"), row(team, "tbl_kpis", "P1")
    assert (count["Shown"], count["Actual"], count["RAG"]) == ("0", "0", "Green")
    assert (share["Shown"], share["Numerator"], share["RAG"]) == ("0.0", "0", "Red")


def test_a_ledger_in_which_zeros_were_left_out_still_has_them() -> None:
    count = figure_from_record({"kpi_id": "C1", "org": "TRUST", "period": Q1})
    assert count.actual == 0
    parts = figure_from_record({"kpi_id": "P1", "org": "TRUST", "period": Q1, "denominator": 10})
    assert (parts.actual, parts.numerator) == (0, 0)
    assert figure_from_record({"kpi_id": "M1", "org": "T", "period": Q1, "milestone": "Complete"}).actual is None
    assert figure_from_record({"kpi_id": "C1", "org": "T", "period": Q1, "not_applicable": True}).actual is None


def test_no_trust_leaves_a_stage_because_its_bad_site_stopped_returning(team: Team) -> None:
    issued = issue(team, rolls_up("S1", orgs="worst"))
    quarters = ("2025-26-Q1", "2025-26-Q2", "2025-26-Q3", Q4)
    good = [("S1", "NORTH", quarter, "", 20, 1000) for quarter in quarters]
    bad = [("S1", "SOUTH", quarter, "", 200, 1000) for quarter in quarters[:3]]
    history(team, [*good, *bad])
    fill(issued["beta"], {SOUTH: {"Numerator": None, "Denominator": None}})
    team.collate()
    typed: Mapping[str, CellValue] = {"Decided stage": "Enhanced", "Decided by": "CE", "Decided on": date(2025, 12, 31)}
    team.type_in_master("tbl_escalation", "S1", typed)
    team.collate()
    trust = row(team, "tbl_escalation", "S1")
    assert trust["Proposed stage"] == "Enhanced", trust["Reason"]
