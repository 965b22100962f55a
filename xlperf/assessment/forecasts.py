"""The forecast for the year end as it stands: the last that an owner gave, judged, for every sheet and page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from xlperf.assessment.figures import JudgedFigure, is_shown
from xlperf.catalogue import Catalogue, Kpi
from xlperf.ledger import Current, State
from xlperf.period import Frequency, Period
from xlperf.rules.escalation.case import OFF_TARGET
from xlperf.rules.forecast import JudgedForecast, judge_forecast
from xlperf.rules.forecast_error import ForecastError, Given, forecast_error
from xlperf.rules.forecast_year import year_end, year_of
from xlperf.rules.keys import SeriesKey

_LOOKED_BACK = timedelta(days=366)
"""What was forecast for a year that ended longer ago is no longer shown."""
_MOST_ROWS = 24
"""Of monthly figures, those of two years: no older one can have a forecast for a year that ended within the last."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the owner of a KPI and org expects at the year end, as last given.

    Attributes:
        value: the figure, in the KPI's unit, unrounded.
        given: the KPI period with whose figure it was given.
        given_on: the day on which that return was sent; None where it came otherwise.
        year: the year at whose end it looks.
        judged: it against the target of that year end.
        is_over: whether it counts no more: the figure of the year end has come, or its year is over.
        is_of_now: whether it came with the figure that is due now; else whoever prints it says when it was given.
    """

    value: float
    given: Period
    given_on: date | None
    year: Period
    judged: JudgedForecast
    is_over: bool
    is_of_now: bool

    @property
    def misses(self) -> bool:
        """Whether the target is expected to be missed at a year end that is still to come: it is Amber or Red."""
        return not self.is_over and self.judged.rag in OFF_TARGET

    @property
    def expected_shortfall(self) -> float:
        """How far off target it is, in tolerances, at a year end that is still to come; 0 where it is not."""
        return self.judged.shortfall.tolerances if self.misses else 0.0

    @property
    def when(self) -> str:
        """`at the year end`; of another year than the financial one, which: `at the end of academic year 2026/27`."""
        label = self.year.label
        return "at the year end" if self.year.frequency is Frequency.ANNUAL else f"at the end of {label.lower()}"

    @property
    def aged(self) -> str:
        """`given with Q1 26-27`, and that its year is over; "" for one that came with the figure that is due now."""
        given = "" if self.is_of_now else f"given with {self.given.short}"
        return ", ".join(filter(None, (given, f"for {self.year.short}, which is over" if self.is_over else "")))

    @property
    def short(self) -> str:
        """`forecast Red`, with its age where it did not come with the figure that is due now."""
        return f"forecast {self.judged.rag}" + (f" ({self.aged})" if self.aged else "")

    @property
    def reason(self) -> str:
        """`forecast Red at the year end: 80.0, 10.0 points below target, 2.0 times its tolerance`."""
        parts = (self.judged.shown, self.judged.shortfall.words, self.aged)
        return f"forecast {self.judged.rag} {self.when}: {', '.join(filter(None, parts))}"


def forecast_now(
    kpi: Kpi, rows: Sequence[JudgedFigure], due: Period | None, state: State, reporting: Period
) -> Forecast | None:
    """The forecast that was given last; None where there is none, or its year is long over.

    A figure that comes without a forecast does not withdraw the last one: an expected miss is not hidden by an empty
    cell. A new forecast replaces it.

    Args:
        kpi: the KPI.
        rows: its judged figures at one org up to the reporting period, in order of time.
        due: the period that a figure is due for now; None if none is.
        state: has the figures as they were returned.
        reporting: the reporting period.
    """
    for row in reversed(rows[-_MOST_ROWS:]):
        key = (row["kpi_id"], row["org"], row["period"])
        if key not in state.with_forecast or (value := (current := state.figures[key]).now.forecast) is None:
            continue
        period = Period(kpi.frequency, row["period_number"])
        year = year_of(kpi, period)
        if year.last_day < reporting.last_day - _LOOKED_BACK:
            return None
        has_come = rows[-1]["period_number"] >= year_end(kpi, year).number
        is_over = has_come or year.last_day < reporting.last_day
        judged = judge_forecast(kpi, period, value)
        return Forecast(value, period, _given_on(current, state), year, judged, is_over, period == due)
    return None


def _given_on(current: Current, state: State) -> date | None:
    received = state.received_by_sha256.get(current.source)
    return state.returned_on(received) if received and received.at else None


def forecast_errors(catalogue: Catalogue, state: State, reporting: Period) -> Mapping[SeriesKey, ForecastError]:
    """How far earlier forecasts were off, of each KPI and org for which that can be told by the reporting period."""
    forecast = {key[:2] for key in state.with_forecast}
    given: dict[SeriesKey, list[Given]] = {}
    for key in state.figures if forecast else ():
        if key[:2] in forecast and is_shown(catalogue, reporting, key):
            current = state.figures[key]
            period = catalogue.kpi_by_id[key[0]].period(key[2])
            given.setdefault(key[:2], []).append(Given(period, current.now.actual, current.now.forecast))
    errors = {series: forecast_error(catalogue.kpi_by_id[series[0]], listed) for series, listed in given.items()}
    return {series: error for series, error in errors.items() if error is not None}
