"""What each period added to a figure to date, and whether figures can be compared with those before them.

A cumulative figure has the earlier periods of its year in it, and restarts: drawn as it is, it is a saw-tooth. So the
target is for the figure to date, and movement, trend and SPC are of each period alone. What a period added is a
difference of two figures to date; of a percentage, of its numerators over that of its denominators.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isnan
from typing import Any

import numpy as np
import pandas as pd

from xlperf.catalogue import AcrossOrgs, Catalogue, Direction, Kind, Kpi
from xlperf.digits import fifteen
from xlperf.rules.arrays import Floats
from xlperf.rules.movement import difference
from xlperf.rules.rag import actual_from_parts, rounded
from xlperf.rules.rollup import roll_up_orgs

PARTS = ("actual", "numerator", "denominator")
IN_PERIOD = tuple(f"in_period_{name}" for name in PARTS)
"""The columns of what each period added."""
_KEY = ["kpi_id", "org", "period"]

MILESTONE = "a milestone has no process limits"


def not_comparable(kpi: Kpi) -> str:
    """Why its figures make no run that trend and SPC can judge; "" where they do."""
    if kpi.kind is Kind.MILESTONE:
        return MILESTONE
    if kpi.overlaps:
        return f"each figure covers {kpi.over_months} months and shares months with the one before"
    if kpi.is_cumulative and not kpi.has_own_parts:
        return "figures to date are not comparable, and without parts the periods alone are not known"
    return ""


def way(kpi: Kpi) -> Direction:
    """Which way is better for what is compared with the period before: of a part of a range nobody knows."""
    return Direction.NEUTRAL if kpi.is_cumulative and kpi.direction is Direction.RANGE else kpi.direction


def compared_column(kpi: Kpi) -> str:
    """The column of `rules.assess.assess` whose figures can be compared with one another, period by period."""
    return IN_PERIOD[0] if kpi.has_own_parts else "actual"


def drawn_column(kpi: Kpi, rows: Iterable[Mapping[str, Any]]) -> str:
    """The column whose figures a chart of a series draws: as `compared_column`, but figures to date where those it has.

    What periods added is drawn if it is known for at least half of those that do not begin a year: a share of one sum
    for the year, whose denominator is the same in each period, has nothing else to draw.

    Args:
        kpi: its KPI.
        rows: of `rules.assess.assess`, of the series; `period`, `actual` and the figure in the period are read.
    """
    column = compared_column(kpi)
    if column == "actual" or kpi.restarts_in is None:
        return "actual"
    within = [
        not isnan(row[column])
        for row in rows
        if not isnan(row["actual"]) and not kpi.restarts_in.begins_with(kpi.period(row["period"]))
    ]
    return column if 2 * sum(within) >= len(within) else "actual"


def added_words(kpi: Kpi, added: float) -> str:
    """What a period added, as printed: `-300 in the period`; "" for NaN."""
    return "" if isnan(added) else f"{rounded(added, kpi.shown_decimals):,} in the period"


def periods_alone(catalogue: Catalogue, figures: pd.DataFrame) -> dict[str, Floats | float]:
    """What each period added to the figures to date, by the names of `IN_PERIOD`.

    Args:
        catalogue: says which KPIs are cumulative.
        figures: as `rules.order.in_order` gives them, with `numerator` and `denominator` where there are parts.

    Returns:
        A number a row, or NaN for all: NaN where the KPI is not cumulative, where it or the period before it in the
        year has no figure, and where there cannot be such a figure (a percentage beyond what is possible, less than
        nothing of what is counted), as then an earlier period was corrected in it. The first period of a year is its
        figure to date. A figure rolled up from orgs has the roll-up of what theirs added, if every org's is known; the
        worst of several has none.
    """
    kpis = [kpi for kpi in catalogue.kpis if kpi.has_own_parts]
    if not kpis:
        return dict.fromkeys(IN_PERIOD, np.nan)
    is_cumulative = figures["kpi_id"].isin([kpi.id for kpi in kpis]).to_numpy(dtype=bool)
    to_date = figures[is_cumulative]
    returned = _added(kpis, to_date[~to_date["rolled_up"].to_numpy(dtype=bool)])
    alone = pd.concat([returned, _rolled_up(catalogue, kpis, returned)], ignore_index=True)
    for kpi in kpis:
        its = (alone["kpi_id"] == kpi.id).to_numpy(dtype=bool)
        alone.loc[its, "actual"] = _possible(kpi, alone[its])
    alone = to_date[_KEY].merge(alone, on=_KEY, how="left")
    columns: dict[str, Floats | float] = {}
    for name, part in zip(IN_PERIOD, PARTS, strict=True):
        column = np.full(len(figures), np.nan)
        column[is_cumulative] = alone[part].to_numpy(dtype=np.float64)
        columns[name] = column
    return columns


def _added(kpis: Sequence[Kpi], returned: pd.DataFrame) -> pd.DataFrame:
    """What each returned figure added, in the columns of a figure; of parts, `actual` is theirs only where it is."""
    periods = pd.DataFrame(_periods(kpis, returned), columns=["kpi_id", "period", "number", "opens_year"])
    applies = ~returned["not_applicable"].to_numpy(dtype=bool)
    numbers = {
        name: np.where(applies, returned[name].to_numpy(dtype=np.float64), np.nan) if name in returned else np.nan
        for name in PARTS
    }
    rows = returned[[*_KEY, "not_applicable"]].assign(milestone="", by_parts=False, **numbers)
    rows = rows.merge(periods, on=["kpi_id", "period"], how="left")
    series = ["kpi_id", "org", "number"]
    before = rows[[*series, *PARTS]].assign(number=rows["number"] + 1)
    before = rows[series].merge(before, on=series, how="left")
    opens = rows["opens_year"].to_numpy(dtype=bool)
    rows["by_parts"] = rows["kpi_id"].isin([kpi.id for kpi in kpis if kpi.has_parts]) & ~opens
    for name in PARTS:
        to_date = rows[name].to_numpy(dtype=np.float64)
        rows[name] = np.where(opens, to_date, difference(to_date, before[name].to_numpy(dtype=np.float64)))
    return rows.drop(columns=["number", "opens_year"])


def _periods(kpis: Sequence[Kpi], figures: pd.DataFrame) -> list[tuple[str, str, int, bool]]:
    """Each period of each KPI: its number, and whether a year begins with it."""
    by_id = {kpi.id: kpi for kpi in kpis}
    rows = []
    for kpi_id, text in figures[["kpi_id", "period"]].drop_duplicates().itertuples(index=False):
        kpi = by_id[kpi_id]
        period = kpi.period(text)
        rows.append((kpi_id, text, period.number, kpi.restarts_in is not None and kpi.restarts_in.begins_with(period)))
    return rows


def _possible(kpi: Kpi, rows: pd.DataFrame) -> Floats:
    """The figures of periods alone, where there can be such figures; `by_parts` are worked out from their parts."""
    of_parts = [
        actual_from_parts(numerator, denominator, kpi.factor) if denominator > 0 else np.nan
        for numerator, denominator in rows[["numerator", "denominator"]].itertuples(index=False)
    ]
    by_parts = rows["by_parts"].to_numpy(dtype=bool)
    actual = np.where(by_parts, np.array(of_parts, dtype=np.float64), rows["actual"].to_numpy(dtype=np.float64))
    # The highest possible figure is one to date; what a period added is less, but for a percentage.
    low, high = kpi.possible_range
    lowest = 0.0 if low is not None and low >= 0 else -np.inf
    if kpi.has_parts:
        lowest, highest = -np.inf if low is None else fifteen(low), np.inf if high is None else fifteen(high)
        return np.where((actual < lowest) | (actual > highest), np.nan, actual)
    return np.where(actual < lowest, np.nan, actual)


def _rolled_up(catalogue: Catalogue, kpis: Sequence[Kpi], returned: pd.DataFrame) -> pd.DataFrame:
    """What orgs above those that return added: the roll-up of what each of these added, where all are known."""
    rolled_up = roll_up_orgs(catalogue, returned)
    by_id = {kpi.id: kpi for kpi in kpis}
    methods = rolled_up["kpi_id"].map(lambda kpi_id: by_id[kpi_id].roll_up.orgs)
    has_all = (rolled_up["reported"] == rolled_up["expected"]) & (methods != AcrossOrgs.WORST)
    rolled_up.loc[~has_all, list(PARTS)] = np.nan
    return rolled_up[[*_KEY, *PARTS]].assign(by_parts=methods == AcrossOrgs.PARTS)
