"""What an owner still has to answer about a figure. The return's 'Still needed' formula says the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlperf.rules.ratings import MILESTONES, Rag

if TYPE_CHECKING:
    from xlperf.catalogue.reporting import Rules


@dataclass(frozen=True, slots=True)
class Answers:
    """Which of a row's answers were given."""

    reason_not_applicable: bool = False
    commentary: bool = False
    action: bool = False
    action_owner: bool = False
    action_due: bool = False
    is_due_passed: bool = False
    """Whether the date is that of the last action, kept, and had passed by the day on which the return fell due."""
    restated: bool = False
    reason_restated: bool = False
    changed: bool = False
    what_changed: bool = False
    validated: bool = False


FIGURE, REASON = "figure", "reason why not applicable"
COMMENTARY, ACTION, ACTION_OWNER, ACTION_DUE = "commentary", "action", "action owner", "action due date"
NEW_ACTION_DUE = f"{ACTION_DUE} (the last has passed)"
REASON_RESTATED, WHAT_CHANGED, VALIDATED = "reason for restatement", "what changed", "data validated"


_WORSE = tuple(dict.fromkeys(map(str, MILESTONES.values())))
"""From Blue to Red."""


def unexplained(colours: Iterable[str], before: Iterable[tuple[Rag, bool]]) -> tuple[str, ...]:
    """Those of some colours of a figure that nobody has explained yet.

    A colour has been explained where one of the figures that were as bad or worse, without a break up to the last, had
    a commentary. So Red is new after Amber, and so is either after a figure on target or a period without one.

    Args:
        colours: such as Amber and Red.
        before: the RAG of each earlier figure, the last first, and whether it had a commentary; up to the first period
            that has none.
    """
    earlier = tuple(before)
    return tuple(colour for colour in colours if not _is_explained(_WORSE.index(colour), earlier))


def _is_explained(badness: int, before: Iterable[tuple[Rag, bool]]) -> bool:
    for rag, has_commentary in before:
        if str(rag) not in _WORSE[badness:]:
            return False
        if has_commentary:
            return True
    return False


def still_needed(
    rag: Rag,
    answers: Answers,
    rules: Rules,
    commentary_for: Collection[str] | None = None,
    action_for: Collection[str] | None = None,
) -> tuple[str, ...]:
    """What is missing from a row, in the order of its columns; () when the row is complete.

    Args:
        rag: of the figure in the row.
        answers: which were given.
        rules: of the catalogue.
        commentary_for: the colours with which this row needs commentary; None for those of the rules.
        action_for: the colours with which it needs an action; None for those of the rules.
    """
    if rag is Rag.NOT_RETURNED:
        return (FIGURE,)
    not_applicable = rag is Rag.NOT_APPLICABLE
    comments = str(rag) in map(str, rules.commentary_needed if commentary_for is None else commentary_for)
    must_act = str(rag) in map(str, rules.action_needed if action_for is None else action_for)
    acts = must_act or answers.action
    missing = {
        REASON: not_applicable and not answers.reason_not_applicable,
        COMMENTARY: comments and not answers.commentary,
        ACTION: must_act and not answers.action,
        ACTION_OWNER: acts and not answers.action_owner,
        ACTION_DUE: acts and not answers.action_due,
        NEW_ACTION_DUE: acts and answers.action_due and answers.is_due_passed,
        REASON_RESTATED: answers.restated and not answers.reason_restated,
        WHAT_CHANGED: answers.changed and not answers.what_changed,
        VALIDATED: not not_applicable and not answers.validated,
    }
    return tuple(name for name, is_missing in missing.items() if is_missing)
