"""What an executive says of a rolled-up figure, as the pages print it; nothing where there are no words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from xlperf.assessment import Assessment, Latest
from xlperf.assessment.roll_up_words import ExecutiveWords
from xlperf.documents.document import Block, Heading, Items, Paragraph, TextRun, Words, words
from xlperf.period import Period
from xlperf.report.narrative_words import moved
from xlperf.report.pages.figure_words import name, shown
from xlperf.rules.escalation.phrases import capital, day, sentence, the

_SENTENCE = re.compile(r"(?<=[.!?])\s")
_LINE = 170
"""Characters of the first sentence that the summary has room for; of a longer one the beginning is printed."""


def executive_words(
    assessment: Assessment, latest: Latest, period: Period | None = None, of: str = ""
) -> Iterator[Block]:
    """The words on a figure of a period, or on the last there is, with their approval and what has changed since.

    `of` names the figure where it is not the one of the heading.
    """
    said = assessment.words_on(latest, period)
    if said is not None:
        lead = f"{_lead(assessment, latest, said)}{f' of {of}' if of else ''}. "
        beside = " ".join(filter(None, (_approved(latest, said), sentence(capital(moved(assessment, said))))))
        yield Paragraph(words(TextRun(lead, strong=True), f"{sentence(said.text)} ", TextRun(beside, soft=True)))


def executive_lines(assessment: Assessment, members: Sequence[Latest], most: int) -> Iterator[Block]:
    """What is said of rolled-up figures, a line for each of the gravest; nothing where nothing is said of any."""
    said = {each.series: each for each in members if each.members and assessment.words_on(each) is not None}
    gravest = [said[key] for key in assessment.consequences if key in said]
    in_order = list(dict.fromkeys((*(each.series for each in gravest), *said)))
    lines = tuple(_line(assessment, said[key]) for key in in_order[:most])
    if lines:
        of_all = f"{most} of {len(in_order)}, " if in_order[most:] else ""
        yield Heading("What our executives say", beside=f"{of_all}by the first sentence; in full beside the figure")
        yield Items(tuple(filter(None, lines)))


def _line(assessment: Assessment, latest: Latest) -> Words:
    said = assessment.words_on(latest)
    if said is None:
        return ()
    first = _SENTENCE.split(" ".join(said.text.split()), maxsplit=1)[0]
    text = f"{first[: _LINE - 1].rsplit(' ', 1)[0]} …" if len(first) > _LINE else sentence(first)
    of_when = f", {latest.period.short}" if latest.period and not latest.is_current else ""
    about = f"{latest.kpi.id} {name(assessment, latest)} ({shown(latest.kpi, latest.row)}{of_when})"
    who = _who(assessment, latest, said)
    draft = "" if said.is_approved else " (draft, not yet approved)"
    moved_since = " The figure has changed since." if said.has_moved else ""
    return words(
        TextRun(f"{who or 'Executive'} on {about}{draft}: ", strong=True), text, TextRun(moved_since, soft=True)
    )


def _lead(assessment: Assessment, latest: Latest, said: ExecutiveWords) -> str:
    who = _who(assessment, latest, said)
    if said.is_approved:
        return f"What {the(who) if who == latest.executive_owner else who} says"
    return f"Draft{f' for {the(who)}' if who else ''}, not yet approved"


def _who(assessment: Assessment, latest: Latest, said: ExecutiveWords) -> str:
    """Whose words they are: of the one who answers for the whole; where nobody is named, of who approved them."""
    is_one = any(latest.executive_owner == each.title for each in assessment.catalogue.executive_owners)
    return latest.executive_owner if is_one else said.by


def _approved(latest: Latest, said: ExecutiveWords) -> str:
    """`Approved on 12 October 2026.`, with by whom where that is not whoever answers for the figure."""
    if not said.is_approved or said.on is None:
        return ""
    by = "" if said.by.casefold() == latest.executive_owner.casefold() else f" by {said.by}"
    return f"Approved{by} on {day(said.on)}."
