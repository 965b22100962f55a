"""What the ladder proposes for every section (block of the dashboard) of every org."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from xlperf.catalogue import Catalogue
from xlperf.period import Frequency, Period
from xlperf.rules.escalation.case import (
    NOTHING_UNSEEN,
    Decided,
    EscalationInputs,
    Proposal,
    SectionCase,
    SectionState,
    Unseen,
)
from xlperf.rules.escalation.rated import RatedRows
from xlperf.rules.escalation.sections import propose_section
from xlperf.rules.escalation.standing import standing
from xlperf.rules.keys import SeriesKey
from xlperf.rules.rollup.tree import Trees


def section_escalations(
    catalogue: Catalogue,
    assessed: pd.DataFrame,
    reporting: Sequence[Period],
    inputs: EscalationInputs,
) -> dict[SeriesKey, Proposal]:
    """The proposals for all sections, by (section, org); those neither in a stage nor led into one are left out.

    A section stands at the end of a reporting period as the latest rated figures of its KPIs do then. A figure that
    ended more than a year before counts no longer, nor does a KPI that is retired, or that the org has ceased to
    report, by then.

    Args:
        catalogue: whose ladder applies; {} where it has no stages for sections.
        assessed: the frame of `assess`.
        reporting: reporting periods, oldest first; the last is the one reported on.
        inputs: a decision without a day counts as if it had always been.
    """
    ladder = catalogue.escalation
    if not ladder.section_stages or not reporting:
        return {}
    rows = RatedRows.of(assessed)
    index = {key: number for number, key in enumerate(rows.keys)}
    last_days = _last_days(catalogue)
    ends = [_period_end(catalogue, inputs.decisions, period, last_days) for period in reporting]
    sections, orgs = [section.id for section in catalogue.sections], [org.code for org in catalogue.orgs]
    decided = {key for key, made in inputs.decisions.items() if made and key[0] in sections}
    stages = {stage.name for stage in ladder.section_stages}
    proposals = {}
    for key in decided | ends[-1].escalated.keys() | _with_red(catalogue, rows):
        # Without a decision nothing but the last state is asked for.
        states = [_state(rows, index, key, end) for end in (ends if key in decided else ends[-1:])]
        then = _state(rows, index, key, ends[-1], inputs.unseen[key]) if key in inputs.unseen else None
        case = SectionCase(states, inputs.decisions.get(key, ()), then, inputs.closed.get(key, ""))
        proposal = propose_section(ladder, case, inputs.as_of)
        if proposal.stage in stages or proposal.in_force in stages:
            proposals[key] = proposal
    section_rank, org_rank = ({name: rank for rank, name in enumerate(names)} for names in (sections, orgs))
    in_order = sorted(proposals, key=lambda key: (section_rank[key[0]], org_rank.get(key[1], len(orgs)), key[1]))
    return {key: proposals[key] for key in in_order}


@dataclass(frozen=True, slots=True)
class _PeriodEnd:
    """What counts at the end of a reporting period.

    Args:
        period: the reporting period.
        kpis: of each section, the KPIs still reported: id, and numbers of the oldest and the newest period that counts.
        escalated: of each section and org, the stage of each KPI in a stage by decision.
        frequencies: how often each KPI is reported.
        closed: the KPIs and orgs that are reported no longer.
    """

    period: Period
    kpis: Mapping[str, Sequence[tuple[str, int, int]]]
    escalated: Mapping[SeriesKey, Mapping[str, str]]
    frequencies: Mapping[str, Frequency]
    closed: frozenset[SeriesKey]


def _last_days(catalogue: Catalogue) -> Mapping[SeriesKey, date]:
    """The last day on which each KPI is reported by, or rolled up for, each org that ceases to."""
    trees = {kpi.id: each for kpi in catalogue.kpis if (each := Trees(catalogue, kpi)).is_dated}
    return {
        (kpi_id, org.code): last
        for kpi_id, each in trees.items()
        for org in catalogue.orgs
        if (last := each.days_of(org.code).last) is not None
    }


def _period_end(
    catalogue: Catalogue,
    decisions: Mapping[SeriesKey, Sequence[Decided]],
    period: Period,
    last_days: Mapping[SeriesKey, date],
) -> _PeriodEnd:
    ladder = catalogue.escalation
    reported = {kpi.id: kpi for kpi in catalogue.kpis if not kpi.is_retired_by(period.first_day)}
    windows = {frequency: _window(frequency, period) for frequency in Frequency}
    kpis: dict[str, list[tuple[str, int, int]]] = {}
    for kpi in reported.values():
        kpis.setdefault(kpi.section, []).append((kpi.id, *windows[kpi.frequency]))
    closed = frozenset(key for key, last in last_days.items() if last < period.last_day)
    escalated: dict[SeriesKey, dict[str, str]] = {}
    for (kpi_id, org), all_made in decisions.items():
        if kpi_id in reported and (kpi_id, org) not in closed:
            made = [one for one in all_made if one.on is None or one.on <= period.last_day]
            now = standing(ladder, ladder.stages, made)
            if now.position >= 0:
                escalated.setdefault((reported[kpi_id].section, org), {})[kpi_id] = now.name
    return _PeriodEnd(period, kpis, escalated, {kpi.id: kpi.frequency for kpi in reported.values()}, closed)


def _window(frequency: Frequency, period: Period) -> tuple[int, int]:
    """The numbers of the oldest and the newest period of a frequency that count when a reporting period ends."""
    newest = Period.containing(period.last_day, frequency)
    if newest.last_day > period.last_day:
        newest = newest.previous()
    return Period.containing(period.same_last_year().last_day, frequency).number, newest.number


def _with_red(catalogue: Catalogue, rows: RatedRows) -> set[SeriesKey]:
    """Every section with a KPI whose latest figure is Red."""
    kpis = catalogue.kpi_by_id
    red = (rows.keys[number] for number in np.flatnonzero(rows.red_run).tolist())
    return {(kpis[kpi_id].section, org) for kpi_id, org in red}


def _state(
    rows: RatedRows, index: Mapping[SeriesKey, int], key: SeriesKey, end: _PeriodEnd, without: Unseen = NOTHING_UNSEEN
) -> SectionState:
    """How a section stood at the end of a period, leaving out what `without` names."""
    section, org = key
    red, rated = [], 0
    for kpi_id, oldest, newest in end.kpis.get(section, ()):
        series = index.get((kpi_id, org))
        at = None if series is None or (kpi_id, org) in end.closed else rows.latest(series, oldest, newest)
        if at is not None and (kpi_id, rows.last_day(at, end.frequencies[kpi_id])) in without.figures:
            continue
        rated += at is not None
        if at is not None and rows.red[at]:
            red.append(kpi_id)
    escalated = {
        kpi_id: stage for kpi_id, stage in end.escalated.get(key, {}).items() if kpi_id not in without.decisions
    }
    return SectionState(end.period.short, end.period.last_day, tuple(red), rated, escalated)
