"""Glossary and method: what each indicator is, and how its figures are judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xlperf.assessment import Assessment
from xlperf.catalogue import Kind, Section
from xlperf.documents.document import (
    Block,
    DocumentPart,
    Heading,
    Items,
    PageTable,
    Paragraph,
    TableCell,
    TableColumn,
    TableRow,
    TextRun,
    words,
)
from xlperf.report.ladder_words import ladder_words, undecided_words
from xlperf.report.pages import figure_words as figures
from xlperf.report.sheets.glossary import about_kpi
from xlperf.returns.kpi_words import glossary_rows
from xlperf.rules.escalation.phrases import capital, sentence
from xlperf.rules.spc.rulesets import TRIAL_POINTS

_COLUMNS = (
    TableColumn("Ref", 30),
    TableColumn("Indicator", 0.8, grows=True),
    TableColumn("Definition", 2.4, grows=True),
    TableColumn("Better", 42),
    TableColumn("Target now", 62),
    TableColumn("Tolerance", 84),
    TableColumn("How often", 66),
    TableColumn("Source", 0.9, grows=True),
)
_HEADERS = ("Ref", "KPI", "Definition", "Better", "Target", "Tolerance", "Frequency", "Source")


METHOD = """\
RAG: Green meets the target; Amber is within the tolerance beside it; Red is outside both. Blue is a milestone \
complete. Unrounded figures are judged.
Variation and assurance: Statistical process control, as in NHS England's Making Data Count (ruleset {ruleset}): \
special cause improvement or concern is a change that chance does not explain; common cause is no change. “Will miss” \
is said of the process as it stands. A verdict needs {points} points; figures that share months have none.
Target now: The target in force in the period reported on, of one organisation; that of an older or of a rolled-up \
figure stands beside it on the dashboard.
Restated: A figure that differs from what an edition has shown before.
Definition changed: The owner counts it otherwise from that period on; it is not compared with what was before, unless \
the catalogue says that it can be."""


def glossary_page(assessment: Assessment, sections: Sequence[Section]) -> DocumentPart:
    """Every indicator of these sections as the catalogue defines it, and how figures are judged."""
    members = figures.of_sections(assessment, sections)
    pairs = tuple((each.kpi, each.org) for each in members if not each.members)
    entries = glossary_rows(assessment.catalogue, pairs, assessment.period)
    rows = tuple(_row(assessment, entry) for entry in entries)
    table = PageTable("Every indicator as the catalogue defines it", _COLUMNS, rows, has_row_headers=True)
    return DocumentPart("Glossary and method", (*_method(assessment), Heading("Indicators"), table))


def _row(assessment: Assessment, entry: Mapping[str, str]) -> TableRow:
    # Of a milestone neither way is better: it is reached, or not.
    is_milestone = assessment.catalogue.kpi_by_id[entry["Ref"]].kind is Kind.MILESTONE
    said = {**entry, "Definition": _defined(assessment, entry)}
    texts = ("–" if header == "Better" and is_milestone else str(said[header]) for header in _HEADERS)
    return TableRow(tuple(TableCell(words(text)) for text in texts))


def _defined(assessment: Assessment, entry: Mapping[str, str]) -> str:
    """The definition, with what else the catalogue says of the KPI: its kind, national definition, plan objective."""
    kpi = assessment.catalogue.kpi_by_id[entry["Ref"]]
    beside = dict(about_kpi(assessment.catalogue, kpi))
    shows = beside.pop("Outcome or process").lower()
    named = [sentence(f"{header}: {said}") for header, said in beside.items() if said]
    return " ".join((entry["Definition"], *([f"It measures the {shows}."] if shows else []), *named))


def _method(assessment: Assessment) -> Iterator[Block]:
    catalogue = assessment.catalogue
    yield Heading("How figures are judged")
    said = METHOD.format(ruleset=catalogue.rules.spc_ruleset, points=TRIAL_POINTS)
    entries = (line.split(": ", 1) for line in said.splitlines())
    yield Items(tuple(words(TextRun(f"{term}. ", strong=True), text) for term, text in entries))
    yield Heading("How an issue comes into escalation")
    yield Items(tuple(words(TextRun(f"{item}. ", strong=True), sentence(capital(said)))
                      for item, said in ladder_words(catalogue.escalation)))  # fmt: skip
    if undecided := undecided_words(catalogue.escalation, assessment.meeting):
        yield Paragraph(words(undecided))
