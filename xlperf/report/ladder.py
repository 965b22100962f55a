"""The escalation ladder in words, for the About sheet."""

from __future__ import annotations

from collections.abc import Iterator

from xlperf.catalogue import Escalation
from xlperf.catalogue.ladder import EntryRule, SectionEntryRule


def ladder_words(ladder: Escalation) -> Iterator[tuple[str, str]]:
    """(item, words) for each stage: what leads into it, how many periods lead out, and how often it is reviewed."""
    for stage in ladder.stages:
        out = stage.leave.consecutive_green or stage.leave.consecutive_not_red
        colours = "Green" if stage.leave.consecutive_green else "Green or Amber"
        months = stage.review_months or ladder.review_months
        review = f"; reviewed every {months} month{'s' if months > 1 else ''}" if months else ""
        yield f"Stage: {stage.name}", f"{' or '.join(_entry(stage.enter))}; out after {out} {colours}{review}"
    for section_stage in ladder.section_stages:
        out = section_stage.leave.periods_without
        words = f"{' or '.join(_section_entry(section_stage.enter))}; out after {out} periods without"
        yield f"Stage of a section: {section_stage.name}", words


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
        yield f"off target with an action more than {rule.action_overdue_days} days overdue"


def _section_entry(rule: SectionEntryRule) -> Iterator[str]:
    if rule.red_kpis is not None:
        yield f"{rule.red_kpis} KPIs Red"
    if rule.red_percent is not None:
        yield f"{rule.red_percent:f} % of its KPIs Red"
    if rule.escalated_kpis is not None:
        yield f"{rule.escalated_kpis} KPIs at {rule.at_stage or 'any stage'} by decision"
