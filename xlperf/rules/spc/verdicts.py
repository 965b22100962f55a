"""The two verdicts of a series, variation and assurance, and the grounds on which there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from xlperf.rules.arrays import Bools, EnumCodes, Floats, Ints, Signs
from xlperf.rules.spc.causes import COMMON, DOWN, Causes
from xlperf.rules.spc.limits import SegmentMeasures
from xlperf.rules.spc.rulesets import Ruleset

SAME = 1e-12
"""Figures that differ by less, relative to the largest, are the same figure."""
MAJORITY = 0.5
"""A share above this of the figures, or of the steps between them, is most of them."""
FEWEST_STEPS = 6
"""Steps between neighbouring figures that limits need: half of those of 13 points."""


class Refusal(IntEnum):
    """Why there is no verdict, in the order in which the reasons are checked."""

    NONE = 0
    NO_FIGURES = 1
    TOO_FEW_POINTS = 2
    TOO_FEW_STEPS = 3
    CONSTANT = 4
    RARE_EVENTS = 5
    ALMOST_CONSTANT = 6
    NO_LIMITS = 7
    LAST_MISSING = 8
    HIDDEN_RUN = 9
    MOVED_TARGET = 10


class Point(IntEnum):
    """The class of a point; for a series, its variation."""

    COMMON = 0
    IMPROVEMENT = 1
    CONCERN = 2
    HIGH = 3
    LOW = 4
    NOT_JUDGED = 5


POINT_NAMES = (
    "common_cause",
    "special_cause_improvement",
    "special_cause_concern",
    "special_cause_neutral_high",
    "special_cause_neutral_low",
    None,
)


class Assurance(IntEnum):
    """Whether the target can be expected to be met, or why there is no answer."""

    NO_TARGET = 0
    PASS = 1
    FAIL = 2
    INCONSISTENT = 3
    NO_BETTER_DIRECTION = 4
    REFUSED = 5
    OF_ANOTHER_FIGURE = 6


ASSURANCE_NAMES = (None, "consistent_pass", "consistent_fail", "inconsistent", None, None, None)


@dataclass(frozen=True, slots=True)
class Goals:
    """What is wanted of each series."""

    better: Signs
    """1 where higher is better, -1 where lower is, 0 where neither is."""
    in_range: Bools
    """Whether a range is wanted; of those that have no better direction."""
    low: Floats
    """The target, or the lower end of the range; NaN where there is none."""
    high: Floats
    moved: Bools
    """Whether the target has moved."""
    to_date: Bools
    """Whether the target is for the figure to date, and not for what a period added to it."""


# ---- refusals ------------------------------------------------------------------------------------------------------


def refuse_segments(measures: SegmentMeasures, rules: Ruleset) -> EnumCodes:
    """Why a segment is not judged at all."""
    refusal = np.zeros(measures.mean.shape, dtype=np.uint8)
    if rules.refuses:
        refusal[_almost_constant(measures)] = Refusal.ALMOST_CONSTANT
        refusal[measures.zeros > MAJORITY * measures.figures] = Refusal.RARE_EVENTS
        refusal[is_constant(measures)] = Refusal.CONSTANT
        refusal[measures.steps < FEWEST_STEPS] = Refusal.TOO_FEW_STEPS
    refusal[measures.figures < rules.min_points] = Refusal.TOO_FEW_POINTS
    return refusal


def is_constant(measures: SegmentMeasures) -> Bools:
    """Whether all figures of a segment are the same."""
    return measures.highest - measures.lowest <= SAME * _size(measures)


def _almost_constant(measures: SegmentMeasures) -> Bools:
    return (measures.still > MAJORITY * measures.steps) | (measures.range_kept <= SAME * _size(measures))


def _size(measures: SegmentMeasures) -> Floats:
    return np.maximum(np.abs(measures.lowest), np.abs(measures.highest))


def hides_run(actual: Floats, segment: Ints, side: Signs, last: Ints, length: int) -> Bools:
    """Whether gaps in the last so many rows hide a run: but for them, all lie on one side or all go one way."""
    columns = np.arange(actual.shape[1])
    above = below = rises = falls = np.ones(len(columns), dtype=bool)
    gap = np.zeros(len(columns), dtype=bool)
    later = np.full(len(columns), np.nan)
    for back in range(length):
        row = np.maximum(last - back, 0)
        inside = (last >= back) & (segment[row, columns] == segment[last, columns])
        value = np.where(inside, actual[row, columns], np.nan)
        missing = np.isnan(value)
        above = above & inside & (missing | (side[row, columns] > 0))
        below = below & inside & (missing | (side[row, columns] < 0))
        rises = rises & inside & ~(value >= later)
        falls = falls & inside & ~(value <= later)
        gap |= missing
        later = np.where(missing, later, value)
    return gap & (above | below | rises | falls)


# ---- variation -----------------------------------------------------------------------------------------------------


def named(causes: Causes, better: Signs, rules: Ruleset) -> EnumCodes:
    """The rule that names each point."""
    if not rules.improvement_wins:
        return causes.any
    both = (causes.up != COMMON) & (causes.down != COMMON)
    winner = np.where(better > 0, causes.up, np.where(better < 0, causes.down, causes.any))
    return np.where(both, winner, causes.up | causes.down)


def overruled(causes: Causes, better: Signs, rules: Ruleset) -> EnumCodes:
    """The rule that is for concern where improvement wins over it, else none."""
    if not rules.improvement_wins:
        return np.zeros_like(causes.any)
    both = (causes.up != COMMON) & (causes.down != COMMON) & (better != 0)
    return np.where(both, np.where(better > 0, causes.down, causes.up), np.uint8(COMMON))


def classify(code: EnumCodes, better: Signs) -> EnumCodes:
    """The class of each point, by the rule that names it and the direction that is better."""
    up, down = (code != COMMON) & (code <= DOWN), code > DOWN
    klass = np.where(up, np.uint8(Point.HIGH), np.where(down, np.uint8(Point.LOW), np.uint8(Point.COMMON)))
    klass[(up & (better > 0)) | (down & (better < 0))] = Point.IMPROVEMENT
    klass[(up & (better < 0)) | (down & (better > 0))] = Point.CONCERN
    return klass


# ---- assurance -----------------------------------------------------------------------------------------------------


def assure(lpl: Floats, upl: Floats, goals: Goals) -> EnumCodes:
    """The target against the limits, strictly: a target on a limit, or a limit on a range's end, decides nothing."""
    verdict = np.full(lpl.shape, Assurance.INCONSISTENT, dtype=np.uint8)
    beyond, short = goals.low > upl, goals.low < lpl
    verdict[(beyond & (goals.better < 0)) | (short & (goals.better > 0))] = Assurance.PASS
    verdict[(beyond & (goals.better > 0)) | (short & (goals.better < 0))] = Assurance.FAIL
    verdict[goals.in_range & (goals.low < lpl) & (upl < goals.high)] = Assurance.PASS
    verdict[goals.in_range & ((upl < goals.low) | (goals.high < lpl))] = Assurance.FAIL
    return verdict


def assure_constant(value: Floats, goals: Goals) -> EnumCodes:
    """A constant value either meets the target or does not; a value equal to it meets it."""
    met = np.where(goals.better > 0, value >= goals.low, value <= goals.low)
    met = np.where(goals.in_range, (goals.low <= value) & (value <= goals.high), met)
    return np.where(met, np.uint8(Assurance.PASS), np.uint8(Assurance.FAIL))


def without_goal(verdict: EnumCodes, goals: Goals) -> EnumCodes:
    """Assurance needs a target of the figures that are judged, and a better direction or a range."""
    verdict = np.where(goals.to_date, np.uint8(Assurance.OF_ANOTHER_FIGURE), verdict)
    verdict = np.where((goals.better == 0) & ~goals.in_range, np.uint8(Assurance.NO_BETTER_DIRECTION), verdict)
    return np.where(np.isnan(goals.low), np.uint8(Assurance.NO_TARGET), verdict)
