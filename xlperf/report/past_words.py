"""What is said of past figures that the catalogue, or a later xlperf, shows otherwise than they were shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xlperf.assessment.past import PastChange, PastChanges, colour_moves
from xlperf.period import Period


def past_lines(changes: PastChanges) -> list[str]:
    """A line for each KPI: how many of its past figures change from which colour to which, when, and why."""
    return _lines(changes, changes.changes)


def not_past_lines(changes: PastChanges) -> list[str]:
    """As `past_lines`, of the period in hand."""
    return _lines(changes, changes.not_past)


def past_heading(changes: PastChanges) -> str:
    """How many past figures change, as the beginning of a sentence."""
    return f"{len(changes.changes)} past figure{'' if len(changes.changes) == 1 else 's'}"


def not_past_heading(changes: PastChanges) -> str:
    """As `past_heading`, of the period in hand."""
    return f"{len(changes.not_past)} figure{'' if len(changes.not_past) == 1 else 's'} of the period in hand"


def _lines(changes: PastChanges, listed: Iterable[PastChange]) -> list[str]:
    by_kpi: dict[str, list[PastChange]] = {}
    for change in listed:
        by_kpi.setdefault(change.key[0], []).append(change)
    return [
        f"{kpi_id} {changes.names.get(kpi_id, '')}: {_colours(of_kpi)}; {_periods(of_kpi)}; {_reason(changes, kpi_id)}."
        for kpi_id, of_kpi in by_kpi.items()
    ]


def _colours(changes: Sequence[PastChange]) -> str:
    moves = [(change.before.rag, change.now.rag) for change in changes if change.changes_colour]
    values = len(changes) - len(moves)
    return ", ".join(filter(None, (colour_moves(moves), f"{values} in value alone" if values else "")))


def _periods(changes: Sequence[PastChange]) -> str:
    periods = sorted({change.key[2] for change in changes}, key=_day)
    orgs = list(dict.fromkeys(change.key[1] for change in changes))
    of_orgs = orgs[0] if len(orgs) == 1 else f"{len(orgs)} orgs"
    return f"{of_orgs}, {periods[0]}" + (f" to {periods[-1]}" if len(periods) > 1 else "")


def _day(period: str) -> int:
    return Period.parse(period).last_day.toordinal()


def _reason(changes: PastChanges, kpi_id: str) -> str:
    reason = changes.reasons.get(kpi_id)
    return f"because of a change in {reason}" if reason else "this version of xlperf judges them otherwise"
