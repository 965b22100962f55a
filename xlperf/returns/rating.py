"""The RAG of one figure of a return."""

from __future__ import annotations

from xlperf.catalogue import Kpi
from xlperf.period import Period
from xlperf.returns.figure import Figure
from xlperf.rules.milestones import counts_as
from xlperf.rules.rag import MILESTONES, Rag, limits, rate_one


def rate_figure(kpi: Kpi, figure: Figure) -> Rag:
    """The RAG of one figure against the target of its period."""
    if figure.not_applicable:
        return Rag.NOT_APPLICABLE
    period = Period.parse(figure.period, kpi.frequency)
    target = kpi.target_for(period)
    if figure.milestone:
        return MILESTONES[counts_as(figure.milestone, target, period.last_day)]
    if figure.actual is None:
        return Rag.NOT_RETURNED
    return rate_one(figure.actual, limits(target, kpi.direction))
