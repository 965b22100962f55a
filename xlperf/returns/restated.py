"""Reading the restated figure of the previous period in a row."""

from __future__ import annotations

from dataclasses import replace

from xlperf.catalogue import Kind
from xlperf.period import Period
from xlperf.returns import fields
from xlperf.returns.cell_values import read_choice, read_number, read_text, shown
from xlperf.returns.figure import Figure
from xlperf.returns.own_figure import FigureReading, read_value
from xlperf.returns.plausible import from_parts
from xlperf.returns.rowreading import PartReading, headers_of
from xlperf.returns.typed_row import TypedRow
from xlperf.rules.rag import MILESTONES
from xlperf.tables import Cell, CellKind


def read_restated(typed: TypedRow) -> PartReading[Figure | None]:
    """The restated figure of the previous period; one that cannot be read is a warning, not a refusal."""
    cell, why = typed[fields.RESTATED], typed[fields.RESTATED_REASON]
    if cell.is_blank:
        lone = typed.report(fields.RESTATED_REASON)
        unread = [] if why.is_blank else [lone("R038", f"'{why.raw[:60]}' is not read.", found=why.raw)]
        return PartReading(None, unread)
    ref, org, period = typed.key
    previous = (ref, org, str(Period.parse(period, typed.kpi.frequency).previous()))
    figure, new_findings = _figure(replace(typed, key=previous), typed)
    if figure is None:
        refusal = new_findings[0].message if new_findings else "cannot be read."
        problem = refusal.removeprefix(f"{fields.RESTATED.header}: ")
        problem += " The reason for it is not kept either." if not why.is_blank else ""
        refused = [typed.report(fields.RESTATED)("R030", problem, found=cell.raw)]
        return PartReading(None, refused, flagged=headers_of([fields.RESTATED_REASON]))
    reason, reason_findings = read_text(why, typed.report(fields.RESTATED_REASON))
    figure = replace(
        figure, restated=True, reason_restated=reason, file=typed.file, sheet=typed.table.sheet, cell=cell.ref
    )
    taken = headers_of((fields.RESTATED, fields.RESTATED_REASON))
    return PartReading(figure, [*new_findings, *reason_findings], taken)


def _figure(of_previous: TypedRow, typed: TypedRow) -> FigureReading:
    """The figure of the previous period. What is found stands at the row as it is."""
    kpi, key, cell, report = typed.kpi, of_previous.key, typed[fields.RESTATED], typed.report(fields.RESTATED)
    if kpi.kind is Kind.MILESTONE:
        choice, new_findings = read_choice(cell, tuple(MILESTONES), report)
        return (Figure(*key, milestone=choice) if choice else None), new_findings
    if not kpi.has_parts:
        return read_value(of_previous, cell, report)
    top, slash, bottom = cell.raw.partition("/")
    if not slash:
        return None, [report("R024", f"found '{shown(cell)}', expected numerator/denominator.", found=cell.raw)]
    parts = [read_number(Cell(CellKind.TEXT, part), report, percentage=False)[0] for part in (top, bottom)]
    if parts[0] is None or parts[1] is None:
        return None, [report("R001", f"found '{shown(cell)}', expected numerator/denominator.", found=cell.raw)]
    return from_parts(key, kpi, parts[0], parts[1], report)
