"""Changes: what is shown otherwise than the last edition showed it, the gravest first."""

from __future__ import annotations

from xlperf.report import layout
from xlperf.report.change_words import ChangeRow, since_last
from xlperf.report.columns import Column, ColumnKind, MasterSheet
from xlperf.report.sheets.common import org_column, ref_column

COLUMNS: tuple[Column[ChangeRow], ...] = (
    Column("kind", "What changed", lambda row: row.kind, 16, "the kind of change; the first row says since when",
           is_key=True),
    Column("section", "Section", lambda row: row.section, 18, "the section of the catalogue"),
    ref_column(lambda row: row.ref),
    Column("kpi", "KPI", lambda row: row.kpi, 26, "the KPI's name"),
    org_column(lambda row: row.org),
    Column("period", "Period", lambda row: row.period, 11, "the period of the figure", ColumnKind.PERIOD, is_key=True),
    Column("before", "Before", lambda row: row.before, 22, "what the edition showed"),
    Column("now", "Now", lambda row: row.now, 22, "what is shown now"),
    Column("in_words", "In words", lambda row: row.words, 64, "the change as a sentence"),
)  # fmt: skip

SHEET = MasterSheet(
    layout.CHANGES, "Changes", "a change since the last edition: of a colour, a past figure, a target or a decision",
    COLUMNS, since_last,
    printed_to="In words", kept=3, since="0.2.0", always=("In words",),
    shows="What has changed since the last edition: colours, past figures, targets, definitions, decisions.",
)  # fmt: skip
