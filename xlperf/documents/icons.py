"""Signs for the SPC verdicts, drawn after Making Data Count's: a ring in the verdict's colour, with what it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from xlperf.documents import palette
from xlperf.documents.chart_data import PointKind
from xlperf.documents.document import Icon
from xlperf.documents.svg import element, line, picture, text

SIDE = 11.0
_BLUE, _ORANGE = palette.MARKS[PointKind.IMPROVEMENT], palette.MARKS[PointKind.CONCERN]
_GREY, _PURPLE = palette.MARKS[PointKind.COMMON], palette.MARKS[PointKind.NEUTRAL]
_MIXED, _RISING, _FALLING = (7.0, 4.2, 6.6, 4.6), (7.4, 6.8, 3.8, 3.6), (3.8, 3.6, 7.0, 7.4)
_SHAPES: Mapping[Icon, tuple[str, Sequence[float], str]] = {
    Icon.IMPROVING_HIGH: (_BLUE, _RISING, ""),
    Icon.IMPROVING_LOW: (_BLUE, _FALLING, ""),
    Icon.CONCERN_HIGH: (_ORANGE, _RISING, ""),
    Icon.CONCERN_LOW: (_ORANGE, _FALLING, ""),
    Icon.NEUTRAL_HIGH: (_PURPLE, _RISING, ""),
    Icon.NEUTRAL_LOW: (_PURPLE, _FALLING, ""),
    Icon.COMMON: (_GREY, _MIXED, ""),
    Icon.WILL_MEET: (_BLUE, (), "P"),
    Icon.MAY_OR_MAY_NOT: (_GREY, (), "?"),
    Icon.WILL_MISS: (_ORANGE, (), "F"),
}


def draw_icon(icon: Icon) -> str:
    """The sign as SVG."""
    colour, dots, letter = _SHAPES[icon]
    middle = SIDE / 2
    ring = element("circle", cx=middle, cy=middle, r=middle - 0.7, fill=palette.PAPER, stroke=colour, stroke_width=1.1)
    places = [(2.9 + 1.75 * at, height) for at, height in enumerate(dots)]
    pieces = [
        *(line(*one, *other, stroke=colour, stroke_width=0.5) for one, other in pairwise(places)),
        *(element("circle", cx=x, cy=y, r=0.85, fill=colour) for x, y in places),
    ]
    if letter:
        pieces.append(
            text(letter, middle, middle + 2.4, font_size=7, font_weight="bold", fill=colour, text_anchor="middle")
        )
    return picture(SIDE, SIDE, ring, *pieces)
