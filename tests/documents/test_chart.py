"""What a chart draws: every figure, every line in its own style, and a scale that holds them all."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from xlperf.documents import palette
from xlperf.documents.axis import ticks
from xlperf.documents.chart_data import Chart, ChartPoint, PointKind, steps
from xlperf.documents.document import FULL_HEIGHT, LOW_HEIGHT
from xlperf.documents.draw_chart import WIDTH, draw_chart
from xlperf.documents.draw_small_chart import draw_small_chart
from xlperf.documents.fonts import REGULAR

FIGURES = st.one_of(st.none(), st.floats(-1e6, 1e6, allow_subnormal=False))
MARK = re.compile(r"<(?:circle|polygon|rect) ")


def chart(*values: float | None, **lines: float) -> Chart:
    """A chart of these figures, with these lines at every point."""
    points = (ChartPoint(f"P{at}", value, PointKind.COMMON, **lines) for at, value in enumerate(values))  # type: ignore[arg-type]
    return Chart("what it shows", tuple(points))


@given(st.lists(FIGURES, min_size=1, max_size=60))
def test_every_figure_has_one_mark(values: list[float | None]) -> None:
    assert len(MARK.findall(draw_chart(chart(*values)))) == sum(value is not None for value in values)


@given(st.lists(FIGURES, min_size=1, max_size=60))
def test_the_last_figure_of_a_small_chart_has_a_mark(values: list[float | None]) -> None:
    marks = MARK.findall(draw_small_chart(chart(*values)))
    assert len(marks) == any(value is not None for value in values)


@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9))
def test_the_named_values_enclose_all(low: float, width: float) -> None:
    high = low + width
    if high == low:
        return
    named, decimals = ticks(low, high)
    assert named[0] <= low + width * 1e-6
    assert named[-1] >= high - width * 1e-6
    assert len(named) <= 9
    assert len({f"{value:.{decimals}f}" for value in named}) == len(named)


def test_a_gap_breaks_the_line() -> None:
    assert draw_chart(chart(1, 2, None, 3, 4)).count("<polyline") == 2


def test_a_target_that_moved_is_drawn_with_a_step_and_named_at_its_end() -> None:
    points = tuple(ChartPoint(str(at), 5.0 + at, target=30.0 if at < 3 else 25.0) for at in range(6))
    drawn = draw_chart(Chart("moved", points))
    assert drawn.count('stroke-dasharray="7 3"') == 3
    assert "target 25.0" in drawn
    assert "target 30.0" not in drawn


def test_limits_that_begin_anew_are_said() -> None:
    points = tuple(
        ChartPoint(str(at), 5.0, lower=1.0, upper=9.0, note="new limits" if at == 3 else "") for at in range(6)
    )
    assert "new limits" in draw_chart(Chart("rebase", points))


def test_lines_that_end_together_have_names_apart() -> None:
    drawn = draw_chart(chart(1, 9, mean=5.0, lower=4.99, upper=5.01, target=5.0))
    heights = [float(y) for y in re.findall(r'<text x="318" y="([\d.]+)"', drawn)]
    assert len(heights) == 4
    assert all(below - above >= 9 for above, below in zip(sorted(heights), sorted(heights)[1:], strict=False))


@pytest.mark.parametrize("label", ["<script>alert(1)</script>", "a & b", '"'])
def test_text_is_text(label: str) -> None:
    drawn = draw_chart(Chart("", (ChartPoint(label, 1.0), ChartPoint("x", 2.0))))
    assert "<script" not in drawn


def test_steps_are_runs_of_one_value() -> None:
    assert list(steps([None, 1, 1, 2, None, 2])) == [(1, 2, 1), (3, 3, 2), (5, 5, 2)]


@pytest.mark.parametrize("size", [1e-9, 12.5, 12_345_678, -250_000_000, 1e15])
def test_no_digit_of_what_is_written_beside_the_figures_is_cut_off(size: float) -> None:
    lines = {"mean": size, "lower": size * 0.9, "upper": size * 1.1, "target": 0.5 * size, "target_high": size * 2}
    drawn = etree.fromstring(draw_chart(chart(*(size * (1 + at / 10) for at in range(24)), **lines)))
    with TTFont(REGULAR) as font:
        letters, widths = font.getBestCmap(), font["hmtx"]
    labels = []
    for each in drawn.iter("{http://www.w3.org/2000/svg}text"):
        width = sum(widths[letters[ord(letter)]][0] for letter in each.text) / 1000 * float(each.get("font-size"))
        begins = float(each.get("x")) - width * {"end": 1, "middle": 0.5}.get(each.get("text-anchor"), 0)
        assert 0 <= begins <= begins + width <= WIDTH, each.text
        labels.append((float(each.get("y")), begins, begins + width))
    beside = sorted(labels)
    assert all(one[0] != other[0] or one[2] < other[1] for one, other in pairwise(beside)), "one label is on another"


def test_a_figure_that_lacks_some_of_its_parts_is_hollow_and_keeps_its_shape() -> None:
    """In both charts; in the small one only the last figure and special causes have a mark at all."""
    whole, lacking = ChartPoint("P1", 1.0, PointKind.COMMON), ChartPoint("P2", 2.0, PointKind.CONCERN, lacks_parts=True)
    for drawn in (draw_chart(Chart("", (whole, lacking))), draw_small_chart(Chart("", (whole, lacking)))):
        (hollow,) = re.findall(
            rf'<(\w+) [^>]*fill="{palette.PAPER}"[^>]*stroke="{palette.MARKS[PointKind.CONCERN]}"', drawn
        )
        assert hollow == "polygon"


@pytest.mark.parametrize("height", [LOW_HEIGHT, 150.0, FULL_HEIGHT])
def test_what_is_written_beside_a_low_chart_stands_apart_and_within_it(height: float) -> None:
    lines = {"mean": 5.0, "lower": 4.0, "upper": 6.0, "target": 5.1}
    drawn = etree.fromstring(draw_chart(chart(*(4.5 + at % 3 / 2 for at in range(24)), **lines), height))
    assert float(drawn.get("height").removesuffix("pt")) == height
    for anchor in ("end", None):
        beside = [float(each.get("y")) for each in drawn.iter("{*}text") if each.get("text-anchor") == anchor]
        apart = sorted(y for y in beside if y > 12)
        assert all(0 < y < height for y in beside)
        assert all(lower - upper >= 8 for upper, lower in pairwise(apart))
