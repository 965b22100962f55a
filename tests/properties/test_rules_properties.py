"""What must hold for every figure, whatever it is."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from xlperf.catalogue import Direction, Target
from xlperf.period import Frequency, Period
from xlperf.rules.rag import Limits, Rag, actual_from_parts, limits, rate_one, rounded

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


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(0, 1000))
def test_parts_on_the_target_meet_it(numerator: int, denominator: int, tenths: int) -> None:
    exactly = 1000 * numerator >= tenths * denominator
    actual = actual_from_parts(float(numerator), float(denominator), 100)
    within = Limits(tenths / 10, float("inf"), tenths / 10, float("inf"))
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
