"""The order of what is to act on: by consequence, the gravest first; and the sentence that gives the reasons."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from xlperf.rules.escalation.phrases import often, times
from xlperf.rules.keys import SeriesKey
from xlperf.rules.runs import RunOfFigures
from xlperf.rules.shortfall import MISSED_DATE, ON_TARGET, Shortfall

Order = tuple[float, ...]
GroupKey = TypeVar("GroupKey", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Consequence:
    """What the place of a KPI or a section among the exceptions is decided by, in this order.

    Args:
        gravity: the place on the ladder of its stage in force, or of one for decision, the graver of the two; 0 for
            none.
        shortfall: how far off target its last rated figure is.
        is_of_concern: whether its process is really deteriorating: a special cause of concern (SPC), not some moves.
        expected_to_miss: what says that the target will be missed: SPC, or its owner's forecast.
        forecast_shortfall: how far off target its owner's forecast for the year end is, in tolerances; 0 if it is not.
        days_overdue: how many days an action about it is past its date, at most.
        times_moved: how many times an open action about it was put off, at most.
        run: of figures off target, up to now; None where it is on target.
        colour: its RAG now, or the last that it had, in words.
        stage: the stage in force and what is proposed, in words.
        missed: that the date of a milestone has passed, in words.
        warning: what is warned of early, in words (see `rules.early_warning`); as grave as a special cause of concern.
    """

    gravity: int = 0
    shortfall: Shortfall = ON_TARGET
    is_of_concern: bool = False
    expected_to_miss: tuple[str, ...] = ()
    forecast_shortfall: float = 0.0
    days_overdue: int = 0
    times_moved: int = 0
    run: RunOfFigures | None = None
    colour: str = ""
    stage: str = ""
    missed: str = ""
    warning: str = ""

    @property
    def order(self) -> Order:
        """Sorts the gravest first."""
        descending = (
            self.gravity,
            max(self.shortfall.tolerances, MISSED_DATE if self.missed else 0),
            self.is_of_concern or bool(self.warning),
            bool(self.expected_to_miss),
            self.forecast_shortfall,
            self.days_overdue,
            self.times_moved,
            self.run.figures if self.run else 0,
        )
        return tuple(-float(value) for value in descending)

    @property
    def reason(self) -> str:
        """`Red, 3.2 points below target, 1.6 times its tolerance; special cause concern; off target for 4 periods`."""
        text = "; ".join(self._reasons())
        return text[:1].upper() + text[1:]

    def _reasons(self) -> Iterator[str]:
        """In the order in which they decide the place."""
        yield from filter(None, (self.stage, ", ".join(filter(None, (self.colour, self.missed, self.shortfall.words)))))
        if self.warning:
            yield f"early warning: {self.warning}"
        if self.is_of_concern:
            yield "special cause concern"
        yield from self.expected_to_miss
        if self.days_overdue > 0:
            yield f"action {times(self.days_overdue, 'day')} overdue"
        if self.times_moved > 1:
            yield f"action put off {often(self.times_moved)}"
        if self.run is not None:
            yield f"off target for {self.run.words}"


def listed_once(
    members: Mapping[SeriesKey, Sequence[SeriesKey]], off_target: Collection[SeriesKey], own: Collection[SeriesKey]
) -> dict[SeriesKey, SeriesKey]:
    """The roll-ups that are off target by one member alone, each with that member, in whose row it is said.

    Args:
        members: by roll-up what it is made of. Of one that takes the worst, the worst alone, as its figure is that.
        off_target: what is off target.
        own: what has a reason of its own to be listed, such as a stage.
    """
    by_one = {}
    for rolled_up, made_of in members.items():
        causes = [member for member in made_of if member in off_target]
        if rolled_up in off_target and rolled_up not in own and len(causes) == 1:
            by_one[rolled_up] = causes[0]
    return by_one


def by_gravest(groups: Mapping[GroupKey, Sequence[Order]]) -> list[GroupKey]:
    """The groups in order, each placed by its gravest member, as what is told together is read at one place.

    Args:
        groups: by what each is known by, the `Consequence.order` of its members, at least one.
    """
    return sorted(groups, key=lambda key: min(groups[key]))
