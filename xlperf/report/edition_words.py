"""What is said of the life of an edition: who has approved its draft, and which one a correction takes the place of."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.assessment.approvals import DraftStanding
from xlperf.assessment.shown_editions import Correction
from xlperf.rules.escalation.phrases import day as in_words
from xlperf.rules.escalation.phrases import listed
from xlperf.rules.iso_day import day_of
from xlperf.rules.wording import times


def draft_words(standing: DraftStanding) -> Iterator[str]:
    """Who has approved the draft and who has not, and what has changed since, as sentences."""
    yield f"The draft of {_day(standing.draft.at)} is {approved_words(standing)}."
    if standing.changed:
        have = "has" if standing.changed == 1 else "have"
        yield f"{times(standing.changed, 'figure')} {have} changed or come since it was made."


def approved_words(standing: DraftStanding) -> str:
    """`approved by Medical Director (13 October 2026); not yet by Director of Finance`."""
    given = [f"{executive.title} ({_day(approval.on)})" for executive, approval in standing.approvals]
    awaited = [executive.title for executive in standing.awaited]
    said = (f"approved by {listed(given)}" if given else "", f"not yet by {listed(awaited)}" if awaited else "")
    if not given:
        return f"approved by nobody yet: it is for {listed(awaited)}" if awaited else "approved by nobody yet"
    return "; ".join(filter(None, said))


def correction_words(correction: Correction) -> str:
    """`edition B, in place of that of 15 October 2026: two figures were exchanged`."""
    why = f": {correction.why}" if correction.why else ""
    return f"edition {correction.letter}, in place of that of {in_words(correction.of.published.date())}{why}"


def _day(iso: str) -> str:
    found = day_of(iso[:10])
    return in_words(found) if found else iso[:10]
