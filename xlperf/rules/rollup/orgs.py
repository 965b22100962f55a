"""Roll-up along the organisation tree: figures of orgs that report a KPI become figures of the orgs above them."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

import numpy as np
import pandas as pd

from xlperf.catalogue import AcrossOrgs, Catalogue, Direction, Kind
from xlperf.digits import fifteen
from xlperf.rules.rag import limits
from xlperf.rules.rollup.batches import in_batches
from xlperf.rules.rollup.combine import FIGURE, combine, has_figure
from xlperf.rules.rollup.tree import members

COLUMNS = ("kpi_id", "org", "period", *FIGURE, "not_applicable", "rolled_up", "reported", "expected", "partial")
_OF_MEMBER = ["kpi_id", "org", "above", "kpi_order", "above_order", "members", "weight", "method", "factor"]
_OF_MEMBER += ["direction", "is_milestone"]


def roll_up_orgs(catalogue: Catalogue, figures: pd.DataFrame) -> pd.DataFrame:
    """The rolled-up figures, and only those.

    Args:
        catalogue: whose tree, methods and weights apply.
        figures: one row a (kpi_id, org, period), in any order, with `actual`, `numerator` and `denominator` (float, NaN
            for none), `milestone` (status or "") and `not_applicable` (bool). Rows with `rolled_up` are left out.

    Returns:
        A row a (kpi_id, org, period) for which a member (see `members`) has a row, in catalogue order, then org, then
        time, with the columns of `COLUMNS`. Of the `expected` members, those that the KPI applies to, `reported` are in
        the figure; a figure that cannot be worked out is NaN. `partial` is a sum that lacks a member: no figure to be
        judged. None for a period in which the KPI is not reported, in which the org has a row of its own, or which has
        no worst (a range without a target).
    """
    if "rolled_up" in figures:
        figures = figures[~figures["rolled_up"].astype(bool)]
    tree = pd.DataFrame(list(_tree(catalogue)), columns=_OF_MEMBER)
    figures = figures.loc[figures["kpi_id"].isin(tree["kpi_id"].unique()), list(COLUMNS[:-4])]
    rolled_up = [_rows(_terms(catalogue, tree, batch)) for batch in in_batches(catalogue, figures)]
    return pd.concat(rolled_up, ignore_index=True) if len(rolled_up) > 1 else rolled_up[0]


def _terms(catalogue: Catalogue, tree: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Each figure that goes into another, by `group` (KPI, org above and period)."""
    own = figures.loc[figures["org"].isin(tree["above"].unique()), ["kpi_id", "org", "period"]]
    terms = figures.merge(_periods(catalogue, figures), on=["kpi_id", "period"]).merge(tree, on=["kpi_id", "org"])
    terms["not_applicable"] = terms["not_applicable"].astype(bool)
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


def _tree(catalogue: Catalogue) -> Iterator[dict[str, object]]:
    """Each member of each rolled-up org of each KPI, with what the roll-up needs to know of the three."""
    place = {org.code: index for index, org in enumerate(catalogue.orgs)}
    weights = {org.code: nan if org.weight is None else fifteen(org.weight) for org in catalogue.orgs}
    for order, kpi in enumerate(catalogue.kpis):
        for above, made_of in members(catalogue, kpi).items():
            can_be_weighted = not any(isnan(weights[code]) for code in made_of)
            for code in made_of:
                yield {
                    "kpi_id": kpi.id,
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


def _periods(catalogue: Catalogue, figures: pd.DataFrame) -> pd.DataFrame:
    """The periods of each KPI that can be rolled up, with the limits that a range is judged by."""
    rows = []
    for kpi_id, text in figures[["kpi_id", "period"]].drop_duplicates().itertuples(index=False):
        kpi = catalogue.kpi_by_id[kpi_id]
        period = kpi.period(text)
        within = limits(kpi.target_for(period), kpi.direction)
        has_worst = kpi.direction is not Direction.RANGE or within.has_target or kpi.kind is Kind.MILESTONE
        if kpi.is_reported_in(period) and (has_worst or kpi.roll_up.orgs is not AcrossOrgs.WORST):
            rows.append((kpi_id, text, period.number, within.green_from, within.green_to))
    return pd.DataFrame(rows, columns=["kpi_id", "period", "number", "green_from", "green_to"])
