"""What is known about the process behind each series: variation and assurance (SPC), trend, and whether RAG agrees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from xlperf.catalogue import Catalogue, Direction, Kpi
from xlperf.period import Frequency
from xlperf.rules import spc
from xlperf.rules.arrays import Bools, Floats, Ints, TextArray
from xlperf.rules.cumulative import IN_PERIOD, compared_column, not_comparable
from xlperf.rules.disagreement import flag
from xlperf.rules.keys import SeriesKey
from xlperf.rules.rebases import first_from
from xlperf.rules.spc.verdicts import POINT_NAMES
from xlperf.rules.trend import trend_of

AT_ONCE = 20_000
"""How many series are laid out side by side at a time. It bounds the memory needed."""


@dataclass(frozen=True, slots=True)
class Process:
    """The verdicts on one series."""

    variation: str | None
    """common_cause, special_cause_improvement, special_cause_concern, special_cause_neutral_high or _low; None where
    SPC gives no verdict, and then `reason` says why."""
    assurance: str | None
    """consistent_pass, consistent_fail or inconsistent; None where there is none."""
    reason: str
    words: str
    """Both in one sentence for the board."""
    trend: str
    """A word of `trend.TRENDS`: from SPC where it gives a verdict, else from the short-series rule."""
    points: int
    """Figures that count: those since the limits last restarted."""
    points_words: str
    """`9 of 13 points` where SPC needs more, else `24 points`."""
    flag: str
    """How the latest RAG and these verdicts disagree, as `Green, but deteriorating`; "" where they do not."""


@dataclass(frozen=True, slots=True, eq=False)
class Processes:
    """What SPC makes of all series."""

    verdicts: Mapping[SeriesKey, Process]
    """The verdicts on each series, in the order of the frame they were made from."""
    chart: pd.DataFrame
    """The XmR chart: for each row of that frame, with its index, `mean`, `lower_limit`, `upper_limit` and `point`.

    Limits in the KPI's unit, NaN where there are none; `point` is a name of `spc.verdicts.POINT_NAMES`, "" where the
    point is not judged. A row that SPC does not look at has neither.
    """


def processes(catalogue: Catalogue, assessed: pd.DataFrame) -> Processes:
    """The verdicts on every series, and its chart.

    SPC looks at the figures from the first to the last period in which the KPI applied. Between these, a period is a
    gap if it has no row, no figure, or only a partial roll-up, or if the KPI did not apply in it.


    Args:
        catalogue: whose directions, targets, ruleset and rebases apply.
        assessed: the frame of `assess`, up to the period that is reported on.
    """
    needed = spc.RULESETS[catalogue.rules.spc_ruleset].min_points
    begin = np.flatnonzero(_differs(assessed["kpi_id"]) | _differs(assessed["org"]))
    end = np.append(begin[1:], len(assessed))
    made: dict[_Verdicts, Process] = {}
    process_by_series, charts = {}, [_NO_CHART]
    for at in range(0, len(begin), AT_ONCE):
        some = slice(at, at + AT_ONCE)
        verdicts, chart = _told(catalogue, assessed, begin[some], end[some])
        charts.append(chart)
        for key, of_series in verdicts:
            if of_series not in made:
                made[of_series] = _process(needed, of_series)
            process_by_series[key] = made[of_series]
    return Processes(process_by_series, pd.concat([chart for chart in charts if len(chart)] or charts))


class _Verdicts(NamedTuple):
    """What a `Process` is made from, as far as all series share it."""

    variation: str | None
    assurance: str | None
    reason: str
    words: str
    points: int
    trend_of_few: str
    rag: str
    awaits_points: bool
    """Whether more points would give a verdict."""


def _process(needed: int, of_series: _Verdicts) -> Process:
    variation, assurance, reason, words, points, short, rag, awaits_points = of_series
    of = f" of {needed}" if points < needed and awaits_points else ""
    points_words = f"{points}{of} point{'' if points == 1 and not of else 's'}"
    trend = trend_of(variation, short)
    return Process(variation, assurance, reason, words, trend, points, points_words, flag(rag, trend, assurance))


def _differs(column: pd.Series) -> Bools:
    """Whether each row differs from the one before."""
    values = column.to_numpy(dtype=object)
    differs = np.ones(len(values), dtype=bool)
    differs[1:] = values[1:] != values[:-1]
    return differs


def _told(
    catalogue: Catalogue, assessed: pd.DataFrame, begin: Ints, end: Ints
) -> tuple[Iterator[tuple[SeriesKey, _Verdicts]], pd.DataFrame]:
    """Of each series: its key, and what `_process` is made from. Of each row: its place in the chart."""
    last = assessed.iloc[end - 1]
    kpi_ids, orgs, short, rag = (
        last[name].to_numpy(dtype=object).tolist() for name in ("kpi_id", "org", "trend", "rag")
    )
    kpis = [catalogue.kpi_by_id[kpi_id] for kpi_id in kpi_ids]
    rows = assessed.iloc[begin[0] : end[-1]]
    laid = _lay_out(rows, end - begin, kpis)
    segment = _segments(laid, kpis, orgs)
    _begin_anew(segment, laid, rows, end - begin)
    rules = catalogue.rules
    many = spc.assess_many(
        laid.actual,
        direction=[str(kpi.direction) for kpi in kpis],
        target=laid.low,
        target_high=laid.high,
        segment=segment,
        lengths=laid.lengths,
        ruleset=rules.spc_ruleset,
        run_length=rules.spc_run_length,
        seasonal=np.array([kpi.frequency not in (Frequency.ANNUAL, Frequency.ACADEMIC_YEAR) for kpi in kpis]),
        to_date=np.array([kpi.is_cumulative for kpi in kpis]),
    )
    refusal = np.array([not_comparable(kpi) for kpi in kpis], dtype=object)
    judged = refusal == ""
    reason = np.where(judged, many.reason, refusal)
    words = np.where(judged, many.words, [f"{why[:1].upper()}{why[1:]}." for why in refusal])
    points = np.where(judged, laid.figures_since(segment), last["points"]).tolist()
    verdict_fields = map(_Verdicts, many.variation, many.assurance, reason, words, points, short, rag, judged.tolist())
    return zip(zip(kpi_ids, orgs, strict=True), verdict_fields, strict=True), _chart(rows, laid, many)


_NO_CHART = pd.DataFrame({**dict.fromkeys(("mean", "lower_limit", "upper_limit"), pd.Series(dtype="float64")),
                          "point": pd.Series(dtype=object)})  # fmt: skip


def _chart(rows: pd.DataFrame, laid: _LaidOut, many: spc.SpcResults) -> pd.DataFrame:
    """The chart of `Processes`. A mean without limits is left out, as nothing can be judged by it."""
    series, step = laid.places
    has_limits = ~np.isnan(many.lpl[series, step])
    chart: dict[str, Any] = {}
    for name, of in (("mean", many.mean), ("lower_limit", many.lpl), ("upper_limit", many.upl)):
        chart[name] = np.full(len(rows), np.nan)
        chart[name][laid.rows] = np.where(has_limits, of[series, step], np.nan)
    point = np.full(len(rows), "", dtype=object)
    judged = has_limits & ~np.isnan(laid.actual[series, step])
    point[laid.rows[judged]] = _POINTS[many.point[series, step][judged]]
    return pd.DataFrame({**chart, "point": point}, index=rows.index)


_POINTS: TextArray = np.array([name or "" for name in POINT_NAMES], dtype=object)


@dataclass(frozen=True, slots=True, eq=False)
class _LaidOut:
    """Series side by side: one row each, one column for each period since the first in which the KPI applied."""

    actual: Floats
    low: Floats
    """The target, or the lower end of the range."""
    high: Floats
    first: Ints
    """The number of the period of each series' first column."""
    lengths: Ints
    rows: Ints
    """The rows that are laid out, of those given."""
    places: tuple[Ints, Ints]
    """The series of each of these rows, and its column."""

    def figures_since(self, segment: Ints) -> Ints:
        """How many figures each series has in its last segment."""
        if not self.actual.shape[1]:
            return self.lengths
        latest = np.take_along_axis(segment, np.maximum(self.lengths - 1, 0)[:, None], axis=1)
        return np.asarray((~np.isnan(self.actual) & (segment == latest)).sum(axis=1), dtype=np.int64)


def _lay_out(rows: pd.DataFrame, counts: Ints, kpis: Sequence[Kpi]) -> _LaidOut:
    """Lay rows out side by side, so many a series; of a cumulative KPI, what each period added.

    What SPC cannot judge, as a milestone, has no columns, nor has what never applied.
    """
    comparable = np.repeat(np.array([not not_comparable(kpi) for kpi in kpis]), counts)
    is_added = np.repeat(np.array([compared_column(kpi) == IN_PERIOD[0] for kpi in kpis]), counts)
    applies = np.flatnonzero(comparable & ~rows["not_applicable"].to_numpy(dtype=bool))
    series = np.repeat(np.arange(len(counts)), counts)[applies]
    time = rows["period_number"].to_numpy()[applies]
    first, lengths = np.zeros((2, len(counts)), dtype=np.int64)
    opens = np.flatnonzero(np.diff(series, prepend=-1))
    first[series[opens]] = time[opens]
    step = time - first[series]
    np.maximum.at(lengths, series, step + 1)
    actual, low, high = (np.full((len(counts), lengths.max()), np.nan) for _ in range(3))
    judged = ~rows["partial"].to_numpy(dtype=bool)[applies]
    figure = np.where(is_added, rows[IN_PERIOD[0]].to_numpy(np.float64), rows["actual"].to_numpy(np.float64))
    actual[series, step] = np.where(judged, figure[applies], np.nan)
    green_from, green_to = (rows[name].to_numpy()[applies] for name in ("green_from", "green_to"))
    direction = np.array([kpi.direction for kpi in kpis], dtype=object)[series]
    low[series, step] = np.where(direction == Direction.LOWER, green_to, green_from)
    high[series, step] = np.where(direction == Direction.RANGE, green_to, np.nan)
    return _LaidOut(actual, low, high, first, lengths, applies, (series, step))


def _segments(laid: _LaidOut, kpis: Sequence[Kpi], orgs: Sequence[str]) -> Ints:
    """The segment of each figure: 1 more from each rebase on."""
    segment = np.zeros_like(laid.actual, dtype=np.int64)
    steps = np.arange(segment.shape[1])
    rebased = {kpi.id: kpi for kpi in kpis if kpi.rebases}
    for kpi in rebased.values():
        for rebase in kpi.rebases:
            whose = set(rebase.orgs or orgs)
            its = [at for at, of in enumerate(kpis) if of is kpi and orgs[at] in whose]
            opens = first_from(rebase.on, kpi.frequency).number - laid.first[its]
            segment[its] += steps >= opens.reshape(-1, 1)
    return segment


def _begin_anew(segment: Ints, laid: _LaidOut, rows: pd.DataFrame, counts: Ints) -> None:
    """Begin another segment with each figure whose definition has changed, or before which another org's stand.

    Where those that stand before it were rebased, that was for the other org, and `_segments` does not know of it.
    """
    series = np.repeat(np.arange(len(counts)), counts)
    steps = np.arange(segment.shape[1])
    number = rows["period_number"].to_numpy()
    is_others = (rows["given_by"] != "").to_numpy(dtype=bool)
    anew = rows["redefined"].to_numpy(dtype=bool) | (rows["opens"].to_numpy(dtype=bool) & is_others)
    for row in np.flatnonzero(anew):
        its = series[row]
        segment[its] += steps >= number[row] - laid.first[its]
