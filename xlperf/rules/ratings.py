"""What a figure can be rated; apart from the rules that rate, for whoever needs the words without arrays."""

from __future__ import annotations

from enum import StrEnum


class Rag(StrEnum):
    """What a figure is rated, or why it is not."""

    BLUE = "Blue"
    GREEN = "Green"
    AMBER = "Amber"
    RED = "Red"
    NO_TARGET = "No target"
    NOT_DUE = "Not due"
    NOT_RETURNED = "Not returned"
    NOT_APPLICABLE = "Not applicable"
    CLOSED = "Closed"
    """No figure is due, as the org is closed; of an org in a reporting period, never of a figure."""


MILESTONES = {
    "Complete": Rag.BLUE,
    "On track": Rag.GREEN,
    "At risk": Rag.AMBER,
    "Off track": Rag.RED,
    "Missed": Rag.RED,
}
"""What an owner may say of a milestone, best first, and its rating."""

RATED = frozenset({str(Rag.BLUE), str(Rag.GREEN), str(Rag.AMBER), str(Rag.RED)})
"""The ratings. Any other word says why there is nothing to judge."""
OFF_TARGET = frozenset({str(Rag.AMBER), str(Rag.RED)})
ON_TARGET = RATED - OFF_TARGET
