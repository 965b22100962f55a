"""What escalation is judged from, and the proposal that comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from xlperf.rules.keys import SeriesKey
from xlperf.rules.ratings import OFF_TARGET as OFF_TARGET
from xlperf.rules.ratings import ON_TARGET as ON_TARGET
from xlperf.rules.ratings import RATED as RATED

NO_STAGE = "None"
"""What a ladder calls 'not in escalation' unless it says otherwise (`Escalation.no_stage`)."""

CONCERN, FAILING = "special_cause_concern", "consistent_fail"
"""The SPC verdicts a ladder can ask about, as `rules.spc` names them."""


@dataclass(frozen=True, slots=True)
class Rated:
    """One figure of a series: its period as printed, RAG, figure as printed, the period's last day, and movement.

    `added` is what the period added to a cumulative figure, in words, as `movement` is of that; "" of other figures.
    """

    period: str
    rag: str
    shown: str
    ends: date | None = None
    movement: str = ""
    added: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision, with the stage as it was typed; "" where it was cleared, which is not a decision.

    `recorded` is the day it came into the ledger. Whoever decided knew of nothing later, whatever date they typed.
    """

    stage: str
    by: str = ""
    on: date | None = None
    recorded: date | None = None


@dataclass(frozen=True, slots=True)
class Unseen:
    """What came into the ledger only with the last decision about a KPI or section, or after it.

    Args:
        figures: by kpi_id and the last day of the period; those that have been restated since are among them.
        decisions: the KPIs about which something was decided meanwhile; of a section only.
    """

    figures: frozenset[tuple[str, date]] = frozenset()
    decisions: frozenset[str] = frozenset()


NOTHING_UNSEEN = Unseen()


@dataclass(frozen=True, slots=True)
class Case:
    """All that is known of one KPI in one org.

    Args:
        history: its figures in order of time. Those that are not rated are left out of every count.
        decisions: oldest first.
        variation: SPC verdict on the latest figure, None where there is none.
        assurance: SPC verdict on the target, None where there is none.
        trend: the final trend word, for the words only.
        action_due: the earliest date of the open actions about it, None where there is none.
        unseen: the last days of those periods whose figure the last decision cannot have known, because the ledger did
            not have it before. Figures of periods that had not ended are not known to it either.
        closed: when the org closed, in words; "" while it is open. Nothing is proposed for one that is closed.
        early_warning: the fall that its latest figure is, in words (see `rules.early_warning`); "" where it is none.
        action_moved: the days on which the open action about it that was put off most often was put off.
    """

    history: Sequence[Rated]
    decisions: Sequence[Decided] = ()
    variation: str | None = None
    assurance: str | None = None
    trend: str = ""
    action_due: date | None = None
    unseen: frozenset[date] = frozenset()
    closed: str = ""
    early_warning: str = ""
    action_moved: Sequence[date] = ()


@dataclass(frozen=True, slots=True)
class SectionState:
    """A section of an org as it stood when a reporting period ended.

    Args:
        period: as printed.
        ends: its last day.
        red: ids of the KPIs whose latest figure was Red.
        rated: how many of its KPIs had a figure that was rated.
        escalated: the stage by decision of each KPI in escalation, by kpi_id.
    """

    period: str
    ends: date
    red: tuple[str, ...]
    rated: int
    escalated: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SectionCase:
    """All that is known of one section in one org; states and decisions oldest first.

    `then` is the last state without what the last decision cannot have known; None where that is nothing. `closed` is
    as in `Case`.
    """

    states: Sequence[SectionState]
    decisions: Sequence[Decided] = ()
    then: SectionState | None = None
    closed: str = ""


@dataclass(frozen=True, slots=True)
class ExitCondition:
    """One of the conditions under which a stage is left: all of them have to hold.

    Args:
        asks: what it asks, as `way_out` says it: `Green or Amber in 2 periods running`.
        met: how many of the periods that it asks for there are; of one that asks for none, 1 where it holds, else 0.
        needed: how many periods it asks for; 1 where it asks for none.
        words: how that is now, in a sentence; "" where there is nothing to add.
        counts_periods: whether `met` and `needed` are periods.
    """

    asks: str
    met: int
    needed: int
    words: str = ""
    counts_periods: bool = False

    @property
    def holds(self) -> bool:
        """Whether it holds."""
        return self.met >= self.needed


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed stage, which is the one in force where nothing should change.

    Args:
        stage: as the ladder spells it; its `no_stage` for none.
        reason: in words, naming the periods and figures; "" where there is nothing to say.
        way_out: what would take it out of `stage`.
        since: the day the stage in force was first decided, without a break; None where it was not, or no day is known.
        periods_at_stage: rated periods that ended since then.
        next_review: of the stage in force; None where there is no stage, no day, or no rhythm.
        review_overdue: whether that day has passed.
        decided_by: who decides on `stage`; to leave a stage, who decides on the one left.
        tell: who must be told; of leaving a stage, those of the one left.
        support: what `stage` offers.
        in_force: the stage by decision, as the ladder spells it, or as typed where the ladder does not have it; "" for
            no decision yet.
        exit_test: the conditions under which the stage in force is left, as they stand; () where there is no stage, and
            where the org has closed, so that only a decision takes it out.
        is_answered: whether the last decision was made with this very proposal there, of the same figures, and was for
            another stage. Of a proposal that the decision agrees with, or that came after it, False.
    """

    stage: str
    reason: str
    way_out: str = ""
    since: date | None = None
    periods_at_stage: int = 0
    next_review: date | None = None
    review_overdue: bool = False
    decided_by: str = ""
    tell: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    in_force: str = ""
    is_answered: bool = False
    exit_test: tuple[ExitCondition, ...] = ()


@dataclass(frozen=True, slots=True)
class EscalationInputs:
    """What the ladder is asked with, beside the figures.

    Args:
        as_of: the day it is judged on.
        decisions: oldest first, of KPIs by (kpi_id, org) and of sections by (section, org).
        action_due: by (kpi_id, org) the earliest date of the open actions about it.
        unseen: by (kpi_id, org) or (section, org) what the last decision cannot have known, where that is anything.
        closed: by (kpi_id, org) or (section, org) when the org closed, in words; only of those that have.
        falls: by (kpi_id, org) what is warned of early, in words (see `rules.early_warning`).
        action_moved: by (kpi_id, org) the days on which the open action that was put off most often was put off.
    """

    as_of: date
    decisions: Mapping[SeriesKey, Sequence[Decided]] = field(default_factory=dict)
    action_due: Mapping[SeriesKey, date] = field(default_factory=dict)
    unseen: Mapping[SeriesKey, Unseen] = field(default_factory=dict)
    closed: Mapping[SeriesKey, str] = field(default_factory=dict)
    falls: Mapping[SeriesKey, str] = field(default_factory=dict)
    action_moved: Mapping[SeriesKey, Sequence[date]] = field(default_factory=dict)


def stays_closed(closed: str) -> str:
    """Why what was decided of an org that has closed stays in force."""
    return f"Stays until a person takes it out: {closed}."


CLOSED_WAY_OUT = "a decision, as no figure is due any more"
