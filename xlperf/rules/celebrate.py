"""Good news. What went well is reported beside what did not, because nobody uses a framework that only finds fault.

After the HEIW performance framework, which asks that good performance be celebrated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from xlperf.rules.escalation.case import OFF_TARGET, RATED
from xlperf.rules.runs import JudgedRow, on_target
from xlperf.rules.trend import DETERIORATING, IMPROVING


def celebrations(
    rows: Sequence[JudgedRow], short: Callable[[str], str], trend: str, sustained: int, fell: int | None = None
) -> tuple[str, ...]:
    """What there is to celebrate of a KPI, in words; () where there is nothing.

    Args:
        rows: of `rules.assess.assess`, of one series in order of time.
        short: the name of a period, as it is printed.
        trend: its trend, see `rules.process`.
        sustained: so many figures on target running are worth celebrating.
        fell: the number of the period of the last fall that was warned of; None for none.

    Nothing off target is good news, however it moves, nor is a KPI on target that is deteriorating. Nor is it that a
    figure is back where it was before a fall that was warned of, until it has stayed there as long as is worth
    celebrating anyway.
    """
    rated = [row for row in rows if row["rag"] in RATED]
    run = on_target(rows)
    if run is None or trend == DETERIORATING:
        return ()
    if fell is not None and fell >= _news_from(rated, run.figures):
        run = on_target([row for row in rated if row["period_number"] > fell])
        if run is None or run.figures < sustained:
            return ()
        run = replace(run, is_from_first=False)
    latest, before = rated[-1], rated[-2] if len(rated) > 1 else None
    reasons = []
    if before is not None and before["rag"] in OFF_TARGET:
        reasons.append(
            f"newly on target: {latest['rag']} in {short(latest['period'])} ({latest['shown']}), "
            f"{before['rag']} in {short(before['period'])} ({before['shown']})"
        )
    elif run.figures >= sustained:
        reasons.append(f"on target for {run.words}, {run.since(short)}")
    if trend == IMPROVING:
        reasons.append("improving")
    return tuple(reasons)


def _news_from(rated: Sequence[JudgedRow], on_target_for: int) -> int:
    """The number of the period from which on what happened is news: of the first figure off target before the run."""
    first = len(rated) - on_target_for
    while first > 0 and rated[first - 1]["rag"] in OFF_TARGET:
        first -= 1
    return int(rated[first]["period_number"])
