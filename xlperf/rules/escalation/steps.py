"""What each decision about a KPI, section or other issue changed, from the first to the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from xlperf.catalogue import AnyStage, Escalation
from xlperf.rules.escalation.case import Decided
from xlperf.rules.escalation.standing import standing


class StageChange(StrEnum):
    """What a decision changed."""

    ENTERED = "into escalation"
    GRAVER = "to a graver stage"
    MILDER = "to a milder stage"
    LEFT = "out of escalation"
    CONFIRMED = "stays"
    DECLINED = "not escalated"
    """There was no stage, and there is to be none."""
    CLEARED = "cleared"
    """The cells of the decision were emptied, which leaves it in no stage."""
    NO_STAGE = "no stage of the ladder"
    """A text that the ladder does not have as a stage, and that counts as none."""

    @property
    def is_good_news(self) -> bool:
        """Whether it is a step down the ladder."""
        return self in (StageChange.MILDER, StageChange.LEFT)

    @property
    def is_graver(self) -> bool:
        """Whether it is a step up the ladder."""
        return self in (StageChange.ENTERED, StageChange.GRAVER)


@dataclass(frozen=True, slots=True)
class StageStep:
    """One decision: `stage` as the ladder spells it, `was` likewise of the stage before, "" for none."""

    decided: Decided
    stage: str
    was: str
    change: StageChange


def steps(ladder: Escalation, stages: Sequence[AnyStage], decisions: Sequence[Decided]) -> tuple[StageStep, ...]:
    """What each of the decisions, oldest first, changed. `stages` are those for KPIs, or those for sections."""
    made, before, was = [], -1, ""
    for decided in decisions:
        now = standing(ladder, stages, [decided])
        made.append(StageStep(decided, now.name, was, _change(now.name, now.is_unknown, before, now.position)))
        before, was = now.position, now.name if now.position >= 0 else ""
    return tuple(made)


def _change(name: str, is_unknown: bool, before: int, position: int) -> StageChange:
    if is_unknown:
        return StageChange.NO_STAGE
    if not name:
        return StageChange.CLEARED
    if before < 0:
        return StageChange.ENTERED if position >= 0 else StageChange.DECLINED
    if position < 0:
        return StageChange.LEFT
    if position == before:
        return StageChange.CONFIRMED
    return StageChange.GRAVER if position > before else StageChange.MILDER
