"""The master: read what people typed into it, then show the ledger in it, without losing anything of theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from xlperf import __version__
from xlperf.assessment import Assessment
from xlperf.assessment.approvals import draft_standing
from xlperf.assessment.undiscussed import undiscussed
from xlperf.catalogue import Catalogue
from xlperf.findings import Finding
from xlperf.ledger import AcceptedCatalogue, State
from xlperf.report import count_words, dashboard_heading, layout
from xlperf.report.edition_words import correction_words, draft_words
from xlperf.report.ladder_words import ladder_words
from xlperf.report.sheets import dashboard
from xlperf.report.sheets import findings as findings_sheet
from xlperf.report.undiscussed_words import undiscussed_lines
from xlperf.report.views import SHEET_OF, RowsByTable, master_tables
from xlperf.returns.commentary_asked import commentary_words
from xlperf.rules.spc.rulesets import choose
from xlperf.workbook.port import WorkbookPort
from xlperf.workflow.master.data_years import data_words, must_fit
from xlperf.workflow.master.door import Door, Written
from xlperf.workflow.master.growing import PRODUCED, grow
from xlperf.workflow.master.peoples import homeless_notes, with_peoples_columns


def template_words(catalogue: Catalogue) -> dict[str, str]:
    """What the placeholders of the master's template stand for."""
    return {"organisation": catalogue.organisation, "classification": catalogue.classification}


def refresh(door: Door, shown: MasterContent, templates: Sequence[Path]) -> Written:
    """Show the assessment in the master. Raises WorkbookError; by then the ledger has everything.

    A master made by an earlier version takes the sheets that it lacks from `templates`; see `growing`.
    """
    book = door.open(template_words(shown.assessment.catalogue))
    findings, grown = show(book, shown, templates)
    written = door.save(book, shown.assessment.produced)
    return replace(written, findings=tuple(findings), grown=tuple(grown))


@dataclass(frozen=True, slots=True)
class MasterContent:
    """What the master is to show.

    Args:
        assessment: of the ledger.
        about: the rows of About.
        findings: of this collation, about the master and the received folders, which the ledger does not have.
    """

    assessment: Assessment
    about: Sequence[tuple[str, str]]
    findings: Sequence[Finding] = ()


def show(book: WorkbookPort, shown: MasterContent, templates: Sequence[Path]) -> tuple[list[Finding], list[str]]:
    """Write every table and named value.

    Returns findings about what people typed and could not be kept (they are on the Findings sheet too), and what the
    master was given that is new in this version.
    """
    assessment = shown.assessment
    must_fit(assessment.figures_in_data, book.body(layout.DATA)[1].top)
    columns, grown = grow(book, templates, template_words(assessment.catalogue))
    added = {name: [each for each in columns[name] if each not in SHEET_OF[name].headers] for name in columns}
    sheet_names = {name: book.body(name)[0] for name in columns}
    tables = master_tables(assessment, [*shown.about, *grown], sheet_names)
    del tables[layout.FINDINGS]  # written last, as writing the others may find something
    findings = _write(book, added, tables)
    rows = findings_sheet.rows(assessment, [*shown.findings, *findings])
    homeless = homeless_notes(book, added, {layout.FINDINGS: rows})
    if homeless:
        rows = findings_sheet.rows(assessment, [*shown.findings, *findings, *homeless])
    findings += _write(book, added, {layout.FINDINGS: rows})
    book.set_title(f"{assessment.catalogue.title} · {assessment.catalogue.organisation}")
    book.write_name(layout.CONTENTS_TITLE, dashboard_heading.title(assessment))
    book.write_name(layout.TITLE, dashboard_heading.title(assessment))
    book.write_name(layout.SUBTITLE, dashboard_heading.subtitle(assessment))
    book.write_name(layout.SUMMARY, dashboard_heading.summary(assessment))
    return findings, [f"{item}: {what}" for item, what in grown]


def _write(book: WorkbookPort, added: Mapping[str, Sequence[str]], tables: RowsByTable) -> list[Finding]:
    """Write tables, which are used up by it; returns what of people's own could not be kept."""
    content_of_table, findings = with_peoples_columns(book, added, tables)
    for name in list(content_of_table):
        content, rows = content_of_table.pop(name), tables.pop(name)  # what is written need not stay in memory
        book.write_table(name, content.rows, content.moved)
        if name == layout.DASHBOARD:
            book.keep_together(name, dashboard.with_next(rows), content.moved)
    return findings


def about_rows(assessment: Assessment, by: str) -> list[tuple[str, str]]:
    """What a reader must know about how the figures came about."""
    catalogue, rules = assessment.catalogue, assessment.catalogue.rules
    spc = choose(rules.spc_ruleset, rules.spc_run_length, None)
    ladder, runs = catalogue.escalation, assessment.state.runs
    return [
        ("Reporting period", assessment.period.label),
        ("Organisation", catalogue.organisation),
        ("Catalogue", f"{catalogue.framework} {catalogue.version} ({catalogue.hash})"),
        (
            "RAG",
            "the unrounded actual against the target of its period; tolerance absolute or relative, see Glossary",
        ),
        ("Change", "the previous period of the same frequency; two points are not a trend"),
        ("Trend", f"variation where SPC speaks; else {rules.short_trend_moves} changes running the same way"),
        ("Variation, assurance", f"SPC (XmR), ruleset {spc.variant}; seasonal patterns are not taken into account"),
        ("Data quality", "sign-off, timeliness, audit, systems: Green, Amber, Red, or – not stated"),
        ("Roll-up", "as each KPI says, see Glossary; percentages are never averaged where their parts are known"),
        ("Commentary needed for", commentary_words(rules)),
        ("Action needed for", ", ".join(rules.action_needed)),
        *ladder_words(ladder),
        ("About the ladder", ladder.note),
        ("Decided by", ladder.decided_by),
        *count_words.about_rows(assessment.counts),
        *(("Not discussed", line) for line in undiscussed_lines(undiscussed(assessment))),
        *([("Data", words)] if (words := data_words(assessment)) else []),
        *_edition_rows(assessment),
        *_past_rows(assessment.state),
        (PRODUCED, f"{assessment.produced:%d %B %Y %H:%M} by {by}, with xlperf {__version__}"),
        (
            layout.LEDGER,
            f"{len(runs)} runs, the last {runs[-1] if runs else 'none'}",
        ),
    ]


def _edition_rows(assessment: Assessment) -> list[tuple[str, str]]:
    """Which edition this one takes the place of, and who has approved its draft."""
    draft = draft_standing(assessment.catalogue, assessment.state, assessment.period)
    corrects = correction_words(assessment.correction) if assessment.correction else ""
    rows = (("Corrects", corrects), ("Draft", " ".join(draft_words(draft)) if draft else ""))
    return [(item, words) for item, words in rows if words]


def _past_rows(state: State) -> list[tuple[str, str]]:
    """Who accepted, and when, that past figures are shown differently, and which."""
    return [
        ("Past figures changed", f"accepted on {run.at[:10]} by {run.by}: {' '.join(record.changes)}")
        for run in state.run_records
        for record in run.records
        if isinstance(record, AcceptedCatalogue) and record.changes
    ]
