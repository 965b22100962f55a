"""What the demo's owners forecast tells a story that people see."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlperf.catalogue import load_catalogue
from xlperf.period import Period
from xlperf.rules.forecast import judge_forecast
from xlperf.rules.rag import limits, rate_one
from xlperf.workflow.cycle.demo import PLAYED, STORY_BEGINS, STORY_ENDS
from xlperf.workflow.cycle.sample import sample
from xlperf.workflow.cycle.sample_forecasts import actual_of, sample_forecast
from xlperf.workflow.workspace.folder import FRAMEWORKS

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_something_green_is_newly_forecast_to_miss_in_each_demo(framework: str) -> None:
    shipped = ROOT / "catalogues" / f"{framework}.yaml"
    catalogue = load_catalogue(shipped if shipped.exists() else ROOT / "kpi_catalogue.yaml")
    played = sorted(each for each in catalogue.entry_by_period if each.last_day <= STORY_ENDS)[-PLAYED:]
    start = Period.containing(STORY_BEGINS, catalogue.calendar.frequency)
    turning = []
    for kpi in catalogue.kpis:
        ending = [each for reporting in played for each in reporting.ending_within(kpi.frequency)[-1:]]
        for org in catalogue.orgs_of(kpi) if len(ending) == PLAYED else ():
            before, now = (sample_forecast(kpi, org, period, start) for period in ending)
            if before is None or now is None:
                continue
            figure = actual_of(kpi, sample(kpi, org, ending[-1], start))
            colour = rate_one(figure, limits(kpi.target_for(ending[-1]), kpi.direction))
            colours = [judge_forecast(kpi, *given).rag for given in zip(ending, (before, now), strict=True)]
            turning += [(kpi.id, org.code)] if (colour, *colours) == ("Green", "Green", "Red") else []
    assert turning
