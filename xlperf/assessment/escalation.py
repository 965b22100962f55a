"""The escalation ladder: what it proposes, what people decided, and how the one stands to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property

import pandas as pd

from xlperf.assessment.figures import FigureKey, date_of, is_shown
from xlperf.assessment.latest import Latest
from xlperf.catalogue import Catalogue, Kpi, Section
from xlperf.ledger import Decision, State
from xlperf.period import Period
from xlperf.rules.assess import Key as Series
from xlperf.rules.escalation import Answer, Decided, Proposal, Unseen, answer, escalations, section_escalations
from xlperf.rules.process import Process


@dataclass(frozen=True)
class Ladder:
    """Proposals and decisions of every series and, where the ladder has stages for sections, of every section.

    Attributes:
        catalogue: which has the stages and their rules.
        state: of the ledger, which has the decisions.
        period: that is reported on.
        today: for what is overdue.
        assessed: every judged figure up to the period.
        processes: the verdicts on each series.
        latest: each KPI and org as it stands.
        members: by KPI the orgs that are rolled up, each with those it is made of.
    """

    catalogue: Catalogue
    state: State
    period: Period
    today: date
    assessed: pd.DataFrame
    processes: Mapping[Series, Process]
    latest: Sequence[Latest]
    members: Mapping[str, Mapping[str, tuple[str, ...]]]

    @property
    def no_stage(self) -> str:
        """What the catalogue calls it to be in no stage."""
        return self.catalogue.escalation.no_stage

    @cached_property
    def sections(self) -> Mapping[Series, Section]:
        """Every section, by (section, org), where the ladder has stages for sections; else none."""
        if not self.catalogue.escalation.section_stages:
            return {}
        return {(section.id, org.code): section for section in self.catalogue.sections for org in self.catalogue.orgs}

    def stages_of(self, key: Series) -> tuple[str, ...]:
        """The stages that there are for a series or a section, mildest first; no stage is not among them."""
        ladder = self.catalogue.escalation
        return tuple(stage.name for stage in (ladder.section_stages if key in self.sections else ladder.stages))

    @cached_property
    def decided(self) -> Mapping[Series, tuple[Decided, ...]]:
        """Every decision about a series or a section, in order of time."""
        return {
            key: tuple(Decided(typed.stage, typed.by, day_of(typed.on), day_of(typed.at[:10])) for typed in all_typed)
            for key, all_typed in self.state.decided.items()
        }

    @cached_property
    def proposals(self) -> Mapping[Series, Proposal]:
        """What the ladder proposes, by (kpi_id, org) and, where sections have stages, (section, org)."""
        by_dates = self._proposed({})
        # What the ledger had when a decision was made is looked up only where by its date it may be an answer.
        answered = [key for key, proposal in by_dates.items() if proposal.is_answered]
        unseen = {key: news for key, news in self._unseen(answered) if news != Unseen()}
        return self._proposed(unseen) if unseen else by_dates

    def typed(self, key: Series) -> Decision:
        """What the cells for typing show: what was typed, word for word, or between what a person has to choose."""
        settled = self.state.settled.get(key)
        return Decision(*key, *settled.shown) if settled else Decision(*key)

    def decision(self, key: Series) -> Decision:
        """The decision that counts for a series, the stage spelled as the catalogue spells it."""
        typed = self.state.decisions.get(key, Decision(*key))
        return replace(typed, stage=self._spelled(typed.stage))

    def answer(self, key: Series) -> Answer:
        """How the decision about a series or a section stands to what is proposed for it."""
        settled = self.state.settled.get(key)
        return answer(
            self.decision(key).stage,
            self.proposals.get(key),
            no_stage=self.no_stage,
            stages=self.stages_of(key),
            is_disputed=settled is not None and bool(settled.disputed),
        )

    def in_force(self, key: Series) -> str:
        """The stage in which it is by decision, or what else was typed as one; "" for none."""
        stage = self.decision(key).stage
        return "" if stage == self.no_stage else stage

    def words(self, key: Series) -> str:
        """The stage for a cell; one that is for decision ends in `?`, as in `Enhanced Support → Targeted Support?`.

        Where two people have decided otherwise, so do both of their stages: a board should not read one as settled.
        """
        no_stage, now = self.no_stage, self.in_force(key)
        answered = self.answer(key)
        if not answered.is_open:
            return now
        proposal = self.proposals.get(key)
        proposed = proposal.stage if proposal and not proposal.is_answered else now or no_stage
        if answered is Answer.DISPUTED:
            stages = dict.fromkeys(self._spelled(each.stage) or no_stage for each in self.state.settled[key].disputed)
            if len(stages) > 1:
                return f"{' or '.join(stages)}?"
        if proposed == (now or no_stage):
            return f"{proposed}?"
        if proposed == no_stage:
            return f"{now} → out?"
        return f"{now} → {proposed}?" if now else f"{proposed}?"

    def _spelled(self, stage: str) -> str:
        spelled = {name.casefold(): name for name in self.catalogue.escalation.stage_names}
        return spelled.get(stage.strip().casefold(), stage)

    def _proposed(self, unseen: Mapping[Series, Unseen]) -> dict[Series, Proposal]:
        due = {latest.series: day for latest in self.latest if (day := _action_due(latest)) is not None}
        of_kpis = escalations(self.catalogue, self.assessed, self.processes, self.decided, due, self.today, unseen)
        so_far = [period for period in sorted(self.catalogue.entry_by_period) if period <= self.period]
        of_sections = section_escalations(self.catalogue, self.assessed, self.decided, so_far, self.today, unseen)
        return {**of_kpis, **of_sections}

    def _unseen(self, asked: Iterable[Series]) -> Iterator[tuple[Series, Unseen]]:
        """Of each series or section, what came into the ledger with the last decision about it, or after it.

        A collation reads what was typed together with the returns that have come in, and whoever typed had a master
        before them that did not show those.
        """
        before = cache(self.state.before)
        for key in asked:
            decision = self.state.decisions[key]
            then = before(next(run for run, typed in reversed(self.state.typed[key]) if typed == decision))
            is_section = key in self.sections
            about = [kpi for kpi in self.catalogue.kpis if key[0] == (kpi.section if is_section else kpi.id)]
            yield (
                key,
                Unseen(
                    figures=frozenset(figure for kpi in about for figure in self._news(kpi, key[1], then)),
                    decisions=frozenset(kpi.id for kpi in about if self._is_decided_since(then, (kpi.id, key[1]))),
                ),
            )

    def _news(self, kpi: Kpi, org: str, then: State) -> Iterator[tuple[str, date]]:
        """The KPI and last day of each period whose figure then was not there, or was another."""
        for code in self.members[kpi.id].get(org, (org,)):
            for key in self._keys.get((kpi.id, code), ()):
                known = then.figures.get(key)
                if known is None or known.now.values != self.state.figures[key].now.values:
                    yield kpi.id, kpi.period(key[2]).last_day

    @cached_property
    def _keys(self) -> Mapping[Series, Sequence[FigureKey]]:
        """The figures of each KPI and org that fit the catalogue."""
        keys: dict[Series, list[FigureKey]] = {}
        for key in self.state.figures:
            if is_shown(self.catalogue, self.period, key):
                keys.setdefault(key[:2], []).append(key)
        return keys

    def _is_decided_since(self, then: State, key: Series) -> bool:
        return self.state.decided.get(key, ()) != then.decided.get(key, ())


def _action_due(latest: Latest) -> date | None:
    return date_of(latest.current.now.action_due) if latest.current else None


def day_of(typed: str) -> date | None:
    """The day of a decision; None where something else was typed, or a year that is a slip of the finger."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2199 else None
