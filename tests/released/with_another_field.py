"""A later xlperf, which asks owners for more: a record each at the end of `FIELDS`, and nothing else.

Run as a program, since what follows from the fields is worked out as modules are imported. It goes on with a copy of
an earlier version's workspace, and prints what came of it.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from xlperf.returns import fields

LESSON = fields.Field(
    "Lesson learnt",
    width=33,
    hint="What to do otherwise.",
    id="lesson",
    holds=fields.Holds.TEXT,
    since=3,
    release="0.2.0",
)
OTHERS = tuple(
    fields.Field(header, width=12, id=header.lower(), holds=holds, since=3, release="0.2.0")
    for header, holds in (
        ("Staff", fields.Holds.NUMBER),
        ("Checked on", fields.Holds.DATE),
        ("Audited", fields.Holds.YES_NO),
    )
)
fields.FIELDS = (*fields.FIELDS, *OTHERS, LESSON)

import openpyxl  # noqa: E402

from tests.conftest import Q2, Team, at, fill  # noqa: E402
from tools.make_templates import make_master, make_return  # noqa: E402
from xlperf.returns import layout  # noqa: E402
from xlperf.tables import Table  # noqa: E402
from xlperf.workbook.file import FileWorkbook  # noqa: E402
from xlperf.workflow.cycle.import_history import import_history  # noqa: E402
from xlperf.workflow.integrity.verify import verify  # noqa: E402
from xlperf.workflow.workspace import Workspace  # noqa: E402
from xlperf.workflow.workspace.run import Run  # noqa: E402

Q3 = "2026-27-Q3"
ROW = ("V1", "TRUST", Q3)
PAST = "2025-26-Q1"
NEW = (LESSON.header, *(field.header for field in OTHERS))
TYPED: dict[str, Any] = {"Staff": 0, "Checked on": date(2027, 1, 5), "Audited": "Yes"}


def main(root: Path) -> dict[str, Any]:
    """Go on with the workspace in `root`; what a user sees of the new field."""
    team = Team(Workspace(root))
    told: dict[str, Any] = {"verified": [item.message for item in verify(team.workspace).findings]}

    # The milestone is due on the last day of the quarter: on track would be missed.
    complete = {("M1", "TRUST", Q2): {"Milestone": "Complete"}}
    out = fill(team.issued(Q2)["alpha"], complete, name="out.xlsx", saved=at("2026-10-20"))
    told["out"] = findings(team, at("2026-10-21"), out)

    told["grown"] = column_of(team.issue(Q3, at("2027-01-04"))["alpha"])
    for template, make in (("return.xlsx", make_return), ("master.xlsx", make_master)):
        make(root / "workbook_templates" / template)
    issued = team.issue(Q3, at("2027-01-05"), again=True)["alpha"]
    told["made"] = column_of(issued)
    new = fill(
        issued,
        {ROW: {LESSON.header: "Start in May", **TYPED}, ("M1", "TRUST", Q3): {"Milestone": "Complete"}},
        saved=at("2027-01-06"),
    )
    told["new"] = findings(team, at("2027-01-10"), new)
    record = team.state.now[ROW].as_record()
    told["record"] = {each.id: record[each.id] for each in (LESSON, *OTHERS)}
    again = team.issue(Q3, at("2027-01-11"), again=True)["alpha"]
    told["filled in"] = [row_in(FileWorkbook.open(again).read_table(layout.TABLE), ROW)[each] for each in NEW]

    history = root / "history again.csv"
    history.write_text(f"kpi,org,period,actual,lesson learnt\nV1,TRUST,{PAST},61,Ask earlier\n", encoding="utf-8")
    imported = import_history(team.workspace, history, Run(at("2027-01-12"), "analyst"))
    told["import"] = [item.code for item in imported.findings]
    team.collate(at("2027-01-13"))
    data = team.sheet("tbl_data")
    told["data"] = {row["Period"]: row[LESSON.header] for row in data if row["Ref"] == "V1" and row["Org"] == "TRUST"}
    told["shown"] = [row_in(team.table("tbl_data"), ROW)[each] for each in NEW]
    told["columns"] = list(team.table("tbl_data").columns)
    told["verified at last"] = [item.message for item in verify(team.workspace).findings]
    return told


def findings(team: Team, now: Any, file: Path) -> list[str]:
    """What is said of a returned file, and what it came to."""
    done = team.collate(now)
    (received,) = [judged for _, judged in done.judged if judged.file == file.name]
    return [received.outcome, *(item.code for item in received.findings)]


def column_of(path: Path) -> dict[str, Any]:
    """The column of the new field in a return: its look, its width, its hint, and what it is filled in with."""
    sheet = openpyxl.load_workbook(path)["Return"]
    (head,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == LESSON.header]
    (like,) = [cell for cell in sheet[head.row] if cell.value == "Commentary"]
    cell, model = (sheet.cell(head.row + 1, each.column) for each in (head, like))
    rules = [rule for rule in sheet.data_validations.dataValidation if cell.coordinate in rule.sqref]
    return {
        "is like commentary": cell.style_id == model.style_id,
        "locked": cell.protection.locked,
        "width": int(sheet.column_dimensions[head.column_letter].width),
        "hint": [rule.prompt for rule in rules],
        "lists": {
            NEW.index(sheet.cell(head.row, area.min_col).value): [rule.type, rule.prompt, area.max_row]
            for rule in sheet.data_validations.dataValidation
            for area in rule.sqref.ranges
            if sheet.cell(head.row, area.min_col).value in NEW
        },
        "value": sheet.cell(head.row + 1, head.column).value,
    }


def row_in(table: Table, key: tuple[str, str, str]) -> dict[str, str]:
    """The row of a table about a KPI, org and period, as text by header."""
    (row,) = [row for row in table.rows if (row["Ref"].raw, row["Org"].raw, row["Period"].raw) == key]
    return {header: row[header].raw for header in table.columns}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
