"""The colours of the documents: dark enough to be read (WCAG 2.1 AA), and never the only thing that tells two apart."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from xlperf.documents import palette
from xlperf.documents.chart_data import Chart, ChartPoint, Line, PointKind
from xlperf.documents.document import Icon
from xlperf.documents.draw_chart import draw_chart, mark
from xlperf.documents.icons import draw_icon

TEXT, MARK = 4.5, 3.0
"""The contrast that WCAG 2.1 asks of text (1.4.3), and of what is not text (1.4.11)."""


def luminance(colour: str) -> float:
    """The relative luminance of a colour, as WCAG defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("ground", [palette.PAPER, palette.BAND, *palette.GROUNDS.values()])
def test_text_can_be_read_on_every_ground(ground: str) -> None:
    assert contrast(palette.INK, ground) >= TEXT


@pytest.mark.parametrize("ground", [palette.PAPER, palette.BAND])
def test_notes_can_be_read(ground: str) -> None:
    assert contrast(palette.SOFT, ground) >= TEXT


def test_headings_can_be_read() -> None:
    assert contrast(palette.HEADING, palette.PAPER) >= TEXT


@pytest.mark.parametrize("name", ["SERIES", "MEAN", "LIMITS", "TARGET"])
def test_lines_can_be_seen_on_paper_and_on_the_band(name: str) -> None:
    for ground in (palette.PAPER, palette.LIMITS_BAND):
        assert contrast(getattr(palette, name), ground) >= MARK


@pytest.mark.parametrize("kind", list(PointKind))
def test_marks_can_be_seen_on_paper_and_on_the_band(kind: PointKind) -> None:
    for ground in (palette.PAPER, palette.LIMITS_BAND):
        assert contrast(palette.MARKS[kind], ground) >= MARK


@pytest.mark.parametrize("icon", list(Icon))
def test_signs_can_be_seen(icon: Icon) -> None:
    (ring,) = set(re.findall(r'stroke="(#\w+)"', draw_icon(icon)))
    assert contrast(ring, palette.PAPER) >= MARK


def shape(drawn: str) -> str:
    """What a mark looks like without its colour."""
    return re.sub(r'fill="#\w+"', "", drawn)


def test_in_grey_special_marks_differ_in_shape() -> None:
    kinds = (PointKind.COMMON, PointKind.IMPROVEMENT, PointKind.CONCERN, PointKind.NEUTRAL)
    for one, other in combinations(kinds, 2):
        assert shape(mark(5, 5, ChartPoint("", 1.0, one))) != shape(mark(5, 5, ChartPoint("", 1.0, other)))


def test_in_grey_lines_differ_in_style_and_each_is_named() -> None:
    points = tuple(ChartPoint(str(at), 5.0 + at, mean=6.0, lower=1.0, upper=9.0, target=4.0) for at in range(3))
    drawn = draw_chart(Chart("", points))
    styles = {re.search(r'stroke-dasharray="([^"]+)"', each) for each in re.findall(r"<line [^>]+>", drawn)}
    assert len({match.group(1) for match in styles if match}) == 2
    for line in (Line.MEAN, Line.LOWER, Line.UPPER, Line.TARGET):
        assert {"mean": "mean 6.0", "lower": "lower limit 1.0", "upper": "upper limit 9.0", "target": "target 4.0"}[
            line.value
        ] in drawn
