"""Escalation: what stage the catalogue's ladder proposes, and why in words. A person decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xlperf.catalogue import Escalation, Stage
from xlperf.rules.rag import Rag

RATED = frozenset({str(Rag.BLUE), str(Rag.GREEN), str(Rag.AMBER), str(Rag.RED)})
NO_STAGE = "None"
"""What a person types, and the master shows, for 'not in escalation'."""


@dataclass(frozen=True, slots=True)
class Rated:
    """One rated figure of a series: its period as printed, its RAG, the figure as printed, the period's last day."""

    period: str
    rag: str
    shown: str
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed stage (`NO_STAGE` for none) with its reason, and what would take the KPI out of it."""

    stage: str
    reason: str
    way_out: str = ""


def propose(
    ladder: Escalation, history: Sequence[Rated], decided: str = NO_STAGE, decided_on: date | None = None
) -> Proposal:
    """The stage the ladder proposes for one KPI and org.

    Args:
        ladder: the catalogue's stages, mildest first.
        history: the figures in order of time, the latest last. Periods with no figure, or with none due, are not in it:
            they neither lengthen a run of Reds nor break it, so that nobody leaves escalation by not returning.
        decided: name of the stage in force by decision.
        decided_on: when; only periods that end later count towards leaving, so that the figures which led to one
            decision do not at once propose the next.
    """
    rated = [figure for figure in history if figure.rag in RATED]
    reds = _run(rated, red=True)
    others = [f for f in _run(rated, red=False) if decided_on is None or f.ends is None or f.ends > decided_on]
    entered = [stage for stage in ladder.stages if len(reds) >= stage.enter.consecutive_red]
    current = _position(ladder, decided)
    if entered and _position(ladder, entered[-1].name) > current:
        stage = entered[-1]
        return Proposal(
            stage.name,
            f"Red in {_periods(reds)}; {stage.enter.consecutive_red} running lead here.",
            _out(stage),
        )
    if current < 0:
        return Proposal(NO_STAGE, "")
    stage = ladder.stages[current]
    if len(others) >= stage.leave.consecutive_not_red:
        lower = ladder.stages[current - 1].name if current else NO_STAGE
        return Proposal(lower, f"Not Red in {_periods(others)}; {stage.leave.consecutive_not_red} running lead out.")
    if not rated:
        return Proposal(stage.name, "Stays: no figure since.", _out(stage))
    if not reds and not others:
        return Proposal(stage.name, "Stays: no period has ended since the decision.", _out(stage))
    reason = f"Red in {_periods(reds)}." if reds else f"Not Red in {_periods(others)}, not yet long enough."
    return Proposal(stage.name, f"Stays: {reason}", _out(stage))


def _run(rated: Sequence[Rated], *, red: bool) -> list[Rated]:
    """The figures at the end of the series that are all Red, or all not."""
    run: list[Rated] = []
    for figure in reversed(rated):
        if (figure.rag == Rag.RED) is not red:
            break
        run.append(figure)
    return run[::-1]


def _position(ladder: Escalation, name: str) -> int:
    """Where a stage stands on the ladder; -1 for none and for a name the ladder does not have."""
    names = [stage.name.casefold() for stage in ladder.stages]
    return names.index(name.casefold()) if name.casefold() in names else -1


def _periods(run: Sequence[Rated]) -> str:
    shown = [f"{figure.period} ({figure.shown})" for figure in run[-4:]]
    text = shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]
    earlier = len(run) - len(shown)
    return f"{earlier} earlier and {text}" if earlier else text


def _out(stage: Stage) -> str:
    count = stage.leave.consecutive_not_red
    return f"Green or Amber in {count} period{'s' if count > 1 else ''} running"
