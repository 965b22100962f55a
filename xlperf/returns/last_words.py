"""What an owner said last time about a KPI and org, to be read beside what is asked now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from xlperf.catalogue import Kpi, Org
from xlperf.digits import written
from xlperf.period import Period
from xlperf.returns import layout
from xlperf.returns.figure import Figure, FigureKey

_LOOKED_BACK = 4
"""Periods; what was said before them is no longer about the same thing."""
_LONGEST = 30_000
"""Characters; a cell holds 32,767."""


def last_words(kpi: Kpi, org: Org, period: Period, figures: Mapping[FigureKey, Figure]) -> dict[str, str]:
    """The cells that repeat what was said with the last figure before a period, each with that figure's period."""
    keys = ((before, (kpi.id, org.code, str(before))) for before in _before(period))
    spoken = next(((before, figures[key]) for before, key in keys if key in figures), None)
    if spoken is None:
        return {}
    before, figure = spoken
    words = {
        layout.LAST_COMMENTARY.header: figure.commentary,
        layout.LAST_CAUSE.header: figure.cause,
        layout.LAST_ACTION.header: _action(figure),
        layout.LAST_FORECAST.header: "" if figure.forecast is None else written(figure.forecast),
    }
    return {header: f"{before.short}: {text}"[:_LONGEST] for header, text in words.items() if text}


def _before(period: Period) -> Iterator[Period]:
    return (period.previous(count) for count in range(1, _LOOKED_BACK + 1))


def _action(figure: Figure) -> str:
    """The action with who does it, and by when."""
    by = date.fromisoformat(figure.action_due) if figure.action_due else None
    due = f"by {by.day} {by:%b %Y}" if by else ""
    who = ", ".join(filter(None, (figure.action_owner, due)))
    return f"{figure.action} ({who})" if figure.action and who else figure.action or who
