"""A figure: what one owner said of one KPI, org and period, and where it stands in their return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from xlperf.digits import fifteen

Key = tuple[str, str, str]
"""(kpi_id, org, KPI period)."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One accepted figure. Numbers are unrounded, in the KPI's unit; dates are ISO text; empty answers are ""."""

    kpi_id: str
    org: str
    period: str
    actual: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    milestone: str = ""
    not_applicable: bool = False
    reason_not_applicable: str = ""
    commentary: str = ""
    cause: str = ""
    action: str = ""
    action_owner: str = ""
    action_due: str = ""
    forecast: float | None = None
    changed: bool = False
    what_changed: str = ""
    validated: bool = False
    provisional: bool = False
    """True where the owner says that it may still change."""
    restated: bool = False
    """True where the owner restated it in a later period's return."""
    reason_restated: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""

    @property
    def key(self) -> Key:
        """What the figure is about."""
        return (self.kpi_id, self.org, self.period)

    @property
    def said(self) -> tuple[float | None, float | None, float | None, str, bool]:
        """The figure itself, without the answers that go with it."""
        return (self.actual, self.numerator, self.denominator, self.milestone, self.not_applicable)

    def as_record(self) -> dict[str, Any]:
        """JSON-ready; parts that are empty are left out. A figure of 0 is a figure."""
        record = {field.name: getattr(self, field.name) for field in fields(self)}
        # By identity: 0.0 == False, and a 0 that is left out is a lost figure.
        return {name: value for name, value in record.items() if not (value is None or value is False or value == "")}


_NUMBERS = ("actual", "numerator", "denominator", "forecast")


def figure_from_record(record: Mapping[str, Any]) -> Figure:
    """The figure that `Figure.as_record` wrote; fields of a later version are passed over.

    Before 22 November 2026 zeros were left out of records. Every figure has an actual, a milestone or 'not applicable',
    and a denominator has its numerator, so one that is missing there was a 0.

    Up to version 0.1.0 numbers were recorded with all the digits that a workbook stores; they are what it showed.
    """
    known = {field.name for field in fields(Figure)}
    said = {name: value for name, value in record.items() if name in known}
    if not any(said.get(name) for name in ("milestone", "not_applicable")):
        said.setdefault("actual", 0.0)
    if "denominator" in said:
        said.setdefault("numerator", 0.0)
    for name in _NUMBERS:
        if isinstance(said.get(name), float):
            said[name] = fifteen(said[name])
    return Figure(**said)
