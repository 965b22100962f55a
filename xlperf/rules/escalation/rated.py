"""The rated figures of a whole frame, series after series: found with arrays, because a ledger has millions of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlperf.catalogue import Catalogue
from xlperf.period import Frequency, Period
from xlperf.rules.arrays import Bools, Ints, TextArray
from xlperf.rules.cumulative import IN_PERIOD, added_words
from xlperf.rules.escalation.case import OFF_TARGET, RATED, Rated
from xlperf.rules.keys import SeriesKey
from xlperf.rules.rag import Rag
from xlperf.rules.trend import run_lengths


@dataclass(frozen=True)
class RatedRows:
    """The rows of an assessed frame that are rated, in its order, which is series after series.

    Args:
        assessed: the frame of `rules.assess.assess`.
        rows: positions in it of the rows that count; shape (n,).
        first: of each series, the index in `rows` of its first row; shape (series,).
        last: of each series, the index in `rows` of its last row; shape (series,).
    """

    assessed: pd.DataFrame
    rows: Ints
    first: Ints
    last: Ints

    @classmethod
    def of(cls, assessed: pd.DataFrame) -> RatedRows:
        """The rated rows of a frame. `assess` rates no partial figure, so none is among them.

        Nor is a rolled-up figure that lacks an org and is not Red: silence of one org leads nobody out of a stage.
        """
        counts = assessed["rag"].isin(RATED).to_numpy(dtype=bool)
        if "reported" in assessed:
            lacks = assessed["reported"].to_numpy() < assessed["expected"].to_numpy()
            counts = counts & ~(lacks & (assessed["rag"] != str(Rag.RED)).to_numpy(dtype=bool))
        rows = np.flatnonzero(counts)
        if not rows.size:
            return cls(assessed, rows, rows, rows)
        begins = np.zeros(rows.size, dtype=bool)
        begins[0] = True
        for name in ("kpi_id", "org"):
            column = _column(assessed, name, rows)
            begins[1:] |= column[1:] != column[:-1]
        first = np.flatnonzero(begins)
        return cls(assessed, rows, first, np.append(first[1:], rows.size) - 1)

    @cached_property
    def keys(self) -> Sequence[SeriesKey]:
        """The (kpi_id, org) of each series."""
        kpi_ids, orgs = (_column(self.assessed, name, self.rows[self.last]).tolist() for name in ("kpi_id", "org"))
        return list(zip(kpi_ids, orgs, strict=True))

    @cached_property
    def red_run(self) -> Ints:
        """How many Reds stand at the end of each series."""
        begins = np.zeros(self.rows.size, dtype=bool)
        begins[self.first] = True
        return np.asarray(np.where(self.red, run_lengths(self.red, begins), 0)[self.last], dtype=np.int64)

    @cached_property
    def _rag(self) -> TextArray:
        return _column(self.assessed, "rag", self.rows)

    @cached_property
    def red(self) -> Bools:
        """Whether each row is Red; shape (n,)."""
        return np.asarray(self._rag == Rag.RED, dtype=bool)

    @cached_property
    def off_target(self) -> Bools:
        """Whether the latest figure of each series is Amber or Red."""
        return np.isin(self._rag[self.last].astype(str), list(OFF_TARGET))

    @cached_property
    def _numbers(self) -> Ints:
        return _column(self.assessed, "period_number", self.rows)

    def latest(self, series: int, oldest: int, newest: int) -> int | None:
        """The index in `rows` of a series' last figure of the periods with these numbers; None without one."""
        first, last = self.first[series], self.last[series]
        at = first + int(self._numbers[first : last + 1].searchsorted(newest, side="right")) - 1
        return int(at) if at >= first and self._numbers[at] >= oldest else None

    def last_day(self, at: int, frequency: Frequency) -> date:
        """The last day of the period of the row at an index in `rows`."""
        return _named(frequency, int(self._numbers[at]))[1]

    def histories(self, catalogue: Catalogue, series: Ints, begin: Ints) -> list[list[Rated]]:
        """The figures of some series.

        Args:
            catalogue: whose KPIs they are.
            series: which series; shape (k,).
            begin: index in `rows` of the first figure wanted of each; shape (k,).
        """
        lengths = self.last[series] - begin + 1
        ends = np.cumsum(lengths)
        within = np.arange(lengths.sum()) - np.repeat(ends - lengths, lengths)
        at = self.rows[np.repeat(begin, lengths) + within]
        kpis = catalogue.kpi_by_id
        columns = (
            _column(self.assessed, name, at).tolist()
            for name in ("kpi_id", "period_number", "rag", "shown", "movement", IN_PERIOD[0])
        )
        figures = []
        for kpi_id, number, rag, shown, movement, added in zip(*columns, strict=True):
            short, last_day = _named(kpis[kpi_id].frequency, number)
            figures.append(Rated(short, rag, shown, last_day, movement, added_words(kpis[kpi_id], added)))
        return [figures[end - length : end] for end, length in zip(ends.tolist(), lengths.tolist(), strict=True)]


@lru_cache(maxsize=4096)
def _named(frequency: Frequency, number: int) -> tuple[str, date]:
    """A period as printed, and its last day."""
    period = Period(frequency, number)
    return period.short, period.last_day


def _column(frame: pd.DataFrame, name: str, at: Ints) -> npt.NDArray[Any]:
    return np.asarray(frame[name].take(at))
