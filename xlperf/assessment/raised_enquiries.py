"""The lines of enquiry of a meeting: what could be asked of what it covers, and which of that is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from xlperf.assessment.action_standing import ActionStanding
from xlperf.assessment.assessment import Assessment
from xlperf.assessment.consequences import ORG_REF
from xlperf.assessment.enquiry_evidence import order_of
from xlperf.assessment.latest import Latest
from xlperf.catalogue import Enquiries, EnquiryKind
from xlperf.rules.consequence import Consequence
from xlperf.rules.enquiries.choice import chosen
from xlperf.rules.enquiries.enquiry import Enquiry, Evidence
from xlperf.rules.keys import SeriesKey
from xlperf.rules.rag import Rag

_OF_OWNER = (EnquiryKind.SILENCE, EnquiryKind.VALIDATION)
"""Kinds that are about a return: one question for all figures of an owner, not one for each."""
_FROM_PARTS = (EnquiryKind.PROCESS, EnquiryKind.CONCERN, EnquiryKind.FALL, EnquiryKind.DEFINITION)
"""Kinds that may hold of a rolled-up figure and of its parts: then it is asked about the whole."""


def enquiries(
    assessment: Assessment, covered: Collection[SeriesKey], settings: Enquiries | None = None
) -> tuple[Enquiry, ...]:
    """The lines of enquiry for a meeting, the worst consequence first.

    Args:
        assessment: how everything stands.
        covered: the KPIs and orgs that the meeting looks at.
        settings: which, how many; None for the catalogue's.
    """
    return chosen(could_be_asked(assessment, covered), settings or assessment.catalogue.enquiries)


def could_be_asked(assessment: Assessment, covered: Collection[SeriesKey]) -> tuple[Enquiry, ...]:
    """Every question that the rules could raise about what is covered, in no order."""
    return tuple(_Raising(assessment, frozenset(covered)).all())


@dataclass(frozen=True)
class _Raising:
    assessment: Assessment
    covered: frozenset[SeriesKey]

    def all(self) -> Iterator[Enquiry]:
        yield from self._about_series()
        yield from self._about_actions()
        yield from self._about_orgs()

    @cached_property
    def _latest(self) -> Mapping[SeriesKey, Latest]:
        """What is covered and still reported, in the order of the catalogue."""
        return {
            each.series: each
            for each in self.assessment.latest
            if each.series in self.covered and each.rag != Rag.CLOSED
        }

    @cached_property
    def _places(self) -> Mapping[SeriesKey, int]:
        return {each.series: place for place, each in enumerate(self.assessment.latest)}

    def _about_series(self) -> Iterator[Enquiry]:
        for kind, of_all in self.assessment.enquiries_about_each.items():
            raised = {series: each for series, each in of_all.items() if series in self._latest}
            if kind in _FROM_PARTS:
                yield from self._of_wholes(raised)
            elif kind in _OF_OWNER:
                yield from self._of_owners(raised.values())
            else:
                yield from raised.values()

    def _of_wholes(self, raised: Mapping[SeriesKey, Enquiry]) -> Iterator[Enquiry]:
        """What is raised, without the parts of a figure of which the same is; the whole stands where they belong.

        A whole that is off target by one part alone is told with that part, and asked about there.
        """
        told = {key: each for key, each in raised.items() if self.assessment.listed_with.get(key) not in raised}
        of_kpi: dict[str, list[SeriesKey]] = {}
        for key in told:
            of_kpi.setdefault(key[0], []).append(key)
        below = {whole: _all_below(self.assessment, self._latest[whole]) for whole in told}
        parts = {whole: [key for key in of_kpi[whole[0]] if key[1] in below[whole]] for whole in told}
        are_parts = {key for within in parts.values() for key in within}
        for key, each in told.items():
            if key not in are_parts:
                yield replace(each, order=min(told[at].order for at in (key, *parts[key])))

    def _of_owners(self, raised: Iterable[Enquiry]) -> Iterator[Enquiry]:
        """One question for the figures of an owner of which it is true equally often, about the gravest of them."""
        by_owner: dict[tuple[str, object], list[Enquiry]] = {}
        for each in raised:
            owner = self._latest[each.about].responsible_owner
            by_owner.setdefault((owner, each.evidence["periods"]), []).append(each)
        for listed in by_owner.values():
            ordered = sorted(listed, key=lambda each: (each.order, each.place))
            figures = tuple(sorted((each.about for each in listed), key=lambda series: self._places[series]))
            yield replace(ordered[0], evidence={**ordered[0].evidence, "figures": figures})

    def _about_actions(self) -> Iterator[Enquiry]:
        """Of each subject the open action that is the longest overdue, else the one that was put off most often."""
        by_subject: dict[SeriesKey, list[ActionStanding]] = {}
        for each in self.assessment.actions.open:
            if (each.is_overdue or each.is_slipping) and self._covers(each.action.about):
                by_subject.setdefault(each.action.about, []).append(each)
        for about, listed in by_subject.items():
            worst = max(listed, key=lambda each: (each.days_overdue, each.action.times_moved))
            evidence: Evidence = {
                "action": worst.action.id or "new",
                "what": worst.action.what,
                "days_overdue": worst.days_overdue,
                "times_moved": worst.action.times_moved,
                "others": len(listed) - 1,
            }
            if about in self._latest:
                order = order_of(self.assessment, about)
                yield Enquiry(EnquiryKind.ACTION, about, evidence, order, self._places[about])
            else:
                is_section = about in self._sections
                gravity = self.assessment.ladder.gravity(about, is_printed=True) if is_section else 0
                place = Consequence(gravity, days_overdue=worst.days_overdue, times_moved=worst.action.times_moved)
                # A subject of its own is known by the action: its words may be a sentence.
                known_by = about if is_section else (worst.action.id or "new", about[1])
                yield Enquiry(EnquiryKind.ACTION, known_by, evidence, place.order, len(self._places))

    def _covers(self, about: SeriesKey) -> bool:
        """Whether a subject is covered: a section where all its figures are, any other subject where everything is."""
        if about in self.assessment.latest_by_series:
            return about in self._latest
        section = [each.series for each in self.assessment.latest if each.kpi.section == about[0]]
        whole = section or [each.series for each in self.assessment.latest]
        return self.covered.issuperset(whole)

    @cached_property
    def _sections(self) -> frozenset[SeriesKey]:
        """Every section and org, as they are known where a section is in a stage or has an action."""
        catalogue = self.assessment.catalogue
        return frozenset((section.id, org.code) for section in catalogue.sections for org in catalogue.orgs)

    def _about_orgs(self) -> Iterator[Enquiry]:
        for org, words in self.assessment.last_on.items():
            compared = [key[:2] for key in self.assessment.compared if key[1] == org]
            if self.covered.issuperset(compared):
                order = Consequence(warning=words).order
                yield Enquiry(EnquiryKind.LAST, (ORG_REF, org), {"last_on": words}, order, len(self._places))


def _all_below(assessment: Assessment, whole: Latest) -> Collection[str]:
    """The orgs of which a rolled-up figure is made, and those rolled up on the way."""
    if not whole.members:
        return ()
    members = set(whole.members)
    rolled_up = assessment.members_now(whole.kpi)
    return members | {org for org, parts in rolled_up.items() if org != whole.org.code and set(parts) < members}
