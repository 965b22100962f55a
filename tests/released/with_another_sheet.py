"""A later xlperf, whose master has a sheet more, and a column more in KPIs: a record each, and nothing else.

Run as a program, since what follows from the records is worked out as modules are imported. It goes on with a copy of
an earlier version's workspace, and prints what came of it.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import xlperf

LATER = xlperf.__version__ = "0.9.0"

from xlperf.assessment import Latest  # noqa: E402
from xlperf.report import views  # noqa: E402
from xlperf.report.columns import Column, ColumnKind, MasterSheet, RowOrder  # noqa: E402
from xlperf.report.sheets import kpis  # noqa: E402

WORDS = MasterSheet[Latest](
    table="tbl_words",
    name="Words",
    says="a KPI, and how long its name is",
    columns=(
        Column("ref", "Ref", lambda latest: latest.kpi.id, 8, "the KPI", is_key=True),
        Column("org", "Org", lambda latest: latest.org.code, 8, "the org", is_key=True),
        Column("length", "Length", lambda latest: len(latest.kpi.name), 8, "of its name", ColumnKind.NUMBER),
    ),
    subjects=lambda assessment: assessment.latest,
    stay=RowOrder.IN_PLACE,
    since=LATER,
)
LENGTH: Column[Any] = Column("length", "Length of name", lambda line: len(line.latest.kpi.name), 9, "of the KPI",
                             ColumnKind.NUMBER, since=LATER, like="Actual")  # fmt: skip
longer = dataclasses.replace(kpis.SHEET, columns=(*kpis.SHEET.columns, LENGTH))
sheets = [longer if sheet is kpis.SHEET else sheet for sheet in views.SHEETS]
sheets.insert(sheets.index(longer) + 1, WORDS)
views.SHEETS = tuple(sheets)
views.SHEET_OF = {sheet.table: sheet for sheet in sheets}

import openpyxl  # noqa: E402

from tests.conftest import Team, at  # noqa: E402
from tools.make_templates import make_master  # noqa: E402
from xlperf.errors import XlperfError  # noqa: E402
from xlperf.workflow.cycle.publish import publish  # noqa: E402
from xlperf.workflow.workspace import Workspace  # noqa: E402
from xlperf.workflow.workspace import folder as workspace_module  # noqa: E402
from xlperf.workflow.workspace.run import Run  # noqa: E402

NOW = at("2026-10-26")


def main(root: Path, shipped: Path) -> dict[str, Any]:
    """Go on with the workspace in `root`; what a user sees of the new sheet. `shipped` gets what ships with it."""
    (shipped / "workbook_templates").mkdir(parents=True)
    make_master(shipped / "workbook_templates" / "master.xlsx")
    workspace_module.shipped = lambda name: shipped / name  # as this version's wheel would have it
    team = Team(Workspace(root))
    told: dict[str, Any] = {"before": sheet_names(team)}
    before = {path.name for path in team.workspace.backups.glob("*.xlsx")}

    done = team.collate(NOW)
    told["exit"] = [item.code for item in done.findings]
    told["backups"] = len(list(team.workspace.backups.glob("*.xlsx")))
    told["sheets"] = sheet_names(team)
    told["about"] = {row["Item"]: row["Value"] for row in team.sheet("tbl_about") if "added" in row["Item"]}
    told["words"] = [[row["Ref"], row["Length"]] for row in team.sheet("tbl_words")]
    told["kpis"] = [[row["Ref"], row["Length of name"]] for row in team.sheet("tbl_kpis")]
    told["head"] = look_of_heads(team)

    note(team.workspace.master)
    team.collate(at("2026-10-27"))
    told["again"] = [row["Item"] for row in team.sheet("tbl_about") if "added" in row["Item"]]
    book = openpyxl.load_workbook(team.workspace.master)
    told["note"] = [cell.comment.text for row in book["Words"].iter_rows() for cell in row if cell.comment]
    edition = publish(team.workspace, "2026-27-Q2", Run(at("2026-10-28"), "ann")).workbook
    told["edition"] = openpyxl.load_workbook(edition).sheetnames

    first = min(path for path in team.workspace.backups.glob("*.xlsx") if path.name not in before)
    book = openpyxl.load_workbook(first)  # the master as the earlier version left it
    book.create_sheet("words")["B2"] = "mine"
    book.save(team.workspace.master)
    mine = team.workspace.master.read_bytes()
    try:
        team.collate(at("2026-10-29"), accepts=True)  # of what the earlier version judged otherwise
    except XlperfError as error:
        told["refused"] = str(error)
    told["left"] = team.workspace.master.read_bytes() == mine
    return told


def sheet_names(team: Team) -> list[str]:
    """The tabs of the master."""
    return list(openpyxl.load_workbook(team.workspace.master).sheetnames)


def look_of_heads(team: Team) -> bool:
    """Whether the new sheet's heading looks as that of a sheet made by this version does."""
    book = openpyxl.load_workbook(team.workspace.master)
    ours = openpyxl.load_workbook(workspace_module.shipped("workbook_templates") / "master.xlsx")
    new, model = book["Words"]["A1"], ours["Words"]["A1"]
    return bool((new.font.b, new.fill.fgColor.rgb) == (model.font.b, model.fill.fgColor.rgb))


def note(master: Path) -> None:
    """Somebody writes a note on the second row of the new sheet."""
    book = openpyxl.load_workbook(master)
    book["Words"]["A3"].comment = openpyxl.comments.Comment("ask about this one", "Ann")
    book.save(master)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
