"""The accessible data workbook of an edition: what its sheets hold, by the rules of accessible spreadsheets.

Each sheet has a title, says how many tables it has, and has one table with one row of headings; no cell is merged, no
colour means anything, and a blank is explained. It holds what the board's page is made of: none of the team's own
sheets, no findings about returns, and no proposal that the page does not show.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlperf.assessment import Assessment
from xlperf.report import dashboard_heading
from xlperf.report.columns import SheetRow
from xlperf.report.sheets import data, glossary, kpis, rollup_history
from xlperf.tables import PlainCell, PlainSheet

NONE = "[x]"
"""Stands in a cell for which there is nothing to say, so that nobody wonders whether it was forgotten."""

_LATEST = (
    "Ref", "KPI", "Section", "Org", "Organisation", "Frequency", "Unit", "Better", "As at", "Period ends", "Actual",
    "Shown", "Target", "Target value", "Target value to", "RAG", "Change", "Variation", "Assurance", "Process in words",
    "Data quality", "Executive owner", "Definition changed", "Forecast for year end", "Forecast RAG",
)  # fmt: skip
_OVER_TIME = (
    "Ref", "KPI", "Org", "Organisation", "Period", "Period ends", "Unit", "Actual", "RAG", "Target value",
    "Target value to", "Mean", "Lower limit", "Upper limit", "Point",
)  # fmt: skip
_RAG = """\
Green meets the target of its period, Amber is within tolerance, Red is outside it, Blue is a milestone complete. \
Not due, Not returned and Not applicable are no colours: the last figure is shown."""
_VERDICTS = """\
By SPC (XmR) as in Making Data Count; seasonal patterns are not taken into account. There is no verdict from too few \
figures, nor from figures that share months with one another."""
_NOTES = (
    (NONE, "Nothing to say: no figure, no target, no limits, or no verdict."),
    ("RAG", _RAG),
    ("Variation, Assurance", _VERDICTS),
    ("Mean, limits, Point", "Of the SPC chart at that figure; of a cumulative KPI, of what each period added."),
    ("Roll-ups", "A sum that lacks an organisation has no figure here, as it would look like a fall."),
    ("Small numbers", "Nothing has been suppressed in this workbook."),
)


def data_workbook(assessment: Assessment) -> tuple[PlainSheet, ...]:
    """The sheets of the data workbook, in order; the first is the cover."""
    sheets = (_latest(assessment), _over_time(assessment), _definitions(assessment))
    notes = PlainSheet("Notes", "Notes", "What stands in the cells.", "notes", ("Note", "What it says"), _NOTES)
    return (_cover(assessment, [notes, *sheets]), notes, *sheets)


def _cover(assessment: Assessment, sheets: Sequence[PlainSheet]) -> PlainSheet:
    catalogue = assessment.catalogue
    facts = (
        ("Organisation", catalogue.organisation),
        ("For", dashboard_heading.subtitle(assessment)),
        ("Period", assessment.period.label),
        ("In short", dashboard_heading.summary(assessment)),
        ("Catalogue", f"{catalogue.framework} {catalogue.version}"),
        ("SPC ruleset", str(catalogue.rules.spc_ruleset)),
        ("Classification", catalogue.classification),
    )
    contents = tuple((f"Sheet {sheet.name}", f"{sheet.title}. {sheet.says}") for sheet in sheets)
    title = f"{dashboard_heading.title(assessment)}: data"
    return PlainSheet("Cover", title, "What this workbook is, and what is where in it.", "cover",
                     ("What", "Which"), (*facts, *contents))  # fmt: skip


def _latest(assessment: Assessment) -> PlainSheet:
    headers = (*_LATEST, "Escalation, as decided")
    rows = [
        (*_chosen(row, _LATEST), assessment.ladder.printed(latest.series) or NONE)
        for latest, row in zip(assessment.latest, kpis.SHEET.rows(assessment), strict=True)
    ]
    return PlainSheet("Latest figures", "The latest figure of each KPI and organisation",
                     "One row for each KPI and organisation.", "latest_figures", headers, rows)  # fmt: skip


def _over_time(assessment: Assessment) -> PlainSheet:
    rows = [_chosen(row, _OVER_TIME) for sheet in (data.SHEET, rollup_history.SHEET) for row in sheet.rows(assessment)]
    return PlainSheet("Figures over time", "Every figure, with its target and its place in the SPC chart",
                     "One row for each KPI, organisation and period; roll-ups stand last.", "figures_over_time",
                     _OVER_TIME, rows)  # fmt: skip


def _definitions(assessment: Assessment) -> PlainSheet:
    headers = glossary.SHEET.headers
    rows = [_chosen(row, headers) for row in glossary.SHEET.rows(assessment)]
    return PlainSheet("Definitions", "What each KPI means", "One row for each KPI.", "definitions", headers, rows)


def _chosen(row: SheetRow, headers: Sequence[str]) -> tuple[PlainCell, ...]:
    """Some cells of a row of the master; a blank is said to be one."""
    return tuple(NONE if row[header] in (None, "") else row[header] for header in headers)
