"""Early warning: a collapse is told from the first figure, long before a run of Reds or 13 points of SPC can tell.

A fall is warned of where a figure is worse than every figure before it, by more than all those differ from one another.
Of a steady process whose figures vary normally, 1 in 130 looks like that by chance after 6 figures, 1 in 400 after 8.
Both rules are our choice; the catalogue says whether they hold, and from how many figures on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from xlperf.catalogue import Catalogue, Direction, Kind, Kpi
from xlperf.catalogue.reporting import EarlyWarning
from xlperf.rules.arrays import Bools, Floats
from xlperf.rules.cumulative import way
from xlperf.rules.escalation.phrases import some
from xlperf.rules.keys import SeriesKey
from xlperf.rules.movement import badness, difference
from xlperf.rules.rag import rounded

FEWEST_COMPARED = 3
"""Orgs that a KPI is compared between before being last on it says anything: of two, one is always last."""
_TRIFLE = 0.05
"""Without a tolerance, a change of no more than this share of the figures before is a trifle."""
_WENT = {Direction.HIGHER: "fell to", Direction.LOWER: "rose to", Direction.RANGE: "went to"}


def falls(catalogue: Catalogue, assessed: pd.DataFrame) -> dict[SeriesKey, str]:
    """By (kpi_id, org) what is warned of in words: `fell to 81.0 in Q1 26-27, after 97.0 to 100.0 in 8 figures`.

    Args:
        catalogue: whose rules apply; {} where it warns of no falls.
        assessed: the frame of `assess`. The last figure of each series is looked at, as `_fallen` says.
    """
    fallen = _fallen(catalogue, assessed)
    warned = {}
    on_last: Any = fallen[fallen["is_last"]]
    for at, before in zip(on_last.index.tolist(), on_last.itertuples(), strict=True):
        row = assessed.iloc[at]
        warned[row["kpi_id"], row["org"]] = _words(catalogue.kpi_by_id[row["kpi_id"]], row, before)
    return warned


def last_falls(catalogue: Catalogue, assessed: pd.DataFrame) -> dict[SeriesKey, int]:
    """By (kpi_id, org) the number of the period of the last figure that was warned of when it was the latest."""
    rows = assessed.iloc[_fallen(catalogue, assessed).index]
    keys = zip(rows["kpi_id"], rows["org"], strict=True)
    return dict(zip(keys, rows["period_number"].tolist(), strict=True))


def _fallen(catalogue: Catalogue, assessed: pd.DataFrame) -> pd.DataFrame:
    """The figures that are falls, by their position in the frame: `low`, `high` and `figures` (how many) before them.

    A figure is compared with those since its run began (see `rules.rebases`). A fall of no more than the tolerance, or
    than the KPI's material change, is none: equal figures before it make no trifle a fall. A figure to date is compared
    by what the period added. Left out are milestones, what has no better direction, and a roll-up that lacks an org.
    """
    fewest = catalogue.rules.early_warning.fall_after
    if fewest is None or assessed.empty:
        return pd.DataFrame({"low": [], "high": [], "figures": [], "is_last": pd.Series([], dtype=bool)})
    is_first = _differs(assessed["kpi_id"]) | _differs(assessed["org"])
    direction = assessed["kpi_id"].map({kpi.id: str(way(kpi)) for kpi in catalogue.kpis}).to_numpy(dtype=object)
    actual, green_from, green_to = (
        assessed[name].to_numpy(dtype=np.float64) for name in ("compared", "green_from", "green_to")
    )
    counts = np.flatnonzero(_counts(catalogue, assessed, direction))
    run = np.cumsum(is_first | assessed["opens"].to_numpy(dtype=bool))[counts]
    rows = pd.DataFrame({"actual": actual[counts], "bad": badness(actual, direction, green_from, green_to)[counts]})
    before = rows.groupby(run)
    so_far = pd.DataFrame({
        "actual": rows["actual"], "bad": rows["bad"], "low": before["actual"].cummin(),
        "high": before["actual"].cummax(), "worst": before["bad"].cummax(), "figures": before.cumcount(),
    })  # fmt: skip
    so_far[["low", "high", "worst"]] = so_far[["low", "high", "worst"]].shift()
    so_far.index = pd.Index(counts)
    so_far["is_last"] = np.append(is_first[1:], True)[counts]
    worse = so_far[(so_far["figures"] >= fewest) & (so_far["bad"] > so_far["worst"])]
    now, low, high = (worse[name].to_numpy(dtype=np.float64) for name in ("actual", "low", "high"))
    jump = np.maximum(difference(low, now), difference(now, high))
    return worse[jump > np.maximum(_smallest(catalogue, assessed, worse), 0.0)]


def _differs(column: pd.Series) -> Bools:
    values = column.to_numpy(dtype=object)
    return np.append(True, values[1:] != values[:-1])


def _counts(catalogue: Catalogue, assessed: pd.DataFrame, direction: Any) -> Bools:
    """The rows with a whole figure, of KPIs of which one way is better."""
    milestones = [kpi.id for kpi in catalogue.kpis if kpi.kind is Kind.MILESTONE]
    counts = (
        assessed["compared"].notna() & ~assessed["not_applicable"].astype(bool) & ~assessed["kpi_id"].isin(milestones)
    )
    whole = assessed["reported"].to_numpy() >= assessed["expected"].to_numpy()
    return np.asarray(counts.to_numpy(dtype=bool) & whole & (direction != Direction.NEUTRAL), dtype=bool)


def _smallest(catalogue: Catalogue, assessed: pd.DataFrame, worse: pd.DataFrame) -> Floats:
    """What a fall has to be more than: what the figures before differ by, the tolerance, and a material change."""
    rows = assessed.iloc[worse.index]
    tolerance = np.zeros(len(rows))
    for limit, other in (("green_from", "amber_from"), ("amber_to", "green_to")):
        ends = rows[[limit, other]].to_numpy(dtype=np.float64)
        has_both = np.isfinite(ends).all(axis=1)
        tolerance[has_both] = np.maximum(tolerance[has_both], difference(ends[has_both, 0], ends[has_both, 1]))
    low, high = (worse[name].to_numpy(dtype=np.float64) for name in ("low", "high"))
    largest = np.maximum(np.abs(low), np.abs(high))
    tolerance = np.where(tolerance > 0, tolerance, largest * _TRIFLE)
    material = {kpi.id: kpi.material for kpi in catalogue.kpis}
    of_rows = [material[kpi_id] for kpi_id in rows["kpi_id"]]
    absolute, relative = (
        np.array([float((each and getattr(each, name)) or 0) for each in of_rows]) for name in ("absolute", "relative")
    )
    least: Floats = np.maximum(np.maximum(difference(high, low), tolerance), absolute + relative * largest / 100)
    return least


def _words(kpi: Kpi, row: Any, before: Any) -> str:
    low, high = (f"{value:,.{kpi.shown_decimals}f}" for value in (before.low, before.high))
    was = low if low == high else f"{low} to {high}"
    shown = f"{rounded(row['compared'], kpi.shown_decimals):,} added" if kpi.is_cumulative else row["shown"]
    now = f"{shown} in {kpi.period(row['period']).short}"
    return f"{_WENT[kpi.direction]} {now}, after {was} in {before.figures} figures"


def last_on(rules: EarlyWarning, compared: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """By org what is warned of in words: `last on 3 of 3 KPIs (A1, A2 and A3)`.

    Args:
        rules: the catalogue's; {} where it warns of no orgs.
        compared: rows of `rules.compare`, the latest of each KPI. An org that shares the last place is not last, and a
            KPI of fewer than three orgs does not count.
    """
    if rules.last_on is None:
        return {}
    ranked: dict[str, list[str]] = {}
    of: dict[str, int] = {}
    for row in compared:
        if row["rank"] and row["of"] >= FEWEST_COMPARED:
            of[row["org"]] = of.get(row["org"], 0) + 1
            if row["rank"] == row["of"]:
                ranked.setdefault(row["org"], []).append(row["kpi_id"])
    return {
        org: f"last on {len(kpis)} of {of[org]} KPIs ({some(kpis)})"
        for org, kpis in ranked.items()
        if len(kpis) >= rules.last_on and len(kpis) * 100 >= rules.last_on_percent * of[org]
    }
