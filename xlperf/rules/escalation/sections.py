"""The stage that the ladder proposes for one section (a quadrant, domain or goal) of one org."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xlperf.catalogue import Escalation
from xlperf.digits import written
from xlperf.rules.escalation.case import (
    CLOSED_WAY_OUT,
    ExitCondition,
    Proposal,
    SectionCase,
    SectionState,
    stays_closed,
)
from xlperf.rules.escalation.phrases import OUT_OF_STAGE, TO_STAGE, lead, listed, some, times
from xlperf.rules.escalation.phrases import latest as latest_of
from xlperf.rules.escalation.standing import Standing, Step, proposal, standing


def propose_section(ladder: Escalation, case: SectionCase, as_of: date) -> Proposal:
    """The stage the ladder proposes for one section and org, worked out as for a KPI (`kpi_proposal.propose`).

    Args:
        ladder: the catalogue's `section_stages`, mildest first.
        case: how the section stood at the end of each reporting period, and the decisions about it.
        as_of: the day it is judged on, for what is overdue.
    """
    now = standing(ladder, ladder.section_stages, case.decisions)
    at, latest = now.position, case.states[-1] if case.states else None

    def is_answered(position: int) -> bool:
        """Like `kpi_proposal._is_answered`, for the state of the section."""
        if position == at or not now.decides or latest is None or not now.can_have_known(latest.ends):
            return False
        then = case.then or latest
        return bool(section_reasons(ladder, position, then)) if position > at else then == latest

    def proposed(position: int, reason: str) -> Proposal:
        step = Step(
            position,
            reason,
            way_out=_way_out(ladder, position, case),
            exit_test=_exit_test(ladder, now, case, without) if at >= 0 and not case.closed else (),
            periods_at_stage=sum(state.rated > 0 and now.counts(state.ends) for state in case.states),
            is_answered=is_answered(position),
        )
        return proposal(ladder, ladder.section_stages, now, step, as_of)

    without = _periods_without(ladder, at, now, case) if at >= 0 else []
    if case.closed:
        return proposed(at, stays_closed(case.closed) if at >= 0 else "")
    if latest is not None:
        graver = range(at + 1, len(ladder.section_stages))
        entered = [(p, reasons) for p in graver if (reasons := section_reasons(ladder, p, latest))]
        if entered:
            position, reasons = entered[-1]
            return proposed(position, " ".join(reasons))
    if at < 0:
        return proposed(-1, "")
    if latest is not None and (still := section_reasons(ladder, at, latest)):
        return proposed(at, f"Stays: {' '.join(still)}")
    if not without:
        return proposed(at, "Stays: no period has ended since the decision.")
    words = f"Nothing that leads into it in {latest_of(without[::-1])}"
    needed = ladder.section_stages[at].leave.periods_without
    if len(without) < needed:
        return proposed(at, f"Stays: {words[0].lower()}{words[1:]}, not yet long enough.")
    return proposed(at - 1, f"{words}; {lead(needed, OUT_OF_STAGE)}.")


def section_reasons(ladder: Escalation, position: int, state: SectionState) -> tuple[str, ...]:
    """Why the section should be in the stage at `position`: a sentence for each of its entry rules that holds."""
    rule = ladder.section_stages[position].enter
    red, reasons = len(state.red), []
    if rule.red_kpis is not None and red >= rule.red_kpis:
        reasons.append(
            f"{red} of {times(state.rated, 'rated KPI')} Red in {state.period} ({some(state.red)}); "
            f"{_leads(rule.red_kpis)} {TO_STAGE}."
        )
    if rule.red_percent is not None and red and red * 100 >= rule.red_percent * state.rated:
        percent = written(round(red * 100 / state.rated, 2))
        reasons.append(
            f"{percent} % of {times(state.rated, 'rated KPI')} Red in {state.period} "
            f"({some(state.red)}); {rule.red_percent.normalize():f} % lead {TO_STAGE}."
        )
    escalated = _escalated(ladder, position, state)
    if rule.escalated_kpis is not None and len(escalated) >= rule.escalated_kpis:
        reasons.append(
            f"{times(len(escalated), 'KPI')} in escalation in {state.period} ({some(escalated)}); "
            f"{_leads(rule.escalated_kpis)} {TO_STAGE}."
        )
    return tuple(reasons)


def _leads(count: int) -> str:
    return f"{count} lead" if count > 1 else "1 leads"


def _escalated(ladder: Escalation, position: int, state: SectionState) -> list[str]:
    """The KPIs that count as escalated, each with its stage: those at the rule's `at_stage` or a graver one."""
    rule = ladder.section_stages[position].enter
    ids = [stage.id for stage in ladder.stages]
    names = [stage.name.casefold() for stage in ladder.stages]
    count = names[ids.index(rule.at_stage) if rule.at_stage else 0 :]
    return [f"{kpi_id} at {stage}" for kpi_id, stage in state.escalated.items() if stage.strip().casefold() in count]


def _periods_without(ladder: Escalation, at: int, now: Standing, case: SectionCase) -> list[str]:
    """The reporting periods, latest first, that count towards leaving; `leaving.counted` says which those are.

    A period in which nothing was rated neither lengthens the run nor breaks it.
    """
    without: list[str] = []
    if not case.states or not now.is_news(case.states[-1].ends):
        return without
    for state in reversed(case.states):
        if section_reasons(ladder, at, state) or not now.counts(state.ends):
            break
        if state.rated:
            without.append(state.period)
    return without


def _exit_test(
    ladder: Escalation, now: Standing, case: SectionCase, without: Sequence[str]
) -> tuple[ExitCondition, ...]:
    """The one condition under which the stage in force is left: so many periods without what leads into it."""
    at, latest = now.position, case.states[-1] if case.states else None
    needed = ladder.section_stages[at].leave.periods_without
    still = section_reasons(ladder, at, latest) if latest is not None else ()
    words = f"Nothing that leads into it in {latest_of(without[::-1])}." if without else ""
    words = " ".join(still) or words or "No period has ended since the decision."
    return (ExitCondition(_way_out(ladder, at, case), min(len(without), needed), needed, words, counts_periods=True),)


def _way_out(ladder: Escalation, position: int, case: SectionCase) -> str:
    if position < 0 or case.closed:
        return CLOSED_WAY_OUT if position >= 0 else ""
    stage, any_of = ladder.section_stages[position], list[str]()
    rule = stage.enter
    if rule.red_kpis is not None:
        any_of.append(f"{times(rule.red_kpis, 'KPI')} Red")
    if rule.red_percent is not None:
        any_of.append(f"{rule.red_percent.normalize():f} % of the rated KPIs Red")
    if rule.escalated_kpis is not None:
        at_stage = next((one.name for one in ladder.stages if one.id == rule.at_stage), "")
        where = f" at {at_stage} or graver" if at_stage else ""
        any_of.append(f"{times(rule.escalated_kpis, 'KPI')} in escalation{where}")
    return f"{times(stage.leave.periods_without, 'reporting period')} running without {listed(any_of, 'or')}"
