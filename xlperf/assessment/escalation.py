"""The escalation ladder: its proposals, the decisions of people, and how they compare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property

import pandas as pd

from xlperf.assessment.action_standing import Actions
from xlperf.assessment.figures import is_shown
from xlperf.assessment.latest import Latest, closed_words
from xlperf.catalogue import Catalogue, Kpi, Meeting, Section
from xlperf.ledger import Decision, State
from xlperf.ledger.records import NO_DECISION
from xlperf.period import Period
from xlperf.returns.figure import FigureKey
from xlperf.rules.escalation import (
    Answer,
    Decided,
    DecisionInForce,
    EscalationInputs,
    Proposal,
    Unseen,
    answer,
    escalations,
    section_escalations,
)
from xlperf.rules.escalation.phrases import PROPOSED
from xlperf.rules.iso_day import day_of
from xlperf.rules.keys import SeriesKey
from xlperf.rules.process import Process


@dataclass(frozen=True)
class Ladder:
    """Proposals and decisions of every series and, where the ladder has stages for sections, of every section.

    Attributes:
        catalogue: has the stages and their rules.
        state: the state of the ledger, with the decisions.
        period: the reporting period.
        today: for overdue actions and reviews.
        assessed: every judged figure up to the period.
        processes: the verdicts on each series.
        latest: how each KPI and org stands.
        members: by KPI, the orgs that are rolled up, each with its members.
        falls: by series, the fall that its last figure is, in words (see `rules.early_warning`).
        actions: what was promised.
        reader: the meeting whose pages it is printed on.
        is_public: whether everybody may read these pages, which then tell of no proposal.
    """

    catalogue: Catalogue
    state: State
    period: Period
    today: date
    assessed: pd.DataFrame
    processes: Mapping[SeriesKey, Process]
    latest: Sequence[Latest]
    members: Mapping[str, Mapping[str, tuple[str, ...]]]
    falls: Mapping[SeriesKey, str]
    actions: Actions
    reader: Meeting
    is_public: bool = False

    @property
    def no_stage(self) -> str:
        """The catalogue's name for being in no stage."""
        return self.catalogue.escalation.no_stage

    @cached_property
    def sections(self) -> Mapping[SeriesKey, Section]:
        """Every section, by (section, org), if the ladder has stages for sections; else none."""
        if not self.catalogue.escalation.section_stages:
            return {}
        return {(section.id, org.code): section for section in self.catalogue.sections for org in self.catalogue.orgs}

    def stages_of(self, key: SeriesKey) -> tuple[str, ...]:
        """The stages for a series or a section, mildest first, without the name for no stage."""
        of_series, of_sections = self._stages
        return of_sections if key in self.sections else of_series

    @cached_property
    def _stages(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of the stages for series, and of those for sections."""
        ladder = self.catalogue.escalation
        return tuple(each.name for each in ladder.stages), tuple(each.name for each in ladder.section_stages)

    @cached_property
    def decided(self) -> Mapping[SeriesKey, tuple[Decided, ...]]:
        """Every decision about a series or a section, in order of time.

        Nobody can have decided on a day that has not come: such a date is a slip (D009), and the decision counts as of
        the day on which it was recorded.
        """
        return {
            key: tuple(
                Decided(typed.stage, typed.by, decided_on(typed, self.today), day_of(typed.at[:10]))
                for typed in all_typed
            )
            for key, all_typed in self.state.decision_history.items()
        }

    @cached_property
    def proposals(self) -> Mapping[SeriesKey, Proposal]:
        """What the ladder proposes, by (kpi_id, org) and, if sections have stages, (section, org)."""
        by_dates = self._proposed({})
        # The ledger as of a decision is looked up only for decisions that by their date may be answers.
        answered = [key for key, proposal in by_dates.items() if proposal.is_answered]
        unseen = {key: news for key, news in self._unseen(answered) if news != Unseen()}
        return self._proposed(unseen) if unseen else by_dates

    def typed(self, key: SeriesKey) -> Decision:
        """The texts for the four cells: what was typed, word for word, or the choice that a person has to make."""
        settled = self.state.settled.get(key)
        stage, by, on, rationale = settled.shown if settled else NO_DECISION
        return Decision(*key, stage, by, on, rationale)

    def decision(self, key: SeriesKey) -> Decision:
        """The decision that counts for a series, with its stage spelled as in the catalogue."""
        typed = self.state.decision_in_force.get(key)
        return Decision(*key) if typed is None else replace(typed, stage=self._spelled(typed.stage))

    def answer(self, key: SeriesKey) -> Answer:
        """How the decision about a series or a section compares with the proposal."""
        if key not in self._answers:  # which five sheets ask about every series
            settled = self.state.settled.get(key)
            is_disputed = settled is not None and bool(settled.disputed)
            decided = DecisionInForce(self.decision(key).stage, is_disputed, is_closed=key in self.closed)
            self._answers[key] = answer(decided, self.proposals.get(key), self.no_stage, self.stages_of(key))
        return self._answers[key]

    @cached_property
    def _answers(self) -> dict[SeriesKey, Answer]:
        """The answers that have been asked for."""
        return {}

    @cached_property
    def closed(self) -> Mapping[SeriesKey, str]:
        """The series and sections of orgs that have closed, with when, in words; nothing is proposed for them."""
        day, orgs = self.period.last_day, self.catalogue.org_by_code
        of_kpis = {each.series: each.why_closed for each in self.latest if each.closed is not None}
        of_sections = {
            key: closed_words(org, org.open_until)
            for key in self.sections
            if (org := orgs[key[1]]).open_until is not None and org.open_days.ends_before(day)
        }
        return {**of_kpis, **of_sections}

    @cached_property
    def keys(self) -> tuple[SeriesKey, ...]:
        """Every section that may be in a stage, and every series that is still reported."""
        return (*self.sections, *(latest.series for latest in self.latest))

    @cached_property
    def in_a_stage(self) -> tuple[SeriesKey, ...]:
        """Those of `keys` that are in a stage of the ladder by decision."""
        return tuple(self.staged)

    @cached_property
    def staged(self) -> Mapping[SeriesKey, str]:
        """The stage of each of those."""
        stages = ((key, self.decision(key).stage) for key in self.keys)
        return {key: stage for key, stage in stages if stage in self.stages_of(key)}

    @cached_property
    def to_decide(self) -> tuple[SeriesKey, ...]:
        """Those of `keys` about which a person has to decide."""
        return tuple(key for key in self.keys if self.answer(key).is_open)

    def in_force(self, key: SeriesKey) -> str:
        """The stage decided; "" for none, and for a text that is no stage here, which counts as none."""
        stage = self.decision(key).stage
        return stage if stage in self.stages_of(key) else ""

    def words(self, key: SeriesKey) -> str:
        """The stage for a cell. One that is for decision ends in `?`, as in `Enhanced Support → Targeted Support?`.

        If two people decided differently, both stages are given with a `?`: a board must not read one as settled.
        """
        if key not in self._words:
            self._words[key] = self._in_words(key)
        return self._words[key]

    @cached_property
    def _words(self) -> dict[SeriesKey, str]:
        """The words that have been asked for."""
        return {}

    def _in_words(self, key: SeriesKey) -> str:
        no_stage, now, answered = self.no_stage, self.in_force(key), self.answer(key)
        if not answered.is_open:
            return now or self._no_stage_typed(key)
        proposal = self.proposals.get(key)
        proposed = proposal.stage if proposal and not proposal.is_answered else now or no_stage
        if answered is Answer.DISPUTED:
            disputed = self.state.settled[key].disputed
            if len(stages := dict.fromkeys(self._spelled(decision.stage) or no_stage for decision in disputed)) > 1:
                return f"{' or '.join(stages)}?"
        if proposed == (now or no_stage):
            return f"{proposed}?"
        if proposed == no_stage:
            return f"{now} → out?"
        return f"{now} → {proposed}?" if now else f"{proposed}?"

    def _no_stage_typed(self, key: SeriesKey) -> str:
        """A text that was typed as the stage and is none, with that; "" where there is no such text."""
        typed = self.decision(key).stage
        return "" if typed in ("", self.no_stage, *self.stages_of(key)) else f"{typed} (no stage here)"

    def printed(self, key: SeriesKey) -> str:
        """The stage as the board's page has it: the one decided, and what is proposed only if the board is to see it.

        Whom the ladder lets decide sees a proposal, and whom `proposals_shown_to` names. That two people have decided
        differently is no proposal, and is always said.
        """
        return self.words(key) if self.is_for_the_board(key) else self.in_force(key)

    def is_for_the_board(self, key: SeriesKey) -> bool:
        """Whether the pages of the board, or of the meeting that reads them, print what is for decision; see `printed`.

        A meeting decides on the stages in its `decides`; where it names none, on those whose `decided_by` is its name.
        To leave a stage is a decision about the one that is left.
        """
        if self.is_public:
            return False
        reader, proposal = self.reader, self.proposals.get(key)
        if self.answer(key) is Answer.DISPUTED:
            return True
        if proposal is not None and reader.decides:
            if self._asked_of(key, proposal) in self._decided_by_reader:
                return True
            proposal = None
        decides = (proposal.decided_by,) if proposal else ()
        seen_by = {name.casefold() for name in (*decides, *self.catalogue.escalation.proposals_shown_to)}
        return reader.name.casefold() in seen_by

    def _asked_of(self, key: SeriesKey, proposal: Proposal) -> str:
        """The stage that a proposal is about: the one proposed, or the one in force where that is to be left."""
        names, now = self.catalogue.escalation.stage_names, self.in_force(key)
        return max((now or self.no_stage, proposal.stage), key=lambda name: names.index(name) if name in names else 0)

    @cached_property
    def _decided_by_reader(self) -> frozenset[str]:
        ladder = self.catalogue.escalation
        return frozenset(s.name for s in (*ladder.stages, *ladder.section_stages) if s.id in self.reader.decides)

    def as_read_in(
        self,
        meeting: Meeting,
        latest: Sequence[Latest],
        covers: Callable[[SeriesKey], bool],
        *,
        is_public: bool = False,
    ) -> Ladder:
        """The same proposals and decisions as a meeting, or the public, reads them: of what it covers alone."""
        read = replace(self, reader=meeting, latest=latest, is_public=is_public)
        sections = {key: section for key, section in self.sections.items() if covers(key)}
        shared = ("decided", "proposals", "closed", "_answers", "_spelling", "_stages")
        read.__dict__.update({name: getattr(self, name) for name in shared} | {"sections": sections})
        return read

    def sentence(self, key: SeriesKey, *, is_printed: bool = False) -> str:
        """The stage it is in and the decision to be made about it, in words; "" if there is neither.

        `is_printed`: without what is only proposed, where the board is not to see it; see `printed`.
        """
        now, answered, proposal = self.in_force(key), self.answer(key), self.proposals.get(key)
        words = []
        if now:
            words.append(f"in escalation: {now}")
        elif self._no_stage_typed(key):
            words.append(f"'{self.decision(key).stage}' is no stage here and counts as {self.no_stage}")
        if answered is Answer.DISPUTED:
            words.append("two people have decided: a person has to choose")
        elif answered.is_open and proposal is not None and (not is_printed or self.is_for_the_board(key)):
            to = "to leave escalation" if proposal.stage == self.no_stage else proposal.stage
            words.append(f"{PROPOSED}{to}")
        return "; ".join(words)

    def gravity(self, key: SeriesKey, *, is_printed: bool = False) -> int:
        """The place on the ladder of the stage in force, or of one for decision if that is graver; 0 for none.

        `is_printed`: of one for decision only where the board's page prints it; see `printed`.
        """
        names = self.catalogue.escalation.stage_names
        stages = [self.decision(key).stage]
        if self.answer(key).is_open and key in self.proposals and (not is_printed or self.is_for_the_board(key)):
            stages.append(self.proposals[key].stage)
        return max(names.index(name) if name in names else 0 for name in stages)

    def _spelled(self, stage: str) -> str:
        return self._spelling.get(stage.strip().casefold(), stage)

    @cached_property
    def _spelling(self) -> Mapping[str, str]:
        """The names of all stages, by what they are in small letters."""
        return {name.casefold(): name for name in self.catalogue.escalation.stage_names}

    def _proposed(self, unseen: Mapping[SeriesKey, Unseen]) -> dict[SeriesKey, Proposal]:
        inputs = EscalationInputs(
            self.today, self.decided, self.actions.due, unseen, self.closed, self.falls, self.actions.moved
        )
        of_kpis = escalations(self.catalogue, self.assessed, self.processes, inputs)
        so_far = [period for period in sorted(self.catalogue.entry_by_period) if period <= self.period]
        of_sections = section_escalations(self.catalogue, self.assessed, so_far, inputs)
        return {**of_kpis, **of_sections}

    def _unseen(self, keys: Iterable[SeriesKey]) -> Iterator[tuple[SeriesKey, Unseen]]:
        """For each series or section, what came into the ledger together with the last decision about it, or later.

        A collation reads decisions and new returns together, and the person who typed the decision had a master that
        did not yet show those returns.
        """
        before = cache(self.state.before)
        for key in keys:
            decision = self.state.decision_in_force[key]
            state_before = before(
                next(run for run, typed in reversed(self.state.typed_decisions[key]) if typed == decision)
            )
            is_section = key in self.sections
            kpis = [kpi for kpi in self.catalogue.kpis if key[0] == (kpi.section if is_section else kpi.id)]
            yield (
                key,
                Unseen(
                    figures=frozenset(figure for kpi in kpis for figure in self._news(kpi, key[1], state_before)),
                    decisions=frozenset(
                        kpi.id for kpi in kpis if self._is_decided_since(state_before, (kpi.id, key[1]))
                    ),
                ),
            )

    def _news(self, kpi: Kpi, org: str, state_before: State) -> Iterator[tuple[str, date]]:
        """The KPI and last day of each period whose figure was missing or different in `state_before`."""
        for code in self.members[kpi.id].get(org, (org,)):
            for key in self._keys.get((kpi.id, code), ()):
                earlier = state_before.figures.get(key)
                if earlier is None or earlier.now.values != self.state.figures[key].now.values:
                    yield kpi.id, kpi.period(key[2]).last_day

    @cached_property
    def _keys(self) -> Mapping[SeriesKey, Sequence[FigureKey]]:
        """The keys of the figures of each KPI and org that fit the catalogue."""
        keys: dict[SeriesKey, list[FigureKey]] = {}
        for key in self.state.figures:
            if is_shown(self.catalogue, self.period, key):
                keys.setdefault(key[:2], []).append(key)
        return keys

    def _is_decided_since(self, state_before: State, key: SeriesKey) -> bool:
        return self.state.decision_history.get(key, ()) != state_before.decision_history.get(key, ())


def decided_on(decision: Decision, today: date) -> date | None:
    """The day of a decision; of one that has not come, the day on which it was recorded; None where none is known."""
    day = day_of(decision.on)
    return day_of(decision.at[:10]) if day and day > today else day
