"""A change since an edition: what kinds there are, and what is said of one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

TAKEN_BACK, NO_STAGE = "taken back", "no stage typed"
"""What is now, of a decision that no longer names a stage."""


WITHDRAWN = "no words that are approved"
"""What is now, of an executive's words that an edition had."""


class ChangeKind(StrEnum):
    """What kind of change, the gravest first; a row of *Changes* is known by it."""

    NEWLY_RED = "Newly Red"
    NEWLY_OFF = "Newly off target"
    DETERIORATING = "Newly concerning"
    FORECAST_TO_MISS = "Newly forecast to miss"
    NO_FIGURE = "No figure now"
    CLOSED = "Closed"
    RESTATED = "Restated"
    RECOLOURED = "Past colour changed"
    ACTION_OVERDUE = "Action overdue"
    ACTION_REOPENED = "Action open again"
    ACTION_MOVED = "Action put off"
    RECOVERY = "Recovery path changed"
    DECIDED = "Decided"
    WORDS = "Executive's words changed"
    DEFINITION = "Definition changed"
    TARGET = "Target changed"
    NO_TARGET = "No target now"
    NO_LONGER_RED = "No longer Red"
    NOT_WHOLE = "On target without every part"
    BACK = "Newly on target"
    NOT_FORECAST_TO_MISS = "No longer forecast to miss"
    IMPROVING = "Newly improving"
    ACTION_CLOSED = "Action closed"
    FIGURE = "Figure now"
    NEW = "New"
    GONE = "No longer reported"


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        kind: of what kind.
        ref: the KPI's id, or the section's; "" for one about an org.
        org: the org's code; "" for one about a KPI whoever reports it.
        period: the key of the KPI period; "" where it is about none.
        before: what was shown, in words; "" for nothing.
        now: what is shown now, in words; "" for nothing.
        why: what else there is to say of it, in words.
        lacks_orgs: whether what is shown now is a figure that lacks an org, and so is not judged.
        action: the number of the action that it is about; "" for any other.
    """

    kind: ChangeKind
    ref: str
    org: str = ""
    period: str = ""
    before: str = ""
    now: str = ""
    why: str = ""
    lacks_orgs: bool = False
    action: str = ""
