"""What an owner is to explain again in the next return, whatever was said of it before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlperf.assessment.assessment import Assessment
from xlperf.assessment.consequences import BY_PROCESS
from xlperf.assessment.latest import Latest
from xlperf.returns.commentary_asked import Watched
from xlperf.rules.escalation.case import CONCERN, FAILING
from xlperf.rules.keys import SeriesKey

OF_CONCERN = "special-cause concern (SPC)"
BY_FORECAST = "its owner expects to miss the target at the year end"


def to_explain(assessment: Assessment) -> Mapping[SeriesKey, Watched]:
    """The KPIs and orgs in special-cause concern, expected to miss their target, or in a stage by decision, with why.

    With them what such a rolled-up figure is made of, and the KPIs of a section that is in a stage. What is only
    proposed is not among them: it is not told to owners.
    """
    by_series = {latest.series: "; ".join(_reasons(assessment, latest)) for latest in assessment.latest}
    watched = {series: Watched(why) for series, why in by_series.items() if why}
    for latest in assessment.latest:
        stage = assessment.ladder.staged.get((latest.kpi.section, latest.org.code), "")
        section = f"'{assessment.section_of(latest.kpi).name}' is in {stage}" if stage else ""
        if section:
            watched.setdefault(latest.series, Watched(section, is_by_itself=False))
        rolled_up = by_series[latest.series]
        why = "; ".join(filter(None, (rolled_up and f"{latest.org.name}: {rolled_up}", section)))
        for member in assessment.members_now(latest.kpi).get(latest.org.code, ()) if why else ():
            watched.setdefault((latest.kpi.id, member), Watched(why, is_by_itself=False))
    return watched


def _reasons(assessment: Assessment, latest: Latest) -> Iterator[str]:
    """Why it is to be explained, in words; none where nothing is of concern."""
    stage = assessment.ladder.staged.get(latest.series, "")
    if stage:
        yield f"in {stage}"
    verdicts = latest.verdicts
    if verdicts is not None and verdicts.variation == CONCERN:
        yield OF_CONCERN
    if verdicts is not None and verdicts.assurance == FAILING:
        yield BY_PROCESS
    if latest.forecast is not None and latest.forecast.misses:
        yield BY_FORECAST
