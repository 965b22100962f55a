"""One figure from several, by each of the methods. The several may be orgs or periods; the arithmetic is the same."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan

import numpy as np
import pandas as pd

from xlperf.rules.movement import badness
from xlperf.rules.rag import MILESTONES, actual_from_parts
from xlperf.rules.rollup.exact import means, sums

Figures = Mapping[str, np.ndarray]
"""The columns of a figure that a method gives, an element a group."""

FIGURE = ("actual", "numerator", "denominator", "milestone")
"""The columns that make a figure."""

_RANK = {status: float(rank) for rank, status in enumerate(MILESTONES)}


def has_figure(terms: pd.DataFrame) -> pd.Series:
    """Which terms have what their `method` puts together: a status, both parts, or an actual.

    A percentage from before, without parts, cannot be added to others, so it counts as not there.
    """
    parts = terms["numerator"].notna() & terms["denominator"].notna()
    figure = parts.where(terms["method"] == "parts", terms["actual"].notna())
    status = terms["milestone"].isin(MILESTONES)
    return (status.where(terms["is_milestone"], figure) & ~terms["not_applicable"]).astype(bool)


def combine(terms: pd.DataFrame, groups: int) -> pd.DataFrame:
    """The figure of each group.

    Args:
        terms: what has a figure, in any order: `group` (from 0), `method`, the columns of `FIGURE`, `weight` (float,
            NaN where it has none), `factor` (of parts), `direction`, `is_milestone`, and `green_from` and `green_to`,
            which say how bad a figure is where a range is wanted. All terms of a group have the same method.
        groups: how many groups there are.

    Returns:
        The columns of `FIGURE`, a row a group; NaN and "" for one without terms, or that its method cannot judge.
    """
    combined = pd.DataFrame({name: np.full(groups, nan) for name in FIGURE[:3]})
    combined["milestone"] = pd.Series([""] * groups, dtype=object)
    ways = {"parts": _parts, "sum": _sum, "weighted": _weighted, "worst": _worst, "last": _worst}
    for method, these in terms.groupby("method", sort=False):
        group = these["group"].to_numpy(dtype=np.int64)
        groups_present = np.unique(group)
        place = pd.Series(np.arange(len(groups_present)), index=groups_present)
        figure = ways[str(method)](these.assign(group=place.loc[group].to_numpy()), len(groups_present))
        for name, column in figure.items():
            combined.loc[groups_present, name] = column
    return combined


def _parts(terms: pd.DataFrame, groups: int) -> Figures:
    group = terms["group"].to_numpy()
    numerator, denominator = (sums(terms[name].to_numpy(), group, groups) for name in ("numerator", "denominator"))
    factor = np.zeros(groups, dtype=np.int64)
    factor[group] = terms["factor"]
    each = zip(numerator.tolist(), denominator.tolist(), factor.tolist(), strict=True)
    actual = np.array([actual_from_parts(*one) if one[1] else nan for one in each])
    return {"actual": actual, "numerator": numerator, "denominator": denominator}


def _sum(terms: pd.DataFrame, groups: int) -> Figures:
    return {"actual": sums(terms["actual"].to_numpy(), terms["group"].to_numpy(), groups)}


def _weighted(terms: pd.DataFrame, groups: int) -> Figures:
    actual, weight, group = (terms[name].to_numpy() for name in ("actual", "weight", "group"))
    return {"actual": means(actual, weight, group, groups)}


def _worst(terms: pd.DataFrame, groups: int) -> Figures:
    """The worst term, whole; also the last, which is the only one given. Of two equally bad ones, the greater."""
    floats = {name: terms[name].to_numpy(dtype=np.float64) for name in ("actual", "green_from", "green_to")}
    direction = terms["direction"].to_numpy(dtype=object)
    bad = badness(floats["actual"], direction, floats["green_from"], floats["green_to"])
    rank = terms["milestone"].map(_RANK).to_numpy(dtype=np.float64)
    ranked = terms.assign(_bad=np.where(terms["is_milestone"], rank, bad))
    worst = ranked.sort_values(["group", "_bad", "actual", "denominator", "numerator"], na_position="first")
    worst = worst.drop_duplicates("group", keep="last")  # in order of group, and every group has one
    return {name: worst[name].to_numpy() for name in FIGURE}
