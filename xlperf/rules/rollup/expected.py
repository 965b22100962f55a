"""Which periods of a span an org should have a figure for: those in which it was open."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xlperf.catalogue import Catalogue, Kpi
from xlperf.period import Period
from xlperf.rules.rollup.combine import has_figure
from xlperf.rules.rollup.tree import Trees

_SERIES = ["kpi_id", "org", "rolled_up", "span"]


def in_open_periods(catalogue: Catalogue, terms: pd.DataFrame) -> pd.DataFrame:
    """The terms of each span, where `periods` and `is_last` are of the periods in which the org was open.

    A figure that was given for a period in which it was closed counts like any other; what else was said of such a
    period, as that the KPI did not apply, does not.

    Args:
        catalogue: says when orgs are open.
        terms: of `roll_up_time`, a row a (kpi_id, org, rolled_up, span, period): with `first_period`, `last_period` and
            `periods`, which are of the whole span, and what `combine.has_figure` reads.
    """
    trees = {kpi.id: each for kpi in catalogue.kpis if (each := Trees(catalogue, kpi)).is_dated}
    always = {
        (kpi_id, org)
        for kpi_id in trees
        for org, days in catalogue.open_days[kpi_id].items()
        if days.is_always and org not in trees[kpi_id].ever
    }
    series = zip(terms["kpi_id"].tolist(), terms["org"].tolist(), strict=True)
    dated = np.array([kpi_id in trees and (kpi_id, org) not in always for kpi_id, org in series], dtype=bool)
    if not dated.any():
        return terms
    is_given = has_figure(terms).to_numpy(dtype=bool)
    stays = np.ones(len(terms), dtype=bool)
    periods, is_last = (terms[name].to_numpy().copy() for name in ("periods", "is_last"))
    numbers, begins, ends = (terms[name].to_numpy() for name in ("number", "first_period", "last_period"))
    places = pd.Series(np.arange(len(terms)))[dated]
    for key, rows in places.groupby([terms[name][dated].to_numpy() for name in _SERIES], sort=False):
        kpi_id, org = map(str, key[:2])
        kpi, at = catalogue.kpi_by_id[kpi_id], rows.to_numpy()
        span = _numbers(kpi, begins[at[0]], ends[at[0]])
        is_open = {each for each in span if trees[kpi_id].expects(org, Period(kpi.frequency, each))}
        counted = is_open | set(numbers[at[is_given[at]]].tolist())
        stays[at] = [number in counted for number in numbers[at].tolist()]
        periods[at] = len(counted)
        is_last[at] = numbers[at] == max(counted, default=-1)
    return terms.assign(periods=periods, is_last=is_last)[stays].reset_index(drop=True)


def _numbers(kpi: Kpi, first: str, last: str) -> range:
    return range(kpi.period(first).number, kpi.period(last).number + 1)
