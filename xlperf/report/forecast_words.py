"""The forecast for the year end as it stands, in words that the sheets and the pack share."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.assessment import Latest
from xlperf.assessment.forecasts import Forecast
from xlperf.rules.escalation.case import ON_TARGET
from xlperf.rules.escalation.phrases import day

NOT_COMPARED = "not compared with a target, as it may be for the period or for the year"


def forecast_words(forecast: Forecast, shown: str = "", *, is_dated: bool = False) -> str:
    """`80.0, Red, 10.0 points below target, 2.0 times its tolerance; given with Q1 26-27 on 8 July 2026`.

    Args:
        forecast: the forecast.
        shown: the figure as printed here, if with a unit.
        is_dated: whether it is said with which figure it was given also where that is the one due now.
    """
    judged = forecast.judged
    colour = NOT_COMPARED if judged.rag is None else str(judged.rag)
    figure = ", ".join(filter(None, (shown or judged.shown, colour, judged.shortfall.words)))
    return "; ".join((figure, *_given(forecast, is_dated=is_dated)))


def _given(forecast: Forecast, *, is_dated: bool) -> Iterator[str]:
    if is_dated or not forecast.is_of_now:
        on = f" on {day(forecast.given_on)}" if forecast.given_on else ""
        yield f"given with {forecast.given.short}{on}"
    if forecast.is_over:
        yield f"for {forecast.year.short}, which is over"


def turns_off_target(latest: Latest) -> str:
    """`forecast Red`, of a figure that is on target; "" for others, as their colour says the graver thing."""
    is_on_target = latest.is_current and latest.rag in ON_TARGET and latest.off_target is None
    return latest.forecast.short if is_on_target and latest.forecast and latest.forecast.misses else ""
