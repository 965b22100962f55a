"""What an owner still has to answer about a figure. The return's 'Still needed' formula says the same."""

from __future__ import annotations

from dataclasses import dataclass

from xlperf.catalogue.reporting import Rules
from xlperf.rules.ratings import Rag


@dataclass(frozen=True, slots=True)
class Answers:
    """Which of a row's answers were given."""

    reason_not_applicable: bool = False
    commentary: bool = False
    action: bool = False
    action_owner: bool = False
    action_due: bool = False
    restated: bool = False
    reason_restated: bool = False
    changed: bool = False
    what_changed: bool = False
    validated: bool = False


FIGURE, REASON = "figure", "reason why not applicable"
COMMENTARY, ACTION, ACTION_OWNER, ACTION_DUE = "commentary", "action", "action owner", "action due date"
REASON_RESTATED, WHAT_CHANGED, VALIDATED = "reason for restatement", "what changed", "data validated"


def still_needed(rag: Rag, answers: Answers, rules: Rules) -> tuple[str, ...]:
    """What is missing from a row, in the order of its columns; () when the row is complete."""
    if rag is Rag.NOT_RETURNED:
        return (FIGURE,)
    not_applicable = rag is Rag.NOT_APPLICABLE
    comments = str(rag) in map(str, rules.commentary_needed)
    must_act = str(rag) in map(str, rules.action_needed)
    acts = must_act or answers.action
    missing = {
        REASON: not_applicable and not answers.reason_not_applicable,
        COMMENTARY: comments and not answers.commentary,
        ACTION: must_act and not answers.action,
        ACTION_OWNER: acts and not answers.action_owner,
        ACTION_DUE: acts and not answers.action_due,
        REASON_RESTATED: answers.restated and not answers.reason_restated,
        WHAT_CHANGED: answers.changed and not answers.what_changed,
        VALIDATED: not not_applicable and not answers.validated,
    }
    return tuple(name for name, is_missing in missing.items() if is_missing)
