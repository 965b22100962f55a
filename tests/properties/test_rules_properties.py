"""What must hold for every figure, whatever it is."""

from __future__ import annotations

import random
from decimal import Decimal
from math import inf, nan
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.test_assess import alone, figures, with_kpi
from xlperf.catalogue import Catalogue, Direction, Target
from xlperf.period import Frequency, Period
from xlperf.rules.assess import assess
from xlperf.rules.disagreement import flag
from xlperf.rules.movement import difference
from xlperf.rules.process import Process, processes
from xlperf.rules.rag import NO_LIMITS, RAGS, Rag, RagLimits, actual_from_parts, limits, rate, rate_one, rounded
from xlperf.rules.shown import shown_all
from xlperf.rules.trend import TRENDS

ORDER = [Rag.GREEN, Rag.AMBER, Rag.RED]
numbers = st.decimals(-10_000, 10_000, places=3)
tolerances = st.one_of(
    st.none(),
    st.decimals(0, 500, places=3).map(lambda size: {"absolute": size}),
    st.decimals(0, 50, places=1).map(lambda size: {"relative": size}),
)


@st.composite
def targets(draw: st.DrawFn, direction: Direction) -> Target:
    ends = sorted((draw(numbers), draw(numbers)))
    given = {"low": ends[0], "high": ends[1]} if direction is Direction.RANGE else {"target": ends[0]}
    return Target.model_validate({"from": "2024-25", "tolerance": draw(tolerances), **given})


judged = st.sampled_from([Direction.HIGHER, Direction.LOWER, Direction.RANGE]).flatmap(
    lambda direction: st.tuples(st.just(direction), targets(direction))
)


@given(judged, st.floats(allow_nan=False))
def test_every_figure_gets_exactly_one_colour(case: tuple[Direction, Target], actual: float) -> None:
    assert rate_one(actual, limits(case[1], case[0])) in ORDER


@given(targets(Direction.HIGHER), numbers, numbers)
def test_a_better_figure_never_rates_worse(target: Target, one: Decimal, other: Decimal) -> None:
    within = limits(target, Direction.HIGHER)
    worse, better = sorted((float(one), float(other)))
    assert ORDER.index(rate_one(better, within)) <= ORDER.index(rate_one(worse, within))


@given(targets(Direction.HIGHER), numbers)
def test_turning_the_direction_round_mirrors_the_colour(target: Target, actual: Decimal) -> None:
    mirrored = target.model_copy(update={"target": -(target.target or Decimal(0))})
    up = rate_one(float(actual), limits(target, Direction.HIGHER))
    assert rate_one(float(-actual), limits(mirrored, Direction.LOWER)) is up


@given(targets(Direction.HIGHER), numbers)
def test_the_colour_is_that_of_exact_arithmetic(target: Target, actual: Decimal) -> None:
    goal = target.target or Decimal(0)
    size = Decimal(0)
    if target.tolerance is not None:
        size = target.tolerance.absolute or abs(goal) * (target.tolerance.relative or Decimal(0)) / 100
    expected = Rag.GREEN if actual >= goal else Rag.AMBER if actual >= goal - size else Rag.RED
    assert rate_one(float(actual), limits(target, Direction.HIGHER)) is expected


@given(
    st.one_of(st.just(nan), st.floats(-10, 10)),
    st.one_of(st.just(NO_LIMITS), st.builds(RagLimits, *[st.sampled_from((-inf, -3.0, 0.0, 2.5, inf))] * 4)),
)
def test_one_figure_has_the_colour_that_it_has_among_many(actual: float, within: RagLimits) -> None:
    ends = (within.green_from, within.green_to, within.amber_from, within.amber_to)
    (among_many,) = rate(*(np.array([number]) for number in (actual, *ends)))
    assert rate_one(actual, within) == among_many


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(0, 1000))
def test_parts_on_the_target_meet_it(numerator: int, denominator: int, tenths: int) -> None:
    exactly = 1000 * numerator >= tenths * denominator
    actual = actual_from_parts(float(numerator), float(denominator), 100)
    within = RagLimits(tenths / 10, float("inf"), tenths / 10, float("inf"))
    assert (rate_one(actual, within) is Rag.GREEN) is exactly


@given(st.floats(-1e9, 1e9), st.integers(0, 6))
def test_the_printed_figure_is_within_half_a_unit(actual: float, decimals: int) -> None:
    assert abs(rounded(actual, decimals) - Decimal(repr(actual))) <= Decimal(5).scaleb(-decimals - 1)


@given(st.sampled_from(list(Frequency)), st.integers(1950, 2150), st.integers(0, 11))
def test_a_period_is_what_it_prints(frequency: Frequency, year: int, step: int) -> None:
    month = Period.parse(f"{year}-{step + 1:02d}", Frequency.MONTHLY)
    period = Period.containing(month.first_day, frequency)
    assert Period.parse(str(period), frequency) == period
    assert period.first_day <= month.first_day <= period.last_day
    assert period.previous() < period < period.next()


# ---- whole series --------------------------------------------------------------------------------------------------

START = "2020-21-Q1"
small = st.decimals(-500, 500, places=2)
figure = st.one_of(small.map(float), small.map(float), st.none(), st.just("n/a"))
series = st.lists(figure, min_size=1, max_size=26).filter(lambda said: any(value is not None for value in said))
amounts = st.one_of(
    st.none(),
    st.decimals(0, 50, places=2).map(lambda size: {"absolute": size}),
    st.decimals(0, 20, places=1).map(lambda size: {"relative": size}),
)


@st.composite
def kpis(draw: st.DrawFn) -> dict[str, Any]:
    """Direction, targets (one or two) and the smallest change that counts."""
    direction = draw(st.sampled_from(list(Direction)))
    starts = draw(st.sampled_from([["2019-20"], ["2019-20", "2022-23"], ["2022-23-Q3"]]))
    targets = []
    for start in starts if direction is not Direction.NEUTRAL else []:
        ends = sorted((draw(small), draw(small)))
        given = {"low": ends[0], "high": ends[1]} if direction is Direction.RANGE else {"target": ends[0]}
        targets.append({"from": start, "tolerance": draw(amounts), **given})
    return {
        "kind": "number",
        "direction": str(direction),
        "targets": targets,
        "material": draw(amounts),
        "seasonal": True,
    }


def verdict(catalogue: Catalogue, frame: pd.DataFrame) -> Process:
    return processes(catalogue, frame).verdicts[("K1", "A")]


MIRROR = {"higher": "lower", "lower": "higher", "range": "range", "neutral": "neutral"}
TURNED = {"up": "down", "down": "up", "rising": "falling", "falling": "rising"}


def mirrored(kpi: dict[str, Any]) -> dict[str, Any]:
    """The KPI of which less is what more was: every figure with its sign turned."""
    targets = [
        {name: value for name, value in target.items() if name in ("from", "tolerance")}
        | ({"target": -target["target"]} if "target" in target else {"low": -target["high"], "high": -target["low"]})
        for target in kpi["targets"]
    ]
    return kpi | {"direction": MIRROR[kpi["direction"]], "targets": targets}


@given(kpis(), series)
def test_turning_everything_round_changes_no_verdict(kpi: dict[str, Any], said: list[Any]) -> None:
    turned = [-value if isinstance(value, float) else value for value in said]
    one, other = with_kpi(**kpi), with_kpi(**mirrored(kpi))
    frame, mirror = alone(one, START, *said), alone(other, START, *turned)
    pd.testing.assert_series_equal(frame["rag"], mirror["rag"])
    for name in ("movement", "last_year", "trend"):
        assert [TURNED.get(word, word) for word in frame[name]] == list(mirror[name])
    here, there = verdict(one, frame), verdict(other, mirror)
    if kpi["direction"] in (Direction.HIGHER, Direction.LOWER):
        assert (here.variation, here.trend, here.flag) == (there.variation, there.trend, there.flag)
    assert (here.assurance, here.points, here.reason) == (there.assurance, there.points, there.reason)


@given(kpis(), series)
def test_every_figure_gets_one_word_of_each_kind(kpi: dict[str, Any], said: list[Any]) -> None:
    catalogue = with_kpi(**kpi)
    frame = alone(catalogue, START, *said)
    assert set(frame["rag"]) <= set(RAGS)
    rated = frame["rag"].isin([str(Rag.GREEN), str(Rag.AMBER), str(Rag.RED)])
    assert (rated == (frame["actual"].notna() & frame["green_from"].notna())).all()
    neutral = kpi["direction"] == Direction.NEUTRAL
    assert set(frame["movement"]) <= ({"", "same", "up", "down"} if neutral else {"", "same", "better", "worse"})
    found = verdict(catalogue, frame)
    assert found.trend in TRENDS
    assert (found.variation is None) == bool(found.reason) or found.assurance is not None
    assert found.flag == flag(frame["rag"].iloc[-1], found.trend, found.assurance)


@given(kpis(), series, series, st.integers(0, 1000))
def test_the_order_of_the_rows_does_not_matter(
    kpi: dict[str, Any], said: list[Any], other: list[Any], seed: int
) -> None:
    catalogue = with_kpi(**kpi)
    rows = [
        row | {"period": str(catalogue.kpis[0].period(START).next(step))}
        for org, values in (("A", said), ("B", other))
        for step, value in enumerate(values)
        for row in ([] if value is None else figures("K1", org, START, value))
    ]
    shuffled = random.Random(seed).sample(rows, len(rows))  # noqa: S311
    frame, same = assess(catalogue, pd.DataFrame(rows)), assess(catalogue, pd.DataFrame(shuffled))
    pd.testing.assert_frame_equal(frame, same)
    assert processes(catalogue, frame).verdicts == processes(catalogue, same).verdicts


@given(kpis(), small, small, st.decimals(0, 300, places=2), st.decimals(0, 300, places=2))
def test_a_change_that_counts_still_counts_where_less_is_asked(
    kpi: dict[str, Any], before: Decimal, now: Decimal, one: Decimal, other: Decimal
) -> None:
    less, more = sorted((one, other))
    strict, loose = (
        alone(with_kpi(**kpi | {"material": {"absolute": size}}), START, float(before), float(now))["movement"][1]
        for size in (more, less)
    )
    assert strict in (loose, "same")


@given(small, small, st.decimals(0, 50, places=2))
def test_what_counts_as_a_change_is_exact_in_decimals(before: Decimal, now: Decimal, size: Decimal) -> None:
    catalogue = with_kpi(kind="number", targets=[], material={"absolute": size})
    moved = alone(catalogue, START, float(before), float(now))["movement"][1]
    is_same = now == before or abs(now - before) < size
    assert (moved == "same") is is_same


@given(st.decimals(-1000, 1000, places=2), st.decimals(-1000, 1000, places=2), st.integers(1, 200))
def test_relative_changes_are_exact_in_decimals(before: Decimal, now: Decimal, tenths: int) -> None:
    percent = Decimal(tenths) / 10
    catalogue = with_kpi(kind="number", targets=[], material={"relative": percent})
    moved = alone(catalogue, START, float(before), float(now))["movement"][1]
    is_same = now == before or abs(now - before) < abs(before) * percent / 100
    assert (moved == "same") is is_same


@given(st.decimals(-(10**6), 10**6, places=4), st.decimals(-(10**6), 10**6, places=4))
def test_a_difference_is_exact_in_decimals(one: Decimal, other: Decimal) -> None:
    assert difference(np.array([float(one)]), np.array([float(other)]))[0] == float(one - other)


@given(st.floats(-1e16, 1e16), st.integers(0, 6))
def test_many_figures_are_printed_as_one_is(actual: float, decimals: int) -> None:
    none = tuple(np.array([np.nan]) for _ in RagLimits.__slots__)
    assert shown_all(np.array([actual]), np.array([decimals]), none)[0] == f"{rounded(actual, decimals):,}"


@given(kpis(), small)
def test_what_is_printed_is_never_another_colour(kpi: dict[str, Any], actual: Decimal) -> None:
    frame = alone(with_kpi(**kpi, decimals=0), START, float(actual))
    within = RagLimits(*(float(frame[name][0]) for name in RagLimits.__slots__))
    read = float(frame["shown"][0].partition(", shown ")[0].replace(",", ""))
    assert not within.has_target or rate_one(read, within) == frame["rag"][0]
