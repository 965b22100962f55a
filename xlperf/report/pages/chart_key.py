"""The key of charts: what their lines and marks mean, of those alone that are in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from xlperf.documents.chart_data import Chart, Line, PointKind

_LINES = (
    ((Line.MEAN,), "solid line = mean"),
    ((Line.LOWER, Line.UPPER), "dotted = process limits"),
    ((Line.TARGET, Line.TARGET_HIGH), "dashed = target"),
)
_MARKS = {
    PointKind.COMMON: "grey dot = no change",
    PointKind.IMPROVEMENT: "blue diamond = improvement",
    PointKind.CONCERN: "orange triangle = concern",
    PointKind.NEUTRAL: "purple square = unusually high or low",
    PointKind.NOT_JUDGED: "dark dot = not judged",
}
_HOLLOW = "hollow mark = not every part is in the figure"


def full_key(charts: Sequence[Chart]) -> str:
    """What is in charts of full width: `solid line = mean, dashed = target; grey dot = no change`; "" for no chart."""
    lines = [words for of, words in _LINES if any(_has_line(chart, of) for chart in charts)]
    return "; ".join(filter(None, (", ".join(lines), ", ".join(_marks(charts, _MARKS)))))


def small_key(charts: Sequence[Chart]) -> str:
    """As `full_key`, of charts as small as a cell, in which only special causes and the last figure have marks."""
    lines = []
    if any(_has_line(chart, (Line.LOWER, Line.UPPER)) for chart in charts):
        lines.append("band = process limits")
    if any(_has_line(chart, (Line.TARGET, Line.TARGET_HIGH)) for chart in charts):
        lines.append("dashed = target")
    special = (PointKind.IMPROVEMENT, PointKind.CONCERN, PointKind.NEUTRAL)
    marks = _marks([_drawn_small(chart) for chart in charts], special)
    return ", ".join([*lines, *marks, "last mark = latest figure"])


def _has_line(chart: Chart, of: Iterable[Line]) -> bool:
    return any(value is not None for which in of for value in chart.line(which))


def _marks(charts: Sequence[Chart], kinds: Iterable[PointKind]) -> Iterator[str]:
    points = [point for chart in charts for point in chart.points if point.value is not None]
    yield from (_MARKS[kind] for kind in kinds if any(point.kind is kind for point in points))
    if any(point.lacks_parts for point in points):
        yield _HOLLOW


def _drawn_small(chart: Chart) -> Chart:
    """The points that have marks in a small chart."""
    with_figure = [point for point in chart.points if point.value is not None]
    special = (PointKind.IMPROVEMENT, PointKind.CONCERN, PointKind.NEUTRAL)
    drawn = (point for point in with_figure if point.kind in special or point is with_figure[-1])
    return Chart(chart.alt, tuple(drawn), chart.decimals, chart.unit)
