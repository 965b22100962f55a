"""A chart in full size, as SVG: figures with their marks, mean, limits and target, each named at its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlperf.documents import palette
from xlperf.documents.axis import FEW_TICKS, TICKS, Scale, around, ticks
from xlperf.documents.chart_data import NAMES, Chart, ChartPoint, Line, PointKind, steps
from xlperf.documents.document import FULL_HEIGHT, FullChart
from xlperf.documents.svg import element, line, picture, text

WIDTH = 400.0
"""In points; it is not scaled, so that its text is as large as it says."""
TEXT = 8.0
_LEFT, _RIGHT, _TOP, _BELOW = 34.0, 312.0, 16.0, 20.0
"""Of the frame, and the room below it. Where what is written beside it is long, its sides stand further in, so that no
digit is cut off.
"""
_NARROWEST = 60.0
"""The frame is never less wide, in points."""
_BESIDE_LEFT, _BESIDE_RIGHT = 5.0, 6.0
"""Between the frame and what is written beside it."""
_MANY_TICKS_FROM = 150.0
"""The height from which on an axis names more values."""
_APART = 9.5
"""Between the baselines of two labels."""
_LABELS, _LABEL_WIDTH = 7, 38.0
"""At most so many periods are named below the chart, and no more than have this width each."""
_STYLES = {
    Line.MEAN: {"stroke": palette.MEAN, "stroke_width": 0.9},
    Line.LOWER: {"stroke": palette.LIMITS, "stroke_width": 1.1, "stroke_dasharray": "1.2 2.6"},
    Line.UPPER: {"stroke": palette.LIMITS, "stroke_width": 1.1, "stroke_dasharray": "1.2 2.6"},
    Line.TARGET: {"stroke": palette.TARGET, "stroke_width": 1.3, "stroke_dasharray": "7 3"},
    Line.TARGET_HIGH: {"stroke": palette.TARGET, "stroke_width": 1.3, "stroke_dasharray": "7 3"},
}
_OF_LABEL = {Line.TARGET: palette.TARGET, Line.TARGET_HIGH: palette.TARGET}


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the points of a chart stand."""

    chart: Chart
    scale: Scale
    left: float
    right: float
    bottom: float

    def across(self, place: float) -> float:
        """Where a period stands, from the left."""
        count = len(self.chart.points)
        return self.left + (place + 0.5) * (self.right - self.left) / count

    def height(self, value: float) -> float:
        """Where a value stands, from the top."""
        return self.scale.place(value)


def draw_figure(figure: FullChart) -> str:
    """The chart of a figure as SVG, as high as it is to be."""
    return draw_chart(figure.chart, figure.height)


def draw_chart(chart: Chart, height: float = FULL_HEIGHT) -> str:
    """The chart as SVG; one without figures says so."""
    if chart.is_empty:
        words = text("No figures yet", WIDTH / 2, height / 2, font_size=TEXT, fill=palette.SOFT, text_anchor="middle")
        return picture(WIDTH, height, words)
    bottom = height - _BELOW
    named, decimals = ticks(*around([*chart.values]), TICKS if height >= _MANY_TICKS_FROM else FEW_TICKS)
    left = max(_LEFT, _BESIDE_LEFT + max(_width(_axis_label(value, decimals)) for value in named))
    right = min(_RIGHT, WIDTH - _BESIDE_RIGHT - max((_width(label) for _, _, label in _ends(chart)), default=0))
    frame = _Frame(chart, Scale(named[0], named[-1], bottom, _TOP), left, max(right, left + _NARROWEST), bottom)
    return picture(
        WIDTH,
        height,
        *_axis(frame, named, decimals),
        *_periods(frame),
        *_notes(frame),
        *(piece for each in Line for piece in _stepped(frame, each)),
        *_series(frame),
        *(mark(frame.across(place), frame.height(point.value), point)
          for place, point in enumerate(chart.points) if point.value is not None),
        *_names(frame),
    )  # fmt: skip


def _width(label: str) -> float:
    """How wide a label is at most, in points."""
    return 0.5 * TEXT * len(label)


def _axis_label(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}"


def _axis(frame: _Frame, named: Sequence[float], decimals: int) -> Iterator[str]:
    for value in named:
        y = frame.height(value)
        yield line(frame.left, y, frame.right, y, stroke=palette.GRID, stroke_width=0.6)
        label = _axis_label(value, decimals)
        yield text(label, frame.left - _BESIDE_LEFT, y + 2.7, font_size=TEXT, fill=palette.SOFT, text_anchor="end")
    if frame.chart.unit:
        yield text(frame.chart.unit, 2, _TOP - 7, font_size=TEXT, fill=palette.SOFT)


def _periods(frame: _Frame) -> Iterator[str]:
    points = frame.chart.points
    every = -(-len(points) // max(1, min(_LABELS, int((frame.right - frame.left) / _LABEL_WIDTH))))
    # Counted back from the last, so that the period reported on is always named.
    for place in range(len(points) - 1, -1, -every):
        x = frame.across(place)
        yield line(x, frame.bottom, x, frame.bottom + 3, stroke=palette.SOFT, stroke_width=0.6)
        yield text(points[place].label, x, frame.bottom + 12, font_size=TEXT, fill=palette.SOFT, text_anchor="middle")


def _notes(frame: _Frame) -> Iterator[str]:
    """A thin line where something begins anew, with its words above the chart."""
    noted = [(place, point.note) for place, point in enumerate(frame.chart.points) if point.note]
    free_from = float("-inf")
    for place, note in noted:
        x = frame.across(place - 0.5)
        yield line(x, _TOP - 3, x, frame.bottom, stroke=palette.SOFT, stroke_width=0.6, stroke_dasharray="2 2")
        width = _width(note)
        at = min(max(x, _LEFT + _width(frame.chart.unit)), WIDTH - width)
        if at >= free_from:
            yield text(note, at, _TOP - 6, font_size=TEXT, fill=palette.SOFT)
            free_from = at + width + 6


def _stepped(frame: _Frame, which: Line) -> Iterator[str]:
    """A line of one height for as long as its value holds; a step where it moves, but not where limits begin anew."""
    style = _STYLES[which]
    before: tuple[int, float] | None = None
    for first, last, value in steps(frame.chart.line(which)):
        y = frame.height(value)
        start, end = frame.across(first - 0.5), frame.across(last + 0.5)
        if before and before[0] == first - 1 and which in _OF_LABEL:
            yield line(start, frame.height(before[1]), start, y, **style)
        yield line(start, y, end, y, **style)
        before = last, value


def _series(frame: _Frame) -> Iterator[str]:
    for run in unbroken(frame.chart.points):
        if len(run) > 1:
            path = " ".join(f"{frame.across(place):.2f},{frame.height(value):.2f}" for place, value in run)
            yield element("polyline", points=path, fill="none", stroke=palette.SERIES, stroke_width=1.3)


def unbroken(points: Sequence[ChartPoint]) -> Iterator[list[tuple[int, float]]]:
    """The runs of points between gaps, as (place, value)."""
    run: list[tuple[int, float]] = []
    for place, point in enumerate(points):
        if point.value is not None:
            run.append((place, point.value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def mark(x: float, y: float, point: ChartPoint, radius: float = 2.6) -> str:
    """The mark of a point, told apart by shape as well as by colour: diamond, triangle, square or dot.

    It is hollow where the figure lacks some of its parts.
    """
    kind, colour = point.kind, palette.MARKS[point.kind]
    look = {"fill": palette.PAPER, "stroke": colour, "stroke_width": radius * _RIM} if point.lacks_parts else {
        "fill": colour
    }  # fmt: skip
    r = radius * 1.35
    if kind is PointKind.IMPROVEMENT:
        return _polygon(look, (x, y - r), (x + r, y), (x, y + r), (x - r, y))
    if kind is PointKind.CONCERN:
        return _polygon(look, (x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8))
    if kind is PointKind.NEUTRAL:
        return element("rect", x=x - radius, y=y - radius, width=2 * radius, height=2 * radius, **look)
    return element("circle", cx=x, cy=y, r=radius * 0.85, **look)


_RIM = 0.42
"""How broad the rim of a hollow mark is, in its radius."""


def _polygon(look: Mapping[str, object], *corners: tuple[float, float]) -> str:
    return element("polygon", points=" ".join(f"{x:.2f},{y:.2f}" for x, y in corners), **look)


def _ends(chart: Chart) -> Iterator[tuple[Line, float, str]]:
    """Each line that goes on to the last figure, with its last value, and its name and that value in words."""
    last = max(place for place, point in enumerate(chart.points) if point.value is not None)
    for which in Line:
        runs = [*steps(chart.line(which))]
        if runs and runs[-1][1] >= last:
            value = runs[-1][2]
            is_range = which is Line.TARGET and any(each is not None for each in chart.line(Line.TARGET_HIGH)[last:])
            # Of whole figures, too, the mean and the limits are seldom whole.
            decimals = chart.decimals + (0 if which in _OF_LABEL else 1)
            yield which, value, f"{'target from' if is_range else NAMES[which]} {value:,.{decimals}f}"


def _names(frame: _Frame) -> Iterator[str]:
    """The name and last value of each line at its end, moved apart where two would overlap."""
    ends = sorted(((frame.height(value), which, label) for which, value, label in _ends(frame.chart)),
                  key=lambda end: end[0])  # fmt: skip
    for y, (_, which, label) in zip(_apart([end[0] for end in ends], frame.bottom + _BELOW - 6), ends, strict=True):
        fill = _OF_LABEL.get(which, palette.SOFT)
        yield text(label, frame.right + _BESIDE_RIGHT, y + 2.7, font_size=TEXT, fill=fill)


def _apart(heights: Sequence[float], lowest: float) -> list[float]:
    """Heights in order, moved down where they are too near, and back up where one would be below the lowest."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + _APART) if placed else height)
    limit = lowest
    for at in range(len(placed) - 1, -1, -1):
        placed[at] = min(placed[at], limit)
        limit = placed[at] - _APART
    return placed
