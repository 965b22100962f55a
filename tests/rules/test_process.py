"""The SPC verdicts of a whole ledger are those of each series by itself."""

from __future__ import annotations

import random
from typing import Any

import pandas as pd
import pytest

from tests.rules.test_assess import CATALOGUE, alone, figures, judged, with_kpi
from xlperf.catalogue import Catalogue
from xlperf.catalogue.reporting import Rules
from xlperf.rules import process, spc
from xlperf.rules.assess import assess
from xlperf.rules.process import Process, processes


def test_each_series_is_judged_as_if_it_were_alone() -> None:
    dice = random.Random(7)  # noqa: S311
    runs = {org: [dice.gauss(92, 2) for _ in range(count)] for org, count in (("A", 18), ("B", 25))}
    frame = judged(*(row for org, run in runs.items() for row in figures("K1", org, "2021-22-Q1", *run)))
    found = processes(CATALOGUE, frame).verdicts
    assert list(found) == [("K1", "A"), ("K1", "B")]
    for (_, org), its in found.items():
        rows = frame[frame["org"] == org]
        kpi = CATALOGUE.kpi_by_id["K1"]
        alone = spc.assess(
            [kpi.period(period).last_day for period in rows["period"]],
            list(rows["actual"]),
            direction="higher",
            target=list(rows["green_from"]),
        )
        assert (its.variation, its.assurance, its.words) == (alone.variation, alone.assurance, alone.words)


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ({"direction": "higher", "targets": [{"from": "2019-20", "target": 85}]}, 85.0),
        ({"direction": "lower", "targets": [{"from": "2019-20", "target": 96}]}, 96.0),
        ({"direction": "range", "targets": [{"from": "2019-20", "low": 84, "high": 99}]}, (84.0, 99.0)),
        ({"direction": "neutral", "targets": []}, None),
        ({"direction": "higher", "frequency": "annual", "targets": [{"from": "2019-20", "target": 85}]}, 85.0),
    ],
)
@pytest.mark.parametrize("ruleset", ["mdc", "nhsr"])
def test_every_direction_is_judged_by_its_own_target(fields: dict[str, Any], target: Any, ruleset: str) -> None:
    dice = random.Random(3)  # noqa: S311
    catalogue = with_kpi(**fields).model_copy(update={"rules": Rules.model_validate({"spc_ruleset": ruleset})})
    start = "2020-21" if "frequency" in fields else "2020-21-Q1"
    frame = alone(catalogue, start, *(dice.gauss(92, 1) for _ in range(20)))
    found = processes(catalogue, frame).verdicts[("K1", "A")]
    judged_alone = spc.assess(
        [catalogue.kpis[0].period(period).first_day for period in frame["period"]],
        list(frame["actual"]),
        direction=fields["direction"],
        target=target,
        ruleset=ruleset,
    )
    assert found.assurance == judged_alone.assurance == (None if target is None else "consistent_pass")
    assert (found.variation, found.words) == (judged_alone.variation, judged_alone.words)


def test_the_nhsr_ruleset_does_not_wait_for_13_points() -> None:
    catalogue = CATALOGUE.model_copy(update={"rules": Rules(spc_ruleset="nhsr")})
    rise = [90.0, 94.0, 90.0, 94.0, 90.0, 91.0, 92.0, 93.0]
    assert (one(CATALOGUE, *rise).variation, one(catalogue, *rise).variation) == (None, "common_cause")


def test_where_the_kpi_no_longer_applies_the_last_verdict_stands() -> None:
    assert one(CATALOGUE, *WAVE, "n/a", "n/a").variation == "common_cause"


def test_a_period_without_a_figure_is_a_gap_and_not_joined_over() -> None:
    rising = [90.0, 95.0] * 7 + [90.1, 90.2, 90.3, 90.4, 90.5, 90.6, 90.7]
    with_gap = [None if step == len(rising) - 4 else value for step, value in enumerate(rising)]
    whole = processes(CATALOGUE, judged(*figures("K1", "A", "2021-22-Q1", *rising))).verdicts[("K1", "A")]
    gap = processes(CATALOGUE, judged(*figures("K1", "A", "2021-22-Q1", *with_gap))).verdicts[("K1", "A")]
    assert whole.variation == "special_cause_improvement"
    assert (gap.variation, gap.reason) == (None, "a gap in the last 7 periods hides whether there is a run")


def test_a_short_series_says_how_many_points_it_has() -> None:
    found = processes(CATALOGUE, judged(*figures("K1", "A", "2025-26-Q1", 90, 91, 92))).verdicts
    assert (found[("K1", "A")].variation, found[("K1", "A")].reason) == (None, "3 of 13 points")


def test_milestones_have_a_trend_but_no_process_limits() -> None:
    said = ["On track", "At risk", "Off track", "Missed"]
    found = processes(CATALOGUE, judged(*figures("K2", "A", "2025-26-Q1", *said))).verdicts[("K2", "A")]
    assert (found.variation, found.assurance, found.reason) == (None, None, "a milestone has no process limits")
    assert found.words == "A milestone has no process limits."
    assert (found.trend, found.points, found.points_words) == ("deteriorating", 4, "4 points")


def test_a_ledger_without_figures_has_no_processes() -> None:
    assert processes(CATALOGUE, judged(*figures("K1", "A", "2025-26-Q1", 90)).iloc[:0]).verdicts == {}


def test_every_series_is_there_even_one_that_never_applied() -> None:
    frame = judged(*figures("K1", "A", "2025-26-Q1", "n/a", "n/a"), *figures("K2", "A", "2025-26-Q1", "On track"))
    found = processes(CATALOGUE, frame).verdicts
    assert list(found) == [("K1", "A"), ("K2", "A")]
    never = found[("K1", "A")]
    assert (never.reason, never.trend, never.points, never.flag) == ("no figures", "not enough data", 0, "")


def test_many_series_are_judged_as_few(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(11)  # noqa: S311
    rows = [
        row
        for number in range(7)
        for row in figures("K1", f"O{number}", "2021-22-Q1", *(dice.gauss(92, 3) for _ in range(10 + number)))
    ]
    frame = judged(*rows, *figures("K2", "A", "2025-26-Q1", "On track"))
    whole = processes(CATALOGUE, frame).verdicts
    monkeypatch.setattr(process, "AT_ONCE", 2)
    assert dict(processes(CATALOGUE, frame).verdicts) == dict(whole)
    assert len({each.points for each in whole.values()}) == 8


# ---- trend, points and flag ----------------------------------------------------------------------------------------

WAVE = [90.0, 94.0] * 7
"""Fourteen points of common cause."""


def one(catalogue: Catalogue, *said: Any, start: str = "2020-21-Q1") -> Process:
    """The process of K1 in org A after these figures."""
    return processes(catalogue, alone(catalogue, start, *said)).verdicts[("K1", "A")]


def test_spc_overrules_three_moves_the_same_way() -> None:
    rise = [90.0, 94.0, 90.0, 94.0, 90.0, 91.0, 92.0, 93.0]
    assert one(CATALOGUE, *rise).trend == "improving"
    assert one(CATALOGUE, *WAVE, *rise).trend == "steady"


def test_a_shift_is_a_trend_though_the_last_moves_are_not() -> None:
    found = one(CATALOGUE, *WAVE, *[87.0, 86.0] * 4)
    assert (found.variation, found.trend) == ("special_cause_concern", "deteriorating")


def test_neutral_kpis_rise_and_fall() -> None:
    assert one(with_kpi(direction="neutral", targets=[]), *WAVE, *[87.0, 86.0] * 4).trend == "falling"


@pytest.mark.parametrize(
    ("ruleset", "count", "expected"),
    [
        ("mdc", 1, "1 of 13 points"),
        ("mdc", 12, "12 of 13 points"),
        ("mdc", 13, "13 points"),
        ("nhsr", 9, "9 points"),
        ("nhsr", 1, "1 point"),
    ],
)
def test_how_many_points_there_are_is_always_said(ruleset: str, count: int, expected: str) -> None:
    catalogue = CATALOGUE.model_copy(update={"rules": Rules.model_validate({"spc_ruleset": ruleset})})
    assert one(catalogue, *WAVE[:count]).points_words == expected


def test_the_catalogues_run_length_is_used() -> None:
    six = CATALOGUE.model_copy(update={"rules": Rules(spc_run_length=6)})
    fall = [*WAVE, 93.0, 92.2, 91.9, 91.8, 91.7]
    assert (one(CATALOGUE, *fall).trend, one(six, *fall).trend) == ("steady", "deteriorating")


def test_green_but_deteriorating() -> None:
    falling = [float(figure) for figure in range(100, 90, -1)]
    assert one(CATALOGUE, *WAVE, *falling, start="2019-20-Q1").flag == ""  # no target yet in those years
    always = with_kpi(targets=[{"from": "2019-20", "target": 80}])
    assert one(always, 95, 94, 93, 92).flag == "Green, but deteriorating"
    assert one(always, *WAVE, 89.9, 89, 88.9, 88, 87.9, 87, 86.9, 86).flag == "Green, but deteriorating"
    assert one(always, *WAVE, 92.0).flag == ""


def test_red_but_expected_to_meet_the_target() -> None:
    catalogue = with_kpi(targets=[{"from": "2019-20", "target": 75}])
    assert one(catalogue, *WAVE, 74.0).flag == "Red, but expected to meet the target"


def test_a_figure_that_is_not_rated_has_no_flag() -> None:
    catalogue = with_kpi(targets=[{"from": "2019-20", "target": 80}])
    assert one(catalogue, *WAVE, 79.0, "n/a").flag == ""


# ---- rebases and gaps ----------------------------------------------------------------------------------------------


def rebased(on: str, *orgs: str) -> Catalogue:
    return with_kpi(rebases=[{"on": on, "reason": "New pathway", "orgs": list(orgs)}])


LOW_THEN_HIGH = [*WAVE, *(figure + 5 for figure in WAVE)]
"""A step up after 14 quarters from 2020-21-Q1, that is on 1 October 2023."""


def test_a_rebase_restarts_the_limits() -> None:
    assert one(CATALOGUE, *LOW_THEN_HIGH).trend == "improving"
    again = one(rebased("2023-10-01"), *LOW_THEN_HIGH)
    assert (again.trend, again.points, again.points_words) == ("steady", 14, "14 points")


@pytest.mark.parametrize(
    ("on", "points"),
    [("2023-09-30", 14), ("2023-10-01", 14), ("2023-10-02", 13), ("2019-01-01", 28), ("2020-04-01", 28)],
)
def test_the_segment_opens_with_the_first_period_that_begins_on_or_after_the_day(on: str, points: int) -> None:
    assert one(rebased(on), *LOW_THEN_HIGH).points == points


def test_a_rebase_can_be_of_some_orgs_only() -> None:
    catalogue = rebased("2023-10-01", "B")
    first = catalogue.kpis[0].period("2020-21-Q1")
    rows = [
        row | {"period": str(first.next(step))}
        for org in ("A", "B")
        for step, row in enumerate(figures("K1", org, "2020-21-Q1", *LOW_THEN_HIGH))
    ]
    found = processes(catalogue, assess(catalogue, pd.DataFrame(rows))).verdicts
    assert {key[1]: each.points for key, each in found.items()} == {"A": 28, "B": 14}


def test_after_a_rebase_the_points_are_counted_anew() -> None:
    found = one(rebased("2026-07-01"), *LOW_THEN_HIGH)
    assert (found.reason, found.points_words) == ("3 of 13 points since the limits were restarted", "3 of 13 points")


def test_a_rebase_still_to_come_restarts_nothing() -> None:
    assert one(rebased("2030-01-01"), *LOW_THEN_HIGH) == one(CATALOGUE, *LOW_THEN_HIGH)


def test_a_partial_roll_up_is_a_gap() -> None:
    frame = pd.DataFrame(figures("K1", "A", "2020-21-Q1", *WAVE, 10.0, 92.0))
    frame["partial"] = frame["actual"] == 10
    found = processes(CATALOGUE, assess(CATALOGUE, frame)).verdicts[("K1", "A")]
    assert (found.variation, found.points) == ("common_cause", 15)


def test_a_partial_roll_up_at_the_end_leaves_no_verdict_on_variation() -> None:
    frame = pd.DataFrame(figures("K1", "A", "2020-21-Q1", *WAVE, 92.0))
    frame["partial"] = [False] * len(WAVE) + [True]
    found = processes(CATALOGUE, assess(CATALOGUE, frame)).verdicts[("K1", "A")]
    assert (found.variation, found.reason) == (None, "the last period has no figure")
