"""The SPC verdicts of a whole ledger are those of each series by itself."""

from __future__ import annotations

import random

import pandas as pd

from tests.rules.test_assess import CATALOGUE, figures, judged
from xlperf.rules import spc
from xlperf.rules.process import processes


def test_each_series_is_judged_as_if_it_were_alone() -> None:
    dice = random.Random(7)  # noqa: S311
    runs = {org: [dice.gauss(92, 2) for _ in range(count)] for org, count in (("A", 18), ("B", 25))}
    frame = judged(*(row for org, run in runs.items() for row in figures("K1", org, "2021-22-Q1", *run)))
    found = processes(CATALOGUE, frame)
    assert list(found) == [("K1", "A"), ("K1", "B")]
    for (_, org), process in found.items():
        rows = frame[frame["org"] == org]
        kpi = CATALOGUE.kpi_by_id["K1"]
        alone = spc.assess(
            [kpi.period(period).last_day for period in rows["period"]],
            list(rows["actual"]),
            direction="higher",
            target=list(rows["green_from"]),
        )
        assert (process.variation, process.assurance, process.words) == (alone.variation, alone.assurance, alone.words)


def test_a_period_without_a_figure_is_a_gap_and_not_joined_over() -> None:
    rising = [90.0, 95.0] * 7 + [90.1, 90.2, 90.3, 90.4, 90.5, 90.6, 90.7]
    with_gap = [None if step == len(rising) - 4 else value for step, value in enumerate(rising)]
    whole = processes(CATALOGUE, judged(*figures("K1", "A", "2021-22-Q1", *rising)))[("K1", "A")]
    gap = processes(CATALOGUE, judged(*figures("K1", "A", "2021-22-Q1", *with_gap)))[("K1", "A")]
    assert whole.variation == "special_cause_improvement"
    assert (gap.variation, gap.reason) == (None, "a gap in the last 7 periods hides whether there is a run")


def test_a_short_series_says_how_many_points_it_has() -> None:
    found = processes(CATALOGUE, judged(*figures("K1", "A", "2025-26-Q1", 90, 91, 92)))
    assert (found[("K1", "A")].variation, found[("K1", "A")].reason) == (None, "3 of 13 points")


def test_milestones_have_no_process() -> None:
    frame = judged(*figures("K2", "A", "2025-26-Q1", "On track", "Complete"))
    assert processes(CATALOGUE, frame) == {}
    assert processes(CATALOGUE, frame.iloc[:0]) == {}
    assert isinstance(frame, pd.DataFrame)
