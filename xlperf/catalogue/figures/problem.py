"""What is wrong with one figure of a KPI, and what the checks of its figures share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

from xlperf.catalogue.field_path import FieldPath
from xlperf.catalogue.fields import Amount
from xlperf.catalogue.kpi import Direction, Kpi
from xlperf.catalogue.model import Catalogue
from xlperf.catalogue.scale import Range, Stated, benchmark_of, fits, of_sum, range_words, stated_in, target_name, words
from xlperf.catalogue.targets import Target, start_of
from xlperf.errors import UsageError
from xlperf.findings import KINDS, Severity

MET_BY_ALL = Decimal(5)
"""So many times beyond the usual range, where no usual figure would miss it, a target cannot be meant."""
MIXED = Decimal(100)
"""So many times apart, two figures of one KPI may well be in different units."""
SMALLEST_RELATIVE = Decimal("0.5")
"""A relative amount below it is likely to be a fraction: 0.05 or 0.25 for 5 % or 25 %."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of a KPI, in words, and the remedy. An error unless its kind is a warning."""

    path: FieldPath
    message: str
    fix: str
    code: str = "C014"

    @property
    def is_error(self) -> bool:
        """Whether the figure cannot be meant, rather than being worth a look."""
        return KINDS[self.code].severity is not Severity.WARNING


def odd(path: FieldPath, message: str, fix: str) -> Problem:
    """A problem that is merely worth a look."""
    return Problem(path, message, fix, "C010")


@dataclass(frozen=True, slots=True)
class TargetSeries:
    """Targets that follow one another: the KPI's own, or those of its sum over so many orgs, for each target."""

    path: FieldPath
    targets: tuple[Target, ...]
    orgs: tuple[int, ...]

    def placed(self, kpi: Kpi) -> Iterator[tuple[FieldPath, Target]]:
        """Each target that can be compared with anything, and where it stands."""
        for j, target in enumerate(self.targets):
            if fits(kpi, target):
                yield (*self.path, j), target

    def stated(self, kpi: Kpi) -> list[Stated]:
        """The figures of those targets."""
        return [each for path, target in self.placed(kpi) for each in stated_in(kpi, target, path, self.orgs_at(path))]

    def orgs_at(self, path: FieldPath) -> int:
        """Of how many orgs' sum the target is that stands at `path`."""
        return self.orgs[int(str(path[-1]))]

    def name(self, target: Target) -> str:
        """What a target is called in a message."""
        return target_name(target, self.path)


def own_targets(kpi: Kpi) -> TargetSeries:
    """The KPI's own targets."""
    return TargetSeries(("targets",), kpi.targets, (1,) * len(kpi.targets))


@dataclass(frozen=True, slots=True)
class KpiTargets:
    """All targets of a KPI: its own, and those of its sum over orgs."""

    own: TargetSeries
    of_sums: TargetSeries


def targets_of(catalogue: Catalogue, kpi: Kpi) -> KpiTargets:
    """The targets of a KPI; of a sum, each with the orgs that are open while it is in force."""
    of_sums = kpi.roll_up.targets
    orgs = tuple(_orgs_open(catalogue, kpi, of_sums))
    return KpiTargets(own_targets(kpi), TargetSeries(("roll_up", "targets"), of_sums, orgs))


def _orgs_open(catalogue: Catalogue, kpi: Kpi, targets: Sequence[Target]) -> Iterator[int]:
    """How many orgs report the KPI while each target is in force; the most at a time, where that changes."""
    days = catalogue.open_days[kpi.id].values()
    try:
        begins = [start_of(target.from_, kpi.frequency).first_day for target in targets]
    except UsageError:  # said by another check
        begins = [date.min for _ in targets]
    for begin, end in pairwise([*begins, date.max]):
        opened = (each.first for each in days if each.first is not None and begin < each.first < end)
        yield max(1, *(sum(each.holds(day) for each in days) for day in (begin, *opened)))


def all_stated(kpi: Kpi, goals: KpiTargets) -> list[tuple[Decimal, int]]:
    """Every figure that the KPI states, and of how many orgs' sum it is: what a usual range that is meant holds."""
    benchmark = benchmark_of(kpi)
    stated = [*goals.own.stated(kpi), *goals.of_sums.stated(kpi), *([benchmark] if benchmark else [])]
    return [(each.value, each.orgs) for each in stated]


def size_of(amount: Amount) -> Decimal:
    """The number of an amount, whichever way it is given."""
    return amount.absolute if amount.absolute is not None else amount.relative or Decimal(0)


def is_backwards(range_: tuple[Decimal | None, Decimal | None] | None) -> bool:
    """Whether a range ends below its beginning."""
    return range_ is not None and range_[0] is not None and range_[1] is not None and range_[0] > range_[1]


def possible_of(kpi: Kpi, orgs: int) -> tuple[Decimal | None, Decimal | None]:
    """The lowest and highest that a figure, or a sum of up to so many, can be."""
    low, high = kpi.possible_range
    return (None if low is None else min(low, low * orgs)), (None if high is None else max(high, high * orgs))


def unit_of(kpi: Kpi) -> str:
    """The KPI's unit in brackets, where it has one."""
    return f" ({kpi.shown_unit})" if kpi.shown_unit else ""


def usual_words(range_: Range) -> str:
    """A usual range as it is written in the catalogue."""
    return f"'usual: [{words(range_[0])}, {words(range_[1])}]'"


def widened(figures: Iterable[tuple[Decimal, int]], usual: Range | None = None) -> Range:
    """The usual range of one org that holds these figures, each of them one of the sum of so many orgs."""
    low, high = usual or (None, None)
    for figure, orgs in figures:
        part = outwards(figure, orgs)
        if low is None or high is None:
            low = high = part
        below, above = of_sum((low, high), orgs)
        if figure < below:
            low = part if figure < 0 else figure
        elif figure > above:
            high = part if figure > 0 else figure
    return low or Decimal(0), high or Decimal(0)


def usual_holding(figures: Iterable[tuple[Decimal, int]], usual: Range | None = None) -> str:
    """`widened`, as it is written in the catalogue."""
    return usual_words(widened(figures, usual))


def outwards(figure: Decimal, orgs: int) -> Decimal:
    """One org's part of a sum, a whole number no nearer to 0 than the part is."""
    if orgs == 1:
        return figure
    return (figure / orgs).to_integral_value(ROUND_FLOOR if figure < 0 else ROUND_CEILING)


def goal_words(target: Target) -> str:
    """The figure or figures of a target."""
    if target.target is not None:
        return words(target.target)
    return range_words((target.low, target.high))


def open_ends(kpi: Kpi, target: Target) -> tuple[Decimal | None, Decimal | None]:
    """From what a figure is to be at least, and at most; None where it may be anything on that side."""
    floor = target.low if kpi.direction is Direction.RANGE else target.target
    ceiling = target.high if kpi.direction is Direction.RANGE else target.target
    return (
        None if kpi.direction is Direction.LOWER else floor,
        None if kpi.direction is Direction.HIGHER else ceiling,
    )
