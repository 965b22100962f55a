"""The whole catalogue: a frozen pydantic model, whose field descriptions are also the published JSON Schema.

The descriptions and docstrings of all models are part of that schema.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from xlperf.catalogue.enquiry_settings import Enquiries
from xlperf.catalogue.fields import Id, Model, Text, newer
from xlperf.catalogue.kpi import Kpi
from xlperf.catalogue.ladder import Escalation
from xlperf.catalogue.meetings import Meeting, boards_own
from xlperf.catalogue.organisation import (
    Aim,
    Contact,
    ExecutiveOwner,
    OpenDays,
    Org,
    PlanObjective,
    Question,
    ResponsibleOwner,
    Section,
)
from xlperf.catalogue.pack import PackSettings, PublicSettings
from xlperf.catalogue.policies import Returns
from xlperf.catalogue.reporting import Calendar, CalendarEntry, Rules
from xlperf.period import Period

DueFigure = tuple[Kpi, Org, Period]
"""A figure that is due: of which KPI, from which org, for which period of the KPI's own frequency."""


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
    pack: PackSettings = newer(
        PackSettings(), since="0.2.0", description="What the board's pack holds, where 'meetings' lists no board."
    )
    plan_objectives: tuple[PlanObjective, ...] = newer(
        (), since="0.2.0", description="The objectives of the plan, which its milestones and other KPIs deliver."
    )
    enquiries: Enquiries = newer(
        Enquiries(), since="0.2.0", description="Lines of enquiry: which are raised, how many, and in which words."
    )
    public: PublicSettings = newer(
        PublicSettings(), since="0.2.0", description="What the public edition of the board's pack leaves out."
    )
    meetings: tuple[Meeting, ...] = newer(
        (), since="0.2.0", description="Who looks at which figures and when; without any, the board looks at all."
    )

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
    def board_meeting(self) -> Meeting:
        """The board: as 'meetings' lists it, else as 'board' and 'pack' say."""
        listed = (each for each in self.meetings if each.is_board)
        return next(listed, None) or boards_own(self.board, self.pack)

    @cached_property
    def meetings_held(self) -> tuple[Meeting, ...]:
        """The meetings for which packs are made, the board among them, in the order of the catalogue."""
        listed = tuple(each for each in self.meetings if each.is_on and not each.is_board)
        is_listed = any(each.is_board for each in self.meetings)
        held = tuple(each for each in self.meetings if each.is_on or each.is_board)
        return held if is_listed else (*listed, self.board_meeting)

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

    @cached_property
    def top_orgs(self) -> tuple[Org, ...]:
        """The top org and those that have taken over from it, one after the other."""
        orgs = [self.top_org]
        while (following := self.org_by_code.get(orgs[-1].succeeded_by or "")) is not None and following not in orgs:
            orgs.append(following)
        return tuple(orgs)

    @cached_property
    def open_days(self) -> Mapping[str, Mapping[str, OpenDays]]:
        """By KPI, the days on which each of its orgs reports it, by code: the org's own, and those the KPI gives."""
        orgs = self.org_by_code
        of_top = {org.code: org.open_days for org in self.top_orgs}
        return {
            kpi.id: {each.org: each.open_days.within(orgs[each.org].open_days) for each in kpi.orgs if each.org in orgs}
            or of_top
            for kpi in self.kpis
        }

    def orgs_of(self, kpi: Kpi, period: Period | None = None) -> tuple[Org, ...]:
        """The orgs that report a KPI, in its order: all that ever do, or those that are open when a period ends."""
        orgs = self._orgs_by_kpi[kpi.id]
        return orgs if period is None else tuple(org for org in orgs if self.is_open(kpi, org.code, period))

    @cached_property
    def _orgs_by_kpi(self) -> Mapping[str, tuple[Org, ...]]:
        orgs = self.org_by_code
        return {kpi_id: tuple(orgs[code] for code in codes) for kpi_id, codes in self.open_days.items()}

    def is_open(self, kpi: Kpi, org: str, period: Period) -> bool:
        """Whether an org that reports a KPI is open on the last day of a period: the one test of whether it is due."""
        return self.open_days[kpi.id][org].holds(period.last_day)

    def owner_of(self, kpi: Kpi, org: Org) -> ResponsibleOwner:
        """Who returns a KPI for an org: the KPI's responsible owner, else the org's."""
        return self.owner_by_id[kpi.responsible_owner or org.responsible_owner or ""]

    def executive_of(self, kpi: Kpi, org: Org) -> ExecutiveOwner:
        """Who answers for a KPI: its executive owner, else that of whoever returns it."""
        return self.executive_by_id[kpi.executive_owner or self.owner_of(kpi, org).executive_owner]

    def executive_of_whole(self, kpi: Kpi, org: Org, parts: Iterable[Org]) -> ExecutiveOwner | None:
        """Who answers for a figure that is rolled up to an org from its parts.

        The roll-up's executive owner, else the KPI's, else the org's, else who answers for every part; None where
        several do and nobody is named.
        """
        named = kpi.roll_up.executive_owner or kpi.executive_owner or org.executive_owner
        if named:
            return self.executive_by_id[named]
        of_parts = {self.executive_of(kpi, part).id for part in parts}
        return self.executive_by_id[of_parts.pop()] if len(of_parts) == 1 else None

    def due_in(self, reporting: Period) -> tuple[DueFigure, ...]:
        """Every (KPI, org, KPI period) that ends in a reporting period with the org open, in catalogue order."""
        ending = {
            kpi.id: [period for period in reporting.ending_within(kpi.frequency) if kpi.is_reported_in(period)]
            for kpi in self.kpis
        }
        return tuple(
            (kpi, org, period)
            for kpi in self.kpis
            for org in self.orgs_of(kpi)
            for period in ending[kpi.id]
            if self.is_open(kpi, org.code, period)
        )

    def due_from(self, owner: ResponsibleOwner, reporting: Period) -> tuple[DueFigure, ...]:
        """What of `due_in` one owner returns, in catalogue order."""
        if reporting not in self._due_by_owner:
            by_owner: dict[str, list[DueFigure]] = {}
            for due in self.due_in(reporting):
                by_owner.setdefault(self.owner_of(due[0], due[1]).id, []).append(due)
            self._due_by_owner[reporting] = {owner_id: tuple(figures) for owner_id, figures in by_owner.items()}
        return self._due_by_owner[reporting].get(owner.id, ())

    @cached_property
    def _due_by_owner(self) -> dict[Period, Mapping[str, tuple[DueFigure, ...]]]:
        """By reporting period, as far as it has been asked for: a return is made for every owner, one after another."""
        return {}


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a catalogue file, for editors to complete and check it with."""
    schema = Catalogue.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "xlperf KPI catalogue"
    return dict(json.loads(json.dumps(schema)))
