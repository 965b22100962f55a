"""Who takes over from an org that closes, or that reports a KPI no longer, and whether the two series are one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from xlperf.catalogue.kpi import Kpi
from xlperf.catalogue.model import Catalogue
from xlperf.catalogue.organisation import OpenDays, Series
from xlperf.period import Period


@dataclass(frozen=True, slots=True)
class Succession:
    """One org reports a KPI, or is rolled up for it, until a day; another does from then on."""

    before: str
    after: str
    last: date
    """The last day of the org before."""
    is_joined: bool

    def first_period(self, kpi: Kpi) -> Period:
        """The first period that is due from the org that takes over."""
        return Period.containing(self.last + timedelta(days=1), kpi.frequency)


def successions(catalogue: Catalogue, kpi: Kpi) -> Iterator[Succession]:
    """Every succession of a KPI's orgs, in the order of the catalogue.

    What the KPI says of one of its orgs goes before what the org says, and that holds only if the org reports the KPI
    to its own end.
    """
    days, listed = catalogue.open_days[kpi.id], {each.org: each for each in kpi.orgs}
    for org in catalogue.orgs:
        own, in_kpi = org.open_days, listed.get(org.code)
        after, series, last = org.succeeded_by, org.series, own.last
        if in_kpi is not None and (in_kpi.succeeded_by or in_kpi.series):
            after, series = in_kpi.succeeded_by or after, in_kpi.series or series
            last = days.get(org.code, OpenDays()).last
        elif org.code in days and days[org.code].last != last:
            continue
        if after in catalogue.org_by_code and after != org.code and last is not None and last < date.max:
            yield Succession(org.code, str(after), last, series is Series.JOINED)


def opens(catalogue: Catalogue, kpi: Kpi, org: str) -> date | None:
    """The first day on which an org reports a KPI, or on which one that is rolled up is open; None for always."""
    days = catalogue.open_days[kpi.id].get(org)
    return (days or catalogue.org_by_code[org].open_days).first
