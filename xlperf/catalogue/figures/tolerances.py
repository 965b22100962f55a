"""Whether a tolerance can be meant beside its target: in percent or in the KPI's unit, and wide enough to show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from xlperf.catalogue.field_path import FieldPath
from xlperf.catalogue.figures.problem import SMALLEST_RELATIVE, Problem, TargetSeries, odd, size_of
from xlperf.catalogue.kpi import Kind, Kpi
from xlperf.catalogue.scale import HUNDRED, decimals, printed_step, words
from xlperf.catalogue.targets import Target

LARGEST_RELATIVE = Decimal(1000)
"""A relative tolerance of ten times the target."""


def tolerances(kpi: Kpi, series: TargetSeries) -> Iterator[Problem]:
    """What is wrong with each tolerance beside its own target."""
    for path, target in series.placed(kpi):
        if target.low is not None and target.low == target.high:
            yield _single_point(kpi, target, series.name(target), path)
        tolerance = target.tolerance
        if tolerance is None or size_of(tolerance) <= 0:
            continue  # 0 is no Amber; less than 0 is said already
        of = f"the tolerance of {series.name(target)}"
        if tolerance.relative is not None:
            yield from _relative(kpi, target, tolerance.relative, of, path)
        elif tolerance.absolute is not None:
            yield from _narrow(kpi, tolerance.absolute, _goals(target), of, (*path, "tolerance", "absolute"))


def _single_point(kpi: Kpi, target: Target, name: str, path: FieldPath) -> Problem:
    message = f"low and high of {name} are both {words(target.low or Decimal(0))}"
    if kpi.kind is Kind.COUNT or (target.tolerance and size_of(target.tolerance) > 0):
        return odd(path, f"{message}, so only that very figure is Green", "Check that it is meant")
    return Problem(
        path,
        f"{message} and there is no tolerance, so every other figure is Red",
        "Make high larger than low, or give a tolerance",
        "C005",
    )


def _goals(target: Target) -> list[Decimal]:
    return [end for end in (target.target, target.low, target.high) if end is not None]


def _relative(kpi: Kpi, target: Target, relative: Decimal, of: str, path: FieldPath) -> Iterator[Problem]:
    where = (*path, "tolerance", "relative")
    yield from _of_nothing(kpi, target, of, where)
    if relative >= LARGEST_RELATIVE:
        yield Problem(
            where,
            f"{of} is relative: {words(relative)}, so {words(relative / HUNDRED)} times the target",
            "Write 5 for 5 % of the target",
        )
    elif relative > HUNDRED:
        yield odd(
            where,
            f"{of} is relative: {words(relative)}, so more than the target itself",
            "Check that it is meant: 5 is 5 % of the target",
        )
    if relative >= SMALLEST_RELATIVE:
        return
    goals = _goals(target)
    goal = max(goals, key=abs)
    beyond = target.amber_beyond(goal)
    if beyond == 0:
        return
    asked = _decimals_for(kpi, beyond, goals)
    # A quarter of a percent of a budget is a usual tolerance.
    report = odd if kpi.kind is Kind.MONEY else Problem
    yield report(
        where,
        f"{of} is relative: {words(relative)}, so {words(relative)} % of {words(goal)}, which is {words(beyond)}",
        f"Write {words(relative * HUNDRED)} if {words(relative * HUNDRED)} % of the target is meant; if "
        f"{words(relative)} % is, give it in the KPI's unit, as 'absolute: {words(beyond)}'{asked}",
    )


def _decimals_for(kpi: Kpi, amount: Decimal, goals: Sequence[Decimal]) -> str:
    """What else to say so that an absolute tolerance of that size is taken as meant; "" where nothing need be."""
    if _is_fraction(kpi, amount, goals) and decimals(amount) <= _MOST_DECIMALS:
        return f", with 'decimals: {decimals(amount)}'"
    return ""


_MOST_DECIMALS = 6


def _of_nothing(kpi: Kpi, target: Target, of: str, where: FieldPath) -> Iterator[Problem]:
    """A relative tolerance of a target, or of an end of a wanted range, that is 0."""
    low, high = kpi.possible_range
    for name, end, possible in (("target", target.target, None), ("low", target.low, low), ("high", target.high, high)):
        if end == 0 and end != possible:
            of_end = "" if name == "target" else f", for its {name}"
            yield Problem(
                where,
                f"{of} is relative, and a relative tolerance of a target of 0 is 0{of_end}; use an absolute one",
                "Give it in the KPI's unit, as 'absolute'",
                "C005",
            )


def _narrow(kpi: Kpi, amount: Decimal, goals: Sequence[Decimal], of: str, where: FieldPath) -> Iterator[Problem]:
    """An absolute tolerance narrower than what is printed: as a rule a fraction, 0.05 for 5 points."""
    step, hundredfold = printed_step(kpi, *goals), words(amount * HUNDRED)
    figures = " and ".join(words(goal) for goal in goals)
    if _is_fraction(kpi, amount, goals):
        unit = f"{words(amount)} percentage points of {figures}"
        meant = f"if {words(amount)} points are, show them, with 'decimals: {decimals(amount)}'"
        if decimals(amount) > _MOST_DECIMALS:
            meant = "if it is, leave the tolerance out, as it is too narrow to show"
        yield Problem(
            where,
            f"{of} is absolute: {words(amount)}, so {unit}, less than is printed ({words(step)})",
            f"Write {hundredfold} if {hundredfold} points are meant; {meant}",
        )
    elif kpi.kind is Kind.PERCENTAGE and _is_sensible(amount * HUNDRED, goals) and amount < 2 * step:
        if decimals(amount) > max(map(decimals, goals)):
            yield odd(
                where,
                f"{of} is absolute: {words(amount)}, so {words(amount)} percentage points of {figures}",
                f"Write {hundredfold} if {hundredfold} points are meant; if {words(amount)} are, write the target "
                "with as many decimals as the tolerance or print more, with 'decimals'",
            )
    elif kpi.kind is Kind.COUNT and amount < 1 and not any(map(decimals, goals)):
        yield odd(
            where,
            f"{of} is absolute: {words(amount)}, and there is no whole number less than 1 away from {figures}",
            "Give a whole number, or 'relative'",
        )


def _is_fraction(kpi: Kpi, amount: Decimal, goals: Sequence[Decimal]) -> bool:
    """Whether an absolute tolerance of a percentage is too narrow to be printed, and its hundredfold a likely one."""
    is_narrow = kpi.kind is Kind.PERCENTAGE and amount < printed_step(kpi, *goals)
    return is_narrow and _is_sensible(amount * HUNDRED, goals)


def _is_sensible(tolerance: Decimal, goals: Iterable[Decimal]) -> bool:
    return tolerance < max(map(abs, goals)) / 2
