"""Which target a figure is judged by; apart from roll-up, so that whoever words a target loads no arrays."""

from __future__ import annotations

from itertools import pairwise

from xlperf.catalogue import AcrossOrgs, Kpi, Target
from xlperf.catalogue.targets import in_force, start_of
from xlperf.period import Period


def target_of(kpi: Kpi, org_is_rolled_up: bool, period: Period) -> Target | None:
    """The target in force in a period of the KPI, for an org that reports it or for one that is rolled up.

    A figure summed over orgs has only the targets that `roll_up` gives it: the KPI's own are for one org. Percentages,
    means and the worst of several are judged by the same targets as each of them.
    """
    return in_force(_targets(kpi, org_is_rolled_up), kpi.frequency, period)


def _targets(kpi: Kpi, org_is_rolled_up: bool) -> tuple[Target, ...]:
    is_sum = org_is_rolled_up and kpi.roll_up.orgs is AcrossOrgs.SUM
    return kpi.roll_up.targets if is_sum else kpi.targets


def is_phased(kpi: Kpi, org_is_rolled_up: bool) -> bool:
    """Whether its targets are of the phases of a year, as 60 by the half of each year and 98 by its end.

    So they are if the KPI is cumulative or seasonal and two of them begin within a year; of any other, if twice one is
    as it was a year before and was not in between: one that is taken back once is no phase.
    """
    starts = [start_of(each.from_, kpi.frequency) for each in _targets(kpi, org_is_rolled_up)]
    begins = [Period.containing(start.first_day, kpi.frequency) for start in starts]
    if kpi.is_cumulative or kpi.seasonal:
        return any(later.same_last_year() < earlier for earlier, later in pairwise(begins))

    def of(period: Period) -> tuple[object, ...]:
        target = target_of(kpi, org_is_rolled_up, period)
        return () if target is None else (target.target, target.low, target.high, target.due)

    return sum(of(each.previous()) != of(each) == of(each.same_last_year()) for each in begins) > 1
