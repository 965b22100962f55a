"""Recovery paths as they stand in the reporting period: for every sheet and page, and for the next return."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from xlperf.assessment.figures import number_of
from xlperf.assessment.latest import Latest
from xlperf.catalogue import Kpi
from xlperf.period import Period
from xlperf.rules.keys import SeriesKey
from xlperf.rules.rag import Rag
from xlperf.rules.recovery import ASKED_PERIODS, Promise, Recovery, RecoveryStanding, can_have_path, judge_recovery
from xlperf.rules.recovery_path import NO_PATH, RecoveryPath

if TYPE_CHECKING:
    from xlperf.assessment.assessment import Assessment


@dataclass(frozen=True, slots=True)
class RecoveryNow:
    """The recovery path of a KPI and org, and how its last figure stands against it.

    Attributes:
        path: every version of it.
        judged: see `Recovery`.
        first_back: the first period for which the first version promised a figure that meets its target; None if none.
        by_period: as `judged`, each promise by itself.
    """

    path: RecoveryPath
    judged: Recovery
    first_back: Period | None
    by_period: Mapping[Period, Recovery]

    @property
    def next_promise(self) -> Promise | None:
        """The first promise that has not come due; None where there is none."""
        ahead = [each for each, alone in self.by_period.items() if alone.standing is RecoveryStanding.NOT_YET]
        return Promise(min(ahead), self.path.promised[min(ahead)]) if ahead else None


def recovery_now(assessment: Assessment) -> Mapping[SeriesKey, RecoveryNow]:
    """The paths of the KPIs and orgs that are still reported, and can have one."""
    paths = assessment.state.recovery_paths
    return {
        latest.series: _judged(assessment, latest, paths[latest.series])
        for latest in assessment.latest
        if latest.series in paths and paths[latest.series].promised and can_have_path(latest.kpi)
    }


def _judged(assessment: Assessment, latest: Latest, path: RecoveryPath) -> RecoveryNow:
    kpi, rows = latest.kpi, assessment.series.get(latest.series, ())
    came = {kpi.period(row["period"]): number for row in rows if (number := number_of(row["actual"])) is not None}
    due = _due(assessment, kpi, came)
    now, first = (
        judge_recovery(kpi, [Promise(*each) for each in figures.items()], came, due, is_rolled_up=bool(latest.members))
        for figures in (path.promised, path.versions[0].figures)
    )
    by_period = {
        period: judge_recovery(kpi, [Promise(period, figure)], came, due, is_rolled_up=bool(latest.members))
        for period, figure in path.promised.items()
    }
    return RecoveryNow(path, now, first.back_on_target, by_period)


def _due(assessment: Assessment, kpi: Kpi, came: Collection[Period]) -> Period:
    """The last KPI period of which a figure has come, or should have: before the deadline nobody waits for one."""
    reporting = assessment.period
    if assessment.is_late:
        return Period.containing(reporting.last_day + timedelta(days=1), kpi.frequency).previous()
    return max((Period.containing(reporting.first_day, kpi.frequency).previous(), *came))


def asked_for(assessment: Assessment) -> Iterator[tuple[Latest, tuple[Period, ...]]]:
    """The KPIs and orgs of which a recovery path is asked, each with the periods for which figures are.

    It is asked while a KPI is in a stage that was decided, once its last figure is Red, and until it leaves the stage.
    """
    for latest in assessment.latest:
        if assessment.ladder.in_force(latest.series) and can_have_path(latest.kpi):
            path = assessment.state.recovery_paths.get(latest.series, NO_PATH)
            is_red = latest.off_target is not None and latest.off_target.last["rag"] == Rag.RED
            if (is_red or path.promised) and (periods := _next_periods(assessment, latest)):
                yield latest, periods


def _next_periods(assessment: Assessment, latest: Latest) -> tuple[Period, ...]:
    """The next periods for which a figure will be due, and which have not ended: what is past is no promise."""
    kpi, trees = latest.kpi, assessment.trees[latest.kpi.id]
    after = max(assessment.period.last_day + timedelta(days=1), assessment.produced.date())
    first = Period.containing(after, kpi.frequency)
    periods = (first.next(count) for count in range(ASKED_PERIODS[kpi.frequency]))
    return tuple(each for each in periods if kpi.is_reported_in(each) and trees.expects(latest.org.code, each))
