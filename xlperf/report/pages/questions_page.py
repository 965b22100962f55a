"""The questions of each section with their answers, and below each the figures that answer it, with their parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlperf.assessment import Assessment, Latest
from xlperf.catalogue import Section
from xlperf.documents.document import (
    Align,
    Block,
    DocumentPart,
    Heading,
    PageTable,
    Paragraph,
    Size,
    TableCell,
    TableColumn,
    TableRow,
    TextRun,
    Together,
    Tone,
    words,
)
from xlperf.report.dashboard_heading import counted, is_printed
from xlperf.report.pages import figure_words as figures
from xlperf.report.pages.page_room import height_of
from xlperf.report.pages.verdict_signs import VerdictWords, assurance_words, variation_words
from xlperf.report.question_answers import QuestionAnswered, answers, parts_words
from xlperf.rules.escalation.phrases import capital

_FIGURES = (
    TableColumn("Ref", 30),
    TableColumn("Indicator", 1.5, grows=True),
    TableColumn("Latest", 52, Align.RIGHT),
    TableColumn("Target", 56, Align.RIGHT),
    TableColumn("RAG", 56, Align.CENTRE),
    TableColumn("As at", 46, Align.CENTRE),
    TableColumn("Variation", 84),
    TableColumn("Assurance", 78),
    TableColumn("Executive", 108),
)
_ROOM, _WIDE = 470.0, 780.0
"""How high and how wide a page is, in points: a section begins on a new one where the last has no room for it."""
_COUNTED = "A figure that is rolled up counts once, its parts do not. Variation and assurance are by SPC."


def questions_pages(assessment: Assessment, sections: Sequence[Section]) -> list[DocumentPart | None]:
    """A part for each section that has a question or a figure; none where the catalogue has no question."""
    members = figures.of_sections(assessment, sections)
    answered = [*answers(assessment, members)]
    parts: list[DocumentPart | None] = []
    filled = _ROOM
    for section in sections if assessment.catalogue.questions else ():
        blocks = (*_section(assessment, section, answered, members),)
        if not blocks:
            continue
        high = sum(height_of(block.blocks, _WIDE) for block in blocks if isinstance(block, Together))
        starts_page = filled + high > _ROOM
        filled = high if starts_page else filled + high
        of_section = [each for each in members if each.kpi.section == section.id]
        parts.append(
            DocumentPart(
                f"{section.name}: questions and answers",
                blocks,
                beside=counted(assessment, of_section),
                under=_COUNTED,
                starts_page=starts_page,
            )
        )
    return parts


def _section(
    assessment: Assessment, section: Section, answered: Sequence[QuestionAnswered], members: Sequence[Latest]
) -> Iterator[Block]:
    by_question = {each.question.id: each for each in answered}
    for question in assessment.catalogue.questions:
        if question.section != section.id:
            continue
        heading = Heading(question.text)
        if question.id not in by_question:
            yield Together((heading, Paragraph(words("No indicator answers it."))))
            continue
        answer = by_question[question.id]
        said = Paragraph(words(TextRun(capital(answer.lead), strong=True), f"{answer.more}."))
        tree = [each for each in members if each.kpi.question == question.id]
        yield Together((heading, said, _table(assessment, question.text, answer.figures, tree)))
    known = {question.id for question in assessment.catalogue.questions}
    rest = [each for each in members if each.kpi.section == section.id and each.kpi.question not in known]
    if rest:
        whole = figures.of_the_whole(assessment, rest)
        said = Paragraph(words("These answer no question of the catalogue."), Size.NOTE)
        yield Together((Heading("Other indicators"), said, _table(assessment, section.name, whole, rest)))


def _table(assessment: Assessment, about: str, whole: Sequence[Latest], tree: Sequence[Latest]) -> PageTable:
    """The figures in the order of the catalogue, each rolled-up one followed by its parts."""
    printed = [each for each in tree if each in whole or is_printed(assessment, each)]
    rows = tuple(_row(assessment, each) for each in printed)
    return PageTable(f"The figures that answer: {about}", _FIGURES, rows, has_row_headers=True, is_dense=True)


def _row(assessment: Assessment, latest: Latest) -> TableRow:
    is_old = latest.row is not None and not latest.is_current
    tone = figures.TONES.get(latest.rag, Tone.PLAIN)
    return TableRow((
        TableCell(words(latest.kpi.id)),
        _indicator(assessment, latest),
        TableCell((TextRun(figures.shown(latest.kpi, latest.row), strong=not is_old, soft=is_old),)),
        TableCell(words(figures.each_with_unit(latest.kpi, figures.target(latest)) or "none")),
        TableCell((TextRun(str(latest.rag), strong=tone is not Tone.PLAIN),), tone),
        TableCell((TextRun(latest.period.short if latest.period else "–", soft=is_old),)),
        _verdict(variation_words(latest)),
        _verdict(assurance_words(latest)),
        TableCell(words(figures.executive(assessment, latest))),
    ))  # fmt: skip


def _indicator(assessment: Assessment, latest: Latest) -> TableCell:
    """The name; below a rolled-up figure that of the org alone, indented; beside it how many of its parts meet it."""
    below = assessment.rolled_up_above(latest)
    named = latest.org.name if below else figures.name(assessment, latest)
    beside = "; ".join(filter(None, (parts_words(assessment, latest), *figures.marks(assessment, latest))))
    return TableCell(words(named, TextRun(f" ({beside})" if beside else "", soft=True)), indent=below)


def _verdict(verdict: VerdictWords) -> TableCell:
    icons = (verdict.icon,) if verdict.icon else ()
    return TableCell((TextRun(verdict.words, soft=not icons),), icons=icons)
