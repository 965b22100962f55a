"""Applies every SPC rule to a block of series: rows are time, columns are series and each column is a series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from xlperf.rules.arrays import Bools, EnumCodes, Floats, Ints, Signs, TextArray
from xlperf.rules.spc.causes import COMMON, TYPE_NAMES, Causes, find, place
from xlperf.rules.spc.limits import SegmentMeasures, last_rows, measure, numbered, on_rows, widened
from xlperf.rules.spc.rulesets import TRIAL_POINTS, Ruleset
from xlperf.rules.spc.verdict_sentences import VerdictFacts, reason, sentence
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

NOT_KNOWN = -9
"""The side or flag of a missing figure, and the flag where there are no limits."""


@dataclass(frozen=True, slots=True, eq=False)
class SeriesBlock:
    """Series to be judged together; arrays are rows x series, or one element a series."""

    actual: Floats
    segment: Ints
    better: Signs
    """1 where higher is better, -1 where lower is, 0 where neither is."""
    in_range: Bools
    low: Floats
    """The target, or the lower end of the range, by point or one for all points of a series; NaN for none."""
    high: Floats
    seasonal: Bools
    to_date: Bools
    """Whether the figures are what each period added to one to date, for which the target is."""


@dataclass(frozen=True, slots=True, eq=False)
class SpcResults:
    """The SPC of many series, a row each: first by point (series x points), then by series."""

    mean: Floats
    lpl: Floats
    upl: Floats
    side: Signs
    """1 above the mean, 0 on it, -1 below it; as in the next two, `NOT_KNOWN` where that is not known."""
    outside: Signs
    close: Signs
    cause: EnumCodes
    """The rule that names the point: where it stands in `causes.TYPE_NAMES`."""
    point: EnumCodes
    """The class of the point: a `verdicts.Point`."""
    variation: TextArray
    """A name of `verdicts.POINT_NAMES`; None where there is no verdict."""
    assurance: TextArray
    """A name of `verdicts.ASSURANCE_NAMES`; None where there is no verdict."""
    reason: TextArray
    """Why there is no verdict; "" where there is."""
    words: TextArray
    """One sentence for the board."""
    trial: Bools
    """Whether any segment has trial limits only."""


def judge(block: SeriesBlock, rules: Ruleset, fix_after: int | None) -> SpcResults:
    """Run every rule on a block of series.

    Args:
        block: the series, time down and series across.
        rules: the ruleset, with its options.
        fix_after: rows of each segment that its limits are worked out from; None for all.

    Returns:
        The results with the axes swapped: series down and time across.
    """
    segment = numbered(block.segment)
    measures = measure(block.actual, segment, fix_after, rules.screen_outliers)
    refused = refuse_segments(measures, rules)
    judged = refused == Refusal.NONE
    limits = np.where(judged, measures.lpl, np.nan), np.where(judged, measures.upl, np.nan)
    has_row, has_figure = segment >= 0, ~np.isnan(block.actual)
    mean, lpl, upl, near_low, near_high = (
        on_rows(values, segment) for values in (measures.mean, *limits, *measures.near)
    )
    points = place(
        block.actual, *(widened(*ends, rules.slack) for ends in ((mean, mean), (lpl, upl), (near_low, near_high)))
    )
    causes = find(block.actual, segment, points, rules)
    cause = named(causes, block.better, rules)
    point = classify(cause, block.better)
    point_judged = has_row & on_rows(judged, segment)
    cause[~point_judged] = COMMON
    point[~point_judged] = Point.NOT_JUDGED
    last = _LastRows(block, _JudgedPoints(segment, measures, refused, causes, cause, point))
    verdicts = _verdicts(last, points.side, rules)
    reasons, words = _words(last, verdicts, rules)
    has_limits, has_mean = has_figure & ~np.isnan(lpl), has_figure & ~np.isnan(mean)
    return SpcResults(
        mean=np.where(has_row, mean, np.nan).T,
        lpl=np.where(has_row, lpl, np.nan).T,
        upl=np.where(has_row, upl, np.nan).T,
        side=np.where(has_mean, points.side, np.int8(NOT_KNOWN)).T,
        outside=np.where(has_limits, points.outside, np.int8(NOT_KNOWN)).T,
        close=np.where(has_limits, points.close, np.int8(NOT_KNOWN)).T,
        cause=cause.T,
        point=point.T,
        variation=np.array(POINT_NAMES, dtype=object)[verdicts.variation],
        assurance=np.array(ASSURANCE_NAMES, dtype=object)[verdicts.assurance],
        reason=reasons,
        words=words,
        trial=np.asarray((_trial_limits(measures.rows, rules)).any(axis=0)),
    )


def _trial_limits(rows: Floats, rules: Ruleset) -> Bools:
    """Which segments have trial limits only; a ruleset that refuses short segments has none."""
    return np.asarray((rows < TRIAL_POINTS) & (rules.min_points < TRIAL_POINTS))


@dataclass(frozen=True, slots=True, eq=False)
class _JudgedPoints:
    """What the rules make of every segment (segments x series) and every point (rows x series) of a block."""

    segment: Ints
    measures: SegmentMeasures
    refused: EnumCodes
    """Of each segment, why it is not judged: a `Refusal`."""
    causes: Causes
    cause: EnumCodes
    """The rule that names each point."""
    point: EnumCodes
    """The class of each point: a `Point`."""


@dataclass(frozen=True, slots=True, eq=False)
class _Verdicts:
    """The verdicts on each series, as codes of their enums."""

    variation: EnumCodes
    assurance: EnumCodes
    refusal: EnumCodes


class _LastRows:
    """What the verdicts depend on: the last row of each series, and the segment which that row is in."""

    def __init__(self, block: SeriesBlock, judged: _JudgedPoints) -> None:
        columns = np.arange(block.actual.shape[1])
        measures = judged.measures
        self.block, self.segment, self.causes = block, judged.segment, judged.causes
        self.row = last_rows(judged.segment)
        self.number = np.maximum(judged.segment[self.row, columns], 0)
        self.at = self.row, columns
        of_segment = self.number, columns
        self.actual: Floats = block.actual[self.at]
        self.cause: EnumCodes = judged.cause[self.at]
        self.point: EnumCodes = judged.point[self.at]
        self.refused: EnumCodes = judged.refused[of_segment]
        self.mean: Floats = measures.mean[of_segment]
        self.lpl: Floats = measures.lpl[of_segment]
        self.upl: Floats = measures.upl[of_segment]
        self.range_all: Floats = measures.range_all[of_segment]
        self.lowest: Floats = measures.lowest[of_segment]
        self.rows: Floats = measures.rows[of_segment]
        self.figures: Floats = measures.figures[of_segment]
        self.has_none: Bools = np.asarray(np.isnan(block.actual).all(axis=0))

    def goals(self) -> Goals:
        """What is wanted, by the latest target."""
        row = np.minimum(self.row, len(self.block.low) - 1), self.at[1]
        low, high = self.block.low[row], self.block.high[row]
        moved = _differ(self.block.low, low) | (_differ(self.block.high, high) & self.block.in_range)
        return Goals(self.block.better, self.block.in_range, low, high, moved, self.block.to_date)

    def overruled(self, rules: Ruleset) -> EnumCodes:
        """The rule for concern that improvement won over."""
        of_last = Causes(self.causes.any[self.at], self.causes.up[self.at], self.causes.down[self.at])
        return overruled(of_last, self.block.better, rules)


def _differ(targets: Floats, latest: Floats) -> Bools:
    return np.asarray(((targets != latest) & ~np.isnan(targets) & ~np.isnan(latest)).any(axis=0))


def _verdicts(last: _LastRows, side: Signs, rules: Ruleset) -> _Verdicts:
    """Variation, assurance, and why there is none."""
    refusal = np.where(last.has_none, np.uint8(Refusal.NO_FIGURES), last.refused)
    variation = np.where(np.isnan(last.actual) | (refusal != Refusal.NONE), np.uint8(Point.NOT_JUDGED), last.point)
    refusal[(refusal == Refusal.NONE) & np.isnan(last.range_all)] = Refusal.NO_LIMITS
    goals = last.goals()
    assurance = _assurance(last, goals, refusal, rules)
    refusal[(refusal == Refusal.NONE) & np.isnan(last.actual)] = Refusal.LAST_MISSING
    if rules.refuses:
        hides = hides_run(last.block.actual, last.segment, side, last.row, rules.run_length)
        hides &= (refusal == Refusal.NONE) & (variation == Point.COMMON)
        variation[hides] = Point.NOT_JUDGED
        refusal[hides] = Refusal.HIDDEN_RUN
    refusal[(refusal == Refusal.NONE) & (assurance == Assurance.REFUSED)] = Refusal.MOVED_TARGET
    return _Verdicts(variation, assurance, refusal)


def _assurance(last: _LastRows, goals: Goals, refusal: EnumCodes, rules: Ruleset) -> EnumCodes:
    """Assurance, before a missing last figure is considered.

    Where every moving range is 0, the limits equal the mean.
    """
    flat = last.range_all == 0
    limits = np.where(flat, last.mean, last.lpl), np.where(flat, last.mean, last.upl)
    verdict = assure(*widened(*limits, rules.slack), goals)
    constant = refusal == Refusal.CONSTANT
    verdict = np.where(constant, assure_constant(last.lowest, goals), verdict)
    refused = (refusal != Refusal.NONE) & ~constant
    if not rules.target_moves:
        refused |= goals.moved
    return without_goal(np.where(refused, np.uint8(Assurance.REFUSED), verdict), goals)


def _words(last: _LastRows, verdicts: _Verdicts, rules: Ruleset) -> tuple[TextArray, TextArray]:
    """The reason and the sentence of each series; each distinct one is put into words once."""
    judged = verdicts.variation != Point.NOT_JUDGED
    too_few = verdicts.refusal == Refusal.TOO_FEW_POINTS
    trial = _trial_limits(last.rows, rules)
    # By field of VerdictFacts: its value for each series, and how many values there can be.
    parts = {
        "variation": (verdicts.variation, len(Point)),
        "code": (np.where(judged, last.cause, COMMON), len(TYPE_NAMES)),
        "overruled": (np.where(judged, last.overruled(rules), COMMON), len(TYPE_NAMES)),
        "assurance": (verdicts.assurance, len(Assurance)),
        "refusal": (verdicts.refusal, len(Refusal)),
        "figures": (np.where(too_few, last.figures, 0).astype(np.int64), max(rules.min_points, 1)),
        "restarted": (last.number > 0, 2),
        "in_range": (last.block.in_range, 2),
        "trial_rows": (np.where(trial, last.rows, 0).astype(np.int64), TRIAL_POINTS),
        "seasonal": (last.block.seasonal, 2),
        "to_date": (last.block.to_date, 2),
    }
    sizes = tuple(size for _, size in parts.values())
    packed = np.ravel_multi_index(tuple(part.astype(np.int64) for part, _ in parts.values()), sizes)
    distinct, where = np.unique(packed, return_inverse=True)
    rows = zip(*(codes.tolist() for codes in np.unravel_index(distinct, sizes)), strict=True)
    all_facts = [_facts(dict(zip(parts, row, strict=True))) for row in rows]
    reasons, words = np.empty((2, len(all_facts)), dtype=object)
    reasons[:] = [reason(facts, rules) for facts in all_facts]
    words[:] = [sentence(facts, rules) for facts in all_facts]
    return reasons[where], words[where]


def _facts(codes: Mapping[str, int]) -> VerdictFacts:
    """The facts of one distinct row of codes, by field."""
    return VerdictFacts(
        variation=Point(codes["variation"]),
        code=codes["code"],
        overruled=codes["overruled"],
        assurance=Assurance(codes["assurance"]),
        refusal=Refusal(codes["refusal"]),
        figures=codes["figures"],
        restarted=bool(codes["restarted"]),
        in_range=bool(codes["in_range"]),
        trial_rows=codes["trial_rows"],
        seasonal=bool(codes["seasonal"]),
        to_date=bool(codes["to_date"]),
    )
