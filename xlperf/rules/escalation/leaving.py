"""What takes a KPI out of a stage, to the next milder one: every exit rule holds, and none of its entry rules does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlperf.catalogue import Stage
from xlperf.rules.escalation.case import ON_TARGET, RATED, Rated
from xlperf.rules.escalation.entering import Situation
from xlperf.rules.escalation.phrases import OUT_OF_STAGE, lead, often, times, with_figures
from xlperf.rules.rag import Rag

_NOT_RED = RATED - {str(Rag.RED)}


@dataclass(frozen=True, slots=True)
class ExitRuleResult:
    """One exit rule of the stage in force: whether it holds, and why, in words."""

    holds: bool
    words: str


def counted(now: Situation, rags: frozenset[str]) -> Sequence[Rated]:
    """The latest run of these RAGs, as far as it counts towards leaving.

    Only periods that ended after the stage was decided count, and none count until one has ended after the last
    decision: the figures that led to one decision must not at once propose the next. A decision that confirms the
    stage, as after a review, does not restart the count.
    """
    run = [figure for figure in now.run(rags) if now.standing.counts(figure.ends)]
    return run if run and now.standing.is_news(run[-1].ends) else []


def exit_rules(stage: Stage, now: Situation) -> tuple[ExitRuleResult, ...]:
    """The exit rules of the stage in force. Without an SPC verdict there is neither concern nor expected failure."""
    rule = stage.leave
    conditions = []
    if rule.consecutive_not_red is not None:
        conditions.append(_running("Not Red", rule.consecutive_not_red, counted(now, _NOT_RED), now))
    if rule.consecutive_green is not None:
        conditions.append(_running("Green", rule.consecutive_green, counted(now, ON_TARGET), now))
    if rule.no_concern:
        conditions.append(
            ExitRuleResult(not now.is_of_concern, f"Variation is {_not(not now.is_of_concern)}of concern.")
        )
    if rule.not_failing:
        words = f"Its process is {_not(not now.is_failing)}expected to miss the target."
        conditions.append(ExitRuleResult(not now.is_failing, words))
    return tuple(conditions)


def _running(what: str, count: int, run: Sequence[Rated], now: Situation) -> ExitRuleResult:
    if len(run) >= count:
        return ExitRuleResult(True, f"{what} in {with_figures(run)}; {lead(count, OUT_OF_STAGE)}.")
    if run:
        return ExitRuleResult(False, f"{what} in {with_figures(run)}, not yet long enough.")
    if now.latest is not None and now.standing.is_news(now.latest.ends):
        return ExitRuleResult(False, f"{now.latest.rag} in {with_figures([now.latest])}.")
    return ExitRuleResult(False, "No period has ended since the decision.")


def _not(is_not: bool) -> str:
    return "not " if is_not else ""


def way_out(stage: Stage) -> str:
    """What would take a KPI out of a stage, in words."""
    rule = stage.leave
    conditions_met = []
    if rule.consecutive_not_red is not None:
        conditions_met.append(f"Green or Amber in {times(rule.consecutive_not_red, 'period')} running")
    if rule.consecutive_green is not None:
        conditions_met.append(f"Green in {times(rule.consecutive_green, 'period')} running")
    if rule.no_concern:
        conditions_met.append("variation not of concern")
    if rule.not_failing:
        conditions_met.append("its process not expected to miss the target")
    text = ", and ".join(conditions_met)
    blocking = () if rule.consecutive_green is not None else _blocking(stage)
    return f"{text}; if Amber, also {' and '.join(blocking)}" if blocking else text


def _blocking(stage: Stage) -> tuple[str, ...]:
    """What the stage's own entry rules ask of an Amber figure before it may leave."""
    failing = stage.enter.consistently_failing and not stage.leave.not_failing
    days = stage.enter.action_overdue_days
    return (
        *(("its process not expected to miss the target",) if failing else ()),
        *(
            (f"no action more than {times(days, 'day')} overdue" if days else "no action overdue",)
            if days is not None
            else ()
        ),
        *(
            (f"no action put off {often(stage.enter.action_moved)} or more",)
            if stage.enter.action_moved is not None
            else ()
        ),
        *(("no early warning",) if stage.enter.early_warning else ()),
    )
