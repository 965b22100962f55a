"""What there is to celebrate, as a part of its own."""

from __future__ import annotations

from collections.abc import Sequence

from xlperf.assessment import Assessment, Latest
from xlperf.catalogue import Section
from xlperf.documents.document import (
    Align,
    DocumentPart,
    PageTable,
    Paragraph,
    TableCell,
    TableColumn,
    TableRow,
    Tone,
    plain,
    words,
)
from xlperf.report.pages import figure_words as figures
from xlperf.report.pages.executive_words import executive_words
from xlperf.report.pages.series_chart import series_chart
from xlperf.rules.escalation.phrases import capital, times

_COLUMNS = (
    TableColumn("Ref", 30),
    TableColumn("Indicator", 1.2, grows=True),
    TableColumn("Latest", 56, Align.RIGHT),
    TableColumn("Target", 60, Align.RIGHT),
    TableColumn("RAG", 56, Align.CENTRE),
    TableColumn("Latest periods", 76),
    TableColumn("What went well", 2, grows=True),
    TableColumn("Executive", 90),
)


def to_celebrate(assessment: Assessment, sections: Sequence[Section]) -> list[Latest]:
    """What there is to celebrate in these sections, in the order of the catalogue."""
    return [each for each in figures.of_sections(assessment, sections) if each.series in assessment.good_news]


def celebrate_page(assessment: Assessment, sections: Sequence[Section]) -> DocumentPart | None:
    """What there is to celebrate; None where there is nothing."""
    listed = to_celebrate(assessment, sections)
    if not listed:
        return None
    rows = tuple(_row(assessment, latest) for latest in listed)
    table = PageTable("What went well, with the figure and why it is listed", _COLUMNS, rows, has_row_headers=True)
    return DocumentPart("To celebrate", (table,), beside=f"{times(len(listed), 'figure')}")


def _row(assessment: Assessment, latest: Latest) -> TableRow:
    said = [each for each in executive_words(assessment, latest) if isinstance(each, Paragraph)]
    good = "; ".join(assessment.good_news[latest.series])
    return TableRow((
        TableCell(words(latest.kpi.id)),
        TableCell(words(figures.name(assessment, latest))),
        TableCell(words(figures.shown(latest.kpi, latest.row))),
        TableCell(words(figures.each_with_unit(latest.kpi, figures.target(latest)) or "none")),
        TableCell(words(str(latest.rag)), figures.TONES.get(latest.rag, Tone.PLAIN)),
        TableCell(chart=series_chart(assessment, latest)),
        TableCell(words(f"{capital(good)}.", *(f" {plain(each.words)}" for each in said))),
        TableCell(words(figures.executive(assessment, latest))),
    ))  # fmt: skip
