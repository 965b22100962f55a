"""How the workspace of 0.1.0 was made, by the code of the tag v0.1.0. It is kept as it was made, and never made again.

    PYTHONPATH=. python tests/released/make_0_1_0.py tests/released/0.1.0

A quarter returned, decided on and published; a master in which a person has worked; the next quarter half returned:
one return collated, one in the received folder, and a decision typed that no collation has read.
"""

from __future__ import annotations

import csv
import re
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.chart import LineChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from tests.conftest import Q1, Q2, Team, at, catalogue_data, fill, write_catalogue
from xlperf.period import Period
from xlperf.workbook.port import CellValue
from xlperf.workflow.cycle.chase import chase
from xlperf.workflow.cycle.import_history import import_history
from xlperf.workflow.cycle.publish import publish
from xlperf.workflow.workspace import Workspace, init, shipped
from xlperf.workflow.workspace.run import Run

BY = "analyst@small.example.org"
ORANGE = "FFB35900"


def main(root: Path) -> None:
    """Make the workspace in a folder that is not there yet."""
    team = Team(init(root))
    write_catalogue(root, catalogue_data())
    restyle(root)
    history = write_history(root)
    import_history(Workspace(root), history, Run(at("2026-06-01"), BY))

    issued = team.issue(Q1, at("2026-07-01"))
    fill(issued["alpha"], {("V1", "TRUST", Q1): {"Actual": 84}, ("C1", "TRUST", Q1): {"Actual": 14}})
    fill(issued["beta"])
    team.collate(at("2026-07-10"))
    decide(team, "V1", "Enhanced", date(2026, 7, 20))
    team.collate(at("2026-07-20"))
    publish(team.workspace, Q1, Run(at("2026-07-24"), BY))
    work_in_master(root / "master.xlsx")
    team.collate(at("2026-07-25"))

    issued = team.issue(Q2, at("2026-10-01"))
    # What Excel stores of =0.1+0.2 and the like: 90, 10 and 100.3 on its screen, which are on the limit or beside it.
    typed = {"V1": 89.99999999999999, "L1": 10.000000000000002, "C1": 7}
    fill(
        issued["alpha"],
        {(kpi, "TRUST", Q2): {"Actual": actual} for kpi, actual in typed.items()},
        saved=at("2026-10-08"),
    )
    team.collate(at("2026-10-10"))
    chase(team.workspace, Q2, Run(at("2026-10-19"), BY))
    # From here on nothing is collated.
    fill(issued["beta"], {("G1", "TRUST", Q2): {"Actual": 100.30000000000001}}, saved=at("2026-10-12"))
    work_on(root / "master.xlsx")
    decide(team, "V1", "None", date(2026, 10, 20))


def restyle(root: Path) -> None:
    """The workspace's own templates: the shipped ones in the organisation's orange."""
    (root / "workbook_templates").mkdir()
    for name in ("master.xlsx", "return.xlsx"):
        with zipfile.ZipFile(shipped("workbook_templates") / name) as template:
            parts = {part: template.read(part) for part in template.namelist()}
        parts["xl/styles.xml"] = re.sub(rb"FF003087|FF005EB8", ORANGE.encode(), parts["xl/styles.xml"])
        with zipfile.ZipFile(root / "workbook_templates" / name, "w", zipfile.ZIP_DEFLATED) as restyled:
            for part, data in parts.items():
                restyled.writestr(part, data)


def write_history(root: Path) -> Path:
    """Four years of V1 and L1 and a year of T1, in a CSV."""
    path = root / "history.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("kpi", "org", "period", "actual", "numerator", "denominator"))
        first = Period.parse("2022-23-Q1")
        for step in range(16):
            period = Period(first.frequency, first.number + step)
            rows.writerow(("V1", "TRUST", period, 92 - step % 3 - 8 * (step > 13), "", ""))
            rows.writerow(("L1", "TRUST", period, 9 + 0.3 * (step % 4), "", ""))  # 9.899999999999999 and the like
        first = Period.parse("2025-04")
        for step in range(12):
            rows.writerow(("T1", "TRUST", Period(first.frequency, first.number + step), "", 160 + step, 200))
    return path


def decide(team: Team, ref: str, stage: str, day: date) -> None:
    """Play the chief executive's office."""
    said: dict[str, CellValue] = {
        "Decided stage": stage,
        "Decided by": "Chief Executive",
        "Decided on": day,
        "Rationale": "Agreed on Monday",
    }
    team.type_in_master("tbl_escalation", ref, said)


def work_in_master(path: Path) -> None:
    """What a person does in the master: sheet, chart, columns, formulas, comment, link, looks, name, rule."""
    book = openpyxl.load_workbook(path)
    kpis, data = book["KPIs"], book["Data"]
    notes = add_column(kpis, "Our note", {"V1": "Ask the director", "L1": "=[@Actual]*2", "C1": 42, "P1": True})
    add_column(kpis, "Gap to 100", {row[0].value: f"=100-K{row[0].row}" for row in kpis.iter_rows(min_row=2)})
    add_column(book["Exceptions"], "For the chair", {"V1": "Tell before the board", "C1": date(2026, 9, 1)})
    row = next(row[0].row for row in kpis.iter_rows(min_row=2) if row[0].value == "V1")
    kpis.cell(row, 2).comment = Comment("Ask the director about this one", "Analyst")
    kpis.cell(row, 3).hyperlink = "https://small.example.org/reviews"
    kpis.cell(row, 2).fill = PatternFill("solid", fgColor="FFFFFF00")
    kpis.row_dimensions[row].height = 40
    for cell in kpis[1]:
        cell.fill, cell.font = PatternFill("solid", fgColor="FF2E7D32"), Font(bold=True, color="FFFFFFFF", size=10)
    kpis.conditional_formatting.add(
        f"{notes}2:{notes}40", CellIsRule(operator="equal", formula=["42"], font=Font(b=True))
    )

    own = book.create_sheet("Notes for the chair", 0)
    own["A1"], own["A2"] = "Private: not for the board", '=SUMIFS(tbl_data[Actual],tbl_data[Ref],"V1")'
    own["A3"] = "=Data!H2"
    chart = LineChart()
    chart.title = "Reviews held on time"
    rows = [row[0].row for row in data.iter_rows(min_row=2) if row[0].value == "V1"]
    chart.add_data(Reference(data, min_col=8, min_row=rows[0], max_row=rows[-1]))
    own.add_chart(chart, "C3")
    book.defined_names["first_review"] = openpyxl.workbook.defined_name.DefinedName(
        "first_review", attr_text=f"Data!$H${rows[0]}"
    )
    book.active = 0
    save(book, path)


def work_on(path: Path) -> None:
    """What a person did since the last collation: a formula of a row's own, another one, and a note."""
    book = openpyxl.load_workbook(path)
    kpis = book["KPIs"]
    notes = [cell.value for cell in kpis[1]].index("Our note") + 1
    typed = {"L1": "=tbl_kpis[[#This Row],[Actual]]*2", "G1": "=ROUND(13.4*2,1)"}
    for row in kpis.iter_rows(min_row=2):
        if row[0].value in typed:
            row[notes - 1].value = typed[row[0].value]
        if row[0].value == "L1":
            row[1].comment = Comment("Seasonal?", "Analyst")
    save(book, path)


def save(book: openpyxl.Workbook, path: Path) -> None:
    """Save as Excel does, which puts the parts of a font in another order than openpyxl."""
    book.save(path)
    with zipfile.ZipFile(path) as saved:
        parts = {part: saved.read(part) for part in saved.namelist()}
    parts["xl/styles.xml"] = re.sub(rb"<font>(.*?)</font>", in_order, parts["xl/styles.xml"])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as again:
        for part, data in parts.items():
            again.writestr(part, data)


def in_order(font: re.Match[bytes]) -> bytes:
    """A font with its parts in the order of the standard."""
    names = (b"b", b"i", b"strike", b"u", b"vertAlign", b"sz", b"color", b"name", b"family", b"charset", b"scheme")
    parts = re.findall(rb"<(\w+)[^>]*/>", font[1])
    found = dict(zip(parts, re.findall(rb"<\w+[^>]*/>", font[1]), strict=True))
    return b"<font>" + b"".join(found[name] for name in names if name in found) + b"</font>"


def add_column(sheet: Worksheet, header: str, typed: dict[str, Any]) -> str:
    """Add a column at the right of a sheet's table, with what stands in it by Ref; returns its letters."""
    table = next(iter(sheet.tables.values()))
    left, right = table.ref.split(":")
    column, last = sheet[right].column + 1, sheet[right].row
    refs = [cell.value for cell in sheet[1]].index("Ref") + 1
    sheet.cell(1, column).value = header
    for number in range(2, last + 1):
        sheet.cell(number, column).value = typed.get(sheet.cell(number, refs).value)
    letters = str(sheet.cell(1, column).column_letter)
    table.ref = table.autoFilter.ref = f"{left}:{letters}{last}"
    table.tableColumns.append(TableColumn(id=len(table.tableColumns) + 1, name=header))
    return letters


if __name__ == "__main__":
    main(Path(sys.argv[1]))
