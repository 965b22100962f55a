"""The lists and counts of the master: nothing leaves them by silence, and every sheet counts alike.

Most of it is judged without a workbook: a ledger of small runs, and the tables that a master would show of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Q1, Q2, Q3, Q4, Team, at, catalogue_data, fill, kpi_in
from xlperf.assessment import Assessment
from xlperf.catalogue import Catalogue
from xlperf.ledger import Decision
from xlperf.ledger.records import Imported, LedgerRun, Record
from xlperf.ledger.state import state_of
from xlperf.period import Frequency, Period
from xlperf.report import dashboard_heading, layout
from xlperf.report.views import RowsByTable, master_tables
from xlperf.returns.figure import Figure

OPEN = ("No decision yet", "To decide", "Decided twice")
"""How the status of what a person has still to decide begins."""
RATED = ("Blue", "Green", "Amber", "Red")
V1, TRUST = "V1", "TRUST"
QUARTERS = ("2025-26-Q1", "2025-26-Q2", "2025-26-Q3", Q4, Q1, Q2, Q3)
RED, AMBER, GREEN, NA = 50.0, 87.0, 95.0, "n/a"
START = datetime(2026, 1, 1, 9, tzinfo=UTC)


@dataclass
class Book:
    """A ledger in which one thing happens after another, and what a master would show of it."""

    data: dict[str, Any] = field(default_factory=catalogue_data)
    runs: list[LedgerRun] = field(default_factory=list)

    def _run(self, *records: Record) -> None:
        moment = START + timedelta(hours=len(self.runs))
        stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
        dated = tuple(replace(record, at=stamp) for record in records)
        self.runs.append(LedgerRun(f"{moment:%Y%m%dT%H%M%S}-{len(self.runs):08d}", "test", stamp, "test", dated))

    def figures(self, *figures: Figure) -> Book:
        self._run(Imported(f"{len(self.runs):064d}", "history.csv", figures))
        return self

    def series(self, kpi: str, org: str, figures: Mapping[str, float | str | None]) -> Book:
        """Figures of one KPI and org by period; `n/a` where it did not apply, None where there is none."""
        return self.figures(*(figure(kpi, org, period, said) for period, said in figures.items() if said is not None))

    def decide(self, stage: str, on: str = "", kpi: str = V1, org: str = TRUST, **more: Any) -> Book:
        self._run(Decision(kpi, org, stage, "Chief Executive", on, **more))
        return self

    def assessment(self, period: str, produced: str = "2027-02-01") -> Assessment:
        catalogue = Catalogue.model_validate(self.data)
        return Assessment(catalogue, state_of(self.runs), Period.parse(period, Frequency.QUARTERLY), at(produced))


def figure(kpi: str, org: str, period: str, said: float | str) -> Figure:
    if said == NA:
        return Figure(kpi, org, period, not_applicable=True, reason_not_applicable="None fell due")
    if isinstance(said, str):
        return Figure(kpi, org, period, milestone=said)
    if kpi in ("S1", "T1", "P1"):
        return Figure(kpi, org, period, actual=said, numerator=said, denominator=100)
    return Figure(kpi, org, period, actual=said)


def shown(assessment: Assessment) -> RowsByTable:
    return master_tables(assessment, [])


def rows_of(tables: RowsByTable, table: str, ref: str, org: str = TRUST) -> list[dict[str, Any]]:
    return [dict(row) for row in tables[table] if (row.get("Ref"), row.get("Org", org)) == (ref, org)]


def only(tables: RowsByTable, table: str, ref: str = V1, org: str = TRUST) -> dict[str, Any]:
    (row,) = rows_of(tables, table, ref, org)
    return row


def as_given(assessment: Assessment) -> list[Any]:
    """The judged figures; of those that are said not to apply, what was off target by the file that gave it before."""
    without = [
        replace(
            run,
            records=tuple(
                replace(record, figures=tuple(each for each in record.figures if not each.not_applicable))
                if isinstance(record, Imported)
                else record
                for record in run.records
            ),
        )
        for run in assessment.state.run_records
    ]
    given = replace(assessment, state=state_of(without)).rows
    before = {(row["kpi_id"], row["org"], row["period"]): row for row in given if row["rag"] in ("Red", "Amber")}
    return [
        before.get((row["kpi_id"], row["org"], row["period"]), row)
        if row["not_applicable"] and not row["rolled_up"]
        else row
        for row in assessment.rows
    ]


def check(assessment: Assessment) -> RowsByTable:
    """What must hold of every master, whatever has happened."""
    tables = shown(assessment)
    summary = dashboard_heading.summary(assessment)
    listed = Counter((row["List"], row["Ref"], row["Org"]) for row in tables[layout.EXCEPTIONS])
    assert max(listed.values(), default=1) == 1
    on = {name: {key[1:] for key in listed if key[0] == name} for name in (layout.TO_ACT_ON, layout.TO_CELEBRATE)}
    assert not on[layout.TO_ACT_ON] & on[layout.TO_CELEBRATE]

    # The last figure of each KPI and org that has a colour. One that is on target only without an org tells nothing.
    rated = {
        (row["kpi_id"], row["org"]): row["rag"]
        for row in as_given(assessment)
        if row["rag"] in RATED and (row["reported"] == row["expected"] or row["rag"] in ("Red", "Amber"))
    }
    for key, rag in rated.items():
        row_of = assessment.listed_with.get(key, key)
        assert row_of in on[layout.TO_ACT_ON] or rag not in ("Red", "Amber"), f"{key} was last {rag} and is not listed"
    stages = {name.casefold() for name in assessment.catalogue.escalation.stage_names[1:]}
    for row in tables[layout.ESCALATION]:
        stage = str(row[layout.DECIDED]).strip().casefold()
        if stage in stages or row["Status"].startswith(OPEN):
            assert (row["Ref"], row["Org"]) in on[layout.TO_ACT_ON], row

    ended = {(row["kpi_id"], row["org"]): row["period"] for row in assessment.rows if row["rag"] in RATED}
    for row in tables[layout.ESCALATION]:
        key, on_day = (row["Ref"], row["Org"]), row[layout.DECIDED_ON]
        if row["Status"].startswith("Decided otherwise") and isinstance(on_day, date) and key in ended:
            period = assessment.catalogue.kpi_by_id[key[0]].period(ended[key])
            assert period.last_day < on_day, f"{key}: decided on {on_day}, and the figure is of {period}"

    is_open = sum(row["Status"].startswith(OPEN) for row in tables[layout.ESCALATION])
    of_kpis = [row for row in tables[layout.ESCALATION] if not row["KPI"].startswith("Section: ")]
    asked = sum(row["Escalation"].count("?") for row in tables[layout.KPIS])
    assert asked == sum(row["Status"].startswith(OPEN) for row in of_kpis)
    assert is_open == sum(row["Escalation"].count("?") for row in tables[layout.EXCEPTIONS])
    assert is_open == assessment.counts.to_decide.total
    on_the_page = number(summary, r"(\d+) proposals? of escalation to decide")
    # Where nobody shows the board proposals, its page asks nothing but which of two decisions stands.
    disputed = sum(row["Status"].startswith("Decided twice") for row in tables[layout.ESCALATION])
    on_page = sum(str(row["Escalation"]).count("?") for row in tables[layout.DASHBOARD] if row["Escalation"])
    assert on_the_page == assessment.counts.for_the_board.total
    assert on_page == disputed == on_the_page or assessment.catalogue.escalation.proposals_shown_to, summary

    colours = Counter(row["RAG"] for row in tables[layout.KPIS])
    for rag, count in colours.items():
        assert number(summary, rf"(\d+) {rag}") == count
    silent = [row for row in tables[layout.KPIS] if row["RAG"] not in RATED]
    were_red = [key for row in silent if rated.get(key := (row["Ref"], row["Org"])) == "Red"]
    counted = re.findall(r"\((?:(\d+) )?w(?:as|ere) Red\)", summary)  # "was Red" stands beside a count of one
    assert sum(int(number_told or 1) for number_told in counted) == len(were_red), summary
    return tables


def number(text: str, pattern: str) -> int:
    found = re.search(pattern, text)
    return int(found[1]) if found else 0


# ---- silence hides nothing -----------------------------------------------------------------------------------------


def test_a_red_kpi_that_is_not_returned_stays_listed_among_the_red_and_is_counted() -> None:
    book = Book().series(V1, TRUST, {"2025-26-Q3": RED, Q4: AMBER, Q1: RED})
    book.series("L1", TRUST, {Q2: 10.5}).series("C1", TRUST, {Q2: 30.0})
    kpi_in(book.data, "M1")["targets"][0]["due"] = "2027-03-31"
    assessment = book.assessment(Q2)
    tables = check(assessment)
    row = only(tables, layout.EXCEPTIONS)
    assert row["Why it is listed"] == (
        "No figure for Q2 26-27 (no accepted return); Red in Q1 26-27 and off target for 3 periods, "
        "since at least Q3 25-26, the first figure"
    )
    assert (row["RAG"], row["Latest"], row["As at"]) == ("Not returned", "50.0", "Q1 26-27")
    assert (row["Red or Amber since"], row["Periods"]) == ("Q3 25-26", 3)
    assert {each["Ref"] for each in tables[layout.EXCEPTIONS][:2]} == {"V1", "C1"}
    assert tables[layout.EXCEPTIONS][2]["Ref"] == "L1"
    assert "7 Not returned (1 was Red)" in dashboard_heading.summary(assessment)
    printed = only(tables, layout.DASHBOARD)
    assert (printed["RAG"], printed["Note"]) == ("Not returned", "was Red")


def test_a_red_kpi_that_is_not_due_stays_listed() -> None:
    book = Book()
    kpi_in(book.data, V1).update(frequency="annual")
    assessment = book.series(V1, TRUST, {"2025-26": RED}).assessment(Q2)
    row = only(check(assessment), layout.EXCEPTIONS)
    assert row["Why it is listed"] == "No figure due for Q2 26-27; Red in 2025-26"
    assert (row["RAG"], row["As at"]) == ("Not due", "2025-26")
    assert "8 Not returned, 1 Not due (was Red)" in dashboard_heading.summary(assessment)


def test_a_red_kpi_that_does_not_apply_stays_listed_with_the_figure_it_had() -> None:
    row = only(check(Book().series(V1, TRUST, {Q4: RED, Q1: NA}).assessment(Q1)), layout.EXCEPTIONS)
    assert row["Why it is listed"] == "Not applicable in Q1 26-27; Red in Q4 25-26; reason given: None fell due"
    assert (row["RAG"], row["Latest"], row["As at"]) == ("Not applicable", "50.0", "Q4 25-26")


def test_a_red_kpi_whose_target_is_dropped_stays_listed() -> None:
    book = Book().series(V1, TRUST, {Q4: RED, Q1: RED})
    kpi_in(book.data, V1)["targets"] += [{"from": "2026-27"}]
    row = only(check(book.assessment(Q1)), layout.EXCEPTIONS)
    assert row["Why it is listed"] == "No target in Q1 26-27; Red in Q4 25-26"


def test_a_red_milestone_that_is_not_reported_stays_listed() -> None:
    row = only(check(Book().series("M1", TRUST, {Q4: "Off track"}).assessment(Q1)), layout.EXCEPTIONS, "M1")
    assert (row["RAG"], row["Latest"]) == ("Not returned", "Off track")


def test_a_red_sum_that_has_become_partial_stays_listed_with_its_last_whole_figure() -> None:
    book = Book()
    kpi_in(book.data, "C1").update(
        orgs=["NORTH", "SOUTH"], roll_up={"orgs": "sum", "targets": [{"from": "2024-25", "target": 20}]}
    )
    book.series("C1", "NORTH", {Q4: 15.0, Q1: 5.0}).series("C1", "SOUTH", {Q4: 25.0})
    tables = check(book.assessment(Q1))
    row = only(tables, layout.EXCEPTIONS, "C1")
    assert row["Why it is listed"] == (
        "No complete figure for Q1 26-27; Red in Q4 25-26; made of the figures of 1 of 2 parts, without South site"
    )
    assert (row["RAG"], row["Latest"], row["As at"]) == ("Not returned", "40", "Q4 25-26")


@pytest.mark.parametrize("later", [None, NA])
def test_only_a_figure_on_target_takes_it_off(later: str | None) -> None:
    book = Book().series(V1, TRUST, {Q4: RED, Q1: later, Q2: later})
    assert rows_of(check(book.assessment(Q2)), layout.EXCEPTIONS, V1)
    book.series(V1, TRUST, {Q3: GREEN})
    (row,) = rows_of(check(book.assessment(Q3)), layout.EXCEPTIONS, V1)
    assert row["List"] == layout.TO_CELEBRATE


def test_the_last_words_of_a_refused_return_are_why_there_is_no_figure(team: Team) -> None:
    fill(team.issue(Q4, now=at("2026-04-01"))["alpha"], {(V1, TRUST, Q4): {"Actual": 50}}, saved=at("2026-04-10"))
    team.collate(at("2026-04-12"))
    fill(team.issue(Q1)["alpha"], {(V1, TRUST, Q1): {"Actual": "fifty"}})
    team.collate()
    (row,) = [row for row in team.sheet(layout.EXCEPTIONS) if row["Ref"] == V1]
    assert row["Why it is listed"] == "No figure for Q1 26-27 (refused, see Findings); Red in Q4 25-26"
    assert (row["List"], row["RAG"], row["As at"]) == (layout.TO_ACT_ON, "Not returned", "Q4 25-26")
    assert "5 Not returned (1 was Red)" in str(team.master.read_name(layout.SUMMARY))


# ---- exceptions are by consequence, and once -----------------------------------------------------------------------


def order_of(tables: RowsByTable) -> list[tuple[str, str]]:
    return [(row["Ref"], row["Org"]) for row in tables[layout.EXCEPTIONS] if row["List"] == layout.TO_ACT_ON]


def test_the_list_is_by_consequence_and_not_by_age_and_says_why() -> None:
    book = Book().series(V1, TRUST, {Q3: RED})  # 40 points, 8 tolerances, for one period
    kpi_in(book.data, "M1")["targets"][0]["due"] = "2027-03-31"
    book.series("L1", TRUST, dict.fromkeys(QUARTERS, 11.0))  # Amber for seven
    book.series("C1", TRUST, {Q2: 13.0, Q3: 13.0})  # 3 above 10, 1.5 tolerances, and Red twice: Enhanced is proposed
    tables = check(book.assessment(Q3, "2027-01-10"))
    assert order_of(tables) == [("C1", TRUST), (V1, TRUST), ("L1", TRUST)]
    assert [row["Reason for its place"] for row in tables[layout.EXCEPTIONS][:3]] == [
        "Proposed, for decision: Enhanced; Red, 3 above target, 1.5 times its tolerance; off target for 2 periods",
        "Red, 40.0 points below target, 8.0 times its tolerance; off target for 1 period",
        "Amber, 1.0 points above target, within its tolerance; off target for 7 periods",
    ]


def test_an_overdue_action_and_a_forecast_that_misses_are_said() -> None:
    late = replace(figure(V1, TRUST, Q1, RED), action="Recruit", action_due="2026-12-23", forecast=80.0)
    (row,) = rows_of(check(Book().figures(late).assessment(Q1, "2027-02-01")), layout.EXCEPTIONS, V1)
    assert row["Reason for its place"] == (
        "Red, 40.0 points below target, 8.0 times its tolerance; forecast Red at the year end: 80.0, 10.0 points below "
        "target, 2.0 times its tolerance; action 40 days overdue; off target for 1 period"
    )


def test_three_moves_the_right_way_are_nothing_to_celebrate_alone() -> None:
    book = Book().series(V1, TRUST, {"2025-26-Q1": 91.0, "2025-26-Q2": 92.0, "2025-26-Q3": 93.0, Q4: 94.0})
    book.data["rules"] = {"sustained_green": 5}
    tables = check(book.assessment(Q4, "2026-04-19"))
    assert only(tables, layout.KPIS)["Trend"] == "improving"
    assert not tables[layout.EXCEPTIONS]


def rolled_up(**figures: Mapping[str, float | str | None]) -> Book:
    book = Book()
    kpi_in(book.data, "S1").update(roll_up={"orgs": "parts"})
    for org, by_period in figures.items():
        book.series("S1", org, by_period)
    return book


def test_a_roll_up_that_is_red_by_one_member_alone_is_said_in_the_row_of_that_member() -> None:
    tables = check(rolled_up(NORTH={Q1: 20.0}, SOUTH={Q1: 3.0}).assessment(Q1, "2026-07-10"))
    assert order_of(tables) == [("S1", "NORTH")]
    assert only(tables, layout.EXCEPTIONS, "S1", "NORTH")["Why it is listed"] == (
        "Red; TRUST, into which it rolls up, is Red (11.5) by it alone; no commentary or action was given"
    )


def test_a_roll_up_that_several_members_make_red_or_that_has_a_stage_of_its_own_has_a_row() -> None:
    several = check(rolled_up(NORTH={Q1: 20.0}, SOUTH={Q1: 9.0}).assessment(Q1, "2026-07-10"))
    assert set(order_of(several)) == {("S1", "NORTH"), ("S1", "SOUTH"), ("S1", TRUST)}
    book = rolled_up(NORTH={Q1: 20.0}, SOUTH={Q1: 3.0}).decide("Enhanced", "2026-07-05", kpi="S1")
    staged = check(book.assessment(Q1, "2026-07-10"))
    assert order_of(staged) == [("S1", TRUST), ("S1", "NORTH")]


def milestone(due: str = "2026-06-30", **changes: Any) -> Book:
    book = Book()
    kpi_in(book.data, "M1").update(targets=[{"from": "2024-25", "due": due}], **changes)
    return book


def test_a_milestone_of_which_nothing_was_ever_said_is_missed_once_its_date_has_passed() -> None:
    row = only(shown(milestone(frequency="annual").assessment(Q1)), layout.EXCEPTIONS, "M1")
    assert (row["List"], row["RAG"]) == (layout.TO_ACT_ON, "Not due")
    assert row["Why it is listed"].endswith("missed: due 30 Jun 2026")
    assert not rows_of(shown(milestone("2027-01-31", frequency="annual").assessment(Q1)), layout.EXCEPTIONS, "M1")


def test_a_milestone_said_to_be_on_track_after_its_date_is_missed_on_every_sheet_and_not_celebrated() -> None:
    tables = check(milestone().series("M1", TRUST, dict.fromkeys(QUARTERS[:5], "On track")).assessment(Q1))
    row = only(tables, layout.EXCEPTIONS, "M1")
    assert (row["List"], row["RAG"], row["Latest"]) == (layout.TO_ACT_ON, "Red", "Missed")
    assert row["Why it is listed"] == (
        "Red; missed: due 30 Jun 2026, though said to be 'On track'; no commentary or action was given"
    )
    assert row["Reason for its place"] == "Red, missed: due 30 Jun 2026; off target for 1 period"
    printed = only(tables, layout.DASHBOARD, "M1")
    assert (printed["RAG"], printed["Latest"], printed["Note"]) == ("Red", "Missed", "missed: due 30 Jun 2026")


@pytest.mark.parametrize(("frequency", "period"), [("quarterly", "2025-26-Q3"), ("annual", "2025-26")])
def test_a_milestone_whose_date_passes_while_nothing_is_returned_or_due_is_listed(frequency: str, period: str) -> None:
    book = milestone(frequency=frequency).series("M1", TRUST, {period: "On track"})
    row = only(check(book.assessment(Q1)), layout.EXCEPTIONS, "M1")
    assert row["Why it is listed"].endswith("missed: due 30 Jun 2026")
    (row,) = [*rows_of(check(book.assessment(Q4)), layout.EXCEPTIONS, "M1"), {}][:1]
    assert "missed" not in row.get("Why it is listed", "")


def test_a_milestone_that_nobody_ever_reported_shows_the_date_that_it_has_missed() -> None:
    tables = check(milestone(frequency="quarterly").assessment(Q1))
    for sheet, name in ((layout.DASHBOARD, "Target"), (layout.KPIS, "Target"), (layout.EXCEPTIONS, "Target")):
        assert only(tables, sheet, "M1")[name] == "30 Jun 2026"
    yearly = check(milestone(frequency="annual").assessment(Q1))  # nothing is due of it yet
    assert only(yearly, layout.KPIS, "M1")["Target"] == "30 Jun 2026"


def test_a_kpi_that_improves_and_will_miss_its_target_is_said_in_one_sentence() -> None:
    quarters = [f"{year}-{year - 1999}-Q{quarter}" for year in range(2022, 2026) for quarter in (1, 2, 3, 4)]
    figures = (60.0, 58.0, 61.0, 59.0, 60.0, 58.0, 59.0, 61.0, 60.0, 59.0, 58.0, 60.0, 59.0, 60.0, 59.0, 58.0)
    book = Book().series(V1, TRUST, dict(zip(quarters, figures, strict=True)) | {Q1: 70.0})
    tables = check(book.assessment(Q1))
    row = only(tables, layout.KPIS)
    assert (row["Variation"], row["Assurance"]) == ("improving, high", "will miss")
    assert row["Process in words"].startswith(
        "Special cause: improving, figures high, but if it stops improving it is expected to miss the target"
    )
    assert row["Flag"] == "Red and improving, but if it stops improving it is expected to miss the target"
    reason = only(tables, layout.EXCEPTIONS)["Reason for its place"]
    assert "improving, but if it stops improving expected to miss the target (SPC)" in reason


def test_a_collapse_is_near_the_top_and_proposed_where_the_ladder_says_so() -> None:
    book = Book()
    book.data["rules"] = {"early_warning": {"fall_after": 6}}
    book.data["escalation"]["stages"][0]["enter"]["early_warning"] = True
    kpi_in(book.data, "M1")["targets"][0]["due"] = "2027-03-31"
    book.series("L1", TRUST, dict.fromkeys(QUARTERS, 11.0)).series("C1", TRUST, {Q3: 30.0})
    steady = dict(zip(QUARTERS, (97.0, 99.0, 98.0, 100.0, 97.0, 98.0, 81.0), strict=True))
    tables = check(book.series(V1, TRUST, steady).assessment(Q3, "2027-01-10"))
    assert order_of(tables) == [(V1, TRUST), ("C1", TRUST), ("L1", TRUST)]
    row = only(tables, layout.EXCEPTIONS)
    fall = "fell to 81.0 in Q3 26-27, after 97.0 to 100.0 in 6 figures"
    assert row["Why it is listed"] == f"Red; early warning: {fall}; no commentary or action was given"
    assert row["Reason for its place"].startswith("Proposed, for decision: Enhanced; Red, 9.0 points below target")
    assert only(tables, layout.ESCALATION)["Reason"] == f"Early warning: Red, and it {fall}."
    assert status_of(book, Q3)[0] == "No decision yet"
    book.decide("None", "2027-01-15")
    assert status_of(book, Q3)[0] == "Decided otherwise"


def test_green_that_has_fallen_is_listed_and_is_not_celebrated() -> None:
    book = Book()
    book.data["rules"] = {"early_warning": {"fall_after": 6}}
    steady = dict(zip(QUARTERS, (100.0, 99.5, 100.0, 99.5, 100.0, 99.5, 90.0), strict=True))
    row = only(check(book.series(V1, TRUST, steady).assessment(Q3, "2027-01-10")), layout.EXCEPTIONS)
    assert (row["List"], row["RAG"]) == (layout.TO_ACT_ON, "Green")
    assert (
        row["Reason for its place"]
        == "Green; early warning: fell to 90.0 in Q3 26-27, after 99.5 to 100.0 in 6 figures"
    )


def test_a_figure_that_is_back_after_a_fall_is_not_celebrated_one_period_later() -> None:
    steady = dict(zip(QUARTERS, (97.0, 99.0, 98.0, 100.0, 97.0, 98.0, 81.0), strict=True)) | {"2026-27-Q4": 98.0}
    told = {}
    for fall_after in (6, None):
        book = Book()
        book.data["calendar"]["periods"].append(
            {"period": "2026-27-Q4", "return_deadline": "2027-04-20", "hard_close": "2027-04-27",
             "board_date": "2027-05-28"}
        )  # fmt: skip
        book.data["rules"] = {"early_warning": {"fall_after": fall_after}}
        tables = check(book.series(V1, TRUST, steady).assessment("2026-27-Q4", "2027-04-10"))
        told[fall_after] = [row["Why it is listed"] for row in rows_of(tables, layout.EXCEPTIONS, V1)]
    assert told == {6: [], None: ["newly on target: Green in Q4 26-27 (98.0), Red in Q3 26-27 (81.0)"]}


def test_an_org_that_is_last_on_every_kpi_has_a_row_of_its_own() -> None:
    book = Book()
    book.data["rules"] = {"early_warning": {"last_on": 2}}
    book.data["orgs"].append({"code": "EAST", "name": "East site", "parent": "TRUST"})
    for kpi in (V1, "L1"):
        kpi_in(book.data, kpi)["orgs"] = ["NORTH", "SOUTH", "EAST"]
    for org, reviews, vacancies in (("NORTH", 92.0, 9.0), ("SOUTH", 93.0, 8.0), ("EAST", 91.0, 9.5)):
        book.series(V1, org, {Q1: reviews}).series("L1", org, {Q1: vacancies})
    row = only(check(book.assessment(Q1, "2026-07-10")), layout.EXCEPTIONS, "Org", "EAST")
    assert (row["KPI"], row["Why it is listed"]) == (
        "Organisation: East site", "Early warning: last on 2 of 2 KPIs (V1 and L1)",
    )  # fmt: skip


def nested() -> Book:
    """S1 of two sites, in a region that is all there is of the trust."""
    book = Book()
    book.data["orgs"].insert(1, {"code": "REGIONS", "name": "All regions", "parent": "TRUST"})
    for org in book.data["orgs"][2:]:
        org["parent"] = "REGIONS"
    kpi_in(book.data, "S1").update(roll_up={"orgs": "parts"})
    for org in ("NORTH", "SOUTH"):
        book.series("S1", org, {Q4: 20.0, Q1: 20.0})
    return book


def test_an_org_that_is_made_of_the_same_as_the_one_above_is_shown_and_escalated_once() -> None:
    tables = check(nested().assessment(Q1, "2026-07-10"))
    for table in (layout.KPIS, layout.ESCALATION, layout.EXCEPTIONS):
        orgs = {row["Org"] for row in tables[table] if row["Ref"] == "S1"}
        assert orgs == {TRUST, "NORTH", "SOUTH"}, table
    names = [row["Indicator"] for row in tables[layout.DASHBOARD] if row["Ref"] == "S1"]
    assert names == ["Sickness absence: Small Trust", "– North site", "– South site"]


def test_what_was_decided_about_the_one_that_is_no_longer_listed_says_where_to_decide() -> None:
    tables = shown(nested().decide("Enhanced", "2026-07-05", kpi="S1", org="REGIONS").assessment(Q1, "2026-07-10"))
    status = only(tables, layout.ESCALATION, "S1", "REGIONS")["Status"]
    assert status == "The same figure as TRUST, which is listed in its place: decide there"


def test_a_change_of_definition_is_said_on_every_sheet_that_shows_the_kpi_and_on_its_roll_up() -> None:
    book = rolled_up(NORTH={Q4: 20.0}, SOUTH={Q4: 20.0, Q1: 20.0})
    book.figures(replace(figure("S1", "NORTH", Q1, 20.0), changed=True, what_changed="Agency staff are counted"))
    tables = check(book.assessment(Q1, "2026-07-10"))
    since = "definition changed in Q1 26-27"
    for org, said in (("NORTH", "Agency staff are counted"), (TRUST, "NORTH: Agency staff are counted")):
        assert only(tables, layout.KPIS, "S1", org)["Definition changed"] == f"{since}: {said}"
        assert f"{since}: {said}" in only(tables, layout.EXCEPTIONS, "S1", org)["Why it is listed"]
    notes = {row["Indicator"]: row["Note"] for row in tables[layout.DASHBOARD] if row["Ref"] == "S1"}
    assert since in notes["– North site"]
    assert since in notes["Sickness absence: Small Trust"]
    assert "definition" not in (notes["– South site"] or "")


# ---- decisions belong to who decides -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ladder", "printed"),
    [({}, ""), ({"decided_by": "Board"}, "Enhanced?"), ({"proposals_shown_to": ["Chair", "board"]}, "Enhanced?")],
)
def test_what_is_proposed_is_on_the_boards_page_only_if_the_board_decides_or_is_to_see_it(
    ladder: dict[str, Any], printed: str
) -> None:
    book = Book().series(V1, TRUST, {Q4: RED, Q1: RED})
    book.data["escalation"].update(ladder)
    assessment = book.assessment(Q1)
    tables = shown(assessment)
    assert only(tables, layout.DASHBOARD)["Escalation"] == printed
    asks = " · 1 proposal of escalation to decide" if printed else " · none in escalation"
    assert dashboard_heading.summary(assessment).endswith(asks)
    assert any("A stage with ?" in row["Ref"] for row in tables[layout.DASHBOARD]) == bool(printed)
    assert only(tables, layout.KPIS)["Escalation"] == "Enhanced?"  # the team's own sheet


def test_a_graver_stage_that_is_proposed_leaves_the_decided_one_on_the_page() -> None:
    book = Book().series(V1, TRUST, dict.fromkeys(QUARTERS[:5], RED)).decide("Enhanced", "2026-04-20")
    tables = check(book.series(V1, TRUST, {Q2: RED}).assessment(Q2))
    assert only(tables, layout.DASHBOARD)["Escalation"] == "Enhanced"
    assert only(tables, layout.KPIS)["Escalation"] == "Enhanced → Targeted?"


def test_three_moves_the_wrong_way_are_no_verdict_on_the_boards_pages() -> None:
    tables = check(
        Book().series(V1, TRUST, {"2025-26-Q2": 98.0, "2025-26-Q3": 97.0, Q4: 96.0, Q1: 95.0}).assessment(Q1)
    )
    assert only(tables, layout.DASHBOARD)["Note"] == ""
    assert not rows_of(tables, layout.EXCEPTIONS, V1)  # neither to act on by that, nor to celebrate
    assert only(tables, layout.KPIS)["Flag"] == "Green, but deteriorating"


# ---- what is in escalation is acted on until it is out -------------------------------------------------------------


def test_green_in_escalation_is_to_act_on_and_is_not_celebrated() -> None:
    book = Book().series(V1, TRUST, {"2025-26-Q3": RED, Q4: RED}).decide("Enhanced", "2026-04-20")
    row = only(check(book.series(V1, TRUST, {Q1: GREEN}).assessment(Q1)), layout.EXCEPTIONS)
    assert (row["List"], row["Why it is listed"]) == (layout.TO_ACT_ON, "Green; in escalation: Enhanced")

    row = only(check(book.series(V1, TRUST, {Q2: GREEN}).assessment(Q2)), layout.EXCEPTIONS)
    assert row["Escalation"] == "Enhanced → out?"
    assert row["Why it is listed"] == "Green; in escalation: Enhanced; proposed, for decision: to leave escalation"

    tables = check(book.decide("None", "2026-10-20").series(V1, TRUST, {Q3: GREEN}).assessment(Q3))
    assert not [row for row in rows_of(tables, layout.EXCEPTIONS, V1) if row["List"] == layout.TO_ACT_ON]


def test_what_is_due_and_not_returned_is_to_act_on() -> None:
    row = only(check(Book().series(V1, TRUST, {Q4: GREEN}).assessment(Q1)), layout.EXCEPTIONS)
    assert (row["List"], row["RAG"], row["Why it is listed"]) == (
        layout.TO_ACT_ON, "Not returned", "No figure for Q1 26-27 (no accepted return)",
    )  # fmt: skip


def test_a_stage_decided_without_any_figure_is_listed() -> None:
    row = only(check(Book().decide("Targeted", "2026-07-20", kpi="C1").assessment(Q1)), layout.EXCEPTIONS, "C1")
    assert row["Why it is listed"] == "No figure for Q1 26-27 (no accepted return); in escalation: Targeted"
    assert (row.get("Latest"), row.get("As at")) == (None, None)


def test_a_section_in_escalation_or_proposed_for_it_is_listed_and_counted() -> None:
    book = Book()
    level = {"id": "w", "name": "Level 3", "enter": {"red_kpis": 1}, "leave": {"periods_without": 2}}
    book.data["escalation"]["section_stages"] = [level]
    book.series(V1, TRUST, {Q1: RED})
    row = only(check(book.assessment(Q1)), layout.EXCEPTIONS, "quality")
    assert (row["List"], row["KPI"], row["Escalation"]) == (layout.TO_ACT_ON, "Section: Quality", "Level 3?")
    assert "proposed, for decision: Level 3" in row["Why it is listed"]

    book.decide("None", "2026-07-20", kpi="quality")
    tables = check(book.assessment(Q1))
    assert only(tables, layout.ESCALATION, "quality")["Status"] == "Decided otherwise"
    assert not rows_of(tables, layout.EXCEPTIONS, "quality")

    tables = check(book.series(V1, TRUST, {Q2: RED}).assessment(Q2))
    assert only(tables, layout.ESCALATION, "quality")["Status"] == (
        "To decide: proposed after the decision of 20 July 2026"
    )


def test_a_section_in_escalation_stays_on_the_page_when_its_kpis_are_retired() -> None:
    book = Book()
    level = {"id": "w", "name": "Level 3", "enter": {"red_kpis": 1}, "leave": {"periods_without": 2}}
    book.data["escalation"]["section_stages"] = [level]
    book.series("G1", TRUST, {Q1: 900.0}).decide("Level 3", "2026-07-20", kpi="money")
    for kpi in book.data["kpis"]:
        if kpi["section"] == "money":
            kpi["retired_after"] = "2026-06" if kpi.get("frequency") == "monthly" else Q1
    tables = shown(book.assessment(Q3))  # a retired KPI that was Red is on no list, so not `check`
    (band,) = [row for row in tables[layout.DASHBOARD] if row["Ref"] == "Money and people"]
    assert "Level 3" in band["Escalation"]


def test_a_section_decided_before_a_late_return_made_it_red_is_open_again() -> None:
    book = Book()
    level = {"id": "w", "name": "Level 3", "enter": {"red_kpis": 2}, "leave": {"periods_without": 2}}
    book.data["escalation"]["section_stages"] = [level]
    book.series(V1, TRUST, {Q1: RED}).decide("None", "2026-07-20", kpi="quality").series("C1", TRUST, {Q1: 30.0})
    status = only(check(book.assessment(Q1)), layout.ESCALATION, "quality")["Status"]
    assert status == "To decide: proposed after the decision of 20 July 2026"


# ---- one word for one state ----------------------------------------------------------------------------------------

TWO_REDS: Mapping[str, float | str | None] = {Q4: RED, Q1: RED}


def status_of(book: Book, period: str) -> tuple[str, str]:
    tables = check(book.assessment(period))
    return only(tables, layout.ESCALATION)["Status"], only(tables, layout.KPIS)["Escalation"]


def test_what_was_decided_otherwise_is_answered_until_a_new_figure_proposes_it_again() -> None:
    book = Book().series(V1, TRUST, TWO_REDS).decide("None", "2026-07-23")
    assert status_of(book, Q1) == ("Decided otherwise", "")
    assert status_of(book, Q2) == ("Decided otherwise", "")  # no figure of Quarter 2: nothing new is proposed
    book.series(V1, TRUST, {Q2: RED})
    assert status_of(book, Q2) == ("To decide: proposed after the decision of 23 July 2026", "Enhanced?")
    book.decide("None", "2026-10-23")
    assert status_of(book, Q2) == ("Decided otherwise", "")
    book.decide("Enhanced", "2026-10-24")
    assert status_of(book, Q2) == ("As proposed", "Enhanced")


def test_a_milder_stage_than_proposed_is_answered_too_and_stands_without_a_question_mark() -> None:
    book = Book().series(V1, TRUST, dict.fromkeys(QUARTERS[:5], RED)).decide("Enhanced", "2026-07-23")
    assert status_of(book, Q1) == ("Decided otherwise", "Enhanced")
    book.series(V1, TRUST, {Q2: RED})
    assert status_of(book, Q2)[1] == "Enhanced → Targeted?"


@pytest.mark.parametrize("on", ["2026-07-23", "", "after the board", "2026-12-31"])
def test_a_figure_that_came_in_after_the_decision_was_not_known_to_it_whatever_date_was_typed(on: str) -> None:
    # The return was late, or was read together with the decision: nobody had it before them in the master.
    book = Book().series(V1, TRUST, {Q4: RED}).decide("None", on).series(V1, TRUST, {Q1: RED})
    status, words = status_of(book, Q1)
    assert status.startswith("To decide: proposed after the decision")
    assert words == "Enhanced?"


def test_a_restatement_that_makes_a_proposal_makes_a_new_one_and_a_repeated_figure_does_not() -> None:
    book = Book().series(V1, TRUST, {Q4: GREEN, Q1: RED}).decide("None", "2026-07-23")
    book.series(V1, TRUST, {Q4: RED})
    assert status_of(book, Q1)[0].startswith("To decide: proposed after")
    again = Book().series(V1, TRUST, TWO_REDS).decide("None", "2026-07-23").series(V1, TRUST, TWO_REDS)
    assert status_of(again, Q1)[0] == "Decided otherwise"


def test_a_decision_of_before_the_period_ended_has_not_seen_its_figure() -> None:
    book = Book().series(V1, TRUST, TWO_REDS).decide("None", "2026-06-30")
    assert status_of(book, Q1)[0] == "To decide: proposed after the decision of 30 June 2026"


def test_an_action_that_has_become_overdue_since_makes_a_new_proposal() -> None:
    book = Book()
    book.data["escalation"]["stages"][0]["enter"] = {"action_overdue_days": 0}
    book.figures(replace(figure(V1, TRUST, Q1, AMBER), action="Recruit", action_due="2026-08-31"))
    book.decide("None", "2026-07-23")
    assert status_of(book, Q1)[0] == "To decide: proposed after the decision of 23 July 2026"


def test_what_two_people_decided_is_open_everywhere_though_they_chose_the_same_stage() -> None:
    book = Book().series(V1, TRUST, TWO_REDS).decide("Enhanced", "2026-07-23", over=("", "", "", ""), book="a")
    book.decide("Enhanced", "2026-07-24", over=("", "", "", ""), book="b")
    status, words = status_of(book, Q1)
    assert status.startswith("Decided twice; 'Enhanced' counts until")
    assert words == "Enhanced?"


def test_a_note_beside_no_proposal_is_nothing_to_decide() -> None:
    book = Book().series(V1, TRUST, {Q1: GREEN}).decide("", "", rationale="to be discussed")
    assert status_of(book, Q1) == ("Nothing proposed", "")


def test_a_stage_that_is_none_is_open_only_where_something_is_proposed() -> None:
    book = Book().series(V1, TRUST, {Q1: GREEN}).decide("Intensive care", "2026-07-23")
    assert status_of(book, Q1)[0] == "Not a stage of the ladder"
    book.series(V1, TRUST, {Q1: RED, Q4: RED})
    assert status_of(book, Q1)[0] == "To decide: not a stage of the ladder"


# ---- whatever happens ----------------------------------------------------------------------------------------------

said = st.sampled_from([RED, RED, AMBER, GREEN, GREEN, NA])
series = st.sampled_from([(V1, TRUST), (V1, TRUST), ("L1", TRUST), ("S1", "NORTH"), ("S1", "SOUTH")])
days = st.integers(0, 700).map(lambda after: (date(2025, 4, 1) + timedelta(days=after)).isoformat())
steps = st.one_of(
    st.tuples(st.just("figure"), series, st.sampled_from(QUARTERS), said),
    st.tuples(
        st.just("decision"),
        st.sampled_from([(V1, TRUST), (V1, TRUST), ("L1", TRUST), ("S1", "NORTH"), ("S1", TRUST), ("quality", TRUST)]),
        st.sampled_from(["Enhanced", "enhanced", "Targeted", "None", "", "Level 3", "Gold"]),
        st.one_of(days, days, st.sampled_from(["", "soon"])),
        st.sampled_from(["", "", "", "another book"]),
    ),
)


def with_sections() -> dict[str, Any]:
    data = catalogue_data()
    level = {"id": "w", "name": "Level 3", "enter": {"red_kpis": 1}, "leave": {"periods_without": 1}}
    data["escalation"]["section_stages"] = [level]
    kpi_in(data, "S1").update(roll_up={"orgs": "parts"})
    return data


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, max_size=25), st.sampled_from([Q4, Q1, Q2, Q3]))
def test_whatever_is_returned_and_decided_the_lists_hold_and_the_counts_agree(
    happened: Sequence[tuple[str, tuple[str, str], str, Any]], period: str
) -> None:
    book = Book(with_sections())
    for what, (ref, org), *told in happened:
        if what == "figure":
            book.series(ref, org, {told[0]: told[1]})
        else:
            unseen = {"over": ("", "", "", ""), "book": told[2]} if told[2] else {}
            book.decide(told[0], told[1], kpi=ref, org=org, **unseen)
    check(book.assessment(period))


# ---- counts that nobody can misread --------------------------------------------------------------------------------


def test_what_the_dashboard_has_no_line_for_is_counted_in_the_heading_and_said_to_be_elsewhere() -> None:
    book = Book()
    kpi_in(book.data, "S1")["roll_up"] = {"orgs": "parts"}
    book.data["rules"] = {"dashboard_orgs": 1}
    book.data["escalation"]["proposals_shown_to"] = ["Board"]
    book.series("S1", "NORTH", {Q4: 20.0, Q1: 20.0}).series("S1", "SOUTH", {Q4: 0.0, Q1: 0.0})
    tables = check(assessment := book.assessment(Q1))
    assert not rows_of(tables, layout.DASHBOARD, "S1", "NORTH")[1:]  # one line, of the roll-up
    summary = dashboard_heading.summary(assessment)
    assert "; of them on KPIs only: 1 Red, 1 Green · " in summary
    # NORTH and the roll-up are Red twice.
    assert "2 proposals of escalation to decide (of them 1 on KPIs only)" in summary


def test_a_red_figure_that_a_later_return_calls_not_applicable_stays_listed_with_the_figure_it_was() -> None:
    book = Book().series(V1, TRUST, {Q1: RED})
    book.series(V1, TRUST, {Q1: NA})
    row = only(check(book.assessment(Q1)), layout.EXCEPTIONS)
    assert (row["List"], row["RAG"], row["Latest"]) == (layout.TO_ACT_ON, "Not applicable", "50.0")
    assert row["Why it is listed"] == (
        "Not applicable in Q1 26-27; Red in Q1 26-27 (50.0) until a return said that it does not apply; "
        "reason given: None fell due"
    )
    book.series(V1, TRUST, {Q1: GREEN})
    assert not rows_of(check(book.assessment(Q1)), layout.EXCEPTIONS, V1)


def test_a_green_figure_that_a_later_return_calls_not_applicable_is_not_listed() -> None:
    book = Book().series(V1, TRUST, {Q1: GREEN}).series(V1, TRUST, {Q1: NA})
    assert not rows_of(check(book.assessment(Q1)), layout.EXCEPTIONS, V1)


def test_a_red_called_not_applicable_twice_over_is_still_the_red_it_was() -> None:
    book = Book().series(V1, TRUST, {Q4: RED, Q1: RED}).series(V1, TRUST, {Q4: NA, Q1: NA}).series(V1, TRUST, {Q1: NA})
    row = only(check(book.assessment(Q1)), layout.EXCEPTIONS)
    assert (row["Periods"], row["Red or Amber since"]) == (2, "Q4 25-26")


@pytest.mark.parametrize("method", ["parts", "sum"])
def test_a_roll_up_is_not_celebrated_while_the_org_that_was_red_does_not_apply(method: str) -> None:
    book = Book()
    roll_up = {"orgs": "sum", "targets": [{"from": "2024-25", "target": 10}]} if method == "sum" else {"orgs": method}
    kpi_in(book.data, "S1").update(roll_up=roll_up)
    book.series("S1", "NORTH", {Q4: 20.0, Q1: NA}).series("S1", "SOUTH", {Q4: 1.0, Q1: 1.0})
    tables = check(book.assessment(Q1))
    assert only(tables, layout.KPIS, "S1")["RAG"] == "Green"
    assert not rows_of(tables, layout.EXCEPTIONS, "S1")
    assert only(tables, layout.EXCEPTIONS, "S1", "NORTH")["List"] == layout.TO_ACT_ON
    book.series("S1", "NORTH", {Q2: 1.0}).series("S1", "SOUTH", {Q2: 1.0})
    assert "List" in only(check(book.assessment(Q2)), layout.EXCEPTIONS, "S1", "NORTH")


def test_a_kpi_that_applies_to_none_of_its_orgs_is_counted_out_of_no_orgs() -> None:
    book = Book()
    kpi_in(book.data, "S1")["roll_up"] = {"orgs": "parts", "time": "parts"}
    book.series("S1", "NORTH", {Q1: NA}).series("S1", "SOUTH", {Q1: NA})
    tables = check(book.assessment(Q1))
    assert only(tables, layout.KPIS, "S1")["RAG"] == "Not applicable"
    assert not any("0 of 0" in str(value) for rows in tables.values() for row in rows for value in row.values())
