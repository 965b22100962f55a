"""What `xlperf check` says of ladders, roll-ups, rebases and rules that cannot work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import catalogue_data, dumped, kpi_in, make_kpi
from xlperf.catalogue.load import check_text

Change = Callable[[dict[str, Any]], object]


def faults(change: Change) -> list[tuple[str, str]]:
    data = catalogue_data()
    change(data)
    return [(item.code, item.message) for item in check_text(dumped(data), "kpi_catalogue.yaml")[1]]


def kpi(kpi_id: str, **changes: Any) -> Change:
    return lambda data: kpi_in(data, kpi_id).update(changes)


def stages(*stages: dict[str, Any], **more: Any) -> Change:
    return lambda data: data["escalation"].update(stages=list(stages), **more)


def stage(number: int, enter: dict[str, Any], leave: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"id": f"s{number}", "name": f"Stage {number}", "enter": enter, "leave": leave or {"consecutive_green": 2}}


def test_the_small_catalogue_is_in_order() -> None:
    assert faults(lambda data: None) == []


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        # roll-up
        (kpi("V1", roll_up={"time": "parts"}), "C013", "no numerator and denominator"),
        (kpi("V1", roll_up={"time": "sum"}), "C013", "percentages are never added"),
        (kpi("S1", roll_up={"orgs": "worst", "time": "parts"}), "C013", "no parts to add over time"),
        (kpi("P1", roll_up={"orgs": "weighted"}), "C013", "roll up its parts"),
        (kpi("M1", roll_up={"time": "sum"}), "C013", "only as the worst"),
        (kpi("C1", orgs=["NORTH", "SOUTH"], roll_up={"orgs": "weighted"}), "C013", "no 'weight' for: NORTH, SOUTH"),
        (
            kpi("C1", direction="neutral", targets=[], no_target_because="none", roll_up={"time": "worst"}),
            "C013",
            "no worst",
        ),
        (
            kpi("S1", roll_up={"orgs": "parts", "targets": [{"from": "2024-25", "target": 4}]}),
            "C013",
            "only a sum has targets of its own",
        ),
        (
            kpi("C1", roll_up={"orgs": "sum", "targets": [{"from": "2024-25", "low": 1, "high": 2}]}),
            "C005",
            "needs one target",
        ),
        # rebases and movement
        (kpi("V1", rebases=[{"on": "2026-04-01", "reason": "x", "orgs": ["ELSE"]}]), "C004", "unknown org 'ELSE'"),
        (kpi("V1", rebases=[{"on": "2026-04-01", "reason": "x", "orgs": ["NORTH"]}]), "C010", "not reported by"),
        (kpi("V1", rebases=[{"on": "2026-04-01", "reason": " "}]), "C002", "reason"),
        (
            kpi("V1", rebases=[{"on": "2026-04-01", "reason": "x"}, {"on": "2025-04-01", "reason": "y"}]),
            "C010",
            "not in order of time",
        ),
        (kpi("V1", material={"absolute": -1}), "C005", "cannot be negative"),
        (kpi("V1", material={"absolute": 1, "relative": 1}), "C002", "either 'absolute'"),
        (lambda data: data.update(rules={"spc_ruleset": "nhsr", "spc_run_length": 6}), "C012", "runs of 7 only"),
        # ladders
        (stages(stage(1, {})), "C002", "give at least one of consecutive_red, "),
        (stages(stage(1, {"consecutive_red": 2}, {"no_concern": True})), "C002", "one of consecutive_green, "),
        (stages(stage(1, {"consecutive_red": 3}), stage(2, {"consecutive_red": 3})), "C012", "no later than"),
        (stages(stage(1, {"consecutive_red": 3}), stage(1, {"consecutive_red": 4})), "C012", "two stages have the id"),
        (stages(stage(1, {"deteriorating_for": 2})), "C012", "needs a milder stage"),
        (stages(stage(1, {"consecutive_red": 2}), no_stage="stage 1"), "C012", "also of being in no stage"),
        (
            stages(
                stage(1, {"consecutive_red": 2}),
                section_stages=[
                    {
                        "id": "x",
                        "name": "X",
                        "enter": {"escalated_kpis": 2, "at_stage": "s9"},
                        "leave": {"periods_without": 1},
                    }
                ],
            ),
            "C004",
            "unknown stage 's9'",
        ),
    ],
)
def test_a_rule_that_cannot_work_is_said_with_what_is_wrong(change: Change, code: str, says: str) -> None:
    found = faults(change)
    assert [each for each in found if each[0] == code and says in each[1]], found


def test_a_section_and_a_kpi_of_one_name_cannot_be_told_apart_where_sections_have_stages() -> None:
    def change(data: dict[str, Any]) -> None:
        data["sections"].append({"id": "v1", "name": "Clash"})
        data["escalation"]["section_stages"] = [
            {"id": "x", "name": "X", "enter": {"red_kpis": 1}, "leave": {"periods_without": 1}}
        ]

    assert ("C003", "'v1' is a section and a KPI; with stages for sections they cannot be told apart.") in faults(
        change
    )


def test_what_can_work_is_let_through() -> None:
    def change(data: dict[str, Any]) -> None:
        for code in ("NORTH", "SOUTH"):
            next(org for org in data["orgs"] if org["code"] == code)["weight"] = 1000
        kpi_in(data, "S1").update(roll_up={"orgs": "parts", "time": "parts"})
        kpi_in(data, "C1").update(orgs=["NORTH", "SOUTH"], roll_up={"orgs": "weighted", "time": "last"})
        kpi_in(data, "M1").update(roll_up={"time": "last"})
        kpi_in(data, "V1").update(seasonal=True, rebases=[{"on": "2026-04-01", "reason": "Counted anew"}])
        stages(
            stage(1, {"red_with_concern": True}),
            stage(2, {"deteriorating_for": 2, "consistently_failing": True}, {"consecutive_not_red": 1}),
            stage(3, {"action_overdue_days": 30}),
        )(data)

    assert faults(change) == []


@pytest.mark.parametrize(
    ("targets", "more", "says"),
    [
        ([{"from": "2024-25", "due": "2026-06-30"}, {"from": "2026-27"}], {}, ["M1 has no date from 2026-27 on"]),
        ([], {"direction": "neutral"}, ["M1 has no date, so"]),
        ([], {"no_target_because": "to be agreed with the regulator"}, []),
        ([{"from": "2024-25", "due": "2026-06-30"}], {}, []),
    ],
)
def test_a_milestone_that_no_date_can_make_late_is_named(
    targets: list[dict[str, Any]], more: dict[str, Any], says: list[str]
) -> None:
    milestone = make_kpi(id="M1", kind="milestone", targets=targets, **more)
    found = [message for code, message in faults(lambda data: data["kpis"].append(milestone)) if code == "C022"]
    assert len(found) == len(says)
    assert all(words in message for words, message in zip(says, found, strict=True))
