"""What an owner said last time about a KPI and org, to be read beside what is asked now, and kept where it still holds.

An owner who says Still right keeps it: each of these fields that was left empty has what was said last time. What the
return showed is recorded as it is issued, so that the same file means the same whatever has been accepted since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from xlperf.catalogue import Kpi, Org
from xlperf.period import Period
from xlperf.returns import fields, layout
from xlperf.returns.cell_values import LONGEST_TEXT, cut_to
from xlperf.returns.fields import Field
from xlperf.returns.figure import Figure, FigureKey, SaidLast
from xlperf.rules import answers_owed
from xlperf.rules.forecast_year import year_of

KEPT: tuple[Field, ...] = (
    fields.COMMENTARY, fields.CAUSE, fields.ACTION, fields.ACTION_OWNER, fields.ACTION_DUE, fields.FORECAST,
)  # fmt: skip
"""The fields that Still right keeps."""
OF_ACTION = frozenset(field.id for field in (fields.ACTION, fields.ACTION_OWNER, fields.ACTION_DUE))

_LOOKED_BACK = 4
"""Periods; what was said before them is no longer about the same thing."""


@dataclass(frozen=True, slots=True)
class LastWords:
    """What was said with the last figure before a period; nothing, where that had no words.

    `period` is that figure's. `is_year_over`: its forecast was for a year end before the period, so it cannot be kept.
    """

    period: Period
    said: SaidLast
    is_year_over: bool = False

    @property
    def kept(self) -> SaidLast:
        """What Still right keeps of it."""
        over = {fields.FORECAST.id} if self.is_year_over else set()
        return {name: value for name, value in self.said.items() if name not in over}

    def cells(self) -> dict[str, str]:
        """The cells of the return that repeat it, by header, each with the period; the forecast has its own."""
        shown = {
            layout.LAST_COMMENTARY.header: str(self.said.get(fields.COMMENTARY.id, "")),
            layout.LAST_CAUSE.header: str(self.said.get(fields.CAUSE.id, "")),
            layout.LAST_ACTION.header: self._action(),
        }
        return {header: cut_to(f"{self.period.short}: {text}", LONGEST_TEXT) for header, text in shown.items() if text}

    def _action(self) -> str:
        """The action with who does it, and by when."""
        action, owner, due = (
            str(self.said.get(field.id, "")) for field in (fields.ACTION, fields.ACTION_OWNER, fields.ACTION_DUE)
        )
        day = date.fromisoformat(due) if due else None
        who = ", ".join(filter(None, (owner, f"by {day.day} {day:%b %Y}" if day else "")))
        return f"{action} ({who})" if action and who else action or who


def last_words(kpi: Kpi, org: Org, period: Period, figures: Mapping[FigureKey, Figure]) -> LastWords:
    """What was said with the last figure before a period; nothing where there is none, or it is too old."""
    for before in (period.previous(count) for count in range(1, _LOOKED_BACK + 1)):
        figure = figures.get((kpi.id, org.code, str(before)))
        if figure is not None:
            return LastWords(before, said_with(figure), year_of(kpi, before) != year_of(kpi, period))
    return LastWords(period.previous(), {})


def said_with(figure: Figure) -> SaidLast:
    """What was said with a figure."""
    answers = ((field.id, figure.answer(field.id)) for field in KEPT)
    return {name: value for name, value in answers if value not in (None, "")}


def taken(words: SaidLast, filled: Collection[str]) -> SaidLast:
    """What is taken from the last words, by field id, where the owner filled in these fields and says Still right.

    An action that is typed is another one: neither the owner nor the date of the last one is taken with it.
    """
    typed = {*filled, *(OF_ACTION if fields.ACTION.id in filled else ())}
    return {name: value for name, value in words.items() if name not in typed}


def has_passed(words: SaidLast, due: str) -> bool:
    """Whether the date of the last action has passed by the day on which the return falls due (an ISO date, or "")."""
    return str(words.get(fields.ACTION_DUE.id, "")) < due and fields.ACTION_DUE.id in words


def kept_names(words: SaidLast, due: str) -> Iterator[str]:
    """What Still right keeps, as the return's formula asks for it: by the names in `answers_owed`, else by field id."""
    for field in KEPT:
        if field.id in words:
            is_past = field is fields.ACTION_DUE and has_passed(words, due)
            yield answers_owed.NEW_ACTION_DUE if is_past else field.needed_as or field.id
