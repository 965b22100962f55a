"""Which figures a meeting covers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from xlperf.catalogue.kpi import Kpi
from xlperf.catalogue.meetings import Meeting, Scope
from xlperf.catalogue.model import Catalogue

Subject = tuple[str, str]
"""What something is about: the id of a KPI or section, or another subject of its own; and the code of an org, or ""."""
StageOf = Callable[[Subject], int]
"""The place on the ladder of a subject's stage, as the meeting sees it; 0 for none."""


def _as_grave_as_can_be(_: Subject) -> int:
    return 1_000_000


@dataclass(frozen=True)
class Coverage:
    """What a meeting covers.

    Attributes:
        catalogue: has the KPIs and orgs.
        meeting: the meeting.
        members: by KPI, the orgs that are rolled up, each with those that it is made of.
        stage_of: how far on the ladder something is; where nobody knows, whatever may get there is covered.
    """

    catalogue: Catalogue
    meeting: Meeting
    members: Mapping[str, Mapping[str, tuple[str, ...]]]
    stage_of: StageOf = _as_grave_as_can_be

    @cached_property
    def is_everything(self) -> bool:
        """Whether it covers whatever there is: no line says otherwise, and no KPI names it as its committee."""
        return Scope() in self.meeting.covers or not (self.meeting.covers or self._named)

    def has(self, subject: Subject) -> bool:
        """Whether it covers a figure, a section of an org, or what an action is about."""
        is_named = subject[0] in self._named
        return self.is_everything or is_named or any(self._meets(each, subject) for each in self.meeting.covers)

    def has_in_any_stage(self, subject: Subject) -> bool:
        """Whether it covers something wherever that stands on the ladder."""
        lines = (each for each in self.meeting.covers if each.from_stage is None)
        return self.is_everything or subject[0] in self._named or any(self._meets(each, subject) for each in lines)

    @cached_property
    def of_orgs_alone(self) -> frozenset[str]:
        """The orgs that it covers altogether, whatever is said of them: by a line that names nothing but orgs."""
        whole = [each for each in self.meeting.covers if each == Scope(orgs=each.orgs)]
        everything = {org.code for org in self.catalogue.orgs} if self.is_everything else set()
        return frozenset(everything).union(*(self._below[each.orgs] for each in whole))

    @cached_property
    def _named(self) -> frozenset[str]:
        """The KPIs that name it as their committee."""
        return frozenset(kpi.id for kpi in self.catalogue.kpis if kpi.committee == self.meeting.id)

    @cached_property
    def _below(self) -> Mapping[tuple[str, ...], frozenset[str]]:
        """By the orgs of each line, those orgs with all below them."""
        return {each.orgs: frozenset(self._tree(each.orgs)) for each in self.meeting.covers}

    def _tree(self, codes: tuple[str, ...]) -> Iterator[str]:
        parents = {org.code: org.parent for org in self.catalogue.orgs}
        for code in parents:
            above: str | None = code
            seen: set[str] = set()
            while above is not None and above not in seen:
                if above in codes:
                    yield code
                    break
                seen.add(above)
                above = parents.get(above)

    @cached_property
    def _first_stages(self) -> Mapping[str, int]:
        """By the id of a stage, its place on the ladder."""
        ladder = self.catalogue.escalation
        places = {name: place for place, name in enumerate(ladder.stage_names)}
        return {stage.id: places[stage.name] for stage in (*ladder.stages, *ladder.section_stages)}

    def _meets(self, scope: Scope, subject: Subject) -> bool:
        kpi = self.catalogue.kpi_by_id.get(subject[0])
        section = kpi.section if kpi else subject[0]
        if scope.orgs and subject[1] not in self._below[scope.orgs]:
            return False
        if scope.sections and section not in scope.sections:
            return False
        if (scope.directorates or scope.executive_owners) and not (kpi and self._is_theirs(scope, kpi, subject[1])):
            return False
        return scope.from_stage is None or self.stage_of(subject) >= self._first_stages.get(scope.from_stage, 0)

    def _is_theirs(self, scope: Scope, kpi: Kpi, org: str) -> bool:
        """Whether the directorates and executives of a line answer for every part of a figure."""
        orgs = self.catalogue.org_by_code
        parts = [orgs[code] for code in self.members.get(kpi.id, {}).get(org) or (org,) if code in orgs]
        for part in parts:
            if not (kpi.responsible_owner or part.responsible_owner):
                return False
            if scope.directorates and self.catalogue.owner_of(kpi, part).directorate not in scope.directorates:
                return False
            if scope.executive_owners and self.catalogue.executive_of(kpi, part).id not in scope.executive_owners:
                return False
        return bool(parts)
