"""What decides the place of each KPI and section among what is to act on, and what is said in another's row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlperf.assessment.escalation import Ladder
from xlperf.assessment.latest import Latest
from xlperf.catalogue import AcrossOrgs
from xlperf.rules.consequence import Consequence, listed_once
from xlperf.rules.escalation import RATED
from xlperf.rules.escalation.case import CONCERN, FAILING, OFF_TARGET
from xlperf.rules.keys import SeriesKey
from xlperf.rules.shortfall import ON_TARGET, shortfall
from xlperf.rules.trend import IMPROVING, OF_VARIATION

ORG_REF = "Org"
"""Stands for a KPI where an org itself is listed."""
BY_PROCESS = "expected to miss the target (SPC)"
BY_PROCESS_STILL = "improving, but if it stops improving expected to miss the target (SPC)"


def expected_to_miss(latest: Latest) -> tuple[str, ...]:
    """What says that the target will be missed, in words; () where nothing does."""
    verdicts = latest.verdicts
    by_process = []
    if verdicts is not None and verdicts.assurance == FAILING:
        is_improving = OF_VARIATION.get(verdicts.variation or "") == IMPROVING
        by_process.append(BY_PROCESS_STILL if is_improving else BY_PROCESS)
    by_forecast = [latest.forecast.reason] if latest.forecast and latest.forecast.misses else []
    return (*by_process, *by_forecast)


def consequence(latest: Latest, ladder: Ladder, fall: str) -> Consequence:
    """What the place of a KPI and org is decided by, from its last figure off target where it has none now."""
    run, verdicts, actions = latest.off_target, latest.verdicts, ladder.actions
    is_rated = latest.rag in RATED
    colour = str(latest.rag) if is_rated or run is None else f"no figure now; last {run.last['rag']}"
    return Consequence(
        gravity=ladder.gravity(latest.series),
        shortfall=shortfall(latest.kpi, run.last) if run else ON_TARGET,
        is_of_concern=verdicts is not None and verdicts.variation == CONCERN,
        expected_to_miss=expected_to_miss(latest),
        forecast_shortfall=latest.forecast.expected_shortfall if latest.forecast else 0.0,
        days_overdue=actions.days_overdue(latest.series),
        times_moved=actions.times_moved(latest.series),
        run=run,
        colour=colour,
        stage=ladder.sentence(latest.series),
        missed=latest.missed,
        warning=fall if latest.is_current else "",
    )


def listed_with(latest: Sequence[Latest], ladder: Ladder) -> Mapping[SeriesKey, SeriesKey]:
    """The roll-ups that need no row of their own, each with the member in whose row it is said (see `listed_once`)."""
    by_series = {each.series: each for each in latest}
    members = {
        each.series: tuple(key for org in each.members if _is_of(each, by_series.get(key := (each.kpi.id, org))))
        for each in latest
        if each.members
    }
    # Both by a whole figure of this period: what it was Red by before may have been another member.
    off_target = {each.series for each in latest if each.rag in OFF_TARGET and not each.lacks_orgs}
    return listed_once(members, off_target, {each.series for each in latest if ladder.words(each.series)})


def _is_of(rolled_up: Latest, member: Latest | None) -> bool:
    """Whether a member makes a roll-up what it is: each does, but of the worst of several only the worst."""
    if member is None:
        return False
    if rolled_up.kpi.roll_up.orgs is not AcrossOrgs.WORST or rolled_up.row is None or member.row is None:
        return True
    return all(rolled_up.row[name] == member.row[name] for name in ("period", "shown"))
