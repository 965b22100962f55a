"""The escalation ladder in words, for the About sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlperf.catalogue import AnyStage, Escalation
from xlperf.catalogue.ladder import EntryRule, SectionEntryRule
from xlperf.rules.escalation.leaving import way_out
from xlperf.rules.escalation.phrases import times


def ladder_words(ladder: Escalation) -> Iterator[tuple[str, str]]:
    """(item, words) for each stage: its entry rules, how to leave it, and how often it is reviewed."""
    names = {stage.id: stage.name for stage in ladder.stages}
    for stage in ladder.stages:
        words = f"{' or '.join(_entry(stage.enter))}; out: {way_out(stage)}{_review(ladder, stage)}"
        yield f"Stage: {stage.name}", words
    for section_stage in ladder.section_stages:
        out = times(section_stage.leave.periods_without, "reporting period")
        entry = " or ".join(_section_entry(section_stage.enter, names))
        words = f"{entry}; out: {out} running without{_review(ladder, section_stage)}"
        yield f"Stage of a section: {section_stage.name}", words


def _review(ladder: Escalation, stage: AnyStage) -> str:
    months = stage.review_months or ladder.review_months
    return f"; reviewed every {'month' if months == 1 else f'{months} months'}" if months else ""


def _entry(rule: EntryRule) -> Iterator[str]:
    if rule.consecutive_red is not None:
        yield f"Red {rule.consecutive_red} running"
    if rule.red_with_concern:
        yield "Red with variation of concern"
    if rule.consistently_failing:
        yield "expected to miss the target (SPC)"
    if rule.deteriorating_for is not None:
        yield f"worse {rule.deteriorating_for} running since the milder stage, and Red"
    if rule.action_overdue_days is not None:
        yield f"off target with an action more than {times(rule.action_overdue_days, 'day')} overdue"
    if rule.early_warning:
        yield "off target by a fall that is warned of early"


def _section_entry(rule: SectionEntryRule, names: Mapping[str, str]) -> Iterator[str]:
    if rule.red_kpis is not None:
        yield f"{times(rule.red_kpis, 'KPI')} Red"
    if rule.red_percent is not None:
        yield f"{rule.red_percent.normalize():f} % of its rated KPIs Red"
    if rule.escalated_kpis is not None:
        at_stage = f"{names.get(rule.at_stage, rule.at_stage)} or graver" if rule.at_stage else "any stage"
        yield f"{times(rule.escalated_kpis, 'KPI')} at {at_stage} by decision"
