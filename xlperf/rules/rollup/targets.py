"""What a rolled-up figure is judged by."""

from __future__ import annotations

from xlperf.catalogue import AcrossOrgs, Kpi, Target
from xlperf.catalogue.targets import in_force
from xlperf.period import Period


def target_of(kpi: Kpi, org_is_rolled_up: bool, period: Period) -> Target | None:
    """The target in force in a period of the KPI, for an org that reports it or for one that is rolled up.

    A figure summed over orgs has only the targets that `roll_up` gives it: the KPI's own are for one org. Percentages,
    means and the worst of several are judged by the same targets as each of them.
    """
    if org_is_rolled_up and kpi.roll_up.orgs is AcrossOrgs.SUM:
        return in_force(kpi.roll_up.targets, kpi.frequency, period)
    return kpi.target_for(period)
