"""What an owner is to type for a figure, and into which cells."""

from __future__ import annotations

from xlperf.catalogue import Kpi
from xlperf.returns.figure_cells import input_kind
from xlperf.returns.kpi_words import measure_words
from xlperf.rules.wording import capital


def to_give(kpi: Kpi) -> str:
    """What is to be typed, and into which cells."""
    covers = f" {capital(measure_words(kpi))}." if kpi.is_cumulative else ""
    match input_kind(kpi):
        case "milestone":
            return "Milestone: choose where it stands."
        case "parts":
            return f"Numerator: {_sentence(kpi.numerator)} Denominator: {_sentence(kpi.denominator)}{covers}"
        case _:
            unit = f", in {kpi.shown_unit}" if kpi.shown_unit else ""
            return f"Actual: one figure{unit}.{covers}"


def _sentence(text: str) -> str:
    return f"{text.rstrip(' .')}."
