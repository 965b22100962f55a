"""All rules over all figures at once: a long frame in, the same frame judged out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlperf.catalogue import Catalogue, Direction, Kind, Kpi
from xlperf.digits import fifteen
from xlperf.period import Period
from xlperf.rules.arrays import Bools, Codes, Floats, Ints, TextArray
from xlperf.rules.cumulative import IN_PERIOD, not_comparable, way
from xlperf.rules.joined import added
from xlperf.rules.milestones import COMPLETE, MISSED
from xlperf.rules.movement import MOVES, badness, difference, movement, smallest_change
from xlperf.rules.order import InOrder, coded, in_order
from xlperf.rules.rag import MILESTONES, RAGS, Rag, RagLimits, code, rate_codes
from xlperf.rules.rebases import opens_run, redefined
from xlperf.rules.shown import shown_all
from xlperf.rules.trend import NOT_JUDGED, TRENDS, run_lengths, short_trend

_STATUS_RAG = np.array([code(Rag.NOT_RETURNED), *(code(rag) for rag in MILESTONES.values())])
_COMPLETE, _MISSED = (list(MILESTONES).index(status) + 1 for status in (COMPLETE, MISSED))
_STATUS_RANK = np.array([np.nan, *range(len(MILESTONES))])
"""By status, 0 for none and then as in `MILESTONES`: its rating, and how bad it is (less is better)."""


def assess(catalogue: Catalogue, figures: pd.DataFrame) -> pd.DataFrame:
    """Judge every figure.

    Args:
        catalogue: whose targets and directions apply. Figures of KPIs it does not have are left out.
        figures: one row a (kpi_id, org, period), with `actual` (float, NaN for none), `milestone` (status or "") and
            `not_applicable` (bool). Rolled-up figures also say `rolled_up` (bool), `reported` and `expected` (how many
            figures went into one, of how many) and `partial` (bool: too few did, and it is shown but not judged).
            `changed` (bool) says that the owner has declared a change of its definition. Those that a joined series
            has from another org say whose they are (see `joined.with_joined`).
            Other columns are carried along.

    Returns:
        A new frame in catalogue order, then org, then time, with these columns added:

        - `period_number`; `green_from`, `green_to`, `amber_from`, `amber_to` (see `rag.RagLimits`); `rag`.
        - the columns of `cumulative.IN_PERIOD`: of a cumulative KPI, what the period added. `compared`: the figure that
          is compared with those before it, so of a cumulative KPI that; NaN where it is not judged.
        - `movement`, on the previous period, and `last_year`, on the same period a year before (seasonal KPIs only):
          words of `movement.MOVES`. `change`: actual less that of the previous period; NaN for none. Of a cumulative
          KPI, `movement` and `change` compare what each period added, and `last_year` the figures to date.
        - `trend`, by the short-series rule, and `points`: figures so far in the series.
        - `opens`: whether it begins a run of its own, which is compared with nothing before it (see `rules.rebases`).
        - `redefined`: whether it does, because its definition has changed, or as those before are another org's.
        - `rag_run`: how many rows running, this one included, have had this RAG.
        - `shown`: the figure as printed; of a milestone the status that it counts as (see `rules.milestones`).
        - the columns that were not given, with what is true of a returned figure (see `order.DEFAULTS`).
    """
    judged = _Judged(catalogue, in_order(catalogue, figures))
    rag, starts = judged.rag(), judged.ordered.starts
    previous = judged.pairs([1 for _ in catalogue.kpis])
    year_before = judged.pairs([_periods_a_year(kpi) if kpi.seasonal else 0 for kpi in catalogue.kpis])
    moves = judged.movement(previous, judged.alone)
    is_redefined = redefined(catalogue.kpis, judged.ordered.kpi, judged.frame)
    opens = opens_run(catalogue.kpis, judged.ordered.kpi, judged.frame) | is_redefined
    return judged.ordered.frame.assign(
        **dict(zip(RagLimits.__slots__, judged.limits, strict=True)),
        **judged.added,
        rag=words(RAGS, rag),
        compared=judged.alone.figures,
        movement=words(MOVES, moves),
        last_year=words(MOVES, judged.movement(year_before, judged.as_given)),
        change=judged.change(previous),
        trend=words(TRENDS, judged.trend(judged.in_run(moves, opens), catalogue.rules.short_trend_moves)),
        points=_counted(judged.is_figure, starts),
        opens=opens,
        redefined=is_redefined,
        rag_run=run_lengths(rag, starts),
        shown=as_text(judged.shown()),
    )


def words(names: Sequence[str], codes: npt.NDArray[np.integer[Any]]) -> pd.Series:
    """The name of each code, as plain text."""
    return as_text(np.array(names, dtype=object)[codes])


def as_text(values: TextArray) -> pd.Series:
    """A column of plain text, that pandas need not look through."""
    return pd.Series(values, dtype=object)


Pairs = tuple[Ints, Ints]
"""Rows, and for each the row of the earlier figure that it is compared with."""


@dataclass(frozen=True, slots=True, eq=False)
class _Comparable:
    """Figures that are compared with one another: how bad each is, less being better, and where neither way is."""

    figures: Floats
    bad: Floats
    neutral: Bools


class _Judged:
    """Figures in order, and what the rules look at, row by row."""

    def __init__(self, catalogue: Catalogue, ordered: InOrder) -> None:
        self.kpis, self.ordered, self.frame = catalogue.kpis, ordered, ordered.frame
        self.limits: tuple[Floats, ...] = tuple(ordered.limit(name) for name in RagLimits.__slots__)
        self.not_applicable = self.frame["not_applicable"].to_numpy(dtype=bool)
        self.is_milestone = self.of([kpi.kind is Kind.MILESTONE for kpi in self.kpis])
        judged = ~self.not_applicable & ~self.frame["partial"].to_numpy(dtype=bool)
        self.given: Floats = self.frame["actual"].to_numpy(dtype=np.float64)
        self.actual: Floats = np.where(judged & ~self.is_milestone, self.given, np.nan)
        self.status = np.zeros(len(judged), dtype=np.int64)
        milestones = np.flatnonzero(judged & self.is_milestone)
        self.status[milestones] = coded(self.frame["milestone"].iloc[milestones], tuple(MILESTONES)) + 1
        late = self.ordered.past_due[self.ordered.target[milestones]] & (self.status[milestones] > _COMPLETE)
        self.status[milestones[late]] = _MISSED
        self.is_figure: Bools = ~np.isnan(self.actual) | (self.status > 0)
        self.as_given = self._comparable(self.actual, [kpi.direction for kpi in self.kpis])
        # Cumulative figures are compared by what each period added; no range is given for that.
        self.added = added(catalogue, self.frame)
        alone = np.where(self.of([kpi.is_cumulative for kpi in self.kpis]), self.added[IN_PERIOD[0]], self.actual)
        self.alone = self._comparable(alone, [way(kpi) for kpi in self.kpis])

    def of(self, by_kpi: Sequence[Any]) -> npt.NDArray[Any]:
        """For each row, what a list by KPI has for its KPI."""
        return np.array(by_kpi)[self.ordered.kpi]

    def _comparable(self, actual: Floats, directions: Sequence[Direction]) -> _Comparable:
        bad = badness(actual, self.of(directions), *self.limits[:2])
        neutral = self.of([direction is Direction.NEUTRAL for direction in directions])
        return _Comparable(actual, np.where(self.is_milestone, _STATUS_RANK[self.status], bad), neutral)

    def rag(self) -> Codes:
        """Codes of `rag.RAGS`."""
        rag = np.where(self.is_milestone, _STATUS_RAG[self.status], rate_codes(self.actual, *self.limits))
        rag[self.not_applicable] = code(Rag.NOT_APPLICABLE)
        return rag

    def pairs(self, steps: Sequence[int]) -> Pairs:
        """The figures that have one so many periods earlier, by KPI; 0 for KPIs that are not compared so."""
        back = self.of(steps)
        rows = np.flatnonzero(back)
        earlier = self.ordered.earlier(back[rows], rows)
        return rows[earlier >= 0], earlier[earlier >= 0]

    def movement(self, pairs: Pairs, compared: _Comparable) -> Codes:
        """Codes of `movement.MOVES`."""
        now, before = pairs
        absolute, relative = (self.of(limit)[now] for limit in _material(self.kpis))
        smallest = smallest_change(absolute, relative, compared.figures[before])
        moves = np.zeros(len(compared.bad), dtype=np.int8)
        moves[now] = movement(compared.bad[now], compared.bad[before], compared.neutral[now], smallest)
        return moves

    def trend(self, counted: Codes, needed: int) -> Codes:
        """Codes of `trend.TRENDS`, by the short-series rule, from the moves that count."""
        trend = short_trend(counted, self.ordered.starts, needed)
        # The rule can be used on milestones, though SPC can not.
        refused = [bool(not_comparable(kpi)) and kpi.kind is not Kind.MILESTONE for kpi in self.kpis]
        return np.where(self.of(refused), np.int8(TRENDS.index(NOT_JUDGED)), trend)

    def in_run(self, moves: Codes, opens: Bools) -> Codes:
        """The moves that count towards a trend: not the one into a run of its own, which is no move of the process."""
        return np.where(opens, np.int8(0), moves)

    def change(self, pairs: Pairs) -> Floats:
        """The figure less the earlier one."""
        now, before = pairs
        change = np.full(len(self.actual), np.nan)
        change[now] = difference(self.alone.figures[now], self.alone.figures[before])
        return change

    def shown(self) -> TextArray:
        """Figures as printed, whether they are judged or not."""
        printed = shown_all(self.given, self.of([kpi.shown_decimals for kpi in self.kpis]), self.limits)
        printed[self.is_milestone] = self.frame["milestone"].to_numpy(dtype=object)[self.is_milestone]
        printed[self.is_milestone & (self.status == _MISSED)] = MISSED
        return printed


def _material(kpis: Sequence[Kpi]) -> tuple[list[float], list[float]]:
    """The smallest change that counts, in the KPI's unit and in percent; NaN where it is not given so."""
    given = [None if kpi.kind is Kind.MILESTONE else kpi.material for kpi in kpis]
    return (
        [_float(amount.absolute if amount else None) for amount in given],
        [_float(amount.relative if amount else None) for amount in given],
    )


def _float(amount: Decimal | None) -> float:
    return np.nan if amount is None else fifteen(amount)


def _periods_a_year(kpi: Kpi) -> int:
    period = Period(kpi.frequency, 0)
    return period.number - period.same_last_year().number


def _counted(is_figure: Bools, starts: Bools) -> Ints:
    """For each row, how many figures its series has so far."""
    so_far = np.cumsum(is_figure)
    return so_far - np.maximum.accumulate(np.where(starts, so_far - is_figure, 0))
