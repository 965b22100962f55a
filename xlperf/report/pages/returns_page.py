"""Returns and data quality: who has not returned, which figures may change, and which are counted otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlperf.assessment import Assessment, Latest
from xlperf.assessment.confidence import PROVISIONAL, RESTATED, standing
from xlperf.catalogue import Section
from xlperf.documents.document import (
    Block,
    DocumentPart,
    Heading,
    Items,
    PageTable,
    Paragraph,
    Size,
    TableCell,
    TableColumn,
    TableRow,
    TextRun,
    Together,
    words,
)
from xlperf.report.count_words import return_words
from xlperf.report.exception_reasons import made_of, redefined
from xlperf.report.pages import figure_words as figures
from xlperf.report.sheets.returns import Return, missing_returns
from xlperf.rules.escalation.phrases import capital, times
from xlperf.rules.escalation.phrases import day as in_words
from xlperf.rules.rag import Rag

_MISSING = (
    TableColumn("Responsible owner", 1.4, grows=True),
    TableColumn("Directorate", 1.4, grows=True),
    TableColumn("Executive owner", 1, grows=True),
    TableColumn("Due", 70),
    TableColumn("Days late", 50),
    TableColumn("How it stands", 1, grows=True),
)
_FIGURES = (
    TableColumn("Ref", 30),
    TableColumn("Indicator", 1, grows=True),
    TableColumn("Figure", 60),
    TableColumn("As at", 60),
    TableColumn("What to know", 2, grows=True),
)


def returns_page(assessment: Assessment, sections: Sequence[Section]) -> DocumentPart:
    """Who has not returned, which figures are to be read with care, and how far all can be relied on."""
    blocks = (
        *_missing(assessment),
        *_not_returned(assessment, sections),
        *_noted(assessment, sections),
        Together((*_method(assessment, sections),)),
    )
    returned = return_words(assessment.counts.returns)
    return DocumentPart("Returns and data quality", blocks, beside=returned, starts_page=False)


def _missing(assessment: Assessment) -> Iterator[Block]:
    missing = missing_returns(assessment)
    yield Heading("Returns not received")
    if not missing:
        all_in = "Every return that was expected has been received and counts."
        yield Paragraph(words(all_in if assessment.counts.returns.expected else "No returns have been issued."))
        return
    rows = tuple(_missing_row(each) for each in missing)
    yield PageTable("Owners who have not returned", _MISSING, rows, has_row_headers=True)


def _missing_row(each: Return) -> TableRow:
    late = each.days_late
    texts = (
        each.owner.name if each.owner else each.owner_id,
        each.owner.directorate if each.owner else "",
        each.executive_owner,
        in_words(each.deadline) if each.deadline else "",
        str(late) if late else "",
        each.standing,
    )
    return TableRow(tuple(TableCell(words(text)) for text in texts))


def _not_returned(assessment: Assessment, sections: Sequence[Section]) -> Iterator[Block]:
    """The figures that are lacking, whether the return is missing, or the figure was left out of it or refused."""
    lacking = [each for each in figures.of_sections(assessment, sections) if each.rag == Rag.NOT_RETURNED]
    if lacking:
        yield Heading("Figures not returned")
        yield Items(tuple(
            words(TextRun(f"{each.kpi.id} {figures.name(assessment, each)}: ", strong=True), f"{_why(each)}.")
            for each in lacking
        ))  # fmt: skip


def _why(latest: Latest) -> str:
    if latest.lacks_orgs:
        return f"not complete, {latest.reported}"
    return figures.without_sheets(latest.why) or "no figure"


def _noted(assessment: Assessment, sections: Sequence[Section]) -> Iterator[Block]:
    members = figures.of_sections(assessment, sections)
    listed = [(latest, [*_notes(assessment, latest)]) for latest in members]
    rows = tuple(_noted_row(assessment, latest, notes) for latest, notes in listed if notes)
    if rows:
        yield Heading("Figures to read with care")
        yield PageTable("Figures that may change, have changed, or are counted otherwise", _FIGURES, rows, True)


def _notes(assessment: Assessment, latest: Latest) -> Iterator[str]:
    marked = standing(latest.current) if latest.row else ""
    if PROVISIONAL in marked:
        yield "provisional: its owner says that it may still change"
    if RESTATED in marked and latest.current:
        why = latest.current.now.reason_restated
        yield "restated" + (f": {why}" if why else "; no reason was given")
    if latest.reported and (latest.lacks_orgs or (latest.row and latest.row["partial"])):
        yield from made_of(assessment, latest)
    if change := assessment.redefinitions.get(latest.series):
        yield redefined(*change)


def _noted_row(assessment: Assessment, latest: Latest, notes: Sequence[str]) -> TableRow:
    said = "; ".join(notes)
    texts = (
        latest.kpi.id,
        figures.name(assessment, latest),
        figures.shown(latest.kpi, latest.row),
        latest.period.short if latest.period else "–",
        f"{capital(said)}.",
    )
    return TableRow(tuple(TableCell(words(text)) for text in texts))


def _method(assessment: Assessment, sections: Sequence[Section]) -> Iterator[Block]:
    members = figures.of_sections(assessment, sections)
    known = [assessment.confidence[latest.series].word for latest in members]
    said = [f"{known.count(word)} {word}" for word in ("good", "fair", "poor") if word in known]
    unknown = known.count("")
    yield Heading("How far the figures can be relied on")
    yield Paragraph(words(
        f"Of {times(len(members), 'figure')}, by the poorest of four marks: "
        f"{', '.join([*said, *([f'{unknown} not stated'] if unknown else [])])}."
    ))  # fmt: skip
    yield Items((
        words("Sign-off: whether the executive signed the return and the owner says that the figure was validated."),
        words("Timeliness: whether the return came by its deadline."),
        words("Audit: what the last audit of the figure found. Systems: how robust its systems are."),
    ))  # fmt: skip
    said_by = "Good is Green in all marks that are known, fair is Amber in one or more, poor is Red in one or more."
    yield Paragraph(words(said_by), Size.NOTE)
