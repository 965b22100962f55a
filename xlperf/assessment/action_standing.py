"""The register of actions as it stands on the day of the assessment: what is late, put off, or not spoken of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from xlperf.rules.actions import Action, ActionStatus
from xlperf.rules.actions.event import words_of
from xlperf.rules.actions.register import silent_for
from xlperf.rules.keys import SeriesKey
from xlperf.rules.wording import often, times

if TYPE_CHECKING:  # whoever counts what is late needs neither
    from xlperf.catalogue import Catalogue
    from xlperf.ledger import State
    from xlperf.period import Period

OFTEN_MOVED, LONG_SILENT = 2, 2
"""From how many times put off, and from how many reporting periods without a word, an action is named for it."""


@dataclass(frozen=True)
class ActionStanding:
    """One action as it stands.

    Attributes:
        action: what was promised.
        days_overdue: how many days past its date it is; 0 if it is not open, or not late.
        silent_for: how many reporting periods no progress was reported; 0 if it is not open.
    """

    action: Action
    days_overdue: int
    silent_for: int

    @property
    def is_overdue(self) -> bool:
        """Whether its date has passed and it is still to be done."""
        return self.days_overdue > 0

    @property
    def is_slipping(self) -> bool:
        """Whether it is still to be done, and was put off often enough to be named for it."""
        return self.action.is_open and self.action.times_moved >= OFTEN_MOVED

    @property
    def is_silent(self) -> bool:
        """Whether it is still to be done, and no progress was reported for long enough to be named for it."""
        return self.silent_for >= LONG_SILENT

    @property
    def needs_a_word(self) -> bool:
        """Whether a meeting should ask about it."""
        return self.is_overdue or self.is_slipping or self.is_silent

    def reasons(self) -> Iterator[str]:
        """`12 days overdue`, `put off 3 times, by 92 days in all`, `no progress reported for 2 periods`."""
        if self.is_overdue:
            yield f"{times(self.days_overdue, 'day')} overdue"
        if moved := self.action.times_moved:
            by = f", by {times(self.action.days_slipped, 'day')} in all" if self.action.days_slipped else ""
            yield f"put off {often(moved)}{by}"
        if self.is_silent:
            yield f"no progress reported for {times(self.silent_for, 'period')}"


@dataclass(frozen=True, slots=True)
class ActionCounts:
    """How many actions there are; each that was opened is in exactly one of the first four.

    Attributes:
        open: still to be done.
        done: done.
        dropped: dropped.
        replaced: replaced by others.
        overdue: of the open, those whose date has passed.
        slipping: of the open, those put off twice or more.
        silent: of the open, those of which no progress was reported for two periods or more.
    """

    open: int
    done: int
    dropped: int
    replaced: int
    overdue: int
    slipping: int
    silent: int

    @property
    def opened(self) -> int:
        """Every action there has been."""
        return self.open + self.done + self.dropped + self.replaced


@dataclass(frozen=True)
class Actions:
    """Every action of the register.

    Attributes:
        register: every action, in the order in which they were opened.
        today: the day on which it is judged what is late.
        ends: by the key of each reporting period up to the one that is reported on, in order, its last day.
    """

    register: Sequence[Action]
    today: date
    ends: Mapping[str, date]

    @cached_property
    def standing(self) -> tuple[ActionStanding, ...]:
        """Every action, in the order in which they were opened."""
        return tuple(
            ActionStanding(action, action.days_overdue(self.today), silent_for(action, self.ends) * action.is_open)
            for action in self.register
        )

    @cached_property
    def by_subject(self) -> Mapping[SeriesKey, tuple[ActionStanding, ...]]:
        """The actions about each subject."""
        listed: dict[SeriesKey, list[ActionStanding]] = {}
        for each in self.standing:
            listed.setdefault(each.action.about, []).append(each)
        return {about: tuple(actions) for about, actions in listed.items()}

    @cached_property
    def open(self) -> tuple[ActionStanding, ...]:
        """Those still to be done, the longest overdue first; see `open_about`."""
        return _open_by_date(self.standing)

    @cached_property
    def counts(self) -> ActionCounts:
        """How many there are of each."""
        return count(self.standing)

    @cached_property
    def overdue(self) -> tuple[ActionStanding, ...]:
        """Those whose date has passed, the longest overdue first."""
        return tuple(each for each in self.open if each.is_overdue)

    def closed_after(self, day: date | None) -> tuple[ActionStanding, ...]:
        """Those that were done, dropped or replaced after a day, in the order of closing; none where it is None."""
        closed = [each for each in self.standing if each.action.closed and day and each.action.closed > day]
        return tuple(sorted(closed, key=lambda each: each.action.closed or date.min))

    def is_in_hand(self, about: SeriesKey) -> bool:
        """Whether an action about a subject is to be done by a day that has not passed."""
        return any(each.action.due and not each.is_overdue for each in self.open_about(about))

    def known(self, about: SeriesKey, what: str) -> ActionStanding | None:
        """The action of these words about a subject; None where there is none."""
        key = (*about, words_of(what))
        return next((each for each in self.by_subject.get(about, ()) if key in each.action.words), None)

    def open_about(self, about: SeriesKey) -> tuple[ActionStanding, ...]:
        """Those still to be done about a subject: the longest overdue first, then by date; those without one last."""
        return _open_by_date(self.by_subject.get(about, ()))

    @cached_property
    def due(self) -> Mapping[SeriesKey, date]:
        """The earliest date among the open actions about each subject that has one."""
        first = ((about, still[0].action.due) for about in self.by_subject if (still := self.open_about(about)))
        return {about: due for about, due in first if due is not None}

    @cached_property
    def moved(self) -> Mapping[SeriesKey, tuple[date, ...]]:
        """The days on which the open action that was put off most often was put off, by subject; without those never.

        A move of which no day is known counts as of the first day there is.
        """
        stills = ((about, self.open_about(about)) for about in self.by_subject)
        most = {about: max((each.action for each in still), key=_times_moved) for about, still in stills if still}
        return {
            about: tuple(move.on or date.min for move in action.put_off)
            for about, action in most.items()
            if action.put_off
        }

    def days_overdue(self, about: SeriesKey) -> int:
        """How many days the action about a subject that is the most overdue is past its date; 0 where none is late."""
        return max((each.days_overdue for each in self.by_subject.get(about, ())), default=0)

    def times_moved(self, about: SeriesKey) -> int:
        """How many times the open action about a subject that was put off most often was put off."""
        return max((each.action.times_moved for each in self.open_about(about)), default=0)


def _times_moved(action: Action) -> int:
    return action.times_moved


def _open_by_date(actions: Iterable[ActionStanding]) -> tuple[ActionStanding, ...]:
    still = (each for each in actions if each.action.is_open)
    return tuple(sorted(still, key=lambda each: each.action.due or date.max))


def count(actions: Sequence[ActionStanding]) -> ActionCounts:
    """How many of some actions there are of each."""
    number = Counter(each.action.status for each in actions)
    return ActionCounts(
        open=number[ActionStatus.OPEN],
        done=number[ActionStatus.DONE],
        dropped=number[ActionStatus.DROPPED],
        replaced=number[ActionStatus.REPLACED],
        overdue=sum(each.is_overdue for each in actions),
        slipping=sum(each.is_slipping for each in actions),
        silent=sum(each.is_silent for each in actions),
    )


def by_owner(catalogue: Catalogue, actions: Iterable[ActionStanding]) -> Mapping[str, tuple[ActionStanding, ...]]:
    """Those of some actions that a responsible owner answers for, by the owner's id, in their order.

    For one about a KPI and org which somebody returns, that is whoever returns it; for one about a section, a figure
    that is rolled up, or any other subject, who is named in it as its owner, by name or e-mail address.
    """
    listed: dict[str, list[ActionStanding]] = {}
    for each in actions:
        owner = _answers_for(catalogue, each.action)
        if owner is not None:
            listed.setdefault(owner, []).append(each)
    return {owner_id: tuple(mine) for owner_id, mine in listed.items()}


def _answers_for(catalogue: Catalogue, action: Action) -> str | None:
    kpi, org = catalogue.kpi_by_id.get(action.about[0]), catalogue.org_by_code.get(action.about[1])
    if kpi is not None and org is not None and org.code in catalogue.open_days[kpi.id]:
        return catalogue.owner_of(kpi, org).id
    named = " ".join(action.owner.casefold().split())
    return next(
        (
            each.id
            for each in catalogue.responsible_owners
            if named in (each.name.casefold(), each.id.casefold()) or (each.email and each.email.casefold() in named)
        ),
        None,
    )


def actions_in(catalogue: Catalogue, state: State, reporting: Period, today: date) -> Actions:
    """What was promised according to a ledger, as it stands on a day, with what is counted up to a reporting period."""
    ends = {str(period): period.last_day for period in sorted(catalogue.entry_by_period) if period <= reporting}
    return Actions(state.actions, today, ends)
