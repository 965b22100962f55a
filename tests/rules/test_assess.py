"""All rules over a frame, on a series a person can follow."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from xlperf.catalogue import Catalogue
from xlperf.rules.assess import assess

CATALOGUE = Catalogue.model_validate(
    {
        "framework": "test",
        "title": "T",
        "organisation": "O",
        "version": "1",
        "contact": {"team": "P", "email": "p@example.org"},
        "calendar": {
            "frequency": "quarterly",
            "periods": [
                {
                    "period": "2026-27-Q1",
                    "return_deadline": "2026-07-17",
                    "hard_close": "2026-07-24",
                    "board_date": "2026-09-24",
                }
            ],
        },
        "escalation": {
            "decided_by": "CEO",
            "stages": [
                {"id": "e", "name": "Enhanced", "enter": {"consecutive_red": 2}, "leave": {"consecutive_not_red": 1}}
            ],
        },
        "sections": [{"id": "s", "name": "S"}],
        "orgs": [{"code": "A", "name": "Org A"}, {"code": "B", "name": "Org B", "parent": "A"}],
        "executive_owners": [{"id": "x", "title": "X"}],
        "responsible_owners": [{"id": "r", "name": "R", "executive_owner": "x"}],
        "kpis": [
            {
                "id": "K1",
                "name": "Percentage",
                "section": "s",
                "kind": "percentage",
                "direction": "higher",
                "frequency": "quarterly",
                "orgs": ["A", "B"],
                "targets": [
                    {"from": "2025-26", "target": 90, "tolerance": {"absolute": 5}},
                    {"from": "2026-27", "target": 95, "tolerance": {"absolute": 5}},
                ],
            },
            {
                "id": "K2",
                "name": "Milestone",
                "section": "s",
                "kind": "milestone",
                "direction": "higher",
                "frequency": "quarterly",
                "targets": [{"from": "2025-26", "due": "2026-12-31"}],
            },
        ],
    }
)


def figures(kpi: str, org: str, start: str, *said: Any) -> list[dict[str, Any]]:
    kpi_ = CATALOGUE.kpi_by_id[kpi]
    period = kpi_.period(start)
    return [
        {
            "kpi_id": kpi,
            "org": org,
            "period": str(period.next(step)),
            "actual": value if isinstance(value, int | float) else float("nan"),
            "milestone": value if isinstance(value, str) and value != "n/a" else "",
            "not_applicable": value == "n/a",
        }
        for step, value in enumerate(said)
        if value is not None
    ]


def judged(*rows: dict[str, Any]) -> pd.DataFrame:
    return assess(CATALOGUE, pd.DataFrame(list(rows)))


def test_next_years_target_never_recolours_last_year() -> None:
    frame = judged(*figures("K1", "A", "2025-26-Q4", 92, 92))
    assert list(frame["rag"]) == ["Green", "Amber"]


def test_a_missing_quarter_is_not_bridged() -> None:
    frame = judged(*figures("K1", "A", "2025-26-Q1", 80, None, 81, 82))
    assert list(frame["movement"]) == ["", "", "better"]


def test_not_applicable_is_its_own_thing_and_breaks_the_comparison() -> None:
    frame = judged(*figures("K1", "A", "2025-26-Q1", 80, "n/a", 81))
    assert list(frame["rag"]) == ["Red", "Not applicable", "Red"]
    assert list(frame["movement"]) == ["", "", ""]
    assert list(frame["points"]) == [1, 1, 2]


def test_orgs_are_never_mixed_and_come_in_the_catalogues_order() -> None:
    rows = figures("K1", "B", "2025-26-Q1", 80, 79) + figures("K1", "A", "2025-26-Q1", 70, 71)
    frame = judged(*reversed(rows))
    assert list(zip(frame["org"], frame["movement"], strict=True)) == [
        ("A", ""),
        ("A", "better"),
        ("B", ""),
        ("B", "worse"),
    ]


def test_milestones_are_rated_and_move_by_their_order() -> None:
    frame = judged(*figures("K2", "A", "2025-26-Q1", "On track", "At risk", "Complete"))
    assert list(frame["rag"]) == ["Green", "Amber", "Blue"]
    assert list(frame["movement"]) == ["", "worse", "better"]


def test_a_figure_that_rounds_into_another_colour_says_so() -> None:
    frame = judged(*figures("K1", "A", "2026-27-Q1", 94.96))
    assert (frame["shown"][0], frame["rag"][0]) == ("94.96, shown 95.0", "Amber")


def test_figures_of_a_kpi_the_catalogue_dropped_are_left_out() -> None:
    rows = figures("K1", "A", "2025-26-Q1", 80)
    assert judged(rows[0], rows[0] | {"kpi_id": "GONE"}).shape[0] == 1


def test_nothing_is_changed_in_the_frame_given() -> None:
    given = pd.DataFrame(figures("K1", "A", "2025-26-Q1", 80, 81))
    before = given.copy()
    assess(CATALOGUE, given)
    pd.testing.assert_frame_equal(given, before)


def test_an_empty_ledger_is_judged_without_complaint() -> None:
    columns = ["kpi_id", "org", "period", "actual", "milestone", "not_applicable"]
    empty = pd.DataFrame([], columns=columns).astype({"actual": "float64", "not_applicable": "bool"})
    assert assess(CATALOGUE, empty).empty


# ---- one KPI of one's own ------------------------------------------------------------------------------------------


def with_kpi(**fields: Any) -> Catalogue:
    """The catalogue above with K1 as its only KPI, and these fields of it changed."""
    data = CATALOGUE.model_dump(mode="json", by_alias=True)
    data["kpis"] = [data["kpis"][0] | fields]
    return Catalogue.model_validate(data)


def alone(catalogue: Catalogue, start: str, *said: Any) -> pd.DataFrame:
    """The judged figures of K1 in org A, of periods one after another; None for a period without a row."""
    first = catalogue.kpis[0].period(start)
    rows = [row | {"period": str(first.next(step))} for step, value in enumerate(said) for row in _row(value)]
    return assess(catalogue, pd.DataFrame(rows))


def _row(value: Any) -> list[dict[str, Any]]:
    return [] if value is None else figures("K1", "A", "2025-26-Q1", value)


LOWER = {"direction": "lower", "targets": [{"from": "2025-26", "target": 10}]}
RANGE = {"direction": "range", "targets": [{"from": "2025-26", "low": 98, "high": 102}]}
NEUTRAL: dict[str, Any] = {"direction": "neutral", "targets": []}


@pytest.mark.parametrize(
    ("fields", "material", "before", "now", "expected"),
    [
        ({}, {"absolute": 0.5}, 94.3, 94.8, "better"),
        ({}, {"absolute": 0.5}, 94.3, 94.79, "same"),
        ({}, {"absolute": 0.5}, 94.8, 94.3, "worse"),
        ({}, {"absolute": 0.1}, 0.3, 0.2, "worse"),
        ({}, {"absolute": 0.1}, 1000.7, 1000.8, "better"),
        (LOWER, {"absolute": 0.5}, 94.3, 94.8, "worse"),
        (LOWER, {"relative": 1}, 94.3, 95.243, "worse"),
        (LOWER, {"relative": 1}, 94.3, 95.242, "same"),
        (LOWER, {"relative": 1}, -200, -202, "better"),
        (LOWER, {"relative": 1}, -200, -201, "same"),
        (LOWER, {"relative": 1}, 0, 0.001, "worse"),
        (NEUTRAL, {"absolute": 5}, 100, 95, "down"),
        (NEUTRAL, {"absolute": 5}, 100, 95.1, "same"),
        (RANGE, {"absolute": 1}, 97.1, 103.8, "same"),
        (RANGE, {"absolute": 1}, 97, 104, "worse"),
        (RANGE, {"absolute": 1}, 97.1, 98.1, "same"),
        (RANGE, {"absolute": 1}, 97, 100, "better"),
    ],
)
def test_a_change_smaller_than_the_smallest_that_counts_is_none(
    fields: dict[str, Any], material: dict[str, Any], before: float, now: float, expected: str
) -> None:
    frame = alone(with_kpi(**fields, material=material), "2026-27-Q1", before, now)
    assert frame["movement"][1] == expected


def test_in_a_range_figures_as_far_outside_on_either_side_are_the_same() -> None:
    targets = [{"from": "2025-26", "low": 95.1, "high": 105.3}]
    frame = alone(with_kpi(direction="range", targets=targets), "2026-27-Q1", 95, 105.4)
    assert frame["movement"][1] == "same"


def test_small_changes_make_no_trend() -> None:
    creeping = (90, 90.2, 90.4, 90.6)
    assert alone(with_kpi(), "2026-27-Q1", *creeping)["trend"][3] == "improving"
    assert alone(with_kpi(material={"absolute": 0.5}), "2026-27-Q1", *creeping)["trend"][3] == "steady"


def test_milestones_know_no_smallest_change() -> None:
    catalogue = with_kpi(kind="milestone", targets=[], material={"absolute": 5})
    assert list(alone(catalogue, "2026-27-Q1", "On track", "At risk")["movement"]) == ["", "worse"]


def test_a_seasonal_kpi_is_compared_with_the_same_period_of_the_year_before_too() -> None:
    said = (80, 90, 85, None, 82, 90, 84.9)
    frame = alone(with_kpi(seasonal=True), "2025-26-Q1", *said)
    assert list(frame["last_year"]) == ["", "", "", "better", "same", "worse"]
    assert list(frame["movement"]) == ["", "better", "worse", "", "better", "worse"]
    assert set(alone(with_kpi(), "2025-26-Q1", *said)["last_year"]) == {""}


@pytest.mark.parametrize(
    ("frequency", "start", "a_year"),
    [("monthly", "2025-04", 12), ("half-yearly", "2025-26-H1", 2), ("annual", "2025-26", 1)],
)
def test_a_year_is_as_many_periods_as_the_frequency_has(frequency: str, start: str, a_year: int) -> None:
    frame = alone(with_kpi(frequency=frequency, seasonal=True), start, *[90] * a_year, 91)
    assert list(frame["last_year"]) == [*[""] * a_year, "better"]


def test_the_change_is_what_a_person_would_work_out() -> None:
    frame = alone(with_kpi(), "2025-26-Q1", 94.3, 94.8, "n/a", 0.3, 0.1)
    assert frame["change"].isna().tolist() == [True, False, True, True, False]
    assert frame["change"].dropna().tolist() == [0.5, -0.2]
    assert judged(*figures("K2", "A", "2025-26-Q1", "On track", "Missed"))["change"].isna().all()


# ---- rolled-up figures ---------------------------------------------------------------------------------------------


def test_figures_that_were_returned_say_so() -> None:
    frame = judged(*figures("K1", "A", "2025-26-Q1", 80))
    assert frame[["rolled_up", "reported", "expected", "partial"]].to_dict("records") == [
        {"rolled_up": False, "reported": 1, "expected": 1, "partial": False}
    ]


def test_a_sum_over_orgs_is_judged_only_by_the_targets_for_it() -> None:
    own = {"direction": "higher", "kind": "count", "targets": [{"from": "2025-26", "target": 10}]}
    rows = pd.DataFrame(
        [
            row | {"rolled_up": rolled_up}
            for org, rolled_up in (("A", True), ("B", False))
            for row in figures("K1", org, "2025-26-Q1", 50)
        ]
    )
    without = assess(with_kpi(**own, roll_up={"orgs": "sum"}), rows)
    assert list(without["rag"]) == ["No target", "Green"]
    its_own = {"orgs": "sum", "targets": [{"from": "2025-26", "target": 60}]}
    assert list(assess(with_kpi(**own, roll_up=its_own), rows)["rag"]) == ["Red", "Green"]
    assert list(assess(with_kpi(**own, roll_up={"orgs": "worst"}), rows)["rag"]) == ["Green", "Green"]


def test_a_partial_roll_up_is_shown_but_not_judged() -> None:
    rows = pd.DataFrame(figures("K1", "A", "2025-26-Q1", 80, 99, 81))
    rows["partial"] = [False, True, False]
    frame = assess(CATALOGUE, rows)
    assert list(frame["shown"]) == ["80.0", "99.0", "81.0"]
    assert list(frame["rag"]) == ["Red", "Not returned", "Red"]
    assert list(frame["movement"]) == ["", "", ""]
    assert list(frame["points"]) == [1, 1, 2]


# ---- frames --------------------------------------------------------------------------------------------------------


def test_orgs_come_in_the_catalogues_order_and_those_that_left_it_last_by_code() -> None:
    catalogue = CATALOGUE.model_copy(update={"orgs": CATALOGUE.orgs[::-1]})
    rows = [row for org in ("Z", "A0", "A", "B") for row in figures("K1", org, "2025-26-Q1", 80)]
    assert list(assess(catalogue, pd.DataFrame(rows))["org"]) == ["B", "A", "A0", "Z"]


def test_other_columns_are_carried_along() -> None:
    rows = figures("K1", "B", "2025-26-Q1", 1) + figures("K1", "A", "2025-26-Q1", 2)
    assert list(judged(*(row | {"note": row["org"]} for row in rows))["note"]) == ["A", "B"]


def test_a_range_without_a_target_yet_still_counts_its_figures() -> None:
    frame = alone(with_kpi(direction="range", targets=[]), "2025-26-Q1", 80, 81)
    assert (list(frame["points"]), list(frame["rag"])) == ([1, 2], ["No target", "No target"])


def test_how_long_a_colour_has_lasted() -> None:
    frame = judged(*figures("K1", "A", "2025-26-Q1", 80, 81, 99, 99), *figures("K1", "B", "2025-26-Q1", 99))
    assert list(frame["rag_run"]) == [1, 2, 1, 2, 1]
