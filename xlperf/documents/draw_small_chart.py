"""A chart as small as a cell, as SVG: the figures, the band between the process limits, the target, special marks."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.documents import palette
from xlperf.documents.axis import Scale, around
from xlperf.documents.chart_data import Chart, Line, PointKind, steps
from xlperf.documents.draw_chart import mark, unbroken
from xlperf.documents.svg import element, line, picture

WIDTH, HEIGHT = 60.0, 9.6
_EDGE = 2.2
_LAST = 1.9
"""The radius of the last mark, in points: large enough to be seen to be round where it is no special cause."""
_SPECIAL = (PointKind.IMPROVEMENT, PointKind.CONCERN, PointKind.NEUTRAL)


def draw_small_chart(chart: Chart) -> str:
    """The chart as SVG. It is told in words beside it, so that none of it need be read."""
    if chart.is_empty:
        return picture(WIDTH, HEIGHT)
    scale = Scale(*around([*chart.values]), HEIGHT - _EDGE, _EDGE)
    return picture(WIDTH, HEIGHT, *_band(chart, scale), *_target(chart, scale), *_figures(chart, scale))


def _across(chart: Chart, place: float) -> float:
    return _EDGE + (place + 0.5) * (WIDTH - 2 * _EDGE) / len(chart.points)


def _band(chart: Chart, scale: Scale) -> Iterator[str]:
    limits = [
        None if point.lower is None or point.upper is None else (point.lower, point.upper) for point in chart.points
    ]
    for first, last, (lower, upper) in steps(limits):
        x, top = _across(chart, first - 0.5), scale.place(upper)
        yield element(
            "rect",
            x=x,
            y=top,
            width=_across(chart, last + 0.5) - x,
            height=max(scale.place(lower) - top, 0.4),
            fill=palette.LIMITS_BAND,
        )


def _target(chart: Chart, scale: Scale) -> Iterator[str]:
    for which in (Line.TARGET, Line.TARGET_HIGH):
        for first, last, value in steps(chart.line(which)):
            y = scale.place(value)
            yield line(
                _across(chart, first - 0.5),
                y,
                _across(chart, last + 0.5),
                y,
                stroke=palette.TARGET,
                stroke_width=0.8,
                stroke_dasharray="2.5 1.5",
            )


def _figures(chart: Chart, scale: Scale) -> Iterator[str]:
    for run in unbroken(chart.points):
        path = " ".join(f"{_across(chart, place):.2f},{scale.place(value):.2f}" for place, value in run)
        if len(run) > 1:
            yield element("polyline", points=path, fill="none", stroke=palette.SERIES, stroke_width=0.9)
    last = max(place for place, point in enumerate(chart.points) if point.value is not None)
    for place, point in enumerate(chart.points):
        if point.value is not None and (place == last or point.kind in _SPECIAL):
            radius = _LAST if place == last else 1.0
            yield mark(_across(chart, place), scale.place(point.value), point, radius)
