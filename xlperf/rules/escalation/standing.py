"""The stage of a KPI or a section by decision. A decision holds until it is changed, whatever the figures do."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date
from itertools import takewhile

from xlperf.catalogue import AnyStage, Escalation
from xlperf.rules.escalation.case import Decided, ExitCondition, Proposal
from xlperf.rules.escalation.phrases import day


@dataclass(frozen=True, slots=True)
class Standing:
    """The stage in force.

    Args:
        position: where it stands on the ladder, the mildest stage 0; -1 for no stage, for no decision, and for a name
            that the ladder does not have.
        name: as the ladder spells it, as typed where the ladder does not have it, "" for no decision yet.
        since: the first day it was decided, in the unbroken run of decisions for it; None where no day is known.
        last: the day of the last of these decisions.
        recorded: the day on which the last decision came into the ledger; None where that is not known.
        is_unknown: whether a stage was decided that the ladder does not have.
    """

    position: int = -1
    name: str = ""
    since: date | None = None
    last: date | None = None
    recorded: date | None = None
    is_unknown: bool = False

    def counts(self, ends: date | None) -> bool:
        """Whether a period that ended on that day counts towards the time at this stage."""
        return self.since is None or ends is None or ends > self.since

    def is_news(self, ends: date | None) -> bool:
        """Whether a period ended after the last decision. A decision without a day is taken to have known none."""
        return self.last is None or ends is None or ends > self.last

    def can_have_known(self, ends: date | None) -> bool:
        """Whether the last decision was made after a period had ended, so that its figure may have been known.

        For a decision without a day this cannot be said; then only what the ledger had by then (`Unseen`) decides.
        """
        return self.last is None or ends is None or ends < self.last

    @property
    def decides(self) -> bool:
        """Whether there is a decision, for a stage of the ladder or for none."""
        return bool(self.name) and not self.is_unknown

    def judged_on(self, as_of: date) -> date:
        """The day on which the last decision was made, but no later than `as_of` or than it was recorded."""
        return min(day for day in (self.last, self.recorded, as_of) if day is not None)


def standing(ladder: Escalation, stages: Sequence[AnyStage], decisions: Sequence[Decided]) -> Standing:
    """The stage that the decisions, oldest first, leave a KPI or a section in.

    `stages` are those for KPIs, or those for sections.
    """
    name = _folded(decisions[-1]) if decisions else ""
    if not name:
        return Standing()
    run = list(takewhile(lambda one: _folded(one) == name, reversed(decisions)))
    days = [one.on for one in run if one.on is not None]
    position_by_name = {ladder.no_stage.casefold(): (-1, ladder.no_stage)}
    position_by_name |= {stage.name.casefold(): (position, stage.name) for position, stage in enumerate(stages)}
    position, spelled = position_by_name.get(name, (-1, run[0].stage.strip()))
    first, last = (min(days), days[0]) if days else (None, None)
    return Standing(position, spelled, first, last, run[0].recorded, is_unknown=name not in position_by_name)


def _folded(decided: Decided) -> str:
    return decided.stage.strip().casefold()


@dataclass(frozen=True, slots=True)
class Step:
    """The stage that the rules lead to, and why.

    Args:
        position: where the stage stands on the ladder, -1 for none.
        reason: in words.
        way_out: what it takes to leave that stage again; "" for none.
        periods_at_stage: how many periods have ended at the stage in force.
        is_answered: whether the last decision has answered this already.
        exit_test: of the stage in force; see `Proposal.exit_test`.
    """

    position: int
    reason: str
    way_out: str
    periods_at_stage: int
    is_answered: bool
    exit_test: tuple[ExitCondition, ...] = ()


def proposal(ladder: Escalation, stages: Sequence[AnyStage], now: Standing, step: Step, as_of: date) -> Proposal:
    """The proposal of a step, as it is put to those who decide.

    Those who decide on a stage also decide on leaving it, and those who are told of a stage are told when it is left.
    So both are taken from the graver of the two stages.
    """
    in_force = stages[now.position] if now.position >= 0 else None
    position, reason = step.position, step.reason
    gravest = max(position, now.position)
    asked = stages[gravest] if gravest >= 0 else None
    review = next_review(ladder, in_force, now.last)
    if step.is_answered:
        reason += overruled(now)
    if now.is_unknown:
        reason = f"'{now.name}' is no stage here and counts as {ladder.no_stage}. {reason}".strip()
    return Proposal(
        stage=stages[position].name if position >= 0 else ladder.no_stage,
        reason=reason,
        way_out=step.way_out,
        since=now.since,
        periods_at_stage=step.periods_at_stage if now.since is not None else 0,
        next_review=review,
        review_overdue=review is not None and review < as_of,
        decided_by=(asked.decided_by or ladder.decided_by) if asked else "",
        tell=told_of(ladder, asked),
        support=stages[position].support if position >= 0 else (),
        in_force=now.name,
        is_answered=step.is_answered,
        exit_test=step.exit_test,
    )


def overruled(now: Standing) -> str:
    """What is added to a proposal that was already there when a person decided otherwise."""
    return f" Decided otherwise on {day(now.last)}: {now.name}." if now.last else ""


def told_of(ladder: Escalation, stage: AnyStage | None) -> tuple[str, ...]:
    """Who is told that a stage was decided, or is left."""
    return (stage.told or ladder.told) if stage else ()


def next_review(ladder: Escalation, stage: AnyStage | None, last: date | None) -> date | None:
    """When a stage that was decided last on a day is to be reviewed; None without a stage, a day or a rhythm."""
    months = (stage.review_months or ladder.review_months) if stage else None
    return months_later(last, months) if months and last else None


def months_later(start: date, months: int) -> date | None:
    """So many calendar months later, on the last day of a month that is too short; None beyond the year 9999."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > MAXYEAR:
        return None
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
