"""A figure that an owner returned for one KPI, org and period, and where it is in their return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from xlperf.digits import fifteen
from xlperf.returns.fields import FIELDS, Holds

FigureKey = tuple[str, str, str]
"""(kpi_id, org, KPI period)."""
FieldValue = str | float | bool | None
"""The value of a field; of a date, its ISO text."""
SaidLast = Mapping[str, FieldValue]
"""What was said with a figure: the values of the fields of `KEPT` by their ids, without the empty ones."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One accepted figure. Numbers are unrounded, in the KPI's unit; dates are ISO text; empty answers are "".

    The fields of the return that a rule or a sheet uses by name are attributes. `others` has all other fields that were
    filled in, as (field id, value) in the order of the return.
    """

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
    """True if the owner says that it may still change."""
    restated: bool = False
    """True if the owner restated it in a later period's return. Whether the number changed: see
    `Current.is_restated`."""
    reason_restated: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    others: tuple[tuple[str, FieldValue], ...] = ()

    @property
    def key(self) -> FigureKey:
        """What the figure is about."""
        return (self.kpi_id, self.org, self.period)

    @property
    def values(self) -> tuple[float | None, float | None, float | None, str, bool]:
        """(actual, numerator, denominator, milestone, not_applicable): the figure without its answers."""
        return (self.actual, self.numerator, self.denominator, self.milestone, self.not_applicable)

    def answer(self, field_id: str) -> FieldValue:
        """The value of a field of the return; None for an empty field that is not an attribute."""
        if field_id in _NAMED:
            named: FieldValue = getattr(self, field_id)
            return named
        return dict(self.others).get(field_id)

    def with_answers(self, answers: Mapping[str, FieldValue]) -> Figure:
        """The figure with these values of fields, by field id."""
        named = {name: value for name, value in answers.items() if name in _NAMED}
        others = tuple((name, value) for name, value in answers.items() if name not in _NAMED and not _is_empty(value))
        return replace(self, **named, others=others)  # type: ignore[arg-type]

    def as_record(self) -> dict[str, Any]:
        """The figure as one flat JSON-ready mapping, without empty fields. A 0 is not empty."""
        record = {name: getattr(self, name) for name in _NAMED} | dict(self.others)
        return {name: value for name, value in record.items() if not _is_empty(value)}


_NAMED = tuple(attribute.name for attribute in fields(Figure) if attribute.name != "others")
_ANSWERED = frozenset(_NAMED) - {"kpi_id", "org", "period"}
_OTHERS = tuple(field.id for field in FIELDS if field.id not in _NAMED)
_NUMBERS = frozenset(field.id for field in FIELDS if field.holds is Holds.NUMBER)


def _is_empty(value: FieldValue) -> bool:
    # By identity, as 0.0 == False, and leaving out a 0 would lose a figure.
    return value is None or value is False or value == ""


def figure_from_record(record: Mapping[str, Any]) -> Figure:
    """The figure that `Figure.as_record` wrote; fields of a later version are ignored.

    Before 22 November 2026 zeros were left out of records. Every figure has an actual, a milestone or 'not applicable',
    and a denominator has a numerator, so a missing one was a 0.

    Up to version 0.1.0 numbers were recorded with all the digits that a workbook stores; they are read to 15 digits.
    """
    kpi_id, org, period = record["kpi_id"], record["org"], record["period"]
    values = {name: value for name, value in record.items() if name in _ANSWERED}
    if not (values.get("milestone") or values.get("not_applicable")):
        values.setdefault("actual", 0.0)
    if "denominator" in values:
        values.setdefault("numerator", 0.0)
    others = {name: record[name] for name in _OTHERS if name in record}
    for known in (values, others):
        for name, value in known.items():
            if name in _NUMBERS and isinstance(value, float):
                known[name] = fifteen(value)
    answers = tuple((name, value) for name, value in others.items() if not _is_empty(value))
    return Figure(kpi_id, org, period, **values, others=answers)
