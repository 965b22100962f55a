"""Names in the master that are told from outside its sheets: tables, cells, and columns that are read back."""

from __future__ import annotations

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

TITLE, SUBTITLE, SUMMARY = "dash_title", "dash_subtitle", "dash_summary"
"""Defined names of the dashboard's cells above its table."""
