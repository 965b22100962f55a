"""Checks that a KPI's figures can be meant: targets, tolerances, benchmark, material change and ranges, side by side.

A figure on another scale than the rest (0.80 beside a usual range of 60 to 95) is no fault of shape, and every colour
judged by it is wrong. What cannot be meant is an error and stops every command that judges; what is merely odd is a
warning. Where both of two readings can be meant, the author is asked to say which. The factors are in docs/method.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from xlperf.catalogue.fields import Amount, Model
from xlperf.catalogue.model import Catalogue, Direction, Kind, Kpi, Target
from xlperf.catalogue.rule_checks import Place
from xlperf.catalogue.scale import (
    HUNDRED,
    Range,
    Reading,
    Side,
    Stated,
    decimals,
    fits,
    is_nearer_zero,
    of_sum,
    printed_step,
    range_words,
    reading_of,
    stated_in,
    target_name,
    times_apart,
    times_outside,
    words,
)
from xlperf.digits import SIGNIFICANT_DIGITS
from xlperf.findings import Finding, finding

MET_BY_ALL = Decimal(5)
"""So many times beyond the usual range, where no usual figure would miss it, a target cannot be meant."""
MET_BY_NONE = Decimal(10)
"""The same where no usual figure would meet it: a demanding target is more often meant than an idle one."""
TOWARDS_ZERO = Decimal(100)
"""The same where it lies between the usual range and 0, as the aim of a list to be cleared does."""
MIXED = Decimal(100)
"""So many times apart, two targets of one KPI, or a target and the benchmark, are in different units."""
MIXED_SUM = Decimal(10)
"""The same of the target of a sum and what the KPI's own target would add up to."""
SMALLEST_RELATIVE = Decimal("0.5")
"""A relative amount below it, other than of money, is taken for a fraction: 0.05 or 0.25 for 5 % or 25 %."""
LARGEST_RELATIVE = Decimal(1000)
"""A relative tolerance of ten times the target."""


@dataclass(frozen=True, slots=True)
class _Problem:
    """What is wrong with one field of a KPI, in words, and the remedy."""

    path: tuple[object, ...]
    message: str
    fix: str
    code: str = "C014"


def _odd(path: tuple[object, ...], message: str, fix: str) -> _Problem:
    """A problem that is merely worth a look."""
    return _Problem(path, message, fix, "C010")


def _figures(catalogue: Catalogue, place: Place) -> Iterator[Finding]:
    for i, kpi in enumerate(catalogue.kpis):
        for each in _problems(kpi):
            yield finding(
                each.code, f"KPI {kpi.id}: {each.message}.", place(("kpis", i, *each.path)), fix=f"{each.fix}."
            )


@dataclass(frozen=True, slots=True)
class _Run:
    """Targets that follow one another: the KPI's own, or those of its sum over so many orgs."""

    path: tuple[object, ...]
    targets: tuple[Target, ...]
    orgs: int

    def placed(self, kpi: Kpi) -> Iterator[tuple[tuple[object, ...], Target]]:
        """Each target that can be compared with anything, and where it stands."""
        for j, target in enumerate(self.targets):
            if fits(kpi, target):
                yield (*self.path, j), target


def _problems(kpi: Kpi) -> Iterator[_Problem]:
    if _is_backwards(kpi.possible) or kpi.kind is Kind.MILESTONE:
        return  # the one is said already; the other has no figures
    beyond = list(_beyond_excel(kpi))
    yield from beyond
    if beyond:
        return
    ranges = list(_ranges(kpi))
    yield from ranges
    # A range that is wrong itself proves nothing of the other figures.
    is_sound = not _is_backwards(kpi.usual) and all(each.code == "C010" for each in ranges)
    usual = kpi.usual if is_sound else None
    own = _Run(("targets",), kpi.targets, 1)
    of_sums = _Run(("roll_up", "targets"), kpi.roll_up.targets, max(len(kpi.orgs), 1))
    levels = list(_levels(kpi, own, of_sums, usual))
    yield from levels
    wrong = {each.path[:-1] for each in levels if each.code != "C010"}
    for run in (own, of_sums):
        yield from _one_scale(kpi, run, usual)
        yield from _tolerances(kpi, run, usual)
        # Whether a tolerance leaves Red can only be said of a target that is right itself.
        yield from _without_red(kpi, run, wrong)
    yield from _sums(kpi, own, of_sums)
    yield from _material(kpi, own, usual)


def _is_backwards(range_: tuple[Decimal | None, Decimal | None] | None) -> bool:
    return range_ is not None and range_[0] is not None and range_[1] is not None and range_[0] > range_[1]


def _beyond_excel(kpi: Kpi) -> Iterator[_Problem]:
    """Figures of a size that Excel cannot tell from others: a slip of the exponent, as a rule."""
    parts: list[tuple[tuple[object, ...], Model | None]] = [
        (("benchmark",), kpi.benchmark),
        (("material",), kpi.material),
    ]
    for path, targets in ((("targets",), kpi.targets), (("roll_up", "targets"), kpi.roll_up.targets)):
        for j, target in enumerate(targets):
            parts += [((*path, j), target), ((*path, j, "tolerance"), target.tolerance)]
    figures = [((*path, name), figure) for path, part in parts if part for name, figure in part]
    figures += [((name,), end) for name in ("possible", "usual") for end in getattr(kpi, name) or ()]
    for where, figure in figures:
        if isinstance(figure, Decimal) and figure and not -SIGNIFICANT_DIGITS <= figure.adjusted() < SIGNIFICANT_DIGITS:
            yield _Problem(
                where,
                f"'{where[-1]}' is {figure:E}, and Excel keeps {SIGNIFICANT_DIGITS} digits",
                "Correct the figure, or give the KPI in a unit of another size",
            )


# ---- ranges --------------------------------------------------------------------------------------------------------


def _ranges(kpi: Kpi) -> Iterator[_Problem]:
    """What is wrong with 'possible' and 'usual' themselves."""
    low, high = kpi.possible_range
    if low is not None and low == high:
        yield _Problem(
            ("possible",),
            f"'possible' is {words(low)} to {words(low)}, so every other figure would be refused",
            "Give the lowest and the highest figure that there can be",
        )
    if kpi.kind is Kind.PERCENTAGE and kpi.possible is not None and high == 1:
        yield _Problem(
            ("possible",),
            "'possible' ends at 1, but a percentage runs from 0 to 100, not from 0 to 1, and 95 % is returned as 95",
            "Write 100 for 100 %, and the KPI's other figures likewise",
        )
    if kpi.usual is None or _is_backwards(kpi.usual):
        return
    outside = (low is not None and kpi.usual[1] < low) or (high is not None and kpi.usual[0] > high)
    if outside:
        yield _Problem(
            ("usual",),
            f"'usual' ({range_words(kpi.usual)}) is outside what is possible ({range_words((low, high))}), so every "
            "usual figure would be refused",
            "Correct whichever of the two is wrong",
        )
    elif (low is not None and kpi.usual[0] < low) or (high is not None and kpi.usual[1] > high):
        yield _odd(
            ("usual",),
            f"'usual' ({range_words(kpi.usual)}) reaches beyond what is possible ({range_words((low, high))})",
            "Check that it is meant",
        )
    yield from _usual_percentage(kpi, kpi.usual)


def _usual_percentage(kpi: Kpi, usual: Range) -> Iterator[_Problem]:
    """A usual range of a percentage that may be written as fractions: 0.6 to 0.95 for 60 to 95."""
    low, high = usual
    goals = [each.value for path, target in _placed_targets(kpi) for each in stated_in(kpi, target, path)]
    largest = max(abs(low), abs(high))
    if kpi.kind is not Kind.PERCENTAGE or not largest:
        return
    if largest <= 1:
        lowest, highest = kpi.possible_range
        is_too_high = highest is not None and high * HUNDRED > highest and highest != 1
        if is_too_high or (lowest is not None and low * HUNDRED < lowest):
            return  # so it cannot be 100 times as much
        possible = f"'possible: [{words(min(low * 7, Decimal(0)))}, {words(max(high * 7, Decimal(0)))}]'"
        ends = f"{words(low * HUNDRED)} to {words(high * HUNDRED)}"
        message = f"'usual' is {range_words(usual)}, so at most 1 %; a percentage runs from 0 to 100, not from 0 to 1"
        fix = (
            f"Write {ends} if that is meant, and the KPI's other figures likewise; if {range_words(usual)} % is, "
            f"say that more cannot be, as {possible}"
        )
        # Rates of what is rare are usual where less is better, and then begin at 0.
        rare = kpi.direction in (Direction.LOWER, Direction.NEUTRAL) and not any(abs(goal) > 1 for goal in goals)
        if not rare:
            yield _Problem(("usual",), message, fix)
        elif low > 0:
            yield _odd(("usual",), message, fix)
    elif 0 < low < 1 and high >= low * HUNDRED and goals and min(goals) >= low * HUNDRED:
        yield _odd(
            ("usual",),
            f"'usual' begins at {words(low)}, so at {words(low)} %, though it ends at {words(high)} and the target "
            f"is {words(min(goals))}",
            f"Write {words(low * HUNDRED)} if that is meant",
        )


def _placed_targets(kpi: Kpi) -> Iterator[tuple[tuple[object, ...], Target]]:
    return _Run(("targets",), kpi.targets, 1).placed(kpi)


# ---- targets and benchmark -----------------------------------------------------------------------------------------


def _levels(kpi: Kpi, own: _Run, of_sums: _Run, usual: Range | None) -> Iterator[_Problem]:
    """What is wrong with a target, an end of a wanted range or the benchmark, beside everything else."""
    runs = [[each for p, t in run.placed(kpi) for each in stated_in(kpi, t, p, run.orgs)] for run in (own, of_sums)]
    goals = runs[0]
    compared = [*goals]
    if kpi.benchmark is not None:
        benchmark = Stated("the benchmark", ("benchmark", "value"), kpi.benchmark.value, Side.NONE)
        compared.append(benchmark)
    for stated in (*compared, *runs[1]):
        low, high = _possible(kpi, stated.orgs)
        if (low is not None and stated.value < low) or (high is not None and stated.value > high):
            yield _Problem(
                stated.path,
                f"{stated.words}, {words(stated.value)}, is outside the possible range of the KPI, "
                f"{range_words((low, high))}" + (f" for the sum of {stated.orgs} orgs" if stated.orgs > 1 else ""),
                "Correct it, or 'possible' if there can be such a figure",
                "C005",
            )
            continue
        reading, beside = reading_of(kpi, stated, usual, [each for each in compared if each is not stated])
        if reading is not Reading.AS_IT_STANDS:
            yield _two_readings(kpi, stated, reading, beside, usual)
        elif usual is not None:
            yield from _beside_usual(stated, of_sum(usual, stated.orgs))
        elif stated.side is Side.NONE and kpi.kind is not Kind.PERCENTAGE:  # of which each has been read by itself
            yield from _beside_goals(kpi, stated, goals)


def _possible(kpi: Kpi, orgs: int) -> tuple[Decimal | None, Decimal | None]:
    """The lowest and highest that a figure, or a sum of up to so many, can be."""
    low, high = kpi.possible_range
    return (None if low is None else min(low, low * orgs)), (None if high is None else max(high, high * orgs))


def _two_readings(kpi: Kpi, stated: Stated, reading: Reading, beside: str, usual: Range | None) -> _Problem:
    value, hundredfold = words(stated.value), words(stated.value * HUNDRED)
    if reading is Reading.FRACTION:
        message = f"{stated.words} is {value}, so {value} %, which cannot be meant beside {beside}"
        which = f"make 'usual' hold {value} and not {hundredfold}"
    else:
        message = f"{stated.words}, {value}, can mean {value} % or {hundredfold} %, and nothing else in the KPI tells"
        if usual is not None:
            message += f": 'usual' ({range_words(usual)}) holds both"
            which = f"{'end' if stated.value > 0 else 'begin'} 'usual' nearer to 0 than {hundredfold}"
        else:
            which = f"say so, as {_rare(kpi, stated)}"
    fix = f"Write {hundredfold} if {hundredfold} % is meant; if {value} % is, {which}"
    # Nothing is judged by a benchmark, so one that may well be right stops nobody.
    is_certain = reading is Reading.FRACTION or stated.side is not Side.NONE
    return _Problem(stated.path, message, fix) if is_certain else _odd(stated.path, message, fix)


def _rare(kpi: Kpi, stated: Stated) -> str:
    """What to write in the KPI so that a percentage of at most 1 can only be meant as it stands."""
    ends = [stated.value, *([] if stated.other is None else [stated.other])]
    low, high = min(*ends, Decimal(0)), max(*ends, Decimal(0))
    if kpi.direction is Direction.LOWER:
        return f"'usual: [{words(low * 5)}, {words(high * 5)}]'"
    # A usual range of at most 1 would itself be taken for fractions.
    bottom, top = (min(low * 5, -Decimal(2)) if low else low), (max(high * 5, Decimal(2)) if high else high)
    if not bottom <= stated.value * HUNDRED <= top:
        return f"'usual: [{words(bottom)}, {words(top)}]'"
    return f"'possible: [{words(low * 7)}, {words(high * 7)}]'"


def _beside_usual(stated: Stated, usual: Range) -> Iterator[_Problem]:
    times = times_outside(stated.value, usual)
    if times == 1:
        return
    below = stated.value < usual[0]
    most, so = MET_BY_NONE, ""
    if stated.side is not Side.NONE:
        if below is (stated.side is Side.FLOOR):
            most, so = MET_BY_ALL, ", so no usual figure would miss it"
        else:
            most = TOWARDS_ZERO if is_nearer_zero(stated.value, usual) else MET_BY_NONE
            so = ", so no usual figure would meet it"
    of = f" of the sum, {range_words(usual)}" if stated.orgs > 1 else f" ({range_words(usual)})"
    message = (
        f"{stated.words}, {words(stated.value)}, is {'below' if below else 'above'} the usual range{of} by a factor of "
        f"about {times:.0f}{so}"
    )
    fix = "Correct whichever of the two is wrong or in another unit; if both are meant, widen 'usual' towards it"
    if times >= most:
        yield _Problem(stated.path, message, fix)
    elif times >= most / 2:
        yield _odd(stated.path, message, fix)


def _beside_goals(kpi: Kpi, stated: Stated, goals: Sequence[Stated]) -> Iterator[_Problem]:
    """The benchmark beside the targets, where no usual range is there to compare both with."""
    if not goals or any(stated.value * goal.value <= 0 for goal in goals):
        return
    near = min(goals, key=lambda goal: times_apart(stated.value, goal.value))
    times = times_apart(stated.value, near.value)
    if times >= MIXED:
        yield _Problem(
            stated.path,
            f"{stated.words}, {words(stated.value)}, and {near.words}, {words(near.value)}, differ by a factor "
            f"of about {times:.0f}",
            _same_unit(kpi, stated.value, near.value),
        )


def _one_scale(kpi: Kpi, run: _Run, usual: Range | None) -> Iterator[_Problem]:
    """Targets of different periods in different units. A usual range says better than they do what can be meant."""
    if usual is not None or kpi.kind is Kind.PERCENTAGE:
        return  # each percentage has been read by itself
    each_time = [stated_in(kpi, target, path, run.orgs) for path, target in run.placed(kpi)]
    for before, after in pairwise(each_time):
        for earlier, later in zip(before, after, strict=True):
            times = times_apart(earlier.value, later.value)
            if times >= MIXED:
                yield _Problem(
                    later.path,
                    f"{later.words}, {words(later.value)}, and {earlier.words}, {words(earlier.value)}, differ by a "
                    f"factor of about {times:.0f}",
                    _same_unit(kpi, later.value, earlier.value),
                )


def _sums(kpi: Kpi, own: _Run, of_sums: _Run) -> Iterator[_Problem]:
    """Targets of the sum over orgs that are of another size than the KPI's own could add up to."""
    goals = [each for path, target in own.placed(kpi) for each in stated_in(kpi, target, path)]
    for path, target in of_sums.placed(kpi):
        for stated in stated_in(kpi, target, path, of_sums.orgs):
            like = [goal.value for goal in goals if goal.side is stated.side]
            if not like:
                continue
            together = of_sum((min(like), max(like)), of_sums.orgs)
            times = times_outside(stated.value, together)
            if times >= MIXED_SUM:
                yield _Problem(
                    stated.path,
                    f"{stated.words}, {words(stated.value)}, is beyond what the KPI's own targets make for 1 to "
                    f"{of_sums.orgs} orgs, {range_words(together)}, by a factor of about {times:.0f}",
                    f"Give both in the KPI's unit{_unit(kpi)}",
                )


def _same_unit(kpi: Kpi, one: Decimal, other: Decimal) -> str:
    low, high = sorted((one, other))
    return (
        f"Give both in the KPI's unit{_unit(kpi)}; if both are meant, say what is usual, as "
        f"'usual: [{words(low)}, {words(high)}]'"
    )


def _unit(kpi: Kpi) -> str:
    return f" ({kpi.shown_unit})" if kpi.shown_unit else ""


# ---- tolerances and material change --------------------------------------------------------------------------------


def _tolerances(kpi: Kpi, run: _Run, usual: Range | None) -> Iterator[_Problem]:
    for path, target in run.placed(kpi):
        if target.low is not None and target.low == target.high:
            yield _single_point(kpi, target, _name(run, target), path)
        tolerance = target.tolerance
        if tolerance is None or _size_of(tolerance) <= 0:
            continue  # 0 is no Amber; less than 0 is said already
        of = f"the tolerance of {_name(run, target)}"
        goals = [end for end in (target.target, target.low, target.high) if end is not None]
        if tolerance.relative is not None:
            yield from _relative(kpi, target, tolerance.relative, of, path, goals)
        elif tolerance.absolute is not None:
            where = (*path, "tolerance", "absolute")
            yield from _narrow(kpi, tolerance.absolute, goals, of, where)
            usual_here = of_sum(usual, run.orgs) if usual else None
            yield from _wide(tolerance.absolute, goals, usual_here, of, where)


def _name(run: _Run, target: Target) -> str:
    return target_name(target, run.path)


def _size_of(amount: Amount) -> Decimal:
    return amount.absolute if amount.absolute is not None else amount.relative or Decimal(0)


def _single_point(kpi: Kpi, target: Target, name: str, path: tuple[object, ...]) -> _Problem:
    message = f"low and high of {name} are both {words(target.low or Decimal(0))}"
    if kpi.kind is Kind.COUNT or (target.tolerance and _size_of(target.tolerance) > 0):
        return _odd(path, f"{message}, so only that very figure is Green", "Check that it is meant")
    return _Problem(
        path,
        f"{message} and there is no tolerance, so every other figure is Red",
        "Make high larger than low, or give a tolerance",
        "C005",
    )


def _relative(
    kpi: Kpi, target: Target, relative: Decimal, of: str, path: tuple[object, ...], goals: Sequence[Decimal]
) -> Iterator[_Problem]:
    where = (*path, "tolerance", "relative")
    yield from _of_nothing(kpi, target, of, where)
    if relative >= LARGEST_RELATIVE:
        yield _Problem(
            where,
            f"{of} is relative: {words(relative)}, so {words(relative / HUNDRED)} times the target",
            "Write 5 for 5 % of the target",
        )
    elif relative > HUNDRED:
        yield _odd(
            where,
            f"{of} is relative: {words(relative)}, so more than the target itself",
            "Check that it is meant: 5 is 5 % of the target",
        )
    if relative >= SMALLEST_RELATIVE:
        return
    goal = max(goals, key=abs)
    beyond = target.amber_beyond(goal)
    if beyond == 0:
        return
    asked = _decimals_for(kpi, beyond, goals)
    # A quarter of a percent of a budget is a usual tolerance.
    report = _odd if kpi.kind is Kind.MONEY else _Problem
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


def _of_nothing(kpi: Kpi, target: Target, of: str, where: tuple[object, ...]) -> Iterator[_Problem]:
    """A relative tolerance of a target, or of an end of a wanted range, that is 0."""
    low, high = kpi.possible_range
    for name, end, possible in (("target", target.target, None), ("low", target.low, low), ("high", target.high, high)):
        if end == 0 and end != possible:
            of_end = "" if name == "target" else f", for its {name}"
            yield _Problem(
                where,
                f"{of} is relative, and a relative tolerance of a target of 0 is 0{of_end}; use an absolute one",
                "Give it in the KPI's unit, as 'absolute'",
                "C005",
            )


def _narrow(
    kpi: Kpi, amount: Decimal, goals: Sequence[Decimal], of: str, where: tuple[object, ...]
) -> Iterator[_Problem]:
    """An absolute tolerance narrower than what is printed: as a rule a fraction, 0.05 for 5 points."""
    step, hundredfold = printed_step(kpi, *goals), words(amount * HUNDRED)
    figures = " and ".join(words(goal) for goal in goals)
    if _is_fraction(kpi, amount, goals):
        unit = f"{words(amount)} percentage points of {figures}"
        meant = f"if {words(amount)} points are, show them, with 'decimals: {decimals(amount)}'"
        if decimals(amount) > _MOST_DECIMALS:
            meant = "if it is, leave the tolerance out, as it is too narrow to show"
        yield _Problem(
            where,
            f"{of} is absolute: {words(amount)}, so {unit}, less than is printed ({words(step)})",
            f"Write {hundredfold} if {hundredfold} points are meant; {meant}",
        )
    elif kpi.kind is Kind.PERCENTAGE and _is_sensible(amount * HUNDRED, goals) and amount < 2 * step:
        if decimals(amount) > max(map(decimals, goals)):
            yield _odd(
                where,
                f"{of} is absolute: {words(amount)}, so {words(amount)} percentage points of {figures}",
                f"Write {hundredfold} if {hundredfold} points are meant; if {words(amount)} are, write the target "
                "with as many decimals as the tolerance or print more, with 'decimals'",
            )
    elif kpi.kind is Kind.COUNT and amount < 1 and not any(map(decimals, goals)):
        yield _odd(
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


def _wide(
    amount: Decimal, goals: Sequence[Decimal], usual: Range | None, of: str, where: tuple[object, ...]
) -> Iterator[_Problem]:
    """An absolute tolerance far larger than the figures themselves."""
    largest = max(map(abs, usual or goals))
    times, what = (MET_BY_ALL, "the largest usual figure") if usual else (MIXED, "the target")
    if largest and amount >= largest * times:
        yield _Problem(
            where,
            f"{of} is absolute: {words(amount)}, about {amount / largest:.0f} times {what}, {words(largest)}",
            "Correct whichever of the two is wrong or in another unit",
        )


def _without_red(kpi: Kpi, run: _Run, wrong: Set[tuple[object, ...]]) -> Iterator[_Problem]:
    """Targets that nothing can miss, and tolerances so wide that nothing can be Red."""
    low, high = _possible(kpi, run.orgs)
    found: list[tuple[tuple[object, ...], Target, list[tuple[Decimal, Decimal]]]] = []
    placed = [(path, target) for path, target in run.placed(kpi) if path not in wrong]
    for path, target in placed:
        sides = _room(kpi, target, low, high)
        if sides and all(tolerance >= room for room, tolerance in sides):
            found.append((path, target, sides))
    idle = [path for path, _, sides in found if all(room <= 0 for room, _ in sides)]
    for path, target, sides in found:
        if path in idle:
            report = _Problem if len(idle) == len(placed) else _odd
            yield report(
                path,
                f"{_name(run, target)}, {_goal_words(target)}, is met by every figure that is possible "
                f"({range_words((low, high))})",
                "Correct the target, 'direction' or 'possible'; where there is no target, leave it out and say why in "
                "'no_target_because'",
            )
        else:
            yield _hides_red(target, _name(run, target), path, sides, (low, high))


def _room(kpi: Kpi, target: Target, low: Decimal | None, high: Decimal | None) -> list[tuple[Decimal, Decimal]]:
    """On each side where figures can be off target: how far they can be, and how far is Amber. Empty if without end."""
    floor = target.low if kpi.direction is Direction.RANGE else target.target
    ceiling = target.high if kpi.direction is Direction.RANGE else target.target
    sides = []
    if kpi.direction is not Direction.LOWER and floor is not None:
        if low is None:
            return []
        sides.append((floor - low, target.amber_beyond(floor)))
    if kpi.direction is not Direction.HIGHER and ceiling is not None:
        if high is None:
            return []
        sides.append((high - ceiling, target.amber_beyond(ceiling)))
    return sides


def _hides_red(
    target: Target,
    name: str,
    path: tuple[object, ...],
    sides: list[tuple[Decimal, Decimal]],
    possible: tuple[Decimal | None, Decimal | None],
) -> _Problem:
    open_sides = [(room, tolerance) for room, tolerance in sides if room > 0]
    room, tolerance = max(open_sides)
    low, high = possible
    is_relative = target.tolerance is not None and target.tolerance.relative is not None
    covers_half = low is not None and high is not None and tolerance >= (high - low) / 2
    is_certain = is_relative or covers_half or any(tolerance >= room * MET_BY_NONE for room, tolerance in open_sides)
    report = _Problem if is_certain else _odd
    return report(
        (*path, "tolerance"),
        f"the tolerance of {name}, {target.tolerance}, makes Red impossible: it reaches "
        f"{words(tolerance)} beyond {_goal_words(target)}, and no figure can be further off than {words(room)} "
        f"('possible' is {range_words(possible)})",
        f"Make it less than {words(room)}, in the KPI's unit" if is_certain else "Check that it is meant",
    )


def _goal_words(target: Target) -> str:
    if target.target is not None:
        return words(target.target)
    return range_words((target.low, target.high))


def _material(kpi: Kpi, own: _Run, usual: Range | None) -> Iterator[_Problem]:
    if kpi.material is None or _size_of(kpi.material) <= 0:
        return
    absolute, relative = kpi.material.absolute, kpi.material.relative
    if relative is not None and relative < SMALLEST_RELATIVE:
        yield _odd(
            ("material", "relative"),
            f"the material change is relative: {words(relative)}, so {words(relative)} % of the earlier figure",
            f"Write {words(relative * HUNDRED)} if {words(relative * HUNDRED)} % is meant",
        )
    if absolute is None:
        return
    where = ("material", "absolute")
    low, high = kpi.possible_range
    if low is not None and high is not None and absolute > high - low:
        yield _Problem(
            where,
            f"the material change is {words(absolute)}, more than any two possible figures "
            f"({range_words((low, high))}) can differ, so no change would count",
            "Give the smallest change that counts, in the KPI's unit" + _unit(kpi),
        )
        return
    goals = [each.value for path, target in own.placed(kpi) for each in stated_in(kpi, target, path)]
    if usual or goals:
        yield from _wide(absolute, goals, usual, "the material change", where)
    step = printed_step(kpi, *goals)
    if absolute < step and kpi.kind is Kind.PERCENTAGE:
        yield _odd(
            where,
            f"the material change is {words(absolute)} percentage points, less than is printed ({words(step)})",
            f"Write {words(absolute * HUNDRED)} if {words(absolute * HUNDRED)} points are meant",
        )


FIGURE_CHECKS = (_figures,)
