"""Names in the master that other rooms use: tables, cells, and columns that are read back."""

from __future__ import annotations

DASHBOARD, EXCEPTIONS, ESCALATION = "tbl_dashboard", "tbl_exceptions", "tbl_escalation"
CHANGES, CONTENTS = "tbl_changes", "tbl_contents"
CHART, ROLL_UP_HISTORY = "tbl_chart", "tbl_rollup_history"
KPIS, ROLL_UP, DATA, RETURNS = "tbl_kpis", "tbl_rollup", "tbl_data", "tbl_returns"
FINDINGS, GLOSSARY, ABOUT = "tbl_findings", "tbl_glossary", "tbl_about"
LEDGER = "Ledger"
"""An item of About that is read back."""
TYPED, STAGES = "tbl_typed", "tbl_stages"
"""On the hidden sheet: decisions as last written, and the choices in the list of stages."""

DECIDED, DECIDED_BY, DECIDED_ON, RATIONALE = "Decided stage", "Decided by", "Decided on", "Rationale"
TYPED_COLUMNS = (DECIDED, DECIDED_BY, DECIDED_ON, RATIONALE)
"""The columns of Escalation that people type into; a collation reads them and never changes them."""

ACTIONS, TYPED_ACTIONS = "tbl_actions", "tbl_typed_actions"
"""The register of actions; and, hidden, what its cells for typing showed when they were last written."""
ACTION_ID = "Action no."
ACTION_CELLS = {
    "ref": "Ref", "org": "Org", "what": "Action", "owner": "Action owner", "due": "Due", "status": "Status",
    "progress": "Progress", "evidence": "Evidence", "agreed": "Agreed at", "reason": "Reason",
}  # fmt: skip
"""The headers of the register's columns that people type into, by the ids in `rules.actions.event.CELLS`."""
ENQUIRIES, TYPED_ENQUIRIES = "tbl_enquiries", "tbl_typed_enquiries"
"""The lines of enquiry; and, hidden, what their cells for typing showed when they were last written."""
ENQUIRY_KEY = ("Meeting", "Period", "Kind", "Ref", "Org")
"""The headers of what a line of enquiry is known by, in the order of `rules.enquiries.typed_about.EnquiryKey`."""
ENQUIRY_CELLS = {
    "question": "Question", "left_out": "Left out", "answer": "Answer", "answered_by": "Answered by",
    "answered_on": "Answered on",
}  # fmt: skip
"""The headers of the columns that people type into, by the ids in `rules.enquiries.typed_about.CELLS`."""
ENQUIRY_ABOUT, ENQUIRY_EVIDENCE, ENQUIRY_BY = "About", "Evidence", "To be answered by"
RECOVERY, TYPED_RECOVERY = "tbl_recovery", "tbl_typed_recovery"
"""The recovery paths; and, hidden, what their cells for typing showed when they were last written."""
PROMISED_PERIOD = "Period"
PROMISE_CELLS = {"figure": "Promised", "reason": "Why, or where agreed"}
"""The headers of the columns of Recovery that people type into, by the ids in `rules.recovery_path.CELLS`."""
NARRATIVE, TYPED_WORDS = "tbl_narrative", "tbl_typed_words"
"""An executive's words on rolled-up figures; and, hidden, what their cells showed when they were last written."""
WORDS, APPROVED_BY, APPROVED_ON = "Words", "Approved by", "Approved on"
WORDS_KEY = ("Ref", "Org", "Period")
WORDS_COLUMNS = (WORDS, APPROVED_BY, APPROVED_ON)
"""The columns of Narrative that people type into."""
STOOD_COLUMNS = ("Figure", "Members")
"""Hidden: how the figure, and those that it is made of, stood on the sheet that people type into."""
CASES, TYPED_CASES = "tbl_cases", "tbl_typed_cases"
"""The log of cases; and, hidden, what its cells for typing showed when they were last written."""
ENTRY = "Entry"
CASE_CELLS = {
    "ref": "Ref", "org": "Org", "kind": "Kind", "what": "What", "who": "By or to whom", "on": "On", "note": "Note",
}  # fmt: skip
"""The headers of the log's columns that people type into, by the ids in `rules.cases.entry.CELLS`."""
FORECAST_RAG = "Forecast RAG"
"""The column of KPIs with the colour of a forecast, which the template colours as it does that of the figure."""

LAST_PERIODS = "Last periods"
"""The column of the dashboard with the bars of a series. If it were cut in print, the latest period would be lost."""
FIGURES_ON_DASHBOARD = ("Latest", "Target", "RAG", "As at")
"""Columns of the dashboard that must not be cut in print: part of `51,933` would read as `1,933`."""

KIND = "Row"
"""Hidden column of the dashboard and the cover: the kind of row, for the template's conditional formats and links."""
SECTION_ROW, KPI_ROW, KEY_ROW = "section", "kpi", "key"
FACT_ROW, SHEET_ROW = "fact", "sheet"
"""Of the cover."""

TO_ACT_ON, TO_CELEBRATE = "To act on", "To celebrate"
"""The two lists of Exceptions."""

TITLE, SUBTITLE, SUMMARY = "dash_title", "dash_subtitle", "dash_summary"
"""Defined names of the dashboard's cells above its table."""
CONTENTS_TITLE = "contents_title"
"""The defined name of the heading of the cover."""
