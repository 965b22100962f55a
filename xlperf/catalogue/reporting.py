"""The reporting calendar, and the choices that each framework makes for the rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from xlperf.catalogue.fields import Model, PeriodText, newer
from xlperf.period import Frequency

OffTarget = Literal["Amber", "Red"]


class CalendarEntry(Model):
    """A reporting period and its dates."""

    period: PeriodText
    return_deadline: date = Field(description="Published: returns are due by the end of this day.")
    hard_close: date = Field(description="Not published: after this day the edition is put together.")
    board_date: date


class Calendar(Model):
    """The reporting calendar."""

    frequency: Frequency
    periods: tuple[CalendarEntry, ...] = Field(min_length=1)


class EarlyWarning(Model):
    """What is warned of before a run of Reds or SPC can tell; nothing where a field is left out."""

    fall_after: int | None = Field(
        None,
        ge=4,
        le=24,
        description="Warn of a figure that is worse than all before it by more than those differ, once there are so "
        "many of them.",
    )
    last_on: int | None = Field(None, ge=2, description="Warn of an org that is last on at least so many KPIs.")
    last_on_percent: Decimal = Field(
        Decimal(50), gt=0, le=100, description="And on at least this share of the KPIs that it is compared on."
    )


class Rules(Model):
    """Choices of the rules that are the framework's to make."""

    short_trend_moves: int = Field(3, ge=2, le=12, description="Moves the same way that make a short-series trend.")
    commentary_needed: tuple[OffTarget, ...] = ("Amber", "Red")
    action_needed: tuple[OffTarget, ...] = ("Red",)
    spc_ruleset: Literal["mdc", "nhsr"] = Field("mdc", description="Making Data Count's rules, or NHSRplotthedots'.")
    spc_run_length: Literal[6, 7] = Field(7, description="Points of a run that make a shift or a trend (SPC).")
    sustained_green: int = Field(4, ge=2, le=24, description="Green in so many periods running is worth celebrating.")
    dashboard_orgs: int = Field(
        12, ge=0, description="A rolled-up KPI of more orgs than this shows only the rolled-up figure on the dashboard."
    )
    commentary_when: Literal["always", "new"] = newer(
        "always",
        since="0.2.0",
        description="`always`: commentary is asked for with every figure of the colours in `commentary_needed`. `new`: "
        "only until somebody has explained that it is so bad; and, with any figure, where the KPI was in special-cause "
        "concern, expected to miss its target, or in escalation when the return was issued.",
    )
    early_warning: EarlyWarning = newer(
        EarlyWarning(), since="0.2.0", description="What the list of exceptions warns of early."
    )
