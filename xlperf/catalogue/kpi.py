"""One KPI: what sort of figure it is, which way is better, its targets, its roll-up and who answers for it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)

from xlperf.catalogue.fields import Amount, Id, Model, PeriodText, Text, newer
from xlperf.catalogue.measure import Measure, Restart
from xlperf.catalogue.organisation import OpenDays, Series
from xlperf.catalogue.targets import Benchmark, Target, in_force, start_of
from xlperf.period import Frequency, Period

QualityMark = Literal["Green", "Amber", "Red"]


class Kind(StrEnum):
    """What sort of figure a KPI is."""

    PERCENTAGE = "percentage"
    COUNT = "count"
    MONEY = "money"
    DURATION = "duration"
    NUMBER = "number"
    MILESTONE = "milestone"


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"
    RANGE = "range"
    NEUTRAL = "neutral"


class Rebase(Model):
    """A declared restart of the process limits: the process changed, and figures before and after are not one run."""

    on: date = Field(description="The limits restart with the first period that begins on or after this day.")
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    orgs: tuple[Id, ...] = Field((), description="Whose series; every org's where empty.")


class Comparable(Model):
    """What a person says of a change of definition that an owner has declared: the figures can still be compared."""

    from_: PeriodText = Field(alias="from", description="The period for which the change was declared.")
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    orgs: tuple[Id, ...] = Field((), description="Whose change; every org's where empty.")


class AcrossOrgs(StrEnum):
    """How the figures of several orgs become one."""

    PARTS = "parts"
    SUM = "sum"
    WEIGHTED = "weighted"
    WORST = "worst"
    NONE = "none"


class OverTime(StrEnum):
    """How the figures of several periods become one."""

    PARTS = "parts"
    SUM = "sum"
    WEIGHTED = "weighted"
    WORST = "worst"
    LAST = "last"
    NONE = "none"


class RollUp(Model):
    """How figures are put together up the organisation tree, and into quarters and years.

    `parts` adds numerators and denominators; `sum` adds figures; `weighted` is the mean, of orgs by their `weight` and
    of periods by their days; `worst` is the worst of them; `last` is the latest, as for a waiting list.
    """

    orgs: AcrossOrgs = AcrossOrgs.NONE
    time: OverTime = OverTime.NONE
    targets: tuple[Target, ...] = Field((), description="Targets of a figure summed over orgs; it has no others.")
    executive_owner: Id | None = newer(
        None,
        since="0.2.0",
        description="Who answers for the figure that is rolled up over orgs, where several executives answer for its "
        "parts; before the KPI's own 'executive_owner', and that of the org.",
    )


class DataQuality(Model):
    """What is known of a KPI's data; sign-off and timeliness are judged from each return."""

    audit: QualityMark | None = Field(None, description="What the last audit of its accuracy found.")
    systems: QualityMark | None = Field(None, description="How robust the systems are that it is captured with.")
    note: Text = ""


class KpiOrg(Model):
    """An org that reports a KPI: written as its code alone, or with the days between which it does."""

    org: Id
    open_from: date | None = newer(
        None, since="0.2.0", alias="from", description="The first day it reports the KPI; where empty, the org's own."
    )
    open_until: date | None = newer(
        None, since="0.2.0", alias="until", description="The last day it reports the KPI; where empty, the org's own."
    )
    succeeded_by: Id | None = newer(
        None, since="0.2.0", description="The org that reports the KPI after it; where empty, the org's own successor."
    )
    series: Series | None = newer(
        None, since="0.2.0", description="As for an org, of this KPI alone; where empty, as the org says."
    )

    @property
    def open_days(self) -> OpenDays:
        """The days on which it reports the KPI, as far as the KPI says; the org's own days limit them too."""
        return OpenDays(self.open_from, self.open_until)

    @model_validator(mode="before")
    @classmethod
    def _from_code(cls, written: Any) -> Any:
        return written if isinstance(written, dict | KpiOrg) else {"org": written}

    @model_serializer(mode="wrap")
    def _as_written(self, handler: SerializerFunctionWrapHandler) -> Any:
        """The code alone where that says it all, as in catalogues before 0.2.0, whose hashes are in returns."""
        says_more = not self.open_days.is_always or self.succeeded_by is not None or self.series is not None
        return handler(self) if says_more else self.org

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: GetJsonSchemaHandler) -> Any:
        with_days = handler.resolve_ref_schema(handler(core_schema))
        code = {"type": "string", "pattern": with_days["properties"]["org"]["pattern"]}
        return {"anyOf": [code, with_days]}


class Kpi(Model):
    """One key performance indicator, as the data glossary describes it."""

    id: Id = Field(description="Stable key, printed as 'Ref'; never used again for another KPI.")
    name: Text
    section: Id
    question: Id | None = Field(None, description="The key business question it helps to answer.")
    aim: Id | None = Field(None, description="The strategic aim it serves.")
    plan_objective: Id | None = newer(
        None, since="0.2.0", description="The objective of the plan that it belongs to, by its id in 'plan_objectives'."
    )
    outcome_or_process: Literal["outcome", "process"] | None = newer(
        None, since="0.2.0", description="Whether it measures what comes of the work (outcome), or the work (process)."
    )
    national_definition: Text = newer(
        "", since="0.2.0", description="The reference of the national definition that it follows, if there is one."
    )
    risk: Text = newer(
        "", since="0.2.0", description="The reference of its risk in the risk register or the assurance framework."
    )
    committee: Id | None = newer(
        None,
        since="0.2.0",
        description="The meeting that looks into it, by its id in 'meetings', whatever else that meeting covers.",
    )
    definition: Text = Field("", description="What exactly is counted, in words an owner can act on.")
    rationale: Text = ""
    source: Text = Field("", description="Where the figure comes from.")
    kind: Kind
    unit: Text = Field("", description="Unit of measure; the kind's usual one where empty.")
    decimals: int | None = Field(None, ge=0, le=6, description="Decimals printed; never used for judging.")
    direction: Direction
    frequency: Frequency
    responsible_owner: Id | None = Field(None, description="Who returns it; where empty, each org's own owner.")
    executive_owner: Id | None = Field(None, description="Who answers for it.")
    orgs: tuple[KpiOrg, ...] = Field(
        (), description="Orgs that report it: codes, or {org: X, from: 2026-04-01}; the top org where empty."
    )
    numerator: Text = Field("", description="What the numerator counts; with denominator, the parts are asked for.")
    denominator: Text = ""
    targets: tuple[Target, ...] = ()
    no_target_because: Text = Field("", description="Why there is no target (yet); needed where there is none.")
    possible: tuple[Decimal | None, Decimal | None] | None = Field(
        None, description="Figures outside [low, high] are refused; null is open. 0 to 100 for a percentage."
    )
    usual: tuple[Decimal, Decimal] | None = Field(
        None, description="Figures outside [low, high] are queried; also shows on which scale targets are meant."
    )
    benchmark: Benchmark | None = None
    seasonal: bool = Field(False, description="Also compared with the same period of the year before.")
    material: Amount | None = Field(None, description="The smallest change that counts as one.")
    rebases: tuple[Rebase, ...] = Field((), description="Declared restarts of the process limits, in order of time.")
    comparable: tuple[Comparable, ...] = newer(
        (),
        since="0.2.0",
        description="Declared changes of definition across which trend and SPC go on; across others they begin anew.",
    )
    roll_up: RollUp = RollUp()
    measure: Measure = newer(
        Measure.PERIOD,
        since="0.2.0",
        description="What a figure covers: its period alone (period), the year up to the end of it (cumulative), or so "
        "many months up to the end of it (rolling).",
    )
    restarts_in: Restart | None = newer(
        None, since="0.2.0", description="The year in which a cumulative figure restarts: financial or academic."
    )
    over_months: int | None = newer(
        None, since="0.2.0", description="How many months a rolling figure covers, as 12.", ge=2, le=120
    )
    counts_people: bool = newer(
        False,
        since="0.2.0",
        description="Whether it counts people, so that a small number could tell who they are; see 'public'.",
    )
    data_quality: DataQuality = DataQuality()
    reported_from: PeriodText | None = Field(None, description="First period reported.")
    retired_after: PeriodText | None = Field(None, description="Last period reported.")

    @property
    def org_codes(self) -> tuple[str, ...]:
        """The codes of the orgs that it lists."""
        return tuple(each.org for each in self.orgs)

    @property
    def has_parts(self) -> bool:
        """Whether the owner gives numerator and denominator, from which the actual follows."""
        return bool(self.numerator and self.denominator)

    @property
    def factor(self) -> int:
        """What numerator / denominator is multiplied by: 100 for a percentage."""
        return 100 if self.kind is Kind.PERCENTAGE else 1

    @property
    def shown_unit(self) -> str:
        """The unit as printed."""
        usual = {Kind.PERCENTAGE: "%", Kind.COUNT: "count", Kind.MONEY: "GBP", Kind.DURATION: "days"}
        return self.unit or usual.get(self.kind, "stage" if self.kind is Kind.MILESTONE else "")

    @property
    def shown_decimals(self) -> int:
        """Decimals printed."""
        if self.decimals is not None:
            return self.decimals
        return 1 if self.kind in (Kind.PERCENTAGE, Kind.DURATION, Kind.NUMBER) else 0

    @property
    def possible_range(self) -> tuple[Decimal | None, Decimal | None]:
        """Lowest and highest figure there can be; None is open."""
        if self.possible is not None:
            return self.possible
        if self.kind is Kind.PERCENTAGE:
            return (Decimal(0), Decimal(100))
        if self.kind in (Kind.COUNT, Kind.DURATION):
            return (Decimal(0), None)
        return (None, None)

    @property
    def is_cumulative(self) -> bool:
        """Whether a figure has in it those of the earlier periods of the year."""
        return self.measure is Measure.CUMULATIVE

    @property
    def has_own_parts(self) -> bool:
        """Whether what a single period added can be worked out from cumulative figures.

        It is a difference, so the figures must be amounts (counts, money, or what is summed over orgs) or have parts.
        """
        is_amount = self.kind in (Kind.COUNT, Kind.MONEY) or self.roll_up.orgs is AcrossOrgs.SUM
        return self.is_cumulative and (self.has_parts or is_amount) and self.kind is not Kind.MILESTONE

    @property
    def overlaps(self) -> bool:
        """Whether a figure shares months with the one before it, as a rolling one does."""
        return self.measure is Measure.ROLLING and (self.over_months or 0) > self.frequency.months

    def period(self, text: str) -> Period:
        """A period of this KPI's frequency. Raises UsageError."""
        return Period.parse(text, self.frequency)

    def target_for(self, period: Period) -> Target | None:
        """The target in force for `period`: the last one whose first period begins no later. None before the first."""
        return in_force(self.targets, self.frequency, period)

    def is_reported_in(self, period: Period) -> bool:
        """Whether the KPI exists in `period` of its own frequency."""
        if self.reported_from and period.first_day < start_of(self.reported_from, self.frequency).first_day:
            return False
        return not (self.retired_after and period.last_day > start_of(self.retired_after, self.frequency).last_day)

    def is_retired_by(self, day: date) -> bool:
        """Whether its last period ended before a day."""
        return self.retired_after is not None and start_of(self.retired_after, self.frequency).last_day < day
