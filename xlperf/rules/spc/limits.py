"""SegmentMeasures and their limits: the mean, and so many average moving ranges on either side of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from xlperf.rules.arrays import Bools, Floats, Ints
from xlperf.rules.spc.exact_means import exact_mean
from xlperf.rules.spc.rulesets import LIMIT, NEAR_LIMIT, SCREEN

Scalar = TypeVar("Scalar", bound=np.generic)

NO_ROW = -1
"""The segment of a row that a shorter series does not have."""


@dataclass(slots=True)
class SegmentMeasures:
    """The measures of each segment (row) of each series (column); NaN and 0 where a series has fewer segments."""

    mean: Floats
    range_kept: Floats
    """The average moving range the limits are made of; NaN where there is none."""
    range_all: Floats
    """The average moving range before outliers are left out."""
    lowest: Floats
    highest: Floats
    rows: Floats
    figures: Floats
    zeros: Floats
    """Figures that are 0."""
    steps: Floats
    """Moving ranges of the baseline."""
    still: Floats
    """Moving ranges of the baseline that are 0."""

    @property
    def lpl(self) -> Floats:
        """The lower process limit."""
        return self.mean - LIMIT * self.range_kept

    @property
    def upl(self) -> Floats:
        """The upper process limit."""
        return self.mean + LIMIT * self.range_kept

    @property
    def near(self) -> tuple[Floats, Floats]:
        """Beyond these a point is close to a limit."""
        return self.mean - NEAR_LIMIT * self.range_kept, self.mean + NEAR_LIMIT * self.range_kept


def numbered(segment: Ints) -> Ints:
    """The segments of each series as 0, 1, 2, … whatever they are called; `NO_ROW` stays."""
    if (segment == segment[:1]).all():
        return np.where(segment == NO_ROW, NO_ROW, 0)
    opens = np.zeros(segment.shape, dtype=np.int64)
    opens[1:] = segment[1:] != segment[:-1]
    return np.where(segment == NO_ROW, NO_ROW, opens.cumsum(axis=0))


def measure(actual: Floats, segment: Ints, fix_after: int | None, screen: bool) -> SegmentMeasures:
    """Measure every segment.

    Args:
        actual: NaN where missing.
        segment: as `numbered`.
        fix_after: so many rows of a segment are its baseline; None for all.
        screen: whether outliers among the moving ranges are left out.
    """
    shape = (int(segment.max(initial=0)) + 1, actual.shape[1])
    measures = SegmentMeasures(*(np.full(shape, np.nan) for _ in fields(SegmentMeasures)))
    for number in range(shape[0]):
        inside = segment == number
        columns = np.flatnonzero(inside.any(axis=0))
        if len(columns) == shape[1]:
            one = _measure_one(actual, inside, fix_after, screen)
        else:
            one = _measure_one(actual[:, columns], inside[:, columns], fix_after, screen)
        for field in fields(SegmentMeasures):
            getattr(measures, field.name)[number, columns] = getattr(one, field.name)
    return measures


def _measure_one(actual: Floats, inside: Bools, fix_after: int | None, screen: bool) -> SegmentMeasures:
    present = inside & ~np.isnan(actual)
    counted = present if fix_after is None else present & (inside.cumsum(axis=0) <= fix_after)
    ranges = np.abs(actual[1:] - actual[:-1])
    has_both = counted[1:] & counted[:-1]
    range_all = exact_mean(ranges, has_both)
    return SegmentMeasures(
        mean=exact_mean(actual, counted),
        range_all=range_all,
        range_kept=exact_mean(ranges, has_both & (ranges < SCREEN * range_all)) if screen else range_all,
        lowest=np.where(present, actual, np.inf).min(axis=0, initial=np.inf),
        highest=np.where(present, actual, -np.inf).max(axis=0, initial=-np.inf),
        rows=inside.sum(axis=0, dtype=np.float64),
        figures=present.sum(axis=0, dtype=np.float64),
        zeros=(present & (actual == 0)).sum(axis=0, dtype=np.float64),
        steps=has_both.sum(axis=0, dtype=np.float64),
        still=(has_both & (ranges == 0)).sum(axis=0, dtype=np.float64),
    )


def on_rows(of_segments: npt.NDArray[Scalar], segment: Ints) -> npt.NDArray[Scalar]:
    """The values of segments (segments x series) spread over their rows (rows x series)."""
    if len(of_segments) == 1:
        return np.broadcast_to(of_segments[0], segment.shape)
    return np.take_along_axis(of_segments, np.maximum(segment, 0), axis=0)


def last_rows(segment: Ints) -> Ints:
    """The number of each series' last row; 0 for one without rows."""
    rows: Ints = (segment != NO_ROW).sum(axis=0, dtype=np.int64)
    return np.maximum(rows - 1, 0)


def widened(low: Floats, high: Floats, slack: float) -> tuple[Floats, Floats]:
    """Limits a little further apart, by so much of the larger: a figure or target on a limit is then surely inside."""
    room = slack * np.fmax(np.abs(low), np.abs(high))
    return low - room, high + room
