"""A chart as data: a series over time with mean, process limits, target, and what is special about its points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar


class PointKind(StrEnum):
    """What a point is by SPC."""

    NOT_JUDGED = "not_judged"
    COMMON = "common"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One period: its label, its figure (None for a gap), and the lines at it (None where there is none).

    Attributes:
        target: the target, or the lower end of a range.
        target_high: the upper end of a range.
        note: what begins with it, as `new limits`, in a few words; "" for nothing.
        lacks_parts: whether its figure is made of some of its parts alone; its mark is then hollow.
    """

    label: str
    value: float | None
    kind: PointKind = PointKind.NOT_JUDGED
    mean: float | None = None
    lower: float | None = None
    upper: float | None = None
    target: float | None = None
    target_high: float | None = None
    note: str = ""
    lacks_parts: bool = False


class Line(StrEnum):
    """A line that stands beside the figures; each is drawn in its own style and named at its end."""

    MEAN = "mean"
    LOWER = "lower"
    UPPER = "upper"
    TARGET = "target"
    TARGET_HIGH = "target_high"


NAMES = {
    Line.MEAN: "mean",
    Line.LOWER: "lower limit",
    Line.UPPER: "upper limit",
    Line.TARGET: "target",
    Line.TARGET_HIGH: "target to",
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart.

    Attributes:
        alt: what it shows, in a sentence: what it is of, from when to when, and the finding.
        points: in order of time, one for each period, also for those without a figure.
        decimals: of the values written on it.
        unit: of the figures, as `%`; "" for none.
    """

    alt: str
    points: tuple[ChartPoint, ...]
    decimals: int = 1
    unit: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it has no figure at all."""
        return all(point.value is None for point in self.points)

    def line(self, line: Line) -> Sequence[float | None]:
        """The values of a line."""
        return [getattr(point, line.value) for point in self.points]

    @property
    def values(self) -> Iterator[float]:
        """Everything that is drawn."""
        for point in self.points:
            if point.value is not None:
                yield point.value
        for line in Line:
            yield from (value for value in self.line(line) if value is not None)


Level = TypeVar("Level")


def steps(values: Sequence[Level | None]) -> Iterator[tuple[int, int, Level]]:
    """The runs of one value, as (first place, last place, value)."""
    first = 0
    for place in range(1, len(values) + 1):
        if place == len(values) or values[place] != values[first]:
            value = values[first]
            if value is not None:
                yield first, place - 1, value
            first = place
