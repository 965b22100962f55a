"""The ruleset nhsr against NHSRplotthedots 0.2.2 as run in R 4.2.2: tests/rules/data/spc_reference.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from xlperf.rules.spc import Spc, assess

REFERENCE = {
    series["id"]: series
    for series in json.loads((Path(__file__).parent / "data" / "spc_reference.json").read_text("utf-8"))["series"]
}
STOPPED = sorted(name for name, series in REFERENCE.items() if "error" in series)
"""Where R stops with an error, all for a gap in seven rows of which the others run one way."""
ANSWERED = sorted(REFERENCE.keys() - STOPPED)
DIRECTION = {"increase": "higher", "decrease": "lower", "neutral": "neutral"}

LAST_MISSING = "no verdict on variation where the last period has no figure; R says common cause"
NO_LIMITS = "no assurance where no two neighbouring figures make limits; R says inconsistent"
DEVIATIONS: dict[str, dict[str, str]] = {
    "constant-006": {"assurance": NO_LIMITS},
    "constant-021": {"assurance": NO_LIMITS},
    "constant-026": {"assurance": NO_LIMITS},
    "missing-036": {"variation": LAST_MISSING},
    "missing_edge-006": {"variation": LAST_MISSING},
    "missing_edge-011": {"variation": LAST_MISSING, "assurance": NO_LIMITS},
    "missing_edge-016": {"assurance": NO_LIMITS},
    "missing_edge-026": {"variation": LAST_MISSING},
    "noise-001": {"assurance": NO_LIMITS},
}
"""Every field of every series in which we differ on purpose. Points never do."""


def ours(name: str) -> Spc:
    given = REFERENCE[name]["input"]
    return assess(
        given["dates"],
        given["y"],
        direction=DIRECTION[given["improvement_direction"]],
        target=given["target"],
        ruleset="nhsr",
        rebase=given["rebase"],
        fix_after_n_points=given["fix_after_n_points"],
        screen_outliers=given["screen_outliers"],
    )


def numbers(values: list[Any]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


@pytest.mark.parametrize("name", ANSWERED)
def test_every_point_is_classed_as_in_r(name: str) -> None:
    points, found = REFERENCE[name]["points"], ours(name)
    assert list(found.segment) == points["rebase_group"]
    assert list(found.special_cause_type) == points["special_cause_type"]
    assert list(found.point_type) == points["point_type"]
    for flag in ("relative_to_mean", "outside_limits", "close_to_limits"):
        np.testing.assert_array_equal(getattr(found, flag), numbers(points[flag]), err_msg=flag)


@pytest.mark.parametrize("name", ANSWERED)
def test_limits_are_those_of_r(name: str) -> None:
    points, found = REFERENCE[name]["points"], ours(name)
    size = np.nanmax(np.abs(found.actuals), initial=0)
    for line in ("mean", "lpl", "upl"):
        np.testing.assert_allclose(getattr(found, line), numbers(points[line]), rtol=0, atol=1e-9 * size, err_msg=line)


@pytest.mark.parametrize("name", ANSWERED)
def test_both_verdicts_are_those_of_r_but_for_the_deviations(name: str) -> None:
    series, found = REFERENCE[name], ours(name)
    differs = {
        verdict
        for verdict, in_r in (("variation", series["variation_type"]), ("assurance", series["assurance_type"]))
        if getattr(found, verdict) != in_r
    }
    assert differs == DEVIATIONS.get(name, {}).keys()
    assert all(getattr(found, verdict) is None and found.reason for verdict in differs)
    assert found.trial_limits is series["short_group_warning"]


@pytest.mark.parametrize("name", STOPPED)
def test_where_r_stops_there_is_an_answer_and_no_run_across_the_gap(name: str) -> None:
    found = ours(name)
    assert found.words
    assert any("no figure" in note for note in found.notes)
    assert not any("Trend" in cause for cause in found.special_cause_type)


MONTHS = [f"{2020 + month // 12}-{month % 12 + 1:02d}-01" for month in range(48)]


def nhsr(actuals: list[float], **options: Any) -> Spc:
    return assess(MONTHS[: len(actuals)], actuals, **{"direction": "higher", "ruleset": "nhsr", **options})


WIGGLE = [0.0, 30, 0, 30, 0, 30, 0, 30]
"""Keeps the limits wide and ends every run."""


def test_w1_two_equal_points_between_a_rise_and_a_fall_are_not_a_fall() -> None:
    found = nhsr([*WIGGLE, 10, 11, 12, 13, 14, 15, 16, 16, 15, 14, 13, 12, 11, 10, *WIGGLE])
    assert found.special_cause_type[14] == "7 Point Trend (Increasing)"  # R: Decreasing
    assert found.special_cause_type[15] == "7 Point Trend (Decreasing)"


def test_as_in_r_the_step_to_the_next_trend_names_the_point_before_it() -> None:
    rise_fallen_back_and_rise = [10.0, 11, 12, 13, 14, 15, 16, 12, 13, 14, 15, 16, 17, 18]
    found = nhsr([*WIGGLE, *rise_fallen_back_and_rise, *WIGGLE])
    assert found.special_cause_type[14] == "7 Point Trend (Decreasing)"
    assert found.special_cause_type[15] == "7 Point Trend (Increasing)"


@pytest.mark.parametrize("target", [None, float("nan")])
def test_w3_no_target_is_never_uncertain_to_be_met(target: float | None) -> None:
    found = nhsr([1.0, 2] * 10, target=target)
    assert found.assurance is None
    assert found.reason == ""
    assert "no target" in found.words


@pytest.mark.parametrize(
    ("target", "direction", "assurance"),
    [
        (90, "higher", "consistent_fail"),
        (90, "lower", "consistent_pass"),
        (70, "higher", "consistent_pass"),
        (80, "higher", "inconsistent"),  # as R has it without screening
    ],
)
def test_a_screened_constant_is_assured_as_an_unscreened_one(target: float, direction: str, assurance: str) -> None:
    screened = nhsr([80.0] * 20, target=target, direction=direction)
    assert np.isnan(screened.upl).all()
    assert screened.assurance == assurance
    assert "Every figure is the same" in screened.notes[0]
    assert nhsr([80.0] * 20, target=target, direction=direction, screen_outliers=False).assurance == assurance


def test_a_rebase_between_two_points_is_left_out_as_in_r_but_said() -> None:
    found = nhsr([1.0, 2] * 10, rebase=["2020-06-15"])
    assert set(found.segment) == {0}
    assert any("2020-06-15" in note for note in found.notes)


def test_short_series_are_judged_and_called_trials() -> None:
    found = nhsr([5.0, 6, 5, 7, 5, 6], target=20)
    assert (found.variation, found.assurance, found.trial_limits) == ("common_cause", "consistent_fail", True)
    assert "trial limits: 6 of 13 points" in found.words


def test_a_target_that_moves_is_not_assured() -> None:
    found = nhsr([5.0, 6] * 7, target=[20.0] * 13 + [21.0])
    assert found.assurance is None
    assert found.reason == "the target moved, and the ruleset nhsr knows one target a series"
    assert nhsr([5.0, 6] * 7, target=[20.0] * 14).assurance == "consistent_fail"
