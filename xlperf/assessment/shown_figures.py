"""Every figure as an assessment shows it, for comparing one with another."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

from xlperf.assessment.assessment import Assessment
from xlperf.assessment.latest import of_parts
from xlperf.digits import fifteen
from xlperf.returns.figure import FigureKey
from xlperf.rules.rag import Rag


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure as it is shown: its values, its colour, both in words, and how many orgs are in it."""

    values: tuple[object, ...]
    rag: str
    words: str
    orgs: str


_KEY = ("kpi_id", "org", "period")
_SHOWN = (*_KEY, "rag", "shown", "reported", "expected", "not_applicable", "milestone")
_NUMBERS = ("actual", "numerator", "denominator")


def shown_figures(assessment: Assessment) -> dict[FigureKey, ShownFigure]:
    """Every figure up to the reporting period, rolled-up ones among them."""
    figures = {}
    columns = (assessment.own[name].tolist() for name in (*_SHOWN, *_NUMBERS))
    for kpi_id, org, period, rag, shown, reported, expected, not_applicable, milestone, *given in zip(
        *columns, strict=True
    ):
        numbers = [None if isnan(number) else fifteen(number) for number in given]
        figure = "" if not_applicable or not shown else f"{shown}{_parts(*numbers[1:])}"
        words = f"{figure}, no target" if figure and rag == Rag.NO_TARGET else f"{rag} ({figure})" if figure else rag
        values = (not_applicable, milestone, *numbers)
        figures[kpi_id, org, period] = ShownFigure(
            values, rag, words, of_parts({"reported": reported, "expected": expected})
        )
    return figures


def _parts(numerator: float | None, denominator: float | None) -> str:
    if numerator is None or denominator is None:
        return ""
    return f": {numerator:,.15g} of {denominator:,.15g}"


def shown_keys(assessment: Assessment) -> frozenset[FigureKey]:
    """The keys of these figures."""
    columns = (assessment.own[name].tolist() for name in _KEY)
    return frozenset(zip(*columns, strict=True))
