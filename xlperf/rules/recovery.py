"""The way back to target that was promised for a KPI that is off it, and how its figures stand against that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from xlperf.catalogue import Direction, Kind, Kpi
from xlperf.period import Period
from xlperf.rules.movement import BETTER, MOVES, SAME, badness, movement, smallest_change
from xlperf.rules.rag import limits, rate_one
from xlperf.rules.ratings import Rag


@dataclass(frozen=True, slots=True)
class Promise:
    """The figure, in the KPI's unit, that was promised for a KPI period."""

    period: Period
    figure: float


class RecoveryStanding(StrEnum):
    """How a figure stands against what was promised for its period."""

    AHEAD = "ahead"
    ON = "on the path"
    BEHIND = "behind"
    NO_FIGURE = "no figure"
    NOT_YET = "nothing due yet"


@dataclass(frozen=True, slots=True)
class Recovery:
    """A recovery path, judged.

    Attributes:
        standing: how the figure of `promised` stands.
        promised: the last promise that has come due; None where none has.
        came: the figure of that period; None where there is none.
        back_on_target: the first period for which a figure that meets its target is promised; None if for none.
    """

    standing: RecoveryStanding
    promised: Promise | None
    came: float | None
    back_on_target: Period | None

    @property
    def is_behind(self) -> bool:
        """Whether it is behind what was promised; a figure that is missing is, as nobody gains by not returning it."""
        return self.standing in (RecoveryStanding.BEHIND, RecoveryStanding.NO_FIGURE)


def judge_recovery(kpi: Kpi, path: Sequence[Promise], came: Mapping[Period, float], due: Period) -> Recovery:
    """A recovery path, judged by the last of its promises that has come due.

    A figure is ahead or behind if it is better or worse than promised, by `material` at least where the KPI has that.
    For a range, nearer to it is better, and all figures inside are equal. A milestone has no path.

    Args:
        kpi: whose direction, targets and `material` apply.
        path: at least one promise, in any order, one for a period.
        came: the actuals by KPI period; of figures to date those to date.
        due: the last KPI period that a figure is due for.

    Raises:
        ValueError: there is no promise; or the KPI is a milestone, or neither direction of it is better.
    """
    if not path or kpi.kind is Kind.MILESTONE or kpi.direction is Direction.NEUTRAL:
        raise ValueError("a recovery path is one figure or more, of a KPI that has a target and is no milestone")
    in_order = sorted(path, key=lambda promise: promise.period)
    back = next((promise.period for promise in in_order if _meets(kpi, promise)), None)
    reached = [promise for promise in in_order if promise.period <= due]
    if not reached:
        return Recovery(RecoveryStanding.NOT_YET, None, None, back)
    promised = reached[-1]
    figure = came.get(promised.period)
    standing = RecoveryStanding.NO_FIGURE if figure is None else _standing(kpi, promised, figure)
    return Recovery(standing, promised, figure, back)


def _meets(kpi: Kpi, promise: Promise) -> bool:
    return rate_one(promise.figure, limits(kpi.target_for(promise.period), kpi.direction)) is Rag.GREEN


def _standing(kpi: Kpi, promised: Promise, figure: float) -> RecoveryStanding:
    within = limits(kpi.target_for(promised.period), kpi.direction)
    ends = np.array([within.green_from]), np.array([within.green_to])
    bad, promised_bad = (
        badness(np.array([each]), np.array([kpi.direction]), *ends) for each in (figure, promised.figure)
    )
    absolute, relative = (
        np.array([np.nan if amount is None else float(amount)])
        for amount in ((kpi.material.absolute, kpi.material.relative) if kpi.material else (None, None))
    )
    smallest = smallest_change(absolute, relative, np.array([promised.figure]))
    move = MOVES[int(movement(bad, promised_bad, np.array([False]), smallest)[0])]
    return {BETTER: RecoveryStanding.AHEAD, SAME: RecoveryStanding.ON}.get(move, RecoveryStanding.BEHIND)
