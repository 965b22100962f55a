"""Series that go on in another org: where the catalogue joins them, the successor's begins with those before it.

Those figures stay where they are: in the ledger, in *Data* and in every sum they are of the org that gave them. Here
they are put before the successor's own, so that movement, trend, SPC, runs and proposals see one series. Every row
says whose figure it is (`given_by`), and whatever adds figures up is given those rows that say nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from xlperf.catalogue import AcrossOrgs, Catalogue, Kind, Kpi
from xlperf.catalogue.succession import Succession, opens, successions
from xlperf.rules.arrays import Bools, Floats
from xlperf.rules.cumulative import IN_PERIOD, periods_alone
from xlperf.rules.rollup.combine import FIGURE, combine, has_figure

GIVEN_BY = "given_by"
TOGETHER = "+"
"""Between the codes of orgs whose figures were put together, when they merged into one."""
CAN_BE_MERGED = (AcrossOrgs.SUM, AcrossOrgs.PARTS)
"""How a KPI must be rolled up for the series of several orgs to go on as one."""


def own(figures: pd.DataFrame) -> pd.DataFrame:
    """Each figure once, of the org that gave it."""
    return figures[figures[GIVEN_BY] == ""] if GIVEN_BY in figures else figures


def givers(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The orgs whose figure a row is: the predecessors', or its own."""
    return tuple(str(row.get(GIVEN_BY) or row["org"]).split(TOGETHER))


def with_joined(catalogue: Catalogue, figures: pd.DataFrame, by: date) -> pd.DataFrame:
    """The figures, and before those of each org that takes over the ones that its series goes on from.

    Args:
        catalogue: says which series are joined.
        figures: rows as for `assess`, those of rolled-up orgs among them; each of the org that gave it.
        by: the last day that is judged. An org that opens only later has no series yet.

    Returns:
        The rows, and those added, with `given_by` (the org, or orgs, whose figure it is; "" for its own),
        `joined_anew` (whether a series begins anew with the row, as what came before is another org's) and
        `has_no_target` (a sum of several orgs, which no target is for).
    """
    added = [figures]
    for kpi in catalogue.kpis:
        joined: dict[str, list[Succession]] = {}
        for each in successions(catalogue, kpi):
            if each.is_joined:
                joined.setdefault(each.after, []).append(each)
        if joined:
            of_kpi = figures[figures["kpi_id"] == kpi.id]
            series = _Series(catalogue, kpi, joined, of_kpi)
            added += [series.before(org) for org in joined if _has_begun(catalogue, kpi, org, of_kpi, by)]
    if len(added) == 1:
        return figures
    return _marked(catalogue, pd.concat([_with_marks(each) for each in added], ignore_index=True))


_MARKS: dict[str, Any] = {GIVEN_BY: "", "joined_anew": False, "has_no_target": False}


def _with_marks(figures: pd.DataFrame) -> pd.DataFrame:
    return figures.assign(**{name: value for name, value in _MARKS.items() if name not in figures})


def _has_begun(catalogue: Catalogue, kpi: Kpi, org: str, figures: pd.DataFrame, by: date) -> bool:
    first = opens(catalogue, kpi, org)
    has_place = org in catalogue.open_days[kpi.id] or bool((figures["org"] == org).any())
    return has_place and (first is None or first <= by or bool((figures["org"] == org).any()))


class _Series:
    """The series of one KPI, each with what it goes on from."""

    def __init__(
        self, catalogue: Catalogue, kpi: Kpi, joined: Mapping[str, list[Succession]], figures: pd.DataFrame
    ) -> None:
        self._catalogue, self._kpi, self._joined = catalogue, kpi, joined
        numbers = {text: kpi.period(text) for text in figures["period"].unique()}
        figures = _with_marks(figures).assign(
            number=figures["period"].map({text: period.number for text, period in numbers.items()}),
            ends=figures["period"].map({text: period.last_day for text, period in numbers.items()}),
        )
        self._own = {str(org): rows for org, rows in figures.groupby("org", sort=False)}
        self._none = figures.iloc[:0]

    def before(self, org: str) -> pd.DataFrame:
        """What an org's series goes on from; without the columns that only this module has."""
        return self._before(org, frozenset()).drop(columns=["number", "ends"])

    def _before(self, org: str, seen: frozenset[str]) -> pd.DataFrame:
        if org in seen:
            return self._none  # orgs that succeed one another in a circle
        theirs = [
            rows[rows["ends"] <= each.last]
            for each in self._joined.get(org, ())
            if len(rows := self._whole(each.before, seen | {org}))
        ]
        first = self._own[org]["number"].min() if org in self._own else np.inf
        theirs = [rows[rows["number"] < first] for rows in theirs]
        if not theirs:
            return self._none
        rows = theirs[0] if len(theirs) == 1 else self._together(theirs)
        return rows.assign(org=org)

    def _whole(self, org: str, seen: frozenset[str]) -> pd.DataFrame:
        """An org's series with what it goes on from, each row with whose figure it is."""
        rows = [self._before(org, seen), self._own.get(org, self._none)]
        whole = pd.concat([each for each in rows if len(each)] or rows[:1])
        whole[GIVEN_BY] = whole[GIVEN_BY].where(whole[GIVEN_BY] != "", org)
        return whole

    def _together(self, series: list[pd.DataFrame]) -> pd.DataFrame:
        """The figures of orgs that have merged, put together period by period as the KPI is rolled up."""
        kpi, method = self._kpi, self._kpi.roll_up.orgs
        if method not in CAN_BE_MERGED or kpi.kind is Kind.MILESTONE:
            return self._none
        terms = pd.concat(series, ignore_index=True).assign(
            method=str(method), factor=kpi.factor, is_milestone=False, direction=str(kpi.direction), weight=np.nan
        )
        terms["group"] = terms.groupby("number").ngroup()
        counted = terms[has_figure(terms)]
        rows = terms.drop_duplicates("group").sort_values("group", ignore_index=True)
        by_group = terms.groupby("group")
        rows[list(FIGURE)] = combine(counted, len(rows))
        rows["expected"] = len(series) - by_group["not_applicable"].sum().to_numpy(dtype=np.int64)
        rows["reported"] = np.bincount(counted["group"], minlength=len(rows))
        rows["not_applicable"] = rows["expected"] == 0
        rows["partial"] = (method is AcrossOrgs.SUM) & (rows["reported"] < rows["expected"])
        for name in ("changed", "joined_anew"):
            rows[name] = by_group[name].any().to_numpy()
        rows[GIVEN_BY] = by_group[GIVEN_BY].agg(TOGETHER.join).to_numpy()
        rows["has_no_target"] = method is AcrossOrgs.SUM
        return rows[list(self._none.columns)]


def _marked(catalogue: Catalogue, figures: pd.DataFrame) -> pd.DataFrame:
    """With `joined_anew` where an org's own figures begin after another's, unless they are said to be comparable."""
    joined = {(kpi.id, each.after): each for kpi in catalogue.kpis for each in successions(catalogue, kpi)}
    goes_on = figures.loc[figures[GIVEN_BY] != "", ["kpi_id", "org"]].drop_duplicates().itertuples(index=False)
    anew = figures["joined_anew"].to_numpy(dtype=bool).copy()
    for kpi_id, org in goes_on:
        kpi = catalogue.kpi_by_id[kpi_id]
        its = figures[(figures["kpi_id"] == kpi_id) & (figures["org"] == org)]
        anew[figures.index.isin(_joins(kpi, org, joined, its))] = True
    return figures.assign(joined_anew=anew)


def _joins(kpi: Kpi, org: str, joined: Mapping[tuple[str, str], Succession], series: pd.DataFrame) -> list[Any]:
    """The rows of a series with which one org's figures begin after another's, unless they are comparable."""
    numbers = series["period"].map({text: kpi.period(text).number for text in series["period"].unique()})
    in_order = numbers.sort_values(kind="stable")
    given_by = series.loc[in_order.index, GIVEN_BY]
    whose = given_by.where(given_by != "", org).tolist()
    rows: list[Any] = in_order.index.tolist()
    return [
        rows[at]
        for at in range(1, len(rows))
        if whose[at] != whose[at - 1]
        and not _is_comparable(kpi, whose[at], joined.get((kpi.id, whose[at])), int(in_order.iloc[at]))
    ]


def _is_comparable(kpi: Kpi, org: str, succession: Succession | None, first: int) -> bool:
    """Whether the catalogue names the org, and the period from which it reports, as comparable."""
    since = min(first, succession.first_period(kpi).number) if succession else first
    return any(org in each.orgs and since <= kpi.period(each.from_).number <= first for each in kpi.comparable)


def added(catalogue: Catalogue, figures: pd.DataFrame) -> dict[str, Floats | float]:
    """As `cumulative.periods_alone`, where what another org gave added what it added there.

    What a period of several orgs added is not known, nor what the first period of one added that takes over within a
    year: nobody says whether its figure to date has the other's in it.
    """
    from_others: Bools = (figures[GIVEN_BY] != "").to_numpy(dtype=bool)
    if not from_others.any():
        return periods_alone(catalogue, figures)
    alone = periods_alone(catalogue, figures[~from_others])
    own_keys = pd.MultiIndex.from_frame(figures.loc[~from_others, ["kpi_id", "org", "period"]])
    wanted = pd.MultiIndex.from_frame(figures.loc[from_others, ["kpi_id", GIVEN_BY, "period"]])
    place = own_keys.get_indexer(wanted)
    columns: dict[str, Floats | float] = {}
    for name in IN_PERIOD:
        column = np.full(len(figures), np.nan)
        column[~from_others] = alone[name]
        column[from_others] = np.where(place >= 0, column[~from_others][place], np.nan)
        columns[name] = column
    return columns
