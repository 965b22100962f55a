"""The facts a report is made from: the ledger's figures judged as of one reporting period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, cached_property
from math import isfinite, nan
from typing import Any

import pandas as pd

from xlperf.catalogue import Catalogue, Kpi, Org, Section
from xlperf.errors import UsageError
from xlperf.ledger import Current, Decision, State
from xlperf.period import Period
from xlperf.rules.assess import Key as Series
from xlperf.rules.assess import assess
from xlperf.rules.compare import compare
from xlperf.rules.escalation import (
    RATED,
    Answer,
    Decided,
    Proposal,
    Unseen,
    answer,
    escalations,
    section_escalations,
)
from xlperf.rules.off_target import OffTarget, off_target
from xlperf.rules.process import Process, Processes, processes
from xlperf.rules.rag import Rag
from xlperf.rules.rollup import members, roll_up_orgs

Judged = Mapping[str, Any]
"""A row of the judged frame, see `rules.assess.assess`."""

Row = dict[str, Any]
"""A row of a sheet, keyed by the headers of `report.layout`."""

SEVERAL = "(several)"
"""Instead of a name, where those of a rolled-up figure's parts differ."""
_FIGURE = ("actual", "numerator", "denominator")


@dataclass(frozen=True)
class Latest:
    """One KPI and org as it stands in the reporting period.

    `rag` is Not due or Not returned where the period has no figure; `row` is the judged row of the last figure there
    is, or None; `why` says what stood in the way of a figure that was refused. `members` are the orgs that a rolled-up
    figure is made of, () for one that is returned. `due` is the period that a figure is due for, None where none is.
    `off_target` is the run of Reds and Ambers that no figure has ended yet, whether there is one of this period or not.
    """

    kpi: Kpi
    org: Org
    rag: Rag
    row: Judged | None
    period: Period | None
    why: str = ""
    members: tuple[str, ...] = ()
    due: Period | None = None
    off_target: OffTarget | None = None

    @property
    def series(self) -> Series:
        """The (kpi_id, org) it is about."""
        return (self.kpi.id, self.org.code)

    @property
    def is_current(self) -> bool:
        """Whether its figure is of the period that is reported on, and no older one."""
        return self.rag not in (Rag.NOT_DUE, Rag.NOT_RETURNED)

    @property
    def was(self) -> str:
        """Red or Amber, where that is how it was last rated and it has no colour now; else ""."""
        return "" if self.off_target is None or self.rag in RATED else str(self.off_target.last["rag"])

    @property
    def lacks_orgs(self) -> bool:
        """Whether an org's figure is missing from a rolled-up one."""
        return bool(self.members and self.row and self.row["reported"] < self.row["expected"])

    @property
    def reported(self) -> str:
        """`2 of 3 orgs`, of a rolled-up figure; else ""."""
        if not self.members or self.row is None:
            return ""
        return f"{self.row['reported']} of {self.row['expected']} orgs"


@dataclass(frozen=True)
class Facts:
    """Catalogue, ledger state and reporting period, with everything judged once."""

    catalogue: Catalogue
    state: State
    period: Period
    produced: datetime
    present: frozenset[str] = frozenset()
    """The sha256 of every file that lies in the received folders now."""

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Every figure up to the end of the reporting period, and what they roll up to (see `rules.rollup`)."""
        rows = [
            {
                "kpi_id": key[0],
                "org": key[1],
                "period": key[2],
                **{name: nan if (value := getattr(current.now, name)) is None else value for name in _FIGURE},
                "milestone": current.now.milestone,
                "not_applicable": current.now.not_applicable,
            }
            for key, current in self.state.figures.items()
            if self._is_shown(key)
        ]
        columns = ["kpi_id", "org", "period", *_FIGURE, "milestone", "not_applicable"]
        types = {**dict.fromkeys(_FIGURE, "float64"), "not_applicable": "bool"}
        returned = pd.DataFrame(rows, columns=columns).astype(types)
        rolled_up = roll_up_orgs(self.catalogue, returned)
        returned = returned.assign(rolled_up=False, reported=1, expected=1, partial=False)
        return pd.concat([returned, rolled_up], ignore_index=True) if len(rolled_up) else returned

    @cached_property
    def assessed(self) -> pd.DataFrame:
        """`figures`, judged (see `rules.assess.assess`)."""
        return assess(self.catalogue, self.figures)

    def _is_shown(self, key: tuple[str, str, str]) -> bool:
        kpi = self.catalogue.kpi_by_id.get(key[0])
        if kpi is None or not _fits(kpi, key[2]):
            return False
        return kpi.period(key[2]).last_day <= self.period.last_day

    @cached_property
    def homeless(self) -> Mapping[str, int]:
        """How many figures the ledger has of KPIs that the catalogue dropped, renamed or gave another frequency."""
        kpis = self.catalogue.kpi_by_id
        lost = [key[0] for key in self.state.figures if key[0] not in kpis or not _fits(kpis[key[0]], key[2])]
        return dict(Counter(lost))

    @cached_property
    def rows(self) -> tuple[Judged, ...]:
        """The rows of `assessed` in its order, each with its place in the SPC chart (see `rules.process.Processes`)."""
        records: Any = self.assessed.join(self._processes.chart).to_dict("records")
        return tuple(records)

    @cached_property
    def series(self) -> Mapping[Series, tuple[Judged, ...]]:
        """The rows of each (kpi_id, org), in order of time."""
        grouped: dict[Series, list[Judged]] = {}
        for row in self.rows:
            grouped.setdefault((row["kpi_id"], row["org"]), []).append(row)
        return {key: tuple(rows) for key, rows in grouped.items()}

    @cached_property
    def latest(self) -> tuple[Latest, ...]:
        """Every KPI and org of the catalogue that is still reported, in its order; what rolls up stands first."""
        return tuple(
            self._latest(kpi, org, made_of)
            for kpi in self.catalogue.kpis
            if not kpi.is_retired_by(self.period.first_day)
            for org, made_of in self._orgs(kpi)
        )

    @cached_property
    def members(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """By KPI the orgs that are rolled up, each with those it is made of (see `rules.rollup.members`)."""
        return {kpi.id: members(self.catalogue, kpi) for kpi in self.catalogue.kpis}

    def _orgs(self, kpi: Kpi) -> list[tuple[Org, tuple[str, ...]]]:
        """Each org with the orgs that it is rolled up from; where it rolls up, in the order of the tree."""
        rolled_up = self.members[kpi.id]
        reporting = self.catalogue.orgs_of(kpi)
        if not rolled_up:
            return [(org, ()) for org in reporting]
        listed = {org.code for org in reporting} | set(rolled_up)
        return [(org, rolled_up.get(org.code, ())) for org in self.catalogue.org_tree if org.code in listed]

    def _latest(self, kpi: Kpi, org: Org, made_of: tuple[str, ...]) -> Latest:
        series = self.series.get((kpi.id, org.code), ())
        due = [p for p in self.period.ending_within(kpi.frequency) if kpi.is_reported_in(p)]
        # A figure of a period after the KPI was retired is in the ledger, and is not its latest.
        counted = [row for row in series if not due or row["period_number"] <= due[-1].number]
        row = counted[-1] if counted else None
        period = kpi.period(row["period"]) if row else None
        run = off_target(counted)
        if not due:
            return Latest(kpi, org, Rag.NOT_DUE, row, period, members=made_of, off_target=run)
        if row is not None and period == due[-1]:
            return Latest(kpi, org, Rag(row["rag"]), row, period, members=made_of, due=due[-1], off_target=run)
        why = "no org has returned" if made_of else self._why(kpi, org, due[-1])
        return Latest(kpi, org, Rag.NOT_RETURNED, row, period, why, made_of, due[-1], run)

    def _why(self, kpi: Kpi, org: Org, period: Period) -> str:
        key = (kpi.id, org.code, str(period))
        owner = self.catalogue.owner_of(kpi, org).id
        returned = self.state.in_use.get((owner, str(self.period)))
        if returned is None:
            is_held = (owner, str(self.period)) in self.state.held
            return "return held for the team" if is_held else "no accepted return"
        issued = self.state.issued.get(returned.return_id)
        if issued is not None and key not in issued.asked:
            return "not asked in the return that was issued"
        return "refused, see Findings" if key in returned.refused else "left blank in the return"

    def current(self, row: Judged) -> Current | None:
        """The ledger's figure behind a judged row; None behind a rolled-up one."""
        return self.state.figures.get((row["kpi_id"], row["org"], row["period"]))

    @cached_property
    def _processes(self) -> Processes:
        return processes(self.catalogue, self.assessed)

    @property
    def processes(self) -> Mapping[Series, Process]:
        """Trend and SPC verdicts of every series, by (kpi_id, org)."""
        return self._processes.verdicts

    @cached_property
    def compared(self) -> Mapping[tuple[str, str, str], Judged]:
        """How each latest figure stands among the orgs, by (kpi_id, org, period); see `rules.compare`."""
        asked = {(latest.kpi.id, str(latest.period)) for latest in self.latest if latest.period and not latest.members}
        pairs = pd.MultiIndex.from_frame(self.assessed[["kpi_id", "period"]])
        found: Any = compare(self.catalogue, self.assessed[pairs.isin(list(asked))]).to_dict("records")
        return {(row["kpi_id"], row["org"], row["period"]): row for row in found}

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

    def _proposed(self, unseen: Mapping[Series, Unseen]) -> dict[Series, Proposal]:
        today = self.produced.date()
        due = {latest.series: day for latest in self.latest if (day := self._action_due(latest)) is not None}
        of_kpis = escalations(self.catalogue, self.assessed, self.processes, self.decided, due, today, unseen)
        so_far = [period for period in sorted(self.catalogue.entry_by_period) if period <= self.period]
        return {**of_kpis, **section_escalations(self.catalogue, self.assessed, self.decided, so_far, today, unseen)}

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
                if known is None or known.now.said != self.state.figures[key].now.said:
                    yield kpi.id, kpi.period(key[2]).last_day

    @cached_property
    def _keys(self) -> Mapping[Series, Sequence[tuple[str, str, str]]]:
        """The figures of each KPI and org that fit the catalogue."""
        keys: dict[Series, list[tuple[str, str, str]]] = {}
        for key in self.state.figures:
            if self._is_shown(key):
                keys.setdefault(key[:2], []).append(key)
        return keys

    def _is_decided_since(self, then: State, key: Series) -> bool:
        return self.state.decided.get(key, ()) != then.decided.get(key, ())

    def _action_due(self, latest: Latest) -> date | None:
        current = self.current(latest.row) if latest.row else None
        return date_of(current.now.action_due) if current else None

    def typed(self, key: Series) -> Decision:
        """What the cells for typing show: what was typed, word for word, or between what a person has to choose."""
        settled = self.state.settled.get(key)
        return Decision(*key, *settled.shown) if settled else Decision(*key)

    def decision(self, key: Series) -> Decision:
        """The decision that counts for a series, the stage spelled as the catalogue spells it."""
        typed = self.state.decisions.get(key, Decision(*key))
        return replace(typed, stage=self._spelled(typed.stage))

    def _spelled(self, stage: str) -> str:
        spelled = {name.casefold(): name for name in self.catalogue.escalation.stage_names}
        return spelled.get(stage.strip().casefold(), stage)

    @cached_property
    def sections(self) -> Mapping[Series, Section]:
        """Every section, by (section, org), where the ladder has stages for sections; else none."""
        if not self.catalogue.escalation.section_stages:
            return {}
        return {(section.id, org.code): section for section in self.catalogue.sections for org in self.catalogue.orgs}

    def section_of(self, kpi: Kpi) -> Section:
        """The section of the catalogue that a KPI is in."""
        return next(section for section in self.catalogue.sections if section.id == kpi.section)

    def stages_of(self, key: Series) -> tuple[str, ...]:
        """The stages that there are for a series or a section, mildest first; no stage is not among them."""
        ladder = self.catalogue.escalation
        return tuple(stage.name for stage in (ladder.section_stages if key in self.sections else ladder.stages))

    def answer(self, key: Series) -> Answer:
        """How the decision about a series or a section stands to what is proposed for it."""
        settled = self.state.settled.get(key)
        return answer(
            self.decision(key).stage,
            self.proposals.get(key),
            no_stage=self.catalogue.escalation.no_stage,
            stages=self.stages_of(key),
            is_disputed=settled is not None and bool(settled.disputed),
        )

    def in_force(self, key: Series) -> str:
        """The stage in which it is by decision, or what else was typed as one; "" for none."""
        stage = self.decision(key).stage
        return "" if stage == self.catalogue.escalation.no_stage else stage

    def stage_words(self, key: Series) -> str:
        """The stage for a cell; one that is for decision ends in `?`, as in `Enhanced Support → Targeted Support?`.

        Where two people have decided otherwise, so do both of their stages: a board should not read one as settled.
        """
        no_stage, now = self.catalogue.escalation.no_stage, self.in_force(key)
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

    def responsible_owner(self, latest: Latest) -> str:
        """The name of who returns it; of a rolled-up figure "", unless the KPI has one for all orgs."""
        if latest.members and not latest.kpi.responsible_owner:
            return ""
        return self.catalogue.owner_of(latest.kpi, latest.org).name

    def executive_owner(self, latest: Latest) -> str:
        """The title of who answers for it; `SEVERAL` where those of a rolled-up figure's parts differ."""
        return self._of_all(latest, lambda org: self.catalogue.executive_of(latest.kpi, org).title)

    def directorate(self, latest: Latest) -> str:
        """The directorate of who returns it; `SEVERAL` where those of a rolled-up figure's parts differ."""
        return self._of_all(latest, lambda org: self.catalogue.owner_of(latest.kpi, org).directorate)

    def _of_all(self, latest: Latest, name_of: Callable[[Org], str]) -> str:
        names = {name_of(self.catalogue.org_by_code[code]) for code in latest.members} or {name_of(latest.org)}
        return names.pop() if len(names) == 1 else SEVERAL


def section_name(section: Section) -> str:
    """A section's name where else the name of a KPI stands."""
    return f"Section: {section.name}"


def _fits(kpi: Kpi, period: str) -> bool:
    try:
        kpi.period(period)
    except UsageError:
        return False
    return True


def day_of(typed: str) -> date | None:
    """The day of a decision; None where something else was typed, or a year that is a slip of the finger."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2199 else None


def date_of(iso: str) -> date | None:
    """A date kept as ISO text; None for ""."""
    return date.fromisoformat(iso) if iso else None


def number_of(value: float) -> float | None:
    """A number of the judged frame for a cell; None for NaN, and for a limit that there is not (infinity)."""
    return float(value) if isfinite(value) else None
