"""How many of what: the one record that every heading, sheet, page and message takes its counts from.

A count is of one of three things, and says which: figures (a KPI and org that is still reported, rolled-up ones
included), sections (a section and org, where the ladder has stages for them), or owners whose returns were issued.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlperf.assessment.action_standing import ActionCounts
from xlperf.assessment.return_counts import ReturnCounts, returns_of
from xlperf.rules.keys import SeriesKey
from xlperf.rules.ratings import Rag

if TYPE_CHECKING:
    from xlperf.assessment.assessment import Assessment
    from xlperf.assessment.latest import Latest
    from xlperf.assessment.roll_up_words import WordsCounts


@dataclass(frozen=True, slots=True)
class Colours:
    """So many figures of each colour; each figure is in exactly one.

    Attributes:
        by_rag: figures by their RAG in the reporting period.
        were_red: of those that have no colour now, how many were last rated Red, by RAG; not of orgs that have closed.
    """

    by_rag: Mapping[Rag, int]
    were_red: Mapping[Rag, int]

    @property
    def figures(self) -> int:
        """How many there are."""
        return sum(self.by_rag.values())


@dataclass(frozen=True, slots=True)
class OnLadder:
    """Figures, sections, and orgs by themselves, of which something holds that is about escalation or the lists."""

    figures: int
    sections: int
    orgs: int = 0

    @property
    def total(self) -> int:
        """All together."""
        return self.figures + self.sections + self.orgs


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of a reporting period.

    Attributes:
        kpis: the KPIs that the figures are of.
        colours: the figures by colour.
        off_target: figures Red or Amber, or last rated so and without a colour since; of orgs that have closed,
            only those in a stage.
        forecast_to_miss: figures whose owner forecasts that the target is missed at a year end still to come.
        provisional: figures whose owner says that they may still change.
        restated: figures that differ from what an edition has shown, or another return has changed.
        in_escalation: in a stage by decision.
        to_decide: with a proposal, or a dispute, that a person has to decide.
        for_the_board: those of `to_decide` that the page of the board prints, or of the meeting whose pack it is, as it
            decides or is to see them.
        to_act_on: rows of that list of Exceptions; a roll-up that is said in the row of a member has none.
        to_celebrate: figures on the other list.
        returns: the returns of the period.
        actions: what was promised.
        words: what executives say of rolled-up figures.
    """

    kpis: int
    colours: Colours
    off_target: int
    forecast_to_miss: int
    provisional: int
    restated: int
    in_escalation: OnLadder
    to_decide: OnLadder
    for_the_board: OnLadder
    to_act_on: OnLadder
    to_celebrate: int
    returns: ReturnCounts
    actions: ActionCounts
    words: WordsCounts

    @property
    def figures(self) -> int:
        """How many figures there are: what all counts of figures are out of."""
        return self.colours.figures


def counts_of(assessment: Assessment) -> Counts:
    """The counts of an assessment."""
    from xlperf.assessment.confidence import PROVISIONAL, RESTATED, standing
    from xlperf.assessment.roll_up_words import count_words

    ladder, latest = assessment.ladder, assessment.latest
    decided, to_decide = set(ladder.in_a_stage), set(ladder.to_decide)
    marks = Counter(mark for each in latest if each.row for mark in standing(each.current).split(", "))
    return Counts(
        kpis=len({each.kpi.id for each in latest}),
        colours=colours(latest),
        off_target=sum(
            each.off_target is not None and (each.rag != Rag.CLOSED or each.series in assessment.to_act_on)
            for each in latest
        ),
        forecast_to_miss=sum(each.forecast is not None and each.forecast.misses for each in latest),
        provisional=marks[PROVISIONAL],
        restated=marks[RESTATED],
        in_escalation=on_ladder(decided, assessment),
        to_decide=on_ladder(to_decide, assessment),
        for_the_board=on_ladder({key for key in to_decide if ladder.is_for_the_board(key)}, assessment),
        to_act_on=OnLadder(
            len(assessment.to_act_on - assessment.listed_with.keys()),
            len(assessment.sections_to_act_on),
            len(assessment.last_on),
        ),
        to_celebrate=len(assessment.good_news),
        returns=returns_of(assessment.catalogue, assessment.state, assessment.period, assessment.may_cover),
        actions=assessment.actions.counts,
        words=count_words(assessment.executive_words.get((*e.series, str(e.period))) for e in assessment.to_speak_of),
    )


def colours(latest: Iterable[Latest]) -> Colours:
    """How many of these figures have which colour."""
    listed = tuple(latest)
    were_red: Counter[Rag] = Counter(each.rag for each in listed if each.was == Rag.RED)
    del were_red[Rag.CLOSED]
    return Colours(Counter(each.rag for each in listed), were_red)


def on_ladder(keys: set[SeriesKey], assessment: Assessment) -> OnLadder:
    """How many of these are figures, and how many sections."""
    sections = len(keys & assessment.ladder.sections.keys())
    return OnLadder(len(keys) - sections, sections)
