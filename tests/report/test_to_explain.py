"""What owners are to explain again: what is of concern, with what it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.conftest import Q1, Q2, at, catalogue_data, kpi_in
from tests.ledger.records import received
from xlperf.assessment import Assessment
from xlperf.assessment.to_explain import to_explain
from xlperf.catalogue import Catalogue
from xlperf.ledger import Decision, LedgerRun, state_of
from xlperf.period import Frequency, Period
from xlperf.returns.commentary_asked import Watched
from xlperf.returns.figure import Figure

FORECAST = "its owner expects to miss the target at the year end"


def told(data: dict[str, Any], figures: Sequence[Figure], *decisions: Decision, period: str = Q2) -> dict[Any, Watched]:
    """What a return of a period is told to ask for."""
    catalogue = Catalogue.model_validate(data)
    run = LedgerRun(
        "r1", "collate", "2026-07-10", "x", (replace(received("a", None), figures=tuple(figures)), *decisions)
    )
    reporting = Period.parse(period, Frequency.QUARTERLY)
    return dict(to_explain(Assessment(catalogue, state_of([run]), reporting, at("2026-10-01"))))


def series(values: Sequence[float], last: str = Q1) -> list[Figure]:
    """Figures of V1, quarter by quarter."""
    end = Period.parse(last, Frequency.QUARTERLY)
    return [
        Figure("V1", "TRUST", str(end.previous(len(values) - 1 - at_)), actual=value)
        for at_, value in enumerate(values)
    ]


def test_a_single_red_is_nothing_that_was_said_before() -> None:
    assert told(catalogue_data(), series([70.0])) == {}


def test_special_cause_concern_is_though_every_figure_is_green() -> None:
    steady = [96.0, 97.0] * 8
    assert told(catalogue_data(), series([*steady, 91.0])) == {("V1", "TRUST"): Watched("special-cause concern (SPC)")}


def test_a_process_that_will_miss_its_target_is() -> None:
    assert told(catalogue_data(), series([70.0, 71.0] * 8)) == {
        ("V1", "TRUST"): Watched("expected to miss the target (SPC)")
    }


def test_a_forecast_counts_until_the_year_end_that_it_looks_at() -> None:
    (figure,) = series([92.0])
    missing = [replace(figure, forecast=70.0)]
    assert told(catalogue_data(), missing) == {("V1", "TRUST"): Watched(FORECAST)}
    data = catalogue_data()
    data["calendar"]["periods"].append(
        {
            "period": "2027-28-Q1",
            "return_deadline": "2027-07-16",
            "hard_close": "2027-07-23",
            "board_date": "2027-09-23",
        }
    )
    assert told(data, missing, period="2027-28-Q1") == {}


def test_what_a_rolled_up_figure_in_a_stage_is_made_of_is_where_it_is_off_target() -> None:
    data = catalogue_data()
    kpi_in(data, "S1")["roll_up"] = {"orgs": "parts"}
    given = [Figure("S1", org, Q1, actual=3.0, numerator=30, denominator=1000) for org in ("NORTH", "SOUTH")]
    why = Watched("TRUST in Targeted", is_by_itself=False)
    assert told(data, given, Decision("S1", "TRUST", "Targeted", "CEO", "2026-07-11", "Why")) == {
        ("S1", "TRUST"): Watched("in Targeted"),
        ("S1", "NORTH"): why,
        ("S1", "SOUTH"): why,
    }


def test_what_is_only_proposed_or_left_again_is_not() -> None:
    reds = series([70.0, 70.0])
    assert told(catalogue_data(), reds) == {}
    assert told(catalogue_data(), reds, Decision("V1", "TRUST", "None", "CEO", "2026-07-11", "Recovered")) == {}
