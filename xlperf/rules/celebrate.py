"""Good news. What went well is reported beside what did not, because nobody uses a framework that only finds fault.

After the HEIW performance framework, which asks that good performance be celebrated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xlperf.rules.escalation.case import OFF_TARGET, RATED
from xlperf.rules.runs import JudgedRow, on_target
from xlperf.rules.trend import DETERIORATING, IMPROVING


def celebrations(rows: Sequence[JudgedRow], short: Callable[[str], str], trend: str, sustained: int) -> tuple[str, ...]:
    """What there is to celebrate of a KPI, in words; () where there is nothing.

    Args:
        rows: of `rules.assess.assess`, of one series in order of time.
        short: the name of a period, as it is printed.
        trend: its trend, see `rules.process`.
        sustained: so many figures on target running are worth celebrating.

    Nothing off target is good news, however it moves, nor is a KPI on target that is deteriorating.
    """
    rated = [row for row in rows if row["rag"] in RATED]
    run = on_target(rated)
    if run is None or trend == DETERIORATING:
        return ()
    latest, before = rated[-1], rated[-2] if len(rated) > 1 else None
    reasons = []
    if before is not None and before["rag"] in OFF_TARGET:
        reasons.append(
            f"target newly met: {latest['rag']} in {short(latest['period'])} ({latest['shown']}), "
            f"{before['rag']} in {short(before['period'])} ({before['shown']})"
        )
    elif run.figures >= sustained:
        reasons.append(f"on target for {run.words}, since {short(run.first['period'])}")
    if trend == IMPROVING:
        reasons.append("improving")
    return tuple(reasons)
