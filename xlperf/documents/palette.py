"""The colours of every document, each as dark or as light as what it is for needs (a test computes the contrasts)."""

from __future__ import annotations

from xlperf.documents.chart_data import PointKind
from xlperf.documents.document import Tone

PAPER = "#FFFFFF"
INK, SOFT = "#1F2A33", "#424F5A"
HEADING = "#003087"
BAND, RULE = "#E8EDEE", "#C5CED3"
GROUNDS = {
    Tone.RED: "#F5B5AE",
    Tone.AMBER: "#FFE08A",
    Tone.GREEN: "#A9DFB2",
    Tone.BLUE: "#B3D4F7",
    Tone.GOOD: "#D6E6F7",
    Tone.BAD: "#FBE0CC",
}
SERIES = "#3C4F5C"
GRID = "#E1E6E9"
LIMITS_BAND = "#DDE6EC"
LIMITS, MEAN, TARGET = "#5A6A76", "#3C4F5C", "#B00E1B"
MARKS = {
    PointKind.NOT_JUDGED: "#3C4F5C",
    PointKind.COMMON: "#6F7F8B",
    PointKind.IMPROVEMENT: "#005EB8",
    PointKind.CONCERN: "#C05000",
    PointKind.NEUTRAL: "#5B3FA0",
}
"""Making Data Count's: blue for improvement, orange for concern, grey for common cause, purple for no direction."""
