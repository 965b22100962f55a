"""The stage that the ladder proposes for one KPI of one org."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from xlperf.catalogue import Escalation
from xlperf.rules.escalation.case import CLOSED_WAY_OUT, Case, Proposal, stays_closed
from xlperf.rules.escalation.entering import Situation, entry_reasons
from xlperf.rules.escalation.leaving import exit_rules, exit_test, way_out
from xlperf.rules.escalation.phrases import with_figures
from xlperf.rules.escalation.standing import Step, proposal, standing
from xlperf.rules.trend import DETERIORATING, IMPROVING


def propose(ladder: Escalation, case: Case, as_of: date) -> Proposal:
    """The stage the ladder proposes for one KPI and org.

    A graver stage than the one in force: the gravest that any entry rule leads to. One step milder: when all exit rules
    hold and none of the stage's own entry rules does, since that would lead straight back. Otherwise, and where the org
    has closed, the stage in force.

    Args:
        ladder: the catalogue's stages, mildest first.
        case: figures, decisions and verdicts.
        as_of: the day it is judged on, for what is overdue.
    """
    now = Situation(case, standing(ladder, ladder.stages, case.decisions), as_of)
    at = now.standing.position
    if case.closed:
        return _proposed(ladder, now, at, stays_closed(case.closed) if at >= 0 else "")
    entered = [(p, reasons) for p in range(at + 1, len(ladder.stages)) if (reasons := entry_reasons(ladder, p, now))]
    if entered:
        position, reasons = entered[-1]
        return _proposed(ladder, now, position, " ".join(reasons))
    if at < 0:
        return _proposed(ladder, now, -1, "")
    if now.latest is None:
        return _proposed(ladder, now, at, "Stays: no rated figure yet.")
    if now.reds:
        return _proposed(ladder, now, at, f"Stays: Red in {with_figures(now.reds)}{_trend(now)}.")
    rules = exit_rules(ladder.stages[at], now)
    still = entry_reasons(ladder, at, now)
    missing = [rule.words for rule in rules if not rule.holds]
    if missing or still:
        return _proposed(ladder, now, at, f"Stays: {_sentences([*dict.fromkeys(missing), *still])}")
    return _proposed(ladder, now, at - 1, " ".join(rule.words for rule in rules))


def _proposed(ladder: Escalation, now: Situation, position: int, reason: str) -> Proposal:
    leaving = ""
    if position >= 0:
        leaving = CLOSED_WAY_OUT if now.case.closed else way_out(ladder.stages[position])
    at = now.standing.position
    step = Step(
        position,
        reason,
        way_out=leaving,
        exit_test=exit_test(ladder, at, now) if at >= 0 and not now.case.closed else (),
        periods_at_stage=sum(now.standing.counts(figure.ends) for figure in now.rated),
        is_answered=_is_answered(ladder, position, now),
    )
    return proposal(ladder, ladder.stages, now.standing, step, now.as_of)


def _is_answered(ladder: Escalation, position: int, now: Situation) -> bool:
    """Whether the same was already proposed when the last decision was made, and the decision was for something else.

    It was if the latest figure was known by then, and if what was known then leads to `position` by itself. A figure
    that has come in or been restated since, or an action that has become overdue since, makes a proposal that nobody
    has seen.
    """
    stands = now.standing
    if position == stands.position or not stands.decides or now.latest is None or not now.was_known(now.latest):
        return False
    rated_then = [figure for figure in now.rated if now.was_known(figure)]
    then = replace(now, case=replace(now.case, history=rated_then), as_of=stands.judged_on(now.as_of))
    if position > stands.position:
        return bool(entry_reasons(ladder, position, then))
    return all(rule.holds for rule in exit_rules(ladder.stages[stands.position], then))


def _trend(now: Situation) -> str:
    return f"; the trend is {now.case.trend}" if now.case.trend in (IMPROVING, DETERIORATING) else ""


def _sentences(words: Sequence[str]) -> str:
    """Sentences after a colon: the first begins small, unless it begins with the name of a colour."""
    text = " ".join(words)
    return text[0].lower() + text[1:] if text.startswith(("No ", "Its ", "Variation ")) else text
