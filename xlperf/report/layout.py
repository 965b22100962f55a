"""The tables of the master: their names and headers, shared by the template, the views and what is read back."""

from __future__ import annotations

from xlperf.returns.layout import GLOSSARY_COLUMNS

DASHBOARD, EXCEPTIONS, ESCALATION = "tbl_dashboard", "tbl_exceptions", "tbl_escalation"
KPIS, DATA, RETURNS = "tbl_kpis", "tbl_data", "tbl_returns"
FINDINGS, GLOSSARY, ABOUT = "tbl_findings", "tbl_glossary", "tbl_about"
TYPED, STAGES = "tbl_typed", "tbl_stages"
"""On the hidden sheet: decisions as last written, and the choices of the decision list."""

DECIDED, DECIDED_BY, DECIDED_ON, RATIONALE = "Decided stage", "Decided by", "Decided on", "Rationale"
TYPED_COLUMNS = (DECIDED, DECIDED_BY, DECIDED_ON, RATIONALE)
"""The columns of Escalation that people type into; a collation reads them and never changes them."""

KIND = "Row"
"""Hidden last column of the dashboard: what its row is, for the template's conditional formats."""
SECTION_ROW, KPI_ROW, KEY_ROW = "section", "kpi", "key"

HEADERS: dict[str, tuple[str, ...]] = {
    DASHBOARD: (
        "Ref", "Indicator", "Unit", "Latest", "Target", "RAG", "Change", "As at", "Last periods", "Trend",
        "Escalation", "Executive owner", KIND,
    ),
    EXCEPTIONS: (
        "Ref", "KPI", "Org", "RAG", "Latest", "Target", "As at", "Red or Amber since", "Periods", "Change", "Trend",
        "Commentary", "Cause", "Action", "Action owner", "Action due", "Escalation", "Responsible owner",
        "Executive owner", "Section",
    ),
    ESCALATION: (
        "Ref", "KPI", "Org", "RAG", "Latest", "Proposed stage", "Reason", "What would take it out", "Support",
        *TYPED_COLUMNS, "Status", "Executive owner",
    ),
    KPIS: (
        "Ref", "KPI", "Section", "Org", "Organisation", "Frequency", "Unit", "Better", "As at", "Actual", "Shown",
        "Numerator", "Denominator", "Target", "Tolerance", "RAG", "Change", "Trend", "Figures", "Variation",
        "Assurance", "Process in words", "Escalation", "Forecast for year end", "Commentary", "Responsible owner",
        "Executive owner",
    ),
    DATA: (
        "Ref", "KPI", "Org", "Organisation", "Period", "Period ends", "Unit", "Actual", "Numerator", "Denominator",
        "Milestone", "Target", "Tolerance", "RAG", "Change", "Trend", "Figures", "Escalation", "Commentary", "Cause",
        "Action", "Action owner", "Action due", "Forecast for year end", "Reason not applicable", "First reported",
        "Restated", "Reason for restatement", "Definition changed", "Validated", "Note", "File", "Sheet", "Cell",
        "Return",
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

KEYS: dict[str, tuple[str, ...]] = {
    DASHBOARD: ("Ref", "Indicator"),
    EXCEPTIONS: ("Ref", "Org"),
    ESCALATION: ("Ref", "Org"),
    KPIS: ("Ref", "Org"),
    DATA: ("Ref", "Org", "Period"),
    RETURNS: ("Period", "Responsible owner"),
    FINDINGS: ("Code", "File", "Cell", "Ref", "Org", "Period", "What"),
    GLOSSARY: ("Ref",),
    ABOUT: ("Item",),
}
"""What a row is about; by it, columns that people add to a table stay with their rows."""

TITLE, SUBTITLE, SUMMARY = "dash_title", "dash_subtitle", "dash_summary"
"""Defined names of the dashboard's cells above its table."""
