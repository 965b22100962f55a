"""The lines of enquiry of a meeting as they stand: what the rules raise, what people typed, what was asked before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from xlperf.assessment import Assessment
from xlperf.assessment.meeting_assessment import MeetingAssessment
from xlperf.assessment.raised_enquiries import enquiries
from xlperf.catalogue import Meeting, PackPart
from xlperf.ledger import AskedEnquiry
from xlperf.period import Period
from xlperf.report import enquiry_words
from xlperf.rules.enquiries.typed_about import CELLS, LEFT_OUT, QUESTION, YES, EnquiryKey, EnquirySaid
from xlperf.rules.keys import SeriesKey

BOARD = "board"
"""What the board's lines of enquiry are known by, as one of the meetings there may be."""


@dataclass(frozen=True)
class EnquiryLine:
    """A line of enquiry as it stands.

    Attributes:
        put: as it would be asked now, or as it was asked last; its question is that of the rule, or as it was asked.
        said: what people typed about it.
        is_raised: whether the rules raise it now.
        is_asked: whether a pack has asked it.
    """

    put: AskedEnquiry
    said: EnquirySaid
    is_raised: bool
    is_asked: bool

    @property
    def key(self) -> EnquiryKey:
        """By what it is known."""
        return self.put.key

    @property
    def about(self) -> SeriesKey:
        """The (ref, org) that it is about."""
        return (self.put.ref, self.put.org)

    @property
    def subject(self) -> tuple[str, str, str]:
        """What it rests on and is about, whenever it is asked: (kind, ref, org)."""
        return (self.put.kind, *self.about)

    @property
    def question(self) -> str:
        """Its words, as the team has edited them."""
        return self.said.question or self.put.question

    @property
    def is_to_ask(self) -> bool:
        """Whether a pack made now asks it."""
        return self.is_raised and not self.said.is_left_out

    @property
    def stands(self) -> str:
        """How it stands, in a word or two."""
        if self.said.is_left_out:
            return "Left out"
        if self.said.answer:
            return "Answered"
        if self.is_raised:
            return "To be asked"
        return "Asked, not answered yet" if self.is_asked else "No longer raised"

    @property
    def cells(self) -> dict[str, str]:
        """What the cells for typing show, as texts by their ids."""
        shown = {cell: self.said.cells.get(cell, "") for cell in CELLS}
        return {**shown, QUESTION: self.question, LEFT_OUT: YES if self.said.is_left_out else ""}


def raised(assessment: Assessment, meeting: str, covered: Collection[SeriesKey]) -> tuple[EnquiryLine, ...]:
    """The lines that the rules raise for a meeting now, the worst consequence first, with those that are left out.

    Args:
        assessment: how everything stands.
        meeting: what the meeting is known by, which never changes.
        covered: the KPIs and orgs that it looks at.
    """
    return tuple(_raised(assessment, meeting, covered))


def _raised(assessment: Assessment, meeting: str, covered: Collection[SeriesKey]) -> Iterator[EnquiryLine]:
    state = assessment.state
    for enquiry in enquiries(assessment, covered):
        put = AskedEnquiry(
            meeting, str(assessment.period), str(enquiry.kind), *enquiry.about,
            enquiry_words.about(assessment, enquiry), enquiry_words.question(assessment, enquiry),
            enquiry_words.evidence(assessment, enquiry), enquiry_words.answered_by(assessment, enquiry),
        )  # fmt: skip
        said = state.enquiries.get(put.key, EnquirySaid())
        yield EnquiryLine(put, said, is_raised=True, is_asked=put.key in state.asked_in_packs)


def key_of(meeting: Meeting) -> str:
    """What a meeting's lines of enquiry are known by: its id, and of the board the same whether it is listed or not."""
    return BOARD if meeting.is_board else meeting.id


def covered_by(assessment: Assessment) -> tuple[SeriesKey, ...]:
    """The KPIs and orgs that the meeting covers whose pages are made of an assessment."""
    meeting = assessment.meeting
    if meeting.covers and not isinstance(assessment, MeetingAssessment):
        assessment = MeetingAssessment.of(assessment, meeting, assessment.last_shown)
    return tuple(each.series for each in assessment.latest)


def for_the_board(assessment: Assessment) -> tuple[EnquiryLine, ...]:
    """The lines that the rules raise for the board: the same on the sheet and in its pack."""
    return raised(assessment, BOARD, covered_by(assessment))


def not_raised_now(assessment: Assessment, now: Sequence[EnquiryLine]) -> Iterator[EnquiryLine]:
    """Every other line that a pack has asked or that somebody has typed about, of the newest period first."""
    state = assessment.state
    present = {each.key for each in now}
    lines = [
        EnquiryLine(put, state.enquiries.get(key, EnquirySaid()), is_raised=False, is_asked=key in state.asked_in_packs)
        for key, put in state.asked.items()
        if key not in present
    ]
    told = [line for line in lines if line.is_asked or line.said.is_anything]
    yield from sorted(told, key=lambda line: -period_of(assessment, line).last_day.toordinal())


def asked_before(assessment: Assessment, meeting: str) -> tuple[EnquiryLine, ...]:
    """What a meeting asked in earlier periods and has to hear of again, the newest first.

    That is what is not answered yet, and what has been answered since its last pack of an earlier period. What the team
    has left out since is no longer asked.
    """
    last = max((datetime.fromisoformat(at).date() for at in _packs_before(assessment, meeting)), default=None)
    return tuple(
        line
        for line in not_raised_now(assessment, ())
        if line.key[0] == meeting
        and line.is_asked
        and _is_earlier(assessment, line.key[1])
        and not line.said.is_left_out
        and (not line.said.answer or line.said.answered is None or last is None or line.said.answered >= last)
    )


def _packs_before(assessment: Assessment, meeting: str) -> Iterator[str]:
    """When the packs of a meeting were made that are of an earlier period."""
    state = assessment.state
    packs = state.editions if meeting == BOARD else [pack for _, pack in state.packs if pack.meeting == meeting]
    return (each.at for each in packs if _is_earlier(assessment, each.period))


def _is_earlier(assessment: Assessment, period: str) -> bool:
    return Period.parse(period, assessment.catalogue.calendar.frequency) < assessment.period


def period_of(assessment: Assessment, line: EnquiryLine) -> Period:
    """The reporting period for which it was asked."""
    return Period.parse(line.key[1], assessment.catalogue.calendar.frequency)


def to_be_asked(assessment: Assessment) -> tuple[AskedEnquiry, ...]:
    """What a pack made now asks, word for word, for the record of that pack; () where it has no such part."""
    meeting = assessment.meeting
    if PackPart.ENQUIRIES not in meeting.holds:
        return ()
    lines = raised(assessment, key_of(meeting), covered_by(assessment))
    return tuple(replace(line.put, question=line.question) for line in lines if line.is_to_ask)
