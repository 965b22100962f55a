"""The board's pack: its parts in the order of the catalogue, as one document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from xlperf.assessment import Assessment
from xlperf.catalogue import PackPart, PackSettings, Section
from xlperf.documents.document import Document, DocumentPart, Paragraph, words
from xlperf.report.dashboard_heading import title
from xlperf.report.pages.actions_page import actions_page
from xlperf.report.pages.case_pages import case_pages
from xlperf.report.pages.celebrate_page import celebrate_page
from xlperf.report.pages.dashboard_page import dashboard_page, parts_pages
from xlperf.report.pages.escalation_page import escalation_page
from xlperf.report.pages.exception_pages import exception_pages
from xlperf.report.pages.glossary_page import glossary_page
from xlperf.report.pages.returns_page import returns_page
from xlperf.report.pages.summary_page import summary_page
from xlperf.rules.escalation.phrases import day as in_words

_Sections = Sequence[Section]
_MAKERS: Mapping[PackPart, Callable[[Assessment, _Sections, PackSettings], Sequence[DocumentPart | None]]] = {
    PackPart.SUMMARY: lambda assessment, sections, _: [summary_page(assessment, sections)],
    PackPart.DASHBOARD: lambda assessment, sections, _: [
        dashboard_page(assessment, sections), parts_pages(assessment, sections),
    ],
    PackPart.EXCEPTIONS: lambda assessment, sections, settings: [
        exception_pages(assessment, sections, settings.exceptions_per_page)
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
    """The pack of an edition of that name, with the parts that there is anything to say in; it has no logo yet."""
    settings = assessment.catalogue.pack
    catalogue = assessment.catalogue
    wanted = set(settings.sections)
    sections = [section for section in catalogue.sections if not wanted or section.id in wanted]
    parts = tuple(_parts(assessment, sections, settings))
    return Document(
        title=title(assessment),
        author=catalogue.organisation,
        footer=_footer(assessment, edition),
        produced=assessment.produced,
        parts=parts or (_nothing_to_say(assessment),),
    )


def _parts(assessment: Assessment, sections: _Sections, settings: PackSettings) -> Iterator[DocumentPart]:
    for name in settings.parts:
        yield from filter(None, _MAKERS[name](assessment, sections, settings))


def _nothing_to_say(assessment: Assessment) -> DocumentPart:
    """What stands in place of the parts where none of those chosen has anything to say: no pack is a blank page."""
    said = "None of the parts that the catalogue chooses for this pack has anything to say of this period."
    return DocumentPart(title(assessment), (Paragraph(words(said)),), under=assessment.catalogue.organisation)


def _footer(assessment: Assessment, edition: str) -> str:
    catalogue = assessment.catalogue
    entry = catalogue.entry_by_period[assessment.period]
    return " · ".join((
        catalogue.classification,
        catalogue.organisation,
        f"{catalogue.board} of {in_words(entry.board_date)}",
        edition,
        f"catalogue {catalogue.version}",
        f"SPC ruleset {catalogue.rules.spc_ruleset}",
    ))  # fmt: skip
