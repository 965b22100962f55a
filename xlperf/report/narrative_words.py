"""What is said of an executive's words: who approved them, and of which figure they were said."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.assessment import Assessment, Latest
from xlperf.assessment.roll_up_words import ExecutiveWords
from xlperf.period import Period
from xlperf.rules.escalation.phrases import capital, day, sentence
from xlperf.rules.iso_day import day_of

NOT_APPROVED = "Not yet approved"
_MOVED = 2
"""Members named whose figures have changed since."""


def words_in_cell(assessment: Assessment, latest: Latest, period: Period | None = None) -> str:
    """What stands beside a rolled-up figure in a cell: the words, who approved them, and what has changed since."""
    words = assessment.words_on(latest, period)
    if words is None:
        return ""
    beside = "; ".join(filter(None, (approval(words), moved(assessment, words))))
    if words.is_approved:
        return f"{sentence(words.text)} ({beside})"
    return f"{NOT_APPROVED}: {words.text}" + (f" ({beside})" if beside else "")


def approval(words: ExecutiveWords) -> str:
    """`approved by Medical Director on 12 October 2026`; "" where the words are a draft."""
    return f"approved by {words.by} on {day(words.on)}" if words.is_approved and words.on else ""


def moved(assessment: Assessment, words: ExecutiveWords) -> str:
    """`written when the figure was 82.1 (Amber); it is 79.4 (Red) now`; of its parts likewise; "" where none moved."""
    if not words.has_moved:
        return ""
    done = "approved" if words.is_approved else "written"
    if not words.then.figure:
        return f"{done} before the figure was shown"
    if words.then.figure != words.now.figure:
        return f"{done} when the figure was {words.then.figure}; it is {words.now.figure} now"
    orgs = assessment.catalogue.org_by_code
    told = [
        f"{orgs[code].name if code in orgs else code} was {was or 'no part'} and is {now or 'no part'} now"
        for code, was, now in words.moved_members
    ]
    more = [f"and {len(told) - _MOVED} more"] if told[_MOVED:] else []
    named = f": {'; '.join((*told[:_MOVED], *more))}" if told else ""
    return f"{done} before a part of the figure changed{named}"


def status(assessment: Assessment, words: ExecutiveWords | None) -> str:
    """How the words on a figure stand, for whoever is to see to them."""
    return "; ".join(_status(assessment, words)) if words is not None and any(words.settled.shown) else "No words yet"


def _status(assessment: Assessment, words: ExecutiveWords) -> Iterator[str]:
    by, on = words.approved_others
    if words.is_disputed:
        yield "Typed twice: the first words stand, not approved, until you type which do"
    elif words.is_approved:
        yield capital(approval(words))
    elif not words.text:
        yield capital(lacking(words))
    elif by or on:
        then = day_of(on)
        who = " ".join(filter(None, (f"by {by}" if by else "", f"on {day(then) if then else on}" if on else "")))
        yield f"{NOT_APPROVED}: the approval {who} was of other words"
    else:
        yield ": ".join(filter(None, (NOT_APPROVED, lacking(words))))
    if told := moved(assessment, words):
        yield told


def lacking(words: ExecutiveWords) -> str:
    """What an approval that was begun lacks; "" where none was begun, or nothing is lacking."""
    _, by, on = words.standing
    if words.is_disputed or not (by or on):
        return ""
    if not words.text:
        return "an approval was typed, but no words"
    if not by:
        return "who approved it is missing"
    if words.on is None:
        return f"the day of approval, '{on}', is no date" if on else "the day of approval is missing"
    return "" if words.is_approved else f"the day of approval, {day(words.on)}, has not come"
