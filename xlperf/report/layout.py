"""The tables of the master: their names and headers, shared by the template, the views and what is read back."""

from __future__ import annotations

from typing import NamedTuple

from xlperf.returns.fields import FIELDS, LIKE
from xlperf.returns.layout import GLOSSARY_COLUMNS

DASHBOARD, EXCEPTIONS, ESCALATION = "tbl_dashboard", "tbl_exceptions", "tbl_escalation"
KPIS, ROLL_UP, DATA, RETURNS = "tbl_kpis", "tbl_rollup", "tbl_data", "tbl_returns"
FINDINGS, GLOSSARY, ABOUT = "tbl_findings", "tbl_glossary", "tbl_about"
TYPED, STAGES = "tbl_typed", "tbl_stages"
"""On the hidden sheet: decisions as last written, and the choices of the decision list."""

DECIDED, DECIDED_BY, DECIDED_ON, RATIONALE = "Decided stage", "Decided by", "Decided on", "Rationale"
TYPED_COLUMNS = (DECIDED, DECIDED_BY, DECIDED_ON, RATIONALE)
"""The columns of Escalation that people type into; a collation reads them and never changes them."""

LAST_PERIODS = "Last periods"
"""The column of the dashboard that draws a series: what it prints has to be whole, or the latest period is lost."""
FIGURES_ON_DASHBOARD = ("Latest", "Target", "RAG", "As at")
"""Columns of the dashboard of which a part would be another figure: `1,933` of `51,933`."""

KIND = "Row"
"""Hidden last column of the dashboard: what its row is, for the template's conditional formats."""
SECTION_ROW, KPI_ROW, KEY_ROW = "section", "kpi", "key"

TO_ACT_ON, TO_CELEBRATE = "To act on", "To celebrate"
"""The two lists of Exceptions."""

NEWER_FIELDS = tuple(field for field in FIELDS if field.is_in_data and field.release != "0.1.0")
"""What owners are asked since the first release; *Data* has these at its right end."""

HEADERS: dict[str, tuple[str, ...]] = {
    DASHBOARD: (
        "Ref", "Indicator", "Unit", "Latest", "Target", "RAG", "Data", "Change", "As at", LAST_PERIODS, "Variation",
        "Assurance", "Note", "Escalation", "Executive owner", KIND,
    ),
    EXCEPTIONS: (
        "List", "Ref", "KPI", "Org", "RAG", "Latest", "Target", "As at", "Why it is listed", "Red or Amber since",
        "Periods", "Change", "Variation", "Assurance", "Data quality", "Commentary", "Cause", "Action",
        "Action owner", "Action due", "Escalation", "Responsible owner", "Executive owner", "Section",
        "Directorate",
    ),
    ESCALATION: (
        "Ref", "KPI", "Org", "RAG", "Latest", "Proposed stage", "Reason", "What would take it out", "Support",
        "In force since", "Periods at stage", "Next review", "Who decides", "Who is told", *TYPED_COLUMNS, "Status",
        "Executive owner",
    ),
    KPIS: (
        "Ref", "KPI", "Section", "Org", "Organisation", "Reported by", "Frequency", "Unit", "Better", "As at",
        "Actual", "Shown", "Numerator", "Denominator", "Figure is", "First reported", "Target", "Tolerance",
        "Target since", "RAG", "Data quality", "Change", "Changed by", "Same period last year", "Trend", "Points",
        "Variation", "Assurance", "Process in words", "Flag", "Rank", "Best", "Worst", "Gap", "Benchmark",
        "Benchmark source", "Escalation", "Forecast for year end", "Commentary", "Responsible owner",
        "Executive owner", "Directorate",
    ),
    ROLL_UP: (
        "Ref", "KPI", "Org", "Organisation", "Span", "Covers", "How", "Reported", "Actual", "Shown", "Numerator",
        "Denominator", "Target", "RAG",
    ),
    DATA: (
        "Ref", "KPI", "Org", "Organisation", "Period", "Period ends", "Unit", "Actual", "Numerator", "Denominator",
        "Milestone", "Target", "Tolerance", "Target since", "RAG", "Change", "Same period last year", "Trend",
        "Figures", "Escalation", "Commentary", "Cause", "Action", "Action owner", "Action due",
        "Forecast for year end", "Reason not applicable", "Provisional", "First reported", "Restated",
        "Reason for restatement", "Definition changed", "Validated", "Note", "File", "Sheet", "Cell", "Return",
        *(field.header for field in NEWER_FIELDS),
    ),
    RETURNS: (
        "Period", "Responsible owner", "Directorate", "Executive owner", "Serial", "Issued", "Deadline", "Returned",
        "Days late", "Outcome", "Standing", "File", "Asked", "Accepted", "Refused", "Blank", "Warnings",
        "Completed by", "Signed off by", "Signed off on", "Return",
    ),
    FINDINGS: (
        "Severity", "Code", "File", "Sheet", "Cell", "Ref", "Org", "Period", "Responsible owner", "What",
        "Found", "Expected", "What to do",
    ),
    GLOSSARY: GLOSSARY_COLUMNS,
    ABOUT: ("Item", "Value"),
    STAGES: ("Stage",),
    TYPED: ("Ref", "Org", *TYPED_COLUMNS),
}  # fmt: skip


class Added(NamedTuple):
    """A column that a released version did not have: the version that has it first, and the column it looks like."""

    since: str
    like: str


ADDED: dict[str, dict[str, Added]] = {
    EXCEPTIONS: {"Directorate": Added("0.2.0", like="Executive owner")},
    KPIS: {"Directorate": Added("0.2.0", like="Executive owner")},
    DATA: {field.header: Added(field.release, like=LIKE[field.holds]) for field in NEWER_FIELDS},
}
"""The columns that came after 0.1.0; a master of an earlier version is given them.

A column of 0.1.0 that is not there has been renamed or taken away by a person, and is not put beside what they made of
it."""

KEYS: dict[str, tuple[str, ...]] = {
    DASHBOARD: ("Ref", "Indicator"),
    EXCEPTIONS: ("List", "Ref", "Org"),
    ESCALATION: ("Ref", "Org"),
    KPIS: ("Ref", "Org"),
    ROLL_UP: ("Ref", "Org", "Span"),
    DATA: ("Ref", "Org", "Period"),
    RETURNS: ("Period", "Responsible owner"),
    FINDINGS: ("Code", "File", "Cell", "Ref", "Org", "Period", "What"),
    GLOSSARY: ("Ref",),
    ABOUT: ("Item",),
}
"""What a row is about; by it, columns that people add to a table stay with their rows."""

TITLE, SUBTITLE, SUMMARY = "dash_title", "dash_subtitle", "dash_summary"
"""Defined names of the dashboard's cells above its table."""
