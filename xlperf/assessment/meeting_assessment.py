"""An assessment as one meeting reads it: judged with everything, and made of what the meeting covers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from typing import Self

from xlperf.assessment.action_standing import Actions
from xlperf.assessment.assessment import Assessment
from xlperf.assessment.escalation import Ladder
from xlperf.assessment.latest import Latest
from xlperf.assessment.shown_editions import EditionShown
from xlperf.catalogue import Coverage, Kpi, Meeting
from xlperf.rules.keys import SeriesKey

_JUDGED_ONCE = (
    "figures", "assessed", "own", "processes", "rows", "series", "trees", "members", "falls", "redefinitions", "joins",
    "given_before", "confidence", "compared",
)  # fmt: skip
"""What is judged with all figures, so that no verdict, rank or run is another one before a meeting."""


@dataclass(frozen=True)
class MeetingAssessment(Assessment):
    """As `Assessment`, with its figures, actions, stages and counts of what a meeting covers, and no others.

    Attributes:
        everything: the assessment that it was taken from.
        read_by: the meeting.
    """

    _: KW_ONLY
    everything: Assessment
    read_by: Meeting

    @classmethod
    def of(cls, whole: Assessment, meeting: Meeting, last_shown: EditionShown | None) -> Self:
        """The assessment as a meeting reads it; `last_shown` is its last pack, None where it has had none."""
        made = cls(
            whole.catalogue, whole.state, whole.period, whole.produced, whole.present, last_shown, whole.data_since,
            whole.correction, whole.is_issued, everything=whole, read_by=meeting,
        )  # fmt: skip
        made.__dict__.update({name: getattr(whole, name) for name in _JUDGED_ONCE})
        return made

    @property
    def meeting(self) -> Meeting:
        """The meeting whose pages are made of it."""
        return self.read_by

    def covers(self, key: SeriesKey) -> bool:
        """Whether the meeting covers a figure, a section of an org, or the subject of an action."""
        return self.coverage.has(key)

    def may_cover(self, key: SeriesKey) -> bool:
        """Whether the meeting covers a figure in some stage: nobody knows where one that is missing will stand."""
        return Coverage(self.catalogue, self.meeting, self.members).has(key)

    def as_it_was(self, then: Assessment) -> MeetingAssessment:
        """An earlier assessment as the meeting of the same id read it, by the catalogue of that day."""
        earlier = (each for each in then.catalogue.meetings if each.id == self.meeting.id)
        return MeetingAssessment.of(then, next(earlier, self.meeting), None)

    @cached_property
    def coverage(self) -> Coverage:
        """What the meeting covers; what is only proposed counts where it is for this meeting to decide."""
        ladder = self.everything.ladder.as_read_in(self.meeting, self.everything.latest, lambda _: True)
        return Coverage(
            self.catalogue, self.meeting, self.members, lambda key: ladder.gravity(key, is_printed=True)
        )  # fmt: skip

    @cached_property
    def latest(self) -> tuple[Latest, ...]:
        """As in the whole, of what the meeting covers."""
        return tuple(each for each in self.everything.latest if self.covers(each.series))

    @cached_property
    def ladder(self) -> Ladder:
        """As in the whole, of what the meeting covers; a proposal is printed where this meeting decides."""
        return self.everything.ladder.as_read_in(self.meeting, self.latest, self.covers)

    def members_now(self, kpi: Kpi) -> Mapping[str, tuple[str, ...]]:
        """As in the whole, of the rolled-up figures that the meeting covers: those above it are not on its pages."""
        rolled_up = self.everything.members_now(kpi)
        return {org: made_of for org, made_of in rolled_up.items() if (kpi.id, org) in self.latest_by_series}

    @cached_property
    def understood_org(self) -> str:
        """The one org that every line of what it covers names, or that all it covers is of; "" where there is none."""
        named = {scope.orgs for scope in self.meeting.covers}
        orgs = next(iter(named)) if len(named) == 1 else ()
        shown = {each.org.code for each in self.latest}
        return orgs[0] if len(orgs) == 1 else "".join(shown) if len(shown) == 1 else ""

    def is_selected(self, key: SeriesKey) -> bool:
        """Whether the meeting covers a figure only for the stage that it is in."""
        return not self.coverage.has_in_any_stage(key)

    @cached_property
    def to_act_on(self) -> frozenset[SeriesKey]:
        """As in the whole, of what the meeting covers."""
        return self.everything.to_act_on & self.latest_by_series.keys()

    @cached_property
    def listed_with(self) -> Mapping[SeriesKey, SeriesKey]:
        """As in the whole, where the meeting covers both; else the roll-up has a row of its own."""
        mine = self.latest_by_series
        return {up: member for up, member in self.everything.listed_with.items() if up in mine and member in mine}

    @cached_property
    def good_news(self) -> Mapping[SeriesKey, tuple[str, ...]]:
        """As in the whole, of what the meeting covers."""
        return {key: words for key, words in self.everything.good_news.items() if key in self.latest_by_series}

    @cached_property
    def last_on(self) -> Mapping[str, str]:
        """As in the whole, of the orgs that the meeting covers altogether."""
        orgs = self.coverage.of_orgs_alone
        return {org: words for org, words in self.everything.last_on.items() if org in orgs}

    @cached_property
    def actions(self) -> Actions:
        """The actions about what the meeting covers, and those that were agreed there."""
        whole = self.everything.actions
        mine = [each for each in whole.register if self.covers(each.about) or self.is_agreed_here(each)]
        return Actions(mine, whole.today, whole.ends)
