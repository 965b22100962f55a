"""What a row of figures is about."""

from __future__ import annotations

SeriesKey = tuple[str, str]
"""(kpi_id, org) of a series; (section, org) of a section on the ladder."""
