"""Roll-up along the organisation tree: figures of orgs that report a KPI become figures of the orgs above them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isnan, nan

import numpy as np
import pandas as pd

from xlperf.catalogue import AcrossOrgs, Catalogue, Direction, Kind, Kpi
from xlperf.digits import fifteen
from xlperf.rules.rag import limits
from xlperf.rules.rollup.batches import in_batches
from xlperf.rules.rollup.combine import FIGURE, combine, has_figure
from xlperf.rules.rollup.tree import Trees

COLUMNS = ("kpi_id", "org", "period", *FIGURE, "not_applicable", "rolled_up", "reported", "expected", "partial")
_OF_MEMBER = ["kpi_id", "tree", "org", "above", "kpi_order", "above_order", "members", "weight", "method", "factor"]
_OF_MEMBER += ["direction", "is_milestone"]


def roll_up_orgs(catalogue: Catalogue, figures: pd.DataFrame) -> pd.DataFrame:
    """The rolled-up figures, and only those.

    Args:
        catalogue: whose tree, methods and weights apply.
        figures: one row a (kpi_id, org, period), in any order, with `actual`, `numerator` and `denominator` (float, NaN
            for none), `milestone` (status or "") and `not_applicable` (bool). Rows with `rolled_up` are left out.

    Returns:
        A row a (kpi_id, org, period) for which a member (see `members`) has a row, in catalogue order, then org, then
        time, with the columns of `COLUMNS`. Expected are the members that are open on the last day of the period, and
        closed ones that gave a figure all the same. Of the `expected` members, those that the KPI applies to,
        `reported` are in the figure; a figure that cannot be worked out is NaN. `partial` is a sum that lacks a member:
        no figure to be judged. None for a period in which the KPI is not reported, in which the org has a row of its
        own, or which has no worst (a range without a target).
    """
    if "rolled_up" in figures:
        figures = figures[~figures["rolled_up"].astype(bool)]
    trees = {kpi.id: each for kpi in catalogue.kpis if (each := Trees(catalogue, kpi)).ever}
    figures = figures.loc[figures["kpi_id"].isin(trees), list(COLUMNS[:-4])]
    rolled_up = [_rows(_terms(catalogue, trees, batch)) for batch in in_batches(catalogue, figures)]
    return pd.concat(rolled_up, ignore_index=True) if len(rolled_up) > 1 else rolled_up[0]


def _terms(catalogue: Catalogue, trees: Mapping[str, Trees], figures: pd.DataFrame) -> pd.DataFrame:
    """Each figure that goes into another, by `group` (KPI, org above and period)."""
    figures = figures.assign(not_applicable=figures["not_applicable"].astype(bool))
    periods, tree = _periods_and_tree(catalogue, trees, figures)
    own = figures.loc[figures["org"].isin(tree["above"].unique()), ["kpi_id", "org", "period"]]
    terms = figures.merge(periods, on=["kpi_id", "period"]).merge(tree, on=["kpi_id", "tree", "org"])
    if len(own):
        own = own.rename(columns={"org": "above"}).assign(has_own=True)
        terms = terms.merge(own, on=["kpi_id", "above", "period"], how="left")
        terms = terms[terms["has_own"].isna()].reset_index(drop=True)
    terms["group"] = terms.groupby(["kpi_order", "above_order", "number"]).ngroup()
    return terms


def _rows(terms: pd.DataFrame) -> pd.DataFrame:
    rows = terms.drop_duplicates("group").sort_values("group", ignore_index=True)
    groups = len(rows)
    counted = terms[has_figure(terms)]
    left_out = np.bincount(terms.loc[terms["not_applicable"], "group"], minlength=groups)
    rows["expected"] = rows["members"].astype(np.int64) - left_out
    rows["reported"] = np.bincount(counted["group"], minlength=groups)
    rows["not_applicable"] = rows["expected"] == 0
    rows["partial"] = (rows["method"] == AcrossOrgs.SUM) & (rows["reported"] < rows["expected"])
    rows["rolled_up"] = True
    rows["org"] = rows["above"]
    rows[list(FIGURE)] = combine(counted, groups)
    return rows[list(COLUMNS)]


def _periods_and_tree(
    catalogue: Catalogue, trees: Mapping[str, Trees], figures: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The periods of each KPI that can be rolled up, and the members of each org, by the `tree` that a period has.

    With each period stand the limits that a range is judged by.
    """
    rows: list[tuple[object, ...]] = []
    numbers: dict[tuple[str, frozenset[str], tuple[str, ...]], int] = {}
    made_of: dict[int, tuple[str, Mapping[str, tuple[str, ...]]]] = {}
    given = {kpi_id: _given(catalogue.kpi_by_id[kpi_id], figures) for kpi_id, each in trees.items() if each.is_dated}
    for kpi_id, text in figures[["kpi_id", "period"]].drop_duplicates().itertuples(index=False):
        kpi = catalogue.kpi_by_id[kpi_id]
        period = kpi.period(text)
        within = limits(kpi.target_for(period), kpi.direction)
        has_worst = kpi.direction is not Direction.RANGE or within.has_target or kpi.kind is Kind.MILESTONE
        if kpi.is_reported_in(period) and (has_worst or kpi.roll_up.orgs is not AcrossOrgs.WORST):
            reporting = trees[kpi_id].reporting(period, given.get(kpi_id, {}).get(text, ()))
            of_orgs = trees[kpi_id].of(period, reporting)
            tree = numbers.setdefault((kpi_id, reporting, tuple(of_orgs)), len(numbers))
            made_of[tree] = (kpi_id, of_orgs)
            rows.append((kpi_id, text, period.number, within.green_from, within.green_to, tree))
    members = [
        member
        for tree, (kpi_id, of_orgs) in made_of.items()
        for member in _members(catalogue, catalogue.kpi_by_id[kpi_id], of_orgs, tree)
    ]
    columns = ["kpi_id", "period", "number", "green_from", "green_to", "tree"]
    return pd.DataFrame(rows, columns=columns), pd.DataFrame(members, columns=_OF_MEMBER)


def _given(kpi: Kpi, figures: pd.DataFrame) -> Mapping[str, list[str]]:
    """By period, the orgs that gave a figure of a KPI which can be put together with others."""
    of_kpi = figures[figures["kpi_id"] == kpi.id]
    of_kpi = of_kpi.assign(method=str(kpi.roll_up.orgs), is_milestone=kpi.kind is Kind.MILESTONE)
    return {str(period): list(orgs) for period, orgs in of_kpi[has_figure(of_kpi)].groupby("period")["org"]}


def _members(
    catalogue: Catalogue, kpi: Kpi, of_orgs: Mapping[str, tuple[str, ...]], tree: int
) -> Iterator[dict[str, object]]:
    """Each member of each rolled-up org in one of a KPI's trees, with what the roll-up needs to know of them."""
    place = {org.code: index for index, org in enumerate(catalogue.orgs)}
    weights = {org.code: nan if org.weight is None else fifteen(org.weight) for org in catalogue.orgs}
    order = next(index for index, each in enumerate(catalogue.kpis) if each.id == kpi.id)
    for above, made_of in of_orgs.items():
        can_be_weighted = not any(isnan(weights[code]) for code in made_of)
        for code in made_of:
            yield {
                "kpi_id": kpi.id,
                "tree": tree,
                "org": code,
                "above": above,
                "kpi_order": order,
                "above_order": place[above],
                "members": len(made_of),
                "weight": weights[code] if can_be_weighted else nan,
                "method": str(kpi.roll_up.orgs),
                "factor": kpi.factor,
                "direction": str(kpi.direction),
                "is_milestone": kpi.kind is Kind.MILESTONE,
            }
