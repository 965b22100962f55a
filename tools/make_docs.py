"""Writes what is printed from the code to `docs`: findings, limits, columns, PostgreSQL, the catalogue's schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from xlperf.catalogue import json_schema
from xlperf.findings import KINDS
from xlperf.report.columns import FIRST
from xlperf.report.figure_rows import COLUMNS
from xlperf.report.sheets import data
from xlperf.report.views import SHEETS
from xlperf.workbook.reader.reading_limits import DEFAULT_LIMITS

DOCS = Path(__file__).parent.parent / "docs"
GROUPS = {
    "F": "The file",
    "I": "Whose return it is",
    "R": "Rows and cells",
    "A": "Answers that go with a figure",
    "D": "Decisions typed in the master",
    "C": "The catalogue",
    "V": "The ledger",
    "W": "The workspace",
}


def main() -> None:
    """Write every generated document."""
    for name, text in documents().items():
        (DOCS / name).write_text(text, encoding="utf-8")


def documents() -> Mapping[str, str]:
    """The text of each generated document, by file name."""
    schema = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    return {
        "findings.md": _findings(),
        "limits.md": _limits(),
        "columns.md": _columns(),
        "postgresql.md": _postgresql(),
        "kpi_catalogue.schema.json": schema,
    }


def _findings() -> str:
    lines = [
        "# Findings",
        "",
        "Every fault that xlperf can report, with what it does to the return and what to do about it. Printed from",
        "`xlperf/findings/kinds.py` by `tools/make_docs.py`; a test keeps the two the same.",
        "",
        "*reject return*: nothing of the return is taken. *reject row*: that figure is not taken, the rest is.",
        "*warning*: taken, but somebody should look at it. *note*: taken, and recorded only. In the catalogue (C),",
        "anything but a warning stops the work until it is put right.",
    ]
    for letter, title in GROUPS.items():
        lines += ["", f"## {letter}: {title}", "", "| code | severity | what | what to do |", "|---|---|---|---|"]
        lines += [
            f"| {code} | {kind.severity} | {kind.title} | {kind.fix} |"
            for code, kind in KINDS.items()
            if code.startswith(letter)
        ]
    return "\n".join(lines) + "\n"


def _columns() -> str:
    lines = [
        "# The columns of the master",
        "",
        "What each table of the master contains, for people who read it with Power BI, R or formulas such as",
        "`tbl_data[Actual]`. `tools/make_docs.py` writes this page from `xlperf/report/sheets`; a test checks it.",
        "",
        "A header that has been released is never renamed, retyped or dropped. New columns come at the right end; a",
        "master made by an earlier version gains them at its next collation. *Key*: the columns by which a row is",
        "known, so that what people type beside it stays with it. *Typed*: people type there, and a collation never",
        "writes over it. A period is text such as `2026-27-Q1`; dates and numbers are dates and numbers.",
        "",
        "On a list the title stands in A1 and what it shows in A2; the table begins in the third row. The lists of a",
        "master made by version 0.1.0 begin in the first row and stay there, as other workbooks, charts and links may",
        "point at their cells by address, which nothing could put right. Sheets that it is given since have the title.",
    ]
    for sheet in SHEETS:
        lines += ["", f"## {sheet.name}: `{sheet.table}`", "", f"One row: {sheet.says}.", ""]
        lines += ["| column | id | kind | what | since |", "|---|---|---|---|---|"]
        for column in sheet.columns:
            marks = [word for word, holds in (("key", column.is_key), ("typed", column.is_typed)) if holds]
            kind = ", ".join((str(column.kind), *marks))
            since = sheet.since if column.since == FIRST else column.since
            lines.append(f"| {column.header} | `{column.id}` | {kind} | {column.says} | {since} |")
    return "\n".join(lines) + "\n"


def _postgresql() -> str:
    lines = [
        "# The figures in PostgreSQL",
        "",
        "Where the ledger is a PostgreSQL database, each collation that has written the master shows the same figures",
        "in a view, `xlperf_figures`, for Power BI, R or SQL. One row is a figure that counts, returned or imported,",
        "as the sheet *Data* has it, with its colour and trend; rolled-up figures are not in it. The columns are those",
        "of *Data*, by their ids. Rows that `data_years` leaves out of the sheet are in the view. `tools/make_docs.py`",
        "writes this page; a test checks it.",
        "",
        "```sql",
        "GRANT USAGE ON SCHEMA public TO power_bi;             -- a program needs no right to the ledger's own tables",
        "GRANT SELECT ON xlperf_figures TO power_bi;",
        "SELECT ref, org, period, actual, rag FROM xlperf_figures WHERE is_up_to_date;",
        "```",
        "",
        "**Look at `is_up_to_date`.** It is false from the moment anything is recorded in the ledger, such as a return",
        "that was released, until the next collation: until then the view says what the master says. What lies in the",
        "received folder, and what was changed in the catalogue, reaches both with the next collation.",
        "",
        "Nothing is judged in SQL. A collation adds the rows that have changed to `xlperf_shown_figures`, and to",
        "`xlperf_shown` when that was and for which runs; both are only ever added to. They are made by the first",
        "collation of somebody who may make tables in the schema, and whoever could read and add runs then can read",
        "and add there too. Where somebody may not, the collation says so; everything else of it is done.",
        "",
        "An empty cell is NULL. A column of numbers has no words: how a milestone was first reported is NULL.",
        "",
        "| column | type | what |",
        "|---|---|---|",
        "| `reporting_period` | text | the period of the last collation; later figures are not in the view |",
        "| `shown_at` | timestamptz | when a collation last had something new to show |",
        "| `is_up_to_date` | boolean | whether nothing has been recorded since |",
    ]
    says = {column.id: column.says for column in data.COLUMNS}
    lines += [f"| `{column.name}` | {column.type} | {says[column.name]} |" for column in COLUMNS]
    return "\n".join(lines) + "\n"


def _limits() -> str:
    lines = [
        "# Limits",
        "",
        "These limits apply to every returned file. `tools/make_docs.py` writes this page from",
        "`xlperf/workbook/reader/reading_limits.py`; a test keeps the two the same. A file beyond a limit is rejected",
        "with a finding, and the next file is read. To change a limit, name it in `workspace.yaml`:",
        "",
        "```yaml",
        "limits:",
        "  seconds: 120",
        "```",
        "",
        "| limit | value | what it is, and why |",
        "|---|---:|---|",
    ]
    lines += [f"| {name} | {value:,} | {reason} |" for name, value, reason in DEFAULT_LIMITS.documented()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
