"""What a milestone counts as: what its owner says of it, until its date has come.

A milestone that is due by the end of a period and is not complete then is missed, whatever is said of it. Its date is
that of the target in force in the period: a later one that was agreed anew, from a stated period on, counts from there.
"""

from __future__ import annotations

from datetime import date

from xlperf.catalogue import Target

COMPLETE, ON_TRACK, MISSED = "Complete", "On track", "Missed"


def is_past_due(target: Target | None, day: date) -> bool:
    """Whether a milestone was due by the end of a day: of the last day of the period that is judged."""
    return target is not None and target.due is not None and target.due <= day


def counts_as(status: str, target: Target | None, day: date) -> str:
    """The status that a milestone is judged by at the end of a day; "" where its owner has given none."""
    return MISSED if status and status != COMPLETE and is_past_due(target, day) else status


def missed_words(target: Target | None) -> str:
    """`missed: due 30 Jun 2026`; `missed` where there is no date."""
    due = target.due if target else None
    return f"missed: due {due.day} {due:%b %Y}" if due else "missed"
