"""One series, with its dates: the matrix of one row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from numbers import Real
from typing import TypeGuard, Unpack

import numpy as np

from xlperf.errors import UsageError
from xlperf.rules.arrays import Floats, Ints, Signs, TextArray
from xlperf.rules.spc.judge import NOT_KNOWN, SpcResults
from xlperf.rules.spc.many import assess_many
from xlperf.rules.spc.rulesets import MDC, RUN_LENGTH, TRIAL_POINTS, Ruleset, SpcOptions, choose
from xlperf.rules.spc.segments import absent_periods, may_have_season, segments, to_date
from xlperf.rules.spc.verdict_sentences import type_name
from xlperf.rules.spc.verdicts import POINT_NAMES, Point

Pair = tuple[float, float]
SpcTarget = float | Pair | Sequence[float | None] | Sequence[Pair | None]
"""A target; (low, high) where the direction is range; or a sequence of either, one for each date, where it moves."""


@dataclass(frozen=True, slots=True, eq=False)
class Spc:
    """The SPC of one series, in order of date. NaN stands for what is missing or not known."""

    ruleset: Ruleset
    dates: tuple[date, ...]
    actuals: Floats
    segment: Ints
    """0, and 1 more from each rebase on."""
    mean: Floats
    lpl: Floats
    upl: Floats
    relative_to_mean: Floats
    """1 above the mean, 0 on it, -1 below it."""
    outside_limits: Floats
    """1 beyond a limit; 0 within, or on it."""
    close_to_limits: Floats
    """1 beyond two thirds of the way to a limit, but not beyond the limit."""
    special_cause_type: TextArray
    """The rule that names the point (`7 Points Above CL`), or `Common Cause`; None where nothing is judged."""
    point_type: TextArray
    """common_cause, special_cause_improvement, special_cause_concern, special_cause_neutral_high,
    special_cause_neutral_low; None where nothing is judged."""
    variation: str | None
    """The point_type of the last row; None where there is no verdict."""
    assurance: str | None
    """consistent_pass, consistent_fail or inconsistent; None where there is no verdict or no target."""
    reason: str
    """Why there is no verdict; "" where there is one, or no target or better direction to judge by."""
    words: str
    """One sentence for the board."""
    trial_limits: bool
    """Whether some segment is too short for more than trial limits."""
    notes: tuple[str, ...]
    """What an analyst should know: gaps, absent periods, constants, rebases that begin no period, trial limits."""


@dataclass(frozen=True, slots=True, eq=False)
class _Dated:
    """Figures in order of date, with the segment of each."""

    days: tuple[date, ...]
    figures: Floats
    segment: Ints


def assess(
    dates: Sequence[object],
    actuals: Sequence[object] | Floats,
    *,
    direction: str,
    target: SpcTarget | None = None,
    rebase: Sequence[object] = (),
    **options: Unpack[SpcOptions],
) -> Spc:
    """Judge one series.

    Args:
        dates: of the periods, in any order, each once; a period without a figure keeps its date.
        actuals: a figure for each date; None or NaN where there is none.
        direction: higher, lower, neutral, or range (see `assess_many`).
        target: the target, for all dates or one for each.
        rebase: dates from which on limits are worked out anew. A reason belongs to each; the catalogue keeps it.
        **options: see `SpcOptions`.

    Raises:
        UsageError: a date or figure is not one, a date is given twice, or an option makes no sense.
        TypeError: an option is unknown.
    """
    rules = choose(options.get("ruleset", MDC), options.get("run_length", RUN_LENGTH), options.get("screen_outliers"))
    order, days = _by_date(dates)
    if len(actuals) != len(days):
        raise UsageError(f"{len(days)} dates but {len(actuals)} actuals")
    unordered = list(actuals)
    figures = np.array([_figure(unordered[row]) for row in order], dtype=np.float64)
    low, high = _targets(target, direction, order)
    segment, notes = segments(days, [to_date(day) for day in rebase], rules)
    # What `choose` made of the other options goes in as the ruleset itself.
    chosen: SpcOptions = {**options, "ruleset": rules, "screen_outliers": None}
    results = assess_many(
        figures[None],
        direction=direction,
        target=low,
        target_high=high,
        segment=segment[None],
        seasonal=may_have_season(days),
        **chosen,
    )
    notes += _gap_notes(figures) + _constant_notes(figures) + absent_periods(days) + _trial_notes(results)
    return _one_series(results, rules, _Dated(tuple(days), figures, segment), tuple(notes))


def _by_date(dates: Sequence[object]) -> tuple[list[int], list[date]]:
    """The positions of the dates in order of time, and the dates in that order."""
    days = [to_date(day) for day in dates]
    order = sorted(range(len(days)), key=days.__getitem__)
    ordered = [days[row] for row in order]
    if twice := [day for day, following in pairwise(ordered) if day == following]:
        raise UsageError(f"two figures for {twice[0]}; SPC needs one figure for each date")
    return order, ordered


def _one_series(results: SpcResults, rules: Ruleset, dated: _Dated, notes: tuple[str, ...]) -> Spc:
    """The only series of the results, with its dates."""
    judged = results.point[0] != Point.NOT_JUDGED
    types = [
        type_name(cause, rules.run_length) if is_judged else None
        for cause, is_judged in zip(results.cause[0], judged, strict=True)
    ]
    return Spc(
        ruleset=rules,
        dates=dated.days,
        actuals=dated.figures,
        segment=dated.segment,
        mean=results.mean[0],
        lpl=results.lpl[0],
        upl=results.upl[0],
        relative_to_mean=_nan_for_unknown(results.side[0]),
        outside_limits=_nan_for_unknown(results.outside[0]),
        close_to_limits=_nan_for_unknown(results.close[0]),
        special_cause_type=np.array(types, dtype=object),
        point_type=np.array(POINT_NAMES, dtype=object)[results.point[0]],
        variation=results.variation[0],
        assurance=results.assurance[0],
        reason=results.reason[0],
        words=results.words[0],
        trial_limits=bool(results.trial[0]),
        notes=notes,
    )


def _nan_for_unknown(codes: Signs) -> Floats:
    return np.where(codes == NOT_KNOWN, np.nan, codes)


def _figure(value: object) -> float:
    if value is None:
        return np.nan
    if isinstance(value, bool) or not isinstance(value, Real | Decimal):
        raise UsageError(f"SPC needs numbers; {value!r} is not one")
    return float(value)


def _gap_notes(figures: Floats) -> list[str]:
    missing = int(np.isnan(figures).sum())
    if not missing:
        return []
    return [f"{missing} of {len(figures)} periods have no figure; no run or moving range is taken across them."]


def _constant_notes(figures: Floats) -> list[str]:
    present = figures[~np.isnan(figures)]
    if len(present) < 2 or (present != present[0]).any():
        return []
    return ["Every figure is the same: there is no variation, and no limits can be worked out."]


def _trial_notes(results: SpcResults) -> list[str]:
    if not results.trial[0]:
        return []
    return [f"Trial limits: a segment has fewer than {TRIAL_POINTS} points, so they may still move."]


def _targets(target: object, direction: str, order: Sequence[int]) -> tuple[Floats, Floats]:
    """The lower and upper ends of the target; by date, in order, where it is given by date."""
    if isinstance(target, Iterable) and not (direction == "range" and _is_pair(target)):
        by_date = list(target)
        if len(by_date) != len(order):
            raise UsageError(f"{len(order)} dates but {len(by_date)} targets")
        ends = [_ends(by_date[row], direction) for row in order]
    else:
        ends = [_ends(target, direction)]
    low, high = np.array(ends, dtype=np.float64).reshape(-1, 2).T[:, None]
    return low, high


def _is_pair(target: object) -> TypeGuard[Pair]:
    return isinstance(target, Sequence) and len(target) == 2 and all(isinstance(end, Real | Decimal) for end in target)


def _ends(target: object, direction: str) -> Pair:
    if target is None:
        return np.nan, np.nan
    if direction != "range":
        return _figure(target), np.nan
    if _is_pair(target) and target[0] <= target[1]:
        return float(target[0]), float(target[1])
    raise UsageError(f"where the direction is range the target is (low, high), not {target!r}")
