"""A figure: what one owner said of one KPI, org and period, and where it stands in their return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from xlperf.digits import fifteen
from xlperf.returns.fields import FIELDS, Holds

Key = tuple[str, str, str]
"""(kpi_id, org, KPI period)."""
Answer = str | float | bool | None
"""What a field holds: of a date its ISO text."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One accepted figure. Numbers are unrounded, in the KPI's unit; dates are ISO text; empty answers are "".

    Of the return's fields, those that a rule or a sheet asks for by name are named here; `others` has all the rest that
    were filled in, as (id, what it holds) in the order of the return.
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
    """True where the owner says that it may still change."""
    restated: bool = False
    """True where the owner restated it in a later period's return."""
    reason_restated: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    others: tuple[tuple[str, Answer], ...] = ()

    @property
    def key(self) -> Key:
        """What the figure is about."""
        return (self.kpi_id, self.org, self.period)

    @property
    def values(self) -> tuple[float | None, float | None, float | None, str, bool]:
        """(actual, numerator, denominator, milestone, not_applicable): the figure without its answers."""
        return (self.actual, self.numerator, self.denominator, self.milestone, self.not_applicable)

    def answer(self, field_id: str) -> Answer:
        """What one of the return's fields holds; None where it is not named above and was left empty."""
        if field_id in _NAMED:
            named: Answer = getattr(self, field_id)
            return named
        return dict(self.others).get(field_id)

    def with_answers(self, answers: Mapping[str, Answer]) -> Figure:
        """The figure with what these fields hold, by their ids."""
        named = {name: value for name, value in answers.items() if name in _NAMED}
        others = tuple((name, value) for name, value in answers.items() if name not in _NAMED and not _is_empty(value))
        return replace(self, **named, others=others)  # type: ignore[arg-type]

    def as_record(self) -> dict[str, Any]:
        """JSON-ready, all fields side by side; those that are empty are left out. A figure of 0 is a figure."""
        record = {name: getattr(self, name) for name in _NAMED} | dict(self.others)
        return {name: value for name, value in record.items() if not _is_empty(value)}


_NAMED = tuple(each.name for each in fields(Figure) if each.name != "others")
_NUMBERS = tuple(each.id for each in FIELDS if each.holds is Holds.NUMBER)


def _is_empty(value: Answer) -> bool:
    # By identity: 0.0 == False, and a 0 that is left out is a lost figure.
    return value is None or value is False or value == ""


def figure_from_record(record: Mapping[str, Any]) -> Figure:
    """The figure that `Figure.as_record` wrote; fields of a later version are passed over.

    Before 22 November 2026 zeros were left out of records. Every figure has an actual, a milestone or 'not applicable',
    and a denominator has its numerator, so one that is missing there was a 0.

    Up to version 0.1.0 numbers were recorded with all the digits that a workbook stores; they are what it showed.
    """
    said = {name: record[name] for name in _NAMED if name in record}
    if not any(said.get(name) for name in ("milestone", "not_applicable")):
        said.setdefault("actual", 0.0)
    if "denominator" in said:
        said.setdefault("numerator", 0.0)
    said |= {each.id: record[each.id] for each in FIELDS if each.id not in _NAMED and each.id in record}
    for name in _NUMBERS:
        if isinstance(said.get(name), float):
            said[name] = fifteen(said[name])
    key = [said.pop(name) for name in ("kpi_id", "org", "period")]
    return Figure(*key).with_answers(said)
