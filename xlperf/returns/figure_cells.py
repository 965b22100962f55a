"""Which cells of a row a KPI's figure is typed into, and which percentages in them are in doubt."""

from __future__ import annotations

from xlperf.catalogue import Kind, Kpi, scale
from xlperf.digits import fifteen
from xlperf.returns import fields
from xlperf.returns.fields import ReturnColumn


def input_kind(kpi: Kpi) -> str:
    """The kind of input cells of a KPI: `milestone`, `parts` or `value`."""
    if kpi.kind is Kind.MILESTONE:
        return "milestone"
    return "parts" if kpi.has_parts else "value"


def input_columns(kpi: Kpi) -> tuple[ReturnColumn, ...]:
    """The columns of the cells that a KPI's figure is typed into."""
    columns = {"milestone": (fields.MILESTONE,), "parts": (fields.NUMERATOR, fields.DENOMINATOR)}
    return columns.get(input_kind(kpi), (fields.ACTUAL,))


def doubtful_to(kpi: Kpi) -> float:
    """Up to this number a percentage above 0 may have been meant as a fraction: 0.95 for 95 %."""
    return fifteen(scale.doubtful_to(kpi))
