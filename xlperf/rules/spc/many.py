"""Many series at once: every rule runs on whole arrays, so many series take seconds, and one is a matrix of one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from xlperf.errors import UsageError
from xlperf.rules.spc.exact import Bools, Floats
from xlperf.rules.spc.judge import Given, Many, judge
from xlperf.rules.spc.limits import NO_ROW, Ints
from xlperf.rules.spc.rulesets import RUN_LENGTH, SHORTEST_BASELINE, Ruleset, choose

LARGEST = 1e100
"""Figures beyond this are nobody's actuals."""
AT_ONCE = 4096
"""Series worked on at a time: what fits a processor's cache."""
_BETTER = {"higher": 1, "lower": -1, "neutral": 0, "range": 0}
_BY_POINT = ("mean", "lpl", "upl", "side", "outside", "close", "cause", "point")


def assess_many(
    actuals: Floats,
    *,
    direction: str | Sequence[str],
    target: Floats | float | None = None,
    target_high: Floats | float | None = None,
    segment: Ints | None = None,
    lengths: Ints | None = None,
    ruleset: str | Ruleset = "mdc",
    fix_after_n_points: int | None = None,
    screen_outliers: bool | None = None,
    run_length: int = RUN_LENGTH,
    seasonal: Bools | bool = True,
) -> Many:
    """Judge many series.

    Args:
        actuals: series x points, in order of time; NaN where a period has no figure.
        direction: higher, lower, neutral or range, for all or for each series. A range has no better direction, so
            its variation is judged as neutral; its target is assured when both limits lie inside the range, missed
            when both lie outside it on one side, and otherwise uncertain.
        target: the target, or the lower end of the range: for all, for each series, or for each point; NaN for none.
        target_high: the upper end of the range.
        segment: numbers from 0 that never fall along a series; a new one opens a segment (see `segments`).
        lengths: how many points each series has, where they differ; what follows is filling.
        ruleset: mdc or nhsr.
        fix_after_n_points: work limits out from the first so many rows of each segment, not from all.
        screen_outliers: whether outliers among the moving ranges are left out; None for the ruleset's custom.
        run_length: points that make a shift or a trend.
        seasonal: whether the series (all, or each) may have a season; the words then say that it is not modelled.

    Raises:
        UsageError: an option, direction or shape makes no sense, or an actual is infinite.
    """
    rules = choose(ruleset, run_length, screen_outliers)
    if fix_after_n_points is not None and fix_after_n_points < SHORTEST_BASELINE:
        raise UsageError(f"limits are fixed after {SHORTEST_BASELINE} points or more, not {fix_after_n_points}")
    figures = np.asarray(actuals, dtype=np.float64)
    if figures.ndim != 2:
        raise UsageError("actuals must be an array of series x points")
    if (np.abs(figures) > LARGEST).any():
        raise UsageError("an actual is infinite, or too large to be a figure")
    given = _given(figures, direction, target, target_high, _segments(figures.shape, segment, lengths), seasonal)
    done = [
        judge(_columns(given, slice(start, start + AT_ONCE)), rules, fix_after_n_points)
        for start in range(0, max(len(figures), 1), AT_ONCE)
    ]
    joined = {field.name: np.concatenate([getattr(some, field.name) for some in done]) for field in fields(Many)}
    return Many(**{name: of[:, : figures.shape[1]] if name in _BY_POINT else of for name, of in joined.items()})


def _columns(given: Given, some: slice) -> Given:
    """Some of the series, turned so that time runs down."""
    return Given(*(np.ascontiguousarray(getattr(given, field.name)[some].T) for field in fields(Given)))


def _given(
    actual: Floats,
    direction: str | Sequence[str],
    target: Floats | float | None,
    target_high: Floats | float | None,
    segment: Ints,
    seasonal: Bools | bool,
) -> Given:
    directions = [direction] * len(actual) if isinstance(direction, str) else list(direction)
    if len(directions) != len(actual):
        raise UsageError("direction must be one for all series, or one for each")
    if unknown := set(directions) - set(_BETTER):
        raise UsageError(f"no direction '{min(map(str, unknown))}'; there are {', '.join(_BETTER)}")
    in_range = np.array([name == "range" for name in directions], dtype=bool)
    low, high = _by_point(actual.shape, target), _by_point(actual.shape, target_high)
    if not actual.shape[1]:
        actual, segment = np.full((len(actual), 1), np.nan), np.full((len(actual), 1), NO_ROW)
        low = high = np.full((len(actual), 1), np.nan)
    return Given(
        actual=np.where(segment == NO_ROW, np.nan, actual),
        segment=segment,
        better=np.array([_BETTER[name] for name in directions], dtype=np.int8),
        in_range=in_range,
        low=np.where(in_range[:, None] & np.isnan(high), np.nan, low),
        high=np.broadcast_to(high, np.broadcast_shapes(high.shape, low.shape)),
        seasonal=np.broadcast_to(np.asarray(seasonal, dtype=bool), actual.shape[:1]),
    )


def _by_point(shape: tuple[int, ...], target: Floats | float | None) -> Floats:
    """A target for each point, or one for all points of a series as a column."""
    given = np.asarray(np.nan if target is None else target, dtype=np.float64)
    if given.ndim < 2:
        given = np.broadcast_to(given, shape[:1])[:, None]
    if given.shape not in {shape, (shape[0], 1)}:
        raise UsageError("target must be one for all series, one for each, or one for each point")
    return given


def _segments(shape: tuple[int, ...], segment: Ints | None, lengths: Ints | None) -> Ints:
    segments = np.zeros(shape, dtype=np.int64) if segment is None else np.asarray(segment, dtype=np.int64)
    if segments.shape != shape or (segments < 0).any() or (segments[:, 1:] < segments[:, :-1]).any():
        raise UsageError("segment must have the shape of actuals and be numbered from 0, never falling")
    if lengths is None:
        return segments
    return np.where(np.arange(shape[1]) < np.asarray(lengths, dtype=np.int64)[:, None], segments, NO_ROW)
