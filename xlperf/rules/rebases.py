"""Declared rebases: where the figures of a series begin a run of their own."""

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
    """Whether each row begins a run of its own: the first of its series from a rebase on.

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
