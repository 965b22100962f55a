"""The catalogue's shape: frozen pydantic models, whose field descriptions are also the published JSON Schema."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from xlperf.catalogue.fields import Amount, Id, Model, PeriodText, Text
from xlperf.catalogue.ladder import Escalation
from xlperf.catalogue.policies import Returns
from xlperf.period import Frequency, Period

OffTarget = Literal["Amber", "Red"]
Confidence = Literal["Green", "Amber", "Red"]


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


class Tolerance(Amount):
    """How far short of the target is still Amber."""

    def __str__(self) -> str:
        if self.absolute is not None:
            return f"{self.absolute.normalize():f} (absolute)"
        return f"{(self.relative or Decimal(0)).normalize():f} % of the target (relative)"


class Target(Model):
    """The standard in force from a period on, until the next one."""

    from_: PeriodText = Field(alias="from", description="First period the target is for.")
    target: Decimal | None = Field(
        None, description="What is to be reached, 95 for 95 %; for direction higher and lower."
    )
    low: Decimal | None = Field(None, description="Lower end of the wanted range; for direction range.")
    high: Decimal | None = Field(None, description="Upper end of the wanted range; for direction range.")
    tolerance: Tolerance | None = Field(None, description="How far short is still Amber; none means no Amber.")
    due: date | None = Field(None, description="Due date of a milestone.")
    agreed: Text = Field("", description="By whom and when it was agreed.")

    def amber_beyond(self, end: Decimal) -> Decimal:
        """How far beyond an end of what is wanted (target, low or high) is still Amber, in the KPI's unit."""
        if self.tolerance is None:
            return Decimal(0)
        if self.tolerance.absolute is not None:
            return self.tolerance.absolute
        return abs(end) * (self.tolerance.relative or Decimal(0)) / 100


class Benchmark(Model):
    """A figure from elsewhere to compare with."""

    value: Decimal
    source: Text


class Rebase(Model):
    """A declared restart of the process limits: the process changed, and figures before and after are not one run."""

    on: date = Field(description="The limits restart with the first period that begins on or after this day.")
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    orgs: tuple[Id, ...] = Field((), description="Whose series; every org's where empty.")


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


class DataQuality(Model):
    """What is known of a KPI's data; sign-off and timeliness are judged from each return."""

    audit: Confidence | None = Field(None, description="What the last audit of its accuracy found.")
    systems: Confidence | None = Field(None, description="How robust the systems are that it is captured with.")
    note: Text = ""


class Kpi(Model):
    """One key performance indicator, as the data glossary describes it."""

    id: Id = Field(description="Stable key, printed as 'Ref'; never used again for another KPI.")
    name: Text
    section: Id
    question: Id | None = Field(None, description="The key business question it helps to answer.")
    aim: Id | None = Field(None, description="The strategic aim it serves.")
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
    orgs: tuple[Id, ...] = Field((), description="Orgs that report it; the top org where empty.")
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
    roll_up: RollUp = RollUp()
    data_quality: DataQuality = DataQuality()
    reported_from: PeriodText | None = Field(None, description="First period reported.")
    retired_after: PeriodText | None = Field(None, description="Last period reported.")

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


def in_force(targets: tuple[Target, ...], frequency: Frequency, period: Period) -> Target | None:
    """The last of `targets`, in order of time, whose first period begins no later than `period`; None before them."""
    begun = [one for one in targets if start_of(one.from_, frequency).first_day <= period.first_day]
    return begun[-1] if begun else None


def start_of(text: str, frequency: Frequency) -> Period:
    """The period of `text`, in the KPI's frequency or as a financial or academic year. Raises UsageError."""
    for as_ in (frequency, Frequency.ANNUAL, Frequency.ACADEMIC_YEAR, Frequency.QUARTERLY):
        try:
            return Period.parse(text, as_)
        except ValueError:
            continue
    return Period.parse(text, frequency)


class Section(Model):
    """A block of the dashboard: a quadrant, domain or goal."""

    id: Id
    name: Text


class Question(Model):
    """A key business question (KBQ)."""

    id: Id
    section: Id
    text: Text


class Aim(Model):
    """A strategic aim."""

    id: Id
    text: Text


class Org(Model):
    """A node of the organisation tree, as in the NHS ODS."""

    code: Id
    name: Text
    parent: Id | None = None
    responsible_owner: Id | None = Field(None, description="Who returns this org's figures, unless the KPI says.")
    weight: Decimal | None = Field(None, gt=0, description="What a weighted roll-up counts it by, as its population.")


class ExecutiveOwner(Model):
    """Who answers for KPIs: a role, not a person's name."""

    id: Id
    title: Text
    email: Text = ""


class ResponsibleOwner(Model):
    """The team that returns KPIs: a role, not a person's name."""

    id: Id
    name: Text
    directorate: Text = ""
    email: Text = ""
    executive_owner: Id


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


class Contact(Model):
    """Where returns go."""

    team: Text
    email: Text


class Catalogue(Model):
    """All KPIs, organisations, owners, calendar and rules of one framework."""

    framework: Id
    title: Text = Field(description="What the dashboard is headed.")
    organisation: Text
    board: Text = "Board"
    version: Annotated[str, StringConstraints(min_length=1, max_length=24)]
    classification: Text = Field("Official", description="Printed in the footer.")
    contact: Contact
    calendar: Calendar
    rules: Rules = Rules()
    returns: Returns = Field(Returns(), description="How returns are taken in.")
    escalation: Escalation
    aims: tuple[Aim, ...] = ()
    sections: tuple[Section, ...] = Field(min_length=1)
    questions: tuple[Question, ...] = ()
    orgs: tuple[Org, ...] = Field(min_length=1)
    executive_owners: tuple[ExecutiveOwner, ...] = Field(min_length=1)
    responsible_owners: tuple[ResponsibleOwner, ...] = Field(min_length=1)
    kpis: tuple[Kpi, ...] = Field(min_length=1)

    @cached_property
    def canonical(self) -> bytes:
        """The catalogue as JSON, the same bytes for the same catalogue; `model_validate_json` reads it back."""
        return self.model_dump_json(by_alias=True).encode()

    @cached_property
    def sha256(self) -> str:
        """The hash of `canonical`."""
        return hashlib.sha256(self.canonical).hexdigest()

    @property
    def hash(self) -> str:
        """Twelve hex digits that change whenever anything in the catalogue does."""
        return self.sha256[:12]

    @cached_property
    def kpi_by_id(self) -> Mapping[str, Kpi]:
        """KPIs keyed by id."""
        return {kpi.id: kpi for kpi in self.kpis}

    @cached_property
    def org_by_code(self) -> Mapping[str, Org]:
        """Orgs keyed by code."""
        return {org.code: org for org in self.orgs}

    @cached_property
    def org_tree(self) -> tuple[Org, ...]:
        """The orgs with each below its parent, siblings in the catalogue's order."""

        def below(parent: str | None) -> Iterator[Org]:
            for org in self.orgs:
                if org.parent == parent:
                    yield org
                    yield from below(org.code)

        return tuple(below(None))

    @cached_property
    def owner_by_id(self) -> Mapping[str, ResponsibleOwner]:
        """Responsible owners keyed by id."""
        return {owner.id: owner for owner in self.responsible_owners}

    @cached_property
    def executive_by_id(self) -> Mapping[str, ExecutiveOwner]:
        """Executive owners keyed by id."""
        return {owner.id: owner for owner in self.executive_owners}

    @cached_property
    def entry_by_period(self) -> Mapping[Period, CalendarEntry]:
        """Calendar entries keyed by reporting period."""
        frequency = self.calendar.frequency
        return {Period.parse(entry.period, frequency): entry for entry in self.calendar.periods}

    @cached_property
    def top_org(self) -> Org:
        """The first org without a parent."""
        return next((org for org in self.orgs if org.parent is None), self.orgs[0])

    def orgs_of(self, kpi: Kpi) -> tuple[Org, ...]:
        """The orgs that report a KPI."""
        return tuple(self.org_by_code[code] for code in kpi.orgs) or (self.top_org,)

    def owner_of(self, kpi: Kpi, org: Org) -> ResponsibleOwner:
        """Who returns a KPI for an org: the KPI's responsible owner, else the org's."""
        return self.owner_by_id[kpi.responsible_owner or org.responsible_owner or ""]

    def executive_of(self, kpi: Kpi, org: Org) -> ExecutiveOwner:
        """Who answers for a KPI: its executive owner, else that of whoever returns it."""
        return self.executive_by_id[kpi.executive_owner or self.owner_of(kpi, org).executive_owner]

    def due_in(self, reporting: Period) -> tuple[tuple[Kpi, Org, Period], ...]:
        """Every (KPI, org, KPI period) that ends in a reporting period, in catalogue order."""
        ending = {
            kpi.id: [period for period in reporting.ending_within(kpi.frequency) if kpi.is_reported_in(period)]
            for kpi in self.kpis
        }
        return tuple((kpi, org, period) for kpi in self.kpis for org in self.orgs_of(kpi) for period in ending[kpi.id])


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a catalogue file, for editors to complete and check it with."""
    schema = Catalogue.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "xlperf KPI catalogue"
    return dict(json.loads(json.dumps(schema)))
