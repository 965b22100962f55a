"""Whether Amber leaves anything Red, and a target anything to miss."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from decimal import Decimal

from xlperf.catalogue.field_path import FieldPath
from xlperf.catalogue.figures.problem import (
    KpiTargets,
    Problem,
    TargetSeries,
    all_stated,
    goal_words,
    odd,
    open_ends,
    outwards,
    possible_of,
    size_of,
    usual_words,
    widened,
)
from xlperf.catalogue.kpi import Direction, Kpi
from xlperf.catalogue.scale import HUNDRED, Range, is_near_zero, range_words, words
from xlperf.catalogue.targets import Target

TEN_TIMES = Decimal(10)
"""So many times what a figure can be short by, no tolerance is meant."""
WIDE_ABOVE = Decimal(5)
"""So many times a target that is not to be exceeded, a tolerance is worth a look; of one to be reached it is half."""


@dataclass(frozen=True, slots=True)
class _Amber:
    """On one side of a target: the end of Green, how far Amber reaches beyond it, and which way that is."""

    end: Decimal
    reach: Decimal
    way: int
    """-1 where figures are too low beyond it, 1 where they are too high."""

    @property
    def limit(self) -> Decimal:
        """The last figure that is Amber."""
        return self.end + self.way * self.reach

    def room_to(self, end: Decimal | None) -> Decimal | None:
        """How far a figure can be off target where it can go as far as `end`."""
        return None if end is None else (end - self.end) * self.way


def _sides(kpi: Kpi, target: Target) -> list[_Amber]:
    ends = zip(open_ends(kpi, target), (-1, 1), strict=True)
    return [_Amber(end, target.amber_beyond(end), way) for end, way in ends if end is not None]


def amber(
    kpi: Kpi, goals: KpiTargets, series: TargetSeries, usual: Range | None, wrong: Set[FieldPath]
) -> Iterator[Problem]:
    """Targets that nothing can miss, and tolerances so wide that nothing, or nothing usual, can be Red.

    Args:
        kpi: whose targets.
        goals: all its targets.
        series: those of them that are looked at.
        usual: its usual range, where it can be relied on.
        wrong: where targets are that cannot be meant themselves.
    """
    placed = [(path, target) for path, target in series.placed(kpi) if path not in wrong]
    impossible = _impossible(kpi, series, placed)
    for path, target in placed:
        reason = impossible.get(path)
        has_tolerance = target.tolerance is not None and size_of(target.tolerance) > 0
        seen = None
        if has_tolerance and usual is not None and not (reason and reason.is_error):
            seen = _beside_usual(kpi, series, path, target, usual)
        elif has_tolerance and usual is None and not reason:
            seen = _beside_target(kpi, goals, series, path, target)
        # Of two on one tolerance, the graver.
        if reason and not (seen and seen.is_error):
            yield reason
        elif seen:
            yield seen


# ---- beside what is possible ---------------------------------------------------------------------------------------


def _impossible(kpi: Kpi, series: TargetSeries, placed: list[tuple[FieldPath, Target]]) -> dict[FieldPath, Problem]:
    targets_by_path: dict[FieldPath, tuple[Target, list[tuple[Decimal, Decimal]]]] = {}
    possible = {path: possible_of(kpi, series.orgs_at(path)) for path, _ in placed}
    for path, target in placed:
        low, high = possible[path]
        rooms = [(side.room_to(low if side.way < 0 else high), side.reach) for side in _sides(kpi, target)]
        bounded = [(room, reach) for room, reach in rooms if room is not None]
        if bounded and len(bounded) == len(rooms) and all(reach >= room for room, reach in bounded):
            targets_by_path[path] = (target, bounded)
    idle = [path for path, (_, sides) in targets_by_path.items() if all(room <= 0 for room, _ in sides)]
    problems: dict[FieldPath, Problem] = {}
    for path, (target, sides) in targets_by_path.items():
        if path in idle:
            report = Problem if len(idle) == len(placed) else odd
            problems[path] = report(
                path,
                f"{series.name(target)}, {goal_words(target)}, is met by every figure that is possible "
                f"({range_words(possible[path])})",
                "Correct the target, 'direction' or 'possible'; where there is no target, leave it out and say why in "
                "'no_target_because'",
            )
        else:
            problems[path] = _hides_red(target, series.name(target), path, sides, possible[path])
    return problems


def _hides_red(
    target: Target,
    name: str,
    path: FieldPath,
    sides: list[tuple[Decimal, Decimal]],
    possible: tuple[Decimal | None, Decimal | None],
) -> Problem:
    open_sides = [(room, tolerance) for room, tolerance in sides if room > 0]
    room, tolerance = max(open_sides)
    low, high = possible
    is_relative = target.tolerance is not None and target.tolerance.relative is not None
    covers_half = low is not None and high is not None and tolerance >= (high - low) / 2
    is_certain = is_relative or covers_half or any(tolerance >= room * TEN_TIMES for room, tolerance in open_sides)
    report = Problem if is_certain else odd
    return report(
        (*path, "tolerance"),
        f"the tolerance of {name}, {target.tolerance}, makes Red impossible: it reaches "
        f"{words(tolerance)} beyond {goal_words(target)}, and no figure can be further off than {words(room)} "
        f"('possible' is {range_words(possible)})",
        f"Make it less than {words(room)}, in the KPI's unit" if is_certain else "Check that it is meant",
    )


# ---- beside what is usual ------------------------------------------------------------------------------------------


def _beside_usual(kpi: Kpi, series: TargetSeries, path: FieldPath, target: Target, of_one: Range) -> Problem | None:
    """A tolerance under which no usual figure is Red; far beyond what is usual, it is the Amber limit or a slip."""
    # A sum is judged where all orgs have returned.
    orgs = series.orgs_at(path)
    usual = of_one[0] * orgs, of_one[1] * orgs
    sides = _sides(kpi, target)
    reached = [(side, side.room_to(usual[0] if side.way < 0 else usual[1]) or Decimal(0)) for side in sides]
    if any(side.reach < room for side, room in reached):
        return None
    width, largest = usual[1] - usual[0], max(map(abs, usual))
    # A few points around a narrow range may be meant, as may a few cases where none are usual.
    is_certain = any(
        side.reach - max(room, Decimal(0)) > width and side.reach >= largest / 2 > 0 for side, room in reached
    )
    if not is_certain and all(room <= 0 for _, room in reached):
        return None  # it is the target that every usual figure meets
    side = max((side for side, _ in reached), key=lambda each: each.reach)
    of = f" of the sum of {orgs} orgs" if orgs > 1 else ""
    report = Problem if is_certain else odd
    return report(
        (*path, "tolerance"),
        f"the tolerance of {series.name(target)}, {target.tolerance}, makes Red impossible for every usual figure{of} "
        f"({range_words(usual)}): Amber reaches from {words(side.end)} to {words(side.limit)}",
        f"{_distance(target, side, usual)}; if it is meant, say which figures are Red and usual, as "
        f"{_with_red(kpi, orgs, sides, of_one)}",
    )


def _distance(target: Target, side: _Amber, usual: Range) -> str:
    """What to write where the tolerance may be the Amber limit itself."""
    given = target.tolerance.absolute if target.tolerance else None
    if given is not None:
        distance = (given - side.end) * side.way
        if 0 < distance < abs(side.end) / 2 and usual[0] < given < usual[1]:
            return f"Give how far beyond the target Amber reaches: {words(distance)} if it is to reach {words(given)}"
    return "Give how far beyond the target Amber reaches, in the KPI's unit, or correct whichever is in another unit"


def _with_red(kpi: Kpi, orgs: int, sides: list[_Amber], usual: Range) -> str:
    """A usual range of one org that also holds figures that are Red."""
    low, high = usual
    lowest, highest = kpi.possible_range
    for side in sides:
        red = outwards(side.limit + side.way * side.reach, orgs)
        if side.way < 0:
            low = min(low, red if lowest is None else max(red, lowest))
        else:
            high = max(high, red if highest is None else min(red, highest))
    return usual_words((low, high))


# ---- beside nothing but the target ---------------------------------------------------------------------------------


def _beside_target(
    kpi: Kpi, goals: KpiTargets, series: TargetSeries, path: FieldPath, target: Target
) -> Problem | None:
    """A tolerance as large as targets are: perhaps the Amber limit, perhaps in another unit."""
    if target.tolerance is None or (target.tolerance.relative or Decimal(0)) > HUNDRED:
        return None  # that is said already
    sides = _sides(kpi, target)
    side = max(sides, key=lambda each: abs(each.end))
    if is_near_zero(side.end):
        return None
    # A wanted range around 0, like a target that is not to be exceeded, says little of how far figures go.
    is_around_zero = len(sides) > 1 and sides[0].end * sides[1].end <= 0
    most, share = (Decimal("0.5"), "half or more of")
    if kpi.direction is Direction.LOWER or is_around_zero:
        most, share = WIDE_ABOVE, f"about {side.reach / abs(side.end):.0f} times"
    if side.reach < abs(side.end) * most:
        return None
    return odd(
        (*path, "tolerance"),
        f"the tolerance of {series.name(target)}, {target.tolerance}, is {share} {words(side.end)}, so Amber reaches "
        f"to {words(side.limit)}",
        "Give how far beyond the target Amber reaches, in the KPI's unit; if that is right, give the usual range, as "
        f"{_with_red(kpi, series.orgs_at(path), sides, widened(all_stated(kpi, goals)))}",
    )
