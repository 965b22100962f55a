"""What could be asked of how things stand: each line of enquiry that the rules raise, with its evidence.

Everything here is taken from where the pages and sheets have it: runs, verdicts, ranks, warnings, forecasts, actions.
What is reckoned here is only how often running something was said of the returns: a cause, that a figure is
provisional, that it was not validated, that it did not come.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from xlperf.assessment.action_standing import ActionStanding
from xlperf.assessment.assessment import Assessment
from xlperf.assessment.consequences import ORG_REF, consequence
from xlperf.assessment.enquiry_runs import Runs
from xlperf.assessment.latest import Latest
from xlperf.catalogue import Enquiries, EnquiryKind
from xlperf.rules.consequence import Consequence, Order
from xlperf.rules.early_warning import FEWEST_COMPARED
from xlperf.rules.enquiries.choice import chosen
from xlperf.rules.enquiries.enquiry import Enquiry, Evidence
from xlperf.rules.escalation.case import CONCERN, FAILING, OFF_TARGET, ON_TARGET
from xlperf.rules.keys import SeriesKey
from xlperf.rules.rag import Rag
from xlperf.rules.trend import IMPROVING, OF_VARIATION

_RUNNING = 2
"""From how many returns running it is asked about that figures did not come, were not validated, or are provisional."""
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
    _orders: dict[SeriesKey, Order] = field(default_factory=dict)

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

    @cached_property
    def _runs(self) -> Runs:
        return Runs(self.assessment)

    def _about_series(self) -> Iterator[Enquiry]:
        by_kind: Mapping[EnquiryKind, Callable[[Latest], Evidence | None]] = {
            EnquiryKind.PROCESS: self._process,
            EnquiryKind.CAUSE: self._cause,
            EnquiryKind.FORECAST: self._forecast,
            EnquiryKind.CONCERN: self._concern,
            EnquiryKind.FALL: self._fall,
            EnquiryKind.COMPARED: self._compared,
            EnquiryKind.SILENCE: self._silence,
            EnquiryKind.VALIDATION: self._validation,
            EnquiryKind.PROVISIONAL: self._provisional,
            EnquiryKind.DEFINITION: self._definition,
        }
        for kind, evidence_of in by_kind.items():
            raised = {
                series: self._enquiry(kind, series, evidence)
                for series, latest in self._latest.items()
                if (evidence := evidence_of(latest)) is not None
            }
            if kind in _FROM_PARTS:
                yield from self._of_wholes(raised)
            elif kind in _OF_OWNER:
                yield from self._of_owners(raised.values())
            else:
                yield from raised.values()

    def _enquiry(self, kind: EnquiryKind, series: SeriesKey, evidence: Evidence) -> Enquiry:
        return Enquiry(kind, series, evidence, self._order(series), self._places[series])

    def _order(self, series: SeriesKey) -> Order:
        """As in the pack: no place rests on a stage that is only proposed to others than the board."""
        if series not in self._orders:
            assessment, ladder = self.assessment, self.assessment.ladder
            place = assessment.consequences.get(series)
            if place is None:  # of what has no row of its own among the exceptions
                latest = assessment.latest_by_series[series]
                place = consequence(latest, ladder, assessment.falls.get(series, ""))
            self._orders[series] = replace(place, gravity=ladder.gravity(series, is_printed=True)).order
        return self._orders[series]

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

    def _process(self, latest: Latest) -> Evidence | None:
        verdicts = latest.verdicts
        if verdicts is None or verdicts.assurance != FAILING or not self._is_listed(latest):
            return None
        is_improving = OF_VARIATION.get(verdicts.variation or "") == IMPROVING
        if is_improving and latest.off_target is None:
            return None  # on target and getting better: it is what is wanted
        return {"assurance": FAILING, "variation": str(verdicts.variation)}

    def _cause(self, latest: Latest) -> Evidence | None:
        if not latest.is_current or latest.rag not in OFF_TARGET:
            return None
        cause, periods = self._runs.of_cause(latest)
        if len(periods) < self.assessment.catalogue.enquiries.same_cause:
            return None
        return {"cause": cause, "times": len(periods), "periods": periods}

    def _forecast(self, latest: Latest) -> Evidence | None:
        forecast = latest.forecast
        if not self._is_on_target(latest) or forecast is None or not forecast.misses:
            return None
        return {"forecast": str(forecast.judged.rag), "given": str(forecast.given)}

    def _concern(self, latest: Latest) -> Evidence | None:
        verdicts = latest.verdicts
        if verdicts is None or verdicts.variation != CONCERN or not self._is_on_target(latest):
            return None
        return {"variation": CONCERN}

    def _fall(self, latest: Latest) -> Evidence | None:
        fall = self.assessment.falls.get(latest.series, "")
        return {"fall": fall} if fall and self._is_on_target(latest) else None

    def _compared(self, latest: Latest) -> Evidence | None:
        if not latest.is_current or latest.rag not in OFF_TARGET:
            return None
        among = self.assessment.compared.get((*latest.series, str(latest.period)))
        if among is None or among["of"] < FEWEST_COMPARED or among["tied"] or among["rank"] != among["of"]:
            return None
        return {"rank": int(among["rank"]), "of": int(among["of"]), "best_org": str(among["best_org"])}

    def _silence(self, latest: Latest) -> Evidence | None:
        if not self.assessment.is_late or latest.rag != Rag.NOT_RETURNED or latest.members:
            return None
        return self._running(self._runs.not_returned(latest), {"owner": latest.responsible_owner})

    def _validation(self, latest: Latest) -> Evidence | None:
        periods = self._runs.said(latest, lambda figure: not (figure.validated or figure.not_applicable))
        return self._running(periods, {"owner": latest.responsible_owner})

    def _provisional(self, latest: Latest) -> Evidence | None:
        return self._running(self._runs.said(latest, lambda figure: bool(figure.provisional)), {})

    def _definition(self, latest: Latest) -> Evidence | None:
        change = self.assessment.redefinitions.get(latest.series)
        if change is None:
            return None
        changed = [row["period"] for row in self.assessment.series[latest.series] if row["changed"]]
        ends = latest.kpi.period(changed[-1]).last_day
        is_new = self.assessment.period.first_day <= ends <= self.assessment.period.last_day
        return {"period": changed[-1], "what": change[1]} if is_new else None

    def _running(self, periods: tuple[str, ...], more: Evidence) -> Evidence | None:
        return {"times": len(periods), "periods": periods, **more} if len(periods) >= _RUNNING else None

    def _is_listed(self, latest: Latest) -> bool:
        """Whether a reader finds it among what is to act on; no question is about what no page speaks of."""
        return latest.series in self.assessment.to_act_on

    def _is_on_target(self, latest: Latest) -> bool:
        is_on_target = latest.is_current and latest.rag in ON_TARGET and latest.off_target is None
        return is_on_target and self._is_listed(latest)

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
                yield self._enquiry(EnquiryKind.ACTION, about, evidence)
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
