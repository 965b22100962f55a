"""All rules on one block of series, in which time runs down and each column is a series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xlperf.rules.spc.causes import COMMON, TYPE_NAMES, Causes, Codes, find, place
from xlperf.rules.spc.exact import Bools, Floats
from xlperf.rules.spc.limits import Ints, Segments, last_rows, measure, numbered, on_rows, widened
from xlperf.rules.spc.rulesets import TRIAL_POINTS, Ruleset
from xlperf.rules.spc.verdicts import (
    ASSURANCE_NAMES,
    POINT_NAMES,
    Assurance,
    Goals,
    Point,
    Refusal,
    assure,
    assure_constant,
    classify,
    hides_run,
    named,
    overruled,
    refuse_segments,
    without_goal,
)
from xlperf.rules.spc.words import Said, reason, sentence

Words = npt.NDArray[np.object_]
Signs = npt.NDArray[np.int8]

NOT_KNOWN = -9
"""The side or flag of a missing figure, and the flag where there are no limits."""


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What is judged."""

    actual: Floats
    segment: Ints
    better: Signs
    """1 where higher is better, -1 where lower is, 0 where neither is."""
    in_range: Bools
    low: Floats
    """The target, or the lower end of the range, by point or one for all points of a series; NaN for none."""
    high: Floats
    seasonal: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Many:
    """The SPC of many series, a row each: first by point (series x points), then by series."""

    mean: Floats
    lpl: Floats
    upl: Floats
    side: Signs
    """1 above the mean, 0 on it, -1 below it; as in the next two, `NOT_KNOWN` where that is not known."""
    outside: Signs
    close: Signs
    cause: Codes
    """The rule that names the point: where it stands in `causes.TYPE_NAMES`."""
    point: Codes
    """The class of the point: a `verdicts.Point`."""
    variation: Words
    """A name of `verdicts.POINT_NAMES`; None where there is no verdict."""
    assurance: Words
    """A name of `verdicts.ASSURANCE_NAMES`; None where there is no verdict."""
    reason: Words
    """Why there is no verdict; "" where there is."""
    words: Words
    """One sentence for the board."""
    trial: Bools
    """Whether any segment has trial limits only."""


def judge(given: Given, rules: Ruleset, fix_after: int | None) -> Many:
    """Run every rule on a block of series."""
    segment = numbered(given.segment)
    found = measure(given.actual, segment, fix_after, rules.screen_outliers)
    refused = refuse_segments(found, rules)
    judged = refused == Refusal.NONE
    limits = np.where(judged, found.lpl, np.nan), np.where(judged, found.upl, np.nan)
    real, known = segment >= 0, ~np.isnan(given.actual)
    mean, lpl, upl, near_low, near_high = (on_rows(of, segment) for of in (found.mean, *limits, *found.near))
    points = place(given.actual, mean, widened(lpl, upl, rules.slack), widened(near_low, near_high, rules.slack))
    causes = find(given.actual, segment, points, rules)
    cause = named(causes, given.better, rules)
    point = classify(cause, given.better)
    point_judged = real & on_rows(judged, segment)
    cause[~point_judged] = COMMON
    point[~point_judged] = Point.NOT_JUDGED
    flagged = known & ~np.isnan(lpl)
    has_mean = known & ~np.isnan(mean)
    last = _Last(given, segment, found, refused, cause, point, causes)
    variation, assurance, refusal = _verdicts(last, points.side, rules)
    reasons, words = _words(last, variation, assurance, refusal, rules)
    return Many(
        mean=np.where(real, mean, np.nan).T,
        lpl=np.where(real, lpl, np.nan).T,
        upl=np.where(real, upl, np.nan).T,
        side=np.where(has_mean, points.side, np.int8(NOT_KNOWN)).T,
        outside=np.where(flagged, points.outside, np.int8(NOT_KNOWN)).T,
        close=np.where(flagged, points.close, np.int8(NOT_KNOWN)).T,
        cause=cause.T,
        point=point.T,
        variation=np.array(POINT_NAMES, dtype=object)[variation],
        assurance=np.array(ASSURANCE_NAMES, dtype=object)[assurance],
        reason=reasons,
        words=words,
        trial=np.asarray((_trial_limits(found.rows, rules)).any(axis=0)),
    )


def _trial_limits(rows: Floats, rules: Ruleset) -> Bools:
    """Which segments have trial limits only; a ruleset that refuses short segments has none."""
    return np.asarray((rows < TRIAL_POINTS) & (rules.min_points < TRIAL_POINTS))


class _Last:
    """What the verdicts look at: the last row of each series, and the segment it is in."""

    def __init__(
        self,
        given: Given,
        segment: Ints,
        found: Segments,
        refused: Codes,
        cause: Codes,
        point: Codes,
        causes: Causes,
    ) -> None:
        columns = np.arange(given.actual.shape[1])
        self.given, self.segment, self.causes = given, segment, causes
        self.row = last_rows(segment)
        self.number = np.maximum(segment[self.row, columns], 0)
        self.at = self.row, columns
        of = self.number, columns
        self.actual: Floats = given.actual[self.at]
        self.cause: Codes = cause[self.at]
        self.point: Codes = point[self.at]
        self.refused: Codes = refused[of]
        self.mean: Floats = found.mean[of]
        self.lpl: Floats = found.lpl[of]
        self.upl: Floats = found.upl[of]
        self.range_all: Floats = found.range_all[of]
        self.lowest: Floats = found.lowest[of]
        self.rows: Floats = found.rows[of]
        self.figures: Floats = found.figures[of]
        self.has_none: Bools = np.asarray(np.isnan(given.actual).all(axis=0))

    def goals(self) -> Goals:
        """What is wanted, by the latest target."""
        row = np.minimum(self.row, len(self.given.low) - 1), self.at[1]
        low, high = self.given.low[row], self.given.high[row]
        moved = _differ(self.given.low, low) | (_differ(self.given.high, high) & self.given.in_range)
        return Goals(self.given.better, self.given.in_range, low, high, moved)

    def overruled(self, rules: Ruleset) -> Codes:
        """The rule for concern that improvement won over."""
        here = Causes(self.causes.any[self.at], self.causes.up[self.at], self.causes.down[self.at])
        return overruled(here, self.given.better, rules)


def _differ(targets: Floats, latest: Floats) -> Bools:
    return np.asarray(((targets != latest) & ~np.isnan(targets) & ~np.isnan(latest)).any(axis=0))


def _verdicts(last: _Last, side: Signs, rules: Ruleset) -> tuple[Codes, Codes, Codes]:
    """Variation, assurance, and why there is none, as codes."""
    refusal = np.where(last.has_none, np.uint8(Refusal.NO_FIGURES), last.refused)
    variation = np.where(np.isnan(last.actual) | (refusal != Refusal.NONE), np.uint8(Point.NOT_JUDGED), last.point)
    refusal[(refusal == Refusal.NONE) & np.isnan(last.range_all)] = Refusal.NO_LIMITS
    goals = last.goals()
    assurance = _assurance(last, goals, refusal, rules)
    refusal[(refusal == Refusal.NONE) & np.isnan(last.actual)] = Refusal.LAST_MISSING
    if rules.refuses:
        hides = hides_run(last.given.actual, last.segment, side, last.row, rules.run_length)
        hides &= (refusal == Refusal.NONE) & (variation == Point.COMMON)
        variation[hides] = Point.NOT_JUDGED
        refusal[hides] = Refusal.HIDDEN_RUN
    refusal[(refusal == Refusal.NONE) & (assurance == Assurance.REFUSED)] = Refusal.MOVED_TARGET
    return variation, assurance, refusal


def _assurance(last: _Last, goals: Goals, refusal: Codes, rules: Ruleset) -> Codes:
    """Assurance, before what happened to the last figure matters. Where no range varies the limits are the mean."""
    flat = last.range_all == 0
    limits = np.where(flat, last.mean, last.lpl), np.where(flat, last.mean, last.upl)
    verdict = assure(*widened(*limits, rules.slack), goals)
    constant = refusal == Refusal.CONSTANT
    verdict = np.where(constant, assure_constant(last.lowest, goals), verdict)
    refused = (refusal != Refusal.NONE) & ~constant
    if not rules.target_moves:
        refused |= goals.moved
    return without_goal(np.where(refused, np.uint8(Assurance.REFUSED), verdict), goals)


def _words(last: _Last, variation: Codes, assurance: Codes, refusal: Codes, rules: Ruleset) -> tuple[Words, Words]:
    """The reason and the sentence of each series; each distinct one is put into words once."""
    judged = variation != Point.NOT_JUDGED
    too_few = refusal == Refusal.TOO_FEW_POINTS
    trial = _trial_limits(last.rows, rules)
    parts = (
        (variation, len(Point)),
        (np.where(judged, last.cause, COMMON), len(TYPE_NAMES)),
        (np.where(judged, last.overruled(rules), COMMON), len(TYPE_NAMES)),
        (assurance, len(Assurance)),
        (refusal, len(Refusal)),
        (np.where(too_few, last.figures, 0).astype(np.int64), max(rules.min_points, 1)),
        (last.number > 0, 2),
        (last.given.in_range, 2),
        (np.where(trial, last.rows, 0).astype(np.int64), TRIAL_POINTS),
        (last.given.seasonal, 2),
    )
    sizes = tuple(size for _, size in parts)
    packed = np.ravel_multi_index(tuple(part.astype(np.int64) for part, _ in parts), sizes)
    distinct, where = np.unique(packed, return_inverse=True)
    said = [_said(*(int(part) for part in row)) for row in zip(*np.unravel_index(distinct, sizes), strict=True)]
    reasons, words = np.empty((2, len(said)), dtype=object)
    reasons[:], words[:] = [reason(one, rules) for one in said], [sentence(one, rules) for one in said]
    return reasons[where], words[where]


def _said(
    variation: int,
    cause: int,
    overruled_cause: int,
    assurance: int,
    refusal: int,
    figures: int,
    restarted: int,
    in_range: int,
    trial_rows: int,
    seasonal: int,
) -> Said:
    return Said(
        Point(variation),
        cause,
        overruled_cause,
        Assurance(assurance),
        Refusal(refusal),
        figures,
        bool(restarted),
        bool(in_range),
        trial_rows,
        bool(seasonal),
    )
