"""SPC: what must hold for every series, whatever its figures."""

from __future__ import annotations

from datetime import date, timedelta
from math import fsum
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.spc_by_hand import by_hand, mean_of
from xlperf.rules.spc import NOT_KNOWN, Spc, SpcResults, assess, assess_many
from xlperf.rules.spc.causes import TYPE_NAMES
from xlperf.rules.spc.exact_means import exact_mean, exact_sum
from xlperf.rules.spc.verdicts import POINT_NAMES

Figures = list[float | None]

RULESETS = st.sampled_from(["mdc", "nhsr"])
MIRROR = {"higher": "lower", "lower": "higher", "neutral": "neutral", "range": "range"}
BETTER = {"higher": 1, "lower": -1, "neutral": 0, "range": 0}
FLIP_VARIATION = {
    "special_cause_improvement": "special_cause_concern",
    "special_cause_concern": "special_cause_improvement",
}
FLIP_ASSURANCE = {"consistent_pass": "consistent_fail", "consistent_fail": "consistent_pass"}
UPSIDE_DOWN = {
    "special_cause_neutral_high": "special_cause_neutral_low",
    "special_cause_neutral_low": "special_cause_neutral_high",
}

whole = st.integers(-8, 8).map(float)
tenths = st.integers(-200, 200).map(lambda number: number / 10)
figures = st.one_of(*(st.lists(kind, min_size=1, max_size=40) for kind in (whole, tenths)))
gappy = st.one_of(
    *(st.lists(st.one_of(kind, kind, kind, kind, st.none()), min_size=1, max_size=40) for kind in (whole, tenths))
)


@st.composite
def walks(draw: st.DrawFn) -> list[float]:
    """Figures that run: trends, shifts and points near the limits are common in them."""
    level, walk = 0.0, []
    for drift in draw(st.lists(st.sampled_from([-3, -1, -1, 0, 1, 1, 3]), min_size=2, max_size=6)):
        for step in draw(st.lists(st.integers(0, 2), min_size=1, max_size=9)):
            level += drift * step
            walk.append(level)
        level = draw(st.sampled_from([level, 0.0]))
    return walk


series = st.one_of(figures, gappy, walks())


def days(count: int) -> list[date]:
    return [date(2020, 1, 1) + timedelta(days=7 * week) for week in range(count)]


def judge(actuals: Any, **options: Any) -> Spc:
    return assess(days(len(actuals)), actuals, **{"direction": "higher", **options})


# ---- the arithmetic ------------------------------------------------------------------------------------------------

any_size = st.floats(-1e99, 1e99)
decimals = st.decimals(-1000, 1000, places=2).map(float)


@given(st.lists(st.lists(st.one_of(any_size, decimals), min_size=6, max_size=6), min_size=1, max_size=60))
def test_a_sum_is_that_of_fsum(rows: list[list[float]]) -> None:
    terms = np.array(rows)
    assert list(exact_sum(terms)) == [fsum(column) for column in terms.T]


@given(st.lists(st.one_of(st.lists(any_size, min_size=24, max_size=24), st.lists(decimals, min_size=24, max_size=24))))
def test_a_mean_is_that_of_two_passes_of_fsum(columns: list[list[float]]) -> None:
    values = np.array(columns).reshape(-1, 24).T
    counted = values != 0
    expected = [mean_of([value for value in column if value != 0]) for column in columns]
    np.testing.assert_array_equal(exact_mean(values, counted), expected)


@given(decimals, st.integers(1, 60))
def test_a_constant_is_its_own_mean(value: float, count: int) -> None:
    assert exact_mean(np.full((count, 1), value), np.ones((count, 1), dtype=bool))[0] == value


# ---- against the rules by hand -------------------------------------------------------------------------------------


def agrees(found: Spc, rows: slice, actuals: Figures, **options: Any) -> None:
    """A segment is as it is by hand; of a refused one there is only the mean."""
    expected = by_hand(actuals[rows], **options)
    np.testing.assert_array_equal(found.mean[rows], expected.mean)
    if found.point_type[rows][0] is None:
        return
    np.testing.assert_array_equal(found.lpl[rows], expected.lpl)
    np.testing.assert_array_equal(found.upl[rows], expected.upl)
    assert list(found.special_cause_type[rows]) == expected.types
    up = "improvement" if options["better"] > 0 else "concern" if options["better"] < 0 else "neutral_high"
    down = "concern" if options["better"] > 0 else "improvement" if options["better"] < 0 else "neutral_low"
    names = {0: "common_cause", 1: f"special_cause_{up}", -1: f"special_cause_{down}"}
    assert list(found.point_type[rows]) == [names[sign] for sign in expected.signs]


@given(series, st.sampled_from(list(BETTER)), RULESETS, st.booleans(), st.sampled_from([None, 12, 15]), st.data())
def test_every_point_is_as_it_is_by_hand(
    actuals: Figures, direction: str, ruleset: str, screen: bool, fix: int | None, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(actuals)))
    options: dict[str, Any] = {"direction": direction, "ruleset": ruleset, "screen_outliers": screen}
    rebase = [days(len(actuals))[cut]] if 0 < cut < len(actuals) else []
    found = judge(actuals, rebase=rebase, fix_after_n_points=fix, **options)
    for rows in (slice(0, cut), slice(cut, None)) if rebase else (slice(None),):
        agrees(found, rows, actuals, mdc=ruleset == "mdc", better=BETTER[direction], screen=screen, fix=fix)


# ---- shifting, scaling, turning round ------------------------------------------------------------------------------


@given(figures, st.sampled_from([-3.7, -1.0, 0.001, 0.5, 2.0, 365.0]), st.floats(-1e4, 1e4), RULESETS)
def test_limits_shift_and_scale_with_the_figures(
    actuals: list[float], scale: float, shift: float, ruleset: str
) -> None:
    base = np.array(actuals)
    before, after = judge(base, ruleset="nhsr"), judge(base * scale + shift, ruleset="nhsr")
    size = max(np.abs(base).max(), np.abs(after.actuals).max(), 1.0)
    if not np.isfinite([before.lpl[0], after.lpl[0]]).all() or _screens_at_the_edge(base):
        return
    low, high = (before.lpl, before.upl) if scale > 0 else (before.upl, before.lpl)
    for expected, found in ((before.mean, after.mean), (low, after.lpl), (high, after.upl)):
        np.testing.assert_allclose(found, expected * scale + shift, rtol=0, atol=1e-9 * size)


def _screens_at_the_edge(actuals: np.ndarray) -> bool:
    """Whether rounding could move a moving range across the edge at which it is an outlier."""
    ranges = np.abs(np.diff(actuals))
    return bool((np.abs(ranges - 3.267 * ranges.mean()) <= 1e-6).any())


@given(series, st.sampled_from([0.125, 0.5, 2.0, 1024.0]), RULESETS, tenths)
def test_verdicts_do_not_depend_on_the_unit(actuals: Figures, scale: float, ruleset: str, target: float) -> None:
    scaled = [None if figure is None else figure * scale for figure in actuals]
    before = judge(actuals, ruleset=ruleset, target=target)
    after = judge(scaled, ruleset=ruleset, target=target * scale)
    assert list(before.special_cause_type) == list(after.special_cause_type)
    assert before.words == after.words
    np.testing.assert_array_equal(before.upl * scale, after.upl)


@given(series, st.sampled_from(["higher", "lower"]), RULESETS, tenths)
def test_turning_the_direction_round_mirrors_the_verdicts(
    actuals: Figures, direction: str, ruleset: str, target: float
) -> None:
    one = judge(actuals, direction=direction, ruleset=ruleset, target=target)
    other = judge(actuals, direction=MIRROR[direction], ruleset=ruleset, target=target)
    for here, there in zip(one.point_type, other.point_type, strict=True):
        # where both fire, mdc shows improvement whichever way is better
        both = ruleset == "mdc" and here == there == "special_cause_improvement"
        assert both or FLIP_VARIATION.get(here, here) == there
    # a constant on its target meets it whichever way is better
    on_target = ruleset == "mdc" and "every figure is the same" in one.reason and target in actuals
    assert on_target or FLIP_ASSURANCE.get(str(one.assurance), one.assurance) == other.assurance


@given(series, st.sampled_from(list(BETTER)), RULESETS, tenths, tenths)
def test_figures_upside_down_with_the_direction_turned_round_are_the_same(
    actuals: Figures, direction: str, ruleset: str, low: float, high: float
) -> None:
    low, high = min(low, high), max(low, high)
    down = [None if figure is None else -figure for figure in actuals]
    is_range = direction == "range"
    one = judge(actuals, direction=direction, ruleset=ruleset, target=(low, high) if is_range else low)
    other = judge(down, direction=MIRROR[direction], ruleset=ruleset, target=(-high, -low) if is_range else -low)
    assert [UPSIDE_DOWN.get(here, here) for here in one.point_type] == list(other.point_type)
    assert (one.assurance, one.reason) == (other.assurance, other.reason)


@given(series, RULESETS, st.one_of(st.none(), tenths))
def test_there_is_a_verdict_or_a_reason_and_always_a_sentence(
    actuals: Figures, ruleset: str, target: float | None
) -> None:
    found = judge(actuals, ruleset=ruleset, target=target)
    assert found.words.endswith(".")
    assert found.words.count(".") == 1
    assert (found.variation is None) <= bool(found.reason)
    assert (found.assurance is None) == (target is None or found.reason not in {"", *_ASSURED_ALL_THE_SAME})
    assert found.variation in {found.point_type[-1], None}


_ASSURED_ALL_THE_SAME = {
    "the last period has no figure",
    "a gap in the last 7 periods hides whether there is a run",
    "no variation: every figure is the same",
}


# ---- many at once --------------------------------------------------------------------------------------------------


def row_of(many: SpcResults, row: int, length: int) -> dict[str, Any]:
    """A row of many, named as in `Spc`."""
    codes = {name: getattr(many, name)[row, :length] for name in ("side", "outside", "close")}
    return {
        **{name: getattr(many, name)[row, :length] for name in ("mean", "lpl", "upl")},
        **{name: np.where(of == NOT_KNOWN, np.nan, of) for name, of in codes.items()},
        "cause": [TYPE_NAMES[cause].format(n=7) for cause in many.cause[row, :length]],
        "point": [POINT_NAMES[point] for point in many.point[row, :length]],
        "said": [getattr(many, name)[row] for name in ("variation", "assurance", "reason", "words", "trial")],
    }


def as_row(one: Spc) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in ("mean", "lpl", "upl")},
        "side": one.relative_to_mean,
        "outside": one.outside_limits,
        "close": one.close_to_limits,
        "cause": [cause or "Common Cause" for cause in one.special_cause_type],
        "point": list(one.point_type),
        "said": [one.variation, one.assurance, one.reason, one.words, one.trial_limits],
    }


@given(st.lists(st.tuples(series, st.sampled_from(list(BETTER)), tenths, st.integers(0, 40)), max_size=6), RULESETS)
def test_many_at_once_are_each_as_alone(cases: list[tuple[Figures, str, float, int]], ruleset: str) -> None:
    width = max((len(actuals) for actuals, *_ in cases), default=0) + 2
    matrix, segment = np.full((len(cases), width), 7.0), np.zeros((len(cases), width), dtype=np.int64)
    for row, (actuals, _, _, cut) in enumerate(cases):
        matrix[row, : len(actuals)] = [np.nan if figure is None else figure for figure in actuals]
        segment[row, cut:] = cut > 0
    targets = np.array([target for _, _, target, _ in cases])
    many = assess_many(
        matrix,
        direction=[direction for _, direction, _, _ in cases],
        target=targets,
        target_high=targets + 1,
        segment=segment,
        lengths=np.array([len(actuals) for actuals, *_ in cases], dtype=np.int64),
        ruleset=ruleset,
    )
    for row, (actuals, direction, target, cut) in enumerate(cases):
        goal = (target, target + 1) if direction == "range" else target
        rebase = [days(width)[cut]] if 0 < cut < len(actuals) else []
        alone = as_row(judge(actuals, direction=direction, target=goal, ruleset=ruleset, rebase=rebase))
        for name, of in row_of(many, row, len(actuals)).items():
            np.testing.assert_array_equal(of, alone[name], err_msg=name)


@pytest.mark.parametrize("ruleset", ["mdc", "nhsr"])
def test_the_last_of_many_blocks_is_judged_as_it_would_be_alone(ruleset: str) -> None:
    matrix = np.round(np.random.default_rng(1).normal(90, 5, (35_000, 24)), 2)
    many = assess_many(matrix, direction="higher", target=95.0, ruleset=ruleset)
    last = assess(days(24), matrix[-1], direction="higher", target=95.0, ruleset=ruleset)
    assert (many.words[-1], many.upl[-1, -1]) == (last.words, last.upl[-1])
