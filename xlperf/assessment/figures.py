"""The ledger's figures up to a reporting period, and the figures they roll up to, as a data frame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import compress
from math import isfinite, nan
from typing import Any

import pandas as pd

from xlperf.catalogue import Catalogue, Kpi
from xlperf.errors import UsageError
from xlperf.ledger import CurrentFigures, State
from xlperf.period import Period
from xlperf.returns.figure import FigureKey
from xlperf.returns.figure_columns import column_of
from xlperf.rules.rollup import members, roll_up_orgs

JudgedFigure = Mapping[str, Any]
"""A row of the data frame of judged figures, by column; see `rules.assess.assess`."""

_FIGURE = ("actual", "numerator", "denominator")
_COLUMNS = ["kpi_id", "org", "period", *_FIGURE, "milestone", "not_applicable", "changed"]


def is_shown(catalogue: Catalogue, reporting: Period, key: FigureKey) -> bool:
    """Whether the catalogue has the figure's KPI, and its period has ended by the end of `reporting`."""
    kpi = catalogue.kpi_by_id.get(key[0])
    if kpi is None or not is_period_of(kpi, key[2]):
        return False
    return kpi.period(key[2]).last_day <= reporting.last_day


def figures_up_to(catalogue: Catalogue, state: State, reporting: Period) -> pd.DataFrame:
    """Every figure that is shown, and the figures they roll up to (see `rules.rollup`)."""
    returned = _frame(_columns(state.figures, catalogue, reporting))
    rolled_up = roll_up_orgs(catalogue, returned)
    rolled_up = rolled_up.assign(changed=_has_changed(catalogue, returned, rolled_up))
    returned = _as_returned(returned)
    return pd.concat([returned, rolled_up], ignore_index=True) if len(rolled_up) else returned


def given_before(catalogue: Catalogue, state: State, reporting: Period) -> pd.DataFrame:
    """The figures that are said not to apply now, as they were last given before that; without roll-ups."""
    figures = [
        current.given_before
        for key, current in state.figures.several()
        if current.given_before is not None and is_shown(catalogue, reporting, key)
    ]
    return _as_returned(_frame({name: column_of(figures, name) for name in _COLUMNS}))


def _columns(figures: CurrentFigures, catalogue: Catalogue, reporting: Period) -> Mapping[str, list[Any]]:
    """The columns of the figures that are shown, as they are now."""
    columns = {name: figures.column(name) for name in _COLUMNS}
    of_kpi = list(zip(columns["kpi_id"], columns["period"], strict=True))
    shown = {each: is_shown(catalogue, reporting, (each[0], "", each[1])) for each in set(of_kpi)}
    if all(shown.values()):
        return columns
    are_shown = [shown[each] for each in of_kpi]
    return {name: list(compress(column, are_shown)) for name, column in columns.items()}


def _frame(columns: Mapping[str, list[Any]]) -> pd.DataFrame:
    types = {**dict.fromkeys(_FIGURE, "float64"), "not_applicable": "bool", "changed": "bool"}
    numbers = {name: [nan if value is None else value for value in columns[name]] for name in _FIGURE}
    rows: Mapping[str, list[Any]] | None = {**columns, **numbers} if columns["kpi_id"] else None
    return pd.DataFrame(rows, columns=_COLUMNS).astype(types)  # without rows, pandas would take texts for numbers


def _as_returned(figures: pd.DataFrame) -> pd.DataFrame:
    return figures.assign(rolled_up=False, reported=1, expected=1, partial=False)


def _has_changed(catalogue: Catalogue, returned: pd.DataFrame, rolled_up: pd.DataFrame) -> list[bool]:
    """Whether each rolled-up figure has a member whose definition has changed."""
    changes = returned.loc[returned["changed"], ["kpi_id", "org", "period"]]
    made_of = {kpi_id: members(catalogue, catalogue.kpi_by_id[kpi_id]) for kpi_id in changes["kpi_id"].unique()}
    above = {
        (kpi_id, org, period)
        for kpi_id, member, period in changes.itertuples(index=False, name=None)
        for org, codes in made_of[kpi_id].items()
        if member in codes
    }
    keys = rolled_up[["kpi_id", "org", "period"]].itertuples(index=False, name=None)
    return [key in above for key in keys] if above else [False] * len(rolled_up)


def without_kpi(catalogue: Catalogue, state: State) -> Mapping[str, int]:
    """By KPI id, the number of figures of KPIs that the catalogue dropped, renamed or gave another frequency."""
    kpis = catalogue.kpi_by_id
    given = Counter((kpi_id, period) for kpi_id, _, period in state.figures)
    lost: Counter[str] = Counter()
    for (kpi_id, period), count in given.items():
        if kpi_id not in kpis or not is_period_of(kpis[kpi_id], period):
            lost[kpi_id] += count
    return dict(lost)


def is_period_of(kpi: Kpi, period: str) -> bool:
    """Whether the key of a period is one of the KPI's own frequency."""
    try:
        kpi.period(period)
    except UsageError:
        return False
    return True


def date_of(iso: str) -> date | None:
    """The date of an ISO text; None for ""."""
    return date.fromisoformat(iso) if iso else None


def number_of(value: float) -> float | None:
    """A number of a judged figure for a cell; None for NaN and for infinity, which stands for no limit."""
    return float(value) if isfinite(value) else None
