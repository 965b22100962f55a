"""The way back to target that was promised for a KPI that is off it, and how its figures stand against that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from xlperf.catalogue import Direction, Kind, Kpi
from xlperf.period import Frequency, Period
from xlperf.rules.movement import BETTER, MOVES, SAME, badness, difference, movement, smallest_change
from xlperf.rules.rag import RagLimits, limits, rate_one
from xlperf.rules.ratings import Rag
from xlperf.rules.target_in_force import target_of

ASKED_PERIODS = {
    Frequency.MONTHLY: 6, Frequency.QUARTERLY: 4, Frequency.HALF_YEARLY: 2, Frequency.ANNUAL: 2,
    Frequency.ACADEMIC_YEAR: 2,
}  # fmt: skip
"""For how many of the next periods a figure is asked: about as far ahead as anybody can promise."""


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
        apart: how far that figure is from the one promised, in the KPI's unit; of a range, by how much nearer to it or
            farther from it. 0 where there is none, or nothing has come due.
        back_on_target: the first period for which a figure that meets its target is promised; None if for none.
    """

    standing: RecoveryStanding
    promised: Promise | None
    came: float | None
    back_on_target: Period | None
    apart: float = 0.0

    @property
    def is_behind(self) -> bool:
        """Whether it is behind what was promised; a figure that is missing is, as nobody gains by not returning it."""
        return self.standing in (RecoveryStanding.BEHIND, RecoveryStanding.NO_FIGURE)


def can_have_path(kpi: Kpi) -> bool:
    """Whether a KPI can have one: a milestone has none, nor has one of which neither direction is better."""
    return kpi.kind is not Kind.MILESTONE and kpi.direction is not Direction.NEUTRAL


def judge_recovery(
    kpi: Kpi, path: Sequence[Promise], came: Mapping[Period, float], due: Period, *, is_rolled_up: bool = False
) -> Recovery:
    """A recovery path, judged by the last of its promises that has come due.

    A figure is ahead or behind if it is better or worse than promised, by `material` at least where the KPI has that.
    For a range, nearer to it is better, and all figures inside are equal. A milestone has no path.

    Args:
        kpi: whose direction, targets and `material` apply.
        path: at least one promise, in any order, one for a period.
        came: the actuals by KPI period; of figures to date those to date.
        due: the last KPI period that a figure is due for.
        is_rolled_up: whether it is made of the figures of other orgs, and so has their target.

    Raises:
        ValueError: there is no promise; or the KPI is a milestone, or neither direction of it is better.
    """
    if not path or not can_have_path(kpi):
        raise ValueError("a recovery path is one figure or more, of a KPI that has a target and is no milestone")
    in_order = sorted(path, key=lambda promise: promise.period)

    def within(promise: Promise) -> RagLimits:
        return limits(target_of(kpi, is_rolled_up, promise.period), kpi.direction)

    back = next((each.period for each in in_order if rate_one(each.figure, within(each)) is Rag.GREEN), None)
    reached = [promise for promise in in_order if promise.period <= due]
    if not reached:
        return Recovery(RecoveryStanding.NOT_YET, None, None, back)
    promised = reached[-1]
    figure = came.get(promised.period)
    if figure is None:
        return Recovery(RecoveryStanding.NO_FIGURE, promised, None, back)
    standing, apart = _against(kpi, promised, figure, within(promised))
    return Recovery(standing, promised, figure, back, apart)


def _against(kpi: Kpi, promised: Promise, figure: float, within: RagLimits) -> tuple[RecoveryStanding, float]:
    """How a figure stands against the one promised, and how far apart they are."""
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
    standing = {BETTER: RecoveryStanding.AHEAD, SAME: RecoveryStanding.ON}.get(move, RecoveryStanding.BEHIND)
    return standing, abs(float(difference(bad, promised_bad)[0]))
