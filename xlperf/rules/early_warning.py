"""Early warning: a collapse is told from the first figure, long before a run of Reds or 13 points of SPC can tell.

A fall is warned of where a figure is worse than every figure before it, by more than all those differ from one another.
Of a steady process whose figures vary normally, 1 in 130 looks like that by chance after 6 figures, 1 in 400 after 8.
Both rules are our choice; the catalogue says whether they hold, and from how many figures on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from xlperf.catalogue import Catalogue, Direction, Kind, Kpi
from xlperf.catalogue.reporting import EarlyWarning
from xlperf.rules.arrays import Bools
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

    The last figure of each series is compared with those since its run began (see `rules.rebases`). A fall of no more
    than the tolerance, or than the KPI's material change, is none: equal figures before it make no trifle a fall.

    A figure to date is compared by what the period added.

    Args:
        catalogue: whose rules apply; {} where it warns of no falls.
        assessed: the frame of `assess`. Milestones, what has no better direction, and a roll-up that lacks an org are
            left out.
    """
    fewest = catalogue.rules.early_warning.fall_after
    if fewest is None or assessed.empty:
        return {}
    warned = {}
    for before in _beyond(catalogue, assessed, fewest):
        row = assessed.iloc[before.row]
        kpi = catalogue.kpi_by_id[row["kpi_id"]]
        if before.jump > _smallest(kpi, row, before):
            warned[row["kpi_id"], row["org"]] = _words(kpi, row, before)
    return warned


def _beyond(catalogue: Catalogue, assessed: pd.DataFrame, fewest: int) -> Iterator[Any]:
    """The series whose last figure is worse than all before it and outside what they have shown.

    Each has `row`, its position in the frame; `low`, `high` and `figures` (how many) of what came before; and `jump`,
    how far outside those the last one is.
    """
    is_first = _differs(assessed["kpi_id"]) | _differs(assessed["org"])
    is_last = np.append(is_first[1:], True)
    direction = assessed["kpi_id"].map({kpi.id: str(way(kpi)) for kpi in catalogue.kpis}).to_numpy(dtype=object)
    actual, green_from, green_to = (
        assessed[name].to_numpy(dtype=np.float64) for name in ("compared", "green_from", "green_to")
    )
    counts = np.flatnonzero(_counts(catalogue, assessed, direction))
    bad = badness(actual, direction, green_from, green_to)
    run = np.cumsum(is_first | assessed["opens"].to_numpy(dtype=bool))
    rows = pd.DataFrame({"row": counts, "actual": actual[counts], "bad": bad[counts], "run": run[counts]})
    latest, earlier = rows[is_last[counts]], rows[~is_last[counts]].groupby("run")
    shown: Any = earlier.agg(
        low=("actual", "min"), high=("actual", "max"), worst=("bad", "max"), figures=("row", "size")
    )
    both: Any = latest.join(shown[shown["figures"] >= fewest], on="run", how="inner")
    both["jump"] = np.maximum(difference(both["low"], both["actual"]), difference(both["actual"], both["high"]))
    return iter(both[(both["bad"] > both["worst"]) & (both["jump"] > 0)].itertuples())


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


def _smallest(kpi: Kpi, row: Any, before: Any) -> float:
    """What a fall has to be more than: what the figures before differ by, the tolerance, and a material change."""
    ends = [(row["green_from"], row["amber_from"]), (row["amber_to"], row["green_to"])]
    widths = [
        float(difference(np.array(one), np.array(other))) for one, other in ends if np.isfinite((one, other)).all()
    ]
    largest = max(abs(before.low), abs(before.high))
    material = kpi.material
    smallest = float(material.absolute or 0) + float(material.relative or 0) * largest / 100 if material else 0.0
    tolerance = max(widths, default=0.0) or largest * _TRIFLE
    return max(float(difference(np.array(before.high), np.array(before.low))), tolerance, smallest)


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
