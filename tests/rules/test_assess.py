"""All rules over a frame, on a series a person can follow."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from xlperf.catalogue import Catalogue
from xlperf.rules.assess import assess, escalations

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
    assert (frame["shown"][0], frame["rag"][0]) == ("94.96 (not 95.0)", "Amber")


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


@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        ({}, {("K1", "A"): "Enhanced"}),
        ({("K1", "B"): ("Enhanced", None)}, {("K1", "A"): "Enhanced", ("K1", "B"): "None"}),
    ],
)
def test_the_ladder_is_applied_to_each_series(decided: dict[Any, Any], expected: dict[Any, str]) -> None:
    frame = judged(*figures("K1", "A", "2025-26-Q1", 80, 81), *figures("K1", "B", "2025-26-Q1", 80, 91))
    found = escalations(CATALOGUE, frame, decided)
    assert {key: proposal.stage for key, proposal in found.items()} == expected
