"""The ruleset mdc: one test for each of its points, the traps it refuses, and what the callable takes and says."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xlperf.errors import UsageError
from xlperf.rules.spc import MDC, NHSR, Spc, assess, assess_many

MONTHS = [date(2020 + month // 12, month % 12 + 1, 1) for month in range(60)]
NOISE = [10.0, 13, 9, 12, 11, 8, 14, 9, 12, 10, 13, 8, 11, 9, 12, 10, 13, 11, 9, 12]
"""Twenty months in which nothing happens; limits near 2 and 20."""
STEADY = [10.0, 12] * 10
"""Mean 11, limits 5.68 and 16.32, near limits 7.45 and 14.55."""


def mdc(actuals: list[Any], **options: Any) -> Spc:
    return assess(MONTHS[: len(actuals)], actuals, **{"direction": "higher", **options})


# ---- the two rulesets (spc.md, section 9), a row each --------------------------------------------------------------


def test_mdc_is_the_default_and_named_with_its_version() -> None:
    assert mdc(NOISE).ruleset is not NHSR
    assert mdc(NOISE).ruleset.variant == "mdc 2023-11"
    assert mdc(NOISE, run_length=6, screen_outliers=True).ruleset.variant == "mdc 2023-11, runs of 6, outliers screened"
    assert NHSR.variant == "nhsr 0.2.2"


@pytest.mark.parametrize(("ruleset", "flagged"), [("mdc", "2 in 3 Above CL"), ("nhsr", "Common Cause")])
def test_two_of_three_counts_points_beyond_the_limits_too(ruleset: str, flagged: str) -> None:
    found = mdc([*STEADY, 18.5, 16, 11.8, *STEADY], ruleset=ruleset, screen_outliers=False)
    assert list(found.special_cause_type[20:23]) == ["Above UCL", flagged, "Common Cause"]


def test_moving_ranges_are_not_screened_for_outliers() -> None:
    spiked = [*STEADY, 40.0, *STEADY]
    assert mdc(spiked).upl[0] > mdc(spiked, screen_outliers=True).upl[0]
    np.testing.assert_array_equal(
        mdc(spiked).upl, assess(MONTHS[:41], spiked, direction="higher", ruleset="nhsr", screen_outliers=False).upl
    )


def test_limits_variation_and_assurance_are_shown_from_13_points() -> None:
    short, enough = mdc(NOISE[:12], target=50), mdc(NOISE[:13], target=50)
    assert np.isnan([short.lpl, short.upl]).all()
    assert (short.variation, short.assurance, short.reason) == (None, None, "12 of 13 points")
    assert set(short.point_type) == {None}
    assert np.isfinite([enough.lpl, enough.upl]).all()
    assert (enough.variation, enough.assurance, enough.reason) == ("common_cause", "consistent_fail", "")


@pytest.mark.parametrize(("together", "has_limits"), [(7, True), (6, False)])
def test_limits_need_six_steps_between_neighbouring_figures(together: int, has_limits: bool) -> None:
    """13 points each: so many in a row, and the others with a gap before each."""
    apart = [value for figure in NOISE[together:13] for value in (None, figure)]
    found = mdc([*NOISE[:together], *apart], target=50)
    assert np.isfinite(found.lpl).all() == np.isfinite(found.upl).all() == has_limits
    assert (found.assurance == "consistent_fail") is has_limits


RISE_BELOW_THE_MEAN = [*[12.0, 14] * 8, 4.0, 5, 6, 7, 8, 9, 10]
"""Ends in a trend up that is also a shift down."""


@pytest.mark.parametrize(
    ("direction", "shown", "also"),
    [
        ("higher", "7 Point Trend (Increasing)", "7 or more points below the mean"),
        ("lower", "7 Points Below CL", "7 or more points rising"),
    ],
)
def test_improvement_wins_over_concern_and_both_are_named(direction: str, shown: str, also: str) -> None:
    found = mdc(RISE_BELOW_THE_MEAN, direction=direction)
    assert found.special_cause_type[-1] == shown
    assert found.variation == "special_cause_improvement"
    assert "improving" in found.words
    assert f"but also concerning ({also})" in found.words


def test_without_mdc_the_order_of_the_rules_decides() -> None:
    found = mdc(RISE_BELOW_THE_MEAN, direction="lower", ruleset="nhsr", screen_outliers=False)
    assert found.special_cause_type[-1] == "7 Point Trend (Increasing)"
    assert found.variation == "special_cause_concern"


def test_runs_are_of_7_and_may_be_of_6() -> None:
    six_above = [*STEADY[::-1], 12.5, 11.8, 12.9, 12.1, 12.7, 12.2]
    assert mdc(six_above).special_cause_type[-1] == "Common Cause"
    assert mdc(six_above, run_length=6).special_cause_type[-1] == "6 Points Above CL"
    assert mdc([*six_above, 11.9]).special_cause_type[-1] == "7 Points Above CL"
    with pytest.raises(UsageError, match="mdc counts runs of 7 or 6, not 8"):
        mdc(NOISE, run_length=8)
    with pytest.raises(UsageError, match="nhsr counts runs of 7, not 6"):
        mdc(NOISE, run_length=6, ruleset="nhsr")


def test_of_a_target_that_moves_the_latest_counts() -> None:
    assert mdc(NOISE, target=[50.0] * 19 + [1.0]).assurance == "consistent_pass"
    assert mdc(NOISE, target=[1.0] * 19 + [50.0]).assurance == "consistent_fail"
    assert mdc(NOISE, target=[1.0] * 19 + [None]).assurance is None


def test_assurance_is_judged_against_the_limits_of_the_last_segment() -> None:
    raised = [*NOISE, *(figure + 50 for figure in NOISE)]
    assert mdc(raised, target=30, rebase=[MONTHS[20]]).assurance == "consistent_pass"
    assert mdc(raised[::-1], target=30, rebase=[MONTHS[20]]).assurance == "consistent_fail"


# ---- the traps: refused in words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("direction", "target", "assurance", "words"),
    [
        ("higher", 95, "consistent_pass", "No variation: every figure is the same; it meets the target."),
        ("higher", 99.9, "consistent_pass", "No variation: every figure is the same; it meets the target."),
        ("higher", 100, "consistent_fail", "No variation: every figure is the same; it misses the target."),
        ("lower", 99.9, "consistent_pass", "No variation: every figure is the same; it meets the target."),
        ("lower", 95, "consistent_fail", "No variation: every figure is the same; it misses the target."),
        ("range", (99, 100), "consistent_pass", "No variation: every figure is the same; it meets the target."),
        ("range", (100, 101), "consistent_fail", "No variation: every figure is the same; it misses the target."),
        ("higher", None, None, "No variation: every figure is the same; no target."),
    ],
)
def test_a_constant_is_judged_by_its_value(direction: str, target: Any, assurance: str | None, words: str) -> None:
    found = mdc([99.9] * 20, direction=direction, target=target)
    assert (found.variation, found.assurance, found.words) == (None, assurance, words)


@pytest.mark.parametrize("value", [0.1, 0.7, 1 / 3, 1e9, -2.3, 0.0])
def test_no_point_of_a_constant_is_off_its_mean(value: float) -> None:
    found = mdc([value] * 21)
    assert set(found.relative_to_mean) == {0}
    assert found.reason == "no variation: every figure is the same"


def test_float_noise_is_not_variation() -> None:
    assert mdc([0.3, 0.1 + 0.2] * 10).reason == "no variation: every figure is the same"


@pytest.mark.parametrize(
    "actuals", [[100.0] * 12 + [99.0], [100.0] * 10 + [90.0] * 10, [0.1] * 23 + [0.2], [5.0, 5, 5, 6, 6, 6, 5, 5] * 3]
)
def test_almost_no_variation_is_refused(actuals: list[float]) -> None:
    found = mdc(actuals, target=95)
    assert (found.variation, found.assurance) == (None, None)
    assert found.words == "Almost no variation: most figures repeat the one before."
    assert set(found.point_type) == {None}


@pytest.mark.parametrize("actuals", [[0.0] * 12 + [1.0], [0.0, 1, 0, 0, 2, 0, 0, 1, 0, 3, 0, 0, 1, 0]])
def test_rare_events_are_refused(actuals: list[float]) -> None:
    found = mdc(actuals, direction="lower", target=3)
    assert (found.variation, found.assurance) == (None, None)
    assert found.words == "Rare events: most figures are 0, which these limits cannot judge."


def test_a_missing_last_figure_is_not_common_cause() -> None:
    found = mdc([*NOISE, None], target=50)
    assert (found.variation, found.reason) == (None, "the last period has no figure")
    assert found.words == ("The last period has no figure; expected to miss the target unless the process changes.")


def test_a_gap_in_the_last_periods_that_may_hide_a_run_leaves_no_verdict() -> None:
    above = [12.5, 11.8, None, 12.1, 12.7, 12.2, 11.9]
    found = mdc([*STEADY, 10, *above], target=50)
    assert (found.variation, found.assurance) == (None, "consistent_fail")
    assert found.reason == "a gap in the last 7 periods hides whether there is a run"
    assert mdc([*STEADY, 10, 10.5, *above[1:]]).variation == "common_cause"
    rising = [6.0, 7, 8, None, 10, 12, 13]
    assert mdc([*STEADY, *rising]).reason == "a gap in the last 7 periods hides whether there is a run"
    assert mdc([*STEADY, *rising, 30]).variation == "special_cause_improvement"


def test_no_run_goes_across_a_gap() -> None:
    found = mdc([*NOISE, 12.0, 12.5, 13, 13.5, None, 14, 14.5, 15, 15.5, *NOISE])
    assert "7 Point" not in " ".join(found.special_cause_type)
    assert found.special_cause_type[24] == "Common Cause"
    assert np.isnan([found.relative_to_mean[24], found.outside_limits[24], found.close_to_limits[24]]).all()
    assert found.notes == ("1 of 49 periods have no figure; no run or moving range is taken across them.",)


def test_mostly_gaps_are_refused() -> None:
    found = mdc([value for figure in NOISE for value in (figure, None)][:-1], target=50)
    assert (found.variation, found.assurance) == (None, None)
    assert found.reason == "too many gaps: fewer than 6 figures have one just before them"


@pytest.mark.parametrize("count", [0, 1, 20])
def test_no_figures_at_all(count: int) -> None:
    found = mdc([None] * count, target=50)
    assert (found.variation, found.assurance, found.words) == (None, None, "No figures.")
    assert len(found.mean) == count


def test_absent_periods_are_said() -> None:
    found = assess([*MONTHS[:10], *MONTHS[12:22]], NOISE, direction="higher")
    assert found.notes == ("No row between 2020-10-01 and 2021-01-01: they are treated as neighbours.",)


# ---- rebases and baselines -----------------------------------------------------------------------------------------


def test_a_rebase_starts_at_its_date_and_nothing_goes_across() -> None:
    found = mdc([*STEADY, 13, 13, 13, *(14, 15, 13, 16, 14) * 4], rebase=[MONTHS[20]])
    assert list(found.segment) == [0] * 20 + [1] * 23
    assert found.mean[19] == 11
    assert found.mean[20] > 13


def test_a_rebase_between_two_points_opens_the_segment_at_the_next() -> None:
    found = mdc([*NOISE, *NOISE], rebase=["2021-08-15"])
    assert list(found.segment) == [0] * 20 + [1] * 20
    assert found.notes == ("The rebase of 2021-08-15 is no period's date; limits restart at 2021-09-01.",)


@pytest.mark.parametrize(("day", "word"), [("2050-01-01", "after"), ("2010-01-01", "before")])
def test_a_rebase_that_restarts_nothing_is_said(day: str, word: str) -> None:
    found = mdc(NOISE, rebase=[day])
    assert set(found.segment) == {0}
    assert word in found.notes[0]


def test_after_a_rebase_points_are_counted_anew() -> None:
    found = mdc([*NOISE, *NOISE[:7]], rebase=[MONTHS[20]], target=50)
    assert found.reason == "7 of 13 points since the limits were restarted"
    assert found.words == "7 of 13 points since the limits were restarted."
    assert np.isfinite(found.lpl[:20]).all()
    assert np.isnan(found.lpl[20:]).all()


def test_limits_may_be_fixed_after_12_points_or_more() -> None:
    found = mdc([*NOISE[:12], *(figure + 5 for figure in NOISE)], fix_after_n_points=12)
    np.testing.assert_array_equal(found.mean, np.mean(NOISE[:12]))
    with pytest.raises(UsageError, match="12 points or more, not after 11"):
        mdc(NOISE, fix_after_n_points=11)


# ---- directions and targets ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("direction", "variation", "words"),
    [
        ("higher", "special_cause_improvement", "Special cause: improving, figures high"),
        ("lower", "special_cause_concern", "Special cause: concerning, figures high"),
        ("neutral", "special_cause_neutral_high", "Special cause: figures high (no better direction)"),
        ("range", "special_cause_neutral_high", "Special cause: figures high (better is inside the range)"),
    ],
)
def test_variation_is_that_of_the_last_point(direction: str, variation: str, words: str) -> None:
    found = mdc([*NOISE, 40], direction=direction)
    assert found.variation == found.point_type[-1] == variation
    assert found.words == f"{words}; no target; seasonal patterns are not taken into account."
    assert mdc([*NOISE, 40, 11], direction=direction).variation == "common_cause"


@pytest.mark.parametrize(
    ("target", "assurance"),
    [
        ((5, 17), "consistent_pass"),
        ((5.68, 17), "inconsistent"),  # the lower limit is on the end
        ((11, 17), "inconsistent"),
        ((10, 12), "inconsistent"),
        ((17, 20), "consistent_fail"),
        ((1, 5), "consistent_fail"),
        (None, None),
    ],
)
def test_a_range_is_met_with_both_limits_inside_and_missed_with_both_outside(
    target: Any, assurance: str | None
) -> None:
    found = mdc(STEADY, direction="range", target=target)
    assert (found.lpl[0], found.upl[0]) == (5.68, 16.32)
    assert found.assurance == assurance


def test_a_range_may_move() -> None:
    assert mdc(STEADY, direction="range", target=[(1, 5)] * 19 + [(5, 17)]).assurance == "consistent_pass"


@pytest.mark.parametrize(
    ("direction", "target", "words"),
    [
        ("higher", 5, "expected to meet the target consistently"),
        ("higher", 16.32, "may or may not meet the target"),
        ("higher", 16.33, "expected to miss the target unless the process changes"),
        ("lower", 16.33, "expected to meet the target consistently"),
        ("neutral", 5, "no better direction to judge the target by"),
        ("higher", None, "no target"),
    ],
)
def test_assurance_in_words(direction: str, target: float | None, words: str) -> None:
    found = mdc(STEADY, direction=direction, target=target)
    assert (
        found.words == f"No significant change (common cause); {words}; seasonal patterns are not taken into account."
    )


def test_yearly_figures_have_no_season() -> None:
    found = assess([date(2000 + year, 1, 1) for year in range(20)], NOISE, direction="higher")
    assert found.words == "No significant change (common cause); no target."


# ---- what goes in --------------------------------------------------------------------------------------------------


def test_dates_and_figures_may_come_in_many_kinds_and_any_order() -> None:
    expected = mdc(NOISE, target=9)
    for days, figures in (
        ([str(day) for day in MONTHS[:20]], NOISE),
        ([datetime(day.year, day.month, 1, 12) for day in MONTHS[:20]], [Decimal(str(figure)) for figure in NOISE]),
        (list(pd.to_datetime(pd.Series(MONTHS[:20]))), pd.Series(NOISE, index=range(5, 25))),
        (np.array(MONTHS[:20], dtype="datetime64[D]"), np.array(NOISE)),
        (MONTHS[:20][::-1], NOISE[::-1]),
    ):
        found = assess(days, figures, direction="higher", target=9)  # type: ignore[arg-type]
        assert found.dates == expected.dates
        np.testing.assert_array_equal(found.actuals, expected.actuals)
        assert found.words == expected.words


@pytest.mark.parametrize(
    ("dates", "actuals", "options", "message"),
    [
        (["2020-01-01", "2020-01-01"], [1, 2], {}, "two figures for 2020-01-01"),
        (["January", "2020-01-01"], [1, 2], {}, "'January' is not a date"),
        ([None, "2020-01-01"], [1, 2], {}, "None is not a date"),
        ([pd.NaT, "2020-01-01"], [1, 2], {}, "NaT is not a date"),
        (["2020-01-01"], ["95%"], {}, "'95%' is not one"),
        (["2020-01-01"], [True], {}, "True is not one"),
        (["2020-01-01"], [float("inf")], {}, "infinite"),
        (["2020-01-01"], [1, 2], {}, "1 dates but 2 actuals"),
        (["2020-01-01"], [1], {"target": [1, 2]}, "1 dates but 2 targets"),
        (["2020-01-01"], [1], {"direction": "increase"}, "no direction 'increase'"),
        (["2020-01-01"], [1], {"direction": "range", "target": 5}, "the target is \\(low, high\\), not 5"),
        (["2020-01-01"], [1], {"direction": "range", "target": (6, 5)}, "the target is \\(low, high\\)"),
        (["2020-01-01"], [1], {"ruleset": "nhs"}, "no SPC ruleset 'nhs'; there are mdc and nhsr"),
        (["2020-01-01"], [1], {"rebase": ["soon"]}, "'soon' is not a date"),
    ],
)
def test_what_makes_no_sense_is_refused(dates: Any, actuals: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        assess(dates, actuals, **{"direction": "higher", **options})


@pytest.mark.parametrize(
    "options",
    [
        {"direction": ["higher"]},
        {"direction": "higher", "target": np.zeros(3)[None]},
        {"direction": "higher", "segment": np.zeros((2, 3), dtype=np.int64)},
        {"direction": "higher", "segment": np.array([[1, 0], [0, 0]])},
    ],
)
def test_misshapen_matrices_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="must"):
        assess_many(np.zeros((2, 2)), **options)
    with pytest.raises(UsageError, match="must be an array"):
        assess_many(np.zeros(2), direction="higher")


def test_a_ruleset_may_be_given_itself() -> None:
    assert mdc(NOISE, ruleset=MDC).words == mdc(NOISE).words
