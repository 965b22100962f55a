"""Where the figures of a series begin a run of their own: at a rebase, and where their definition has changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from xlperf.catalogue import Kpi
from xlperf.period import Frequency, Period
from xlperf.rules.arrays import Bools, Ints


def first_from(day: date, frequency: Frequency) -> Period:
    """The period that a rebase on `day` opens: the first that begins on or after it.

    The period that the day falls into is partly of the old process, and stays with it.
    """
    period = Period.containing(day, frequency)
    return period if period.first_day == day else period.next()


def opens_run(kpis: Sequence[Kpi], kpi: Ints, frame: pd.DataFrame) -> Bools:
    """Whether each row is the first of its series from a rebase on.

    Args:
        kpis: of the catalogue.
        kpi: of each row, where its KPI stands among them.
        frame: series after series in order of time; `org` and `period_number` are read.
    """
    number, orgs = frame["period_number"].to_numpy(), frame["org"]
    opens = np.zeros(len(frame), dtype=bool)
    for place, each in enumerate(kpis):
        for rebase in each.rebases:
            its = kpi == place
            rows = np.flatnonzero(its & orgs.isin(rebase.orgs).to_numpy() if rebase.orgs else its)
            first = first_from(rebase.on, each.frequency).number
            opens[rows[(number[rows] >= first) & (number[rows - 1] < first)]] = True
    return opens


def redefined(kpis: Sequence[Kpi], kpi: Ints, frame: pd.DataFrame) -> Bools:
    """Whether each row is counted otherwise than those before it, so that they cannot be compared.

    It is where its owner says so (`changed`), unless the catalogue says that the figures are `comparable`. Arguments as
    those of `opens_run`.
    """
    changed = frame["changed"].to_numpy(dtype=bool).copy()
    for row in np.flatnonzero(changed).tolist():
        each = kpis[kpi[row]]
        changed[row] = not is_comparable(each, str(frame["org"].iat[row]), each.period(str(frame["period"].iat[row])))
    return changed


def is_comparable(kpi: Kpi, org: str, period: Period) -> bool:
    """Whether a person says that a change of definition declared for a period leaves the figures comparable."""
    return any(kpi.period(each.from_) == period and (not each.orgs or org in each.orgs) for each in kpi.comparable)


def is_rebased(kpi: Kpi, org: str, period: Period) -> bool:
    """Whether the catalogue has a rebase that opens a run with a period."""
    return any(
        first_from(each.on, kpi.frequency) == period and (not each.orgs or org in each.orgs) for each in kpi.rebases
    )
