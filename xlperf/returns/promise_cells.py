"""Reading a figure that is promised for a coming period: in a return, and in the master."""

from __future__ import annotations

from xlperf.catalogue import Kind, Kpi
from xlperf.findings import Finding
from xlperf.returns.cell_values import Report, read_number
from xlperf.returns.plausible import impossible
from xlperf.tables import Cell


def read_promise(cell: Cell, kpi: Kpi, report: Report) -> tuple[float | None, list[Finding]]:
    """The figure in a cell, in the KPI's unit, by the rules for figures; None for a blank cell, or one that is refused.

    Args:
        cell: the cell.
        kpi: decides whether it is a percentage, and which figures are possible.
        report: makes findings about it.
    """
    figure, findings = read_number(cell, report, percentage=kpi.kind is Kind.PERCENTAGE)
    refusal = impossible(kpi, figure, report) if figure is not None else None
    return (None, [refusal]) if refusal else (figure, findings)
