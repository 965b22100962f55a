"""Where the figures of a series begin a run of their own: at a rebase, and where their definition has changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from xlperf.catalogue import Kpi
from xlperf.period import Frequency, Period
from xlperf.rules.arrays import Bools, Ints
from xlperf.rules.joined import TOGETHER


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
    number, orgs = frame["period_number"].to_numpy(), _given_by(frame)
    opens = np.zeros(len(frame), dtype=bool)
    for place, each in enumerate(kpis):
        for rebase in each.rebases:
            its = kpi == place
            rows = np.flatnonzero(its & _are_of(orgs, rebase.orgs) if rebase.orgs else its)
            first = first_from(rebase.on, each.frequency).number
            opens[rows[(number[rows] >= first) & (number[rows - 1] < first)]] = True
    return opens


def redefined(kpis: Sequence[Kpi], kpi: Ints, frame: pd.DataFrame) -> Bools:
    """Whether each row is counted otherwise than those before it, so that they cannot be compared.

    It is where its owner says so (`changed`), unless the catalogue says that the figures are `comparable`; and where
    those before are another org's (see `joined`). Arguments as those of `opens_run`.
    """
    changed = frame["changed"].to_numpy(dtype=bool).copy()
    for row in np.flatnonzero(changed).tolist():
        each, orgs = kpis[kpi[row]], str(frame["given_by"].iat[row] or frame["org"].iat[row]).split(TOGETHER)
        period = each.period(str(frame["period"].iat[row]))
        changed[row] = not all(is_comparable(each, org, period) for org in orgs)
    return np.asarray(changed | frame["joined_anew"].to_numpy(dtype=bool), dtype=bool)


def _given_by(frame: pd.DataFrame) -> pd.Series:
    """Whose figure each row is; of several orgs that have merged, their codes with + between."""
    return frame["org"].where(frame["given_by"] == "", frame["given_by"])


def _are_of(orgs: pd.Series, wanted: Sequence[str]) -> Bools:
    """Which of these are among some orgs, or have one of them in it."""
    among = {each for each in orgs.unique() if set(str(each).split(TOGETHER)).intersection(wanted)}
    return orgs.isin(among).to_numpy(dtype=bool)


def is_comparable(kpi: Kpi, org: str, period: Period) -> bool:
    """Whether a person says that a change of definition declared for a period leaves the figures comparable."""
    return any(kpi.period(each.from_) == period and (not each.orgs or org in each.orgs) for each in kpi.comparable)


def is_rebased(kpi: Kpi, org: str, period: Period) -> bool:
    """Whether the catalogue has a rebase that opens a run with a period."""
    return any(
        first_from(each.on, kpi.frequency) == period and (not each.orgs or org in each.orgs) for each in kpi.rebases
    )
