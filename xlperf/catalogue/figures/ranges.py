"""Whether `possible` and `usual` can be meant, and whether Excel can keep the figures at all."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xlperf.catalogue.field_path import FieldPath
from xlperf.catalogue.fields import Model
from xlperf.catalogue.figures.problem import Problem, is_backwards, odd, own_targets
from xlperf.catalogue.kpi import Direction, Kind, Kpi
from xlperf.catalogue.scale import HUNDRED, Range, range_words, words
from xlperf.digits import SIGNIFICANT_DIGITS


def beyond_excel(kpi: Kpi) -> Iterator[Problem]:
    """Figures of a size that Excel cannot tell from others: a slip of the exponent, as a rule."""
    parts: list[tuple[FieldPath, Model | None]] = [(("benchmark",), kpi.benchmark), (("material",), kpi.material)]
    for path, targets in ((("targets",), kpi.targets), (("roll_up", "targets"), kpi.roll_up.targets)):
        for j, target in enumerate(targets):
            parts += [((*path, j), target), ((*path, j, "tolerance"), target.tolerance)]
    figures = [((*path, name), figure) for path, part in parts if part for name, figure in part]
    figures += [((name,), end) for name in ("possible", "usual") for end in getattr(kpi, name) or ()]
    for where, figure in figures:
        if isinstance(figure, Decimal) and figure and not -SIGNIFICANT_DIGITS <= figure.adjusted() < SIGNIFICANT_DIGITS:
            yield Problem(
                where,
                f"'{where[-1]}' is {figure:E}, and Excel keeps {SIGNIFICANT_DIGITS} digits",
                "Correct the figure, or give the KPI in a unit of another size",
            )


def possible_in_fractions(kpi: Kpi) -> Iterator[Problem]:
    """What is possible for a percentage, written as from 0 to 1; the KPI's other figures are then fractions too."""
    if kpi.kind is Kind.PERCENTAGE and kpi.possible is not None and kpi.possible[1] == 1:
        yield Problem(
            ("possible",),
            "'possible' ends at 1, but a percentage runs from 0 to 100, not from 0 to 1, and 95 % is returned as 95",
            "Write 100 for 100 %, and the KPI's other figures likewise",
        )


def is_in_fractions(kpi: Kpi) -> bool:
    """Whether the usual range of a percentage has no figure above 1, as where it is written from 0 to 1."""
    return kpi.kind is Kind.PERCENTAGE and kpi.usual is not None and 0 < max(map(abs, kpi.usual)) <= 1


def ranges(kpi: Kpi) -> Iterator[Problem]:
    """What is wrong with 'possible' and 'usual' themselves."""
    low, high = kpi.possible_range
    if low is not None and low == high:
        yield Problem(
            ("possible",),
            f"'possible' is {words(low)} to {words(low)}, so every other figure would be refused",
            "Give the lowest and the highest figure that there can be",
        )
    if kpi.usual is None or is_backwards(kpi.usual):
        return
    outside = (low is not None and kpi.usual[1] < low) or (high is not None and kpi.usual[0] > high)
    if outside:
        yield Problem(
            ("usual",),
            f"'usual' ({range_words(kpi.usual)}) is outside what is possible ({range_words((low, high))}), so every "
            "usual figure would be refused",
            "Correct whichever of the two is wrong",
        )
    elif (low is not None and kpi.usual[0] < low) or (high is not None and kpi.usual[1] > high):
        yield odd(
            ("usual",),
            f"'usual' ({range_words(kpi.usual)}) reaches beyond what is possible ({range_words((low, high))})",
            "Check that it is meant",
        )
    yield from _usual_percentage(kpi, kpi.usual)


def _usual_percentage(kpi: Kpi, usual: Range) -> Iterator[Problem]:
    """A usual range of a percentage that may be written as fractions: 0.6 to 0.95 for 60 to 95."""
    if kpi.kind is not Kind.PERCENTAGE or not any(usual):
        return
    low, high = usual
    goals = [each.value for each in own_targets(kpi).stated(kpi)]
    if is_in_fractions(kpi):
        yield from _at_most_1(kpi, usual, goals)
    elif 0 < low < 1 and high >= low * HUNDRED and goals and min(goals) >= low * HUNDRED:
        yield odd(
            ("usual",),
            f"'usual' begins at {words(low)}, so at {words(low)} %, though it ends at {words(high)} and the target "
            f"is {words(min(goals))}",
            f"Write {words(low * HUNDRED)} if that is meant; if {words(low)} % is, leave it as it is",
        )


def _at_most_1(kpi: Kpi, usual: Range, goals: list[Decimal]) -> Iterator[Problem]:
    low, high = usual
    lowest, highest = kpi.possible_range
    hundredfold = (low * HUNDRED, high * HUNDRED)
    if (highest is not None and hundredfold[1] > highest) or (lowest is not None and hundredfold[0] < lowest):
        return  # so it cannot be 100 times as much
    message = f"'usual' is {range_words(usual)}, so at most 1 %; a percentage runs from 0 to 100, not from 0 to 1"
    ends = f"{words(hundredfold[0])} to {words(hundredfold[1])}"
    fix = f"Write {ends} if that is meant, and the KPI's other figures likewise"
    # The targets above 1 show on which scale the range is meant.
    sizes, largest = [goal for goal in goals if abs(goal) > 1], max(abs(low), abs(high))
    plain = [goal for goal in sizes if abs(goal) / largest <= largest * HUNDRED / abs(goal)]
    if len(plain) < len(sizes):
        yield Problem(("usual",), message, f"{fix}; if it is meant, correct the target")
        return
    bottom, top = min(low, *plain, Decimal(0)), max(high, *plain, Decimal(0))
    fix += (
        f"; if {range_words(usual)} % is, say that more cannot be, as "
        f"'possible: [{words(bottom * 7)}, {words(top * 7)}]'"
    )
    # Rates of what is rare are usual where less is better, and then begin at 0; changes are often small.
    is_rare = kpi.direction in (Direction.LOWER, Direction.NEUTRAL) or bool(plain)
    if not is_rare and lowest is not None and lowest >= 0:
        yield Problem(("usual",), message, fix)
    elif low != 0 or not is_rare:
        yield odd(("usual",), message, fix)
