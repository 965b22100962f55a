"""What the checks of a KPI's figures know of scale: how far a figure is outside a range, and what it can mean.

A percentage runs from 0 to 100 here, as in returns. A figure of at most 1 (or -1) has two readings: 0.8 can be 0.8 %,
or 80 % written as a fraction. What else the KPI says decides between them, and the nearer reading is the likely one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from xlperf.catalogue.kpi import Direction, Kind, Kpi
from xlperf.catalogue.targets import Target

HUNDRED = Decimal(100)
Range = tuple[Decimal, Decimal]


class Side(StrEnum):
    """On which side of a figure Green lies."""

    FLOOR = "floor"
    """Green from it on: a target that is to be reached, the low end of a range."""
    CEILING = "ceiling"
    """Green up to it: a target that is not to be exceeded, the high end of a range."""
    NONE = "none"
    """Nothing is judged by it: a benchmark."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure that the catalogue states of a KPI: a target, an end of a wanted range, or the benchmark.

    `path` is where it stands within the KPI; `other` is the other end of its range; a target of a sum is one of so
    many `orgs`.
    """

    words: str
    path: tuple[object, ...]
    value: Decimal
    side: Side
    other: Decimal | None = None
    orgs: int = 1


class Reading(StrEnum):
    """How a figure of a percentage can be meant that is as small as a fraction."""

    AS_IT_STANDS = "as it stands"
    FRACTION = "fraction"
    """0.8 for 80 %, as 0.8 % cannot be meant."""
    LIKELY_FRACTION = "likely fraction"
    """0.8 for 80 %, though 0.8 % may be meant."""
    EITHER = "either"


def fits(kpi: Kpi, target: Target) -> bool:
    """Whether a target has what the KPI's direction needs, so that it can be compared with anything."""
    if kpi.kind is Kind.MILESTONE or kpi.direction is Direction.NEUTRAL:
        return False
    if kpi.direction is Direction.RANGE:
        low, high = target.low, target.high
        return target.target is None and low is not None and high is not None and low <= high
    return target.target is not None and target.low is None and target.high is None


def stated_in(kpi: Kpi, target: Target, path: tuple[object, ...], orgs: int = 1) -> tuple[Stated, ...]:
    """The one or two figures of a target that `fits`."""
    name = target_name(target, path)
    if target.target is not None:
        side = Side.FLOOR if kpi.direction is Direction.HIGHER else Side.CEILING
        return (Stated(name, (*path, "target"), target.target, side, orgs=orgs),)
    if target.low is None or target.high is None:
        return ()
    return (
        Stated(f"low of {name}", (*path, "low"), target.low, Side.FLOOR, target.high, orgs),
        Stated(f"high of {name}", (*path, "high"), target.high, Side.CEILING, target.low, orgs),
    )


def benchmark_of(kpi: Kpi) -> Stated | None:
    """The benchmark, where there is one."""
    if kpi.benchmark is None:
        return None
    return Stated("the benchmark", ("benchmark", "value"), kpi.benchmark.value, Side.NONE)


def target_name(target: Target, path: tuple[object, ...]) -> str:
    """What a target is called in a message."""
    return f"the target {'of the sum ' if path[0] == 'roll_up' else ''}from {target.from_}"


def of_sum(range_: Range, orgs: int) -> Range:
    """The range of a sum of up to so many figures that each lie in `range_`."""
    return min(range_[0], range_[0] * orgs), max(range_[1], range_[1] * orgs)


def times_outside(value: Decimal, range_: Range) -> Decimal:
    """How many times too large, or too small, a figure is for a range; 1 inside it, and for 0, which has no scale."""
    low, high = range_
    if value == 0 or low <= value <= high:
        return Decimal(1)
    if is_nearer_zero(value, range_):
        return min(abs(low), abs(high)) / abs(value)
    largest = max(abs(low), abs(high))
    return max(abs(value) / largest, Decimal(1)) if largest else Decimal(1)


def is_nearer_zero(value: Decimal, range_: Range) -> bool:
    """Whether a figure lies between 0 and a range that does not hold 0."""
    low, high = range_
    return 0 < value < low or high < value < 0


def times_apart(one: Decimal, other: Decimal) -> Decimal:
    """How many times the larger of two figures is the smaller; 1 where one is 0, or they have different signs."""
    return times_outside(one, (other, other)) if one * other > 0 else Decimal(1)


def is_near_zero(goal: Decimal) -> bool:
    """Whether a target is no scale to measure anything by, as a surplus of 1 for breaking even."""
    return abs(goal) <= 1


def is_idle(side: Side, value: Decimal, usual: Range) -> bool:
    """Whether every usual figure keeps to an end, and not only just."""
    return (side is Side.FLOOR and value < usual[0]) or (side is Side.CEILING and value > usual[1])


def reading_of(kpi: Kpi, stated: Stated, usual: Range | None, others: Iterable[Stated]) -> tuple[Reading, str]:
    """How a stated figure can be meant, and beside what that shows; "" where nothing decides.

    Args:
        kpi: whose figure.
        stated: the figure.
        usual: the KPI's usual range, where it can be relied on.
        others: the other figures that the KPI states.
    """
    value, hundredfold = stated.value, stated.value * HUNDRED
    if kpi.kind is not Kind.PERCENTAGE or not 0 < abs(value) <= fraction_to(kpi):
        return Reading.AS_IT_STANDS, ""
    if _is_all_that_is_possible(kpi, stated.side, hundredfold):
        return Reading.AS_IT_STANDS, f"'possible' {range_words(kpi.possible_range)}"
    if stated.side is Side.FLOOR and stated.other is not None and fraction_to(kpi) < stated.other <= hundredfold:
        return Reading.AS_IT_STANDS, f"its high of {words(stated.other)}"
    if usual is not None:
        reading = _beside_usual(kpi, stated, usual)
        if reading is not Reading.EITHER:
            return reading, f"'usual' {range_words(usual)}"
    comparable = [other for other in others if other.value * value > 0 and abs(other.value) > fraction_to(kpi)]
    return _beside_others(kpi, stated, comparable) if comparable else (Reading.EITHER, "")


def _beside_usual(kpi: Kpi, stated: Stated, usual: Range) -> Reading:
    value, hundredfold = stated.value, stated.value * HUNDRED
    as_target = _as_target(kpi, stated)
    # 100 % beside what is usually 15 to 30 % would be met by every figure, if lower is better, so 1 % is likelier.
    if stated.other is None and (
        is_idle(as_target, hundredfold, usual) or (as_target is Side.CEILING and hundredfold == usual[1])
    ):
        return Reading.AS_IT_STANDS
    plain_fits, fraction_fits = usual[0] <= value <= usual[1], usual[0] <= hundredfold <= usual[1]
    plain, fraction = times_outside(value, usual), times_outside(hundredfold, usual)
    if (plain_fits and not fraction_fits) or plain < fraction:
        return Reading.AS_IT_STANDS
    if plain_fits or plain == fraction:
        return Reading.EITHER
    if kpi.direction is Direction.LOWER and stated.side is Side.NONE:
        return Reading.LIKELY_FRACTION
    # Both may be demanding where neither is usual; what every usual figure meets is not.
    is_demanding = stated.other is None and stated.side is not Side.NONE and not is_idle(stated.side, value, usual)
    return Reading.LIKELY_FRACTION if is_demanding and not fraction_fits else Reading.FRACTION


def _as_target(kpi: Kpi, stated: Stated) -> Side:
    """A benchmark is taken for a level that others keep to where lower is better."""
    return Side.CEILING if stated.side is Side.NONE and kpi.direction is Direction.LOWER else stated.side


FAR = Decimal(3)
"""From so many times the KPI's other figures on, the hundredfold of a figure is not the likely one."""


def _beside_others(kpi: Kpi, stated: Stated, comparable: list[Stated]) -> tuple[Reading, str]:
    value, hundredfold = stated.value, stated.value * HUNDRED
    near = min(comparable, key=lambda other: times_apart(value, other.value))
    near_hundredfold = min(comparable, key=lambda other: times_apart(hundredfold, other.value))
    if times_apart(value, near.value) < times_apart(hundredfold, near_hundredfold.value):
        return Reading.AS_IT_STANDS, f"{near.words}, {words(near.value)}"
    beside = f"{near_hundredfold.words}, {words(near_hundredfold.value)}"
    is_far = abs(hundredfold) >= FAR * max(abs(other.value) for other in comparable)
    if kpi.direction is (Direction.LOWER if value > 0 else Direction.HIGHER):
        # A list that is brought down: 12, then 0.5.
        return (Reading.AS_IT_STANDS if is_far else Reading.LIKELY_FRACTION), beside
    # What is new may grow: 0.8, then 12.
    is_first = not any(other.path[0] == stated.path[0] and other.path < stated.path for other in comparable)
    is_single = stated.other is None
    return (Reading.LIKELY_FRACTION if is_far and is_first and is_single else Reading.FRACTION), beside


def _is_all_that_is_possible(kpi: Kpi, side: Side, hundredfold: Decimal) -> bool:
    """Whether a figure is beyond what is possible, or an end that every possible figure would keep to."""
    low, high = kpi.possible_range
    if (high is not None and hundredfold > high) or (low is not None and hundredfold < low):
        return True
    return (side is Side.CEILING and hundredfold == high) or (side is Side.FLOOR and hundredfold == low)


def fraction_to(kpi: Kpi) -> Decimal:
    """Up to what a percentage may be a fraction: 1, or more where more than 100 % can be, as 1.05 for 105 %."""
    highest = kpi.possible_range[1]
    return Decimal(1) if highest is None else min(max(highest / HUNDRED, Decimal(1)), Decimal(2))


def doubtful_to(kpi: Kpi) -> Decimal:
    """Up to what a bare figure of a percentage, above 0, may be a fraction: 0.95 for 95 %.

    The same readings as those of the catalogue's own figures, of figures that nobody is asked about again: what is
    possible decides, then what is usual. Both readings are equally far from a range of 0.5 to 2 at 0.1, 0.1 and 10.
    """
    if kpi.kind is not Kind.PERCENTAGE:
        return Decimal(0)
    highest = kpi.possible_range[1]
    most = Decimal(1) if highest is None else min(Decimal(1), max(highest / HUNDRED, Decimal(0)))
    if kpi.usual is None:
        return most
    low, high = kpi.usual
    both_fit_to = max(high / HUNDRED, Decimal(0))
    return min(most, both_fit_to if low <= both_fit_to else (low * both_fit_to).sqrt())


def printed_step(kpi: Kpi, *figures: Decimal | None) -> Decimal:
    """The smallest difference that shows in print, with the KPI's decimals or more where its figures have more."""
    given = [decimals(figure) for figure in figures if figure is not None]
    return Decimal(1).scaleb(-max(kpi.shown_decimals, *given, 0))


def decimals(figure: Decimal) -> int:
    """How many decimals a figure is given with, zeros at its end left out."""
    return max(-int(figure.normalize().as_tuple().exponent), 0)


def words(figure: Decimal) -> str:
    """A figure as its author would write it."""
    return f"{figure.normalize() + 0:f}"


def range_words(range_: tuple[Decimal | None, Decimal | None]) -> str:
    """A range: `60 to 95`, `0 or more`."""
    low, high = range_
    if low is None or high is None:
        bound = low if low is not None else high
        return f"{words(bound)} or {'more' if low is not None else 'less'}" if bound is not None else "anything"
    return f"{words(low)} to {words(high)}"
