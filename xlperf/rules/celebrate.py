"""Good news: what went well is reported beside what did not, because a framework that only finds fault is not used.

After the HEIW performance framework, which asks that good performance be celebrated.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlperf.rules.escalation import Rated
from xlperf.rules.rag import Rag
from xlperf.rules.trend import DETERIORATING, IMPROVING

_ON_TARGET = frozenset({str(Rag.GREEN), str(Rag.BLUE)})
_OFF_TARGET = frozenset({str(Rag.AMBER), str(Rag.RED)})


def celebrations(history: Sequence[Rated], trend: str, sustained: int) -> tuple[str, ...]:
    """What there is to celebrate of a KPI, in words; () where there is nothing.

    Args:
        history: its rated figures in order of time, the latest last.
        trend: its trend, see `rules.process`.
        sustained: Green in so many periods running is worth celebrating.

    A KPI on target that is deteriorating is no good news, and is not listed.
    """
    if not history or trend == DETERIORATING:
        return ()
    latest, before = history[-1], history[-2] if len(history) > 1 else None
    reasons = []
    if latest.rag in _ON_TARGET:
        run = _run_on_target(history)
        if before is not None and before.rag in _OFF_TARGET:
            reasons.append(
                f"target newly met: {latest.rag} in {latest.period} ({latest.shown}), "
                f"{before.rag} in {before.period} ({before.shown})"
            )
        elif run >= sustained:
            reasons.append(f"on target for {run} periods running, since {history[-run].period}")
    if trend == IMPROVING:
        reasons.append("improving" if latest.rag in _ON_TARGET else f"improving, though {latest.rag} still")
    return tuple(reasons)


def _run_on_target(history: Sequence[Rated]) -> int:
    count = 0
    for figure in reversed(history):
        if figure.rag not in _ON_TARGET:
            break
        count += 1
    return count
