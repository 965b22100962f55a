"""The pack of the board, or of another meeting: its parts in the order of the catalogue, as one document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from xlperf.assessment import Assessment
from xlperf.assessment.meeting_assessment import MeetingAssessment
from xlperf.catalogue import Meeting, PackPart, Section
from xlperf.documents.document import Document, DocumentPart, Paragraph, words
from xlperf.report.enquiry_lines import covered_by, key_of
from xlperf.report.meeting_words import meeting_and_day, pack_title
from xlperf.report.pages.actions_page import actions_page
from xlperf.report.pages.beside_page import beside_page
from xlperf.report.pages.case_pages import case_pages
from xlperf.report.pages.celebrate_page import celebrate_page
from xlperf.report.pages.dashboard_page import dashboard_page, parts_pages
from xlperf.report.pages.enquiries_page import enquiries_page
from xlperf.report.pages.escalation_page import escalation_page
from xlperf.report.pages.exception_pages import exception_pages
from xlperf.report.pages.glossary_page import glossary_page
from xlperf.report.pages.questions_page import questions_pages
from xlperf.report.pages.returns_page import returns_page
from xlperf.report.pages.summary_page import summary_page

_Sections = Sequence[Section]
_MAKERS: Mapping[PackPart, Callable[[Assessment, _Sections, Meeting], Sequence[DocumentPart | None]]] = {
    PackPart.SUMMARY: lambda assessment, sections, _: [summary_page(assessment, sections)],
    PackPart.QUESTIONS: lambda assessment, sections, _: questions_pages(assessment, sections),
    PackPart.DASHBOARD: lambda assessment, sections, _: [
        dashboard_page(assessment, sections), parts_pages(assessment, sections),
    ],
    PackPart.BESIDE: lambda assessment, _, __: [beside_page(assessment)],
    PackPart.EXCEPTIONS: lambda assessment, sections, meeting: [
        exception_pages(assessment, sections, meeting.exceptions_per_page)
    ],
    PackPart.ENQUIRIES: lambda assessment, _, __: [
        enquiries_page(assessment, key_of(assessment.meeting), covered_by(assessment))
    ],
    PackPart.CELEBRATE: lambda assessment, sections, _: [celebrate_page(assessment, sections)],
    PackPart.ESCALATION: lambda assessment, sections, _: [
        escalation_page(assessment, sections), case_pages(assessment, sections),
    ],
    PackPart.ACTIONS: lambda assessment, sections, _: [actions_page(assessment, sections)],
    PackPart.RETURNS: lambda assessment, sections, _: [returns_page(assessment, sections)],
    PackPart.GLOSSARY: lambda assessment, sections, _: [glossary_page(assessment, sections)],
}  # fmt: skip


def pack(assessment: Assessment, edition: str) -> Document:
    """The pack of an edition of that name, or of a meeting, with the parts that there is anything to say in.

    It has no logo yet.
    """
    catalogue, meeting = assessment.catalogue, assessment.meeting
    if not isinstance(assessment, MeetingAssessment) and meeting.covers:
        assessment = MeetingAssessment.of(assessment, meeting, assessment.last_shown)
    parts = tuple(_parts(assessment, catalogue.sections, meeting))
    return Document(
        title=pack_title(assessment),
        author=catalogue.organisation,
        footer=_footer(assessment, edition),
        produced=assessment.produced,
        parts=parts or (_nothing_to_say(assessment),),
    )


def _parts(assessment: Assessment, sections: _Sections, meeting: Meeting) -> Iterator[DocumentPart]:
    for name in meeting.holds:
        yield from filter(None, _MAKERS[name](assessment, sections, meeting))


def _nothing_to_say(assessment: Assessment) -> DocumentPart:
    """What stands in place of the parts where none of those chosen has anything to say: no pack is a blank page."""
    said = "None of the parts that the catalogue chooses for this pack has anything to say of this period."
    return DocumentPart(pack_title(assessment), (Paragraph(words(said)),), under=assessment.catalogue.organisation)


def _footer(assessment: Assessment, edition: str) -> str:
    catalogue = assessment.catalogue
    return " · ".join((
        catalogue.classification,
        catalogue.organisation,
        meeting_and_day(assessment),
        edition,
        f"catalogue {catalogue.version}",
        f"SPC ruleset {catalogue.rules.spc_ruleset}",
    ))  # fmt: skip
