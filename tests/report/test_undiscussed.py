"""A KPI that was never off target and that nobody has discussed is named; anything discussed, or once off, is not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.conftest import catalogue_data, make_kpi
from xlperf.assessment import Assessment
from xlperf.assessment.undiscussed import Undiscussed, undiscussed
from xlperf.catalogue import Catalogue
from xlperf.ledger import AskedEnquiry, Decision, Edition, Imported, LedgerRun, Record, TypedAction, state_of
from xlperf.period import Period
from xlperf.report.undiscussed_words import undiscussed_lines
from xlperf.returns.figure import Figure

QUARTERS = tuple(f"{year}-{(year + 1) % 100:02}-Q{quarter}" for year in (2024, 2025, 2026) for quarter in (1, 2, 3, 4))[
    :10
]
LAST = QUARTERS[-1]


def named(
    figures: dict[str, dict[str, float]], *records: Record, at: str = "2024-05-01", **settings: Any
) -> dict[str, int]:
    """The KPIs that are named, each with for how many periods; `figures` are those that are not on target."""
    data = catalogue_data()
    data["enquiries"] = settings
    data["kpis"] = [
        make_kpi(id=kpi, name=f"KPI {kpi}", orgs=["NORTH", "SOUTH"], roll_up={"orgs": "worst"}) for kpi in "AB"
    ]
    given = tuple(
        Figure(kpi, org, quarter, actual=figures.get(f"{kpi} {org}", {}).get(quarter, 95.0))
        for kpi in "AB" for org in ("NORTH", "SOUTH") for quarter in QUARTERS
        if figures.get(f"{kpi} {org}", {}).get(quarter, 95.0) >= 0
    )  # fmt: skip
    runs = [LedgerRun("1", "import", "2024-04-01T00:00:00Z", "t", (Imported("0" * 64, "a.csv", given),))]
    runs.append(LedgerRun("2", "collate", f"{at}T00:00:00Z", "t", records))
    assessment = Assessment(
        Catalogue.model_validate(data), state_of(runs), Period.parse(LAST), datetime(2026, 11, 1, tzinfo=UTC)
    )
    return {each.kpi.id: each.periods for each in undiscussed(assessment)}


def test_it_is_counted_back_to_the_last_figure_of_any_org_that_was_off_target() -> None:
    assert named({}) == {"A": 10, "B": 10}
    assert named({"A SOUTH": {QUARTERS[0]: 50.0}}) == {"A": 9, "B": 10}
    assert named({"A SOUTH": {QUARTERS[4]: 88.0}}) == {"B": 10}
    assert named({"A NORTH": {LAST: 50.0}, "B NORTH": {LAST: 50.0}}) == {}


def test_a_period_without_a_figure_neither_counts_nor_ends_it() -> None:
    lacking = {f"A {org}": dict.fromkeys(QUARTERS[5:7], -1.0) for org in ("NORTH", "SOUTH")}
    assert named(lacking) == {"A": 8, "B": 10}


def test_an_action_a_decision_or_an_enquiry_since_is_a_discussion() -> None:
    due = {"ref": "A", "org": "NORTH", "what": "Look at it", "due": "2026-12-01"}
    assert named({}, TypedAction("", due)) == {"B": 10}, "it is still to be done"
    decided = Decision("A", "NORTH", "None", "Chief Executive", "2024-05-01", at="2024-05-01")
    assert named({}, decided, at="2024-05-01") == {"A": 9, "B": 10}
    late = Decision("A", "NORTH", "None", "Chief Executive", "2026-08-01", at="2026-08-01")
    assert named({}, late) == {"B": 10}
    asked = AskedEnquiry("board", LAST, "provisional", "A", "SOUTH", "A", "What?", "It is.", "Alpha team")
    assert named({}, Edition(LAST, {"a.xlsx": "0"}, at="2026-10-20", asked=(asked,))) == {"B": 10}


def test_the_catalogue_says_for_how_long() -> None:
    assert named({}, undiscussed_for=11) == {}
    assert named({"A SOUTH": {QUARTERS[6]: 50.0}}, undiscussed_for=3) == {"A": 3, "B": 10}


def test_they_are_named_in_one_line_that_asks() -> None:
    kpi = Catalogue.model_validate(catalogue_data()).kpi_by_id["V1"]
    (line,) = undiscussed_lines([Undiscussed(kpi, 9, Period.parse(LAST))])
    assert line == (
        "On target for so many periods running, without an action, decision or enquiry about it: V1 Reviews held on "
        "time (9 periods). Do they still help to answer a question?"
    )
    assert [*undiscussed_lines(())] == []
