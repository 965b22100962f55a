"""A figure promised in a return, as the ledger has it; apart, so that the ledger needs no reader."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReturnedPromise:
    """What an owner promised for one KPI, org and period: the figure in the KPI's unit, and why it has changed."""

    kpi_id: str
    org: str
    period: str
    figure: float
    reason: str = ""
