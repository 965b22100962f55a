"""One series, with its dates: the matrix of one row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from numbers import Real
from typing import TypeGuard

import numpy as np
import numpy.typing as npt

from xlperf.errors import UsageError
from xlperf.rules.spc.exact import Floats
from xlperf.rules.spc.judge import NOT_KNOWN, Many, Signs
from xlperf.rules.spc.limits import Ints
from xlperf.rules.spc.many import assess_many
from xlperf.rules.spc.rulesets import RUN_LENGTH, TRIAL_POINTS, Ruleset, choose
from xlperf.rules.spc.segments import absent_periods, may_have_season, segments, to_date
from xlperf.rules.spc.verdicts import POINT_NAMES, Point
from xlperf.rules.spc.words import type_name

Words = npt.NDArray[np.object_]
Pair = tuple[float, float]
Target = float | Pair | Sequence[float | None] | Sequence[Pair | None]
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
    special_cause_type: Words
    """The rule that names the point (`7 Points Above CL`), or `Common Cause`; None where nothing is judged."""
    point_type: Words
    """common_cause, special_cause_improvement, special_cause_concern, special_cause_neutral_high,
    special_cause_neutral_low; None where nothing is judged."""
    variation: str | None
    """The point_type of the last row; None where there is no verdict."""
    assurance: str | None
    """consistent_pass, consistent_fail or inconsistent; None where there is no verdict or no target."""
    reason: str
    """Why there is no verdict; "" where there is one, or nothing was asked."""
    words: str
    """One sentence for the board."""
    trial_limits: bool
    """Whether some segment is too short for more than trial limits."""
    notes: tuple[str, ...]
    """What an analyst should know: gaps, absent periods, constants, rebases that begin no period, trial limits."""


def assess(
    dates: Sequence[object],
    actuals: Sequence[object] | Floats,
    *,
    direction: str,
    target: Target | None = None,
    ruleset: str | Ruleset = "mdc",
    rebase: Sequence[object] = (),
    fix_after_n_points: int | None = None,
    screen_outliers: bool | None = None,
    run_length: int = RUN_LENGTH,
) -> Spc:
    """Judge one series.

    Args:
        dates: of the periods, in any order, each once; a period without a figure keeps its date.
        actuals: a figure for each date; None or NaN where there is none.
        direction: higher, lower, neutral, or range (see `assess_many`).
        target: the target, for all dates or one for each.
        ruleset: mdc or nhsr.
        rebase: dates from which on limits are worked out anew. A reason belongs to each; the catalogue keeps it.
        fix_after_n_points: as the rest, see `assess_many`.
        screen_outliers: as above.
        run_length: as above.

    Raises:
        UsageError: a date or figure that is none, a date given twice, or an option that makes no sense.
    """
    rules = choose(ruleset, run_length, screen_outliers)
    days = [to_date(day) for day in dates]
    order = sorted(range(len(days)), key=days.__getitem__)
    days = [days[row] for row in order]
    if twice := [day for day, following in pairwise(days) if day == following]:
        raise UsageError(f"two figures for {twice[0]}; SPC needs one a date")
    if len(actuals) != len(days):
        raise UsageError(f"{len(days)} dates but {len(actuals)} actuals")
    given = list(actuals)
    figures = np.array([_figure(given[row]) for row in order], dtype=np.float64)
    low, high = _targets(target, direction, order)
    segment, notes = segments(days, [to_date(day) for day in rebase], rules)
    many = assess_many(
        figures[None],
        direction=direction,
        target=low,
        target_high=high,
        segment=segment[None],
        ruleset=rules,
        fix_after_n_points=fix_after_n_points,
        run_length=run_length,
        seasonal=may_have_season(days),
    )
    notes += _gaps(figures) + _same(figures) + absent_periods(days) + _trial(many)
    return _one(many, rules, tuple(days), figures, segment, tuple(notes))


def _one(
    many: Many, rules: Ruleset, days: tuple[date, ...], figures: Floats, segment: Ints, notes: tuple[str, ...]
) -> Spc:
    judged = many.point[0] != Point.NOT_JUDGED
    types = [
        type_name(cause, rules.run_length) if known else None
        for cause, known in zip(many.cause[0], judged, strict=True)
    ]
    return Spc(
        ruleset=rules,
        dates=days,
        actuals=figures,
        segment=segment,
        mean=many.mean[0],
        lpl=many.lpl[0],
        upl=many.upl[0],
        relative_to_mean=_known(many.side[0]),
        outside_limits=_known(many.outside[0]),
        close_to_limits=_known(many.close[0]),
        special_cause_type=np.array(types, dtype=object),
        point_type=np.array(POINT_NAMES, dtype=object)[many.point[0]],
        variation=many.variation[0],
        assurance=many.assurance[0],
        reason=many.reason[0],
        words=many.words[0],
        trial_limits=bool(many.trial[0]),
        notes=notes,
    )


def _known(codes: Signs) -> Floats:
    return np.where(codes == NOT_KNOWN, np.nan, codes)


def _figure(value: object) -> float:
    if value is None:
        return np.nan
    if isinstance(value, bool) or not isinstance(value, Real | Decimal):
        raise UsageError(f"SPC needs numbers; {value!r} is none")
    return float(value)


def _gaps(figures: Floats) -> list[str]:
    missing = int(np.isnan(figures).sum())
    if not missing:
        return []
    return [f"{missing} of {len(figures)} periods have no figure; no run or moving range is taken across them."]


def _same(figures: Floats) -> list[str]:
    known = figures[~np.isnan(figures)]
    if len(known) < 2 or (known != known[0]).any():
        return []
    return ["Every figure is the same: there is no variation, and no limits can be made of it."]


def _trial(many: Many) -> list[str]:
    if not many.trial[0]:
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
