"""Columns that several sheets have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from xlperf.assessment import JudgedFigure, Latest, number_of
from xlperf.catalogue import Target
from xlperf.digits import fifteen
from xlperf.report.columns import Column, ColumnKind
from xlperf.rules.cumulative import IN_PERIOD

Subject = TypeVar("Subject")
OfFigure = Callable[[Subject], JudgedFigure | None]
"""Gets the judged figure that a row of a sheet is about; None if there is none."""


def ref_column(value: Callable[[Subject], str]) -> Column[Subject]:
    """The column with the KPI's id."""
    return Column("ref", "Ref", value, 7, "the KPI's id in the catalogue", is_key=True)


def org_column(value: Callable[[Subject], str], width: float = 9) -> Column[Subject]:
    """The column with the org's code."""
    return Column("org", "Org", value, width, "the org's code in the catalogue", is_key=True)


def head_columns(
    latest_of: Callable[[Subject], Latest], kpi_width: float, between: tuple[Column[Subject], ...] = ()
) -> tuple[Column[Subject], ...]:
    """The first columns of a sheet about KPIs and orgs; `between` are put before the org."""
    return (
        ref_column(lambda subject: latest_of(subject).kpi.id),
        Column("kpi", "KPI", lambda subject: latest_of(subject).kpi.name, kpi_width, "the KPI's name"),
        *between,
        org_column(lambda subject: latest_of(subject).org.code),
    )


def _number(figure_of: OfFigure[Subject], name: str) -> Callable[[Subject], float | None]:
    def value(subject: Subject) -> float | None:
        figure = figure_of(subject)
        number = number_of(figure[name]) if figure else None
        return None if number is None else fifteen(number)  # as Excel shows it

    return value


_IN_PERIOD = (
    (IN_PERIOD[0], "In the period", "of a figure to date, what the period added; blank where that is not known"),
    (IN_PERIOD[1], "Numerator in the period", "of a numerator to date, what the period added"),
    (IN_PERIOD[2], "Denominator in the period", "of a denominator to date, what the period added"),
)
_LIMITS = (
    ("green_from", "Green from", "Green is from this figure, itself included; blank where nothing is too low"),
    ("green_to", "Green to", "Green is up to this figure, itself included; blank where nothing is too high"),
    ("amber_from", "Amber from", "Amber is from this figure to where Green begins; what is lower is Red"),
    ("amber_to", "Amber to", "Amber is from where Green ends up to this figure; what is higher is Red"),
)
_CHART = (
    ("mean", "Mean", "the mean of the SPC chart (XmR) at this figure; of a cumulative KPI, of what periods added"),
    ("lower_limit", "Lower limit", "the lower process limit of the chart"),
    ("upper_limit", "Upper limit", "the upper process limit of the chart"),
)


def typed_day(typed: str) -> date | str:
    """A typed ISO date as a date; any other text unchanged."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return typed
    return day if day.isoformat() == typed and day.year >= 1900 else typed


Described = tuple[str, str, str]
"""The id of a column, its header, and what it is."""


def number_column(described: Described, figure_of: OfFigure[Subject], since: str, like: str = "") -> Column[Subject]:
    """The column with a number of a judged figure, which has the column's id."""
    name, header, says = described
    return Column(name, header, _number(figure_of, name), 12, says, ColumnKind.NUMBER, since=since, like=like)


def in_period_columns(figure_of: OfFigure[Subject], since: str, like: str = "Actual") -> tuple[Column[Subject], ...]:
    """The columns with what a period added to a figure to date: the figure, its numerator, its denominator."""
    return tuple(number_column(each, figure_of, since, like) for each in _IN_PERIOD)


_TARGET = (
    (
        "target_value",
        "Target value",
        "the target as a number; of a range, its lower end; blank for none, and for a date",
    ),
    ("target_upper", "Target value to", "the upper end of a range as a number; blank where the target is one figure"),
)


def target_columns(
    target_of_row: Callable[[Subject], Target | None], since: str, like: str = "Actual"
) -> tuple[Column[Subject], ...]:
    """The columns with the target as numbers."""

    def end(at: int) -> Callable[[Subject], float | None]:
        def value(subject: Subject) -> float | None:
            return target_numbers(target_of_row(subject))[at]

        return value

    return tuple(
        Column(name, header, end(at), 12, says, ColumnKind.NUMBER, since=since, like=like)
        for at, (name, header, says) in enumerate(_TARGET)
    )


def target_numbers(target: Target | None) -> tuple[float | None, float | None]:
    """The target as a number and None, or the ends of the range wanted; None twice where there is no number."""
    if target is None:
        return None, None
    low = target.target if target.low is None else target.low
    return _fifteen(low), _fifteen(target.high)


def _fifteen(value: Decimal | None) -> float | None:
    return None if value is None else fifteen(value)


def limit_columns(figure_of: OfFigure[Subject], since: str, like: str = "Actual") -> tuple[Column[Subject], ...]:
    """The columns with the limits by which a figure was judged, as numbers."""
    return tuple(number_column(each, figure_of, since, like) for each in _LIMITS)


def chart_columns(figure_of: OfFigure[Subject], since: str, like: str = "Actual") -> tuple[Column[Subject], ...]:
    """The columns with a figure's place in the SPC chart."""

    def point(subject: Subject) -> str:
        figure = figure_of(subject)
        return str(figure["point"]) if figure else ""

    numbers = tuple(number_column(each, figure_of, since, like) for each in _CHART)
    says = "what SPC makes of this figure: common_cause, special_cause_improvement and so on, as in Making Data Count"
    return (*numbers, Column("point", "Point", point, 26, says, since=since, like="Ref"))
