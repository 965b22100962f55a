"""Whether a target, an end of a wanted range or the benchmark can be meant, beside what is possible and usual."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from xlperf.catalogue.figures.problem import (
    MET_BY_ALL,
    KpiTargets,
    Problem,
    odd,
    possible_of,
    usual_holding,
    usual_words,
)
from xlperf.catalogue.kpi import Direction, Kind, Kpi
from xlperf.catalogue.scale import (
    HUNDRED,
    Range,
    Reading,
    Side,
    Stated,
    benchmark_of,
    fraction_to,
    is_idle,
    is_nearer_zero,
    of_sum,
    range_words,
    reading_of,
    times_outside,
    words,
)

MET_BY_NONE = Decimal(10)
"""As MET_BY_ALL where no usual figure would meet it: a demanding target is more often meant than an idle one."""
TOWARDS_ZERO = Decimal(15)
"""More times than that between the usual range and 0, where the aim of a list to be cleared lies, is a warning."""
NEARLY = Decimal("0.9")


def levels(kpi: Kpi, goals: KpiTargets, usual: Range | None, is_reported: bool) -> Iterator[Problem]:
    """What is wrong with a target, an end of a wanted range or the benchmark, beside everything else.

    Args:
        kpi: whose figures.
        goals: its targets.
        usual: its usual range, where it can be relied on.
        is_reported: whether another finding already says that the KPI's figures may be fractions.
    """
    benchmark = benchmark_of(kpi)
    compared = [*goals.own.stated(kpi), *([benchmark] if benchmark else [])]
    for stated in (*compared, *goals.of_sums.stated(kpi)):
        low, high = possible_of(kpi, stated.orgs)
        if (low is not None and stated.value < low) or (high is not None and stated.value > high):
            yield Problem(
                stated.path,
                f"{stated.words}, {words(stated.value)}, is outside the possible range of the KPI, "
                f"{range_words((low, high))}" + (f" for the sum of {stated.orgs} orgs" if stated.orgs > 1 else ""),
                "Correct it, or 'possible' if there can be such a figure",
                "C005",
            )
            continue
        if is_reported and abs(stated.value) <= fraction_to(kpi):
            continue
        others = [each for each in compared if each is not stated]
        likely = reading_of(kpi, stated, usual, others)
        if likely[0] is not Reading.AS_IT_STANDS:
            yield _two_readings(kpi, stated, likely, usual, others)
        elif usual is not None:
            yield from _beside_usual(kpi, stated, usual)


# ---- percentages of at most 1 --------------------------------------------------------------------------------------


def _two_readings(
    kpi: Kpi, stated: Stated, likely: tuple[Reading, str], usual: Range | None, others: Sequence[Stated]
) -> Problem:
    reading, beside = likely
    value, hundredfold = words(stated.value), words(stated.value * HUNDRED)
    write = f"Write {hundredfold} if {hundredfold} % is meant; if {value} % is, "
    if reading is Reading.FRACTION:
        message = f"{stated.words} is {value}, so {value} %, which cannot be meant beside {beside}"
        settled = _settled(kpi, stated, usual)
        # Far from the other targets no range would do for all.
        if any(abs(each.value) >= abs(stated.value) * HUNDRED * MET_BY_ALL / 2 for each in others):
            settled = ""
        which = f"give the usual range, as {settled}" if settled else "correct the others"
        return Problem(stated.path, message, write + which)
    if reading is Reading.LIKELY_FRACTION:
        message = f"{stated.words} is {value}, so {value} %, and {hundredfold} % would be nearer to {beside}"
        return odd(stated.path, message, f"{write}leave it as it is")
    message = f"{stated.words}, {value}, can mean {value} % or {hundredfold} %, and nothing else in the KPI tells"
    if usual is not None:
        message += f": 'usual' ({range_words(usual)}) holds both"
        settled = _settled(kpi, stated, usual)
        end = "end" if stated.value > 0 else "begin"
        which = f"{end} 'usual' nearer to 0 than {hundredfold}, as {settled}" if settled else "leave it as it is"
        return odd(stated.path, message, write + which)
    # Nothing is judged by a benchmark; a rare event is often a target; a change is often small.
    lowest = kpi.possible_range[0]
    is_for_more = kpi.direction in (Direction.HIGHER, Direction.RANGE) and lowest is not None and lowest >= 0
    report = Problem if is_for_more and stated.side is not Side.NONE and kpi.usual is None else odd
    small = [each.value for each in (stated, *others) if abs(each.value) <= fraction_to(kpi)]
    return report(stated.path, message, f"{write}say so, as {_rare(kpi, stated, small)}")


def _settled(kpi: Kpi, stated: Stated, usual: Range | None) -> str:
    """A usual range that holds a percentage of at most 1 and not its hundredfold; "" where there is none to write."""
    end = stated.value * HUNDRED * NEARLY
    # A usual range of at most 1 would itself be taken for fractions.
    if abs(end) <= 1:
        return ""
    low, high = usual or (end, end)
    if stated.value > 0:
        return usual_words((min(low, Decimal(0)), min(high, end) if high >= 1 else end))
    return usual_words((max(low, end) if low <= -1 else end, max(high, Decimal(0))))


def _rare(kpi: Kpi, stated: Stated, small: Sequence[Decimal]) -> str:
    """What to write in the KPI so that a percentage of at most 1 can only be meant as it stands."""
    ends = [*small, *([] if stated.other is None else [stated.other])]
    low, high = min(*ends, Decimal(0)), max(*ends, Decimal(0))
    if kpi.direction is Direction.LOWER:
        return usual_words((low * 5, high * 5))
    # A usual range of at most 1 would itself be taken for fractions.
    bottom, top = (min(low * 5, -Decimal(2)) if low else low), (max(high * 5, Decimal(2)) if high else high)
    if not bottom <= stated.value * HUNDRED <= top:
        return usual_words((bottom, top))
    # Short of the hundredfold, which has to be impossible then.
    end = stated.value * HUNDRED * NEARLY
    low, high = (low * 7, min(high * 7, end)) if end > 0 else (max(low * 7, end), high * 7)
    return f"'possible: [{words(low)}, {words(high)}]'"


# ---- beside the usual range ----------------------------------------------------------------------------------------


def _beside_usual(kpi: Kpi, stated: Stated, of_one: Range) -> Iterator[Problem]:
    usual = of_sum(of_one, stated.orgs)
    if stated.value * (usual[0] or usual[1]) < 0 and usual[0] * usual[1] >= 0:
        yield from _of_other_sign(kpi, stated, usual, of_one)
        return
    times = times_outside(stated.value, usual)
    if times == 1:
        return
    so = _so(stated, usual)
    of = f" of the sum, {range_words(usual)}," if stated.orgs > 1 else f" ({range_words(usual)})"
    message = (
        f"{stated.words}, {words(stated.value)}, is {'below' if stated.value < usual[0] else 'above'} the usual range"
        f"{of} by a factor of about {times:.0f}{so}"
    )
    most, is_certain = MET_BY_NONE, stated.side is not Side.NONE  # nothing is judged by a benchmark
    if is_idle(stated.side, stated.value, usual):
        most = MET_BY_ALL
        # One end of a wanted range may be open in all but name, if the other end can be missed.
        other_side = Side.CEILING if stated.side is Side.FLOOR else Side.FLOOR
        is_certain = stated.other is None or is_idle(other_side, stated.other, usual)
    elif is_nearer_zero(stated.value, usual) and (stated.side is not Side.NONE or kpi.direction is Direction.LOWER):
        if times > TOWARDS_ZERO:
            yield odd(stated.path, message, _remedy(kpi, stated, of_one))
        return
    if times >= most and is_certain:
        yield Problem(stated.path, message, _remedy(kpi, stated, of_one))
    elif times >= most / 2:
        yield odd(stated.path, message, _remedy(kpi, stated, of_one))


def _of_other_sign(kpi: Kpi, stated: Stated, usual: Range, of_one: Range) -> Iterator[Problem]:
    """A figure below 0 where all that is usual is above it, or the reverse: a slip, or a deficit to be overcome."""
    within = min(map(abs, usual)) <= abs(stated.value) <= max(map(abs, usual))
    idle = stated.other is None and is_idle(stated.side, stated.value, usual)
    touches_zero = 0 in usual
    message = (
        f"{stated.words}, {words(stated.value)}, is {'below' if stated.value < 0 else 'above'} 0, and the usual range"
        f"{' of the sum,' if stated.orgs > 1 else ''} ({range_words(usual)}) is not{_so(stated, usual)}"
    )
    fix = _remedy(kpi, stated, of_one, "Correct whichever of the two has the wrong sign")
    # Money that was lost, or overspent, may be wanted back.
    reverses = kpi.kind is Kind.MONEY or stated.value > 0
    is_judged = stated.side is not Side.NONE and stated.other is None
    if is_judged and not touches_zero and (idle or (within and not reverses)):
        yield Problem(stated.path, message, fix)
    elif idle or (within and -stated.value != stated.other):
        yield odd(stated.path, message, fix)


def _so(stated: Stated, usual: Range) -> str:
    if stated.side is Side.NONE:
        return ""
    return f", so no usual figure would {'miss' if is_idle(stated.side, stated.value, usual) else 'meet'} it"


def _remedy(
    kpi: Kpi, stated: Stated, usual: Range, correct: str = "Correct whichever of the two is wrong or in another unit"
) -> str:
    if kpi.kind is Kind.PERCENTAGE and abs(stated.value) <= fraction_to(kpi):
        settled = _settled(kpi, stated, usual)
    else:
        settled = usual_holding([(stated.value, stated.orgs)], usual)
    return f"{correct}; " + (f"if both are meant, widen 'usual', as {settled}" if settled else "if not, leave them")
