"""Play the organisations: fill the generated returns of a month from the CSV, and send them back.

python fill.py WORKSPACE MONTH
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from attendances import Counts, TypeOne, type_1

from xlperf.catalogue import Catalogue, Kpi
from xlperf.period import Period
from xlperf.returns import fields, layout
from xlperf.returns.figure import Figure
from xlperf.returns.rating import rate_figure
from xlperf.rules.rag import Rag, actual_from_parts
from xlperf.workbook.file import FileWorkbook
from xlperf.workbook.port import CellValue
from xlperf.workflow.workspace import Workspace, open_workspace, reporting_period

Answers = dict[str, CellValue]


def fill(workspace: Workspace, month: str, figures: TypeOne) -> list[Path]:
    """Fill the issued returns of a month and drop them where they are received; returns the files written.

    An organisation without a row in the CSV sends nothing back: that is all the data says of it.
    """
    catalogue = workspace.catalogue()
    period = reporting_period(catalogue, month)
    sent = datetime.combine(catalogue.entry_by_period[period].return_deadline, time(8), UTC)
    written = []
    for issued in sorted(workspace.issued(period).glob("*.xlsx")):
        book = FileWorkbook.open(issued)
        rows = book.read_table(layout.TABLE).rows
        sign_off = book.read_table(layout.SIGN_OFF_TABLE).rows
        counts = figures.get((rows[0][fields.ORG.header].raw, month))
        if counts is None:
            continue
        answers = {row.number: _answers(catalogue, row[fields.REF.header].raw, period, counts) for row in rows}
        book.write_cells(layout.TABLE, answers)
        signature: Answers = {
            layout.COMPLETED_BY: "fill.py (example)",
            layout.SIGNED_OFF_BY: "fill.py (example)",
            layout.SIGNED_OFF_ON: sent.date(),
        }
        book.write_cells(
            layout.SIGN_OFF_TABLE, {row.number: {layout.ANSWER: signature[row[layout.ITEM].raw]} for row in sign_off}
        )
        book.set_saved(sent)
        written.append(workspace.received(period) / issued.name)
        book.save(written[-1])
    return written


def _answers(catalogue: Catalogue, kpi_id: str, period: Period, counts: Counts) -> Answers:
    """What goes into the input cells of one row."""
    if kpi_id == "AE1":
        return _four_hours(catalogue.kpi_by_id[kpi_id], period, counts)
    number = {"AE2": counts.attendances, "AE3": counts.admissions}[kpi_id]
    return {fields.ACTUAL.header: number, fields.VALIDATED.header: fields.YES}


def _four_hours(kpi: Kpi, period: Period, counts: Counts) -> Answers:
    said: Answers = {fields.VALIDATED.header: fields.YES}
    if counts.attendances == 0:  # none in this data; there is no share of nothing
        return said | {
            fields.NOT_APPLICABLE.header: fields.YES,
            fields.NOT_APPLICABLE_REASON.header: "No type-1 attendances in the month.",
        }
    said |= {fields.NUMERATOR.header: counts.in_time, fields.DENOMINATOR.header: counts.attendances}
    actual = actual_from_parts(float(counts.in_time), float(counts.attendances), kpi.factor)
    rag = rate_figure(kpi, Figure(kpi.id, "", str(period), actual=actual))
    # These are real organisations, so nothing is put into their mouths: the words only repeat the numbers.
    if rag in (Rag.AMBER, Rag.RED):
        said |= {
            fields.COMMENTARY.header: f"{counts.breaches:,} of {counts.attendances:,} took over four hours.",
            fields.CAUSE.header: "Not in the published data.",
        }
    if rag is Rag.RED:
        said |= {
            fields.ACTION.header: "Not in the published data.",
            fields.ACTION_OWNER.header: "Not in the published data.",
            fields.ACTION_DUE.header: period.last_day + timedelta(days=90),
        }
    return said


def main() -> None:
    """Fill one month of an existing workspace."""
    parser = argparse.ArgumentParser(description="Fill the generated returns of a month from the CSV.")
    parser.add_argument("workspace", type=Path)
    parser.add_argument("month", help="as 2016-04")
    asked = parser.parse_args()
    workspace = open_workspace(asked.workspace)
    written = fill(workspace, asked.month, type_1())
    print(f"{asked.month}: {len(written)} returns filled")


if __name__ == "__main__":
    main()
