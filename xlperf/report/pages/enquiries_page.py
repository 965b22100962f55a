"""Lines of enquiry: what a meeting may ask, with the evidence and room for the answer; and what it asked before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from xlperf.assessment import Assessment
from xlperf.documents.document import (
    Audience,
    Block,
    DocumentPart,
    Heading,
    PageTable,
    TableCell,
    TableColumn,
    TableRow,
    TextRun,
    words,
)
from xlperf.report import enquiry_words
from xlperf.report.enquiry_lines import EnquiryLine, asked_before, period_of, raised
from xlperf.rules.escalation.phrases import capital, day, sentence, times
from xlperf.rules.keys import SeriesKey

TITLE = "Lines of enquiry"
_ABOUT = (
    "Raised by rule from the figures, actions and returns of this pack, the worst consequence first. "
    "They ask about a process, not about the people who work on it; they propose no decision."
)
_NOW = (
    TableColumn("No.", 22),
    TableColumn("Question", 1, grows=True),
    TableColumn("What it rests on", 1.2, grows=True),
    TableColumn("To be answered by", 88),
    TableColumn("Answer", 1, grows=True),
)
_BEFORE = (
    TableColumn("Asked for", 52),
    TableColumn("Question", 1.15, grows=True),
    TableColumn("Answer", 1.25, grows=True),
    TableColumn("How it stands now", 1, grows=True),
)


def enquiries_page(assessment: Assessment, meeting: str, covered: Collection[SeriesKey]) -> DocumentPart | None:
    """The lines of enquiry of a meeting; None where there is nothing to ask and nothing to come back to.

    Args:
        assessment: how everything stands.
        meeting: what the meeting is known by.
        covered: the KPIs and orgs that it looks at.
    """
    asked = [line for line in raised(assessment, meeting, covered) if line.is_to_ask]
    before = asked_before(assessment, meeting)
    now = {line.subject for line in asked}
    # What waits for its answer and is asked again says so where it is asked.
    again = {line.subject: line for line in reversed(before) if line.subject in now and not line.said.answer}
    rest = [line for line in before if line.subject not in again or line.said.answer]
    blocks = (*_now(assessment, asked, again), *_before(assessment, rest))
    if not blocks:
        return None
    beside = times(len(asked), "question") if asked else ""
    return DocumentPart(TITLE, blocks, beside=beside, under=_ABOUT, audience=Audience.INTERNAL)


def _now(
    assessment: Assessment, asked: Sequence[EnquiryLine], again: Mapping[tuple[str, str, str], EnquiryLine]
) -> Iterator[Block]:
    if asked:
        before = {subject: period_of(assessment, line).short for subject, line in again.items()}
        rows = tuple(_row(number, line, before.get(line.subject, "")) for number, line in enumerate(asked, start=1))
        says = "Questions for this meeting, each with its evidence, who is to answer, and room for the answer"
        yield PageTable(says, _NOW, rows, has_row_headers=True)


def _row(number: int, line: EnquiryLine, before: str) -> TableRow:
    asked = f" Asked for {before} too, and not answered yet." if before else ""
    return TableRow((
        TableCell(words(str(number))),
        TableCell(words(TextRun(line.question, strong=True), asked)),
        TableCell(words(line.put.evidence)),
        TableCell(words(capital(line.put.by))),
        TableCell(words(answer(line) if line.said.answer else "")),
    ))  # fmt: skip


def _before(assessment: Assessment, before: Sequence[EnquiryLine]) -> Iterator[Block]:
    if before:
        yield Heading("Asked before")
        says = "Questions asked for earlier periods, with the answer and how their subject stands now"
        rows = tuple(_before_row(assessment, line) for line in before)
        yield PageTable(says, _BEFORE, rows, has_row_headers=True)


def _before_row(assessment: Assessment, line: EnquiryLine) -> TableRow:
    latest = assessment.latest_by_series.get(line.about)
    now = sentence(enquiry_words.stands(assessment, latest)) if latest else "–"
    return TableRow((
        TableCell(words(period_of(assessment, line).short)),
        TableCell(words(line.question)),
        TableCell(words(answer(line) or "Not answered yet.")),
        TableCell(words(now)),
    ))  # fmt: skip


def answer(line: EnquiryLine) -> str:
    """The answer, with who gave it and when, as far as that was typed; "" for none."""
    said = line.said
    if not said.answer:
        return ""
    by = f"by {said.answered_by}" if said.answered_by else ""
    on = f"on {day(said.answered_on)}" if said.answered_on else ""
    given = " ".join(filter(None, (by, on)))
    return " ".join(filter(None, (sentence(said.answer), f"Answered {given}." if given else "")))
