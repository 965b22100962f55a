"""How a decision answers a proposal. Only this module says what is still to be decided."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from xlperf.rules.escalation.case import Proposal


class Answer(Enum):
    """How a decision relates to the proposal beside it. Every sheet takes its words and its counts from this."""

    NOTHING = "nothing decided, nothing proposed"
    AS_PROPOSED = "as proposed, or for no stage where none is proposed"
    OTHERWISE = "otherwise than this very proposal, which was there when it was made"
    NOT_A_STAGE = "for a stage that the ladder does not have; nothing is proposed"
    NOT_YET = "there is a proposal, and no decision yet"
    AFTER = "the proposal was made after the decision"
    INSTEAD = "there is a proposal, and the decision is for a stage that the ladder does not have"
    CLOSED = "for a stage, and the org has closed, so nothing is proposed"
    DISPUTED = "two people have decided without seeing each other's decision"

    @property
    def is_open(self) -> bool:
        """Whether a person has to decide."""
        return self in (Answer.NOT_YET, Answer.AFTER, Answer.INSTEAD, Answer.DISPUTED)


@dataclass(frozen=True, slots=True)
class DecisionInForce:
    """What is decided about a KPI or section of an org.

    Args:
        stage: the stage decided, as the ladder spells it; "" for no decision.
        is_disputed: whether two people have decided without seeing each other's decision.
        is_closed: whether the org has closed, and no figure is due any more.
    """

    stage: str
    is_disputed: bool = False
    is_closed: bool = False


def answer(decided: DecisionInForce, proposal: Proposal | None, no_stage: str, stages: Collection[str]) -> Answer:
    """How the decision relates to the proposal.

    Args:
        decided: the decision.
        proposal: what the ladder proposes; None where that is to be, and to stay, in no stage.
        no_stage: what the ladder calls that.
        stages: the stages that there are for a KPI, or for a section.
    """
    proposed = proposal.stage if proposal else no_stage
    if decided.is_disputed:
        return Answer.DISPUTED
    if not decided.stage:
        return Answer.NOTHING if proposed == no_stage else Answer.NOT_YET
    if decided.stage != no_stage and decided.stage not in stages:
        return Answer.NOT_A_STAGE if proposed == no_stage else Answer.INSTEAD
    if decided.is_closed and decided.stage != no_stage:
        return Answer.CLOSED
    if decided.stage == proposed:
        return Answer.AS_PROPOSED
    return Answer.OTHERWISE if proposal and proposal.is_answered else Answer.AFTER
