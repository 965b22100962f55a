"""What takes a KPI out of a stage, to the next milder one: every exit rule holds, and none of its entry rules does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlperf.catalogue import Escalation, Stage
from xlperf.rules.escalation.case import ON_TARGET, RATED, ExitCondition, Rated
from xlperf.rules.escalation.entering import Situation, reasons_by_rule
from xlperf.rules.escalation.phrases import OUT_OF_STAGE, lead, often, times, with_figures
from xlperf.rules.rag import Rag

_NOT_RED = RATED - {str(Rag.RED)}
_NO_CONCERN, _NOT_FAILING = "variation not of concern", "its process not expected to miss the target"


def counted(now: Situation, rags: frozenset[str]) -> Sequence[Rated]:
    """The latest run of these RAGs, as far as it counts towards leaving.

    Only periods that ended after the stage was decided count, and none count until one has ended after the last
    decision: the figures that led to one decision must not at once propose the next. A decision that confirms the
    stage, as after a review, does not restart the count.
    """
    run = [figure for figure in now.run(rags) if now.standing.counts(figure.ends)]
    return run if run and now.standing.is_news(run[-1].ends) else []


def exit_rules(stage: Stage, now: Situation) -> tuple[ExitCondition, ...]:
    """The exit rules of the stage in force. Without an SPC verdict there is neither concern nor expected failure."""
    rule = stage.leave
    conditions = []
    if rule.consecutive_not_red is not None:
        conditions.append(_running("Green or Amber", "Not Red", rule.consecutive_not_red, counted(now, _NOT_RED), now))
    if rule.consecutive_green is not None:
        conditions.append(_running("Green", "Green", rule.consecutive_green, counted(now, ON_TARGET), now))
    if rule.no_concern:
        words = f"Variation is {_not(not now.is_of_concern)}of concern."
        conditions.append(ExitCondition(_NO_CONCERN, int(not now.is_of_concern), 1, words))
    if rule.not_failing:
        words = f"Its process is {_not(not now.is_failing)}expected to miss the target."
        conditions.append(ExitCondition(_NOT_FAILING, int(not now.is_failing), 1, words))
    return tuple(conditions)


def exit_test(ladder: Escalation, position: int, now: Situation) -> tuple[ExitCondition, ...]:
    """All that has to hold for the stage in force to be left: its exit rules, and what leads straight back.

    It is met exactly where `kpi_proposal.propose` leads out, unless that leads to a graver stage.
    """
    stage = ladder.stages[position]
    reasons = reasons_by_rule(ladder, position, now)
    is_amber = now.latest is not None and now.latest.rag == Rag.AMBER
    blocking = (
        ExitCondition(asks, int(name not in reasons), 1, reasons.get(name, ""))
        for name, asks in _blocking(stage).items()
        if is_amber or name in reasons
    )
    return (*exit_rules(stage, now), *blocking)


def exit_words(test: Sequence[ExitCondition]) -> str:
    """How far an exit test is met: `1 of 2 periods met: Green or Amber in 2 periods running`; "" where there is none.

    Of several conditions it is `1 of 2 conditions met`, with how each stands after it.
    """
    if len(test) == 1:
        (only,) = test
        return f"{only.met} of {times(only.needed, 'period' if only.counts_periods else 'condition')} met: {only.asks}"
    met = sum(condition.holds for condition in test)
    each = "; ".join(f"{condition.asks} ({_stands(condition)})" for condition in test)
    return f"{met} of {len(test)} conditions met: {each}" if test else ""


def _stands(condition: ExitCondition) -> str:
    if condition.counts_periods and not condition.holds:
        return f"{condition.met} of {condition.needed}"
    return "met" if condition.holds else "not met"


def _running(asked: str, what: str, count: int, run: Sequence[Rated], now: Situation) -> ExitCondition:
    asks = _in_a_row(asked, count)
    if len(run) >= count:
        words = f"{what} in {with_figures(run)}; {lead(count, OUT_OF_STAGE)}."
    elif run:
        words = f"{what} in {with_figures(run)}, not yet long enough."
    elif now.latest is not None and now.standing.is_news(now.latest.ends):
        words = f"{now.latest.rag} in {with_figures([now.latest])}."
    else:
        words = "No period has ended since the decision."
    return ExitCondition(asks, min(len(run), count), count, words, counts_periods=True)


def _in_a_row(what: str, count: int) -> str:
    return f"{what} in {times(count, 'period')} running"


def _not(is_not: bool) -> str:
    return "not " if is_not else ""


def way_out(stage: Stage) -> str:
    """What would take a KPI out of a stage, in words."""
    rule = stage.leave
    conditions_met = []
    if rule.consecutive_not_red is not None:
        conditions_met.append(_in_a_row("Green or Amber", rule.consecutive_not_red))
    if rule.consecutive_green is not None:
        conditions_met.append(_in_a_row("Green", rule.consecutive_green))
    if rule.no_concern:
        conditions_met.append(_NO_CONCERN)
    if rule.not_failing:
        conditions_met.append(_NOT_FAILING)
    text = ", and ".join(conditions_met)
    blocking = _blocking(stage).values()
    return f"{text}; if Amber, also {' and '.join(blocking)}" if blocking else text


def _blocking(stage: Stage) -> Mapping[str, str]:
    """What the stage's own entry rules ask of an Amber figure before it may leave, by the names of these rules."""
    rule = stage.enter
    if stage.leave.consecutive_green is not None:
        return {}
    asked: dict[str, str] = {}
    if rule.consistently_failing and not stage.leave.not_failing:
        asked["consistently_failing"] = _NOT_FAILING
    if (days := rule.action_overdue_days) is not None:
        asked["action_overdue_days"] = (
            f"no action more than {times(days, 'day')} overdue" if days else "no action overdue"
        )
    if rule.action_moved is not None:
        asked["action_moved"] = f"no action put off {often(rule.action_moved)} or more"
    if rule.early_warning:
        asked["early_warning"] = "no early warning"
    return asked
