"""Series that go on from another org's: whose the figures before are, for every sheet that shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlperf.assessment.figures import JudgedFigure
from xlperf.assessment.latest import Latest
from xlperf.assessment.redefinitions import SAID_FOR
from xlperf.catalogue import Catalogue
from xlperf.catalogue.succession import successions
from xlperf.rules.escalation.phrases import day as in_words
from xlperf.rules.escalation.phrases import listed
from xlperf.rules.joined import GIVEN_BY, givers
from xlperf.rules.keys import SeriesKey
from xlperf.rules.runs import on_target


@dataclass(frozen=True, slots=True)
class Join:
    """Whose the figures are that a series goes on from.

    Attributes:
        whose: `figures before 1 July 2026 are those of SOUTH`.
        compared: whether trend and SPC go on or begin anew, in words.
        is_seen: whether such a figure is among the periods that are drawn, or in the run that the series ends with.
    """

    whose: str
    compared: str
    is_seen: bool

    @property
    def words(self) -> str:
        """The whole of it."""
        return f"{self.whose}; {self.compared}"


def joins(
    catalogue: Catalogue, latest: Sequence[Latest], series: Mapping[SeriesKey, Sequence[JudgedFigure]]
) -> dict[SeriesKey, Join]:
    """The joins of the KPIs and orgs that are listed, by series."""
    return {
        each.series: _join(catalogue, each, rows)
        for each in latest
        if (rows := series.get(each.series, ())) and rows[0][GIVEN_BY]
    }


def _join(catalogue: Catalogue, latest: Latest, rows: Sequence[JudgedFigure]) -> Join:
    from_others = [row for row in rows if row[GIVEN_BY]]
    own = rows[len(from_others) :]
    last = from_others[-1]
    is_anew = any(row["joined_anew"] for row in own)
    run = latest.off_target or on_target(rows)
    is_drawn = latest.period is not None and latest.period.number - last["period_number"] < SAID_FOR
    return Join(
        whose=_whose(catalogue, latest, from_others, own),
        compared="trend and SPC begin anew" if is_anew or not own else "trend and SPC go on across it",
        is_seen=is_drawn or bool(run is not None and run.first[GIVEN_BY]),
    )


def _whose(
    catalogue: Catalogue, latest: Latest, from_others: Sequence[JudgedFigure], own: Sequence[JudgedFigure]
) -> str:
    """`figures before 1 April 2025 are those of A, from then to before 1 July 2026 those of B`."""
    kpi = latest.kpi
    firsts = {each.before: each.first_period(kpi) for each in successions(catalogue, kpi)}
    words: list[str] = []
    for at, row in enumerate(from_others):
        following = (*from_others[at + 1 :], *own)
        if following and following[0][GIVEN_BY] == row[GIVEN_BY]:
            continue
        until = max(firsts[org] for org in givers(row))
        until = min(until, kpi.period(following[0]["period"])) if following else until
        of = listed(list(givers(row)), "and") + (" together" if len(givers(row)) > 1 else "")
        begin = f", from then to before {in_words(until.first_day)} those of {of}"
        words.append(begin if words else f"figures before {in_words(until.first_day)} are those of {of}")
    return "".join(words)
