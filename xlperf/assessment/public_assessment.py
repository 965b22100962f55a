"""An assessment as the public reads it: without what is for the meeting alone, and without small numbers of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from xlperf.assessment.action_standing import Actions
from xlperf.assessment.assessment import Assessment
from xlperf.assessment.escalation import Ladder
from xlperf.assessment.figures import JudgedFigure, is_shown
from xlperf.assessment.latest import Latest
from xlperf.assessment.meeting_assessment import MeetingAssessment
from xlperf.catalogue import Kind, Kpi
from xlperf.ledger import Current
from xlperf.returns.figure import Figure, FigureKey
from xlperf.rules.disclosure import Parts, is_small, withheld
from xlperf.rules.keys import SeriesKey


@dataclass(frozen=True)
class PublicAssessment(MeetingAssessment):
    """As the meeting's, without proposals of escalation, and without the series that `rules.disclosure` withholds.

    A series is withheld as a whole, with every period of it: what is left out is then the same in each table, chart and
    sentence, and in none can it be worked out from the others.
    """

    @property
    def is_public(self) -> bool:
        """As in the whole; here it is."""
        return True

    @cached_property
    def small(self) -> frozenset[SeriesKey]:
        """The series that have a small number of people in some period, as it is, was first given, or was published."""
        counted = {kpi.id: kpi for kpi in self.catalogue.kpis if kpi.counts_people}
        below = self.catalogue.public.withhold_below
        rows = self.everything.figures
        rows = rows.loc[rows["kpi_id"].isin(list(counted))]
        names = ("kpi_id", "org", "actual", "numerator", "denominator")
        shown = zip(*(rows[name] for name in names), strict=True)
        small = {
            (kpi_id, org)
            for kpi_id, org, *numbers in shown
            if any(is_small(people, below) for people in _people(counted[kpi_id], *map(_given, numbers)))
        }
        return frozenset(small).union(
            key[:2]
            for key, current in self.state.figures.several()
            if key[0] in counted and is_shown(self.catalogue, self.period, key)
            for figure in _as_told(current)
            if any(
                is_small(people, below)
                for people in _people(counted[key[0]], figure.actual, figure.numerator, figure.denominator)
            )
        )

    @cached_property
    def withheld(self) -> frozenset[SeriesKey]:
        """The series that the public is not shown: with small numbers, or such that these could be worked out."""
        kpis = {kpi_id for kpi_id, _ in self.small}
        keys = {*(each.series for each in self.everything.latest if each.kpi.id in kpis), *self.small}
        return withheld({key: self._parts(key) for key in keys}, self.small)

    def _parts(self, key: SeriesKey) -> Parts:
        made_of = self.members.get(key[0], {}).get(key[1], ())
        return frozenset(made_of) or frozenset({key[1]})

    def covers(self, key: SeriesKey) -> bool:
        """As the meeting, without what is withheld."""
        return key not in self.withheld and super().covers(key)

    def as_it_was(self, then: Assessment) -> MeetingAssessment:
        """As the meeting's; what is withheld now is withheld of the past, and nothing else."""
        made = PublicAssessment.of(then, super().as_it_was(then).meeting, None)
        made.__dict__["withheld"] = self.withheld
        return made

    @cached_property
    def ladder(self) -> Ladder:
        """As the meeting's, with no more than what was decided."""
        whole = self.everything.ladder
        return whole.as_read_in(self.meeting, self.latest, self.covers, is_public=True)

    @cached_property
    def compared(self) -> Mapping[FigureKey, JudgedFigure]:
        """As in the whole, of the KPIs of which nothing is withheld: best and worst would tell of the others."""
        kpis = {kpi_id for kpi_id, _ in self.withheld}
        return {key: row for key, row in self.everything.compared.items() if key[0] not in kpis}

    @cached_property
    def actions(self) -> Actions:
        """Those about what the public is shown."""
        whole = self.everything.actions
        return Actions([each for each in whole.register if self.covers(each.about)], whole.today, whole.ends)

    # In words about a figure that is shown, a part that is not shown is not named either.
    good_news = Assessment.good_news

    @cached_property
    def kept_back(self) -> tuple[Latest, ...]:
        """What is withheld, in the order of the catalogue."""
        return tuple(each for each in self.everything.latest if each.series in self.withheld and self._is_met(each))

    def _is_met(self, latest: Latest) -> bool:
        return super().covers(latest.series)


def _people(kpi: Kpi, actual: float | None, numerator: float | None, denominator: float | None) -> Iterator[float]:
    """The numbers of people that a figure tells, or that can be worked out from it."""
    if numerator is not None and denominator is not None:
        yield numerator
        if kpi.kind is Kind.PERCENTAGE:
            yield from (denominator, denominator - numerator)
    elif kpi.kind is Kind.COUNT and actual is not None:
        yield actual


def _given(number: float) -> float | None:
    """A number of a data frame, in which NaN stands for none."""
    return None if number != number else number


def _as_told(current: Current) -> Iterator[Figure]:
    """A figure as it was first given, and as an edition showed it."""
    yield current.first
    if current.published is not None:
        yield current.published
