"""Many series at once: every rule runs on whole arrays. One series is a matrix of one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Unpack

import numpy as np

from xlperf.errors import UsageError
from xlperf.rules.arrays import Bools, Floats, Ints
from xlperf.rules.spc.judge import SeriesBlock, SpcResults, judge
from xlperf.rules.spc.limits import NO_ROW
from xlperf.rules.spc.rulesets import MDC, RUN_LENGTH, SHORTEST_BASELINE, SpcOptions, choose

LARGEST = 1e100
"""No real figure is beyond this."""
AT_ONCE = 4096
"""Series worked on at a time, so that their arrays fit the processor's cache."""
_BETTER = {"higher": 1, "lower": -1, "neutral": 0, "range": 0}
_BY_POINT = ("mean", "lpl", "upl", "side", "outside", "close", "cause", "point")


class ManyOptions(SpcOptions, total=False):
    """Options of `assess_many`."""

    segment: Ints | None
    """Series x points: numbers from 0 that never fall along a series; a new one opens a segment (see `segments`)."""
    lengths: Ints | None
    """How many points each series has, where they differ; the rest of a row is filling."""
    seasonal: Bools | bool
    """Whether the series (all, or each) may have a season; the words then say that it is not modelled. True where it
    is not targets."""
    to_date: Bools | bool
    """Whether the figures of the series (all, or each) are what each period added to a figure to date, while the target
    is for the latter: then there is no assurance, and the words say so."""


def assess_many(
    actuals: Floats,
    *,
    direction: str | Sequence[str],
    target: Floats | float | None = None,
    target_high: Floats | float | None = None,
    **options: Unpack[ManyOptions],
) -> SpcResults:
    """Judge many series.

    Args:
        actuals: series x points, in order of time; NaN where a period has no figure.
        direction: higher, lower, neutral or range, for all or for each series. A range has no better direction, so
            its variation is judged as neutral; its target is assured when both limits lie inside the range, missed
            when both lie outside it on one side, and otherwise uncertain.
        target: the target, or the lower end of the range: for all, for each series, or for each point; NaN for none.
        target_high: the upper end of the range.
        **options: see `ManyOptions`.

    Raises:
        UsageError: an option, direction or shape makes no sense, or an actual is infinite.
        TypeError: an option is unknown.
    """
    if unknown := options.keys() - ManyOptions.__optional_keys__:
        raise TypeError(f"SPC has no option '{min(unknown)}'")
    rules = choose(options.get("ruleset", MDC), options.get("run_length", RUN_LENGTH), options.get("screen_outliers"))
    fix_after = options.get("fix_after_n_points")
    if fix_after is not None and fix_after < SHORTEST_BASELINE:
        raise UsageError(f"limits can be fixed after {SHORTEST_BASELINE} points or more, not after {fix_after}")
    figures = np.asarray(actuals, dtype=np.float64)
    if figures.ndim != 2:
        raise UsageError("actuals must be an array of series x points")
    if (np.abs(figures) > LARGEST).any():
        raise UsageError("an actual is infinite, or too large to be a figure")
    directions = _directions(direction, len(figures))
    all_series = _block(figures, directions, (target, target_high), options)
    blocks = [
        judge(_turned(all_series, slice(start, start + AT_ONCE)), rules, fix_after)
        for start in range(0, max(len(figures), 1), AT_ONCE)
    ]
    joined = {
        field.name: np.concatenate([getattr(results, field.name) for results in blocks]) for field in fields(SpcResults)
    }
    return SpcResults(
        **{name: values[:, : figures.shape[1]] if name in _BY_POINT else values for name, values in joined.items()}
    )


def _turned(all_series: SeriesBlock, chosen: slice) -> SeriesBlock:
    """The chosen series, turned so that time runs down."""
    return SeriesBlock(
        *(np.ascontiguousarray(getattr(all_series, field.name)[chosen].T) for field in fields(SeriesBlock))
    )


def _directions(direction: str | Sequence[str], number_of_series: int) -> list[str]:
    """The direction of each series."""
    directions = [direction] * number_of_series if isinstance(direction, str) else list(direction)
    if len(directions) != number_of_series:
        raise UsageError("direction must be one for all series, or one for each")
    if unknown := set(directions) - set(_BETTER):
        raise UsageError(f"no direction '{min(map(str, unknown))}'; the directions are {', '.join(_BETTER)}")
    return directions


def _block(
    actual: Floats,
    directions: Sequence[str],
    targets: tuple[Floats | float | None, Floats | float | None],
    options: ManyOptions,
) -> SeriesBlock:
    """All series as one block, series down; one without any point has one column of filling."""
    segment = _segments(actual.shape, options.get("segment"), options.get("lengths"))
    in_range = np.array([name == "range" for name in directions], dtype=bool)
    low, high = (_by_point(actual.shape, target) for target in targets)
    if not actual.shape[1]:
        actual, segment = np.full((len(actual), 1), np.nan), np.full((len(actual), 1), NO_ROW)
        low = high = np.full((len(actual), 1), np.nan)
    return SeriesBlock(
        actual=np.where(segment == NO_ROW, np.nan, actual),
        segment=segment,
        better=np.array([_BETTER[name] for name in directions], dtype=np.int8),
        in_range=in_range,
        low=np.where(in_range[:, None] & np.isnan(high), np.nan, low),
        high=np.broadcast_to(high, np.broadcast_shapes(high.shape, low.shape)),
        seasonal=np.broadcast_to(np.asarray(options.get("seasonal", True), dtype=bool), actual.shape[:1]),
        to_date=np.broadcast_to(np.asarray(options.get("to_date", False), dtype=bool), actual.shape[:1]),
    )


def _by_point(shape: tuple[int, ...], target: Floats | float | None) -> Floats:
    """A target for each point, or one for all points of a series as a column."""
    targets = np.asarray(np.nan if target is None else target, dtype=np.float64)
    if targets.ndim < 2:
        targets = np.broadcast_to(targets, shape[:1])[:, None]
    if targets.shape not in {shape, (shape[0], 1)}:
        raise UsageError("target must be one for all series, one for each, or one for each point")
    return targets


def _segments(shape: tuple[int, ...], segment: Ints | None, lengths: Ints | None) -> Ints:
    segments = np.zeros(shape, dtype=np.int64) if segment is None else np.asarray(segment, dtype=np.int64)
    if segments.shape != shape or (segments < 0).any() or (segments[:, 1:] < segments[:, :-1]).any():
        raise UsageError("segment must have the shape of actuals and be numbered from 0, never falling")
    if lengths is None:
        return segments
    return np.where(np.arange(shape[1]) < np.asarray(lengths, dtype=np.int64)[:, None], segments, NO_ROW)
