"""Cases: each issue in escalation, with what was decided, done and told about it. Derived; nothing is stored twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from xlperf.assessment.action_standing import Actions, ActionStanding
from xlperf.assessment.escalation import Ladder
from xlperf.rules.cases import CaseEntry, EntryKind
from xlperf.rules.cases.told import not_told
from xlperf.rules.escalation import ExitCondition, StageChange, StageStep, next_review, standing, steps, told_of
from xlperf.rules.keys import SeriesKey


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One decision about a case: what it changed, and the reason that was typed with it."""

    step: StageStep
    rationale: str

    @property
    def day(self) -> date | None:
        """The day on which it was decided; where none is known, that of recording."""
        return self.step.decided.on or self.step.decided.recorded


@dataclass(frozen=True)
class CaseStanding:
    """A case as it stands.

    Attributes:
        key: what it is about: (kpi_id, org), (section, org), or a subject of its own and an org.
        is_known: whether it is about a KPI or section, and an org, of the catalogue.
        steps: every decision about it, oldest first.
        entries: those of the log that stand, by day; without what was withdrawn, and what has no kind.
        stage: the one in force; "" for none.
        since: the first day it was decided, in the unbroken run of decisions for it; None where no day is known.
        exit_test: of the stage in force; () where there is none by rule.
        actions: those about it that are still to be done, the longest overdue first.
        next_review: on which day it is looked at next; None where that is not known.
        tell: who is to be told of what was decided last.
        today: the day of the assessment.
    """

    key: SeriesKey
    is_known: bool
    steps: Sequence[CaseStep]
    entries: Sequence[CaseEntry]
    stage: str
    since: date | None
    exit_test: Sequence[ExitCondition]
    actions: Sequence[ActionStanding]
    next_review: date | None
    tell: Sequence[str]
    today: date

    @property
    def is_own(self) -> bool:
        """Whether the team opened it about a subject of its own, which is no KPI and no section."""
        return not self.is_known and bool(self.of_kind(EntryKind.OPENED))

    def of_kind(self, kind: EntryKind) -> tuple[CaseEntry, ...]:
        """Its entries of a kind, by day."""
        return tuple(each for each in self.entries if each.kind is kind)

    @property
    def title(self) -> str:
        """What the entry says by which it was opened; "" where there is none."""
        return next((each.what for each in self.of_kind(EntryKind.OPENED) if each.what), "")

    @property
    def was_escalated(self) -> bool:
        """Whether a decision has ever put it into a stage."""
        return any(each.step.change.is_graver for each in self.steps)

    @property
    def is_open(self) -> bool:
        """Whether it is in a stage; or, without one, was opened by the team after it was last left or closed."""
        if self.stage:
            return True
        opened, closed = (max(days, default=None) for days in (self._opened_on, self._closed_on))
        return opened is not None and (closed is None or opened > closed)

    @property
    def opened(self) -> date | None:
        """The first day of it; None where none is known."""
        first = [each.day for each in self.steps if each.step.change.is_graver and each.day]
        return min((*first, *self._opened_on), default=None)

    @property
    def closed(self) -> date | None:
        """The day on which it left escalation, or was closed; None while it is open."""
        return None if self.is_open else max(self._closed_on, default=None)

    @property
    def _opened_on(self) -> list[date]:
        """The days on which the team opened it; of a case that no decision is about, also those of other entries."""
        is_all = not self.was_escalated
        opening = [each for each in self.entries if each.kind is EntryKind.OPENED or is_all]
        days = (self.day_of(each) for each in opening if each.kind is not EntryKind.CLOSED)
        return [min(day, self.today) for day in days if day]

    @property
    def _closed_on(self) -> list[date]:
        left = [
            each.day for each in self.steps if each.step.change in (StageChange.LEFT, StageChange.CLEARED) and each.day
        ]
        return left + [day for each in self.of_kind(EntryKind.CLOSED) if (day := self.day_of(each))]

    def day_of(self, entry: CaseEntry) -> date | None:
        """The day that an entry is of; see `CaseEntry.day`."""
        return entry.day(self.today)

    @property
    def last_change(self) -> CaseStep | None:
        """The last decision that changed the stage; one that confirms it, or clears its cells, does not."""
        changed = [each for each in self.steps if each.step.change.is_graver or each.step.change.is_good_news]
        return changed[-1] if changed else None

    @property
    def told(self) -> tuple[CaseEntry, ...]:
        """Who was told since the last decision that changed the stage; of a case that none is about, all who were."""
        changed = self.last_change
        begins = changed.day if changed else None
        told = self.of_kind(EntryKind.TOLD)
        return tuple(each for each in told if begins is None or ((day := self.day_of(each)) and day >= begins))

    @property
    def not_told(self) -> tuple[str, ...]:
        """Those of `tell` of whom no entry says that they were told."""
        return not_told(self.tell, (each.who or each.what for each in self.told))

    @property
    def is_review_overdue(self) -> bool:
        """Whether the day of the next review has passed."""
        return self.next_review is not None and self.next_review < self.today


@dataclass(frozen=True)
class Cases:
    """Every case.

    Attributes:
        ladder: the decisions.
        actions: what was promised.
        log: the entries that people typed.
    """

    ladder: Ladder
    actions: Actions
    log: Sequence[CaseEntry]

    @cached_property
    def by_key(self) -> Mapping[SeriesKey, CaseStanding]:
        """Every case by what it is about: those in a stage first, the gravest before the others, then the closed."""
        entries: dict[SeriesKey, list[CaseEntry]] = {}
        for each in self.log:
            if each.kind not in (None, EntryKind.WITHDRAWN):
                entries.setdefault(each.about, []).append(each)
        keys = dict.fromkeys([*self.ladder.in_a_stage, *self.ladder.decided, *entries])
        every = [self._standing(key, entries.get(key, ())) for key in keys]
        cases = [each for each in every if each.was_escalated or each.entries]
        cases.sort(key=lambda case: (not case.is_open, -self.ladder.gravity(case.key)))
        return {case.key: case for case in cases}

    @cached_property
    def open(self) -> tuple[CaseStanding, ...]:
        """Those that are open, the gravest first."""
        return tuple(case for case in self.by_key.values() if case.is_open)

    def about(self, key: SeriesKey) -> CaseStanding:
        """How a case stands; an empty one where there is none of it."""
        return self.by_key.get(key) or self._standing(key, ())

    def is_known(self, key: SeriesKey) -> bool:
        """Whether a key is a KPI or section, and an org, of the catalogue."""
        catalogue = self.ladder.catalogue
        sections = {section.id for section in catalogue.sections}
        return (key[0] in catalogue.kpi_by_id or key[0] in sections) and key[1] in catalogue.org_by_code

    def _standing(self, key: SeriesKey, entries: Sequence[CaseEntry]) -> CaseStanding:
        ladder, today = self.ladder, self.ladder.today
        of = ladder.catalogue.escalation
        stages = of.section_stages if key in ladder.sections else of.stages
        made = ladder.decided.get(key, ())
        now = standing(of, stages, made)
        proposal = ladder.proposals.get(key)
        history = ladder.state.decision_history.get(key, ())
        every = [
            CaseStep(step, decision.rationale) for step, decision in zip(steps(of, stages, made), history, strict=True)
        ]
        changed = [each.step for each in every if each.step.change.is_graver or each.step.change.is_good_news]
        stage_of = {stage.name: stage for stage in stages}
        # Those who were told of a stage are told when it is left, too.
        concerned = next((one.was if one.change.is_good_news else one.stage for one in reversed(changed)), "")
        in_force = stages[now.position] if now.position >= 0 else None
        by_day = sorted(entries, key=lambda each: each.day(today) or date.min)
        ahead = [each.on for each in by_day if each.kind is EntryKind.REVIEW and each.on and each.on >= today]
        return CaseStanding(
            key=key,
            is_known=self.is_known(key),
            steps=every,
            entries=by_day,
            stage=in_force.name if in_force else "",
            since=now.since,
            exit_test=proposal.exit_test if proposal else (),
            actions=self.actions.open_about(key),
            next_review=min(ahead, default=None) or next_review(of, in_force, now.last),
            tell=told_of(of, stage_of.get(concerned)),
            today=today,
        )
