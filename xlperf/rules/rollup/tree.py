"""Which reporting orgs an org of the tree is made of."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping
from datetime import date
from functools import cached_property

from xlperf.catalogue import AcrossOrgs, Catalogue, Direction, Kind, Kpi, OpenDays, OverTime
from xlperf.catalogue.org_parts import orgs_above, parts_by_whole, same_as_above
from xlperf.period import Period


def fits(kpi: Kpi, method: AcrossOrgs | OverTime) -> bool:
    """Whether a method can be used on a KPI at all; where it cannot (a mean of milestones), nothing is rolled up."""
    if method in ("worst", "last") and kpi.kind is Kind.MILESTONE:
        return True
    if kpi.kind is Kind.MILESTONE or method == "none":
        return False
    if method == "parts":
        return kpi.has_parts
    return not (method == "worst" and kpi.direction is Direction.NEUTRAL)


def members(catalogue: Catalogue, kpi: Kpi, period: Period | None = None) -> Mapping[str, tuple[str, ...]]:
    """The reporting orgs that each rolled-up org of a KPI is made of.

    Rolled up are the orgs that do not report the KPI themselves but stand above some that do. An org that reports hides
    those below it: its own figure has theirs in it, and nothing is counted twice. Of orgs above one another that
    have always been made of the same, only the highest is rolled up: the others would be the same figure again, printed
    and escalated beside it, and the highest is the one that a board answers for.

    Args:
        catalogue: whose tree it is.
        kpi: one of its KPIs.
        period: whose members, which are the orgs that are open on its last day; None for all that there have ever been.

    Returns:
        Codes of reporting orgs by code of the org they make up, both in catalogue order; {} where the KPI is not
        rolled up, or not in a way that its kind of figure allows.
    """
    trees = Trees(catalogue, kpi)
    return trees.ever if period is None else trees.of(period)


class Trees:
    """The members of a KPI's rolled-up orgs, period by period, as orgs open and close."""

    def __init__(self, catalogue: Catalogue, kpi: Kpi) -> None:
        """`kpi` is one of the catalogue's."""
        self._catalogue, self._kpi = catalogue, kpi
        self._days = catalogue.open_days[kpi.id]
        ends = {end for days in self._days.values() for end in (days.first, days.day_after) if end is not None}
        self._changes = sorted(ends)
        """The days from which other orgs are open than on the day before."""
        self._open: dict[int, frozenset[str]] = {}
        self._made_of: dict[tuple[frozenset[str], int], Mapping[str, tuple[str, ...]]] = {}

    @property
    def is_dated(self) -> bool:
        """Whether any of the KPI's orgs opens or closes."""
        return bool(self._changes)

    def open_in(self, period: Period) -> frozenset[str]:
        """The orgs that report the KPI and are open on the last day of a period."""
        return self._open_at(self._time_of(period.last_day))

    def expects(self, org: str, period: Period) -> bool:
        """Whether an org should have a figure for a period: its own, or one of members that are open."""
        return org in self.open_in(period) or org in self.of(period)

    def days_of(self, org: str) -> OpenDays:
        """From when until when figures of an org are due: its own, or members'; without an end where there are none."""
        days = [self._days[code] for code in (org, *self.ever.get(org, ())) if code in self._days]
        firsts, lasts = ([getattr(each, end) for each in days] for end in ("first", "last"))
        first = None if None in firsts else min(firsts, default=None)
        since = 0 if org in self._days else self._own_since.get(org, 0)
        if 0 < since <= len(self._changes):
            first = max(first or date.min, self._changes[since - 1])
        return OpenDays(first, None if None in lasts else max(lasts, default=None))

    def reporting(self, period: Period, given: Collection[str]) -> frozenset[str]:
        """The orgs whose figures make up those above: the open ones, and those closed that gave a figure all the same.

        A closed one is left out where an open one stands above or below it, as that one's figure has its own in it.
        """
        reporting = self.open_in(period)
        extra = [code for code in given if code in self._days and code not in reporting]
        if not extra:
            return reporting
        above_open = {above for code in reporting for above in orgs_above(self._catalogue, code)}
        also = {
            code
            for code in extra
            if code not in above_open and not reporting.intersection(orgs_above(self._catalogue, code))
        }
        return reporting | also

    def of(self, period: Period, reporting: frozenset[str] | None = None) -> Mapping[str, tuple[str, ...]]:
        """The members of each org that is rolled up for a period: of those that are open, or of those `reporting`."""
        time = self._time_of(period.last_day)
        return self._rolled_up(self._open_at(time) if reporting is None else reporting, time)

    def _rolled_up(self, reporting: frozenset[str], time: int) -> Mapping[str, tuple[str, ...]]:
        if (reporting, time) not in self._made_of:
            members = self._members(reporting)
            own = {org: codes for org, codes in members.items() if self._own_since.get(org, 0) <= time}
            self._made_of[reporting, time] = own
        return self._made_of[reporting, time]

    @cached_property
    def ever(self) -> Mapping[str, tuple[str, ...]]:
        """The members that each org has had at any time, in catalogue order."""
        times = [self._rolled_up(self._open_at(time), time) for time in self._times]
        if len(times) == 1:
            return times[0]
        codes = [org.code for org in self._catalogue.orgs]
        had = {above: {code for made_of in times for code in made_of.get(above, ())} for above in codes}
        return {above: tuple(code for code in codes if code in had[above]) for above in codes if had[above]}

    @cached_property
    def _own_since(self) -> Mapping[str, int]:
        """From which time on an org is not made of the same as one above it, whose figure its own would be again.

        Until then it is not rolled up, whatever is known of later days: they must not change what was shown. From then
        on it always is, since a series that stops while orgs come and go would look as if nobody had returned.
        """
        since: dict[str, int] = {}
        for time in reversed(self._times):
            members = self._members(self._open_at(time))
            same = same_as_above(self._catalogue, members)
            for org in members:
                if org not in same:
                    since[org] = time
                else:
                    since.setdefault(org, len(self._times))
        return since

    @property
    def _times(self) -> range:
        """The numbers of the times in which the same orgs are open, each ended by one of the changes."""
        return range(len(self._changes) + 1)

    def _time_of(self, day: date) -> int:
        return bisect_right(self._changes, day)

    def _open_at(self, time: int) -> frozenset[str]:
        if time not in self._open:
            day = self._changes[time - 1] if time else date.min
            self._open[time] = frozenset(code for code, days in self._days.items() if days.holds(day))
        return self._open[time]

    def _members(self, reporting: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
        if not fits(self._kpi, self._kpi.roll_up.orgs):
            return {}
        return parts_by_whole(self._catalogue, reporting)
