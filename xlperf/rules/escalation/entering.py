"""What takes a KPI into a stage. Each rule that holds gives a sentence that names the periods and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from xlperf.catalogue import Escalation
from xlperf.rules.escalation.case import CONCERN, FAILING, OFF_TARGET, RATED, Case, Rated
from xlperf.rules.escalation.phrases import TO_STAGE, day, lead, often, times, with_compared, with_figures
from xlperf.rules.escalation.standing import Standing
from xlperf.rules.movement import WORSE
from xlperf.rules.rag import Rag


@dataclass(frozen=True)
class Situation:
    """A case on a given day, with its stage by decision."""

    case: Case
    standing: Standing
    as_of: date

    @cached_property
    def rated(self) -> Sequence[Rated]:
        """The figures that are rated, in order of time.

        Periods with no figure, or with none due, neither lengthen a run nor break it: nobody leaves a stage by not
        returning.
        """
        return [figure for figure in self.case.history if figure.rag in RATED]

    @property
    def latest(self) -> Rated | None:
        """The latest rated figure."""
        return self.rated[-1] if self.rated else None

    def run(self, rags: frozenset[str]) -> Sequence[Rated]:
        """The latest figures, as far back as their RAG is one of these."""
        length = 0
        while length < len(self.rated) and self.rated[-1 - length].rag in rags:
            length += 1
        return self.rated[len(self.rated) - length :]

    def was_known(self, figure: Rated) -> bool:
        """Whether the person who made the last decision can have known a figure as it is now."""
        return self.standing.can_have_known(figure.ends) and figure.ends not in self.case.unseen

    @cached_property
    def reds(self) -> Sequence[Rated]:
        """The run of Reds at the end."""
        return self.run(frozenset({str(Rag.RED)}))

    @property
    def is_failing(self) -> bool:
        """Whether its process is expected to miss the target."""
        return self.case.assurance == FAILING

    @property
    def is_of_concern(self) -> bool:
        """Whether its variation is a special cause of concern."""
        return self.case.variation == CONCERN


def entry_reasons(ladder: Escalation, position: int, now: Situation) -> tuple[str, ...]:
    """Why the KPI should be in the stage at `position`: a sentence for each of its entry rules that holds."""
    return tuple(reasons_by_rule(ladder, position, now).values())


def reasons_by_rule(ladder: Escalation, position: int, now: Situation) -> Mapping[str, str]:
    """As `entry_reasons`, by the name of the rule in the catalogue."""
    rule, latest = ladder.stages[position].enter, now.latest
    if latest is None:
        return {}
    milder = ladder.stages[position - 1].name if position and now.standing.position == position - 1 else ""
    reasons = {
        "consecutive_red": _red_running(rule.consecutive_red, now),
        "red_with_concern": _red_with_concern(latest, now) if rule.red_with_concern else "",
        "consistently_failing": _consistently_failing(latest, now) if rule.consistently_failing else "",
        "deteriorating_for": _deteriorating(rule.deteriorating_for, milder, now) if milder else "",
        "action_overdue_days": _action_overdue(rule.action_overdue_days, latest, now),
        "action_moved": _action_moved(rule.action_moved, latest, now),
        "early_warning": _early_warning(latest, now) if rule.early_warning else "",
    }
    return {name: sentence for name, sentence in reasons.items() if sentence}


def _red_running(count: int | None, now: Situation) -> str:
    if count is None or len(now.reds) < count:
        return ""
    return f"Red in {with_figures(now.reds)}; {lead(count, TO_STAGE)}."


def _red_with_concern(latest: Rated, now: Situation) -> str:
    if latest.rag != Rag.RED or not now.is_of_concern:
        return ""
    return f"Red in {with_figures([latest])} while variation is of concern."


def _consistently_failing(latest: Rated, now: Situation) -> str:
    if latest.rag not in OFF_TARGET or not now.is_failing:
        return ""
    figure = f"{latest.rag} in {with_figures([latest])}"
    return f"Consistently failing: {figure}, and its process is expected to miss the target."


def _deteriorating(count: int | None, milder: str, now: Situation) -> str:
    """Words where each of the last `count` figures, all since the stage `milder` was decided, was worse; else "".

    A movement that is not known, as after a gap, is not worse.
    """
    if count is None or not now.reds:
        return ""
    last = [figure for figure in now.rated[-count:] if now.standing.counts(figure.ends) and figure.movement == WORSE]
    if len(last) < count:
        return ""
    since = f"since {milder} was decided" + (f" on {day(now.standing.since)}" if now.standing.since else "")
    return f"Worse in {with_compared(last)} {since}, and still Red; {lead(count, TO_STAGE)}."


def _action_overdue(days: int | None, latest: Rated, now: Situation) -> str:
    due = now.case.action_due
    if days is None or due is None or latest.rag not in OFF_TARGET:
        return ""
    late = (now.as_of - due).days
    if late <= days:
        return ""
    allowed = f"; more than {days} lead {TO_STAGE}" if days else ""
    return (
        f"{latest.rag} in {with_figures([latest])}, and its action, due on {day(due)}, is {times(late, 'day')} "
        f"overdue{allowed}."
    )


def _action_moved(count: int | None, latest: Rated, now: Situation) -> str:
    times_moved = sum(moved <= now.as_of for moved in now.case.action_moved)
    if count is None or latest.rag not in OFF_TARGET or times_moved < count:
        return ""
    return (
        f"{latest.rag} in {with_figures([latest])}, and its action was put off {often(times_moved)}; "
        f"{often(count)} leads {TO_STAGE}."
    )


def _early_warning(latest: Rated, now: Situation) -> str:
    if latest.rag not in OFF_TARGET or not now.case.early_warning:
        return ""
    return f"Early warning: {latest.rag}, and it {now.case.early_warning}."
