"""Puts figures in the order in which they are judged, with numbers for words, so that 8 million rows are quick."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from xlperf.catalogue import Catalogue
from xlperf.rules.arrays import Bools, Floats, Ints
from xlperf.rules.milestones import is_past_due
from xlperf.rules.rag import NO_LIMITS, RagLimits, limits
from xlperf.rules.target_in_force import target_of

_NO_TARGET = 2
"""How a figure is judged that no target is for; 0 and 1 stand for `rolled_up`."""
LONGEST_STEP = 12
"""The most periods that a year has."""
DEFAULTS: dict[str, Any] = {"rolled_up": False, "reported": 1, "expected": 1, "partial": False, "changed": False}
DEFAULTS |= {"given_by": "", "joined_anew": False, "has_no_target": False}
"""What is true of a figure that was returned, not rolled up, and counted as those before it."""


@dataclass(frozen=True, slots=True, eq=False)
class InOrder:
    """Figures in catalogue order, then org, then time."""

    frame: pd.DataFrame
    kpi: Ints
    """Of each row: where its KPI stands in the catalogue."""
    time: Ints
    """Of each row: rises by 1 with each period of a series; two series are never `LONGEST_STEP` or less apart."""
    starts: Bools
    """Of each row: whether it is the first of its series."""
    target: Ints
    """Of each row: which of `targets` it is judged against."""
    targets: tuple[RagLimits, ...]
    past_due: Bools
    """Of each of `targets`: whether a milestone was due by the end of its period (see `rules.milestones`)."""

    def earlier(self, steps: Ints, rows: Ints) -> Ints:
        """Of each of some rows: the row of its series' figure so many periods earlier; -1 for none."""
        wanted = self.time[rows] - steps
        places = np.searchsorted(self.time, wanted)
        return np.where(self.time[places] == wanted, places, -1)

    def limit(self, name: str) -> Floats:
        """A field of `RagLimits` for each row."""
        ends = np.array([getattr(each, name) for each in self.targets], dtype=np.float64)
        return ends[self.target]


def in_order(catalogue: Catalogue, figures: pd.DataFrame) -> InOrder:
    """Figures with `period_number` and the defaults of columns that are not there; those of unknown KPIs left out."""
    kpi = coded(figures["kpi_id"], [kpi.id for kpi in catalogue.kpis])
    if (kpi < 0).any():
        figures, kpi = figures[kpi >= 0], kpi[kpi >= 0]
    org, codes = pd.factorize(figures["org"])
    rank = _ranks(codes, [org.code for org in catalogue.orgs])
    missing = {name: value for name, value in DEFAULTS.items() if name not in figures}
    frame = figures.assign(**missing)
    target, numbers, targets, past_due = _targets(catalogue, frame, kpi)
    span = int(np.ptp(numbers)) + LONGEST_STEP + 1
    time = (kpi * len(codes) + rank[org]) * span + (numbers - numbers.min())[target]
    frame["period_number"] = numbers[target]
    if (time[1:] < time[:-1]).any():
        order = np.argsort(time, kind="stable")
        frame, kpi, time, target = frame.take(order), kpi[order], time[order], target[order]
    starts = np.ones(len(time), dtype=bool)
    starts[1:] = np.diff(time) != np.diff(numbers[target])
    return InOrder(frame.reset_index(drop=True), kpi, time, starts, target, targets, past_due)


def _targets(catalogue: Catalogue, frame: pd.DataFrame, kpi: Ints) -> tuple[Ints, Ints, tuple[RagLimits, ...], Bools]:
    """What rows of one KPI, one period and one kind have in common, worked out once.

    Returns:
        For each row which of them it is; the number of the period of each, its limits, and whether it is past due.
    """
    if frame.empty:
        return np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64), (NO_LIMITS,), np.zeros(1, dtype=bool)
    text_of, texts = pd.factorize(frame["period"])
    kinds = (len(catalogue.kpis), len(texts), 3)
    rolled_up, has_no_target = (frame[name].to_numpy(dtype=bool) for name in ("rolled_up", "has_no_target"))
    packed = (kpi * len(texts) + text_of) * 3 + np.where(has_no_target, _NO_TARGET, rolled_up)
    is_present = np.zeros(np.prod(kinds), dtype=bool)
    is_present[packed] = True
    numbers, within, past_due = [], [], []
    for place, text, judged_as in zip(*np.unravel_index(np.flatnonzero(is_present), kinds), strict=True):
        of = catalogue.kpis[place]
        period = of.period(texts[text])
        numbers.append(period.number)
        target = None if judged_as == _NO_TARGET else target_of(of, bool(judged_as), period)
        within.append(limits(target, of.direction))
        past_due.append(is_past_due(target, period.last_day))
    row_targets = (np.cumsum(is_present) - 1)[packed]
    return row_targets, np.array(numbers, dtype=np.int64), tuple(within), np.array(past_due, dtype=bool)


def coded(words: pd.Series, names: Sequence[str]) -> Ints:
    """Where in the names each word stands; -1 where it does not."""
    place = {name: index for index, name in enumerate(names)}
    codes, distinct = pd.factorize(words)
    return np.array([place.get(word, -1) for word in distinct], dtype=np.int64)[codes]


def _ranks(codes: Iterable[str], ranked_codes: Sequence[str]) -> Ints:
    """The rank of each code: the known ones first, in their order, then the others by name."""
    place = {code: index for index, code in enumerate(ranked_codes)}
    named = list(codes)
    in_rank = sorted(range(len(named)), key=lambda index: (place.get(named[index], len(place)), named[index]))
    rank = np.empty(len(named), dtype=np.int64)
    rank[in_rank] = np.arange(len(named))
    return rank
