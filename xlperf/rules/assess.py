"""All rules over all figures at once: a long frame in, the same frame judged out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from xlperf.catalogue import Catalogue, Direction, Kind
from xlperf.period import Period
from xlperf.rules.escalation import NO_STAGE, RATED, Proposal, Rated, propose
from xlperf.rules.movement import badness, movement
from xlperf.rules.rag import MILESTONES, Limits, Rag, limits, misleads, rate, rounded
from xlperf.rules.trend import run_lengths, short_trend

Key = tuple[str, str]
"""A series: (kpi_id, org)."""

_RANK = {status: float(rank) for rank, status in enumerate(MILESTONES)}


def assess(catalogue: Catalogue, figures: pd.DataFrame) -> pd.DataFrame:
    """Judge every figure.

    Args:
        catalogue: whose targets and directions apply. Figures of KPIs it does not have are left out.
        figures: one row a (kpi_id, org, period), with `actual` (float, NaN for none), `milestone` (status or "") and
            `not_applicable` (bool); other columns are carried along.

    Returns:
        A new frame in catalogue order, then org, then time, with `period_number`, `green_from`, `green_to`,
        `amber_from`, `amber_to`, `rag`, `movement`, `trend`, `points` (figures so far in the series), `rag_run`
        (how many periods running, this one included, have had this RAG) and `shown` (the figure as printed).
    """
    frame = _in_order(catalogue, figures)
    same_series = (frame["kpi_id"] == frame["kpi_id"].shift()) & (frame["org"] == frame["org"].shift())
    starts = ~same_series.to_numpy(dtype=bool)
    for name, column in _limit_columns(catalogue, frame).items():
        frame[name] = column
    frame["rag"] = _rag(catalogue, frame)
    neutral = by_kpi(catalogue, frame, "direction") == Direction.NEUTRAL
    bad = _badness(catalogue, frame)
    follows = same_series & (frame["period_number"] == frame["period_number"].shift() + 1)
    before = np.where(follows, pd.Series(bad).shift().to_numpy(), np.nan)
    frame["movement"] = movement(bad, before, neutral)
    frame["trend"] = short_trend(frame["movement"].to_numpy(dtype=object), starts, catalogue.rules.short_trend_moves)
    has_figure = pd.Series(~np.isnan(bad))
    frame["points"] = has_figure.groupby(np.cumsum(starts)).cumsum().to_numpy(dtype=np.int64)
    frame["rag_run"] = run_lengths(frame["rag"].to_numpy(dtype=object), starts)
    frame["shown"] = [
        shown(catalogue, kpi_id, actual, milestone, Limits(*ends))
        for kpi_id, actual, milestone, *ends in zip(
            frame["kpi_id"],
            frame["actual"],
            frame["milestone"],
            *(frame[name] for name in Limits.__slots__),
            strict=True,
        )
    ]
    return frame


def shown(catalogue: Catalogue, kpi_id: str, actual: float, milestone: str, within: Limits) -> str:
    """A figure as printed; where rounding would show another colour, it says so: `94.96 (not 95.0)`."""
    if milestone:
        return milestone
    if np.isnan(actual):
        return ""
    decimals = catalogue.kpi_by_id[kpi_id].shown_decimals
    text = f"{rounded(actual, decimals):,}"
    if not misleads(actual, decimals, within):
        return text
    finer = next((d for d in range(decimals + 1, 10) if not misleads(actual, d, within)), 10)
    return f"{rounded(actual, finer):,} (not {text})"


def escalations(
    catalogue: Catalogue, assessed: pd.DataFrame, decided: Mapping[Key, tuple[str, date | None]]
) -> dict[Key, Proposal]:
    """What the ladder proposes for each series, given the stages in force by decision; series without a stage left out.

    Args:
        catalogue: whose ladder applies.
        assessed: the frame of `assess`, up to the period that is reported on.
        decided: the stage in force of each series that has one, and the day it was decided.
    """
    proposals = {}
    rated = assessed[assessed["rag"].isin(RATED)]
    last = rated.groupby(["kpi_id", "org"], sort=False).tail(1)
    interesting = {(k, o) for k, o, rag in zip(last["kpi_id"], last["org"], last["rag"], strict=True) if rag == Rag.RED}
    interesting |= {key for key, (stage, _) in decided.items() if stage and stage != NO_STAGE}
    for group, series in rated.groupby(["kpi_id", "org"], sort=False):
        key = (str(group[0]), str(group[1]))
        if key not in interesting:
            continue
        history = [
            _rated(catalogue.kpi_by_id[key[0]].period(period), rag, text)
            for period, rag, text in zip(series["period"], series["rag"], series["shown"], strict=True)
        ]
        stage, on = decided.get(key, (NO_STAGE, None))
        proposal = propose(catalogue.escalation, history, stage or NO_STAGE, on)
        if proposal.stage != NO_STAGE or proposal.reason:
            proposals[key] = proposal
    return proposals


def _rated(period: Period, rag: str, shown: str) -> Rated:
    return Rated(period.short, rag, shown, period.last_day)


def _in_order(catalogue: Catalogue, figures: pd.DataFrame) -> pd.DataFrame:
    known = figures[figures["kpi_id"].isin(catalogue.kpi_by_id)].copy()
    order = {kpi.id: index for index, kpi in enumerate(catalogue.kpis)}
    periods = {
        key: catalogue.kpi_by_id[key[0]].period(key[1])
        for key in set(zip(known["kpi_id"], known["period"], strict=True))
    }
    keys = list(zip(known["kpi_id"], known["period"], strict=True))
    known["period_number"] = np.array([periods[key].number for key in keys], dtype=np.int64)
    known["_order"] = known["kpi_id"].map(order)
    orgs = {org.code: index for index, org in enumerate(catalogue.orgs)}
    known["_org"] = known["org"].map(orgs).fillna(len(orgs))
    known = known.sort_values(["_order", "_org", "org", "period_number"], kind="stable")
    return known.drop(columns=["_order", "_org"]).reset_index(drop=True)


def _limit_columns(catalogue: Catalogue, frame: pd.DataFrame) -> dict[str, np.ndarray]:
    keys = list(zip(frame["kpi_id"], frame["period_number"], strict=True))
    found = {}
    for kpi_id, number in set(keys):
        kpi = catalogue.kpi_by_id[kpi_id]
        found[(kpi_id, number)] = limits(kpi.target_for(Period(kpi.frequency, int(number))), kpi.direction)
    return {name: np.array([getattr(found[key], name) for key in keys], dtype=np.float64) for name in Limits.__slots__}


def _rag(catalogue: Catalogue, frame: pd.DataFrame) -> np.ndarray:
    ends = (frame[name].to_numpy(dtype=np.float64) for name in Limits.__slots__)
    rag = rate(frame["actual"].to_numpy(dtype=np.float64), *ends)
    is_milestone = by_kpi(catalogue, frame, "kind") == Kind.MILESTONE
    status = frame["milestone"].map(lambda said: str(MILESTONES.get(said, Rag.NOT_RETURNED))).to_numpy(dtype=object)
    rag = np.where(is_milestone, status, rag)
    return np.where(frame["not_applicable"].to_numpy(dtype=bool), str(Rag.NOT_APPLICABLE), rag)


def _badness(catalogue: Catalogue, frame: pd.DataFrame) -> np.ndarray:
    """See `movement.badness`; a milestone's status counts by its rank, and 'not applicable' is no figure."""
    direction = by_kpi(catalogue, frame, "direction")
    actual = frame["actual"].to_numpy(dtype=np.float64)
    bad = badness(actual, direction, frame["green_from"].to_numpy(), frame["green_to"].to_numpy())
    is_milestone = by_kpi(catalogue, frame, "kind") == Kind.MILESTONE
    bad = np.where(is_milestone, frame["milestone"].map(_RANK).to_numpy(dtype=np.float64), bad)
    return np.where(frame["not_applicable"].to_numpy(dtype=bool), np.nan, bad)


def by_kpi(catalogue: Catalogue, frame: pd.DataFrame, field: str) -> np.ndarray:
    """A field of each row's KPI, as text."""
    values = {kpi.id: str(getattr(kpi, field)) for kpi in catalogue.kpis}
    return frame["kpi_id"].map(values).to_numpy(dtype=object)
