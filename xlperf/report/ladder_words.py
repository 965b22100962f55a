"""The escalation ladder in words, for the About sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlperf.catalogue import AnyStage, Escalation, Meeting
from xlperf.catalogue.ladder import EntryRule, SectionEntryRule
from xlperf.rules.escalation.leaving import way_out
from xlperf.rules.escalation.phrases import listed, often, the, times


def ladder_words(ladder: Escalation) -> Iterator[tuple[str, str]]:
    """(item, words) for each stage: its entry rules, how to leave it, and how often it is reviewed."""
    names = {stage.id: stage.name for stage in ladder.stages}
    for stage in ladder.stages:
        words = (
            f"Entered if {', or if '.join(_entry(stage.enter))}. To leave: {way_out(stage)}.{_review(ladder, stage)}"
        )
        yield f"Stage: {stage.name}", words
    for section_stage in ladder.section_stages:
        out = times(section_stage.leave.periods_without, "reporting period")
        entry = ", or with ".join(_section_entry(section_stage.enter, names))
        words = f"Entered with {entry}. To leave: {out} running without that.{_review(ladder, section_stage)}"
        yield f"Stage of a section: {section_stage.name}", words


def _review(ladder: Escalation, stage: AnyStage) -> str:
    months = stage.review_months or ladder.review_months
    return f" Reviewed every {'month' if months == 1 else f'{months} months'}." if months else ""


def _entry(rule: EntryRule) -> Iterator[str]:
    if rule.consecutive_red is not None:
        few = rule.consecutive_red == 1
        yield "the last rated figure is Red" if few else f"the last {rule.consecutive_red} rated figures are Red"
    if rule.red_with_concern:
        yield "it is Red with a special cause of concern (SPC)"
    if rule.consistently_failing:
        yield "it is off target and expected to miss the target (SPC)"
    if rule.deteriorating_for is not None:
        yield f"it is Red in the milder stage, and has been worse {times(rule.deteriorating_for, 'time')} running since"
    if rule.action_overdue_days is not None:
        yield f"it is off target with an action more than {times(rule.action_overdue_days, 'day')} overdue"
    if rule.action_moved is not None:
        yield f"it is off target with an action put off {often(rule.action_moved)} or more"
    if rule.early_warning:
        yield "it is off target by a fall that is warned of early"


def _section_entry(rule: SectionEntryRule, names: Mapping[str, str]) -> Iterator[str]:
    if rule.red_kpis is not None:
        yield f"{times(rule.red_kpis, 'KPI')} Red"
    if rule.red_percent is not None:
        yield f"{rule.red_percent.normalize():f} % of its rated KPIs Red"
    if rule.escalated_kpis is not None:
        at_stage = f"{names.get(rule.at_stage, rule.at_stage)} or graver" if rule.at_stage else "any stage"
        yield f"{times(rule.escalated_kpis, 'KPI')} at {at_stage} by decision"


def undecided_words(ladder: Escalation, meeting: Meeting) -> str:
    """Who has what is only proposed before them, in a sentence; "" where the meeting sees all of it itself.

    It says nothing of what is proposed, nor whether anything is.
    """
    stages = (*ladder.stages, *ladder.section_stages)
    own = [stage for stage in stages if _decides(meeting, stage, stage.decided_by or ladder.decided_by)]
    deciders = dict.fromkeys(stage.decided_by or ladder.decided_by for stage in stages if stage not in own)
    shown_to = {name.casefold() for name in ladder.proposals_shown_to}
    others = [the(name) for name in deciders if name and name.casefold() not in shown_to]
    if not others or meeting.name.casefold() in shown_to:
        return ""
    begins = "A figure may meet the rules of a stage and have no row in the register: what is proposed"
    if own:
        asked = f"The {meeting.name} is asked about the stages that it decides on itself"
        begins = f"{asked}; what is proposed for another stage"
    return (
        f"{begins} stands before those who decide on it ({listed(others)}), and is not in this pack until they have "
        "decided."
    )


def _decides(meeting: Meeting, stage: AnyStage, decided_by: str) -> bool:
    """Whether a meeting decides on a stage; see `Ladder.is_for_the_board`."""
    return stage.id in meeting.decides if meeting.decides else decided_by.casefold() == meeting.name.casefold()
