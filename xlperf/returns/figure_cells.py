"""Which cells of a row a KPI's figure is typed into, and which percentages in them are in doubt."""

from __future__ import annotations

from xlperf.catalogue import Kind, Kpi, scale
from xlperf.digits import fifteen


def input_kind(kpi: Kpi) -> str:
    """The kind of input cells of a KPI: `milestone`, `parts` or `value`."""
    if kpi.kind is Kind.MILESTONE:
        return "milestone"
    return "parts" if kpi.has_parts else "value"


def doubtful_to(kpi: Kpi) -> float:
    """Up to this number a percentage above 0 may have been meant as a fraction: 0.95 for 95 %."""
    return fifteen(scale.doubtful_to(kpi))
