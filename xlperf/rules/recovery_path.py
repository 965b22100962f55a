"""The recovery path of a KPI: the figures promised for its next periods, from the first version to the present one.

It is what the events add up to, as the register of actions is: nothing that was promised disappears, and a promise is
fixed once its period has ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from xlperf.digits import written
from xlperf.period import Period
from xlperf.rules.iso_day import day_of
from xlperf.rules.keys import SeriesKey

FIGURE, REASON = "figure", "reason"
CELLS = (FIGURE, REASON)
"""The ids of what is recorded about a promise: the figure, and why it was changed or where it was agreed."""


@dataclass(frozen=True, slots=True)
class PromiseEvent:
    """What was recorded about the figure promised for one period, at one time.

    Args:
        series: the KPI and org.
        period: the KPI period that it is promised for.
        at: when it came into the ledger, as the ISO text of a time.
        named: where it was read, in words: `return of Q2 26-27`, `master.xlsx (Kim)`.
        figure: in the KPI's unit; None where only the reason was changed.
        reason: why, or where it was agreed; "" where nothing is said.
        over: of what was typed, the figure that its cell showed before, as text; None of a return.
        batch: what is given together is one version: a return, or what was typed on one day.
        is_replaced: whether a later return of the same owner and period came first, so that it can change nothing.
        given_on: the day on which a return was sent, which may be earlier than `at`; None for what was typed.
    """

    series: SeriesKey
    period: Period
    at: str
    named: str
    figure: float | None
    reason: str = ""
    over: str | None = None
    batch: tuple[str, ...] = ()
    is_replaced: bool = False
    given_on: date | None = None

    @property
    def day(self) -> date | None:
        """The day on which it was given; None where that is not known."""
        return self.given_on or day_of(self.at[:10])

    @property
    def is_too_late(self) -> bool:
        """Whether the period had ended by then: a figure is promised before it can be known."""
        return self.day is not None and self.day > self.period.last_day


@dataclass(frozen=True, slots=True)
class Version:
    """The path as it was given at one time: the figure of every period, and where and on which day that was read."""

    batch: tuple[str, ...]
    named: str
    on: date | None
    figures: Mapping[Period, float]


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A figure that does not count, where it was read, and whether that is because its period had ended.

    Else whoever typed it had not seen what had been recorded since.
    """

    period: Period
    figure: float
    named: str
    is_too_late: bool


@dataclass(frozen=True, slots=True)
class RecoveryPath:
    """A recovery path as it stands.

    Attributes:
        versions: every version that was given, in order; () where nothing counts.
        reasons: what was last said of each period's figure.
        not_taken: what was typed or returned and does not count, in order.
    """

    versions: tuple[Version, ...] = ()
    reasons: Mapping[Period, str] = field(default_factory=dict)
    not_taken: tuple[NotTaken, ...] = ()

    @property
    def promised(self) -> Mapping[Period, float]:
        """The figure promised for each period, as it stands."""
        return self.versions[-1].figures if self.versions else {}

    @property
    def first_given(self) -> date | None:
        """The day of the first version; None where there is none, or no day is known."""
        return self.versions[0].on if self.versions else None

    @property
    def first_promised(self) -> Mapping[Period, float]:
        """The figure that was first promised for each period; it never changes."""
        first: dict[Period, float] = {}
        for version in self.versions:
            for period, figure in version.figures.items():
                first.setdefault(period, figure)
        return first

    @property
    def times_changed(self) -> int:
        """How many times a figure that had been promised was changed. A period that was added is no change."""
        return sum(
            any(later.figures[period] != figure for period, figure in earlier.figures.items())
            for earlier, later in zip(self.versions, self.versions[1:], strict=False)
        )

    def cells(self, period: Period) -> Mapping[str, str]:
        """What the cells of a period show, as texts by the ids in `CELLS`."""
        figure = self.promised.get(period)
        return {FIGURE: "" if figure is None else written(figure), REASON: self.reasons.get(period, "")}


NO_PATH = RecoveryPath()


def recovery_paths(events: Iterable[PromiseEvent]) -> Mapping[SeriesKey, RecoveryPath]:
    """The path of each KPI and org that some events add up to; they are in the order in which they count."""
    paths: dict[SeriesKey, RecoveryPath] = {}
    for event in events:
        paths[event.series] = _after(paths.get(event.series, NO_PATH), event)
    return paths


def _after(path: RecoveryPath, event: PromiseEvent) -> RecoveryPath:
    """The path after an event."""
    now = path.promised.get(event.period)
    is_known = event.figure is None or event.figure == now
    if event.is_replaced and now is not None:
        return path
    if not is_known and event.figure is not None:
        is_unseen = event.over is not None and event.over != path.cells(event.period)[FIGURE]
        if event.is_too_late or is_unseen:
            refused = NotTaken(event.period, event.figure, event.named, event.is_too_late)
            return replace(path, not_taken=(*_others(path, event), refused))
        path = _with(path, event, event.figure)
    return replace(path, reasons={**path.reasons, event.period: event.reason}) if event.reason else path


def _with(path: RecoveryPath, event: PromiseEvent, figure: float) -> RecoveryPath:
    """The path with a figure: in a new version, or in that of which it is a part."""
    earlier, last = path.versions[:-1], path.versions[-1] if path.versions else None
    if last is None or last.batch != event.batch:
        earlier, last = path.versions, Version(event.batch, event.named, event.day, path.promised)
    last = replace(last, figures={**last.figures, event.period: figure})
    return replace(path, versions=(*earlier, last), not_taken=_others(path, event))


def _others(path: RecoveryPath, event: PromiseEvent) -> tuple[NotTaken, ...]:
    return tuple(each for each in path.not_taken if each.period != event.period)
