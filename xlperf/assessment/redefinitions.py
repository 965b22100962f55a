"""The changes of definition that owners have declared, for every sheet that shows the KPI."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xlperf.assessment.figures import JudgedFigure
from xlperf.assessment.latest import Latest
from xlperf.ledger import State
from xlperf.rules.joined import givers
from xlperf.rules.keys import SeriesKey

SAID_FOR = 12
"""Periods: as long as the change is among those that the dashboard draws, whoever compares them must know."""


def redefinition(latest: Latest, rows: Sequence[JudgedFigure], state: State) -> tuple[str, str]:
    """The last change of definition among the periods drawn: since when, and what changed, in words; ("", "") for none.

    Args:
        latest: how the KPI and org stands.
        rows: its judged figures, in order of time; of a rolled-up one, a change of any member counts.
        state: has what the owners said.
    """
    changes = [row for row in rows if row["changed"]]
    if not changes or latest.period is None or latest.period.number - changes[-1]["period_number"] >= SAID_FOR:
        return "", ""
    period = changes[-1]["period"]
    orgs = latest.members or givers(changes[-1])
    declared = ((org, state.figures.get((latest.kpi.id, org, period))) for org in orgs)
    said = [(org, each.now.what_changed) for org, each in declared if each is not None and each.now.changed]
    words = "; ".join(f"{org}: {what}" if latest.members else what for org, what in said if what)
    return f"definition changed in {latest.kpi.period(period).short}", words


def redefinitions(
    latest: Sequence[Latest], rows_of: Callable[[SeriesKey], Sequence[JudgedFigure]], state: State
) -> dict[SeriesKey, tuple[str, str]]:
    """`redefinition` of every KPI and org that has one."""
    found = {each.series: redefinition(each, rows_of(each.series), state) for each in latest}
    return {series: change for series, change in found.items() if change[0]}
